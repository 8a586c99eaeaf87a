"""Taking entries in: each version kept once, the newest as the one that stands.

The source's own time and version number decide which version is newest, so a version that comes
late is kept and changes nothing. The same content again is not a new version. All of it happens in
the caller's transaction, with one line in the audit trail that counts and names nobody.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson
from django.db import connection

from onesystem import access
from onesystem.district import District, current
from onesystem.record import stamps
from onesystem.record.bodies import pack
from onesystem.record.columns import (
    AT,
    COLUMNS,
    DIGEST,
    ENTRY,
    IDENTITY,
    KIND,
    LABEL,
    LOGICAL,
    ORDER,
    RECORDED,
    SERVED,
    STATUS,
    VERSION,
    clean,
    entry_id,
    row_of,
)  # fmt: skip
from onesystem.record.fhir.labels import label_of
from onesystem.record.fhir.naming import give_names, serve
from onesystem.record.fhir.searching import index as search_index
from onesystem.record.fhir.serving import resource_of
from onesystem.vocabulary import Entry, UserError
from onesystem.vocabulary.kept import to_micros

Item = tuple[str, int, int, Entry]  # source, identity, message, entry
DELETED = "deleted"
_PART = 500  # rows a statement: below SQLite's limit of variables for any build
_NAMES = ", ".join(COLUMNS)
_KNOWN = (
    'SELECT entry, digest, id, recorded, "order", version, versions, identity, at, logical, label '
    "FROM record_entry"
)
_NUMBER = (
    "INSERT INTO record_number (number, entry) VALUES (%s, %s) "
    "ON CONFLICT (number, entry) DO NOTHING"
)
# One statement, however many: psycopg takes 0.2 ms for each of executemany.
_NUMBERS_JSON = (
    "INSERT INTO record_number (number, entry) "
    "SELECT pair->>0, (pair->>1)::bigint FROM json_array_elements(%s::json) AS pair "
    "ON CONFLICT (number, entry) DO NOTHING"
)


@dataclass(slots=True)
class Counts:
    """What taking gave: new entries, further versions, late versions, and those known already."""

    new: int = 0
    versions: int = 0
    late: int = 0
    same: int = 0

    def as_detail(self) -> dict[str, int]:
        """For the audit trail."""
        return {"new": self.new, "versions": self.versions, "late": self.late, "same": self.same}


@dataclass(slots=True)
class _Standing:
    """What the store knows of an entry that comes again."""

    digest: bytes
    row: int
    recorded: int
    order: str
    version: int
    versions: int
    identity: int
    at: int | None
    logical: str
    label: int


def take_entries(items: Sequence[Item], known_at: datetime) -> Counts:
    """Keep entries, in the caller's transaction."""
    counts, changed = Counts(), dict[int, int]()
    known = to_micros(known_at)
    pending = [
        (entry_id(source, said.kind, said.key), source, identity, message, said)
        for source, identity, message, said in items
    ]
    while pending:
        # Two versions of one entry in one batch take their turns in the order in which they came.
        turn: dict[int, Any] = {}
        later = []
        for each in pending:
            if each[0] in turn:
                later.append(each)
            else:
                turn[each[0]] = each
        for identity, kind in _take_turn(turn, known, counts):
            changed[identity] = changed.get(identity, 0) | stamps.parts_of((kind,))
        pending = later
    access.record(
        by=access.Actor.job("feeds"), act="record.entries-taken", detail=counts.as_detail()
    )
    stamps.change(changed, known)
    return counts


def erase() -> None:
    """Forget all entries, for a replay of everything."""
    search_index.erase()
    stamps.erase()
    with connection.cursor() as cursor:
        for table in ("record_number", "record_version", "record_entry", "record_name"):
            cursor.execute(f"DELETE FROM {table}")


def _take_turn(turn: dict[int, Any], known: int, counts: Counts) -> set[tuple[int, str]]:
    """Keep entries that come once each; gives whose record changed, and of which kind."""
    standing = _standing(turn)
    rows: dict[int, list[Any]] = {}
    later: list[tuple[int, str, int]] = []
    for entry, (_, source, identity, message, said) in turn.items():
        row = row_of(entry, source, identity, message, said, known)
        was = standing.get(entry)
        if was is not None and was.digest == row[DIGEST]:
            counts.same += 1
            if (row[RECORDED], row[ORDER]) > (was.recorded, was.order):
                later.append((row[RECORDED], row[ORDER], entry))
        else:
            rows[entry] = row
    _say_again(later)
    _name(rows, turn, standing)
    new = [entry for entry in rows if entry not in standing]
    numbers = dict(zip(new, _next_rows(len(new)), strict=True))
    fresh = [[number, *rows[entry], 1] for entry, number in numbers.items()]
    numbers |= {entry: was.row for entry, was in standing.items()}
    stand = {e: row for e, row in rows.items() if e not in standing or _newer(row, standing[e])}
    again = [entry for entry in stand if entry in standing]
    counts.new += len(fresh)
    if fresh:
        _insert("record_entry", ("id", *COLUMNS, "versions"), fresh)
    if again:
        search_index.unindex(again)
    for entry, row in rows.items():
        if entry in standing:
            _another(row, standing[entry], turn[entry][-1], counts)
    for some, fresh_ones in ((new, True), (again, False)):
        search_index.index(
            (
                (numbers[e], rows[e][KIND], rows[e][IDENTITY], resource_of(rows[e], turn[e][-1]))
                for e in some
                if rows[e][STATUS] != DELETED
            ),
            fresh=fresh_ones,
        )
    said = [(clean(n)[:500], entry) for entry in rows for n in turn[entry][-1].numbers]
    if said:
        _keep_numbers(said)
    # An entry may have been somebody else's before.
    before = {(standing[e].identity, row[KIND]) for e, row in rows.items() if e in standing}
    return before | {(row[IDENTITY], row[KIND]) for row in rows.values()}


