"""Meeting people by the hundred thousand, from extracts: columns in, columns out."""

import sqlite3
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.db import connection, transaction

from onesystem.people import ledger, store
from onesystem.people.folding import TEXT, fold_table
from onesystem.people.meeting import Said, describe
from onesystem.people.pending import link_pending, mark_pending

_COLUMNS = (
    "id", "source", "subject", "person", "seen_at", "known_at", "message", "digest", "texts",
    "family", "given", "birth_date", "sex", "address", "postcode", "phone", "practice", "died",
    "restricted", "number", "family_key", "given_key", "address_key", "postcode_key", "phone_key",
    "other_names",
)  # fmt: skip
_NUMBERS = ("identity", "scheme", "value", "checked", "verified", "superseded", "current")
_AT_ONCE = 20_000


def identify_table(subjects: Any, *, source: str, known_at: datetime) -> Any:
    """The identity of each distinct subject of an Arrow array: a table subject, identity.

    A subject that was never described gets a bare identity.
    """
    import pyarrow as pa
    import pyarrow.compute as pc

    distinct = pc.unique(_chunkless(subjects).cast(pa.string())).drop_null()
    with transaction.atomic(savepoint=False):
        known = ledger.known_of(source, distinct)
        if known.num_rows == len(distinct):
            return known
        new = distinct.filter(
            pc.invert(pc.is_in(distinct, value_set=known["subject"].combine_chunks()))
        )
        keys = [(source, subject) for subject in new.to_pylist()]
        ids, _, _ = describe({}, set(keys), store.micros(known_at))
        made = ledger.table_of([(subject, ids[source, subject]) for _, subject in keys])
        return pa.concat_tables([known, made])


def meet_table(
    table: Any, *, source: str, message: int, known_at: datetime, link: bool = True
) -> Any:
    """Take in an extract's people; the identity of each subject as a table subject, identity.

    Columns of `table`, of which all but the first may be missing: subject, family, given,
    birth_date, sex, address, postcode, phone, practice, died, number_scheme, number,
    number_verified, at (when it was so; otherwise `known_at`). With `link=False` new and changed
    identities wait for `link_pending`.
    """
    at = store.micros(known_at)
    con = fold_table(table, at)
    with transaction.atomic(savepoint=False):
        con.register("known", _known(con, source))
        ids, again, fresh = _meet_again(con, source, message, at)
        changed = [*again, *fresh, *_insert(con, source, message, at)]
        result = con.execute(
            "SELECT subject, identity FROM known UNION ALL SELECT subject, identity FROM made"
        ).to_arrow_table()
        result = _with_several(result, ids)
        mark_pending(changed)
        if link:
            link_pending()
    return result


def _chunkless(array: Any) -> Any:
    return array.combine_chunks() if hasattr(array, "combine_chunks") else array


def _known(con: Any, source: str) -> Any:
    """Known subjects of the batch with their digest and time, to see which rows say nothing new."""
    import pyarrow as pa

    subjects = con.execute("SELECT DISTINCT subject FROM folded").to_arrow_table()["subject"]
    found = ledger.known_of(source, subjects.combine_chunks())
    wanted = found["identity"].to_pylist()
    rows: dict[int, tuple[int, int]] = {}
    if len(wanted) > _AT_ONCE:  # most of a source: one scan instead of many look-ups
        sql = "SELECT id, digest, seen_at FROM people_identity WHERE source = %s"
        rows = {i: (d, s) for i, d, s in store.rows(sql, [source])}
    else:
        for some in store.chunks(wanted):
            where = f"id IN ({store.marks(some)})"
            sql = f"SELECT id, digest, seen_at FROM people_identity WHERE {where}"
            rows.update({i: (d, s) for i, d, s in store.rows(sql, some)})
    pairs = [rows[i] for i in wanted]
    return found.append_column(
        "known_digest", pa.array([d for d, _ in pairs], pa.int64())
    ).append_column("known_seen", pa.array([s for _, s in pairs], pa.int64()))


