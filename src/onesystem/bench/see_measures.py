"""Measures over a large made log, each beside SQL written by hand on the same engine.

The log is made by arithmetic, in order of people: 560,000 people and 100 million contacts over 6.7
years with `full`, a fiftieth without. What is timed is the sum by service and month, in CPU
seconds of one read from Parquet.
"""

import tempfile
import time
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from onesystem.bench.shape import Row

_FULL, _SMALL = 100_000_000, 2_000_000
_EACH = 180  # contacts of a person, about
_START = datetime(2020, 1, 1, tzinfo=UTC)
_DAYS = 2_450
_MONTH = "date_trunc('month', {})"
_TARGETS = {"ed-4-hours": 2.9, "ambulatory-sensitive-admissions": 2.3,
            "emergency-readmission-30": 7.0}  # fmt: skip

# By hand: what an analyst would write for this log, without spells, zones or unknown ends.
_BY_HAND = {
    "ed-4-hours": """
        SELECT service, date_trunc('month', ended) AS month, count(*) AS n,
               sum(CASE WHEN epoch_ms(ended) - epoch_ms(started) <= 14400000 THEN 1 ELSE 0 END)
        FROM log WHERE setting = 'ED' AND ended IS NOT NULL AND NOT cancelled GROUP BY 1, 2""",
    "ambulatory-sensitive-admissions": """
        SELECT service, date_trunc('month', started) AS month, count(*) FROM log
        WHERE setting = 'ward' AND mode = 'from ED' AND NOT cancelled
          AND (reason LIKE 'J44%' OR reason LIKE 'I50%' OR reason LIKE 'L03%' OR reason LIKE 'N10%')
        GROUP BY 1, 2""",
    "emergency-readmission-30": """
        WITH stay AS (SELECT contact, identity, service, mode, started, ended, outcome FROM log
                      WHERE setting = 'ward' AND NOT cancelled)
        SELECT a.service, date_trunc('month', a.ended) AS month, count(DISTINCT a.contact) AS n,
               count(DISTINCT CASE WHEN b.contact IS NOT NULL THEN a.contact END)
        FROM stay a LEFT JOIN stay b ON a.identity = b.identity AND b.mode = 'from ED'
             AND b.started > a.ended
             AND date_diff('day', CAST(a.ended AS DATE), CAST(b.started AS DATE)) <= 29
        WHERE a.ended IS NOT NULL AND a.outcome <> 'died' GROUP BY 1, 2""",
}


def run(*, full: bool) -> Iterable[Row]:
    """Each of the measures with a stated cost, then every measure of the library in turn."""
    from onesystem.contacts.log import scan

    count = _FULL if full else _SMALL
    with tempfile.TemporaryDirectory(prefix="onesystem-see-") as place:
        duck = scan.connect(memory="2GB")
        file = Path(place) / "log.parquet"
        _make(duck, count, file)
        duck.execute(f"CREATE VIEW log AS SELECT * FROM read_parquet('{file}')")
        yield from _measured(duck, count, full=full)
        duck.close()


