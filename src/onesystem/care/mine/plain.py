"""A person's care in plain words: sentences, no codes, newest and next first."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from onesystem.care.requests import states
from onesystem.care.requests.queries import Request
from onesystem.care.requests.timers import Clock
from onesystem.vocabulary.said import say, say_counted
from onesystem.vocabulary.wording import counted, length

# What each state means for the person, and what comes next.
_STANDS: Mapping[str, tuple[str, str]] = {
    states.RECEIVED: (
        say("It has arrived, and nobody has looked at it yet"),
        say("They will look at it"),
    ),
    states.NEEDS_MORE: (say("They have asked for more"), say("Whoever sent it answers them")),
    states.ACCEPTED: (say("They have said yes"), say("They will arrange it with you")),
    states.BOOKED: (say("It is booked"), ""),
    states.IN_PROGRESS: (say("It has begun"), ""),
    states.RETURNED: (
        say("It came back"),
        say("Whoever sent it decides with you what to do instead"),
    ),
    states.DONE: (say("It is done"), ""),
    states.REVOKED: (say("It was taken back"), ""),
}
_KINDS: Mapping[str, str] = {
    "referral": say("You were referred to {}"),
    "order": say("A test was ordered at {}"),
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
        then += (
            say("; this is later than agreed")
            if late
            else say(" within {due}", due=length(clock.due - at))
        )
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
    return say("in {days}", days=counted(round(ahead / timedelta(days=1)), "day"))


def answer(requests: Sequence[Asked], ahead: int) -> str:
    """The page in a line."""
    waiting = sum(1 for each in requests if each.open)
    said = [
        say_counted(
            "{requests} about you waits for an answer",
            "{requests} about you wait for an answer",
            waiting,
            requests=counted(waiting, "request"),
        )
        if waiting
        else say("No request about you waits for an answer"),
        say(
            "{visits_and_appointments} ahead",
            visits_and_appointments=counted(
                ahead, "visit or appointment", "visits and appointments"
            ),
        )
        if ahead
        else say("nothing is booked"),
    ]
    return say("{waiting}, and {ahead}.", waiting=said[0], ahead=said[1])
