"""Visits that a request's end left waiting: its sender's system ended it, and did not know of them.

What is done here calls its own visits off. A source that revokes what we had booked cannot; so a
job looks for them, calls off what has not begun, and ends what has.
"""

from typing import NamedTuple

from onesystem.access import Actor, asker_of
from onesystem.access.quick import rows
from onesystem.care.message import SOURCE
from onesystem.care.requests import acting, causing, queries, visits
from onesystem.care.requests.states import OPEN
from onesystem.care.saying import say
from onesystem.care.services import slots
from onesystem.district import now

JOB = "requests"
_LEFT = (
    "SELECT c.key, r.request, c.started FROM contacts_contact c"
    " JOIN care_request r ON r.request = c.cause"
    " WHERE c.ended IS NULL AND NOT c.cancelled AND c.source = %s AND r.state NOT IN ({})"
)


class Left(NamedTuple):
    """A visit that waits or goes on, of a request that ended."""

    visit: str
    request: int
    begun: bool


def left() -> list[Left]:
    """All of them."""
    sql = _LEFT.format(", ".join(["%s"] * len(OPEN)))
    found = [Left(key, request, started is not None)
             for key, request, started in rows(sql, [SOURCE, *sorted(OPEN)])]  # fmt: skip
    return [each for each in found if _is_ours(each)]


def _is_ours(each: Left) -> bool:
    """Whether it is the request's own visit, not a task's or an episode's that it caused."""
    return each.visit.startswith(f"{causing.key_of(queries.one(each.request))}/visit")


def settle() -> int:
    """Call off what has not begun, end what has; gives how many."""
    by, moment = asker_of(Actor.job(JOB), "care coordination"), now()
    for visit, request, begun in (found := left()):
        asked = queries.one(request)
        slots.free_slots_of(request=request, by=by.actor)
        readings = (
            [visits.ended(visit, at=moment, recorded=moment, outcome="ended by its sender")]
            if begun
            else visits.called_off(visit, recorded=moment, outcome="cancelled")
        )
        say(
            person=acting.person_of(asked), by=by, act="request.settled", what=asked.service,
            readings=readings, detail={"request": request},
        )  # fmt: skip
    return len(found)
