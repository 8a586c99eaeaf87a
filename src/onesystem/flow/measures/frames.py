"""The tables that expressions read, for DuckDB and for Spark: whole numbers and texts.

contacts: the columns of the contact log with times in milliseconds; somebody: each identity with
its person's facts; services: who runs each, and where.
"""

from functools import lru_cache
from typing import Any

from onesystem.flow.measures import days
from onesystem.flow.measures.expression import Frames
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


def on_duckdb(duck: Any, relation: str, somebody: Any, world: World) -> tuple[Any, Frames]:
    """An Ibis connection to a DuckDB connection, and the tables in it.

    `relation` names the contacts in the log's columns; `somebody` is an Arrow table.
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
    first, last = duck.execute(
        "SELECT epoch_ms(min(least(requested, started, ready, ended))),"
        f" epoch_ms(max(greatest(requested, started, ready, ended, planned))) FROM {relation}"
    ).fetchone()
    tables = (connection.table(f"measured_{n}") for n in ("contacts", "somebody", "services"))
    horizon = world.horizon
    low = min(horizon, first) if first is not None else horizon
    high = max(horizon, last) if last is not None else horizon

    @lru_cache
    def calendar(period: str) -> Any:
        name = f"measured_{period}"
        duck.register(f"{name}_in", pa.table(calendar_of(period, low, high, world)))
        duck.execute(f"CREATE OR REPLACE TEMP TABLE {name} AS SELECT * FROM {name}_in")
        return connection.table(name)

    return connection, Frames(*tables, first=low, last=high, calendar=calendar)


def calendar_of(period: str, first: int, last: int, world: World) -> dict[str, list[int]]:
    """The columns of a calendar over the days of a span (ms)."""
    clock = world.clock
    every = range(clock.day(first) - 1, clock.day(last) + 2)
    starts = [days.begin(day, period) for day in every]
    moments = {start: clock.midnight(start) for start in {*starts, *every}}
    ends = {start: clock.midnight(days.after(start, period)) for start in set(starts)}
    return {
        "of_day": list(every),
        "period": starts,
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


def on_spark(session: Any, contacts: Any, somebody: Any, world: World) -> tuple[Any, Frames]:
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
    tables = (connection.table(f"measured_{n}") for n in ("contacts", "somebody", "services"))
    low = min(world.horizon, first) if first is not None else world.horizon
    high = max(world.horizon, last) if last is not None else world.horizon

    @lru_cache
    def calendar(period: str) -> Any:
        table = pa.table(calendar_of(period, low, high, world))
        session.createDataFrame(table).createOrReplaceTempView(f"measured_{period}")
        return connection.table(f"measured_{period}")

    return connection, Frames(*tables, first=low, last=high, calendar=calendar)
