"""The assumptions of an interrupted time series, each with its figure."""

from collections.abc import Sequence
from datetime import date
from typing import Any

import numpy as np

from onesystem.evidence import checks
from onesystem.evidence.its_fit import Fitted
from onesystem.evidence.linear import Fit, fit, whiten
from onesystem.evidence.result import Check, Verdict
from onesystem.evidence.segments import SEASONS, columns
from onesystem.evidence.series import Timed, after
from onesystem.evidence.tails import f_p, t_p

Array = Any
MOST_DATES = 60  # dates that are tried when asking where the data themselves see the change


def of(fitted: Fitted, at: Sequence[date], *, slope: bool, waves: int | None) -> tuple[Check, ...]:
    """All checks of a fitted series."""
    place = np.array(fitted.series.places)
    first = fitted.design.changes[0]
    found = [
        checks.points(int(np.sum(place < first)), int(np.sum(place >= first))),
        fitted.autocorrelation,
        dispersion(fitted),
        _season(fitted),
        _trend(fitted),
        _outliers(fitted),
    ]
    if len(at) == 1:
        found += [_when(fitted), _pretend(fitted, slope=slope, waves=waves)]
    return tuple(c for c in found if c is not None)


def dispersion(fitted: Fitted) -> Check:
    """Counts spread more than chance alone: always allowed for; a great deal asks why."""
    scale = fitted.fit.scale
    if fitted.series.kind == "mean":
        spread = float(np.std(fitted.fit.residuals))
        return Check(
            name="dispersion", title="Spread around the model", verdict=Verdict.PASSED,
            figure=f"standard deviation {spread:.4g}",
            words="Intervals use the spread that is seen.",
        )  # fmt: skip
    wide = scale > 20
    return Check(
        name="dispersion",
        title="Counts do not spread far beyond chance, or it is allowed for",
        verdict=Verdict.DOUBTFUL if wide else Verdict.PASSED,
        figure=f"scale {scale:.2f} (1 is chance alone)",
        words="Intervals are widened by it."
        + (" So large a scale asks for what else drives the series." if wide else ""),
    )


def _season(fitted: Fitted) -> Check | None:
    """Is a season left in the residuals?"""
    series = fitted.series
    periods = [p for p, _ in SEASONS[series.every]]
    if not periods:
        return None
    waves = sum(n.startswith(("sine", "cosine")) for n in fitted.design.names)
    period = periods[-1] if len(series.values) >= 2 * periods[-1] else periods[0]
    if len(series.values) < 2 * period:
        return Check(
            name="season", title="Season is allowed for", verdict=Verdict.DOUBTFUL,
            figure=f"{len(series.values)} periods; a season is {period:.3g}",
            words="The series is shorter than two seasons: a season may pass for an effect.",
        )  # fmt: skip
    left = fitted.fit.innovations
    place = np.array(series.places)
    share, p = _season_left(left, place, period, spent=waves)
    return Check(
        name="season", title="Season is allowed for", verdict=checks.verdict(p),
        figure=f"{waves} terms; what is left explains {share:.0%} of the residuals, p {p:.2g}",
        words="No season is left in the residuals." if p >= 0.05
        else "A season is left in the residuals: try three pairs of waves (--waves 3).",
    )  # fmt: skip


def _season_left(left: Array, place: Array, period: float, spent: int) -> tuple[float, float]:
    """How much of the residuals four waves explain, and the p of those beyond the model's own."""
    built = [np.ones(len(left))]
    for k in range(1, 5):
        if 2 * k >= period:
            break
        angle = 2 * np.pi * k * place / period
        built += [np.sin(angle), np.cos(angle)]
    x = np.column_stack(built)
    rest = left - x @ np.linalg.lstsq(x, left, rcond=None)[0]
    total = float(np.sum((left - left.mean()) ** 2))
    extra = x.shape[1] - 1 - min(spent, x.shape[1] - 2)
    df = len(left) - x.shape[1] - spent
    if total <= 0 or df < 3:
        return 0.0, 1.0
    explained = total - float(rest @ rest)
    f = explained / max(1, extra) / (float(rest @ rest) / df)
    return explained / total, f_p(f, max(1, extra), df)


def _before(fitted: Fitted) -> Array:
    return np.array(fitted.series.places) < fitted.design.changes[0]


def _part(series: Timed, rows: Array) -> Timed:
    keep = [i for i, r in enumerate(rows) if r]
    return Timed(
        dates=tuple(series.dates[i] for i in keep), values=tuple(series.values[i] for i in keep),
        denominators=tuple(series.denominators[i] for i in keep) if series.denominators else (),
        places=tuple(series.places[i] for i in keep), kind=series.kind, every=series.every,
        unit=series.unit, name=series.name, per=series.per,
    )  # fmt: skip


def _fit_part(part: Timed, x: Array, rho: float) -> Fit:
    return fit(
        np.array(part.values), x, family=part.kind, rho=rho, place=np.array(part.places),
        offset=np.log(part.denominators) if part.kind == "count" and part.denominators else None,
        trials=np.array(part.denominators) if part.kind == "share" else None,
    )  # fmt: skip


