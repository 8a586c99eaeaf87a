"""Arrivals from outside: by hour of the week, with the year's season and a trend.

The hours of a small service borrow from those of its kind. Each hour's count is Poisson about a
rate that is itself gamma about what the kind's profile says; how much is borrowed is what the
counts say (the empirical Bayes of Clayton and Kaldor, 1987, doi:10.2307/2532003). The season is
one yearly wave and the trend a straight line, on the logarithm of daily counts, each kept only
where it stands out from the counts' own spread.
"""

import math
from dataclasses import dataclass
from typing import Any

import numpy as np

from onesystem.twin.calibration.log import WEEK

_YEAR = 365.25
_MOST = 1e4
_ENOUGH = 200  # arrivals, for a season or a trend to be looked for
_STEEPEST = math.log(1.5) / _YEAR  # nobody's demand is let grow faster than by half in a year
_LEAST_YEARS = 1.5  # shorter logs cannot tell a season from a trend


@dataclass(frozen=True)
class Profile:
    """Arrivals an hour in each hour of the week, and how the level moves over the days.

    `level` gives the factor on a day (days from zero); `borrowed` is the share of the profile that
    comes from the kind; `dispersion` the variance of daily counts over their mean.
    """

    rates: Any
    weeks: float
    count: int
    borrowed: float
    dispersion: float
    trend: float  # a year, as a factor
    season: float  # the yearly wave's highest over its mean, as a factor
    terms: Any
    centre: float

    def level(self, day: Any) -> Any:
        """The factor on the rates on these days."""
        return np.exp(_columns(np.asarray(day, float), self.centre) @ self.terms)


def hours(came: Any, first: float, last: float) -> tuple[Any, Any]:
    """Counts in each hour of the week, and how many hours of that kind were watched."""
    inside = came[(came >= first) & (came < last)]
    counts = np.bincount(np.floor(inside).astype(np.int64) % WEEK, minlength=WEEK)
    edges = np.arange(math.floor(first), math.ceil(last))
    part = np.minimum(edges + 1, last) - np.maximum(edges, first)
    return counts.astype(float), np.bincount(edges % WEEK, weights=part, minlength=WEEK)


def smoothed(counts: Any, watched: Any) -> Any:
    """A profile that sums to one: the day of the week times the hour of the day, half and half.

    Half is the product of the two, half the hours themselves, so that weekends may differ.
    """
    table = (counts / np.maximum(watched, 1e-9)).reshape(7, 24) + 1e-9
    product = table.sum(1, keepdims=True) * table.sum(0, keepdims=True) / table.sum()
    mixed = (product + table) / 2
    return (mixed / mixed.sum()).ravel()


def profile(came: Any, first: float, last: float, kind: Any) -> Profile:
    """The profile of one service's outside arrivals; `kind` sums to one over the week."""
    counts, watched = hours(came, first, last)
    total, weeks = float(counts.sum()), (last - first) / WEEK
    rate = total / max(weeks, 1e-9)
    expected = rate * kind * watched
    strength = _strength(counts, expected)
    prior = np.maximum(expected, 1e-12)
    # Posterior mean of a gamma with that shape about the expected: what it borrows is its shape.
    factor = (strength + counts) / (strength + prior) if strength < _MOST else np.ones(WEEK)
    rates = rate * kind * factor
    rates *= rate / max(rates.sum(), 1e-12)
    terms, centre, dispersion = _moving(came, first, last, rates)
    share = 1.0 if strength >= _MOST else float(np.mean(strength / (strength + prior)))
    return Profile(
        rates=rates, weeks=weeks, count=int(total), borrowed=share, dispersion=dispersion,
        trend=math.exp(terms[0] * _YEAR), season=math.exp(math.hypot(terms[1], terms[2])),
        terms=terms, centre=centre,
    )  # fmt: skip


def _strength(counts: Any, expected: Any) -> float:
    """The shape of the gamma: from how far counts lie from what is expected beyond chance."""
    seen = expected > 0
    extra = ((counts[seen] - expected[seen]) ** 2 - expected[seen]).sum()
    if extra <= 0:
        return _MOST
    return float(min((expected[seen] ** 2).sum() / extra, _MOST))


def _columns(day: Any, centre: float) -> Any:
    turn = 2 * math.pi * day / _YEAR
    return np.stack([day - centre, np.cos(turn), np.sin(turn)], axis=-1)


def _moving(came: Any, first: float, last: float, rates: Any) -> tuple[Any, float, float]:
    """Trend and season by Poisson regression on whole days, against the week's profile."""
    days = np.arange(math.ceil(first / 24), math.floor(last / 24))
    nothing = np.zeros(3), 0.0, 1.0
    if len(days) < 28 or len(came) < _ENOUGH:
        return nothing
    counts = np.bincount(
        np.floor(came / 24).astype(np.int64)[(came >= days[0] * 24) & (came < (days[-1] + 1) * 24)]
        - days[0], minlength=len(days),
    ).astype(float)  # fmt: skip
    of_day = rates.reshape(7, 24).sum(1)
    base = np.maximum(of_day[days % 7], 1e-9)
    centre = float(days.mean())
    full = len(days) >= _LEAST_YEARS * _YEAR
    used = [0, 1, 2] if full else [0] if len(days) >= 180 else []
    x = _columns(days.astype(float), centre)
    while True:
        terms, errors, dispersion = _poisson(counts, base, x[:, used])
        weak = _weak(used, terms, errors)
        if weak is None:
            break
        used = [column for column in used if column not in weak]
    found = np.zeros(3)
    found[used] = terms
    # A line that is followed for ever says absurd things; half of it is believed.
    found[0] = float(np.clip(found[0] * 0.5, -_STEEPEST, _STEEPEST))
    return found, centre, dispersion


def _weak(used: list[int], terms: Any, errors: Any) -> set[int] | None:
    """Which terms do not stand out: the trend alone, the two of the season together."""
    strong = dict(zip(used, np.abs(terms) / np.maximum(errors, 1e-12), strict=True))
    if 0 in strong and strong[0] < 2.6:
        return {0}
    if 1 in strong and math.hypot(strong[1], strong[2]) < 3.0:
        return {1, 2}
    return None


def _poisson(counts: Any, base: Any, x: Any) -> tuple[Any, Any, float]:
    design = np.column_stack([np.ones(len(counts)), x])
    beta = np.zeros(design.shape[1])
    beta[0] = math.log(max(counts.sum(), 0.5) / base.sum())
    for _ in range(25):
        mean = base * np.exp(np.clip(design @ beta, -20, 20))
        inner = design.T @ (design * mean[:, None]) + 1e-9 * np.eye(len(beta))
        step = np.linalg.solve(inner, design.T @ (counts - mean))
        beta += step
        if np.abs(step).max() < 1e-9:
            break
    mean = base * np.exp(np.clip(design @ beta, -20, 20))
    dispersion = float(((counts - mean) ** 2 / np.maximum(mean, 1e-9)).mean())
    inner = design.T @ (design * mean[:, None]) + 1e-12 * np.eye(len(beta))
    errors = np.sqrt(np.diag(np.linalg.inv(inner)) * max(dispersion, 1.0))
    return beta[1:], errors[1:], dispersion
