"""Many measures worked out over all contacts by an engine, by service and period.

One after the other, so that memory is that of one; what several have in common, such as the spells
in wards, is worked out once.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from onesystem.flow.measures import expression, frames
from onesystem.flow.measures.declaration import Declared
from onesystem.flow.measures.world import World

_BIGINT = "CAST({0} AS BIGINT) AS {0}"
COLUMNS = ("service", "day", "numerator", "denominator")


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
        # DuckDB adds whole numbers up to wider ones.
        sums = f"SELECT * REPLACE ({', '.join(map(_BIGINT.format, COLUMNS[2:]))}) FROM ({made})"
        yield name, duck.execute(sums).to_arrow_table().select(list(COLUMNS))


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
) -> dict[int, dict[int, tuple[int, int]]]:
    """What people have of a measure of their periods, by period and size, as `concentration` asks.

    Of each period, by its first day: of each size, what its people have together, and how many.
    """
    connection, tables = frames.on_duckdb(duck, relation, somebody, world, bounds=bounds)
    made = connection.compile(expression.sized(measure, tables, world))
    found: dict[int, dict[int, tuple[int, int]]] = {}
    for day, size, amount, people in duck.execute(
        f"SELECT day, size, CAST(amount AS BIGINT), people FROM ({made})"
    ).fetchall():
        found.setdefault(day, {})[size] = amount, people
    return found