def _say_again(later: Sequence[tuple[int, str, int]]) -> None:
    """Note that what stands was said again later, so that nothing written between replaces it."""
    if later:
        with connection.cursor() as cursor:
            cursor.executemany(
                'UPDATE record_entry SET recorded = %s, "order" = %s WHERE entry = %s', later
            )


def _next_rows(count: int) -> list[int]:
    """Rows of the store for new entries, inside a transaction: the index knows them by these."""
    if not count:
        return []
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                "SELECT nextval(pg_get_serial_sequence('record_entry', 'id')) "
                "FROM generate_series(1, %s)",
                [count],
            )
            return [row[0] for row in cursor.fetchall()]
        cursor.execute("SELECT seq FROM sqlite_sequence WHERE name = 'record_entry'")
        found = cursor.fetchone()
    first = (found[0] if found else 0) + 1
    return list(range(first, first + count))


def _name(rows: dict[int, list[Any]], turn: dict[int, Any], standing: dict[int, _Standing]) -> None:
    """Say in each row what it is called, how sensitive it is, and how it is served."""
    new = {e: (turn[e][1], turn[e][-1].kind, turn[e][-1].key) for e in rows if e not in standing}
    names = give_names(new) if new else {}
    names |= {entry: standing[entry].logical for entry in rows if entry in standing}
    bodies = serve([(turn[entry][1], turn[entry][-1]) for entry in rows], names)
    district = _district()
    for (entry, row), body in zip(rows.items(), bodies, strict=True):
        row[LOGICAL] = names[entry]
        row[LABEL] = label_of(turn[entry][1], turn[entry][-1], district)
        if row[STATUS] == DELETED and entry in standing:
            row[LABEL] |= standing[entry].label  # what is gone was still of its kind
        row[SERVED] = None if body is None else pack(body)


def _district() -> District | None:
    """The district of this process; None for a store without one, whose entries are as they say."""
    try:
        return current()
    except UserError:
        return None


def _keep_numbers(numbers: list[tuple[str, int]]) -> None:
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(_NUMBERS_JSON, [orjson.dumps(numbers).decode()])
        else:
            cursor.executemany(_NUMBER, numbers)


def _standing(turn: dict[int, Any]) -> dict[int, _Standing]:
    found: dict[int, _Standing] = {}
    ids = list(turn)
    with connection.cursor() as cursor:
        for at in range(0, len(ids), _PART):
            part = ids[at : at + _PART]
            cursor.execute(f"{_KNOWN} WHERE entry IN ({', '.join(map(str, part))})")
            for entry, digest, *rest in cursor.fetchall():
                found[entry] = _Standing(bytes(digest), *rest)
    return found


def _newer(row: list[Any], was: _Standing) -> bool:
    """Whether it stands from now on: the source's own time and version number decide."""
    return bool((row[RECORDED], row[ORDER]) >= (was.recorded, was.order))


def _another(row: list[Any], was: _Standing, said: Entry, counts: Counts) -> None:
    """A further version of an entry that is known."""
    row[VERSION] = was.versions + 1
    if said.status == DELETED:
        row[IDENTITY], row[AT] = was.identity, was.at  # what is gone was still somebody's
    if not _newer(row, was):
        _keep_late(row, counts)
        return
    counts.versions += 1
    marks = ", ".join(f"{name} = %s" for name in COLUMNS[1:])
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO record_version ({_NAMES}) SELECT {_NAMES} FROM record_entry "
            "WHERE entry = %s",
            [row[ENTRY]],
        )
        cursor.execute(
            f"UPDATE record_entry SET {marks}, versions = %s WHERE entry = %s",
            [*row[1:], row[VERSION], row[ENTRY]],
        )


def _keep_late(row: list[Any], counts: Counts) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT 1 FROM record_version WHERE entry = %s AND digest = %s",
            [row[ENTRY], row[DIGEST]],
        )
        if cursor.fetchone():
            counts.same += 1
            return
        counts.late += 1
        cursor.execute(
            "UPDATE record_entry SET versions = %s WHERE entry = %s", [row[VERSION], row[ENTRY]]
        )
    _insert("record_version", COLUMNS, [row])


def _insert(table: str, columns: Iterable[str], rows: list[list[Any]]) -> None:
    names = tuple(columns)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql" and len(rows) > 20:
            with cursor.copy(f"COPY {table} ({', '.join(names)}) FROM STDIN") as copy:
                for row in rows:
                    copy.write_row(row)
            return
        cursor.executemany(
            f"INSERT INTO {table} ({', '.join(names)}) VALUES ({', '.join(['%s'] * len(names))})",
            rows,
        )
