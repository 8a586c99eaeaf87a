"""What can be asked about requests. Callers check who asks, and for what purpose.

A request is shown to whoever may open its person: pages ask access first, lists are scoped by the
sender, their organisation, or the services whose inbox somebody works.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import connection

from onesystem.care.requests.machine import fold
from onesystem.care.requests.states import OPEN, urgency_of
from onesystem.care.requests.store import events_of
from onesystem.care.requests.timers import Clock, clock
from onesystem.care.services.reading import entries
from onesystem.district import current
from onesystem.vocabulary import Asked, NotFound, Setting
from onesystem.vocabulary.kept import from_micros

_NAMES = 'request, source, key, at, what, service, urgency, state, "by", reason'
_ALL = (
    'r.request, r.source, r.key, r.identity, r.at, r.recorded, r.system, r.code, r.what, r.service,'
    ' r.urgency, r.state, r."by", r.reason, r.kind, r.since, r.booked, r.sender, r.organisation,'
    " r.pathway, r.pathway_step,"
    " (SELECT count(*) FROM care_step s WHERE s.request = r.request)"
)  # fmt: skip
_PART = 500
_NO_NUMBER = 1 << 63  # from here on no store has one
MOST = 5000  # rows of a list


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One step of a request. `act` is empty where a source told of it.

    `said` is what was said with it; `overtaken` where it moved nothing.
    """

    state: str
    recorded: datetime
    known_at: datetime
    by: str
    reason: str
    message: int
    act: str = ""
    said: Mapping[str, Any] = field(default_factory=dict)
    overtaken: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """A request as it stands. `seen` is how many steps it has; `since` when it came to its state.

    `key` is its reference number where it began here (`source` is `care`). `sender` and
    `organisation` are empty where a source sent it; `by` is then what the source calls them.
    """

    request: int
    source: str
    key: str
    identity: int
    at: datetime
    recorded: datetime
    system: str
    code: str
    what: str
    service: str
    urgency: str
    state: str
    by: str
    reason: str
    kind: str
    since: datetime
    booked: datetime | None
    sender: str
    organisation: str
    pathway: str
    pathway_step: str
    seen: int

    @property
    def open(self) -> bool:
        """Whether it waits for its answer."""
        return self.state in OPEN


def one(request: int) -> Request:
    """A request as it stands. Raises NotFound."""
    found = select("r.request = %s", [request]) if request < _NO_NUMBER else []
    if not found:
        raise NotFound("there is no such request", "Look at the list again.")
    return found[0]


def of_person(identities: Sequence[int]) -> list[Request]:
    """The requests about a person's identities, newest first."""
    people = [i for i in identities if i > 0]
    if not people:
        return []
    return select(
        f"r.identity IN ({_marks(people)})", people, order="COALESCE(r.at, r.recorded) DESC"
    )


def sent_by(
    username: str,
    *,
    organisation: str = "",
    practices: Sequence[str] = (),
    states: Iterable[str] = (),
    limit: int = MOST,
) -> list[Request]:
    """What somebody sent, newest step first; with `organisation` what all of it sent.

    `practices`: where people are enrolled whose requests came by a feed, for their practice.
    """
    where, values = "r.sender = %s AND r.sender <> ''", list[Any]([username])
    if organisation:
        where, values = "r.organisation = %s AND r.organisation <> ''", [organisation]
    if practices:
        enrolled = f"SELECT id FROM people_identity WHERE practice IN ({_marks(practices)})"
        where = f"(({where}) OR (r.sender = '' AND r.identity IN ({enrolled})))"
        values += practices
    return select(*_in_states(where, values, states), order="r.since DESC", limit=limit)


def inbox(
    services: Iterable[str], *, states: Iterable[str] = (), limit: int = MOST, offset: int = 0
) -> list[Request]:
    """What lies at these services, the oldest first; without `states` whatever is open."""
    wanted = sorted(set(services))
    if not wanted:
        return []
    where, values = f"r.identity > 0 AND r.service IN ({_marks(wanted)})", list[Any](wanted)
    return select(
        *_in_states(where, values, tuple(states) or OPEN),
        order="COALESCE(r.at, r.recorded)", limit=limit, offset=offset,
    )  # fmt: skip


def counts(services: Iterable[str]) -> dict[tuple[str, str], int]:
    """How many requests lie at these services, by service and state."""
    wanted = sorted(set(services))
    if not wanted:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT service, state, count(*) FROM care_request WHERE identity > 0"
            f" AND service IN ({_marks(wanted)}) GROUP BY service, state",
            wanted,
        )
        return {(service, state): n for service, state, n in cursor.fetchall()}


