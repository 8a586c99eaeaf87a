"""Interrupted time series: segmented regression with season, overdispersion and honest errors.

    log E[count] = a + b time + season + level x after + slope x (time - change) x after + log(pop)

Counts and rates are quasi-Poisson, shares quasi-binomial, means Gaussian. Errors may follow one
another: their first-order correlation is estimated by restricted maximum likelihood (Turner and
others 2021 found it best of six for short series), and Newey-West covariance is laid on top where
something is left. Naive errors are refused where residuals follow one another.

Textbook: Lopez Bernal, Cummins and Gasparrini 2017, Int J Epidemiol 46:348-355, the Sicilian
smoking ban: rate ratio 0.89 (0.85 to 0.93) with season, which `tests/evidence` reproduces.
"""

from collections.abc import Sequence
from datetime import date
from typing import Any

import numpy as np

from onesystem.evidence import its_checks, wording
from onesystem.evidence.its_fit import Errors, Fitted, fitted_series
from onesystem.evidence.result import Effect, Line, Picture, Result, Table, effect
from onesystem.evidence.series import PER_YEAR, Timed
from onesystem.evidence.tails import t_p, t_quantile
from onesystem.evidence.translating import Terms, translate

Array = Any
SOURCE = (
    "Lopez Bernal J, Cummins S, Gasparrini A. Interrupted time series regression for the "
    "evaluation of public health interventions: a tutorial. Int J Epidemiol 2017;46:348-355"
)


def its(
    series: Timed,
    at: Sequence[date],
    *,
    slope: bool = True,
    waves: int | None = None,
    errors: Errors = "auto",
    terms: Terms | None = None,
    level: float = 0.95,
    names: Sequence[str] = (),
) -> Result:
    """Whether a series changed at the dates, by how much, and what would have been without.

    Raises BadInput where the data cannot answer: too few periods, a change outside of them, or
    naive errors asked for where residuals follow one another.

    >>> from onesystem.evidence.series import timed
    >>> months = [date(2024 + at // 12, at % 12 + 1, 1) for at in range(24)]
    >>> visits = [(100 if at < 12 else 80) + at * 7 % 5 for at in range(24)]
    >>> found = its(timed(months, visits), [date(2025, 1, 1)], slope=False)
    >>> found.words
    'The outcome fell by 19.7 a month (95% interval -26.1 to -13.3). That is 19.4% less.'
    >>> str(found.standing)
    'passed'
    """
    fitted = fitted_series(series, at, slope=slope, waves=waves, errors=errors)
    called = [*names, *(f"change of {d}" for d in at[len(names) :])]
    effects = [*coefficients(fitted, called, level), *overall(fitted, level)]
    main = next(e for e in effects if e.name == "average")
    events = (
        float(np.mean(_after(fitted, np.array(series.denominators)))) / series.per
        if series.rated
        else series.events
    )
    found = its_checks.of(fitted, at, slope=slope, waves=waves)
    result_terms = terms or Terms()
    translated = translate(
        result_terms, main, per_year=PER_YEAR[series.every], events=events,
        what=series.unit or ("events" if series.kind != "mean" else "units"), named=series.adds_up,
    )  # fmt: skip
    return Result(
        design="its",
        title="Interrupted time series",
        main=main,
        effects=tuple(effects),
        checks=found,
        limits=wording.limits("its", one_series=True),
        words=wording.headline(main, series.every, effects),
        method=method(fitted),
        source=SOURCE,
        translated=translated,
        tables=(coefficient_table(fitted, level), series_table(fitted, level)),
        picture=picture(fitted, level, at, called),
        facts={
            "periods": len(series.dates), "rho": fitted.fit.rho, "scale": fitted.fit.scale,
            "errors": fitted.errors, "df": fitted.fit.df,
        },
    )  # fmt: skip


def _after(fitted: Fitted, values: Array) -> Array:
    return values[np.array(fitted.series.places) >= fitted.design.changes[0]]


def coefficients(fitted: Fitted, called: Sequence[str], level: float) -> list[Effect]:
    """The level and the slope of each change: ratios for counts and shares, else differences."""
    found, f = [], fitted.fit
    ratio = fitted.series.kind != "mean"
    what = {"count": "rate ratio" if fitted.series.denominators else "ratio", "share": "odds ratio"}
    for i, name in enumerate(fitted.design.names):
        kind, _, number = name.partition(" ")
        if kind not in ("level", "slope"):
            continue
        which = called[int(number) - 1]
        label = f"Level at the {which}" if kind == "level" else f"Slope since the {which}"
        per = "" if kind == "level" else f" a {fitted.series.every}"
        found.append(
            effect(
                name.replace(" ", "-"), label, float(f.beta[i]), float(f.cov[i, i]) ** 0.5, f.df,
                level=level, ratio=ratio,
                unit=(what.get(fitted.series.kind, fitted.series.unit)) + per,
            )
        )  # fmt: skip
    return found


def expected(fitted: Fitted) -> tuple[Array, Array, Array, Array]:
    """Expected values with and without the changes, and how each moves with the coefficients.

    In the unit that a chart shows: per denominator where there is one.
    """
    d, f, series = fitted.design, fitted.fit, fitted.series

    def one(x: Array) -> tuple[Array, Array]:
        eta = x @ f.beta
        if series.kind == "count":
            mu = np.exp(eta) * series.per
            return mu, x * mu[:, None]
        if series.kind == "share":
            share = 1 / (1 + np.exp(-eta))
            return share * series.per, x * (share * (1 - share))[:, None] * series.per
        return eta, x

    with_it, moves = one(d.x)
    without, moves_without = one(d.without)
    return with_it, without, moves, moves_without


