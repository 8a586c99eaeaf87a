"""What acts on a request are in the log of contacts: a booking, a visit, a reply, a test. Pure.

booked    a contact that is waited for, due at its time; each booking is a visit of its own
started   the visit has begun; one that was not booked begins with it
ended     it ended, with what came of it
called    an advice reply: a contact by telephone
called_off  the booking did not come to a visit
"""

from collections.abc import Iterable
from datetime import datetime, timedelta

from onesystem.vocabulary import Act, ContactEvent, Setting


def visit_of(key: str, acts: Iterable[str]) -> str:
    """The key of the visit that a request is at: it has a new one with each booking."""
    bookings = sum(act == "book" for act in acts)
    return f"{key}/visit" if bookings < 2 else f"{key}/visit-{bookings}"


def booked(
    visit: str, *, cause: str, service: str, requested: datetime, planned: datetime,
    recorded: datetime, urgency: str = "", what: str = "",
) -> ContactEvent:  # fmt: skip
    """Somebody is expected."""
    return ContactEvent(
        visit=visit, subject="", act=Act.REQUEST, at=recorded, recorded=recorded, service=service,
        requested=requested, planned=planned, urgency=urgency, reason=what, cause=cause,
    )  # fmt: skip


def called_off(visit: str, *, recorded: datetime, outcome: str) -> list[ContactEvent]:
    """It did not come to a visit, and why: a cancelling event alone says nothing of that."""
    return [
        ContactEvent(
            visit=visit, subject="", act=act, at=recorded, recorded=recorded, outcome=outcome
        )
        for act in (Act.NOTE, Act.CANCEL)
    ]


def started(
    visit: str, *, cause: str, service: str, requested: datetime, at: datetime, recorded: datetime,
    by: str, urgency: str = "", what: str = "",
) -> ContactEvent:  # fmt: skip
    """It has begun."""
    return ContactEvent(
        visit=visit, subject="", act=Act.START, at=at, recorded=recorded, service=service,
        requested=requested, started=at, by=by, urgency=urgency, reason=what, cause=cause,
    )  # fmt: skip


def ended(visit: str, *, at: datetime, recorded: datetime, outcome: str = "") -> ContactEvent:
    """It is over."""
    return ContactEvent(
        visit=visit, subject="", act=Act.END, at=at, recorded=recorded, outcome=outcome
    )


def called(
    visit: str, *, cause: str, service: str, requested: datetime, at: datetime, recorded: datetime,
    by: str, setting: Setting | None, minutes: int = 10, urgency: str = "", what: str = "",
) -> ContactEvent:  # fmt: skip
    """A reply, as one whole contact that ended when it was written.

    Whoever replied was at it for some minutes before; never from before it was asked.
    """
    began = max(requested, at - timedelta(minutes=minutes))
    return ContactEvent(
        visit=visit, subject="", act=Act.STATE, at=at, recorded=recorded, service=service,
        setting=setting, requested=requested, started=began, ended=at, by=by, urgency=urgency,
        reason=what, cause=cause,
    )  # fmt: skip
