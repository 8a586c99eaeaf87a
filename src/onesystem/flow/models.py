"""What the flow room keeps; each part of the room has its rows beside what it does with them."""

from onesystem.flow.answers.rows import Asked
from onesystem.flow.marks.rows import Mark, MarkUndone, View

__all__ = ["Asked", "Mark", "MarkUndone", "View"]
