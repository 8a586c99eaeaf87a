"""Many measures worked out over all contacts, by service and period.

`in_columns` works a whole library out in one pass over the people: what several measures ask is
asked once. `on_duckdb` and `on_spark` work them out one after the other, and share the spells: the
quickest way to one measure, of which the files' own statistics leave most of the log unread. How
people's periods are spread is worked out a bucket of people after the other, where the log can be
read so: a grouping of a few million contacts stays in the processor's cache, one of all of them
goes to disk.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from onesystem.flow.measures import expression, frames
from onesystem.flow.measures.declaration import Declared
from onesystem.flow.measures.world import World

COLUMNS = ("service", "day", "numerator", "denominator")
_BIGINT = "CAST({0} AS BIGINT) AS {0}"

Bucket = tuple[int, int, str]  # first and last identity, their contacts as a table expression


def in_columns(
    portions: Iterable[Any],
    somebody: Any,
    measures: Mapping[str, Declared],
    world: World,
    *,
    every: str = "month",
) -> Iterator[tuple[str, Any]]:
    """The same as `on_duckdb`, of all measures at once and in memory of one portion.

    `portions` are tables of contacts with `summing.columns_of` the measures, each with all of its
    identities', as `contacts.log.ordered.people` gives them.
    """
    from onesystem.flow.measures.columns import summing

    return summing.sums(portions, somebody, measures, world, every=every)


def on_duckdb(
    duck: Any,
    relation: str,
    somebody: Any,
    measures: Mapping[str, Declared],
    world: World,
    *,
    every: str = "month",
    bounds: tuple[int, int] | None = None,
) -> Iterator[tuple[str, Any]]:
    """Each measure's name with its sums: an Arrow table of COLUMNS.

    `relation` names the contacts in the log's columns, `somebody` is who has which identity; for
    these and `bounds` see `frames`. `day` is the first of the period.
    """
    connection, tables = frames.on_duckdb(
        duck, relation, somebody, world, measures=measures.values(), bounds=bounds
    )
    for name, measure in measures.items():
        made = connection.compile(expression.summed(measure, tables, world, every=every))
        yield name, duck.execute(_whole(made)).to_arrow_table().select(list(COLUMNS))


def _whole(made: str) -> str:
    """The sums as whole numbers of 64 bits: DuckDB adds those up to wider ones."""
    return f"SELECT * REPLACE ({', '.join(map(_BIGINT.format, COLUMNS[2:]))}) FROM ({made})"


class _Buckets:
    """The contacts of a bucket of people after the other.

    Whoever has identities in several buckets comes last, read from all contacts.
    """

    def __init__(self, duck: Any, relation: str, somebody: Any) -> None:
        self.duck, self.relation, self.somebody = duck, relation, somebody

    def each(self, buckets: Sequence[Bucket]) -> Iterator[None]:
        """Let the tables hold one bucket after the other; then everything again."""
        import pyarrow as pa

        if not buckets:
            yield
            return

        duck, place = self.duck, self._places(buckets)
        duck.register("measured_places", pa.table({"place": place}))
        duck.execute(
            "CREATE OR REPLACE TEMP TABLE measured_placed AS"
            " SELECT * FROM measured_somebody_in POSITIONAL JOIN measured_places"
        )
        # Two threads over so few contacts cost half as much again as one: they wait for each other.
        (threads,) = duck.execute("SELECT current_setting('threads')").fetchone()
        duck.execute("SET threads = 1")
        parts = [rows for _, _, rows in buckets]
        for number in sorted(set(place.tolist()), reverse=True):  # -1 comes last
            rows = parts[number] if number >= 0 else self.relation
            self._set(rows, f"WHERE place = {number}")
            yield
        duck.execute(f"SET threads = {threads}")
        self._set(self.relation, "")

    def _set(self, rows: str, which: str) -> None:
        contacts = frames.contacts_sql(rows)
        self.duck.execute(f"CREATE OR REPLACE TEMP VIEW measured_contacts AS {contacts}")
        self.duck.execute(
            "CREATE OR REPLACE TEMP TABLE measured_somebody AS"
            f" SELECT * EXCLUDE (place) FROM measured_placed {which}"
        )

    def _places(self, buckets: Sequence[Bucket]) -> Any:
        """The bucket of each line of somebody; -1 where a person's are not all in one."""
        import numpy as np

        identity = self.somebody["identity"].to_numpy()
        person = self.somebody["person"].to_numpy()
        firsts = np.array([first for first, _, _ in buckets], np.int64)
        place = np.maximum(np.searchsorted(firsts, identity, "right") - 1, 0)
        order = np.argsort(person, kind="stable")
        starts = np.flatnonzero(np.diff(person[order], prepend=person[order][:1] - 1))
        low, high = (f.reduceat(place[order], starts) for f in (np.minimum, np.maximum))
        apart = np.repeat(low != high, np.diff(np.append(starts, len(order))))
        place[order[apart]] = -1
        return place


def on_spark(
    session: Any,
    contacts: Any,
    somebody: Any,
    measures: Mapping[str, Declared],
    world: World,
    *,
    every: str = "month",
) -> Iterator[tuple[str, Any]]:
    """The same on Spark; `contacts` and `somebody` as `frames.on_spark` takes them."""
    connection, tables = frames.on_spark(
        session, contacts, somebody, world, measures=measures.values()
    )
    for name, measure in measures.items():
        made = connection.compile(expression.summed(measure, tables, world, every=every))
        yield name, session.sql(made).toArrow().select(list(COLUMNS))


def spread(
    duck: Any,
    relation: str,
    somebody: Any,
    measure: Declared,
    world: World,
    *,
    bounds: tuple[int, int] | None = None,
    buckets: Sequence[Bucket] = (),
) -> dict[int, dict[int, tuple[int, int]]]:
    """What people have of a measure of their periods, by period and size, as `concentration` asks.

    `buckets` hold the same contacts as the relation, as `contacts.log.scan.buckets` gives them.
    Of each period, by its first day: of each size, what its people have together, and how many.
    """
    connection, tables = frames.on_duckdb(duck, relation, somebody, world, bounds=bounds)
    tables = replace(tables, together=None)  # a step that is kept would be that of all buckets
    made = connection.compile(expression.sized(measure, tables, world))
    found: dict[int, dict[int, tuple[int, int]]] = {}
    for _ in _Buckets(duck, relation, somebody).each(buckets):
        sizes = f"SELECT day, size, CAST(amount AS BIGINT), people FROM ({made})"
        for day, size, amount, people in duck.execute(sizes).fetchall():
            before = found.setdefault(day, {}).get(size, (0, 0))
            found[day][size] = before[0] + amount, before[1] + people
    return found
