"""Power beforehand: the smallest effect that a design would probably find.

With standard error se the smallest effect found with chance `power` at level `alpha` is
(t(1 - alpha/2) + t(power)) x se. The standard error comes from the very design that will be used:
its matrix and correlation for a time series, the equation of Hussey and Hughes for a stepped wedge,
pretended treatments for a synthetic control; for change-points the chance is found by simulation.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np

from onesystem.evidence.linear import fit, whiten
from onesystem.evidence.segments import columns
from onesystem.evidence.series import Timed, after
from onesystem.evidence.tails import t_quantile
from onesystem.evidence.translating import number
from onesystem.evidence.wedge import hussey_hughes
from onesystem.vocabulary import BadConfig, BadInput

Array = Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Power:
    """The smallest effect that is found with the stated chance, and chances of others."""

    design: str
    smallest: float
    se: float
    unit: str
    power: float
    alpha: float
    words: str
    curve: tuple[tuple[float, float], ...]
    facts: dict[str, Any]


def found(effect: float, se: float, df: float = 1e9, alpha: float = 0.05) -> float:
    """The chance of finding an effect: both tails, normal around the effect."""
    from scipy.special import ndtr

    if se <= 0:
        return 1.0
    bar = t_quantile(1 - alpha, df)
    return float(ndtr(effect / se - bar) + ndtr(-effect / se - bar))


def smallest(se: float, df: float = 1e9, *, power: float = 0.8, alpha: float = 0.05) -> float:
    """The smallest effect that is found with that chance."""
    if not 0 < alpha < 1 or not alpha < power < 1:
        raise BadConfig(
            f"a power of {power:g} at level {alpha:g} makes no sense", "Try 0.8 and 0.05"
        )
    return (t_quantile(1 - alpha, df) + t_quantile(2 * power - 1, df)) * se


def _power(
    design: str, se: float, df: float, unit: str, power: float, alpha: float, **facts: Any
) -> Power:
    least = smallest(se, df, power=power, alpha=alpha)
    parts = (0.25, 0.5, 0.75, 1.0, 1.5, 2.0)
    curve = tuple((least * f, found(least * f, se, df, alpha)) for f in parts)
    size = f"{least:.1%} of the level" if unit == "(relative)" else f"{number(least)} {unit}"
    words = (
        f"An effect of {size}".rstrip()
        + f" or more would be found with a chance of {power:.0%}; half of that with "
        f"{curve[1][1]:.0%}."
    )
    return Power(
        design=design, smallest=least, se=se, unit=unit, power=power, alpha=alpha, words=words,
        curve=curve, facts=facts,
    )  # fmt: skip


def its(
    before: Timed, *, periods: int, slope: bool = False, waves: int | None = None,
    power: float = 0.8, alpha: float = 0.05,
) -> Power:  # fmt: skip
    """For an interrupted time series: from the periods before, and how many will follow.

    The average effect over the periods after, in the unit of the series; for counts and shares the
    unit is a relative change, such as 0.1 for a tenth.
    """
    if periods < 1:
        raise BadConfig("no periods after", "Say how many will follow: --periods 12")
    n = before.places[-1] + 1
    start = after(before.dates[0], before.every, n)
    dates = [after(before.dates[0], before.every, i) for i in range(n + periods)]
    longer = Timed(
        dates=tuple(dates), values=tuple(0.0 for _ in dates), kind=before.kind, every=before.every,
        places=tuple(range(n + periods)),
    )  # fmt: skip
    design = columns(longer, [start], slope=slope, waves=waves)
    base = [i for i, name in enumerate(design.names) if not name.startswith(("level", "slope"))]
    place = np.array(before.places)
    y = np.array(before.values)
    per = np.array(before.denominators) if before.denominators else np.ones(len(y))
    null = fit(
        y, design.x[place][:, base], family=before.kind, rho=None, place=place,
        offset=np.log(per) if before.kind == "count" else None,
        trials=per if before.kind == "share" else None,
    )  # fmt: skip
    rho = max(0.0, null.rho)
    level = float(np.mean(y / per)) if before.kind != "mean" else 1.0
    weight = {"mean": 1.0, "count": float(y.mean()),
              "share": float(per.mean()) * level * (1 - level)}[before.kind]  # fmt: skip
    x = whiten(design.x * weight**0.5, rho, np.arange(n + periods), np.zeros(n + periods, int))
    cov = np.linalg.inv(x.T @ x) * null.scale
    contrast = (design.x - design.without)[n:].mean(axis=0)
    se = float(contrast @ cov @ contrast) ** 0.5
    if before.kind == "share":
        se *= 1 - level  # from log odds to a relative change of the share
    unit = before.unit if before.kind == "mean" else "(relative)"
    return _power(
        "its", se, n + periods - design.x.shape[1], unit, power, alpha, periods_before=n,
        periods_after=periods, rho=rho, scale=null.scale,
    )  # fmt: skip


def did(
    *, treated: int, untreated: int, sd: float, unit: str = "", power: float = 0.8,
    alpha: float = 0.05,
) -> Power:  # fmt: skip
    """For difference in differences: sd is the spread of units' changes.

    >>> did(treated=10, untreated=20, sd=2.0).words
    'An effect of 2.25 or more would be found with a chance of 80%; half of that with 28%.'
    """
    if min(treated, untreated) < 1 or treated + untreated < 3:
        raise BadConfig("too few units", "Give at least three, one of them treated")
    se = sd * (1 / treated + 1 / untreated) ** 0.5
    return _power("did", se, treated + untreated - 2, unit, power, alpha, sd=sd)


def wedge(
    *, per_step: int, steps: int, size: float, sd: float, icc: float, unit: str = "",
    power: float = 0.8, alpha: float = 0.05,
) -> Power:  # fmt: skip
    """For a stepped wedge. size: people a cluster and period; sd: their spread; icc: clusters'."""
    if per_step < 1 or steps < 2 or size <= 0 or not 0 <= icc < 1:
        raise BadConfig(
            "a stepped wedge needs clusters, at least two steps, a size, and an ICC from 0 to 1",
            "Try --per-step 3 --steps 4 --size 50 --icc 0.05",
        )
    row = np.tri(steps, steps + 1, k=0)[::-1][:, ::-1]
    treated = np.repeat(row, per_step, axis=0)
    se = hussey_hughes(treated, sigma2=sd**2 * (1 - icc) / size, tau2=sd**2 * icc) ** 0.5
    return _power("wedge", se, 1e9, unit, power, alpha, clusters=per_step * steps, steps=steps)


