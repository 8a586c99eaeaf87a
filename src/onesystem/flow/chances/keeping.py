"""Under which questions opportunities, and the contacts behind them, are kept."""

from typing import Any

from onesystem.flow.chances.question import Period

KIND = "opportunities"
BEHIND = "opportunities behind"  # an answer of its own: no page of figures reads it
_SHAPE = 2  # of what is kept: another one is another question, so that no page meets an old one


def asked_of(period: Period) -> dict[str, Any]:
    """The question for the opportunities of a period."""
    return {**period.as_dict(), "shape": _SHAPE}


def behind_of(period: Period, kind: str) -> dict[str, Any]:
    """The question for the contacts behind one kind of opportunity."""
    return {**asked_of(period), "kind": kind}
