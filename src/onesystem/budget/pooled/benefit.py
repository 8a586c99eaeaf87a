"""Money for a limited time: when it ends, and whether it did what it was for. Pure."""

from dataclasses import dataclass
from datetime import date

from onesystem.budget.pooled.agreement import Scheme
from onesystem.vocabulary.said import say

SOON = 90  # days before its end within which a scheme is said to end soon


@dataclass(frozen=True, slots=True, kw_only=True)
class Benefit:
    """Where a scheme for a limited time stands: `state` is a key of WORDS."""

    scheme: Scheme
    state: str
    value: float | None = None

    @property
    def kind(self) -> str:
        """How it is shown."""
        return WORDS[self.state][1]

    @property
    def words(self) -> str:
        """What is said of it."""
        return WORDS[self.state][0]


WORDS = {
    "running": (say("Runs"), "info"),
    "ends-soon": (say("Ends soon: decide what follows"), "warn"),
    "due": (say("Test is due, and its figure is not known yet"), "warn"),
    "met": (say("Did what it was for"), "good"),
    "not-met": (say("Did not do what it was for: it ends"), "bad"),
    "ended": (say("Ended"), "quiet"),
}


def benefit(scheme: Scheme, value: float | None, direction: str, today: date) -> Benefit:
    """What the test says of a scheme; `value` is its measure as known at the day it is due."""
    test = scheme.test
    if test is not None and today >= test.due:
        if value is None:
            return Benefit(scheme=scheme, state="due")
        met = value >= test.figure if direction == "up" else value <= test.figure
        return Benefit(scheme=scheme, state="met" if met else "not-met", value=value)
    if scheme.until is not None and today > scheme.until:
        return Benefit(scheme=scheme, state="ended", value=value)
    if scheme.until is not None and (scheme.until - today).days <= SOON:
        return Benefit(scheme=scheme, state="ends-soon", value=value)
    return Benefit(scheme=scheme, state="running", value=value)
