"""The identities of a source that are known already, kept as Arrow so that a million are found at
once.

Ids are given once and never change, so what was read stays true; only later rows are read again.
"""

from dataclasses import dataclass
from typing import Any
from weakref import WeakValueDictionary

from django.db import connection, connections, transaction

from onesystem.people import spans, store

_LARGE = 2000


def known_of(source: str, subjects: Any, *, sure: bool = False) -> Any:
    """Which of the distinct `subjects` (Arrow) are known: an Arrow table subject, identity.

    On PostgreSQL a transaction may commit a lower id after ours has read a higher one, which the
    copy then misses; `sure` asks the database itself for those that the copy lacks.
    """
    import pyarrow as pa
    import pyarrow.compute as pc

    if len(subjects) <= _LARGE:
        return _few(source, subjects.to_pylist())
    every = _all(source)
    at = pc.index_in(subjects, value_set=every["subject"].combine_chunks())
    found = pc.is_valid(at)
    known = pa.table(
        {
            "subject": subjects.filter(found),
            "identity": every["identity"].combine_chunks().take(at.filter(found)),
        }
    )
    if not sure or connection.vendor != "postgresql":
        return known
    late = store.rows(
        "SELECT subject, id FROM people_identity WHERE source = %s AND subject = ANY(%s)",
        [source, beyond(known, subjects).to_pylist()],
    )
    return pa.concat_tables([known, table_of(late)])  # type: ignore[arg-type]


def beyond(known: Any, subjects: Any) -> Any:
    """Those of the subjects that a table of `known_of` does not have."""
    import pyarrow.compute as pc

    return subjects.filter(pc.invert(pc.is_in(subjects, known["subject"].combine_chunks())))


def _few(source: str, subjects: list[str]) -> Any:
    rows: list[tuple[str, int]] = []
    for some in store.chunks(subjects):
        sql = (
            "SELECT subject, id FROM people_identity"
            f" WHERE source = %s AND subject IN ({store.marks(some)})"
        )
        rows += store.rows(sql, [source, *some])  # type: ignore[arg-type]
    return table_of(rows)


def table_of(rows: list[tuple[str, int]]) -> Any:
    """(subject, identity) rows as an Arrow table."""
    import pyarrow as pa

    subjects, ids = zip(*rows, strict=True) if rows else ((), ())
    return pa.table(
        {"subject": pa.array(subjects, pa.string()), "identity": pa.array(ids, pa.int64())}
    )


@dataclass(slots=True, weakref_slot=True)
class _Kept:
    """The identities of a source up to an id, as they stood then."""

    last: int
    every: Any


# What is committed, and what a transaction has read that is still under way. A rolled back id can
# be given to another, so the latter lives only as long as Django holds what to do on commit.
_KEPT: dict[tuple[str, str], _Kept] = {}
_DURING: WeakValueDictionary[tuple[int, str], _Kept] = WeakValueDictionary()


def _all(source: str) -> Any:
    import pyarrow as pa
    import pyarrow.compute as pc

    place = (str(connection.settings_dict["NAME"]), source)
    ours = (id(connections["default"]), source)  # a thread has a connection of its own
    kept = _DURING.get(ours) or _KEPT.get(place)
    if kept is not None and not _still_there(source, kept.every):
        kept = None
    more = spans.read(
        "people_identity",
        {"subject": "subject", "identity": "id"},
        key="id",
        kinds={"identity": "int64"},
        where="source = %s",
        values=[source],
        after=kept.last if kept else 0,
    )
    if not more.num_rows:
        return kept.every if kept else more
    every = pa.concat_tables([kept.every, more] if kept else [more]).combine_chunks()
    now = _Kept(pc.max(more["identity"]).as_py(), every)
    _DURING[ours] = now
    transaction.on_commit(lambda: _KEPT.__setitem__(place, now))
    return every


def _still_there(source: str, kept: Any) -> bool:
    """Whether the store is the one that was read: a restore may have put another in its place."""
    subject, identity = kept["subject"][-1].as_py(), kept["identity"][-1].as_py()
    sql = "SELECT 1 FROM people_identity WHERE id = %s AND source = %s AND subject = %s"
    return bool(store.rows(sql, [identity, source, subject]))
