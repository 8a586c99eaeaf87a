"""The tables that expressions read, for DuckDB and for Spark: whole numbers and texts.

contacts: the columns of the contact log with times in milliseconds; somebody: each identity with
its person's facts; services: who runs each, and where.
"""

from collections.abc import Callable, Iterable
from functools import lru_cache
from itertools import count
from typing import Any

from onesystem.flow.measures import days
from onesystem.flow.measures.declaration import Declared
from onesystem.flow.measures.expression import Frames, Together
from onesystem.flow.measures.language import TEXTS, TIMES
from onesystem.flow.measures.world import World

SOMEBODY = (
    "identity", "person", "born", "died", "sex", "practice", "area", "deprivation",
)  # fmt: skip


def contacts_sql(relation: str, moment: str = "epoch_ms({})") -> str:
    """The contacts of a table in the log's own columns, times in milliseconds.

    `moment` turns a time of the engine into milliseconds since 1970.
    """
    times = ", ".join(f"{moment.format(name)} AS {name}" for name in (*TIMES, "known_at"))
    texts = ", ".join(f'CAST("{name}" AS VARCHAR) AS "{name}"' for name in TEXTS)
    return (
        f"SELECT contact, identity, CAST(service AS VARCHAR) AS service,"
        f" CAST(setting AS VARCHAR) AS setting, {texts}, {times}, cancelled FROM {relation}"
    )


def on_duckdb(
    duck: Any,
    relation: str,
    somebody: Any,
    world: World,
    *,
    measures: Iterable[Declared] = (),
    bounds: tuple[int, int] | None = None,
) -> tuple[Any, Frames]:
    """An Ibis connection to a DuckDB connection, and the tables in it.

    `relation` names the contacts in the log's columns; `somebody` is an Arrow table. `measures`
    are those that will be worked out one after the other, and may share their steps. `bounds` are
    the first and last time (ms) in the relation, where they are known without reading all of it.
    """
    import ibis
    import pyarrow as pa

    connection = ibis.duckdb.from_connection(duck)
    # A join may push what it has learnt down to a scan, and a scan of Arrow cannot take that.
    duck.execute("SET disabled_optimizers = 'join_filter_pushdown'")
    duck.execute(f"CREATE OR REPLACE TEMP VIEW measured_contacts AS {contacts_sql(relation)}")
    duck.register("measured_somebody_in", somebody)
    duck.execute(
        "CREATE OR REPLACE TEMP TABLE measured_somebody AS SELECT * FROM measured_somebody_in"
    )
    codes = sorted(world.organisations)
    there = pa.table({
        "service": pa.array(codes, pa.string()),
        "organisation": pa.array([world.organisations[c] for c in codes], pa.string()),
        "place": pa.array([world.places.get(c, "") for c in codes], pa.string()),
    })  # fmt: skip
    duck.register("measured_services_in", there)
    duck.execute(
        "CREATE OR REPLACE TEMP TABLE measured_services AS SELECT * FROM measured_services_in"
    )
    first, last = bounds or _bounds(duck, relation)
    numbers = count(1)

    def keep(step: Any) -> Any:
        name = f"measured_step_{next(numbers)}"
        duck.execute(f"CREATE OR REPLACE TEMP TABLE {name} AS {connection.compile(step)}")
        return connection.table(name)

    horizon = world.horizon
    low = min(horizon, first) if first is not None else horizon
    high = max(horizon, last) if last is not None else horizon

    @lru_cache
    def calendar(period: str) -> Any:
        name = f"measured_{period}"
        duck.register(f"{name}_in", pa.table(calendar_of(period, low, high, world)))
        duck.execute(f"CREATE OR REPLACE TEMP TABLE {name} AS SELECT * FROM {name}_in")
        return connection.table(name)

    told = _tables(connection, calendar, Together(measures, keep), low, high)
    return connection, told


def _tables(
    connection: Any, calendar: Callable[[str], Any], together: Together, first: int, last: int
) -> Frames:
    """The tables that were registered with an engine, as expressions ask for them."""
    return Frames(
        contacts=connection.table("measured_contacts"),
        somebody=connection.table("measured_somebody"),
        services=connection.table("measured_services"),
        first=first, last=last, calendar=calendar, together=together,
    )  # fmt: skip


