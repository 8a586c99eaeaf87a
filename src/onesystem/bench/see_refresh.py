"""Cells worked out and kept up: all measures of the library, after one contact and after 1,000."""

import json
import subprocess
import sys
from collections.abc import Iterable

from onesystem.bench.shape import Row

_FULL, _SMALL = (20_000, 3_600_000), (2_000, 60_000)


def run(*, full: bool) -> Iterable[Row]:
    """A district of 2,000 people; of 20,000 with 3.6 million contacts when `full`."""
    people, rows = _FULL if full else _SMALL
    done = subprocess.run(  # noqa: S603 - our own module
        [sys.executable, "-m", "onesystem.bench.see_refresh_run", str(people), str(rows)],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    found = json.loads(done.stdout.splitlines()[-1])
    yield Row(
        name=f"all {found['measures']:g} measures into {found['cells']:,} cells, {rows:,} contacts",
        value=round(found["compute"], 1), unit="CPU s", lower_is_better=True,
    )  # fmt: skip
    yield Row(name="memory at most", value=round(found["mb"]), unit="MB", lower_is_better=True)
    yield Row(
        name="cells after one contact", value=round(found["one"] * 1000), unit="ms of CPU",
        target=100, lower_is_better=True,
    )  # fmt: skip
    yield Row(
        name="cells after contacts of 1,000", value=round(found["thousand"], 2), unit="CPU s",
        target=1.5, lower_is_better=True,
    )  # fmt: skip
    yield Row(
        name="cells that differ from a full recomputation", value=found["differing"],
        unit="cells", target=0, lower_is_better=True,
    )  # fmt: skip
    pages = {"grid": "the page of all measures", "chart": "a chart page",
             "groups": "a measure by service", "board": "the Now board"}  # fmt: skip
    for key, name in pages.items():
        yield Row(
            name=f"{name}, read from these cells", value=round(found[key] * 1000),
            unit="ms of CPU", target=180, lower_is_better=True,
        )  # fmt: skip
    yield Row(
        name="the page of all measures, as the first of a process",
        value=round(found["first"] * 1000), unit="ms of CPU", lower_is_better=True,
    )  # fmt: skip
