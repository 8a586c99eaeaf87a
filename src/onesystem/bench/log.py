"""`bench log`: appending to the contact log, its size, a look-up, a correction.

The peer is DuckDB's own table format, in the same run with the same rows: one table in order of
arrival and one sorted by person, which is what the log's two copies are. Times are CPU seconds of
all threads, since the machine may be shared.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from onesystem.bench.district_year import extract
from onesystem.bench.log_run import PEOPLE, correction, lookup
from onesystem.bench.scratch import HOSPITAL, scratch
from onesystem.bench.shape import Row, register

_DISTRICT = HOSPITAL
_YEAR_ROWS = 15_000_000
_QUICK = 2_000_000
_YEARS = 10
_LOOKUPS = 100
# A folder that keeps the ten years between runs: they take a quarter of an hour to append.
_CACHE = "ONESYSTEM_BENCH_LOG"


@register("log", "Append to the contact log; its size; one person's contacts; a correction.")
def run(*, full: bool) -> Iterable[Row]:
    """Two million rows; when `full` fifteen million, and then ten such years in one log."""
    rows = _YEAR_ROWS if full else _QUICK
    with scratch(_DISTRICT) as folder:
        yield from _one_year(folder, rows, full=full)
    if full:
        yield from _ten_years()


def _one_year(folder: Path, rows: int, *, full: bool) -> Iterator[Row]:
    from onesystem import contacts
    from onesystem.contacts.log import manifest

    table = extract(rows, people=PEOPLE)
    begun, wall = time.process_time(), time.perf_counter()
    contacts.append(table, source="pas-0", message=1, known_at=datetime(2026, 11, 1, tzinfo=UTC))
    spent, waited = time.process_time() - begun, time.perf_counter() - wall
    peer = _peer(folder, table)
    del table
    scale = _YEAR_ROWS / rows
    yield Row(
        name=f"append 15 M contacts (from {rows / 1e6:g} M)",
        value=spent * scale,
        unit="CPU s",
        target=120,  # 60 seconds on 2 cores, both kept busy
        peer="DuckDB tables",
        peer_value=peer["append"] * scale,
        lower_is_better=True,
    )
    if full:
        yield Row(
            name="append 15 M contacts, by the clock, whatever else runs",
            value=waited,
            unit="s",
            target=60,
            lower_is_better=True,
        )
    yield from _sizes(manifest.current(), peer["size"])
    yield Row(
        name=f"one person's contacts out of {rows / 1e6:g} M, files as appended",
        value=lookup()[0],
        unit="CPU ms",
        target=10,
        peer=f"DuckDB table of {rows / 1e6:g} M",
        peer_value=peer["lookup"],
        lower_is_better=True,
    )
    yield _corrected(correction())


def _ten_years() -> Iterator[Row]:
    with tempfile.TemporaryDirectory(prefix="onesystem-bench-") as scratch_folder:
        folder = Path(os.environ.get(_CACHE) or scratch_folder)
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "district.toml").write_text(_DISTRICT, encoding="utf-8")
        env = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
        done = subprocess.run(  # noqa: S603
            [sys.executable, "-m", "onesystem.bench.log_run", str(folder), str(_YEARS),
             str(_YEAR_ROWS)],
            env=env, check=True, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip
    found = json.loads(done.stdout)
    total = f"{found['rows'] / 1e6:g} M"
    if found["merged"]:
        yield Row(
            name=f"merge of {found['merged']} person-sorted files, {total}",
            value=found["merge"],
            unit="CPU s",
            lower_is_better=True,
        )
    yield Row(
        name=f"both copies of {total}, merged",
        value=found["months"] + found["runs"],
        unit="bytes a contact",
        target=40,
        lower_is_better=True,
    )
    for name, key in (("median", "lookup"), ("95th percentile", "lookup_95")):
        yield Row(
            name=f"one person's contacts out of {total}, {name}",
            value=found[key],
            unit="CPU ms",
            target=10 if key == "lookup" else None,
            lower_is_better=True,
        )
    yield _corrected(found["correction"], f" of {total}")


def _corrected(value: float, among: str = "") -> Row:
    return Row(
        name=f"correction of a contact in an old month{among}",
        value=value,
        unit="CPU ms",
        target=200,
        lower_is_better=True,
    )


def _sizes(now: Any, peer: float) -> Iterator[Row]:
    months = sum(file.size for file in now.months) / now.rows
    runs = sum(file.size for file in now.runs) / now.rows
    yield Row(name="copy by month", value=months, unit="bytes a contact", lower_is_better=True)
    yield Row(name="copy by person", value=runs, unit="bytes a contact", lower_is_better=True)
    yield Row(
        name="both copies",
        value=months + runs,
        unit="bytes a contact",
        target=40,
        peer="DuckDB tables",
        peer_value=peer,
        lower_is_better=True,
    )


def _peer(folder: Path, table: Any) -> dict[str, float]:
    """The same rows in DuckDB's own format: CPU seconds, bytes a contact, CPU milliseconds."""
    import duckdb
    import numpy as np

    path = folder / "peer.duckdb"
    with duckdb.connect(
        str(path),
        config={
            "memory_limit": "4GB",
            "threads": 2,
            "max_temp_directory_size": "8GB",
            "temp_directory": str(folder / "peer.tmp"),
        },
    ) as duck:
        duck.register("t", table)
        columns = "* EXCLUDE (key, cause_key), md5_number_lower(key) >> 1 AS contact"
        start = time.process_time()
        duck.execute(f"CREATE TABLE arrived AS SELECT {columns} FROM t")
        duck.execute(f"CREATE TABLE sorted AS SELECT {columns} FROM t ORDER BY identity, started")
        duck.execute("CHECKPOINT")
        append = time.process_time() - start
        times = []
        for identity in np.random.default_rng(9).integers(1, PEOPLE, _LOOKUPS).tolist():
            start = time.process_time()
            duck.execute("SELECT * FROM sorted WHERE identity = ?", [identity]).fetchnumpy()
            times.append(time.process_time() - start)
    size = path.stat().st_size / len(table)
    path.unlink()
    return {"append": append, "size": size, "lookup": sorted(times)[len(times) // 2] * 1000}
