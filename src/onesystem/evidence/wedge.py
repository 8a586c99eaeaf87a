"""Stepped wedge: every place gets the change, in steps; time is taken out as a fixed effect.

The model of Hussey and Hughes (2007, Contemp Clin Trials 28:182-191) on the means of each cluster
and period, which is exact for their model: period fixed, cluster random, errors by the size of
the cell; variances by restricted maximum likelihood; degrees of freedom clusters less two. Where
the order was drawn, a permutation of it gives a p value that leans on no model (Ji and others
2017).

Textbook: their equation for the variance of the effect, I s2 (s2 + T t2) / ((I U - W) s2 + (U2 +
I T U - T W - I V) t2), which `tests/evidence` reproduces from the fitted covariance.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from onesystem.evidence import wording
from onesystem.evidence.checks import verdict
from onesystem.evidence.result import Check, Line, Picture, Result, Table, Verdict, effect
from onesystem.evidence.steps import Steps
from onesystem.evidence.tails import t_p
from onesystem.evidence.translating import Terms, translate
from onesystem.vocabulary import BadInput

Array = Any
SOURCE = (
    "Hussey MA, Hughes JP. Design and analysis of stepped wedge cluster randomized trials. "
    "Contemp Clin Trials 2007;28:182-191"
)
ORDERS = 500


@dataclass(frozen=True, slots=True)
class Mixed:
    """A fitted mixed model."""

    beta: Array
    cov: Array
    sigma2: float  # of one observation
    tau2: float  # of a cluster
    residuals: Array


def mixed(
    y: Array, x: Array, cluster: Array, size: Array, *, within: tuple[float, int] = (0.0, 0)
) -> Mixed:
    """Period fixed, cluster random, by restricted maximum likelihood over tau2 / sigma2.

    `within`: the squares of people around the mean of their cell, summed, and how many of them
    are free. With it the fit on means is that on people.
    """
    member = _flags(cluster, int(cluster.max()) + 1)
    weighed = member * size[:, None]
    weights, sums, of_y = weighed.sum(axis=0), weighed.T @ x, weighed.T @ y
    whole, cross = (x * size[:, None]).T @ x, x.T @ (size * y)
    square = float(size @ y**2)

    def at(ratio: float) -> tuple[float, Array, Array, float]:
        # V = D + ratio 11' in a cluster, D = 1/size: Sherman-Morrison needs no inverse
        k = ratio / (1 + ratio * weights)
        gram = whole - (sums * k[:, None]).T @ sums
        side = cross - sums.T @ (k * of_y)
        total = square - float(k @ of_y**2)
        log_det = float(np.sum(np.log1p(ratio * weights)))
        beta = np.linalg.solve(gram, side)
        rss = max(total - float(beta @ side) + within[0], 1e-300)
        df = len(y) - x.shape[1] + within[1]
        unlikely = 0.5 * (log_det + float(np.linalg.slogdet(gram)[1]) + df * float(np.log(rss)))
        return unlikely, beta, gram, rss / df

    grid = np.concatenate([[0.0], np.exp(np.linspace(-14, 6, 41)) / float(np.mean(size))])
    best = int(np.argmin([at(float(r))[0] for r in grid]))
    low, high = float(grid[max(0, best - 1)]), float(grid[min(len(grid) - 1, best + 1)])
    golden = (5**0.5 - 1) / 2
    for _ in range(30):
        one, two = high - golden * (high - low), low + golden * (high - low)
        if at(one)[0] < at(two)[0]:
            high = two
        else:
            low = one
    ratio = (low + high) / 2 if at((low + high) / 2)[0] < at(0.0)[0] else 0.0
    _, beta, gram, sigma2 = at(ratio)
    cov = np.linalg.inv(gram) * sigma2
    return Mixed(beta, cov, float(sigma2), float(ratio * sigma2), y - x @ beta)


def design(data: Steps, extra: Array | None = None) -> Array:
    """The columns: the treatment first, then one a period, then any other."""
    built = [data.treated[:, None], _flags(data.period, len(data.periods))]
    return np.hstack(built if extra is None else [*built, extra[:, None]])


def _flags(codes: Array, count: int) -> Array:
    """A column for each of so many codes: 1.0 in the rows that have it."""
    return (codes[:, None] == np.arange(count)[None, :]).astype(float)


def wedge(
    data: Steps,
    *,
    terms: Terms | None = None,
    per_year: float = 1.0,
    level: float = 0.95,
    drawn: bool = False,
    seed: int = 1,
    progress: Callable[[int, int], None] | None = None,
) -> Result:
    """The effect of a change that reaches every cluster, in steps.

    drawn: the order of the clusters was drawn by lot; then a permutation test is worked out too.

    >>> from onesystem.evidence.steps import steps
    >>> rows = [(practice, period, int(period > at), 20 - 4 * (period > at) + (at + period) % 3, 30)
    ...         for at, practice in enumerate("PQRS") for period in range(5)]
    >>> wedge(steps(rows)).words
    'The outcome fell by 3.9 (95% interval -6.44 to -1.36).'
    """
    x = design(data)
    if np.linalg.matrix_rank(x) < x.shape[1]:
        raise BadInput(
            "all clusters are treated in the same periods, so time and treatment are one",
            rule="evidence.rank",
            cure="Give periods in which some are treated and some are not",
        )
    found = mixed(data.mean, x, data.cluster, data.size, within=data.within)
    df = max(1, len(data.clusters) - 2)
    main = effect(
        "effect", "Effect of the change", float(found.beta[0]), float(found.cov[0, 0]) ** 0.5, df,
        level=level, unit=data.unit,
    )  # fmt: skip
    chance = permuted(data, seed, progress) if drawn else None
    icc = found.tau2 / (found.tau2 + found.sigma2) if found.sigma2 > 0 else 1.0
    return Result(
        design="wedge",
        title="Stepped wedge",
        main=main,
        effects=(main,),
        checks=_checks(data, found, chance, drawn=drawn),
        limits=wording.limits("wedge"),
        words=wording.headline(main),
        method=f"Mixed model of {len(data.clusters)} clusters and {len(data.periods)} periods, "
        f"period fixed, cluster random, REML; {df} degrees of freedom.",
        source=SOURCE,
        translated=translate(
            terms or Terms(), main, per_year=per_year, events=float(data.size.mean())
            * len(data.clusters) if data.size.max() > 1 else float(len(data.clusters)),
            what=data.unit or "units", named=False,
        ),
        tables=(_table(data),),
        picture=_picture(data),
        facts={"icc": icc, "tau2": found.tau2, "sigma2": found.sigma2, "p_permuted": chance,
               "df": df},
    )  # fmt: skip


def permuted(data: Steps, seed: int, progress: Callable[[int, int], None] | None = None) -> float:
    """The p value of the effect among effects under other orders of the same steps.

    Effects with cluster and period fixed: quick, and enough to rank by. What clusters and periods
    explain is taken off once (Frisch and Waugh), so that an order costs one product.
    """
    rng = np.random.default_rng(seed)
    count = len(data.clusters)
    begins = np.array([_begin(data, cluster) for cluster in range(count)])
    orders = np.array([rng.permutation(count) for _ in range(ORDERS)])
    starts = np.vstack([begins, begins[orders]])  # the order as it was, then others
    treated = (data.period[None, :] >= starts[:, data.cluster]).astype(float)
    effects = _within(data, treated)
    if progress:
        progress(ORDERS, ORDERS)
    seen = abs(effects[0])
    return float((1 + np.sum(np.abs(effects[1:]) >= seen - 1e-12)) / (ORDERS + 1))


def _begin(data: Steps, cluster: int) -> int:
    """The first treated period of a cluster; the number of periods for never."""
    on = data.period[(data.cluster == cluster) & (data.treated > 0)]
    return int(on.min()) if len(on) else len(data.periods)


def _within(data: Steps, treated: Array) -> Array:
    """The effect of each row of treatments; nought where it is one with clusters and periods."""
    root = np.sqrt(data.size)
    told = [_flags(data.period, len(data.periods)), _flags(data.cluster, len(data.clusters))]
    basis, sizes, _ = np.linalg.svd(np.hstack(told) * root[:, None], False)
    fixed = basis[:, sizes > 1e-9 * sizes[0]]
    left = treated * root
    left = left - (left @ fixed) @ fixed.T
    square = np.einsum("ij,ij->i", left, left)
    apart = square > 1e-9 * len(root)
    return np.where(apart, (left @ (data.mean * root)) / np.where(apart, square, 1.0), 0.0)


def _checks(data: Steps, found: Mixed, chance: float | None, *, drawn: bool) -> tuple[Check, ...]:
    n = len(data.clusters)
    result = [
        Check(
            name="clusters", title="Enough clusters", figure=f"{n} clusters",
            verdict=Verdict.PASSED if n >= 12 else Verdict.DOUBTFUL if n >= 6 else Verdict.FAILED,
            words="Enough for the interval." if n >= 12
            else "Few clusters: variances are poorly known.",
        ),
        _order(data),
        _growing(data),
        _stable(data, found),
    ]  # fmt: skip
    if chance is not None:
        result.append(
            Check(
                name="permuted", title="Other orders of the steps would have shown less",
                verdict=Verdict.PASSED, figure=f"p {chance:.3f} of {ORDERS} orders",
                words="This p value leans on the draw alone, on no model.",
            )
        )  # fmt: skip
    else:
        result.append(
            Check(
                name="permuted", title="The order was drawn by lot",
                verdict=Verdict.DOUBTFUL if not drawn else Verdict.PASSED, figure="not said",
                words="If it was chosen, those who began early may have been different.",
            )
        )  # fmt: skip
    return tuple(result)


def _order(data: Steps) -> Check:
    """Does how a cluster did at first go with when it began?"""
    first = data.period == 0
    begins = np.array([_begin(data, cluster) for cluster in data.cluster[first]], float)
    level = data.mean[first]
    if len(level) < 4 or begins.std() == 0 or level.std() == 0:
        p, r = 1.0, 0.0
    else:
        r = float(np.corrcoef(begins, level)[0, 1])
        df = len(level) - 2
        p = t_p(r * (df / max(1e-12, 1 - r * r)) ** 0.5, df)
    return Check(
        name="order", title="Those who began early were like those who began late",
        verdict=verdict(p), figure=f"correlation of start and level at first {r:.2f}, p {p:.2g}",
        words="No sign that the order followed the level." if p >= 0.05
        else "The order goes with the level at first: part of the effect may be that.",
    )  # fmt: skip


def _growing(data: Steps) -> Check:
    """Does the effect change with time since the start?"""
    since = np.zeros(len(data.mean))
    for c in range(len(data.clusters)):
        rows = data.cluster == c
        begun = data.period[rows][data.treated[rows] > 0]
        if len(begun):
            since[rows] = np.maximum(0, data.period[rows] - begun.min()) * data.treated[rows]
    x = design(data, since)
    if np.linalg.matrix_rank(x) < x.shape[1] or len(data.mean) < x.shape[1] + 4:
        p, slope = 1.0, 0.0
    else:
        fitted = mixed(data.mean, x, data.cluster, data.size, within=data.within)
        slope, se = float(fitted.beta[-1]), float(fitted.cov[-1, -1]) ** 0.5
        p = t_p(slope / se, max(1, len(data.clusters) - 2)) if se > 0 else 1.0
    return Check(
        name="growing", title="The effect is the same from the first period on",
        verdict=verdict(p), figure=f"grows by {slope:.3g} a period, p {p:.2g}",
        words="No growth is seen." if p >= 0.05
        else "It grows or fades with time: one number hides that (Kenny and others 2022).",
    )  # fmt: skip


def _stable(data: Steps, found: Mixed) -> Check:
    """Do errors of a cluster hang together more between near periods than between far ones?"""
    grid = np.full((len(data.clusters), len(data.periods)), np.nan)
    grid[data.cluster, data.period] = found.residuals
    near, far = _lagged(grid, 1), _lagged(grid, max(2, len(data.periods) // 2))
    decays = near - far
    odd = near == near and far == far and decays > 0.4  # noqa: PLR0124
    return Check(
        name="stable", title="A cluster's standing is the same throughout",
        verdict=Verdict.DOUBTFUL if odd else Verdict.PASSED,
        figure=f"correlation of neighbouring periods {near:.2f}, of far ones {far:.2f}",
        words="It wanders: the interval may be too narrow (Hooper and others 2016)." if odd
        else "Far periods hang together about as near ones do.",
    )  # fmt: skip


def _lagged(grid: Array, lag: int) -> float:
    one, two = grid[:, lag:].ravel(), grid[:, :-lag].ravel()
    both = np.isfinite(one) & np.isfinite(two)
    if both.sum() < 6 or one[both].std() == 0 or two[both].std() == 0:
        return float("nan")
    return float(np.corrcoef(one[both], two[both])[0, 1])


def _table(data: Steps) -> Table:
    rows = [
        (data.clusters[c], str(data.periods[p]), "yes" if t else "no", float(m), float(n))
        for c, p, t, m, n in zip(
            data.cluster, data.period, data.treated, data.mean, data.size, strict=True
        )
    ]
    return Table("Cells", ("cluster", "period", "treated", "mean", "size"), tuple(rows))


def _picture(data: Steps) -> Picture:
    def mean_of(on: bool) -> tuple[float | None, ...]:
        found: list[float | None] = []
        for p in range(len(data.periods)):
            rows = (data.period == p) & ((data.treated > 0) == on)
            found.append(
                float(np.average(data.mean[rows], weights=data.size[rows])) if rows.any() else None
            )
        return tuple(found)

    return Picture(
        title="Clusters with and without the change, period by period",
        axis=tuple(data.periods),
        unit=data.unit,
        lines=(
            Line(name="With the change", kind="observed", values=mean_of(True)),
            Line(name="Not yet", kind="comparison", values=mean_of(False)),
        ),
    )


def hussey_hughes(treated: Array, *, sigma2: float, tau2: float) -> float:
    """Their equation: the variance of the effect from a clusters x periods matrix of 0 and 1.

    sigma2: the variance of a cell's mean given its cluster; tau2: of clusters.
    """
    x = np.asarray(treated, float)
    i, t = x.shape
    u, w, v = x.sum(), (x.sum(axis=0) ** 2).sum(), (x.sum(axis=1) ** 2).sum()
    over = i * sigma2 * (sigma2 + t * tau2)
    under = (i * u - w) * sigma2 + (u**2 + i * t * u - t * w - i * v) * tau2
    return float(over / under)
