"""Raw reads and writes of the room's tables, in batches; the same on SQLite and PostgreSQL."""

import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import lru_cache
from typing import Any

from django.db import connection, connections

from onesystem.access import quick
from onesystem.people.clusters import Held
from onesystem.people.compare import Record
from onesystem.people.described import Description
from onesystem.people.names import alias_keys, family_key, fold, given_key, phone_key, postcode_key
from onesystem.vocabulary import CheckState
from onesystem.vocabulary.arrays import arrays_of, from_arrays

_CHUNK = 500
NATIONAL = ("nhs", "nhi")  # schemes with a check digit: they name a person anywhere
_RECORD = "id, family_key, given_key, birth_date, sex, postcode_key, address_key, phone_key, number"
_NAMES = ("id", "family", "given", "birth", "sex", "postcode", "address", "phone", "number")
DESCRIBED = (
    "seen_at", "known_at", "message", "digest", "texts", "family", "given", "other_names",
    "birth_date", "sex", "address", "postcode", "phone", "practice", "died", "restricted",
    "number", "family_key", "given_key", "address_key", "postcode_key", "phone_key",
)  # fmt: skip


def now() -> int:
    """The present in microseconds."""
    return time.time_ns() // 1000


def on_postgres() -> bool:
    """Whether the store is PostgreSQL."""
    # From the settings, not from a connection: to find this thread's costs more than the question.
    return "postgresql" in connections.settings["default"]["ENGINE"]


def chunks(values: Iterable[Any]) -> Iterator[list[Any]]:
    """Lists short enough for one statement."""
    every = list(values)
    for start in range(0, len(every), _CHUNK):
        yield every[start : start + _CHUNK]


def marks(values: Sequence[Any]) -> str:
    """As many %s as there are values."""
    return ",".join(["%s"] * len(values))


@lru_cache(maxsize=512)
def _question_marks(sql: str) -> str:
    return sql.replace("%s", "?").replace("%%", "%")


