"""When the record of an identity last changed: what a page that is kept is held against.

Whoever writes entries changes the stamps of the identities that they are of, in the same
transaction. A stamp is drawn and not counted, so that none comes again for other entries: not
after a replay, a rollback, or a copy that was put back.
"""

import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import orjson
from django.db import connection

_EACH = {
    "sqlite": "SELECT value, %s, %s FROM json_each(%s) WHERE true",
    "postgresql": "SELECT value::bigint, %s, %s FROM json_array_elements_text(%s::json) AS value",
}
_CHANGE = (
    "INSERT INTO record_stamp (identity, stamp, known_at) {each} "
    "ON CONFLICT (identity) DO UPDATE SET stamp = excluded.stamp, known_at = "
    "CASE WHEN excluded.known_at > record_stamp.known_at "
    "THEN excluded.known_at ELSE record_stamp.known_at END"
)


@dataclass(frozen=True, slots=True)
class Stamps:
    """The stamps of some identities, and when the newest of their entries became known.

    `known_at` is in microseconds; 0 where nothing is known of them.
    """

    of: tuple[tuple[int, int], ...]
    known_at: int


def change(identities: Iterable[int], known_at: int) -> None:
    """New stamps for these identities, in the caller's transaction.

    Call it last, when the caller holds the line of the audit trail: then no two writers wait for
    each other's stamps in turn.
    """
    about = sorted({i for i in identities if i > 0})
    if not about:
        return
    sql = _CHANGE.format(each=_EACH[connection.vendor])
    with connection.cursor() as cursor:
        cursor.execute(sql, [secrets.randbits(62), known_at, orjson.dumps(about).decode()])


def stamps_of(identities: Sequence[int]) -> Stamps:
    """The stamps of identities, in their order. Ask before the entries are read, never after."""
    if not identities:
        return Stamps((), 0)
    marks = ", ".join(["%s"] * len(identities))
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT identity, stamp, known_at FROM record_stamp "
            f"WHERE identity IN ({marks}) ORDER BY identity",
            list(identities),
        )
        found = cursor.fetchall()
    return Stamps(
        tuple((identity, stamp) for identity, stamp, _ in found),
        max((known_at for *_, known_at in found), default=0),
    )


def erase() -> None:
    """Forget all stamps, with all entries."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM record_stamp")