def _in_states(where: str, values: list[Any], states: Iterable[str]) -> tuple[str, list[Any]]:
    some = sorted(set(states))
    if not some:
        return where, values
    return f"{where} AND r.state IN ({_marks(some)})", [*values, *some]


def select(
    where: str, values: Sequence[Any], *, order: str = "r.request", limit: int = MOST,
    offset: int = 0,
) -> list[Request]:  # fmt: skip
    """The requests for which a condition holds; its columns are named `r.NAME`."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {_ALL} FROM care_request r WHERE {where} ORDER BY {order}, r.request"
            " LIMIT %s OFFSET %s",
            [*values, limit, offset],
        )
        return [_request(row) for row in cursor.fetchall()]


def _request(row: Sequence[Any]) -> Request:
    (request, source, key, identity, at, recorded, system, code, what, service, urgency, state, by,
     reason, kind, since, booked, sender, organisation, pathway, step, seen) = row  # fmt: skip
    return Request(
        request=request, source=source, key=key, identity=identity,
        at=from_micros(recorded if at is None else at), recorded=from_micros(recorded),
        system=system, code=code, what=what, service=service, urgency=urgency_of(urgency),
        state=state, by=by, reason=reason, kind=kind or _kind_of(service),
        since=from_micros(since or recorded), booked=_moment(booked), sender=sender,
        organisation=organisation, pathway=pathway, pathway_step=step, seen=seen,
    )  # fmt: skip


def _kind_of(service: str) -> str:
    """What a source that does not say so asks for: of a service that makes tests, a test."""
    return "order" if current().setting_of(service) is Setting.DIAGNOSTICS else "referral"


def requests_of(identities: Sequence[int]) -> list[Asked]:
    """The requests of a person's identities as other rooms show them, newest first."""
    people = [i for i in identities if i > 0]
    if not people:
        return []
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {_NAMES} FROM care_request WHERE identity IN "
            f"({_marks(people)}) ORDER BY COALESCE(at, recorded) DESC, request",
            people,
        )
        rows = cursor.fetchall()
    return [_asked(row) for row in rows]


def open_requests_of(identities: Iterable[int]) -> list[tuple[int, Asked]]:
    """What is open for any of these identities, with whose it is; the oldest first."""
    people = sorted({i for i in identities if i > 0})
    found: list[tuple[int, Asked]] = []
    for at in range(0, len(people), _PART):
        part = people[at : at + _PART]
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT identity, {_NAMES} FROM care_request WHERE identity IN "
                f"({_marks(part)}) AND state IN ({_marks(OPEN)})",
                [*part, *sorted(OPEN)],
            )
            found += [(row[0], _asked(row[1:])) for row in cursor.fetchall()]
    return sorted(found, key=lambda pair: (pair[1].at is None, pair[1].at, pair[1].request))


def _asked(row: Sequence[Any]) -> Asked:
    request, source, key, at, what, service, urgency, state, by, reason = row
    return Asked(
        request=request, source=source, key=key, at=_moment(at), what=what, service=service,
        urgency=urgency, status=state, by=by, reason=reason, open=state in OPEN,
    )  # fmt: skip


def steps_of(request: int) -> list[Step]:
    """The steps of a request in the order in which they were written."""
    heard = events_of([request]).get(request, [])
    overtaken, counted = fold(heard).overtaken, {event.recorded for event in heard}
    with connection.cursor() as cursor:
        cursor.execute(
            'SELECT state, recorded, known_at, "by", reason, message, act, said FROM care_step '
            "WHERE request = %s ORDER BY recorded, id",
            [request],
        )
        return [
            Step(
                state=state, recorded=from_micros(recorded), known_at=from_micros(known), by=by,
                reason=reason, message=message, act=act, said=json.loads(said) if said else {},
                overtaken=bool(act) and (recorded in overtaken or recorded not in counted),
            )
            for state, recorded, known, by, reason, message, act, said in cursor.fetchall()
        ]  # fmt: skip


def sent_with(request: int) -> Mapping[str, Any]:
    """What was said when it was sent here: words, form, ...; empty where a source sent it."""
    return next((step.said for step in steps_of(request) if step.act == "send"), {})


def _marks(values: Iterable[Any]) -> str:
    return ", ".join("%s" for _ in values)


def _moment(value: int | None) -> datetime | None:
    return None if value is None else from_micros(value)


def due(request: int) -> Clock | None:
    """What is due next on a request, by when, and of whom; None where nothing is."""
    return clocks([one(request)])[request]


def clocks(requests: Iterable[Request]) -> dict[int, Clock | None]:
    """The same of many requests, by the hours that their services keep."""
    known = entries()
    return {
        each.request: clock(each, known[each.service].timers if each.service in known else ())
        for each in requests
    }