def rows(sql: str, values: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
    """What a statement gives."""
    db = quick.store()
    if db.vendor == "sqlite":  # straight to the driver: Django's layers cost more than it
        if db.connection is None:
            db.ensure_connection()
        with db.wrap_database_errors:
            found = db.connection.execute(_question_marks(sql), values)
            return found.fetchall()  # type: ignore[no-any-return]
    with db.cursor() as cursor:
        cursor.execute(sql, values)
        return cursor.fetchall()


def many(sql: str, lines: Sequence[Sequence[Any]]) -> None:
    """One statement over many lines."""
    if not lines:
        return
    db = quick.store()
    if db.vendor == "sqlite":
        if db.connection is None:
            db.ensure_connection()
        with db.wrap_database_errors:
            db.connection.executemany(_question_marks(sql), lines)
        return
    with db.cursor() as cursor:
        cursor.executemany(sql, lines)


def insert(
    table: str, kinds: Mapping[str, str], lines: Sequence[Sequence[Any]], then: str = ""
) -> None:
    """Insert lines; `kinds` are the columns with PostgreSQL's types, where one statement does."""
    if not lines:
        return
    if quick.store().vendor == "sqlite":
        many(_inserting(table, tuple(kinds), then), lines)
        return
    run(from_arrays(table, kinds, then), arrays_of(lines))


@lru_cache(maxsize=32)
def _inserting(table: str, names: tuple[str, ...], then: str) -> str:
    return f"INSERT INTO {table} ({', '.join(names)}) VALUES ({marks(names)}) {then}"


def run(sql: str, values: Sequence[Any] = ()) -> None:
    """A statement that gives nothing."""
    with connection.cursor() as cursor:
        cursor.execute(sql, values)


_MANY = 20_000


@contextmanager
def indexes_later(table: str, coming: int, *, of: str = "", share: float = 0.5) -> Iterator[None]:
    """Make a table's indexes anew after a load of at least a `share` of it: a sort, not a million
    steps into each of them. Only those `of` one column, where one is named.

    SQLite only; PostgreSQL would lock its readers out meanwhile.
    """
    if connection.vendor != "sqlite" or coming < _MANY or coming < share * _count(table):
        yield
        return
    sql = "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND tbl_name = %s AND sql <> ''"
    indexes = [each for each in rows(sql, [table]) if not of or f'("{of}")' in each[1]]
    for name, _ in indexes:
        run(f'DROP INDEX "{name}"')
    yield
    for _, create in indexes:
        run(create)


def _count(table: str) -> int:
    return int(rows(f"SELECT count(*) FROM {table}")[0][0])


def lock_map() -> None:
    """Let one writer at a time change the map. SQLite's transactions do so by themselves."""
    if on_postgres():
        run("SELECT pg_advisory_xact_lock(hashtext('onesystem.people.map'))")


def next_ids(count: int) -> list[int]:
    """Fresh identity ids, inside a transaction."""
    if on_postgres():
        sql = (
            "SELECT nextval(pg_get_serial_sequence('people_identity', 'id'))"
            " FROM generate_series(1, %s)"
        )
        return [row[0] for row in rows(sql, [count])]
    found = rows("SELECT seq FROM sqlite_sequence WHERE name = 'people_identity'")
    first = (found[0][0] if found else 0) + 1
    return list(range(first, first + count))


def first_of_run(count: int) -> int:
    """The first of `count` fresh ids in a row; the caller holds the table."""
    if on_postgres():
        name = "pg_get_serial_sequence('people_identity', 'id')"
        first = int(rows(f"SELECT nextval({name})")[0][0])
        run(f"SELECT setval({name}, %s)", [first + count - 1])
        return first
    return next_ids(1)[0]


def keys(d: Description) -> tuple[str, str, str, str, str]:
    """The folded columns of a description, in the order of DESCRIBED."""
    return (
        family_key(d.family), given_key(d.given), fold(d.address), postcode_key(d.postcode),
        phone_key(d.phone),
    )  # fmt: skip


_ALIAS = {"family_key": "text", "given_key": "text", "identity": "bigint"}


def aliases(identity: int, d: Description) -> list[tuple[str, str, int]]:
    """The rows of an identity's other names."""
    if not d.other_names and (not d.family or d.family.isalpha()):  # as good as everybody
        return []
    return [(*keys, identity) for keys in sorted(alias_keys(d.family, d.given, d.other_names))]


def keep_aliases(lines: Sequence[tuple[str, str, int]]) -> None:
    """Keep other names of identities that have none so far."""
    insert("people_alias", _ALIAS, lines)


def compared_number(d: Description) -> str:
    """The one national number a record is compared by: passing, not superseded, verified first."""
    passing = [
        n for n in d.numbers
        if n.scheme in NATIONAL and not n.superseded and n.check is CheckState.PASSES
    ]  # fmt: skip
    return min(passing, key=lambda n: (not n.verified, n.scheme, n.value)).value if passing else ""


def record_of(identity: int, d: Description) -> Record:
    """A description as the scorer compares it."""
    family, given, address, postcode, phone = keys(d)
    return {
        "id": identity, "family": family, "given": given, "birth": d.birth_date, "sex": d.sex,
        "postcode": postcode, "address": address, "phone": phone, "number": compared_number(d),
    }  # fmt: skip


def records(ids: Iterable[int]) -> dict[int, Record]:
    """Records as the scorer compares them, by identity."""
    found: dict[int, Record] = {}
    for some in chunks(ids):
        sql = f"SELECT {_RECORD} FROM people_identity WHERE id IN ({marks(some)})"
        found.update({row[0]: dict(zip(_NAMES, row, strict=True)) for row in rows(sql, some)})
    return found


def records_where(subquery: str, values: Sequence[Any]) -> list[Record]:
    """Records whose id is among those that a query gives."""
    sql = f"SELECT {_RECORD} FROM people_identity WHERE id IN ({subquery})"
    return [dict(zip(_NAMES, row, strict=True)) for row in rows(sql, values)]


def records_beside(sql: str, values: Sequence[Any]) -> dict[int, list[Record]]:
    """Records by the identity beside which they stand: the query gives pairs of both."""
    names = ", ".join(f"i.{name}" for name in _RECORD.split(", "))
    found: dict[int, list[Record]] = {}
    for me, *row in rows(
        f"SELECT p.me, {names} FROM ({sql}) AS p (me, id) JOIN people_identity i ON i.id = p.id",
        values,
    ):
        found.setdefault(me, []).append(dict(zip(_NAMES, row, strict=True)))
    return found


def held_by(ids: Iterable[int]) -> dict[int, Held]:
    """The numbers that may not differ within a person, by identity."""
    found: dict[int, tuple[set[tuple[str, str]], set[tuple[str, str]]]] = {}
    for some in chunks(ids):
        sql = (
            "SELECT identity, scheme, value, superseded FROM people_number"
            f" WHERE identity IN ({marks(some)}) AND checked = 'passes'"
            f" AND scheme IN ({marks(NATIONAL)})"
            " AND (superseded = 1 OR (verified = 1 AND current = 1))"
        )
        for identity, scheme, value, superseded in rows(sql, [*some, *NATIONAL]):
            found.setdefault(identity, (set(), set()))[superseded].add((scheme, value))
    return {i: Held(frozenset(a), frozenset(s)) for i, (a, s) in found.items()}


def persons(ids: Iterable[int]) -> dict[int, int]:
    """The person of each identity."""
    found: dict[int, int] = {}
    for some in chunks(ids):
        sql = f"SELECT id, person FROM people_identity WHERE id IN ({marks(some)})"
        found.update(rows(sql, some))
    return found


def stable_keys(ids: Iterable[int]) -> Mapping[int, tuple[str, str]]:
    """The sources' own keys of identities: an order that does not depend on when they came."""
    return standing(ids)[0]


def standing(ids: Iterable[int]) -> tuple[dict[int, tuple[str, str]], dict[int, int]]:
    """The `stable_keys` of identities, and the person of each."""
    keys: dict[int, tuple[str, str]] = {}
    person: dict[int, int] = {}
    for some in chunks(ids):
        sql = f"SELECT id, source, subject, person FROM people_identity WHERE id IN ({marks(some)})"
        for identity, source, subject, now_of in rows(sql, some):
            keys[identity], person[identity] = (source, subject), now_of
    return keys, person
