"""Questions to a large log, each beside SQL written by hand on the same engine and the same files.

560,000 people and 100 million contacts over 6.7 years when `full`, a two-hundredth without: there,
most of it is the making of a query, so only the full size has targets. Each side has a process of
its own, so that its memory is its own. CPU seconds of one answer.

ONESYSTEM_BENCH_SEE   a folder that keeps the log between runs: it takes eight CPU minutes to make
"""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path

from onesystem.bench.shape import Row

_FULL, _SMALL = (100_000_000, 560_000), (500_000, 2_800)
# What plain DuckDB was measured at, over as many contacts of as many people: CPU seconds.
_STATED = {
    "ed-4-hours": 2.9, "ambulatory-sensitive-admissions": 2.3, "emergency-readmission-30": 7.0,
    "series": 5.5, "concentration": 10.4, "transitions": 9.0,
}  # fmt: skip
_NAMES = {
    "series": "500 weekly series with limits and flags", "concentration": "cost concentration",
    "transitions": "transitions between settings",
}  # fmt: skip
_SIMPLE, _ORDERED = 400, 1_200  # megabytes
# Admissions are spells, which are made of a person's stretches in order.
_BY_PERSON = (
    "ambulatory-sensitive-admissions", "emergency-readmission-30", "concentration", "transitions",
)  # fmt: skip
_WITHIN = 1.3
_EVERYTHING = 180  # CPU seconds


def run(*, full: bool) -> Iterable[Row]:
    """The questions with a stated cost, then every measure of the library in one run."""
    from onesystem.flow.measures import library

    rows, people = _FULL if full else _SMALL
    with tempfile.TemporaryDirectory(prefix="onesystem-see-") as scratch:
        folder = Path(os.environ.get("ONESYSTEM_BENCH_SEE") or scratch)
        if not (folder / "log" / "manifest.json").exists():
            _python(folder, "make", str(rows), str(people))
        for question, stated in _STATED.items():
            yield from _asked(folder, question, rows, stated if full else 0)
        found = json.loads(_python(folder, "everything"))
    name = f"all {len(library.shipped())} measures by service and month"
    yield Row(
        name=f"{name}, {rows:,} contacts", value=round(found["cpu"], 1), unit="CPU s",
        target=_EVERYTHING if full else None, lower_is_better=True,
    )  # fmt: skip
    yield _memory(name, found["mb"], None, _ORDERED if full else None)


def _asked(folder: Path, question: str, rows: int, stated: float) -> Iterable[Row]:
    name = _NAMES.get(question, f"{question} by service and month")
    ours, hand = (json.loads(_python(folder, question, *more)) for more in ((), ("hand",)))
    yield Row(
        name=f"{name}, {rows:,} contacts", value=round(ours["cpu"], 2), unit="CPU s",
        target=round(max(hand["cpu"], stated) * _WITHIN, 2) if stated else None,
        peer="SQL by hand",
        peer_value=round(hand["cpu"], 2), lower_is_better=True,
    )  # fmt: skip
    most = _ORDERED if question in _BY_PERSON else _SIMPLE
    yield _memory(name, ours["mb"], hand["mb"], most)


def _memory(name: str, ours: float, hand: float | None, most: int | None) -> Row:
    return Row(
        name=f"memory at most, {name}", value=round(ours), unit="MB", target=most,
        peer="" if hand is None else "SQL by hand",
        peer_value=None if hand is None else round(hand), lower_is_better=True,
    )  # fmt: skip


def _python(folder: Path, *args: str) -> str:
    done = subprocess.run(  # noqa: S603 - our own module
        [sys.executable, "-m", "onesystem.bench.see_measures_run", str(folder), *args],
        check=True, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    return done.stdout.splitlines()[-1] if done.stdout else ""
