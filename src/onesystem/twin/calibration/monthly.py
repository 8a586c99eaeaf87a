"""Monthly or quarterly figures a few steps ahead: a season of all series, a level that forgets.

A table of a trust's beds has two or three years of months: too few to tell its own season, enough
to tell that of all trusts together. Each series is taken in relation to its mean; the season is the
mean, over series and years, of a month beside those around it, and how much of it is believed, how
fast the level follows, and how far it goes back to the mean of the last year are those with the
least squared error before the cut. Intervals are quantiles of the errors there of all series, each
in relation to how much its own series jumps. Beside it, seasonal-naive: as in the same month of the
year before.
"""

import itertools
from dataclasses import dataclass
from typing import Any

import numpy as np

from onesystem.twin.calibration.daily import Series

_SMOOTH, _BACK, _BELIEVED = (0.2, 0.4, 0.6, 0.8, 1.0), (0.7, 0.85, 0.95, 1.0), (0.0, 0.5, 1.0)
_YEARS = 1.5  # a series needs so many years to learn from
_FEWEST = 1.0  # a mean below that is too small to foretell


@dataclass(frozen=True)
class Grain:
    """How many steps a year has, how many ahead are foretold, and what a step is called."""

    period: int
    ahead: int
    unit: str


MONTHS, QUARTERS = Grain(12, 3, "months"), Grain(4, 2, "quarters")


def backtest(names: list[str], values: Any, grain: Grain, share: float = 0.1) -> list[Series]:
    """Series (a row each, NaN for none), scored over the last share of their steps.

    Those with too little to learn from, or none to score, are left out.
    """
    values = np.array(values, float)
    steps = values.shape[1]
    cut = steps - max(round(share * steps), grain.ahead)
    known = np.isfinite(values)
    fit = (
        (known[:, :cut].sum(1) >= _YEARS * grain.period)
        & known[:, cut:].any(1)
        & (_mean(values[:, :cut]) >= _FEWEST)
    )
    least = max(_YEARS * grain.period, grain.period + grain.ahead + 1)  # one error to learn from
    if cut < least or not fit.any():
        return []
    names = [name for name, good in zip(names, fit, strict=True) if good]
    return _scored(names, values[fit], cut, grain)


def _scored(names: list[str], values: Any, cut: int, grain: Grain) -> list[Series]:
    scale = _mean(values[:, :cut])[:, None]
    rows = values / scale
    ahead = forecasts(rows, cut, grain)
    seen, naive = _shifted(rows, grain), _naive(rows, grain)
    jumps = np.nanmean(np.abs(np.diff(rows[:, :cut], axis=1)), axis=1)[:, None, None] + 1e-3
    miss = (seen - ahead) / jumps
    learnt = miss[:, grain.period : cut - grain.ahead]
    low, lowest = (np.nanquantile(learnt, q, axis=(0, 1)) for q in (0.1, 0.025))
    high, highest = (np.nanquantile(learnt, q, axis=(0, 1)) for q in (0.9, 0.975))
    found = []
    for n, name in enumerate(names):
        of = slice(cut - 1, None)
        there = np.isfinite(miss[n, of]) & np.isfinite(naive[n, of])
        if not there.any():
            continue
        error = np.where(there, np.abs(seen - ahead)[n, of], np.nan) * scale[n]
        plain = np.where(there, np.abs(seen - naive)[n, of], np.nan) * scale[n]
        inside = [
            float(((miss[n, of] >= a) & (miss[n, of] <= b))[there].mean())
            for a, b in ((low, high), (lowest, highest))
        ]
        by_lead = zip(_mean(error.T), _mean(plain.T), strict=True)
        found.append(Series(
            name=name, days=values.shape[1] - cut, mean=float(np.nanmean(values[n, cut:])),
            error=float(np.nanmean(error)), naive=float(np.nanmean(plain)),
            covered80=inside[0], covered95=inside[1],
            by_lead=tuple((float(a), float(b)) for a, b in by_lead),
            unreported=int((~np.isfinite(values[n])).sum()), unit=grain.unit,
        ))  # fmt: skip
    return found


def forecasts(rows: Any, cut: int, grain: Grain) -> Any:
    """Forecasts with the settings that were best before the cut: series by steps by leads."""
    season, seen = _season(rows[:, :cut], grain.period), _shifted(rows, grain)
    best, least = None, np.inf
    for believed, smooth, back in itertools.product(_BELIEVED, _SMOOTH, _BACK):
        ahead = _forecasts(rows, 1 + believed * (season - 1), smooth, back, grain)
        gaps = (seen - ahead)[:, grain.period : cut - grain.ahead]
        error = float(np.nanmean(np.minimum(gaps**2, 1.0)))
        if error < least:
            best, least = ahead, error
    return best


def _forecasts(rows: Any, season: Any, smooth: float, back: float, grain: Grain) -> Any:
    """What is foretold at the end of each step for each lead; later figures are never used."""
    steps = rows.shape[1]
    factor = season[np.arange(steps + grain.ahead) % grain.period]
    level = rows / factor[:steps]
    ahead = np.full((*rows.shape, grain.ahead), np.nan)
    state = _mean(level[:, : max(grain.period // 2, 2)])
    for now in range(steps):
        mean = _mean(level[:, max(now + 1 - grain.period, 0) : now + 1])
        mean = np.where(np.isfinite(mean), mean, state)
        here = np.isfinite(level[:, now])
        state = np.where(here, state + smooth * (level[:, now] - state), state)
        for lead in range(1, grain.ahead + 1):
            ahead[:, now, lead - 1] = (mean + back**lead * (state - mean)) * factor[now + lead]
    return ahead


def _season(rows: Any, period: int) -> Any:
    """Each step of the year beside a year around it, over all series; their mean is one."""
    half = period // 2
    found: list[list[float]] = [[] for _ in range(period)]
    for now in range(half, rows.shape[1] - half + 1):
        around = _mean(rows[:, now - half : now + half])
        if now < rows.shape[1]:
            part = rows[:, now] / np.where(around > 0, around, np.nan)
            if np.isfinite(part).any():
                found[now % period].append(float(np.nanmedian(part)))
    season = np.array([np.mean(each) if each else 1.0 for each in found])
    return season / season.mean()


def _shifted(rows: Any, grain: Grain) -> Any:
    """For each step and lead what was seen then; NaN past the end."""
    found = np.full((*rows.shape, grain.ahead), np.nan)
    for lead in range(1, grain.ahead + 1):
        found[:, : rows.shape[1] - lead, lead - 1] = rows[:, lead:]
    return found


def _naive(rows: Any, grain: Grain) -> Any:
    """For each step and lead what was seen a year before then."""
    found = np.full((*rows.shape, grain.ahead), np.nan)
    for lead in range(1, grain.ahead + 1):
        ago = grain.period - lead
        found[:, ago:, lead - 1] = rows[:, : rows.shape[1] - ago]
    return found


def _mean(rows: Any) -> Any:
    """The mean of each row without what is not known; NaN where nothing is."""
    known = np.isfinite(rows)
    with np.errstate(invalid="ignore"):
        return np.where(known, rows, 0.0).sum(-1) / np.where(known.any(-1), known.sum(-1), np.nan)
