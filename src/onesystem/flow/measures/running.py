"""Many measures worked out over all contacts, by service and period.

`in_columns` works a whole library out in one pass over the people: what several measures ask is
asked once, and of measures of few settings most of the log is left unread. `on_duckdb` and
`on_spark` work them out one after the other, by the expressions that engines share.
"""

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from onesystem.flow.measures import expression, frames
from onesystem.flow.measures.declaration import Declared
from onesystem.flow.measures.world import World

COLUMNS = ("service", "day", "numerator", "denominator")
_PORTION = 260_000  # contacts of people that are worked out together
_FEW = 2_000_000  # contacts that are held at once
_BIGINT = "CAST({0} AS BIGINT) AS {0}"


def portions_of(now: Any, folder: Path, measures: Iterable[Declared]) -> Iterator[Any]:
    """What a log has of these measures, as `in_columns` and `spread` take it.

    `now` is the log's manifest and `folder` its place. Read by month where nobody is asked for, or
    where the measures need few contacts: those of some settings, which lie together there.
    """
    from onesystem.contacts.log import ordered
    from onesystem.flow.measures.columns import summing

    asked = list(measures)
    names, settings = summing.columns_of(asked), summing.settings_of(asked)
    if not any(map(summing.of_people, asked)):
        yield from ordered.anybody(now, folder, names, settings)
    elif (few := _few(now, folder, names, settings)) is not None:
        yield few
    else:
        yield from ordered.people(now, folder, names, rows=_PORTION)


def _few(now: Any, folder: Path, names: list[str], settings: frozenset[str]) -> Any:
    """The contacts of some settings as one table; None where these are many, or all."""
    import pyarrow as pa

    from onesystem.contacts.log import ordered

    tables, held = [], 0
    for table in ordered.anybody(now, folder, names, settings) if settings else ():
        tables.append(table)
        held += len(table)
        if held > _FEW:
            return None
    return pa.concat_tables(tables) if tables else None


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
    identities', or, where nothing is asked of people, any tables: see `portions_of`.
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
    portions: Iterable[Any], somebody: Any, measure: Declared, world: World
) -> dict[int, dict[int, tuple[int, int]]]:
    """What people have of a measure of their periods, by period and size, as `concentration` asks.

    Of each period, by its first day: of each size, what its people have together, and how many.
    `portions` are as those of `in_columns`.
    """
    from onesystem.flow.measures.columns import summing

    return summing.spread(portions, somebody, measure, world)
