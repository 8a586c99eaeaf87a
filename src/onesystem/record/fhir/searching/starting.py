"""Where a search starts: the condition that few entries meet, found by looking.

Up to `ENOUGH` rows of each condition are counted, then up to `MANY`, which costs little and needs
no statistics of the database.
"""

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from django.db import connection

from onesystem.record.fhir.searching.matching import Look

ENOUGH = 1000
MANY = 20_000
Sql = tuple[str, list[Any]]


class Test(NamedTuple):
    """A condition: the entries to start from (or none), and the test of one entry."""

    start: Sql | None
    holds: Callable[[str], Sql]  # the alias of record_entry
    sure: bool = False
    likely: Sql | None = None  # the identities that most of its entries are of
    rare: bool = False
    look: Look | None = None  # where that is all of it, and gives each entry once


def first_of(tests: Sequence[Test], *, inner: bool) -> tuple[Test | None, bool]:
    """The test to start from, None to walk the type; and whether few entries meet it."""
    able = [test for test in tests if test.start is not None]
    for test in able:
        if test.sure:
            return test, True
    if not able:
        return None, not tests
    if inner and len(able) == 1:
        return able[0], False
    best, least = _least(able, ENOUGH)
    if best is None and (inner or len(tests) > 1):
        best, least = _least(able, MANY)
    if best is None and inner:
        best = able[0]
    return best, least < ENOUGH


def _least(able: Sequence[Test], most: int) -> tuple[Test | None, int]:
    best, least = None, most
    for test in able:
        found = _dive(test.start, least)  # type: ignore[arg-type]
        if found < least:
            best, least = test, found
    return best, least


def begun(
    first: Test | None, also: Sequence[Test], kinds: Sequence[str], number: int, *, timed: bool
) -> Sql:
    """FROM, and WHERE as far as it joins: each entry once, in the order of a key where it can."""
    start, joined = f"d{number}", f"e{number}.id = d{number}.entry"
    if first is not None and first.look is not None:
        # Joined, a table is opened once; tested for each entry, it is opened for each.
        tables, where = f"{first.look.table} {start}", first.look.under(start)
        for n, look in enumerate(test.look for test in also if test.look):
            tables += f" CROSS JOIN {look.table} {start}_{n}"
            where += f" AND {look.under(f'{start}_{n}')} AND {start}_{n}.entry = {start}.entry"
        sql = f"FROM {tables} CROSS JOIN record_entry e{number} WHERE {where} AND {joined}"
        return sql, [v for each in (first, *also) if each.look for v in each.look.values]
    sql, values = (first.start if first else None) or (_EVER if timed else every(kinds))
    sql = sql if first is None else _distinct(sql)
    return f"FROM ({sql}) {start} CROSS JOIN record_entry e{number} WHERE {joined}", [*values]


def every(kinds: Sequence[str]) -> Sql:
    """All entries of the types, in the order in which they came where there is one type."""
    marks = ", ".join(["%s"] * len(kinds)) or "''"
    return f"SELECT o.id AS entry FROM record_entry o WHERE o.kind IN ({marks})", list(kinds)


_EVER: Sql = ("SELECT o.id AS entry, o.known_at, o.entry AS hash FROM record_entry o", [])


def _distinct(sql: str) -> str:
    return (
        f"SELECT DISTINCT entry FROM ({sql}) u"
        if " UNION ALL " in sql
        else sql.replace("SELECT ", "SELECT DISTINCT ", 1)
    )


def are_many(start: Sql) -> bool:
    """Whether there are many entries to start from."""
    return _dive(start, MANY) >= MANY


def _dive(start: Sql, most: int) -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT COUNT(*) FROM (SELECT 1 FROM ({start[0]}) s LIMIT {most}) t", start[1]
        )
        return int(cursor.fetchone()[0])