def _make(duck: Any, count: int, file: Path) -> None:
    """Contacts in order of people, by arithmetic on their numbers."""
    people = max(1, count // _EACH)
    start = int(_START.timestamp() * 1000)
    words = {
        "setting": ("general practice", "pharmacy", "community", "diagnostics", "outpatient", "ED",
                    "ward"),
        "reason": ("J441", "I500", "L030", "N10X", "K358", "S720", "R074", "G459"),
    }  # fmt: skip
    listed = {n: "[" + ", ".join(f"'{w}'" for w in each) + "]" for n, each in words.items()}
    duck.execute(f"""
        COPY (
            SELECT i AS contact, i // {_EACH} AS identity, 'pas' AS source,
                   kind || '-' || CAST(h % 9 AS VARCHAR) AS service, kind AS setting,
                   make_timestamp((began - 3600000) * 1000)::TIMESTAMPTZ AS requested,
                   make_timestamp(began * 1000)::TIMESTAMPTZ AS started,
                   NULL::TIMESTAMPTZ AS ready,
                   make_timestamp((began + lasts) * 1000)::TIMESTAMPTZ AS ended,
                   NULL::TIMESTAMPTZ AS planned, '' AS bed,
                   CASE WHEN kind = 'ward' AND h % 5 < 4 THEN 'from ED' ELSE '' END AS mode,
                   '' AS urgency, ({listed["reason"]})[1 + h % 8] AS reason,
                   CASE WHEN h % 40 = 0 THEN 'died' ELSE 'discharged home' END AS outcome,
                   '' AS "by", false AS cancelled,
                   make_timestamp((began + lasts) * 1000)::TIMESTAMPTZ AS known_at
            FROM (
                SELECT i, h, kind, {start} + ((i % {_EACH}) * {_DAYS * 86_400_000 // _EACH})
                       + h % 900000000 AS began,
                       CASE kind WHEN 'ward' THEN 3600000 * (h % 240)
                                 WHEN 'ED' THEN 60000 * (20 + h % 500)
                                 ELSE 60000 * (5 + h % 40) END AS lasts
                FROM (SELECT i, CAST(hash(i) >> 8 AS BIGINT) AS h, ({listed["setting"]})[
                          CASE WHEN hash(i) % 100 < 4 THEN 6 WHEN hash(i) % 100 < 6 THEN 7
                               ELSE 1 + CAST(hash(i) % 5 AS INTEGER) END] AS kind
                      FROM range({people * _EACH}) AS t(i))
            )
        ) TO '{file}' (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE 131072)""")


def _measured(duck: Any, count: int, *, full: bool) -> Iterable[Row]:
    from onesystem.flow.measures import frames, library
    from onesystem.flow.measures.days import clock
    from onesystem.flow.measures.world import CodeList, World

    people = count // _EACH
    duck.execute(
        "CREATE TEMP TABLE bench_people AS SELECT i AS identity, i AS person,"
        " -CAST(hash(i) % 30000 AS BIGINT) AS born, NULL::BIGINT AS died, 'female' AS sex,"
        f" '' AS practice, '' AS area, '' AS deprivation FROM range({people}) AS t(i)"
    )
    somebody = duck.execute("SELECT * FROM bench_people").to_arrow_table()
    zone = clock("Europe/London")
    horizon = zone.midnight(zone.day(int(_START.timestamp() * 1000)) + _DAYS)
    world = World(clock=zone, horizon=horizon, codes=library.codes(), prices=library.prices())
    same = CodeList("ambulatory-sensitive", "", "", frozenset(), ("J44", "I50", "L03", "N10"))
    alike = replace(world, codes={**world.codes, same.name: same})
    connection, tables = frames.on_duckdb(duck, "log", somebody, world)
    plan = (connection, tables)
    for name, sql in _BY_HAND.items():
        by_hand = min(_cost(duck, sql) for _ in range(2))
        ours = min(_cost(duck, _summed(plan, name, alike)) for _ in range(2))
        yield Row(
            name=f"{name} by service and month, {count:,} contacts", value=round(ours, 2),
            unit="CPU s", peer="SQL by hand", peer_value=round(by_hand, 2), lower_is_better=True,
            target=round(max(by_hand * 1.3, _TARGETS[name] * 1.3 if full else 0), 2),
        )  # fmt: skip
    start = time.process_time()
    for name in library.shipped():
        duck.execute(_summed(plan, name, world)).fetchall()
    yield Row(
        name=f"all {len(library.shipped())} measures by service and month",
        value=round(time.process_time() - start, 1), unit="CPU s", lower_is_better=True,
        target=180 if full else None,
    )  # fmt: skip


def _summed(plan: tuple[Any, Any], name: str, world: Any) -> str:
    """The query of a measure, summed by service and month."""
    from onesystem.flow.measures import expression, library

    connection, tables = plan
    made = connection.compile(
        expression.given(library.shipped()[name], tables, world, people=False)
    )
    month = _MONTH.format("DATE '1970-01-01' + CAST(day AS INTEGER)")
    return (
        f"SELECT service, {month} AS month, sum(numerator), sum(denominator) FROM ({made})"
        " GROUP BY 1, 2"
    )


def _cost(duck: Any, sql: str) -> float:
    """CPU seconds of a query."""
    start = time.process_time()
    duck.execute(sql).fetchall()
    return time.process_time() - start