def rd(
    *, below: int, above: int, sd: float, unit: str = "", power: float = 0.8, alpha: float = 0.05
) -> Power:
    """For a regression discontinuity: cases within the bandwidth, and the spread of outcomes.

    4.8 is the variance constant of a local line at an edge with a triangular kernel.
    """
    if min(below, above) < 10:
        raise BadConfig("too few cases near the threshold", "Give at least ten on both sides")
    se = sd * (4.8 * (1 / below + 1 / above)) ** 0.5
    return _power("rd", se, below + above - 4, unit, power, alpha)


def synth(values: Array, *, periods: int, unit: str = "", power: float = 0.8,
          alpha: float = 0.05) -> Power:  # fmt: skip
    """For a synthetic control: units x periods before; pretended treatments at their end."""
    from onesystem.evidence.panel import Panel
    from onesystem.evidence.synth import match

    units, n = values.shape
    cut = n - periods
    if cut < 3 or units < 4:
        raise BadInput(
            f"{n} periods before and {units} places are too few for {periods} after",
            rule="evidence.too-short", cure="Give more periods before, or ask for fewer after",
        )  # fmt: skip
    names = tuple(map(str, range(units)))
    panel = Panel(units=names, periods=tuple(range(n)), values=values, start=(None,) * units)
    gaps = [
        float(match(panel, i, [j for j in range(units) if j != i], cut).gap[cut:].mean())
        for i in range(units)
    ]
    made = _power("synth", float(np.std(gaps, ddof=1)), units - 1, unit, power, alpha, places=units)
    if 1 / units > alpha:
        made.facts["warning"] = f"with {units} places p can be no less than {1 / units:.2f}"
    return made


def changepoint(
    *, periods: int, level: float, effects: Sequence[float], sd: float | None = None,
    sure: float = 0.95, times: int = 100, seed: int = 1,
    progress: Callable[[int, int], None] | None = None,
) -> tuple[tuple[float, float], ...]:  # fmt: skip
    """The chance that a step in the middle is seen, by simulation, for each effect.

    sd: the spread of periods; None for counts that spread as Poisson counts do.
    """
    from onesystem.evidence.posterior import (
        chances,
        normal_stretches,
        poisson_stretches,
        summed,
    )

    if periods < 8:
        raise BadConfig("fewer than eight periods", "Give more: --periods 24")
    rng = np.random.default_rng(seed)
    prior = np.log(chances(1))
    middle, out = periods // 2, []
    for i, effect in enumerate(effects):
        mean = np.where(np.arange(periods) < middle, level, level + effect)
        seen = 0
        for _ in range(times):
            if sd is None:
                y = rng.poisson(np.maximum(mean, 0)).astype(float)
                rate = max(float(y.mean()), 0.5 / periods)
                stretch = poisson_stretches(y, np.ones(periods), 1.0, 1.0 / rate)
            else:
                y = rng.normal(mean, sd)
                stretch = normal_stretches(y, sd**2, float(y.mean()), float(y.var()) or 1.0)
            log_each = prior + summed(stretch, 1, 3).evidence
            seen += 1 / (1 + np.exp(log_each[0] - log_each[1])) > sure
        out.append((float(effect), seen / times))
        if progress:
            progress(i + 1, len(effects))
    return tuple(out)


def soonest(before: Timed, effect: float, *, power: float = 0.8, most: int = 120) -> date | None:
    """The date by which an effect of that size would be found with that chance, if soon."""
    for periods in (3, 6, 9, 12, 18, 24, 36, 48, 60, 84, most):
        if its(before, periods=periods, power=power).smallest <= abs(effect):
            return after(before.dates[-1], before.every, periods + 1)
    return None
