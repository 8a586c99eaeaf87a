"""What costing tells the measures of people: what contacts cost, for each person who had one.

Costs lie by contact; whose contact it was is in the log, and who that is among the people. So sums
are of the costs themselves, and those of a month are those of its contacts, to the penny.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any

from onesystem.budget.costing import queries, store
from onesystem.budget.costing.cells import month_of, number_of
from onesystem.contacts import operational, relation
from onesystem.district import current
from onesystem.flow.measures import days, who
from onesystem.flow.measures.telling import Asks, Sum
from onesystem.vocabulary.said import say

MONTHS = 60  # that are told
_PARTS = ("service", "practice")
# A person without a record is told apart by the identity that the contact has.
_GIVEN = """
CREATE TEMP TABLE given AS
SELECT k.month, coalesce(c.service, '') AS service, coalesce(w.practice, '') AS practice,
  coalesce(w.person, -c.identity) AS person, sum(k.minor)::BIGINT AS minor
FROM costs AS k LEFT JOIN contacts AS c ON c.contact = k.contact
LEFT JOIN whose AS w ON w.identity = c.identity
WHERE k.month BETWEEN ? AND ? GROUP BY ALL
"""


def stamp() -> str:
    """Changes with every costing that costed something, and with the day."""
    known = store.current()
    return f"{known.cells} {known.day}"


def sums(asks: Asks) -> Iterator[list[Sum]]:
    """Cost and people of each period and key, by service and practice."""
    if unknown := {part for parts, _ in asks for part in parts} - set(_PARTS):
        raise ValueError(say("costs of people are not by {unknown}", unknown=min(unknown)))
    with _given() as duck:
        for parts, every in asks:
            yield [] if duck is None else _summed(duck, parts, every)


def _summed(duck: Any, parts: tuple[str, ...], every: str) -> list[Sum]:
    told = "".join(f", {part}" for part in parts)
    found = duck.execute(
        f"SELECT p.period{told}, sum(g.minor)::BIGINT, count(DISTINCT g.person)"
        f" FROM given AS g JOIN {every} AS p ON p.month = g.month"
        f" GROUP BY p.period{told} ORDER BY p.period{told}"
    ).fetchall()
    return [Sum(period, tuple(key), minor, people, people) for period, *key, minor, people in found]


@contextmanager
def _given() -> Iterator[Any]:
    """What each person's contacts cost by month and service, as a table; None without costs."""
    import duckdb

    months = queries.months_held()[-MONTHS:]
    files = [str(store.place() / part.name) for part in store.current().parts.values()]
    if not months or not files:
        yield None
        return
    with duckdb.connect() as duck:
        known = relation.contacts(duck, current().path, operational.in_process())
        # As tables of its own: what is read in place takes no filters that come of a join.
        known.select("contact, identity, service").create("contacts")
        duck.from_arrow(whose()).create("whose")
        duck.read_parquet(files).create_view("costs")
        first, last = number_of(months[0]), number_of(months[-1])
        duck.execute(_GIVEN, [first, last])
        for every in ("month", "quarter", "year"):
            duck.from_arrow(_calendar(range(first, last + 1), every)).create(every)
        yield duck


def whose() -> Any:
    """Each identity's person, the day they were born (from 1970 on), and their practice."""
    import pyarrow as pa

    everybody = who.everybody()
    return pa.table({
        "identity": pa.array(everybody, pa.int64()),
        "person": pa.array([each.person for each in everybody.values()], pa.int64()),
        "born": pa.array([each.born for each in everybody.values()], pa.int64()),
        "practice": pa.array([each.practice for each in everybody.values()], pa.string()),
    })  # fmt: skip


def _calendar(months: range, every: str) -> Any:
    """In which period each month lies."""
    import pyarrow as pa

    firsts: list[date] = [month_of(month) for month in months]
    periods = [days.begin(days.day_of(first), every) for first in firsts]
    return pa.table({"month": pa.array(months, pa.int32()), "period": pa.array(periods)})