def _meet_again(
    con: Any, source: str, message: int, at: int
) -> tuple[dict[tuple[str, str], int], list[int], set[int]]:
    """Known subjects with something new to say, and subjects with several things to say."""
    touch = con.execute(
        "SELECT max(f.seen), k.identity FROM folded f JOIN known k USING (subject)"
        " GROUP BY k.identity HAVING min(f.digest) = any_value(k.known_digest)"
        " AND max(f.digest) = any_value(k.known_digest) AND max(f.seen) > any_value(k.known_seen)"
    ).fetchall()
    store.many("UPDATE people_identity SET seen_at = %s WHERE id = %s", touch)
    con.execute(
        "CREATE OR REPLACE TABLE several AS SELECT f.subject FROM folded f"
        " LEFT JOIN known k USING (subject) GROUP BY f.subject"
        " HAVING min(f.digest) <> max(f.digest) OR any_value(k.known_digest) <> min(f.digest)"
    )
    lines = con.execute(
        f"SELECT subject, {TEXT}, seen FROM folded"
        " WHERE subject IN (SELECT subject FROM several) ORDER BY subject"
    )
    ids: dict[tuple[str, str], int] = {}
    again: list[int] = []
    fresh: set[int] = set()
    for said in _portions(lines, source, message):
        some = describe(said, set(said), at)
        ids |= some[0]
        again += some[1]
        fresh |= some[2]
    return ids, again, fresh


def _portions(lines: Any, source: str, message: int) -> Iterator[dict[tuple[str, str], Said]]:
    """What is said of some thousand subjects at a time, never parting one subject's rows."""
    said: dict[tuple[str, str], Said] = {}
    while rows := lines.fetchmany(_AT_ONCE):
        for subject, text, seen in rows:
            key = (source, subject)
            if key not in said and len(said) >= _AT_ONCE:
                yield said
                said = {}
            said.setdefault(key, Said()).add(text, seen, message)
    if said:
        yield said


_KEY_COLUMNS = (
    "family", "given", "birth", "sex", "address", "postcode", "phone", "practice", "died",
)  # fmt: skip


def _insert(con: Any, source: str, message: int, at: int) -> list[int]:
    """Make the identities of subjects that are new and say one thing."""
    total, distinct = con.execute("SELECT count(*), count(DISTINCT subject) FROM folded").fetchone()
    # Said twice in the same words is said once; most extracts name a subject once.
    once = "" if total == distinct else (
        " QUALIFY row_number() OVER (PARTITION BY f.subject ORDER BY f.seen DESC) = 1"
    )  # fmt: skip
    con.execute(
        "CREATE OR REPLACE TABLE fresh AS SELECT row_number() OVER () AS n, *"
        " FROM (SELECT f.* FROM folded f ANTI JOIN known USING (subject)"
        f" ANTI JOIN several USING (subject){once} ORDER BY subject)"
    )
    count = con.execute("SELECT count(*) FROM fresh").fetchone()[0]
    con.execute("CREATE OR REPLACE TABLE made (subject VARCHAR, identity BIGINT)")
    if not count:
        return []
    if connection.vendor == "postgresql":  # nobody else may make identities between look and write
        store.run("LOCK TABLE people_identity IN SHARE ROW EXCLUSIVE MODE")
    first = store.first_of_run(count)
    con.execute(f"INSERT INTO made SELECT subject, {first - 1} + n FROM fresh")
    said = ", ".join("birth AS birth_date" if c == "birth" else c for c in _KEY_COLUMNS)
    lines = con.execute(
        f"SELECT {first - 1} + n, ?, subject, {first - 1} + n, seen, {at}, {message}, digest, 1,"
        f" {said}, 0, compared, family_key, given_key, address_key, postcode_key, phone_key, ''"
        " FROM fresh ORDER BY n",
        [source],
    )
    with store.indexes_later("people_identity", count):
        _write("people_identity", _COLUMNS, lines)
    numbers = con.execute(
        f"SELECT {first - 1} + n, scheme, number, checked, verified, 0, 1 FROM fresh"
        " WHERE number <> '' ORDER BY n"
    )
    with store.indexes_later("people_number", count):
        _write("people_number", _NUMBERS, numbers)
    return list(range(first, first + count))


def _write(table: str, columns: tuple[str, ...], lines: Any) -> None:
    names = ", ".join(columns)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with cursor.copy(f"COPY {table} ({names}) FROM STDIN") as copy:
                while rows := lines.fetchmany(_AT_ONCE):
                    for row in rows:
                        copy.write_row(row)
            return
        # Straight to the driver: Django would read the statement anew for every batch.
        sql = f"INSERT INTO {table} ({names}) VALUES ({','.join('?' * len(columns))})"
        while rows := lines.fetchmany(_AT_ONCE):
            sqlite3.Cursor.executemany(cursor.cursor, sql, rows)


def _with_several(result: Any, ids: dict[tuple[str, str], int]) -> Any:
    """The result with new subjects that said several things, which were made one by one."""
    import pyarrow as pa
    import pyarrow.compute as pc

    if not ids:
        return result
    more = ledger.table_of([(subject, identity) for (_, subject), identity in ids.items()])
    have = pc.is_in(more["subject"], value_set=result["subject"].combine_chunks())
    return pa.concat_tables([result, more.filter(pc.invert(have))])
