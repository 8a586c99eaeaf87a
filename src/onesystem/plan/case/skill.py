"""How well the case's method did on published series, beside a naive forecast's error. Pure.

Held out are the last twelve months of each series. The case's method takes the level of the year
before, by month, and adds what people's ages and the assumed growth add in a year; the naive
forecast says that each month will be as the same month a year before.
"""

import csv
import io
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np

_FILE = Path(__file__).parent / "data" / "published.csv.zst"
_YEAR = 12
_OF = {"attendances": "ed", "admissions": "emergency", "occupied beds": "occupied",
       "waiting": "waiting"}  # fmt: skip
MEASURES = tuple(_OF)


@dataclass(frozen=True)
class Skill:
    """The error of a measure over all areas and held-out months, as a part of what came."""

    measure: str
    series: int
    months: int
    said: float
    naive: float
    last: float  # the last value goes on


def skill(measure: str, growth: float) -> Skill:
    """The mean absolute percentage errors; `growth` is what a year adds, as a part."""
    errors: list[list[float]] = []
    for values in series(measure).values():
        if len(values) < 2 * _YEAR:
            continue
        came, before = values[-_YEAR:], values[-2 * _YEAR : -_YEAR]
        said = _listed(before) if measure == "waiting" else before * (1 + growth)
        others = (said, before, np.full(_YEAR, values[-_YEAR - 1]))
        errors.append([float(np.mean(np.abs(each - came) / came)) for each in others])
    said_error, naive, last = np.mean(errors, axis=0)
    return Skill(measure, len(errors), _YEAR, float(said_error), float(naive), float(last))


def _listed(before: np.ndarray) -> np.ndarray:
    """A list goes on from its last month, by half of what a month added in the year before."""
    a_month = (before[-1] - before[0]) / (len(before) - 1) / 2
    found: np.ndarray = before[-1] + a_month * np.arange(1, _YEAR + 1)
    return found


def of(measure: str) -> str:
    """The figure of a case that a measure is the level of."""
    return _OF[measure]


@lru_cache(maxsize=4)
def series(measure: str) -> dict[str, np.ndarray]:
    """Each area's or trust's values by month, where no month is missing or nothing."""
    found: dict[str, list[tuple[str, float]]] = {}
    for row in _rows():
        if row["measure"] == measure:
            found.setdefault(row["area"], []).append((row["month"], float(row["value"])))
    return {
        area: np.array([value for _, value in sorted(months)])
        for area, months in found.items() if all(value > 0 for _, value in months)
    }  # fmt: skip


@lru_cache(maxsize=1)
def _rows() -> tuple[dict[str, str], ...]:
    import zstandard

    text = zstandard.ZstdDecompressor().stream_reader(_FILE.read_bytes()).read().decode()
    return tuple(csv.DictReader(io.StringIO(text)))
