"""What the flow room keeps; each part of the room has its rows beside what it does with them."""

from onesystem.flow.answers.rows import Asked
from onesystem.flow.boards.rows import Action, Alert, AlertStep, Call, PressureHour
from onesystem.flow.coordination.rows import Listed, ListedLine, ListedStep
from onesystem.flow.marks.rows import Mark, MarkUndone, View
from onesystem.flow.measures.rows import (
    Behind,
    Cell,
    Gave,
    Kept,
    Living,
    Published,
    Reached,
    Who,
    Working,
)
from onesystem.flow.stays.rows import SaidRow

__all__ = [
    "Action",
    "Alert",
    "AlertStep",
    "Asked",
    "Behind",
    "Call",
    "Cell",
    "Gave",
    "Kept",
    "Listed",
    "ListedLine",
    "ListedStep",
    "Living",
    "Mark",
    "MarkUndone",
    "PressureHour",
    "Published",
    "Reached",
    "SaidRow",
    "View",
    "Who",
    "Working",
]
