"""Controlled interrupted time series: the change here, less the change where nothing was done.

Both series get a segmented model of their own, with their own season and errors; the effect is the
difference of their changes, and what would have been is the treated trend with the control's
change laid on it. The two are taken as independent: where they move together the interval is wider
than it need be, never narrower.

Textbook: Lopez Bernal, Cummins and Gasparrini 2018, Int J Epidemiol 47:2082-2093, on controls.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any

import numpy as np

from onesystem.evidence import checks, its_checks, wording
from onesystem.evidence import its as one
from onesystem.evidence.its_fit import Errors, Fitted, fitted_series
from onesystem.evidence.result import Check, Line, Result, Verdict
from onesystem.evidence.segments import Columns
from onesystem.evidence.series import PER_YEAR, Timed
from onesystem.evidence.tails import t_p
from onesystem.evidence.translating import Terms, translate
from onesystem.vocabulary import BadInput

Array = Any
SOURCE = (
    "Lopez Bernal J, Cummins S, Gasparrini A. The use of controls in interrupted time series "
    "studies of public health interventions. Int J Epidemiol 2018;47:2082-2093"
)


def controlled(
    series: Timed,
    control: Timed,
    at: Sequence[date],
    *,
    slope: bool = True,
    waves: int | None = None,
    errors: Errors = "auto",
    terms: Terms | None = None,
    level: float = 0.95,
) -> Result:
    """Whether a series changed beyond what its control did."""
    if series.dates != control.dates:
        odd = sorted(set(series.dates) ^ set(control.dates))
        raise BadInput(
            f"the series and its control differ in {len(odd)} periods, first {odd[0]}",
            rule="evidence.control-dates",
            cure="Give both the same periods",
        )
    if series.kind != control.kind:
        raise BadInput(
            f"the series are {series.kind}s and the control {control.kind}s",
            rule="evidence.control-kind",
            cure="Give a control of the same kind",
        )
    treated = fitted_series(series, at, slope=slope, waves=waves, errors=errors)
    other = fitted_series(control, at, slope=slope, waves=waves, errors=errors)
    both = _both(treated, other)
    called = [f"change of {d}" for d in at]
    changes = one.coefficients(_difference(treated, other), called, level)
    effects = [*changes, *one.overall(both, level)]
    main = next(e for e in effects if e.name == "average")
    events = series.events
    if series.denominators and series.kind != "mean":
        since = np.array(series.places) >= treated.design.changes[0]
        events = float(np.mean(np.array(series.denominators)[since])) / series.per
    table = one.series_table(both, level)
    table = replace(
        table,
        columns=(*table.columns, "control"),
        rows=tuple((*r, c) for r, c in zip(table.rows, control.shown, strict=True)),
    )
    picture = one.picture(both, level, at, called)
    line = Line(name=control.name or "Control", kind="comparison", values=tuple(control.shown))
    return Result(
        design="controlled",
        title="Interrupted time series with a control",
        main=main,
        effects=tuple(effects),
        checks=_checks(treated, other, at, slope=slope, waves=waves),
        limits=wording.limits("its") + wording.CONTROL,
        words=wording.headline(main, series.every, effects),
        method=f"{one.method(treated)} Control: {one.method(other)} Effect: the treated change "
        "less the control's.",
        source=SOURCE,
        translated=translate(
            terms or Terms(), main, per_year=PER_YEAR[series.every], events=events,
            what=series.unit or ("events" if series.kind != "mean" else "units"),
            named=series.adds_up,
        ),
        tables=(one.coefficient_table(_difference(treated, other), level), table),
        picture=replace(picture, lines=(*picture.lines, line)),
        facts={"periods": len(series.dates), "rho": treated.fit.rho, "rho_control": other.fit.rho,
               "scale": treated.fit.scale, "scale_control": other.fit.scale,
               "df": both.fit.df},
    )  # fmt: skip


def _both(treated: Fitted, other: Fitted) -> Fitted:
    """The treated model with the control's changes as those that would have come anyhow."""
    changing = _changing(treated.design)
    x, without = treated.design.x, treated.design.without
    zero = np.zeros((len(x), len(changing)))
    cov = np.zeros((x.shape[1] + len(changing),) * 2)
    cov[: x.shape[1], : x.shape[1]] = treated.fit.cov
    cov[x.shape[1] :, x.shape[1] :] = other.fit.cov[np.ix_(changing, changing)]
    design = Columns(
        np.hstack([x, zero]),
        np.hstack([without, x[:, changing]]),
        (*treated.design.names, *(f"control {treated.design.names[i]}" for i in changing)),
        treated.design.changes,
    )
    beta = np.concatenate([treated.fit.beta, other.fit.beta[changing]])
    df = min(treated.fit.df, other.fit.df)
    return replace(treated, design=design, fit=replace(treated.fit, beta=beta, cov=cov, df=df))


def _difference(treated: Fitted, other: Fitted) -> Fitted:
    """The treated model with its changes less the control's."""
    changing = _changing(treated.design)
    beta, cov = treated.fit.beta.copy(), treated.fit.cov.copy()
    beta[changing] -= other.fit.beta[changing]
    cov[np.ix_(changing, changing)] += other.fit.cov[np.ix_(changing, changing)]
    df = min(treated.fit.df, other.fit.df)
    return replace(treated, fit=replace(treated.fit, beta=beta, cov=cov, df=df))


def _changing(design: Columns) -> list[int]:
    return [i for i, n in enumerate(design.names) if n.startswith(("level", "slope"))]


def _checks(
    treated: Fitted, other: Fitted, at: Sequence[date], *, slope: bool, waves: int | None
) -> tuple[Check, ...]:
    mine = its_checks.of(treated, at, slope=slope, waves=waves)
    theirs = tuple(
        replace(c, name=f"control-{c.name}", title=f"Control: {c.title[0].lower()}{c.title[1:]}")
        for c in its_checks.of(other, at, slope=slope, waves=waves)
        if c.name in ("autocorrelation", "season", "trend")
    )
    return (*mine, *theirs, _parallel(treated, other), _untouched(other))


def _parallel(treated: Fitted, other: Fitted) -> Check:
    """Trends before need not be equal, but a control that moves alike is worth more."""
    i = treated.design.names.index("trend")
    apart = float(treated.fit.beta[i] - other.fit.beta[i])
    se = float(treated.fit.cov[i, i] + other.fit.cov[i, i]) ** 0.5
    p = t_p(apart / se, min(treated.fit.df, other.fit.df)) if se > 0 else 1.0
    return Check(
        name="parallel", title="The control moved alike before",
        verdict=checks.verdict(p, failed=0), figure=f"trends differ by {apart:.3g}, p {p:.2g}",
        words="Trends before are alike." if p >= 0.05
        else "Trends before differ: each keeps its own, but the control is less like.",
    )  # fmt: skip


def _untouched(other: Fitted) -> Check:
    """Did the control change too? Then something common happened, or it was touched."""
    parts = _changing(other.design)
    b = other.fit.beta[parts]
    wald = float(b @ np.linalg.pinv(other.fit.cov[np.ix_(parts, parts)]) @ b)
    from onesystem.evidence.tails import f_p

    p = f_p(wald / len(parts), len(parts), other.fit.df)
    return Check(
        name="untouched", title="The control did not change at the same time",
        verdict=Verdict.PASSED if p >= 0.05 else Verdict.DOUBTFUL, figure=f"p {p:.2g}",
        words="It stayed on its course." if p >= 0.05
        else "It changed too: either something common happened, which is taken off here, or the "
        "control was touched by the change.",
    )  # fmt: skip
