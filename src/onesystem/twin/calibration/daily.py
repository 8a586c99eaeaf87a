"""Daily figures one to seven days ahead: the day of the week times a level that forgets.

The level follows what was seen by exponential smoothing and goes back to its mean by a share a day:
for a number of people inside, of whom a share stays on from day to day while others come, that is
how it moves (an infinite-server queue with exponential stays). Smoothing and return are those
with the least squared error up to the cut; intervals are the quantiles of the errors there. Beside
it, seasonal-naive: as on the same weekday of the last week that is known at the time.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np

AHEAD = 7
_LEAST_DAYS = 60
_SMOOTH = np.array([0.02, 0.05, 0.1, 0.2, 0.3, 0.5, 0.7, 0.95])
_BACK = np.array([0.8, 0.9, 0.95, 0.98, 0.995, 1.0])
_GONE = 20  # a series with this mean has no true zeros: they are days without a return


@dataclass(frozen=True, kw_only=True)
class Series:
    """Errors of one series over the days that were held back, all leads together.

    `by_lead` has model and naive for each day ahead; `unreported` counts days without a figure.
    `unit` says what a step is where it is no day.
    """

    name: str
    days: int
    mean: float
    error: float
    naive: float
    covered80: float
    covered95: float
    by_lead: tuple[tuple[float, float], ...]
    unreported: int
    unit: str = "days"


def backtest(names: list[str], values: Any, share: float = 0.1) -> list[Series]:
    """Series of days (a row each, NaN for none), scored over the last share of them.

    Series with fewer than sixty days to learn from or none to score are left out.
    """
    values = np.array(values, float)
    zeros = (values == 0) & (np.nanmean(values, axis=1, keepdims=True) > _GONE)
    values[zeros] = np.nan
    days = values.shape[1]
    cut = days - max(round(share * days), 1)
    if cut < _LEAST_DAYS:
        return []
    found = []
    for name, row in zip(names, values, strict=True):
        known = np.isfinite(row)
        if known[:cut].sum() >= _LEAST_DAYS and known[cut:].sum() >= AHEAD:
            found.append(_scored(name, row, cut))
    return found


def forecasts(row: Any, cut: int) -> tuple[Any, Any]:
    """Forecasts made each evening for each lead, and the week's factors.

    A row a day and a column a lead; of what is later than `cut` only the level is used.
    """
    week = _week(row[:cut])
    level = row / week[np.arange(len(row)) % 7]
    recent = level[max(cut - 182, 0) : cut]
    mean = float(np.nanmean(recent))
    smooth, back = (grid.ravel() for grid in np.meshgrid(_SMOOTH, _BACK))
    state = np.full(len(smooth), float(np.nanmean(level[: min(28, cut)])))
    stays_on = back ** np.arange(1, AHEAD + 1)[:, None]
    ahead = np.empty((len(row), AHEAD, len(smooth)))
    for day, seen in enumerate(level):
        if np.isfinite(seen):
            state = state + smooth * (seen - state)
        ahead[day] = mean + stays_on * (state - mean)
        state = mean + back * (state - mean)
    target = _shifted(level)
    gaps = (target[:cut, :, None] - ahead[:cut]) ** 2
    gaps[cut - AHEAD :] = np.nan  # what they foretell was not seen before the cut
    best = int(np.nanmean(gaps[28:], axis=(0, 1)).argmin())
    return ahead[:, :, best], week


def _week(row: Any) -> Any:
    days = np.arange(len(row)) % 7
    means = np.array([np.nanmean(row[days == d]) if np.isfinite(row[days == d]).any() else np.nan
                      for d in range(7)])  # fmt: skip
    whole = np.nanmean(means)
    means = np.where(np.isfinite(means), means, whole)
    return np.maximum(means / max(whole, 1e-9), 0.02)


def _shifted(row: Any) -> Any:
    """For each day and lead what was seen then; NaN past the end."""
    found = np.full((len(row), AHEAD), np.nan)
    for lead in range(AHEAD):
        found[: len(row) - lead - 1, lead] = row[lead + 1 :]
    return found


def _scored(name: str, row: Any, cut: int) -> Series:
    ahead, week = forecasts(row, cut)
    n = np.arange(len(row))
    factor = np.stack([week[(n + lead + 1) % 7] for lead in range(AHEAD)], axis=1)
    seen = _shifted(row)
    gap = (seen - ahead * factor) / factor
    learnt = gap[28 : cut - AHEAD]
    low, high, lowest, highest = (
        np.nanquantile(learnt, share, axis=0) for share in (0.1, 0.9, 0.025, 0.975)
    )
    naive = np.full_like(seen, np.nan)
    for lead in range(AHEAD):
        naive[6 - lead :, lead] = row[: len(row) - (6 - lead)]
    of = slice(cut - 1, None)
    there = np.isfinite(gap[of]) & np.isfinite(naive[of])
    misses = np.where(there, np.abs(gap * factor)[of], np.nan)
    plain = np.where(there, np.abs(seen - naive)[of], np.nan)
    inside80 = ((gap >= low) & (gap <= high))[of][there]
    inside95 = ((gap >= lowest) & (gap <= highest))[of][there]
    return Series(
        name=name, days=len(row) - cut, mean=float(np.nanmean(row[cut:])),
        error=float(np.nanmean(misses)), naive=float(np.nanmean(plain)),
        covered80=float(inside80.mean()), covered95=float(inside95.mean()),
        by_lead=tuple(
            (float(m), float(p))
            for m, p in zip(np.nanmean(misses, axis=0), np.nanmean(plain, axis=0), strict=True)
        ),
        unreported=int((~np.isfinite(row)).sum()),
    )  # fmt: skip
