"""By when the next step of a request is due, and whose it is. Pure; worked out at read.

The hours are the service's own (`care.services`, by urgency); where it said none, these defaults.
A question for advice is answered in the time in which others are looked at: that is all it needs.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Protocol

from onesystem.care.requests.states import ACCEPTED, BOOKED, IN_PROGRESS, NEEDS_MORE, NEW
from onesystem.vocabulary.said import say


@dataclass(frozen=True, slots=True, kw_only=True)
class Hours:
    """Hours by the clock from a day on: to be looked at, answered, and for the sender's reply."""

    urgency: str
    triage: int
    answer: int
    supply: int
    since: date
    source: str


_OWN = "own: two working days over a weekend, and a fortnight, for what can wait"
DEFAULTS: tuple[Hours, ...] = (
    Hours(urgency="routine", triage=72, answer=336, supply=336, since=date(2026, 11, 1),
          source=_OWN),
    Hours(urgency="soon", triage=24, answer=72, supply=72, since=date(2026, 11, 1),
          source="own: the next day, and three days"),
    Hours(urgency="urgent", triage=4, answer=24, supply=24, since=date(2026, 11, 1),
          source="own: within the session, and a day"),
    Hours(urgency="emergency", triage=1, answer=2, supply=1, since=date(2026, 11, 1),
          source="NHS England, urgent community response: within 2 hours (2022)"),
)  # fmt: skip
_WRITTEN_UP = timedelta(hours=24)  # own: how long after a booked time it should have begun


class Timer(Protocol):
    """How soon a service looks and answers: `care.services.entry.Timer`."""

    @property
    def urgency(self) -> str: ...  # noqa: D102
    @property
    def triage(self) -> int: ...  # noqa: D102
    @property
    def answer(self) -> int: ...  # noqa: D102


class Standing(Protocol):
    """What a clock goes by: `queries.Request`."""

    @property
    def state(self) -> str: ...  # noqa: D102
    @property
    def kind(self) -> str: ...  # noqa: D102
    @property
    def urgency(self) -> str: ...  # noqa: D102
    @property
    def at(self) -> datetime: ...  # noqa: D102
    @property
    def since(self) -> datetime: ...  # noqa: D102
    @property
    def booked(self) -> datetime | None: ...  # noqa: D102


@dataclass(frozen=True, slots=True, kw_only=True)
class Clock:
    """What is due, by when, of whom (`service` or `sender`)."""

    what: str
    due: datetime
    whose: str

    def overdue(self, at: datetime) -> bool:
        """Whether its time has passed."""
        return at > self.due


def hours(urgency: str, day: date) -> Hours:
    """The defaults of an urgency as they are in force on a day."""
    found = [each for each in DEFAULTS if each.urgency == urgency and each.since <= day]
    known = found or [each for each in DEFAULTS if each.urgency == urgency] or [DEFAULTS[0]]
    return max(known, key=lambda each: each.since)


def clock(request: Standing, timers: Iterable[Timer] = ()) -> Clock | None:
    """What is due next on a request; None where nothing is, or care is being given."""
    usual = hours(request.urgency, request.at.date())
    own = next((each for each in timers if each.urgency == request.urgency), None)
    triage, answer = (own.triage, own.answer) if own else (usual.triage, usual.answer)
    if request.state in NEW:
        return Clock(what=say("look at it"), due=_after(request.since, triage), whose="service")
    if request.state == NEEDS_MORE:
        due = _after(request.since, usual.supply)
        return Clock(what=say("supply what was asked"), due=due, whose="sender")
    if request.state == ACCEPTED:
        some = triage if request.kind == "advice" else answer
        what = say("answer") if request.kind == "advice" else say("book or answer")
        # What was accepted late has still a moment to be acted on.
        due = max(_after(request.at, some), _after(request.since, min(triage, some)))
        return Clock(what=what, due=due, whose="service")
    if request.state == BOOKED and request.booked is not None:
        return Clock(what="begin", due=request.booked + _WRITTEN_UP, whose="service")
    if request.state == IN_PROGRESS and request.kind != "referral":
        return Clock(what="answer", due=_after(request.since, answer), whose="service")
    return None


def _after(moment: datetime, some: int) -> datetime:
    return moment + timedelta(hours=some)


def louder(
    overdue: timedelta, said: int, last: timedelta | None = None,
    every: Sequence[int] = (0, 24, 72),
) -> bool:  # fmt: skip
    """Whether it is time to ask louder: at once, after a day, after three days; then no more.

    `last` is how long ago it was last asked: what was found late is not asked thrice at once.
    """
    if said >= len(every) or overdue < timedelta(hours=every[said]):
        return False
    return not said or last is None or last >= timedelta(hours=every[said] - every[said - 1])
