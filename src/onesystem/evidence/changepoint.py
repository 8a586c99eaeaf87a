"""Bayesian change-points: when did a series change, how often, and how sure is that?

The data choose the date. Between changes a series has one level: counts are Poisson with a gamma
prior of mean the overall rate and the weight of one expected event; other series are normal around
the level, with a normal prior of the spread of the whole series and a common variance that is
summed over. Everything is exact: the marginal likelihood of each stretch in closed form, summed
over all placements by recursion (Fearnhead 2006, Stat Comput 16:203-213); no sampler that has to
converge. A priori no change has the chance of one half, one change a quarter, and so on; dates are
all alike.

Textbook: British coal-mining disasters 1851 to 1962 (Jarrett 1979): the change is likeliest after
1891, then after 1890 and 1889 (Carlin, Gelfand and Smith 1992, Appl Stat 41:389-405), from about
3.1 to 0.9 a year; the Nile at Aswan 1871 to 1970: after 1898 (Cobb 1978, Biometrika 65:243-251).
"""

from collections.abc import Sequence
from datetime import date
from typing import Any

import numpy as np

from onesystem.evidence import checks, wording
from onesystem.evidence.linear import fit
from onesystem.evidence.posterior import Posterior, interval, posterior
from onesystem.evidence.result import Check, Effect, Line, Picture, Result, Table, Verdict
from onesystem.evidence.segments import season
from onesystem.evidence.series import PER_YEAR, Timed
from onesystem.evidence.translating import Terms, translate
from onesystem.vocabulary import BadInput
from onesystem.vocabulary.said import listed, say_counted

Array = Any
SOURCE = (
    "Fearnhead P. Exact and efficient Bayesian inference for multiple changepoint problems. "
    "Stat Comput 2006;16:203-213"
)
SMALL = 30.0  # counts below this on average, that spread as Poisson counts do, are Poisson
LONGEST = 1500
_LEAST = 1e-3  # of the mean, that a season may leave of a period


def changepoint(
    series: Timed,
    *,
    most: int = 3,
    shortest: int = 3,
    model: str = "auto",
    waves: int | None = None,
    declared: date | None = None,
    terms: Terms | None = None,
    level: float = 0.95,
    seed: int = 1,
) -> Result:
    """When a series changed, if it did. Season is taken out first where there is enough of it.

    >>> from onesystem.evidence.series import timed
    >>> months = [date(2024 + at // 12, at % 12 + 1, 1) for at in range(24)]
    >>> visits = [(50 if at < 14 else 40) + at * 7 % 5 for at in range(24)]
    >>> found = changepoint(timed(months, visits))
    >>> found.words.split('.')[0]
    'One change (46%), likeliest from 2025-03-01 on'
    """
    if len(series.values) > LONGEST:
        raise BadInput(
            f"{len(series.values)} periods are too many for the exact method",
            rule="evidence.too-long",
            cure=f"Sum to weeks or months, or take a part of at most {LONGEST}",
        )
    if len(series.values) < 2 * shortest + 2:
        raise BadInput(
            f"{len(series.values)} periods are too few",
            rule="evidence.too-short",
            cure=f"Give at least {2 * shortest + 2}, or a smaller --shortest",
        )
    expected = _seasonal(series, waves)
    chosen = model if model != "auto" else _model(series, expected)
    found = posterior(
        series, most=most, shortest=shortest, seed=seed, model=chosen, expected=expected
    )
    scale = series.per if series.denominators and series.kind != "mean" else 1.0
    paths = found.paths * scale
    main = _end_to_end(paths, series, level)
    effects = [main, *_changes(series, found, paths, level)]
    return Result(
        design="changepoint",
        title="Change-points",
        main=main,
        effects=tuple(effects),
        checks=_checks(series, found, expected, chosen, declared),
        limits=wording.limits("changepoint"),
        words=_words(series, found, main),
        method=f"Exact Bayesian change-points, {'Poisson' if chosen == 'poisson' else 'normal'}"
        f", up to {most} changes, stretches of at least {shortest} {series.every}s, "
        f"{'season taken out' if expected is not None else 'no season'}.",
        source=SOURCE,
        translated=translate(
            terms or Terms(), main, per_year=PER_YEAR[series.every],
            events=series.events, named=series.adds_up,
            what=series.unit or ("events" if series.kind != "mean" else "units"),
        ),
        tables=(
            _numbers(found), _dates(series, found, level), _by_period(series, found, paths, level),
        ),
        picture=_picture(series, found, paths, level),
        facts={"log_bayes_factor": found.log_factor, "model": chosen,
               "number": [float(p) for p in found.number]},
    )  # fmt: skip


