"""Asking louder where a clock has run out: at once, after a day, after three days.

Only of requests that somebody here sent or acted on: what a feed alone tells of keeps its own
source's time. Each is a step that both sides see, in the trail under the job's name.
"""

from collections.abc import Iterable
from datetime import datetime

import structlog
from django.db import connection

from onesystem import access
from onesystem.access import Actor, Asker, asker_of
from onesystem.care.requests import acting, actions, causing, queries, timers
from onesystem.care.requests.queries import Request
from onesystem.care.requests.states import OPEN
from onesystem.care.requests.timers import Clock
from onesystem.district import current, now
from onesystem.vocabulary import OnesystemError
from onesystem.vocabulary.kept import from_micros, to_micros
from onesystem.vocabulary.said import say
from onesystem.vocabulary.wording import length

JOB = "requests"
MOST = 200  # in one part of the work
_log = structlog.get_logger(__name__)


def late(at: datetime) -> list[tuple[Request, Clock]]:
    """The requests of which it is time to ask louder, the longest overdue first."""
    found = _ours()
    clocks, said = queries.clocks(found), _said(each.request for each in found)
    some = []
    for each in found:
        clock = clocks[each.request]
        if clock is not None and clock.overdue(at):
            asked = [m for m in said.get(each.request, ()) if m >= to_micros(clock.due)]
            last = at - from_micros(max(asked)) if asked else None
            if timers.louder(at - clock.due, len(asked), last):
                some.append((each, clock))
    return sorted(some, key=lambda pair: pair[1].due)


def waits() -> bool:
    """Whether there is any."""
    return bool(late(now()))


def escalate() -> int:
    """Ask louder of some; gives how many. One that cannot be is left, and said in the log."""
    at, done = now(), 0
    by = asker_of(Actor.job(JOB), say("care coordination"))
    for found, clock in late(at)[:MOST]:
        try:
            _louder(found, clock, at, by)
            done += 1
        except OnesystemError as error:
            _log.warning("a request was not escalated", request=found.request, why=str(error))
    return done


def _louder(found: Request, clock: Clock, at: datetime, by: Asker) -> None:
    words = say("{what}: {length} late", what=clock.what, length=length(at - clock.due))
    link = f"/requests/{found.request}/"
    name = f"{current().service_name(found.service)}: {found.key}"
    if clock.whose == "service":
        for organisation in sorted(acting.runs(found.service))[:1]:
            access.notify(topic="request.overdue", organisation=organisation, words=name, link=link)
    causing.tell_sender(found, "overdue", by)
    actions.escalate(request=found.request, by=by, reason=words)


def _ours() -> list[Request]:
    marks = ", ".join(["%s"] * len(OPEN))
    return queries.select(
        f"r.identity > 0 AND r.state IN ({marks}) AND (r.sender <> '' OR EXISTS (SELECT 1 FROM"
        " care_step a WHERE a.request = r.request AND a.act <> ''))",
        sorted(OPEN),
    )


def _said(requests: Iterable[int]) -> dict[int, list[int]]:
    """When it was asked louder, by request; each clock begins anew."""
    wanted, found = sorted(requests), dict[int, list[int]]()
    for at in range(0, len(wanted), 500):
        some = wanted[at : at + 500]
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT request, recorded FROM care_step WHERE act = 'escalate'"
                f" AND request IN ({', '.join(['%s'] * len(some))})",
                some,
            )
            for request, recorded in cursor.fetchall():
                found.setdefault(request, []).append(recorded)
    return found