def overall(fitted: Fitted, level: float) -> list[Effect]:
    """The average, relative and total effect over all periods since the first change."""
    f, series = fitted.fit, fitted.series
    with_it, without, moves, moves_without = expected(fitted)
    since = np.array(series.places) >= fitted.design.changes[0]
    weight = np.array(series.denominators)[since] if series.rated else np.ones(int(since.sum()))
    share = weight / weight.sum()
    change = float(share @ (with_it - without)[since])
    gradient = share @ (moves - moves_without)[since]
    se = float(gradient @ f.cov @ gradient) ** 0.5
    unit = series.effect_unit
    found = [
        effect(
            "average", "Average effect since the change", change, se, f.df, level=level, unit=unit
        )
    ]
    total = float(weight.sum()) if series.rated else float(since.sum())
    if series.kind != "mean":
        total /= series.per
        found.append(
            effect("total", "Events more or fewer so far", change * total, se * total, f.df,
                   level=level, unit=series.unit or "events")
        )  # fmt: skip
    above, below = float(share @ with_it[since]), float(share @ without[since])
    if above > 0 and below > 0:
        log_gradient = share @ moves[since] / above - share @ moves_without[since] / below
        log_se = float(log_gradient @ f.cov @ log_gradient) ** 0.5
        found.append(
            effect("relative", "Average effect, relative", float(np.log(above / below)), log_se,
                   f.df, level=level, ratio=True, unit="ratio")
        )  # fmt: skip
    last = (moves - moves_without)[-1]
    found.append(
        effect("at-end", "Effect in the last period", float((with_it - without)[-1]),
               float(last @ f.cov @ last) ** 0.5, f.df, level=level, unit=unit)
    )  # fmt: skip
    return found


def method(fitted: Fitted) -> str:
    """The method in a sentence."""
    family = {
        "count": "quasi-Poisson regression with the logarithm of the denominator as offset"
        if fitted.series.denominators else "quasi-Poisson regression",
        "share": "quasi-binomial regression",
        "mean": "linear regression",
    }[fitted.series.kind]  # fmt: skip
    errors = {
        "naive": "independent errors (tested)",
        "ar": f"first-order autoregressive errors (rho {fitted.fit.rho:.2f}, by REML)",
        "newey-west": "Newey-West standard errors",
        "ar and newey-west": f"autoregressive errors (rho {fitted.fit.rho:.2f}) and Newey-West "
        "standard errors for what is left",
    }[fitted.errors]
    waves = sum(n.startswith(("sine", "cosine")) for n in fitted.design.names)
    season = f"{waves} terms for the season" if waves else "no season"
    return f"Segmented {family}, {season}, {errors}, scale {fitted.fit.scale:.2f}."


def coefficient_table(fitted: Fitted, level: float) -> Table:
    """All coefficients, on the scale of the model."""
    f = fitted.fit
    wide = t_quantile(level, f.df)
    rows = []
    for i, name in enumerate(fitted.design.names):
        b, se = float(f.beta[i]), float(f.cov[i, i]) ** 0.5
        rows.append((name, b, se, b - wide * se, b + wide * se, t_p(b / se, f.df) if se else 0.0))
    return Table("Coefficients", ("term", "estimate", "se", "low", "high", "p"), tuple(rows))


def bands(fitted: Fitted, level: float) -> tuple[Array, Array, Array, Array]:
    """What would have been, with its interval, beside what the model expects."""
    f, d = fitted.fit, fitted.design
    wide = t_quantile(level, f.df)
    eta = d.without @ f.beta
    se = np.sqrt(np.maximum(0, np.einsum("ij,jk,ik->i", d.without, f.cov, d.without)))
    low, high = eta - wide * se, eta + wide * se
    with_it = expected(fitted)[0]
    if fitted.series.kind == "count":
        return with_it, *(fitted.series.per * np.exp(e) for e in (eta, low, high))
    if fitted.series.kind == "share":
        return with_it, *(fitted.series.per / (1 + np.exp(-e)) for e in (eta, low, high))
    return with_it, eta, low, high


def series_table(fitted: Fitted, level: float) -> Table:
    """Observed, expected, and without the change, period by period."""
    with_it, without, low, high = bands(fitted, level)
    rows = tuple(
        (day, seen, float(a), float(b), float(c), float(e))
        for day, seen, a, b, c, e in zip(
            fitted.series.dates, fitted.series.shown, with_it, without, low, high, strict=True
        )
    )
    return Table(
        "Period by period",
        ("period", "observed", "expected", "without the change", "low", "high"),
        rows,
    )


def picture(fitted: Fitted, level: float, at: Sequence[date], called: Sequence[str]) -> Picture:
    """The series, the model, and what would have been."""
    with_it, without, low, high = bands(fitted, level)
    since = np.array(fitted.series.places) >= fitted.design.changes[0]

    def only_after(values: Array) -> tuple[float | None, ...]:
        return tuple(float(v) if s else None for v, s in zip(values, since, strict=True))

    return Picture(
        title="What happened, and what would have been expected without the change",
        axis=fitted.series.dates,
        unit=fitted.series.unit,
        lines=(
            Line(name="Observed", kind="observed", values=tuple(fitted.series.shown)),
            Line(name="Model", kind="fitted", values=tuple(float(v) for v in with_it)),
            Line(
                name="Without the change", kind="counterfactual", values=only_after(without),
                low=only_after(low), high=only_after(high),
            ),
        ),
        marks=tuple(zip(sorted(at), called, strict=False)),
        axis_label=fitted.series.every,
    )  # fmt: skip