def _seasonal(series: Timed, waves: int | None) -> Array | None:
    """What each period is by its season, relative to 1; None without a season.

    A few events in the same month of some years are no season: it would expect next to none in the
    others, and to divide by that tells nothing.
    """
    built = season(series, waves)
    if not built or len(series.values) < 24:
        return None
    y = np.array(series.values)
    per = np.array(series.denominators) if series.denominators else np.ones(len(y))
    if series.kind == "mean" and (y <= 0).any():
        return None
    place = np.array(series.places, float)
    base = [np.ones(len(y)), place - place.mean(), *(w for _, w in built)]
    x = np.column_stack(base)
    if np.linalg.matrix_rank(x) < x.shape[1] or not y.any():
        return None
    offset = np.log(per) if series.kind != "mean" else None
    try:
        found = fit(y, x, family="count", offset=offset)
    except BadInput:
        return None
    waving = np.exp(x[:, 2:] @ found.beta[2:])
    waving = waving / waving.mean()
    return waving if waving.min() > _LEAST else None


def _model(series: Timed, expected: Array | None) -> str:
    """Poisson for small counts that spread as such, else normal."""
    if series.kind != "count":
        return "normal"
    y = np.array(series.values)
    per = np.array(series.denominators) if series.denominators else np.ones(len(y))
    rate = y / (per * (expected if expected is not None else 1.0))
    noise = float(np.mean(np.diff(rate) ** 2)) / 2
    by_chance = float(np.mean(rate / per))
    return "poisson" if y.mean() < SMALL and noise < 1.5 * by_chance else "normal"


def _end_to_end(paths: Array, series: Timed, level: float) -> Effect:
    change = paths[:, -1] - paths[:, 0]
    return _effect(
        change, series, level, "end-to-end", "Level at the end less level at the beginning"
    )


def _effect(change: Array, series: Timed, level: float, name: str, label: str) -> Effect:
    """A change by its median: where no change is likely and a small one is not, the mean lies
    outside the interval.
    """
    low, middle, high = np.quantile(change, [(1 - level) / 2, 0.5, (1 + level) / 2])
    return Effect(
        name=name, label=label, estimate=float(middle), low=float(low), high=float(high),
        level=level, unit=series.effect_unit, se=float(change.std()),
    )  # fmt: skip


