"""The identities of a source that are known already, kept as Arrow so that a million are found at
once.

Ids are given once and never change, so what was read stays true; only later rows are read again.
"""

from typing import Any

from django.db import connection, transaction

from onesystem.people import store

_KEPT: dict[tuple[str, str], tuple[int, Any]] = {}
_LARGE = 2000


def known_of(source: str, subjects: Any) -> Any:
    """Which of the distinct `subjects` (Arrow) are known: an Arrow table subject, identity."""
    import pyarrow as pa
    import pyarrow.compute as pc

    if len(subjects) <= _LARGE:
        return _few(source, subjects.to_pylist())
    every = _all(source)
    at = pc.index_in(subjects, value_set=every["subject"].combine_chunks())
    found = pc.is_valid(at)
    return pa.table(
        {
            "subject": subjects.filter(found),
            "identity": every["identity"].combine_chunks().take(at.filter(found)),
        }
    )


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


def _all(source: str) -> Any:
    import pyarrow as pa

    place = (str(connection.settings_dict["NAME"]), source)
    last, kept = _KEPT.get(place, (0, None))
    if kept is not None and not _still_there(source, kept):
        last, kept = 0, None
    parts = [] if kept is None else [kept]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT subject, id FROM people_identity WHERE source = %s AND id > %s ORDER BY id",
            [source, last],
        )
        while rows := cursor.fetchmany(50_000):
            parts.append(table_of(rows))
            last = rows[-1][1]
    every = pa.concat_tables(parts) if parts else table_of([])
    if every.num_rows:
        # Only what is committed may be kept: a rolled back id can be given again to another.
        transaction.on_commit(lambda: _KEPT.__setitem__(place, (last, every)))
    return every


def _still_there(source: str, kept: Any) -> bool:
    """Whether the store is the one that was read: a restore may have put another in its place."""
    subject, identity = kept["subject"][-1].as_py(), kept["identity"][-1].as_py()
    sql = "SELECT 1 FROM people_identity WHERE id = %s AND source = %s AND subject = %s"
    return bool(store.rows(sql, [identity, source, subject]))