def _trend(fitted: Fitted) -> Check:
    """Is the trend before the change a straight line (on the scale of the model)?"""
    part = _part(fitted.series, _before(fitted))
    n = len(part.values)
    x = _rank_safe(np.column_stack([*fitted.design.without[_before(fitted)].T]))
    if n < x.shape[1] + 5:
        return Check(
            name="trend", title="The trend before was straight", verdict=Verdict.DOUBTFUL,
            figure=f"{n} periods before", words="Too few periods before the change to know.",
        )  # fmt: skip
    centred = np.array(part.places, float) - np.mean(part.places)
    bent = _fit_part(part, np.column_stack([x, centred**2]), fitted.fit.rho)
    se = float(bent.cov[-1, -1]) ** 0.5
    p = t_p(float(bent.beta[-1]) / se, bent.df) if se > 0 else 1.0
    return Check(
        name="trend", title="The trend before was straight", verdict=checks.verdict(p),
        figure=f"a bend: p {p:.2g}",
        words="No bend is seen before the change." if p >= 0.05
        else "The trend was already bending before: what would have been is uncertain.",
    )  # fmt: skip


def _rank_safe(x: Array) -> Array:
    keep: list[int] = []
    for j in range(x.shape[1]):
        if np.linalg.matrix_rank(x[:, [*keep, j]]) == len(keep) + 1:
            keep.append(j)
    return x[:, keep]


def _outliers(fitted: Fitted) -> Check:
    """Single periods far from the model."""
    standard = fitted.fit.innovations / np.sqrt(fitted.fit.scale or 1.0)
    far = [i for i, v in enumerate(standard) if abs(v) > 4]
    named = ", ".join(str(fitted.series.dates[i]) for i in far[:3])
    return Check(
        name="outliers", title="No single period decides",
        verdict=Verdict.DOUBTFUL if far else Verdict.PASSED,
        figure=f"{len(far)} beyond 4 standard deviations" + (f": {named}" if far else ""),
        words="Look at what happened then; an event of its own may need its own change."
        if far else "No period stands far from the model.",
    )  # fmt: skip


def _when(fitted: Fitted) -> Check:
    """Where would the data themselves put the change?"""
    series, design, f = fitted.series, fitted.design, fitted.fit
    place = np.array(series.places, float)
    root, z = _working(fitted)
    block = np.zeros(len(place), int)
    base = np.column_stack([c for c, n in zip(design.x.T, design.names, strict=True)
                            if not n.startswith(("level", "slope"))])  # fmt: skip
    slope = any(n.startswith("slope") for n in design.names)

    def residuals(change: float, rho: float) -> Array:
        since = (place >= change).astype(float)
        built = [base, since[:, None]] + ([(since * (place - change))[:, None]] if slope else [])
        x = whiten(np.column_stack(built) * root[:, None], rho, place.astype(int), block)
        y = whiten(z * root, rho, place.astype(int), block)
        return y - x @ np.linalg.lstsq(x, y, rcond=None)[0]

    def left(rho: float) -> dict[float, float]:
        return {c: float(np.sum(residuals(c, rho) ** 2)) for c in tried}

    declared = float(design.changes[0])
    inner = place[3:-3]
    step = max(1, len(inner) // MOST_DATES)
    tried = sorted({*inner[::step].tolist(), declared})
    # A change that is put in the wrong place looks like errors that follow one another; the
    # correlation is therefore taken where the change fits best.
    first = left(0.0)
    best = min(first, key=first.__getitem__)
    values = left(min(0.95, max(0.0, checks.lag_one(residuals(best, 0.0)))))
    best = min(values, key=values.__getitem__)
    away = int(best - declared)
    gain = (values[declared] - values[best]) / max(values[best] / max(1, f.df), 1e-300)
    seen = after(series.dates[0], series.every, int(best))
    near = abs(away) <= max(2, step) or gain < 6.0
    return Check(
        name="when", title="The data put the change where you do",
        verdict=Verdict.PASSED if near else Verdict.DOUBTFUL,
        figure=f"best fitting date {seen}, {abs(away)} {series.every}s "
        f"{'earlier' if away < 0 else 'later'}; fits {gain:.1f} better" if away
        else f"best fitting date {seen}",
        words="The change fits where it was declared." if near
        else "A change at another date fits clearly better: something else may have happened.",
    )  # fmt: skip


def _working(fitted: Fitted) -> tuple[Array, Array]:
    """The working response of the fitted model and the square roots of its weights."""
    series, f = fitted.series, fitted.fit
    y, eta = np.array(series.values), fitted.design.x @ f.beta
    if series.kind == "count":
        return np.sqrt(f.mu), eta + (y - f.mu) / f.mu
    if series.kind == "share":
        m = np.array(series.denominators)
        weight = f.mu * (1 - f.mu / m)
        return np.sqrt(weight), eta + (y - f.mu) / weight
    return np.ones(len(y)), y


def _pretend(fitted: Fitted, *, slope: bool, waves: int | None) -> Check | None:
    """A pretended change in the middle of the time before: there should be no effect."""
    part = _part(fitted.series, _before(fitted))
    if len(part.values) < 16:
        return None
    middle = part.dates[len(part.dates) // 2]
    design = columns(part, [middle], slope=slope, waves=waves)
    x = _rank_safe(design.x)
    if x.shape[1] != design.x.shape[1] or len(part.values) < x.shape[1] + 5:
        return None
    found = _fit_part(part, design.x, fitted.fit.rho)
    parts = [i for i, n in enumerate(design.names) if n.startswith(("level", "slope"))]
    b = found.beta[parts]
    # Where nothing varies before, there is no spread to hold a pretended effect against.
    wald = float(b @ np.linalg.pinv(found.cov[np.ix_(parts, parts)]) @ b) / len(parts)
    p = f_p(wald, len(parts), found.df)
    return Check(
        name="pretended", title="A pretended change before shows nothing",
        verdict=checks.verdict(p), figure=f"pretended at {middle}: p {p:.2g}",
        words="No effect where there was no change." if p >= 0.05
        else "The method finds an effect where there was no change: the trend was not stable.",
    )  # fmt: skip
