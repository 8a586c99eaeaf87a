"""Regression discontinuity: where a threshold rules, those just above are like those just below.

Lines are fitted on both sides within a bandwidth, near cases counting more (triangular kernel). The
bandwidth is that of Imbens and Kalyanaraman (2012, Rev Econ Stud 79:933-959), with the floor of its
third derivative taken from the spread of the data, so that a change of units changes nothing. The
interval is the robust one of Calonico, Cattaneo and Titiunik (2014, Econometrica 82:2295-2326)
with the same bandwidth for the bias: a local quadratic, HC3 errors.

Textbook: the minimum legal drinking age and deaths (Carpenter and Dobkin 2009; Angrist and Pischke,
Mastering 'Metrics, table 4.1): all deaths 7.66 and 9.55 (ages 19 to 22, straight and bent), 9.75
and 9.61 (20 to 21), motor vehicles 4.53, 4.66, 4.76, 5.89, which `tests/evidence` reproduces.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from onesystem.evidence import wording
from onesystem.evidence.checks import verdict
from onesystem.evidence.heaping import heaping
from onesystem.evidence.result import Check, Effect, Line, Picture, Result, Table, Verdict, effect
from onesystem.evidence.tails import t_p, t_quantile
from onesystem.evidence.translating import Terms, translate
from onesystem.vocabulary import BadInput

Array = Any
Kernel = Literal["triangular", "uniform"]
SOURCE = (
    "Calonico S, Cattaneo MD, Titiunik R. Robust nonparametric confidence intervals for "
    "regression-discontinuity designs. Econometrica 2014;82:2295-2326"
)


@dataclass(frozen=True, slots=True)
class Jump:
    """A jump at the threshold: its size, standard error and degrees of freedom."""

    value: float
    se: float
    df: int
    n: tuple[int, int]


def jump(
    x: Array, y: Array, *, h: float, order: int = 1, kernel: Kernel = "triangular",
    weights: Array | None = None,
) -> Jump:  # fmt: skip
    """The jump of y at 0 by polynomials of x on both sides within h."""
    near = np.abs(x) <= h
    k = 1 - np.abs(x) / h if kernel == "triangular" else np.ones_like(x)
    w = np.where(near, k, 0.0) * (1.0 if weights is None else weights)
    use = w > 0
    xs, ys, ws = x[use], y[use], w[use]
    on = (xs >= 0).astype(float)
    left, right = int((on == 0).sum()), int(on.sum())
    if min(len(set(xs[on == 0].tolist())), len(set(xs[on == 1].tolist()))) < order + 2:
        raise BadInput(
            f"{left} cases below and {right} above within {h:.4g} of the threshold are too few",
            rule="evidence.too-few-near",
            cure="Give more cases near the threshold, or a wider --bandwidth",
        )
    powers = [(xs / h) ** p for p in range(1, order + 1)]
    z = np.column_stack([on, np.ones_like(xs), *powers, *(on * p for p in powers)])
    root = np.sqrt(ws)
    zw = z * root[:, None]
    bread = np.linalg.inv(zw.T @ zw)
    beta = bread @ (zw.T @ (ys * root))
    e = (ys - z @ beta) * root
    hat = np.einsum("ij,jk,ik->i", zw, bread, zw)
    scores = zw * (e / np.maximum(1e-9, 1 - np.minimum(hat, 0.999)))[:, None]
    cov = bread @ (scores.T @ scores) @ bread
    return Jump(float(beta[0]), float(cov[0, 0]) ** 0.5, len(ys) - z.shape[1], (left, right))


def bandwidth(x: Array, y: Array) -> float:
    """The bandwidth of Imbens and Kalyanaraman (2012), section 4, triangular kernel."""
    n = len(x)
    spread = float(x.std(ddof=1))
    h1 = 1.84 * spread * n ** (-1 / 5)
    low, high = (x < 0) & (x >= -h1), (x >= 0) & (x <= h1)
    if min(low.sum(), high.sum()) < 3:
        raise BadInput(
            f"only {int(low.sum())} just below and {int(high.sum())} just above the threshold",
            rule="evidence.too-few-near",
            cure="Give more cases near the threshold, or say a --bandwidth",
        )
    density = float(low.sum() + high.sum()) / (2 * n * h1)
    variance = float(y[low].var(ddof=1)), float(y[high].var(ddof=1))
    floor = 0.01 * float(y.var()) / spread**6
    inner = (x >= np.median(x[x < 0])) & (x <= np.median(x[x >= 0]))
    xi, yi = x[inner], y[inner]
    if len(xi) < 10:
        xi, yi = x, y
    cubic = np.column_stack([np.ones_like(xi), (xi >= 0), xi, xi**2, xi**3])
    third = 6 * float(np.linalg.lstsq(cubic, yi, rcond=None)[0][4])
    second, penalty = [], []
    for side, count, v in (
        (x < 0, (x < 0).sum(), variance[0]),
        (x >= 0, (x >= 0).sum(), variance[1]),
    ):
        h2 = (
            3.56
            * (max(v, 1e-300) / (density * max(third**2, floor))) ** (1 / 7)
            * count ** (-1 / 7)
        )
        use = side & (np.abs(x) <= h2)
        if use.sum() < 4:
            use = side
        xs = x[use]
        bent = np.linalg.lstsq(np.column_stack([np.ones_like(xs), xs, xs**2]), y[use], rcond=None)[
            0
        ]
        second.append(2 * float(bent[2]))
        penalty.append(2160 * v / (float(use.sum()) * h2**4))
    bias = (second[1] - second[0]) ** 2 + sum(penalty)
    h = 3.4375 * (sum(variance) / (density * max(bias, 1e-300))) ** (1 / 5) * n ** (-1 / 5)
    return float(min(h, np.abs(x).max()))


def rd(
    score: Sequence[float],
    outcome: Sequence[float],
    *,
    threshold: float,
    h: float | None = None,
    order: int = 1,
    kernel: Kernel = "triangular",
    below: bool = False,
    covariates: Mapping[str, Sequence[float]] | None = None,
    weights: Sequence[float] | None = None,
    grouped: bool = False,
    terms: Terms | None = None,
    per_year: float = 1.0,
    level: float = 0.95,
    unit: str = "",
) -> Result:
    """The effect at a threshold of a score above which (or below which) people are treated.

    grouped: rows are means of groups, so that their number says nothing of density.

    >>> ages = [60 + at / 10 for at in range(200)]
    >>> visits = [5 + age / 10 + 2 * (age >= 70) + at * 7 % 5 / 10 for at, age in enumerate(ages)]
    >>> rd(ages, visits, threshold=70).words
    'The outcome rose by 1.99 (95% interval 1.83 to 2.11).'
    """
    x, y = np.asarray(score, float) - threshold, np.asarray(outcome, float)
    for i, (a, b) in enumerate(zip(x, y, strict=True)):
        if not (np.isfinite(a) and np.isfinite(b)):
            raise BadInput(
                "there is no score or no outcome",
                rule="evidence.missing", where=f"row {i + 2}", cure="Fill it in, or drop the row",
            )  # fmt: skip
    if len(x) < 20 or not (x >= 0).any() or not (x < 0).any():
        raise BadInput(
            f"{int((x < 0).sum())} cases below {threshold:g} and {int((x >= 0).sum())} above",
            rule="evidence.one-side",
            cure="Give at least twenty cases on both sides; check --threshold",
        )
    if not y.var():
        raise BadInput(
            f"the outcome is {y[0]:g} in every case",
            rule="evidence.nothing-varies",
            cure="Check --value: an outcome that never varies shows no jump",
        )
    sign = -1.0 if below else 1.0
    wide = h or bandwidth(x, y)
    w = None if weights is None else np.asarray(weights, float)
    plain = jump(x, y, h=wide, order=order, kernel=kernel, weights=w)
    bent = jump(x, y, h=wide, order=order + 1, kernel=kernel, weights=w)
    half = t_quantile(level, bent.df) * bent.se
    main = Effect(
        name="jump", label="Effect at the threshold", estimate=sign * plain.value,
        low=sign * bent.value - half, high=sign * bent.value + half, unit=unit, level=level,
        se=bent.se, p=t_p(bent.value / bent.se, bent.df) if bent.se > 0 else 1.0,
    )  # fmt: skip
    effects = [
        main,
        effect("conventional", "The same, its own interval", sign * plain.value, plain.se, plain.df,
               level=level, unit=unit),
        effect("bias-corrected", "Bias taken out", sign * bent.value, bent.se, bent.df, level=level,
               unit=unit),
    ]  # fmt: skip
    found = [
        _near(plain),
        *([] if grouped else [_density(x)]),
        _bandwidths(x, y, wide, order, kernel, w, main),
        _elsewhere(x, y, wide, order, kernel, w),
        *_balance(x, covariates or {}, wide, kernel),
        _donut(x, y, wide, order, kernel, w, main),
    ]
    return Result(
        design="rd",
        title="Regression discontinuity",
        main=main,
        effects=tuple(effects),
        checks=tuple(c for c in found if c is not None),
        limits=wording.limits("rd"),
        words=wording.headline(main),
        method=f"Local polynomial of order {order}, {kernel} kernel, bandwidth {wide:.4g} "
        f"({'given' if h else 'Imbens-Kalyanaraman'}), {plain.n[0]} cases below and {plain.n[1]} "
        "above; robust bias-corrected interval.",
        source=SOURCE,
        translated=translate(
            terms or Terms(), main, per_year=per_year, events=float(plain.n[0 if below else 1]),
            what=unit or "units", named=False,
        ),
        tables=(_table(x, y, threshold),),
        picture=_picture(x, y, wide, threshold, unit),
        facts={"bandwidth": wide, "below": plain.n[0], "above": plain.n[1]},
    )  # fmt: skip


def _near(plain: Jump) -> Check:
    least = min(plain.n)
    return Check(
        name="near", title="Enough cases near the threshold",
        verdict=Verdict.PASSED if least >= 50 else Verdict.DOUBTFUL if least >= 10
        else Verdict.FAILED,
        figure=f"{plain.n[0]} below, {plain.n[1]} above within the bandwidth",
        words="Enough." if least >= 50 else "Few: the lines are poorly known.",
    )  # fmt: skip


def _density(x: Array) -> Check:
    value, se = heaping(x)
    p = t_p(value / se, 1e9) if np.isfinite(se) else 1.0
    return Check(
        name="density", title="Nobody places themselves on one side", verdict=verdict(p),
        figure=f"log ratio of densities {value:.2f} (se {se:.2f}), p {p:.2g}",
        words="Cases run smoothly across the threshold." if p >= 0.05
        else "Cases heap on one side: scores may have been nudged.",
    )  # fmt: skip


def _tried(
    x: Array, y: Array, h: float, order: int, kernel: Kernel, w: Array | None
) -> Jump | None:
    try:
        return jump(x, y, h=h, order=order, kernel=kernel, weights=w)
    except (BadInput, np.linalg.LinAlgError):
        return None


def _bandwidths(
    x: Array, y: Array, h: float, order: int, kernel: Kernel, w: Array | None, main: Effect
) -> Check:
    found = [_tried(x, y, h * f, order, kernel, w) for f in (0.5, 0.75, 1.5, 2.0)]
    values = [f.value for f in found if f]
    signs = {float(np.sign(v)) for v in values}
    outside = len(signs) > 1 and main.clear
    return Check(
        name="bandwidth", title="The effect does not hang on the bandwidth",
        verdict=Verdict.DOUBTFUL if outside else Verdict.PASSED,
        figure="half to double: " + ", ".join(f"{v:.3g}" for v in values),
        words="Stable." if not outside else "It changes its sign with the bandwidth.",
    )  # fmt: skip


def _elsewhere(
    x: Array, y: Array, h: float, order: int, kernel: Kernel, w: Array | None
) -> Check | None:
    """Pretended thresholds at the medians of both sides."""
    found = []
    for side in (x < 0, x >= 0):
        cut = float(np.median(x[side]))
        part = None if w is None else w[side]
        one = _tried(x[side] - cut, y[side], min(h, abs(cut) or h), order, kernel, part)
        if one and one.se > 0:
            found.append((cut, one.value, t_p(one.value / one.se, one.df)))
    if not found:
        return None
    p = min(1.0, min(f[2] for f in found) * len(found))
    return Check(
        name="elsewhere", title="No jump where there is no threshold", verdict=verdict(p),
        figure="; ".join(f"at {c:+.3g}: {v:.3g}, p {q:.2g}" for c, v, q in found),
        words="None is seen." if p >= 0.05 else "The outcome jumps elsewhere too.",
    )  # fmt: skip


def _balance(
    x: Array, covariates: Mapping[str, Sequence[float]], h: float, kernel: Kernel
) -> list[Check]:
    found = []
    for name, values in covariates.items():
        one = _tried(x, np.asarray(values, float), h, 1, kernel, None)
        if one is None or one.se == 0:
            continue
        p = t_p(one.value / one.se, one.df)
        found.append(
            Check(
                name=f"balance-{name}", title=f"{name} does not jump at the threshold",
                verdict=verdict(p), figure=f"jump {one.value:.3g}, p {p:.2g}",
                words="Both sides are alike." if p >= 0.05 else "Both sides differ in it.",
            )
        )  # fmt: skip
    return found


def _donut(
    x: Array, y: Array, h: float, order: int, kernel: Kernel, w: Array | None, main: Effect
) -> Check | None:
    """Without those right at the threshold, who could have been nudged."""
    keep = np.abs(x) > 0.05 * h
    one = _tried(x[keep], y[keep], h, order, kernel, None if w is None else w[keep])
    if one is None:
        return None
    turns = one.value * main.estimate < 0 and main.clear and main.estimate * one.value != 0
    return Check(
        name="donut", title="Those right at the threshold do not decide",
        verdict=Verdict.DOUBTFUL if turns and abs(one.value) > one.se else Verdict.PASSED,
        figure=f"without the nearest twentieth: {one.value:.3g}",
        words="About the same without them." if not turns else "Without them it looks different.",
    )  # fmt: skip


def _binned(x: Array, y: Array, bins: int = 20) -> list[tuple[float, float, int]]:
    found = []
    for side in (x < 0, x >= 0):
        xs, ys = x[side], y[side]
        edges = np.linspace(xs.min(), xs.max() + 1e-9, bins + 1)
        place = np.clip(np.searchsorted(edges, xs, side="right") - 1, 0, bins - 1)
        for b in range(bins):
            use = place == b
            if use.any():
                found.append((float(xs[use].mean()), float(ys[use].mean()), int(use.sum())))
    return sorted(found)


def _table(x: Array, y: Array, threshold: float) -> Table:
    rows = tuple((a + threshold, b, n) for a, b, n in _binned(x, y))
    return Table("Means by score", ("score", "mean", "cases"), rows)


def _picture(x: Array, y: Array, h: float, threshold: float, unit: str) -> Picture:
    shown = _binned(x, y)
    axis = [a for a, _, _ in shown]
    lines = [Line(name="Mean", kind="observed", values=tuple(b for _, b, _ in shown))]
    for name, side in (("Below", -1), ("Above", 1)):
        use = (np.sign(x) == side) | ((x == 0) & (side > 0))
        near = use & (np.abs(x) <= h)
        if near.sum() < 3:
            continue
        w = np.sqrt(np.maximum(0, 1 - np.abs(x[near]) / h))
        z = np.column_stack([np.ones(int(near.sum())), x[near]]) * w[:, None]
        b = np.linalg.lstsq(z, y[near] * w, rcond=None)[0]
        values = tuple(
            float(b[0] + b[1] * a) if (a >= 0) == (side > 0) and abs(a) <= h else None for a in axis
        )
        lines.append(Line(name=f"{name} the threshold", kind="fitted", values=values))
    return Picture(
        title="The outcome by score", axis=tuple(a + threshold for a in axis), unit=unit,
        lines=tuple(lines), marks=((threshold, "threshold"),), axis_label="score",
    )  # fmt: skip
