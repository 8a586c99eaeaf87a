"""The columns of a segmented regression: trend, season, and a level and a slope a change."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np

from onesystem.evidence.series import Timed
from onesystem.vocabulary import BadInput

Array = Any
# Periods of the season by spacing, and how many pairs of waves each is given where the series is
# at least twice as long: two pairs a year follow Bernal and others (2017), table 2.
SEASONS: dict[str, tuple[tuple[float, int], ...]] = {
    "day": ((7.0, 3), (365.25, 2)),
    "week": ((365.25 / 7, 2),),
    "month": ((12.0, 2),),
    "quarter": ((4.0, 1),),
    "year": (),
    "period": (),
}


@dataclass(frozen=True, slots=True)
class Columns:
    """A design matrix with its names, and the same with the changes taken out."""

    x: Array
    without: Array
    names: tuple[str, ...]
    changes: tuple[int, ...]  # the place of each change


def columns(
    series: Timed, at: Sequence[date], *, slope: bool, waves: int | None, trend: bool = True
) -> Columns:
    """The design of a series with changes at the given dates.

    A slope counts from 0 in the first period of its change, so that the level is the change in
    that period. waves: pairs of waves a year; None works them out, 0 leaves the season out.
    """
    place = np.array(series.places, float)
    changes = tuple(change_place(series, day) for day in at)
    names, built = ["intercept"], [np.ones_like(place)]
    if trend:
        names.append("trend")
        built.append(place)
    for name, wave in season(series, waves):
        names.append(name)
        built.append(wave)
    base = len(built)
    for i, change in enumerate(changes):
        since = (place >= change).astype(float)
        names.append(f"level {i + 1}")
        built.append(since)
        if slope:
            names.append(f"slope {i + 1}")
            built.append(since * (place - change))
    x = np.column_stack(built)
    without = x.copy()
    without[:, base:] = 0.0
    return Columns(x, without, tuple(names), changes)


def change_place(series: Timed, day: date) -> int:
    """The number of the first period of a change. Raises BadInput outside the series."""
    first, last = series.dates[0], series.dates[-1]
    place = series.place_of(day)
    if place <= 0:
        raise BadInput(
            f"the change of {day} is before the data, which begin on {first}",
            rule="evidence.treated-before",
            cure="Give periods from before the change, or mend the date of the change",
        )
    if place > series.places[-1]:
        raise BadInput(
            f"the change of {day} is after the data, which end on {last}",
            rule="evidence.treated-after",
            cure="Wait for periods after the change, or mend its date; `power` says how many",
        )
    return place


def season(series: Timed, waves: int | None) -> list[tuple[str, Array]]:
    """The waves of the season: sines and cosines of the time of the year (and of the week)."""
    place = np.array(series.places, float)
    found: list[tuple[str, Array]] = []
    for period, pairs in SEASONS[series.every]:
        wanted = pairs if waves is None or period == 7.0 else waves
        if waves is None and len(place) < 2 * period:
            continue
        if waves == 0:
            continue
        for k in range(1, min(wanted, int(period / 2)) + 1):
            angle = 2 * np.pi * k * place / period
            if not float(2 * k).is_integer() or 2 * k != period:
                found.append((f"sine {k} of {period:g}", np.sin(angle)))
            found.append((f"cosine {k} of {period:g}", np.cos(angle)))
    return found
