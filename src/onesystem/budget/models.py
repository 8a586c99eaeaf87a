"""What the room keeps; each part of the room has its rows of its own."""

from onesystem.budget.contracts import rows as contracts_rows  # noqa: F401
