"""A person's care in plain words: sentences, no codes, newest and next first."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from onesystem.care.requests import states
from onesystem.care.requests.queries import Request
from onesystem.care.requests.timers import Clock
from onesystem.vocabulary.wording import counted, length

# What each state means for the person, and what comes next.
_STANDS: Mapping[str, tuple[str, str]] = {
    states.RECEIVED: ("It has arrived, and nobody has looked at it yet", "They will look at it"),
    states.NEEDS_MORE: ("They have asked for more", "Whoever sent it answers them"),
    states.ACCEPTED: ("They have said yes", "They will arrange it with you"),
    states.BOOKED: ("It is booked", ""),
    states.IN_PROGRESS: ("It has begun", ""),
    states.RETURNED: ("It came back", "Whoever sent it decides with you what to do instead"),
    states.DONE: ("It is done", ""),
    states.REVOKED: ("It was taken back", ""),
}
_KINDS: Mapping[str, str] = {
    "referral": "You were referred to {}",
    "order": "A test was ordered at {}",
    "advice": "{} was asked for advice about you",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One request, as its person reads it."""

    number: str
    title: str
    place: str
    what: str
    stands: str
    next: str
    sent: datetime
    by: str
    booked: datetime | None
    open: bool
    late: bool


def asked(each: Request, place: str, clock: Clock | None, at: datetime) -> Asked:
    """A request in plain words: what it is, where it stands, and what comes next by when."""
    stands, then = _STANDS.get(each.state, (each.state, ""))
    late = clock is not None and clock.overdue(at)
    if clock is not None and then:
        then += "; this is later than agreed" if late else f" within {length(clock.due - at)}"
    if each.state == states.RETURNED and each.reason:
        stands += f": {each.reason}"
    return Asked(
        number=each.key if each.source == "care" else "",
        title=_KINDS.get(each.kind, "{} was asked").format(place), place=place, what=each.what,
        stands=stands, next=then, sent=each.at, by=each.sender or each.by,
        booked=each.booked, open=each.open, late=late,
    )  # fmt: skip


def in_time(moment: datetime, at: datetime) -> str:
    """How far away something is: today, tomorrow, in 3 days.

    Days are counted by hours, so that "tomorrow" is never more than two nights away.
    """
    ahead = moment - at
    if ahead < timedelta(hours=12):
        return "today" if ahead >= timedelta(0) else "due"
    if ahead < timedelta(hours=36):
        return "tomorrow"
    return f"in {counted(round(ahead / timedelta(days=1)), 'day')}"


def answer(requests: Sequence[Asked], ahead: int) -> str:
    """The page in a line."""
    waiting = sum(1 for each in requests if each.open)
    said = [
        f"{counted(waiting, 'request')} about you {'waits' if waiting == 1 else 'wait'} for an "
        "answer" if waiting else "No request about you waits for an answer",
        f"{counted(ahead, 'visit or appointment', 'visits and appointments')} ahead"
        if ahead else "nothing is booked",
    ]  # fmt: skip
    return ", and ".join(said) + "."
