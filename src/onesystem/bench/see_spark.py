"""The same measures on a Spark cluster of this machine, with one worker and with two.

Each cluster is a process of its own: a driver, and workers of one core and a gigabyte. What is
asked is a few measures of each shape, by service and year; the sums are held beside DuckDB's.
Leaves itself out where there is no Java, or the extra `spark` is not installed.
"""

import json
import shutil
import subprocess
import sys
from collections.abc import Iterable
from importlib.util import find_spec
from typing import Any

from onesystem.bench.shape import Row

_FULL, _SMALL = 2_000_000, 200_000
_MEASURES = (
    "ed-4-hours", "emergency-readmission-30", "high-intensity-ed", "beds-at-midnight",
    "wait-outpatient",
)  # fmt: skip


def run(*, full: bool) -> Iterable[Row]:
    """Wall and CPU seconds with one worker and with two; 2 million contacts when `full`."""
    if missing := _missing():
        yield Row(name=f"Spark, left out: {missing}", value=0, unit="workers")
        return
    rows = _FULL if full else _SMALL
    found = {workers: _measured(workers, rows) for workers in (1, 2)}
    for workers, told in found.items():
        name = f"{len(_MEASURES)} measures of {rows:,} contacts on Spark, workers: {workers}"
        yield Row(
            name=name, value=round(told["wall"], 1), unit="s by the clock", peer="DuckDB",
            peer_value=round(told["duck"], 1), lower_is_better=True,
        )  # fmt: skip
        yield Row(name=f"{name}, all processes", value=round(told["cpu"], 1), unit="CPU s",
                  lower_is_better=True)  # fmt: skip
    yield Row(
        name="CPU seconds that the second worker adds",
        value=round(found[2]["cpu"] - found[1]["cpu"], 1), unit="CPU s", lower_is_better=True,
    )  # fmt: skip
    yield Row(
        name="sums that differ from DuckDB's", value=found[1]["differing"] + found[2]["differing"],
        unit="sums", target=0, lower_is_better=True,
    )  # fmt: skip


def _missing() -> str:
    if shutil.which("java") is None:
        return "there is no Java"
    if find_spec("pyspark") is None:
        return "the extra spark is not installed"
    return ""


def _measured(workers: int, rows: int) -> dict[str, float]:
    done = subprocess.run(  # noqa: S603 - our own module
        [sys.executable, "-m", "onesystem.bench.see_spark", str(workers), str(rows)],
        check=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
    )  # fmt: skip
    return json.loads(done.stdout.splitlines()[-1])  # type: ignore[no-any-return]


def main(workers: int, rows: int) -> dict[str, float]:
    """The measures on DuckDB, then on Spark. The cluster is warm: it has answered one before."""
    import time

    from onesystem.bench import see_log
    from onesystem.contacts.log import scan
    from onesystem.flow.measures import library, running
    from onesystem.flow.measures.days import clock
    from onesystem.flow.measures.world import World

    people = max(1, rows // 180)
    contacts = see_log.drawn(rows, range(1, people + 1), seed=1)
    zone = clock("Europe/London")
    world = World(
        clock=zone, horizon=zone.midnight(see_log.FIRST_DAY + see_log.DAYS), codes=library.codes(),
        prices=library.prices(), organisations=see_log.organisations(),
        places=see_log.organisations(),
    )  # fmt: skip
    asked = {name: library.shipped()[name] for name in _MEASURES}
    somebody = see_log.somebody(people)
    duck = scan.connect()
    duck.register("log", contacts)
    begun = time.perf_counter()
    wanted = dict(running.on_duckdb(duck, "log", somebody, asked, world, every="year"))
    by_duck = time.perf_counter() - begun
    session = _cluster(workers)
    frame = session.createDataFrame(_plain(contacts)).repartition(workers * 2, "identity").cache()
    dict(
        running.on_spark(
            session, frame, somebody, {"ed-4-hours": asked["ed-4-hours"]}, world, every="year"
        )
    )
    before, begun = _cpu(), time.perf_counter()
    found = dict(running.on_spark(session, frame, somebody, asked, world, every="year"))
    told = {"wall": time.perf_counter() - begun, "cpu": _cpu() - before, "duck": by_duck}
    session.stop()
    return told | {"differing": sum(len(_rows(wanted[n]) ^ _rows(found[n])) for n in asked)}


def _cluster(workers: int) -> Any:
    from pyspark.sql import SparkSession

    return (
        SparkSession.builder.master(f"local-cluster[{workers},1,1024]")
        .config("spark.ui.enabled", "false")
        .config("spark.sql.session.timeZone", "UTC")
        .config("spark.driver.bindAddress", "127.0.0.1")
        .config("spark.driver.host", "127.0.0.1")
        .config("spark.sql.shuffle.partitions", str(workers * 2))
        .getOrCreate()
    )


def _plain(table: Any) -> Any:
    """The table with its texts as plain ones, as Spark takes them."""
    import pyarrow as pa

    for at, field in enumerate(table.schema):
        if pa.types.is_dictionary(field.type):
            table = table.set_column(at, field.name, table[field.name].cast(pa.string()))
    return table


def _rows(table: Any) -> set[tuple[Any, ...]]:
    return {tuple(row.values()) for row in table.to_pylist()}


def _cpu() -> float:
    """CPU seconds of this process and of all that it began."""
    import os

    from onesystem.bench.processes import cpu_of, tree

    return sum(map(cpu_of, tree(os.getpid())))


if __name__ == "__main__":
    sys.stdout.write(json.dumps(main(int(sys.argv[1]), int(sys.argv[2]))) + "\n")
