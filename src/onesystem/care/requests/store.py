"""Taking requests in: what sources tell, and what is done here, in whatever order it arrives.

What a source told last stands (`care_request` by one statement, for millions of rows). Where
something was done here too, the history decides (`machine.fold`), and the row is put right.
"""

import json
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.db import connection

from onesystem import access
from onesystem.care.announcing import announce
from onesystem.care.parts import Taken
from onesystem.care.requests import sent_live
from onesystem.care.requests.machine import MOVES, TOLD, Event, Standing, fold
from onesystem.care.requests.states import state_of
from onesystem.vocabulary import RequestSeen, contact_id
from onesystem.vocabulary.kept import to_micros

Item = tuple[str, int, int, RequestSeen]  # source, identity, message, request
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
        move = MOVES.get(act.verb)
        state = act.said.get("state") or (move.to if move else "")
        if act.verb != TOLD and move is None:
            continue  # an act of a later version of ours: kept in its message
        recorded = to_micros(act.recorded)
        moved[contact_id(owner, act.thing)] = str(act.said.get("service", ""))
        steps.append(
            (
                contact_id(owner, act.thing),
                state_of(state),
                recorded,
                act.by,
                str(act.said.get("reason", "")),
                recorded,
                message,
                act.verb,
                json.dumps(dict(act.said), ensure_ascii=False, separators=(",", ":")),
            )
        )
    announce(moved)
    with connection.cursor() as cursor:
        cursor.executemany(_DONE, steps)
    refold({step[0] for step in steps})
    sent_live.announce(moved)


def refold(requests: Iterable[int]) -> None:
    """Put the rows of requests as their histories have them."""
    wanted = sorted(set(requests))
    for at in range(0, len(wanted), _SOME):
        found = events_of(wanted[at : at + _SOME])
        with connection.cursor() as cursor:
            cursor.executemany(_FOLDED, [_folded(each, some) for each, some in found.items()])


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
    with connection.cursor() as cursor:
        cursor.execute(
            'SELECT request, recorded, state, act, "by", reason, said FROM care_step'
            f" WHERE request IN ({', '.join(['%s'] * len(requests))}) ORDER BY recorded, id",
            list(requests),
        )
        for request, recorded, state, act, by, reason, said in cursor.fetchall():
            found.setdefault(request, []).append(
                Event(recorded=recorded, state=state, act=act, by=by, reason=reason,
                      said=json.loads(said) if said else {})
            )  # fmt: skip
    return found


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
