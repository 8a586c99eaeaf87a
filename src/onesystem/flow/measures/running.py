"""Many measures worked out over all contacts by an engine, by service and period.

What several have in common, such as the spells in wards, is worked out once. Measures of single
contacts are not read together: the files' own statistics leave most of the log unread for those of
one setting, and the rest costs the same alone. Measures of people's periods are worked out a bucket
of people after the other, where the log can be read so: a grouping of a few million contacts stays
in the processor's cache, one of all of them goes to disk.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from onesystem.flow.measures import expression, frames
from onesystem.flow.measures.declaration import Declared
from onesystem.flow.measures.world import World

COLUMNS = ("service", "day", "numerator", "denominator")
_BIGINT = "CAST({0} AS BIGINT) AS {0}"

Bucket = tuple[int, int, str]  # first and last identity, their contacts as a table expression


def on_duckdb(
    duck: Any,
    relation: str,
    somebody: Any,
    measures: Mapping[str, Declared],
    world: World,
    *,
    every: str = "month",
    bounds: tuple[int, int] | None = None,
    buckets: Sequence[Bucket] = (),
) -> Iterator[tuple[str, Any]]:
    """Each measure's name with its sums: an Arrow table of COLUMNS.

    `relation` names the contacts in the log's columns, `somebody` is who has which identity; for
    these and `bounds` see `frames`. `day` is the first of the period. `buckets` hold the same
    contacts as the relation, as `contacts.log.scan.buckets` gives them.
    """
    connection, tables = frames.on_duckdb(
        duck, relation, somebody, world, measures=measures.values(), bounds=bounds
    )
    parted = {n: m for n, m in measures.items() if buckets and m.of.startswith("person-")}
    for name, measure in measures.items():
        if name not in parted:
            made = connection.compile(expression.summed(measure, tables, world, every=every))
            yield name, duck.execute(_whole(made)).to_arrow_table().select(list(COLUMNS))
    if parted:
        work = _Buckets(duck, connection, tables, relation, somebody)
        yield from work.sums(parted, world, every, buckets)


def _whole(made: str) -> str:
    """The sums as whole numbers of 64 bits: DuckDB adds those up to wider ones."""
    return f"SELECT * REPLACE ({', '.join(map(_BIGINT.format, COLUMNS[2:]))}) FROM ({made})"


class _Buckets:
    """Measures of people's periods, a bucket of people after the other.

    Whoever has identities in several buckets comes last, read from all contacts.
    """

    def __init__(
        self, duck: Any, connection: Any, tables: expression.Frames, relation: str, somebody: Any
    ) -> None:
        self.duck, self.connection, self.tables = duck, connection, tables
        self.relation, self.somebody = relation, somebody

    def sums(
        self, measures: Mapping[str, Declared], world: World, every: str, buckets: Sequence[Bucket]
    ) -> Iterator[tuple[str, Any]]:
        """Each measure's name with its sums."""
        duck = self.duck
        steps: list[tuple[str, str]] = []

        def keep(step: Any) -> Any:
            name, made = f"measured_part_{len(steps)}", self.connection.compile(step)
            duck.execute(f"CREATE OR REPLACE TEMP TABLE {name} AS SELECT * FROM ({made}) LIMIT 0")
            steps.append((name, made))
            return self.connection.table(name)

        tables = replace(self.tables, together=expression.Together(measures.values(), keep))
        made = {
            name: self.connection.compile(expression.summed(measure, tables, world, every=every))
            for name, measure in measures.items()
        }
        duck.execute(
            "CREATE OR REPLACE TEMP TABLE measured_sums"
            " (name VARCHAR, service VARCHAR, day BIGINT, numerator BIGINT, denominator BIGINT)"
        )
        for _ in self.each(buckets):
            for name, sql in steps:
                duck.execute(f"CREATE OR REPLACE TEMP TABLE {name} AS {sql}")
            for name, sql in made.items():
                duck.execute(
                    f"INSERT INTO measured_sums SELECT '{name}', {', '.join(COLUMNS)} FROM ({sql})"
                )
        added = ", ".join(f"sum({each}) AS {each}" for each in COLUMNS[2:])
        for name in measures:
            mine = f"FROM measured_sums WHERE name = '{name}' GROUP BY ALL"
            found = duck.execute(_whole(f"SELECT service, day, {added} {mine}"))
            yield name, found.to_arrow_table()

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

    Of each period, by its first day: of each size, what its people have together, and how many.
    """
    connection, tables = frames.on_duckdb(duck, relation, somebody, world, bounds=bounds)
    made = connection.compile(expression.sized(measure, tables, world))
    found: dict[int, dict[int, tuple[int, int]]] = {}
    for _ in _Buckets(duck, connection, tables, relation, somebody).each(buckets):
        sizes = f"SELECT day, size, CAST(amount AS BIGINT), people FROM ({made})"
        for day, size, amount, people in duck.execute(sizes).fetchall():
            before = found.setdefault(day, {}).get(size, (0, 0))
            found[day][size] = before[0] + amount, before[1] + people
    return found
