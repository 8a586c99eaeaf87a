"""A process map of a million journeys with fifteen million steps, and all their paths.

Each side runs in a process of its own, so that its memory is its own. The log lies on disk as
Parquet, sorted by journey, as the copy of the contact log that is sorted by person does.
"""

import json
import subprocess
import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path

from onesystem.bench.shape import Row

_KINDS = 40

_OURS = """
from pathlib import Path
from onesystem.flow.journeys.logs import steps_of
from onesystem.flow.journeys.maps import process_map
from onesystem.flow.journeys.paths import paths
steps = steps_of(Path(FILE))
made = process_map(steps)
found = {"arrows": len(made.arrows), "steps": made.steps, "paths": paths(steps).different,
         "sum": sum(a.time for a in made.arrows)}
"""
# The plain SQL of the same arrows, in two steps: a window and an exact median in one query spills.
_SQL = """
from onesystem.contacts.log.scan import connect
duck = connect(memory="4GB")
duck.execute(f"CREATE TEMP TABLE gap AS SELECT step AS a, lead(step) OVER w AS b,"
             f" epoch_us(lead(start) OVER w) - epoch_us(start) AS us FROM '{FILE}'"
             f" WINDOW w AS (PARTITION BY \\"case\\" ORDER BY start)")
rows = duck.execute("SELECT a, b, count(*), median(us) FROM gap WHERE b IS NOT NULL GROUP BY 1, 2")
rows = rows.fetchall()
found = {"arrows": len(rows), "sum": sum(r[3] for r in rows)}
"""
_REPORT = """
import json, resource
use = resource.getrusage(resource.RUSAGE_SELF)
print(json.dumps({**found, "cpu": use.ru_utime + use.ru_stime, "mb": use.ru_maxrss / 1024}))
"""


def run(*, full: bool) -> Iterable[Row]:
    """A fifth of the stated size by default; the targets are scaled with it."""
    journeys, share = (1_000_000, 1.0) if full else (200_000, 0.2)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "log.parquet"
        steps = _write(path, journeys)
        ours, sql = _measured(_OURS, path), _measured(_SQL, path)
    yield Row(
        name=f"map and paths of {journeys:,} journeys, {steps:,} steps",
        value=round(ours["cpu"], 2),
        unit="CPU s",
        target=10 * share,
        peer="the arrows alone, plain SQL on DuckDB",
        peer_value=round(sql["cpu"], 2),
        lower_is_better=True,
    )
    yield Row(
        name="memory at most",
        value=round(ours["mb"]),
        unit="MB",
        target=2048,
        peer="plain SQL",
        peer_value=round(sql["mb"]),
        lower_is_better=True,
    )
    yield Row(
        name="arrows, with the same medians as SQL" if ours["sum"] == sql["sum"] else "DIFFERENT",
        value=ours["arrows"] if ours["sum"] == sql["sum"] else 0,
        unit="arrows",
        target=sql["arrows"],
    )


def _measured(script: str, path: Path) -> dict[str, float]:
    text = f"FILE = {str(path)!r}\n{script}\n{_REPORT}"
    done = subprocess.run(  # noqa: S603 - our own script
        [sys.executable, "-c", text], capture_output=True, text=True, check=True
    )
    return json.loads(done.stdout.splitlines()[-1])  # type: ignore[no-any-return]


def _write(path: Path, journeys: int) -> int:
    """Journeys of 1 to 29 steps of forty kinds over two years, minutes to weeks apart."""
    import numpy as np
    import pyarrow as pa
    import pyarrow.parquet as pq

    draw = np.random.default_rng(7)
    lengths = draw.integers(1, 30, journeys)
    count = int(lengths.sum())
    case = np.repeat(np.arange(journeys), lengths)
    gaps = np.exp(draw.normal(9.5, 2.0, count)).astype(np.int64) * 1_000_000
    first = np.cumsum(lengths) - lengths
    gaps[first] = draw.integers(0, 2 * 365 * 86_400, journeys) * 1_000_000
    start = np.cumsum(gaps)
    start -= np.repeat(start[first] - gaps[first], lengths)
    kinds = (draw.integers(0, _KINDS, count) * draw.random(count)).astype(np.int32)
    names = pa.array([f"service {i}" for i in range(_KINDS)])
    table = pa.table(
        {
            "case": pa.array(case),
            "step": pa.DictionaryArray.from_arrays(pa.array(kinds), names),
            "start": pa.array(start + 1_700_000_000_000_000, pa.timestamp("us")),
            "end": pa.array(start + 1_700_000_900_000_000, pa.timestamp("us")),
        }
    )
    pq.write_table(table, path, compression="zstd")
    return count
