"""`bench cost`: every contact of a district-year costed, from the log to the files beside it.

A year of contacts drawn as the other benchmarks draw them (`see_log`), months as appends leave
them. Times are CPU seconds of the process and of all its threads. The peer is the same sums in
DuckDB with floating point and one price a setting: no lines, no months of stays, no pennies.
"""

import cProfile
import os
import pstats
import sys
import time
from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

from onesystem.bench.scratch import HOSPITAL, scratch
from onesystem.bench.shape import Row, register

_YEAR = 15_000_000
_QUICK = 1_500_000
_PEOPLE = 560_000
_DAY = date(2021, 1, 2)
_PROFILE = "ONESYSTEM_BENCH_PROFILE"  # a number: print so many of the dearest functions
_PRICES = {"general practice": 42.0, "ED": 280.17, "ward": 825.86, "community": 88.73}


@register("cost", "cost every contact of a district-year, and again what was corrected")
def run(*, full: bool) -> Iterable[Row]:
    """One and a half million contacts; when `full` the fifteen million of a year."""
    rows = _YEAR if full else _QUICK
    with scratch(HOSPITAL):
        _draw(rows)
        yield from _costed(rows)


def _draw(rows: int) -> None:
    from onesystem.bench import see_log

    before, see_log.DAYS = see_log.DAYS, 366
    try:
        see_log.write(rows, _PEOPLE)
    finally:
        see_log.DAYS = before


def _costed(rows: int) -> Iterator[Row]:
    from onesystem.access import Actor
    from onesystem.budget.costing import refreshing, store
    from onesystem.contacts.log import manifest

    by, scale = Actor.job("bench"), _YEAR / rows
    profile = cProfile.Profile() if os.environ.get(_PROFILE) else None
    begun = time.process_time()
    if profile:
        profile.enable()
    done = refreshing.refresh(by=by, day=_DAY)
    if profile:
        profile.disable()
        pstats.Stats(profile, stream=sys.stderr).sort_stats("tottime").print_stats(
            int(os.environ[_PROFILE])
        )
    spent = time.process_time() - begun
    yield Row(
        name=f"cost 15 M contacts, log to files (from {rows / 1e6:g} M)", value=spent * scale,
        unit="CPU s", target=30, peer="DuckDB, a price a setting, in floats",
        peer_value=_peer() * scale, lower_is_better=True,
    )  # fmt: skip
    yield Row(name="contacts costed", value=done.contacts, unit="")
    size = sum(p.stat().st_size for p in store.place().glob("*.parquet"))
    log = sum(file.size for file in manifest.current().months)
    yield Row(name="costs on disk, a contact", value=size / done.contacts, unit="B",
              peer="the log's copy by month", peer_value=log / rows)  # fmt: skip
    begun = time.process_time()
    again = refreshing.refresh(by=by, day=_DAY)
    yield Row(name="again, nothing changed", value=time.process_time() - begun, unit="CPU s",
              target=1, lower_is_better=True)  # fmt: skip
    _correct()
    begun = time.process_time()
    after = refreshing.refresh(by=by, day=_DAY)
    yield Row(name="again, 1,000 contacts of a month corrected", value=time.process_time() - begun,
              unit="CPU s", target=5 * max(1.0, rows / _YEAR), lower_is_better=True)  # fmt: skip
    yield Row(name="contacts costed then", value=after.contacts - again.contacts, unit="")


def _correct() -> None:
    """A thousand contacts of one month are told of anew: a new version each."""
    import numpy as np
    import pyarrow as pa
    import pyarrow.parquet as pq

    from onesystem.contacts.log import manifest, shape, write

    file = manifest.current().months[0]
    every = shape.whole(pq.read_table(manifest.place() / file.name))
    some = shape.shaped(every.slice(0, 1000))
    known = pa.array(np.full(1000, 1_700_000_000_000_000), pa.timestamp("us", tz="UTC"))
    gone = pa.table({"contact": some["contact"], "version": some["version"], "known_at": known})
    at = some.column_names.index("version")
    some = some.set_column(at, "version", pa.array(np.full(1000, 2, np.int32)))
    made = write.write(some, gone)
    manifest.commit("corrected", months=made.months, runs=made.runs, superseded=made.superseded)


def _peer() -> float:
    from onesystem.contacts.log import manifest, scan

    prices: Any = ", ".join(f"({scan.quoted(s)}, {p})" for s, p in _PRICES.items())
    begun = time.process_time()
    with scan.connect() as duck:
        duck.execute(
            "SELECT service, date_trunc('month', started), sum(price * greatest(1,"
            " date_diff('day', started, ended))) FROM "
            f"{scan.latest_sql(manifest.current())} JOIN (VALUES {prices}) AS p(s, price)"
            " ON setting = s WHERE NOT cancelled GROUP BY 1, 2"
        ).fetchall()
    return time.process_time() - begun
