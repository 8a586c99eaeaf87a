"""Taking requests in: what sources tell, and what is done here, in whatever order it arrives.

What a source told last stands (`care_request` by one statement, for millions of rows). Where
something was done here too, the history decides (`machine.fold`), and the row is put right.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import connection

from onesystem import access
from onesystem.access.models import User
from onesystem.care.announcing import announce
from onesystem.care.parts import Taken
from onesystem.care.requests import sent_live
from onesystem.care.requests.machine import MOVES, TOLD, Event, Standing, fold
from onesystem.care.requests.mapping import state_of_task
from onesystem.care.requests.numbers import tidy
from onesystem.care.requests.states import state_of
from onesystem.district import current
from onesystem.vocabulary import CareAct, RequestSeen, contact_id
from onesystem.vocabulary.kept import to_micros

Item = tuple[str, int, int, RequestSeen]  # source, identity, message, request
OURS = "care"  # the source of what began here
PART = "requests"  # the name of its acts
_COLUMNS = (
    "request", "source", "key", "identity", "at", "recorded", "system", "code", "what", "service",
    "urgency", "state", '"by"', "reason", "known_at", "message", "since",
)  # fmt: skip
_SET = ", ".join(f"{name} = excluded.{name}" for name in _COLUMNS[1:])
_REQUEST = (
    f"INSERT INTO care_request ({', '.join(_COLUMNS)}) "
    f"VALUES ({', '.join(['%s'] * len(_COLUMNS))}) "
    f"ON CONFLICT (request) DO UPDATE SET {_SET} "
    "WHERE care_request.recorded <= excluded.recorded"
)
_STEP = (
    'INSERT INTO care_step (request, state, recorded, "by", reason, known_at, message, act, said) '
    "VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s) ON CONFLICT (request, recorded, state) "
)
_TOLD = f"{_STEP} DO NOTHING"
_DONE = (  # an act stands in the place of the bare step that its own message tells
    f'{_STEP} DO UPDATE SET "by" = excluded."by", reason = excluded.reason, act = excluded.act, '
    "said = excluded.said, message = excluded.message"
)
_FOLDED = (
    "UPDATE care_request SET state = %s, since = %s, booked = %s, sender = %s, organisation = %s,"
    " pathway = %s, pathway_step = %s, kind = %s, service = CASE WHEN %s = '' THEN service ELSE %s"
    " END, urgency = CASE WHEN %s = '' THEN urgency ELSE %s END WHERE request = %s"
)
_SOME = 500
_MARK = "\x1f"  # between a source and its key, where another's is named


def take_requests(items: Sequence[Item], known_at: datetime) -> int:
    """Keep requests and their steps, in the caller's transaction; gives how many were told of."""
    known = to_micros(known_at)
    requests, steps = [], []
    for source, identity, message, said in items:
        request, state = contact_id(source, said.key), state_of(said.status)
        recorded = to_micros(said.recorded)
        requests.append(_row(request, source, identity, message, said, state, known))
        steps.append((request, state, recorded, said.by, said.reason, known, message, "", ""))
    announce({row[0]: row[_COLUMNS.index("service")] for row in requests})
    with connection.cursor() as cursor:
        cursor.executemany(_REQUEST, requests)
        cursor.executemany(_TOLD, steps)
    acted_on = _acted_on({row[0] for row in requests})
    refold(acted_on)
    sent_live.announce(acted_on)
    access.record(
        by=access.Actor.job("feeds"), act="care.requests-taken", detail={"requests": len(items)}
    )
    return len(items)


def _row(
    request: int,
    source: str,
    identity: int,
    message: int,
    said: RequestSeen,
    state: str,
    known: int,
) -> tuple[Any, ...]:
    what, recorded = said.what, to_micros(said.recorded)
    return (
        request,
        source,
        said.key,
        identity,
        None if said.at is None else to_micros(said.at),
        recorded,
        what.system if what else "",
        what.code if what else "",
        (what.display or what.code) if what else "",
        said.service,
        said.urgency,
        state,
        said.by,
        said.reason,
        known,
        message,
        recorded,
    )


def take_acts(acts: Sequence[Taken]) -> None:
    """Keep what was done with requests, in the caller's transaction. See `parts.Part.take`."""
    steps, moved = [], {}
    for owner, _, message, act in acts:
        if act.verb != TOLD and act.verb not in MOVES:
            continue  # an act of a later version of ours: kept in its message
        (whose, key), said = _whose(owner, act), dict(act.said)
        request = contact_id(whose, key)
        if act.verb == TOLD:
            said = _told(said, whose)
        recorded = to_micros(act.recorded)
        moved[request] = str(said.get("service", ""))
        state = state_of(said.get("state") or (MOVES[act.verb].to if act.verb in MOVES else ""))
        kept = json.dumps(said, ensure_ascii=False, separators=(",", ":"))
        steps.append(
            (request, state, recorded, act.by, str(said.get("reason", "")), recorded, message,
             act.verb, kept)
        )  # fmt: skip
    announce(moved)
    with connection.cursor() as cursor:
        cursor.executemany(_DONE, steps)
    refold({step[0] for step in steps})
    sent_live.announce(moved)


