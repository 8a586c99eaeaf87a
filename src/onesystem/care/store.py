"""Taking requests in. What the source wrote last stands, in whatever order it arrives."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from django.db import connection

from onesystem import access
from onesystem.care.states import state_of
from onesystem.vocabulary import RequestSeen, contact_id
from onesystem.vocabulary.kept import to_micros

Item = tuple[str, int, int, RequestSeen]  # source, identity, message, request
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICRO = timedelta(microseconds=1)
_COLUMNS = (
    "request", "source", "key", "identity", "at", "recorded", "system", "code", "what", "service",
    "urgency", "state", '"by"', "reason", "known_at", "message",
)  # fmt: skip
_SET = ", ".join(f"{name} = excluded.{name}" for name in _COLUMNS[1:])
_REQUEST = (
    f"INSERT INTO care_request ({', '.join(_COLUMNS)}) "
    f"VALUES ({', '.join(['%s'] * len(_COLUMNS))}) "
    f"ON CONFLICT (request) DO UPDATE SET {_SET} "
    "WHERE care_request.recorded <= excluded.recorded"
)
_STEP = (
    'INSERT INTO care_step (request, state, recorded, "by", reason, known_at, message) '
    "VALUES (%s, %s, %s, %s, %s, %s, %s) ON CONFLICT (request, recorded, state) DO NOTHING"
)


def take_requests(items: Sequence[Item], known_at: datetime) -> int:
    """Keep requests and their steps, in the caller's transaction; gives how many were told of."""
    known = to_micros(known_at)
    requests, steps = [], []
    for source, identity, message, said in items:
        request, state = contact_id(source, said.key), state_of(said.status)
        recorded = to_micros(said.recorded)
        what = said.what
        requests.append(
            (
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
            )
        )
        steps.append((request, state, recorded, said.by, said.reason, known, message))
    with connection.cursor() as cursor:
        cursor.executemany(_REQUEST, requests)
        cursor.executemany(_STEP, steps)
    access.record(
        by=access.Actor.job("feeds"), act="care.requests-taken", detail={"requests": len(items)}
    )
    return len(items)


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
