"""The model of an interrupted time series: segmented regression with errors that may follow."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Literal

import numpy as np

from onesystem.evidence import checks
from onesystem.evidence.linear import Fit, fit, newey_west_lags
from onesystem.evidence.result import Check
from onesystem.evidence.segments import Columns, columns
from onesystem.evidence.series import Timed
from onesystem.vocabulary import BadInput

Array = Any
Errors = Literal["auto", "ar", "newey-west", "naive"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Fitted:
    """A fitted series: its design, the fit, and what was done about the errors."""

    series: Timed
    design: Columns
    fit: Fit
    errors: str
    autocorrelation: Check


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
        "offset": np.log(series.denominators) if series.kind == "count" and series.rated else None,
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
    n, lags = len(y), checks.lags(series)
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
    check = checks.autocorrelation(plain, chosen, done, q, p, p_one, lags)
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
                f"only {inside} {'period' if inside == 1 else 'periods'} {where}",
                rule="evidence.too-short",
                cure="Give at least three; `onesystem evaluate power its` says how many are enough",
            )
    if n < p + 3:
        raise BadInput(
            f"{n} periods are too few for a model of {p} terms",
            rule="evidence.too-short",
            cure="Give more periods, or leave the season (--waves 0) or the slope (--no-slope) out",
        )
