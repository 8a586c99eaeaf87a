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
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Literal

import numpy as np

from onesystem.evidence import checks, its_checks, wording
from onesystem.evidence.linear import Fit, fit, newey_west_lags
from onesystem.evidence.result import Check, Effect, Line, Picture, Result, Table
from onesystem.evidence.segments import Columns, columns
from onesystem.evidence.series import PER_YEAR, Timed
from onesystem.evidence.tails import t_p, t_quantile
from onesystem.evidence.translating import Terms, translate
from onesystem.vocabulary import BadInput

Array = Any
Errors = Literal["auto", "ar", "newey-west", "naive"]
SOURCE = (
    "Lopez Bernal J, Cummins S, Gasparrini A. Interrupted time series regression for the "
    "evaluation of public health interventions: a tutorial. Int J Epidemiol 2017;46:348-355"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Fitted:
    """A fitted series: its design, the fit, and what was done about the errors."""

    series: Timed
    design: Columns
    fit: Fit
    errors: str
    autocorrelation: Check


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
    """
    fitted = fitted_series(series, at, slope=slope, waves=waves, errors=errors)
    called = [*names, *(f"change of {d}" for d in at[len(names) :])]
    effects = [*coefficients(fitted, called, level), *overall(fitted, level)]
    main = next(e for e in effects if e.name == "average")
    events = (
        float(np.mean(_after(fitted, np.array(series.denominators)))) / series.per
        if _rated(series)
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


def fitted_series(
    series: Timed, at: Sequence[date], *, slope: bool, waves: int | None, errors: Errors
) -> Fitted:
    """The model of a series, with errors as the residuals ask for."""
    if not at:
        raise BadInput(
            "no change is named", rule="evidence.no-change", cure="Give its date: --at 2020-03-01"
        )
    design = columns(series, sorted(at), slope=slope, waves=waves)
    _enough(series, design)
    y = np.array(series.values)
    kept: dict[str, Any] = {
        "family": series.kind,
        "offset": np.log(series.denominators)
        if series.kind == "count" and _rated(series)
        else None,
        "trials": np.array(series.denominators) if series.kind == "share" else None,
        "place": np.array(series.places),
    }
    if series.kind != "mean" and not y.any():
        raise BadInput(
            "every value is zero",
            rule="evidence.all-zero",
            cure="Check the column; a measure without events cannot show a change",
        )
    plain = fit(y, design.x, **kept)
    n, lags = len(y), its_checks.lags(series)
    q, p = checks.ljung_box(plain.residuals, lags)
    p_one = checks.ljung_box(plain.residuals, 1)[1]
    # Residuals that swing back and forth make naive errors too large, which is the safe side.
    follow = (p < 0.05 or p_one < 0.05) and checks.lag_one(plain.residuals) > 0
    if errors == "naive" and follow:
        raise BadInput(
            f"residuals follow one another (lag 1: {checks.lag_one(plain.residuals):.2f}, "
            f"p {min(p, p_one):.2g}), so naive standard errors would be too small",
            rule="evidence.autocorrelated",
            cure="Use --errors auto, ar or newey-west, or more waves for the season",
        )
    chosen, done = plain, "naive"
    if errors == "newey-west":
        chosen, done = fit(y, design.x, hac=newey_west_lags(n), **kept), "newey-west"
    elif errors != "naive":
        chosen, done = _following(y, design.x, plain, kept, lags)
    _bounded(series, design, chosen)
    check = its_checks.autocorrelation(plain, chosen, done, q, p, p_one, lags)
    return Fitted(series=series, design=design, fit=chosen, errors=done, autocorrelation=check)


def _bounded(series: Timed, design: Columns, found: Fit) -> None:
    """A model that would have expected a thousand times what was ever seen knows nothing."""
    if series.kind == "mean":
        return
    eta = np.concatenate([design.x @ found.beta, design.without @ found.beta])
    spread = np.sqrt(np.maximum(0, np.einsum("ij,jk,ik->i", design.without, found.cov,
                                             design.without)))  # fmt: skip
    most = {"count": np.log(max(found.mu.max(), *series.values, 1.0)) + 7, "share": 20.0}
    if series.denominators and series.kind == "count":
        most["count"] -= np.log(min(series.denominators))
    if not np.isfinite(eta).all() or eta.max() > most[series.kind] or spread.max() > 50:
        raise BadInput(
            "there are too few events to say what would have been without the change",
            rule="evidence.too-few-events",
            cure="Take longer periods, or leave the slope (--no-slope) or the season (--waves 0) "
            "out",
        )


def _following(y: Array, x: Array, plain: Fit, kept: dict[str, Any], lags: int) -> tuple[Fit, str]:
    """Errors that may follow one another, whether or not the tests see it.

    Tests miss a correlation of 0.3 in four years of months more often than not, and naive errors
    then find effects two to three times too often; estimating it always costs little. Errors that
    swing back and forth are left as independent, which is the safe side. With correlation r the
    periods say as much as (1 - r) / (1 + r) as many independent ones: the degrees of freedom.
    """
    found = fit(y, x, rho=None, **kept)
    if found.rho <= 0.02:
        return plain, "naive"
    done = "ar"
    if checks.ljung_box(found.innovations, lags, fitted=1)[1] < 0.01:
        found = fit(y, x, rho=found.rho, hac=newey_west_lags(len(y)), **kept)
        done = "ar and newey-west"
    return replace(found, df=max(3, int(found.df * (1 - found.rho) / (1 + found.rho)))), done


def _enough(series: Timed, design: Columns) -> None:
    n, p = design.x.shape
    place = np.array(series.places)
    edges = [0, *design.changes, int(place[-1]) + 1]
    for i in range(len(edges) - 1):
        inside = int(np.sum((place >= edges[i]) & (place < edges[i + 1])))
        if inside < 3:
            where = "before the change" if i == 0 else f"after change {i}"
            raise BadInput(
                f"only {inside} periods {where}",
                rule="evidence.too-short",
                cure="Give at least three; `onesystem evaluate power its` says how many are enough",
            )
    if n < p + 3:
        raise BadInput(
            f"{n} periods are too few for a model of {p} terms",
            rule="evidence.too-short",
            cure="Give more periods, or leave the season (--waves 0) or the slope (--no-slope) out",
        )


def _rated(series: Timed) -> bool:
    return bool(series.denominators) and series.kind != "mean"


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


def effect(
    name: str, label: str, value: float, se: float, df: float, *, level: float = 0.95,
    ratio: bool = False, unit: str = "",
) -> Effect:  # fmt: skip
    """An effect from an estimate and its standard error; a ratio is given by its logarithm."""
    wide = t_quantile(level, df) * se
    p = t_p(value / se, df) if se > 0 else (1.0 if value == 0 else 0.0)
    shown = [value, value - wide, value + wide]
    if ratio:
        shown = [float(np.exp(min(v, 700.0))) for v in shown]
    return Effect(
        name=name, label=label, estimate=shown[0], low=shown[1], high=shown[2], unit=unit,
        level=level, se=se, p=p, ratio=ratio,
    )  # fmt: skip


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
    weight = np.array(series.denominators)[since] if _rated(series) else np.ones(int(since.sum()))
    share = weight / weight.sum()
    change = float(share @ (with_it - without)[since])
    gradient = share @ (moves - moves_without)[since]
    se = float(gradient @ f.cov @ gradient) ** 0.5
    unit = outcome_unit(series)
    found = [
        effect(
            "average", "Average effect since the change", change, se, f.df, level=level, unit=unit
        )
    ]
    total = float(weight.sum()) if _rated(series) else float(since.sum())
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


def outcome_unit(series: Timed) -> str:
    """The unit of an effect: events a month, a rate, percentage points, or the series' own."""
    if series.kind == "share" and series.per == 100:
        return "percentage points"
    if _rated(series):
        return f"{series.unit} per {series.per:,.0f}".strip()
    return f"{series.unit} a {series.every}".strip() if series.kind == "count" else series.unit


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