def _changes(series: Timed, found: Posterior, paths: Array, level: float) -> list[Effect]:
    """Each likeliest change: the level after less the level before."""
    edges = [0, *found.likeliest, len(series.dates)]
    out = []
    for k in range(1, len(edges) - 1):
        before = paths[:, (edges[k - 1] + edges[k]) // 2]
        later = paths[:, (edges[k] + edges[k + 1]) // 2]
        label = f"Change of {series.dates[edges[k]]}"
        out.append(_effect(later - before, series, level, f"change-{k}", label))
    return out


def _words(series: Timed, found: Posterior, main: Effect) -> str:
    best = int(np.argmax(found.number))
    sure = float(found.number[best])
    if best == 0:
        return f"No change is likeliest ({sure:.0%})."
    dates = ", ".join(str(series.dates[t]) for t in found.likeliest)
    known = {"sure": f"{sure:.0%}", "dates": dates}
    text = say_counted(
        "One change ({sure}), likeliest from {dates} on.",
        "{n} changes ({sure}), likeliest from {dates} on.",
        best,
        **known,
    )
    return listed([text, wording.headline(main)], " ")


def _checks(
    series: Timed, found: Posterior, expected: Array | None, chosen: str, declared: date | None
) -> tuple[Check, ...]:
    y = np.array(series.values)
    per = np.array(series.denominators) if series.denominators and series.kind != "mean" else 1.0
    level = found.paths.mean(axis=0)
    left = y / (per * (expected if expected is not None else 1.0)) - level
    q, p = checks.ljung_box(left, min(10, len(y) // 4))
    lag = checks.lag_one(left)
    some = 1 - float(found.number[0])
    result = [
        Check(
            name="evidence", title="The data say clearly whether there was a change",
            verdict=Verdict.PASSED if some > 0.95 or some < 0.05 else Verdict.DOUBTFUL,
            figure=f"chance of a change {some:.1%}; Bayes factor 1e{found.log_factor / 2.3026:.0f}",
            words="Clear." if some > 0.95 or some < 0.05 else "Not clear either way.",
        ),
        Check(
            name="autocorrelation", title="Within a stretch, periods do not follow one another",
            verdict=Verdict.PASSED if p >= 0.05 or lag < 0 else
            (Verdict.FAILED if lag > 0.5 else Verdict.DOUBTFUL),
            figure=f"lag 1: {lag:.2f}; Ljung-Box Q {q:.1f}, p {p:.2g}",
            words="They do not." if p >= 0.05 or lag < 0
            else "They do: drifts may pass for changes; use its with a known date.",
        ),
        Check(
            name="number", title="The number of changes allowed was enough",
            verdict=Verdict.PASSED if found.number[-1] < 0.5 or len(found.number) == 1
            else Verdict.DOUBTFUL,
            figure=f"chance of the most allowed ({len(found.number) - 1}) {found.number[-1]:.0%}",
            words="Enough." if found.number[-1] < 0.5
            else "The series takes all that are allowed: it drifts, or more are needed (--most).",
        ),
    ]  # fmt: skip
    if chosen == "poisson":
        scale = float(np.mean((y - level * per * (1.0 if expected is None else expected)) ** 2
                              / np.maximum(level * per, 1e-9)))  # fmt: skip
        result.append(
            Check(
                name="dispersion", title="Counts spread as Poisson counts do",
                verdict=Verdict.PASSED if scale < 2 else Verdict.DOUBTFUL,
                figure=f"scale {scale:.2f}", words="They do." if scale < 2 else "Further.",
            )
        )  # fmt: skip
    if declared is not None:
        result.append(_declared(series, found, declared))
    return tuple(result)


def _declared(series: Timed, found: Posterior, declared: date) -> Check:
    place = series.place_of(declared)
    near = [i for i, p in enumerate(series.places) if abs(p - place) <= 2]
    chance = float(sum(found.anywhere[i] for i in near))
    return Check(
        name="declared", title="The change lies where it was declared",
        verdict=Verdict.PASSED if chance > 0.5 else Verdict.DOUBTFUL,
        figure=f"chance of a change within 2 {series.every}s of {declared}: {min(1.0, chance):.0%}",
        words="The data agree." if chance > 0.5 else "The data do not put a change there.",
    )  # fmt: skip


def _numbers(found: Posterior) -> Table:
    rows = tuple((k, float(p)) for k, p in enumerate(found.number))
    return Table("How many changes", ("changes", "chance"), rows)


def _dates(series: Timed, found: Posterior, level: float) -> Table:
    rows = []
    for k, place in enumerate(found.likeliest):
        low, high = interval(found.places[k], level)
        rows.append(
            (k + 1, series.dates[place], float(found.places[k][place]), series.dates[low],
             series.dates[high])
        )  # fmt: skip
    columns = ("change", "likeliest first period", "chance of it", "from", "to")
    return Table("When", columns, tuple(rows))


def _by_period(series: Timed, found: Posterior, paths: Array, level: float) -> Table:
    low, high = np.quantile(paths, [(1 - level) / 2, (1 + level) / 2], axis=0)
    rows = tuple(
        (day, seen, float(m), float(a), float(b), float(c))
        for day, seen, m, a, b, c in zip(
            series.dates, series.shown, paths.mean(axis=0), low, high, found.anywhere, strict=True
        )
    )
    columns = ("period", "observed", "level", "low", "high", "chance of a change here")
    return Table("Period by period", columns, rows)


def _picture(series: Timed, found: Posterior, paths: Array, level: float) -> Picture:
    low, high = np.quantile(paths, [(1 - level) / 2, (1 + level) / 2], axis=0)
    marks: Sequence[tuple[Any, str]] = [(series.dates[t], "change") for t in found.likeliest]
    return Picture(
        title="The series, and the level that it had",
        axis=series.dates,
        unit=series.unit,
        lines=(
            Line(name="Observed", kind="observed", values=tuple(series.shown)),
            Line(
                name="Level", kind="fitted", values=tuple(map(float, paths.mean(axis=0))),
                low=tuple(map(float, low)), high=tuple(map(float, high)),
            ),
        ),
        marks=tuple(marks),
        axis_label=series.every,
    )  # fmt: skip
