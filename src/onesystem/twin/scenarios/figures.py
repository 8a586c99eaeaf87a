"""The figures of comparisons: their units, and which way is better. Pure."""

EVERYTHING = "everything at "  # before the name of a place, where all its services are meant
LESS_IS_BETTER = {
    "wait", "nine in ten wait", "left waiting", "found no room", "waiting", "hours full",
    "gridlock days", "time inside", "cost", "inside at the end", "days in beds",
}  # fmt: skip
MORE_IS_BETTER = {"days at home"}
UNITS = {
    "wait": "hours", "nine in ten wait": "hours", "time inside": "hours", "occupancy": "%",
    "hours full": "hours", "staff hours": "hours", "days in service": "days",
    "gridlock days": "days", "days in beds": "days", "days at home": "days",
}  # fmt: skip


def of_service(where: str) -> bool:
    """Whether a figure is of one service or pool: not of the whole (""), nor of all at a place."""
    return bool(where) and not where.startswith(EVERYTHING)
