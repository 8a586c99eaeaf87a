"""Under which questions opportunities, and the contacts behind them, are kept."""

from onesystem.flow.chances.question import Period

KIND = "opportunities"
BEHIND = "opportunities behind"  # an answer of its own: no page of figures reads it


def behind_of(period: Period, kind: str) -> dict[str, str]:
    """The question for the contacts behind one kind of opportunity."""
    return {**period.as_dict(), "kind": kind}