def _bounds(duck: Any, relation: str) -> tuple[int | None, int | None]:
    """The first and last time that occur: a read of all times."""
    first, last = duck.execute(
        f"SELECT epoch_ms(least({_each('min', TIMES[:4])})),"
        f" epoch_ms(greatest({_each('max', TIMES)})) FROM {relation}"
    ).fetchone()
    return first, last


def _each(function: str, columns: Iterable[str]) -> str:
    return ", ".join(f"{function}({name})" for name in columns)


def calendar_of(period: str, first: int, last: int, world: World) -> dict[str, list[int]]:
    """The columns of a calendar over the days of a span (ms)."""
    clock = world.clock
    low, high = days.first_of(clock.day(first), period), clock.day(last) + 2
    every = range(low, max(high, days.after(low, period)))
    starts = [days.begin(day, period) for day in every]
    places = {start: place for place, start in enumerate(dict.fromkeys(starts))}
    moments = {start: clock.midnight(start) for start in {*starts, *every}}
    ends = {start: clock.midnight(days.after(start, period)) for start in set(starts)}
    return {
        "of_day": list(every),
        "period": starts,
        "place": [places[start] for start in starts],
        "after": [days.after(start, period) for start in starts],
        "period_start": [moments[start] for start in starts],
        "period_end": [ends[start] for start in starts],
    }


def somebody_table(rows: list[tuple[Any, ...]]) -> Any:
    """Rows in the order of SOMEBODY as an Arrow table."""
    import pyarrow as pa

    kinds = [pa.int64(), pa.int64(), pa.int64(), pa.int64(), *[pa.string()] * 4]
    columns = list(zip(*rows, strict=True)) if rows else [()] * len(SOMEBODY)
    arrays = [pa.array(column, kind) for column, kind in zip(columns, kinds, strict=True)]
    return pa.table(dict(zip(SOMEBODY, arrays, strict=True)))


def on_spark(
    session: Any, contacts: Any, somebody: Any, world: World, *, measures: Iterable[Declared] = ()
) -> tuple[Any, Frames]:
    """An Ibis connection to a Spark session, and the tables in it.

    `contacts` (the log's columns) and `somebody` are Arrow tables or Spark data frames: of a large
    district, the files of the log as Spark reads them, bucketed by person.
    """
    import ibis
    import pyarrow as pa

    def frame(table: Any) -> Any:
        return session.createDataFrame(table) if isinstance(table, pa.Table) else table

    connection = ibis.pyspark.connect(session)
    told = frame(contacts)
    told.createOrReplaceTempView("told_contacts")
    times = contacts_sql("told_contacts", "unix_millis({})").replace("VARCHAR", "STRING")
    session.sql(times.replace('"', "`")).createOrReplaceTempView("measured_contacts")
    frame(somebody).createOrReplaceTempView("measured_somebody")
    codes = sorted(world.organisations)
    rows = [(code, world.organisations[code], world.places.get(code, "")) for code in codes]
    session.createDataFrame(
        rows, "service string, organisation string, place string"
    ).createOrReplaceTempView("measured_services")
    first, last = session.sql(
        "SELECT unix_millis(min(least(requested, started, ready, ended))),"
        " unix_millis(max(greatest(requested, started, ready, ended, planned))) FROM told_contacts"
    ).first()
    low = min(world.horizon, first) if first is not None else world.horizon
    high = max(world.horizon, last) if last is not None else world.horizon

    @lru_cache
    def calendar(period: str) -> Any:
        table = pa.table(calendar_of(period, low, high, world))
        session.createDataFrame(table).createOrReplaceTempView(f"measured_{period}")
        return connection.table(f"measured_{period}")

    numbers = count(1)

    def keep(step: Any) -> Any:
        name = f"measured_step_{next(numbers)}"
        session.sql(connection.compile(step)).cache().createOrReplaceTempView(name)
        return connection.table(name)

    told = _tables(connection, calendar, Together(measures, keep), low, high)
    return connection, told
