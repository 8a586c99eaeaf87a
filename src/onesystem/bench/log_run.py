"""Ten district-years in one contact log, for `bench log --full`, in a process of its own.

python -m onesystem.bench.log_run FOLDER YEARS ROWS

Every contact goes through `contacts.append`. Years that the folder holds already are not appended
again, so a folder that stays can be measured many times. Says how far it is on standard error, and
prints what it measured as a line of JSON.
"""

import json
import os
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from onesystem.bench.district_year import extract

PEOPLE = 560_000
_LOOKUPS = 300
_LATEST = 2025


def main(folder: Path, years: int, rows: int) -> dict[str, float]:
    """Fill the folder's log as far as it is not, and measure it."""
    os.environ["ONESYSTEM_DISTRICT"] = str(folder)
    from onesystem.wiring import open_district

    open_district()
    begun = time.process_time()
    fill(years, rows)
    filled = time.process_time()
    merged = merge()
    after = time.process_time()
    from onesystem.contacts.log import manifest

    now = manifest.current()
    median, slow = lookup()
    return {
        "fill": filled - begun,
        "merge": after - filled if merged else 0.0,
        "merged": merged,
        "rows": now.rows,
        "months": sum(file.size for file in now.months) / now.rows,
        "runs": sum(file.size for file in now.runs) / now.rows,
        "lookup": median,
        "lookup_95": slow,
        "correction": correction(),
    }


def fill(years: int, rows: int) -> None:
    """Append the years that are missing."""
    from onesystem import contacts
    from onesystem.contacts.log import manifest

    for year in range(years):
        if manifest.current().has(f"pas-{year}"):
            continue
        start = time.perf_counter()
        table = extract(rows, people=PEOPLE, year=_LATEST - year, seed=year + 1)
        contacts.append(
            table,
            source=f"pas-{year}",
            message=year + 1,
            known_at=datetime(2026, 11, 1, tzinfo=UTC),
        )
        del table
        _say(f"appended year {year + 1} of {years} in {time.perf_counter() - start:.0f} s")


def merge() -> int:
    """Merge the runs as `contacts compact` does; gives how many files were replaced."""
    from onesystem.contacts.log import merge as merging

    return merging.merge_runs(_say)


def lookup() -> tuple[float, float]:
    """CPU milliseconds for people never asked for before: the median and the 95th percentile."""
    import numpy as np

    from onesystem import contacts

    times = []
    contacts.of_identities([1])  # libraries are loaded once
    for identity in np.random.default_rng(9).integers(1, PEOPLE, _LOOKUPS).tolist():
        start = time.process_time()
        contacts.of_identities([identity])
        times.append((time.process_time() - start) * 1000)
    times.sort()
    return times[len(times) // 2], times[len(times) * 95 // 100]


def correction() -> float:
    """CPU milliseconds to correct a contact of an old month: the median of five."""
    import pyarrow as pa

    from onesystem import contacts
    from onesystem.contacts.log import manifest

    source, old = _an_old_contact()
    place = old.schema.get_field_index("outcome")
    times = []
    for _ in range(5):
        number = manifest.current().number
        told = old.set_column(place, "outcome", pa.array([f"corrected {number}"]))
        start = time.process_time()
        counts = contacts.append(
            told,
            source=source,
            message=1000 + number,
            known_at=datetime(2026, 11, 2, tzinfo=UTC) + timedelta(minutes=number),
        )
        times.append((time.process_time() - start) * 1000)
        if counts.contacts_new or counts.versions != 1:
            raise AssertionError(f"a correction was not one version: {counts}")
    return sorted(times)[2]


def _an_old_contact() -> tuple[str, Any]:
    """A row of the oldest year as it was first told, made once more from its seed."""
    from onesystem.contacts.log import manifest

    months = manifest.current().months
    oldest = max(int(file.sources[0].split("-")[1]) for file in months)
    rows = sum(file.rows for file in months if file.sources == (f"pas-{oldest}",))
    rows = round(rows, -6)  # corrections are rows too
    table = extract(rows, people=PEOPLE, year=_LATEST - oldest, seed=oldest + 1)
    return f"pas-{oldest}", table.slice(rows // 2, 1)


def _say(text: str) -> None:
    sys.stderr.write(f"{text}\n")


if __name__ == "__main__":
    done = main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))
    sys.stdout.write(json.dumps(done) + "\n")