def _whose(owner: str, act: CareAct) -> tuple[str, str]:
    """The source and key of an act's request: ours where it is called by a number of ours."""
    number = tidy(act.thing.rpartition("/")[2])
    if number:
        return OURS, number
    elsewhere, mark, key = act.thing.partition(_MARK)
    return (elsewhere, key) if mark else (owner, act.thing)


def _told(said: dict[str, Any], owner: str) -> dict[str, Any]:
    """What a source told, with the state that it means; a form alone means none."""
    coded = [{"system": system, "code": code} for system, code in said.get("business", ())]
    state = state_of_task(said["status"], coded) if said.get("status") else ""
    return {**said, "state": state, "foreign": said.get("from") != owner or "user" in said}


def refold(requests: Iterable[int]) -> None:
    """Put the rows of requests as their histories have them."""
    wanted = sorted(set(requests))
    for at in range(0, len(wanted), _SOME):
        found = events_of(wanted[at : at + _SOME])
        with connection.cursor() as cursor:
            rows = [_folded(each, some) for each, some in found.items()]
            cursor.executemany(_FOLDED, [row for row in rows if row[0]])


def _folded(request: int, events: Sequence[Event]) -> tuple[Any, ...]:
    now: Standing = fold(events)
    sent = next((event.said for event in events if event.act == "send"), {})
    told = [str(sent.get(key, "")) for key in ("sender", "organisation", "pathway", "step")]
    return (
        now.state, now.since, now.booked, *told, now.kind, now.service, now.service,
        now.urgency, now.urgency, request,
    )  # fmt: skip


def events_of(requests: Sequence[int]) -> dict[int, list[Event]]:
    """The histories of requests, each in the order in which it was written."""
    found: dict[int, list[Event]] = {}
    services: dict[int, str] = {}
    with connection.cursor() as cursor:
        cursor.execute(
            'SELECT s.request, s.recorded, s.state, s.act, s."by", s.reason, s.said, r.service'
            " FROM care_step s LEFT JOIN care_request r ON r.request = s.request"
            f" WHERE s.request IN ({', '.join(['%s'] * len(requests))}) ORDER BY s.recorded, s.id",
            list(requests),
        )
        for request, recorded, state, act, by, reason, said, service in cursor.fetchall():
            services[request] = service or ""
            found.setdefault(request, []).append(
                _event(recorded, state, act, by, reason, json.loads(said) if said else {})
            )
    return {request: _heard(events, services[request]) for request, events in found.items()}


def _event(
    recorded: int, state: str, act: str, by: str, reason: str, said: Mapping[str, Any]
) -> Event:
    state = str(said.get("state", "")) if act == TOLD else state
    return Event(recorded=recorded, state=state, act=act, by=by, reason=reason, said=said)


def _heard(events: list[Event], service: str) -> list[Event]:
    """Without what was told of another's request by who runs none of the services it lay at."""
    if not any(each.said.get("foreign") for each in events):
        return events
    here = current()
    goes = {service} | {str(each.said["service"]) for each in events if each.said.get("service")}
    run = {here.services[code].organisation for code in goes if code in here.services} - {""}
    return [each for each in events if not each.said.get("foreign") or _teller(each.said) in run]


def _teller(said: Mapping[str, Any]) -> str:
    """The organisation of whoever told: of a user of ours, else of a source."""
    if user := said.get("user"):
        known = User.objects.filter(username=user).values_list("organisation", flat=True)
        return next(iter(known), "")
    return current().source(str(said.get("from", ""))).organisation


def _acted_on(requests: Iterable[int]) -> list[int]:
    """Those of which something was done here, or told beside their own messages."""
    wanted, found = sorted(requests), list[int]()
    for at in range(0, len(wanted), _SOME):
        some = wanted[at : at + _SOME]
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT DISTINCT request FROM care_step WHERE act <> ''"
                f" AND request IN ({', '.join(['%s'] * len(some))})",
                some,
            )
            found += [row[0] for row in cursor.fetchall()]
    return found


def erase() -> None:
    """Forget all requests, for a replay of everything."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM care_step")
        cursor.execute("DELETE FROM care_request")


def forget(identities: Sequence[int]) -> int:
    """Forget the requests about identities for good, in the caller's transaction; how many."""
    marks = ", ".join(["%s"] * len(identities))
    with connection.cursor() as cursor:
        whose = f"SELECT request FROM care_request WHERE identity IN ({marks})"
        cursor.execute(f"DELETE FROM care_step WHERE request IN ({whose})", list(identities))
        cursor.execute(f"DELETE FROM care_request WHERE identity IN ({marks})", list(identities))
        return int(cursor.rowcount)
