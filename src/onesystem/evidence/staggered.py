"""Staggered difference in differences: units that began at different times.

Group-time average effects of Callaway and Sant'Anna (2021): each group that began together is
compared, period by period, only with units never treated or not yet treated. Weighted together they
give one effect, effects by time since the start, by group and by period. Standard errors come from
each unit's influence, the simultaneous band and the clusters from a multiplier bootstrap.

A two-way fixed-effects regression would also compare those treated late with those treated early,
whose effect may still be growing: how much of it would be such forbidden comparisons is shown
(Goodman-Bacon 2021).

Textbook: Callaway and Sant'Anna 2021, J Econometrics 225:200-230, minimum wage and teen employment
in 500 counties as in the documentation of their package `did`: ATT(2004, 2004) -0.0105, ATT(2004,
2007) -0.1008, ATT(2007, 2007) -0.0261, all together -0.0400, which `tests/evidence` reproduces.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from onesystem.evidence import wording
from onesystem.evidence.bacon import Decomposed, decompose
from onesystem.evidence.checks import verdict
from onesystem.evidence.did import event_table
from onesystem.evidence.panel import Panel, treated_before
from onesystem.evidence.result import Check, Effect, Line, Picture, Result, Table, Verdict, effect
from onesystem.evidence.tails import chi2_p
from onesystem.evidence.translating import Terms, translate
from onesystem.vocabulary import BadInput

Array = Any
Comparison = Literal["never", "not-yet"]
SOURCE = (
    "Callaway B, Sant'Anna PHC. Difference-in-differences with multiple time periods. "
    "J Econometrics 2021;225:200-230"
)
DRAWS = 999


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """The effect on one group in one period, and each unit's influence on it."""

    group: int  # the place of its first treated period
    period: int
    att: float
    influence: Array

    @property
    def since(self) -> int:
        """Periods since the start; below zero before it."""
        return self.period - self.group


def cells(data: Panel, comparison: Comparison = "never") -> list[Cell]:
    """The group-time effects. Raises BadInput where there is nobody to compare with."""
    begins, never = data.begins, len(data.periods)
    groups = sorted({int(b) for b in begins if 0 < b < never})
    if not groups:
        raise BadInput(
            "nobody began to be treated within the data",
            rule="evidence.no-treatment",
            cure="Name the column of the first treated period (empty for never): --start COLUMN",
        )
    if comparison == "never" and not (begins == never).any():
        raise BadInput(
            "everybody is treated in the end",
            rule="evidence.no-never",
            cure="Compare with those not yet treated: --comparison not-yet",
        )
    found = []
    for group in groups:
        for period in range(1, never):
            base = group - 1 if period >= group else period - 1
            against = begins == never
            if comparison == "not-yet":
                against = (begins > max(period, base)) & (begins != group)
            if against.any():
                found.append(_cell(data, begins == group, against, group, period, base))
    return found


def _cell(data: Panel, ours: Array, theirs: Array, group: int, period: int, base: int) -> Cell:
    change = data.values[:, period] - data.values[:, base]
    one, two = float(change[ours].mean()), float(change[theirs].mean())
    n = len(change)
    influence = np.zeros(n)
    influence[ours] = (change[ours] - one) / (ours.sum() / n)
    influence[theirs] = -(change[theirs] - two) / (theirs.sum() / n)
    return Cell(group=group, period=period, att=one - two, influence=influence)


@dataclass(frozen=True, slots=True)
class Together:
    """Cells weighted together: the effect and each unit's influence on it."""

    att: float
    influence: Array


def together(data: Panel, chosen: list[Cell]) -> Together:
    """Cells weighted by how many units each group has; their being estimated counts too."""
    begins, n = data.begins, len(data.units)
    share = np.array([(begins == c.group).mean() for c in chosen])
    weight = share / share.sum()
    att = np.array([c.att for c in chosen])
    influence = np.column_stack([c.influence for c in chosen]) @ weight
    belongs = np.column_stack([(begins == c.group).astype(float) for c in chosen]) - share
    whole = share.sum()
    of_weights = belongs / whole - belongs.sum(axis=1)[:, None] * share / whole**2
    influence = influence + of_weights @ att
    return Together(float(weight @ att), influence.reshape(n))


def _se(data: Panel, influence: Array) -> float:
    """From each cluster's influence."""
    return float(np.sqrt(np.sum(_summed(data, influence) ** 2)) / len(data.units))


def _summed(data: Panel, influence: Array) -> Array:
    names = list(dict.fromkeys(data.clusters))
    if len(names) == len(data.units):
        return influence
    place = {c: i for i, c in enumerate(names)}
    total = np.zeros(len(names))
    np.add.at(total, [place[c] for c in data.clusters], influence)
    return total


def staggered(
    data: Panel,
    *,
    comparison: Comparison = "never",
    terms: Terms | None = None,
    per_year: float = 1.0,
    level: float = 0.95,
    seed: int = 1,
    progress: Callable[[int, int], None] | None = None,
) -> Result:
    """The effect of a change that came to different units at different times."""
    early = treated_before(data)
    if early:
        raise BadInput(
            f"{early[0]} was treated before the data begin ({data.periods[0]})",
            rule="evidence.treated-before",
            cure="Leave units that have no before out of the file",
        )
    found = cells(data, comparison)
    after = [c for c in found if c.since >= 0]
    if not after:
        raise BadInput(
            "no treated period can be compared",
            rule="evidence.no-comparison",
            cure="Keep units that are never treated, or --comparison not-yet",
        )
    df = max(1, len(set(data.clusters)) - 1)

    def said(name: str, label: str, one: Together) -> Effect:
        return effect(
            name, label, one.att, _se(data, one.influence), df, level=level, unit=data.unit
        )

    main = said("simple", "Average effect on the treated", together(data, after))
    by_since = [
        said(f"since {e}", f"{e:+d}", together(data, [c for c in found if c.since == e]))
        for e in sorted({c.since for c in found})
    ]
    by_group = [
        said(
            f"group {data.periods[g]}", f"began {data.periods[g]}",
            _mean([c for c in after if c.group == g]),
        )
        for g in sorted({c.group for c in after})
    ]  # fmt: skip
    dynamic = _mean_of([together(data, [c for c in after if c.since == e])
                        for e in sorted({c.since for c in after})])  # fmt: skip
    summary = [
        main,
        said("dynamic", "Average over time since the start", dynamic),
        said("group", "Average over groups", _by_size(data, after)),
    ]
    band = bootstrap(data, found, level=level, seed=seed, progress=progress)
    bacon = decompose(data)
    return Result(
        design="staggered",
        title="Difference in differences, staggered starts",
        main=main,
        effects=(*summary, *by_since, *by_group),
        checks=(_pretrend(data, found), _comparisons(data, comparison), _forbidden(bacon, main),
                _clusters(data)),
        limits=wording.limits("did"),
        words=wording.headline(main),
        method=f"Group-time effects against units {comparison.replace('-', ' ')} treated, weighted "
        f"by the size of each group; standard errors by unit influence; simultaneous band from "
        f"{DRAWS} multiplier draws over {df + 1} clusters (seed {seed}).",
        source=SOURCE,
        translated=translate(
            terms or Terms(), main, per_year=per_year,
            events=float(np.mean([(data.begins <= p).sum() for p in range(len(data.periods))
                                  if (data.begins <= p).any()])),
            what=data.unit or "units", named=False,
        ),
        tables=(_cell_table(data, found, band, level), event_table(by_since), _bacon_table(bacon)),
        picture=_picture(by_since, data.unit),
        facts={"units": len(data.units), "clusters": df + 1, "critical": band,
               "two_way": bacon.estimate, "forbidden": bacon.forbidden},
    )  # fmt: skip


def _mean(chosen: list[Cell]) -> Together:
    return _mean_of([Together(c.att, c.influence) for c in chosen])


def _mean_of(parts: list[Together]) -> Together:
    return Together(
        float(np.mean([p.att for p in parts])),
        np.column_stack([p.influence for p in parts]).mean(axis=1),
    )


def _by_size(data: Panel, after: list[Cell]) -> Together:
    """The groups' own averages, weighted by their sizes."""
    groups = sorted({c.group for c in after})
    parts = [
        Cell(group=g, period=g, att=m.att, influence=m.influence)
        for g in groups
        for m in [_mean([c for c in after if c.group == g])]
    ]
    return together(data, parts)


def bootstrap(
    data: Panel, found: list[Cell], *, level: float, seed: int,
    progress: Callable[[int, int], None] | None = None,
) -> float:  # fmt: skip
    """The critical value of a band that covers every cell at once, by multipliers of Mammen."""
    scores = np.column_stack([_summed(data, c.influence) for c in found])
    scale = np.sqrt(np.sum(scores**2, axis=0))
    scores = scores[:, scale > 0] / scale[scale > 0]
    if scores.shape[1] == 0:
        return float("nan")
    most: list[float] = []
    for draws in _multipliers(len(scores), seed):
        most.extend(np.abs(draws @ scores).max(axis=1).tolist())
        if progress:
            progress(len(most), DRAWS)
    return float(np.quantile(most, level))


def _multipliers(n: int, seed: int) -> Iterator[Array]:
    rng = np.random.default_rng(seed)
    root = 5**0.5
    chance = (root + 1) / (2 * root)
    left = DRAWS
    while left:
        some = min(111, left)
        yield np.where(rng.random((some, n)) < chance, (1 - root) / 2, (1 + root) / 2)
        left -= some


def _pretrend(data: Panel, found: list[Cell]) -> Check:
    """Are the effects before the start all zero together?"""
    before = [c for c in found if c.since < 0]
    title = "No effect before the start"
    if not before:
        return Check(
            name="parallel", title=title, verdict=Verdict.DOUBTFUL, figure="no period before",
            words="With one period before the first start it cannot be looked at.",
        )  # fmt: skip
    scores = np.column_stack([_summed(data, c.influence) for c in before]) / len(data.units)
    cov = scores.T @ scores
    att = np.array([c.att for c in before])
    rank = int(np.linalg.matrix_rank(cov))
    wald = float(att @ np.linalg.pinv(cov) @ att)
    p = chi2_p(wald, max(1, rank))
    return Check(
        name="parallel", title=title, verdict=verdict(p),
        figure=f"{len(before)} cells before, chi-squared {wald:.1f}, p {p:.2g}",
        words="The groups moved in parallel before." if p >= 0.05
        else "The groups were moving apart before: part of the effect is that.",
    )  # fmt: skip


def _comparisons(data: Panel, comparison: Comparison) -> Check:
    begins, never = data.begins, len(data.periods)
    count = int((begins == never).sum())
    least = count if comparison == "never" else int(min((begins > g).sum() for g in set(begins)
                                                        if g < never))  # fmt: skip
    return Check(
        name="comparison", title="Enough units to compare with",
        verdict=Verdict.PASSED if least >= 10 else Verdict.DOUBTFUL,
        figure=f"{count} never treated; at least {least} in each comparison",
        words="Chance can be judged." if least >= 10 else "Few: intervals lean on each of them.",
    )  # fmt: skip


def _forbidden(bacon: Decomposed, main: Effect) -> Check:
    """How much of a two-way regression would have been late against early."""
    bad = bacon.forbidden
    return Check(
        name="forbidden", title="No forbidden comparisons",
        verdict=Verdict.PASSED,
        figure=f"{bad:.0%} of a two-way regression ({bacon.estimate:.4g}) would compare late with "
        "early starters",
        words="None is used here."
        + (" A two-way regression would differ: do not report it." if bad > 0.1
           and abs(bacon.estimate - main.estimate) > abs(main.estimate) * 0.2 else ""),
    )  # fmt: skip


def _clusters(data: Panel) -> Check:
    n = len(set(data.clusters))
    return Check(
        name="clusters", title="Enough clusters", figure=f"{n} clusters",
        verdict=Verdict.PASSED if n >= 30 else Verdict.DOUBTFUL if n >= 8 else Verdict.FAILED,
        words="Standard errors by cluster can be trusted." if n >= 30
        else "With few clusters intervals come out too narrow.",
    )  # fmt: skip


def _cell_table(data: Panel, found: list[Cell], band: float, level: float) -> Table:  # noqa: ARG001
    rows = []
    for c in found:
        se = _se(data, c.influence)
        wide = band * se
        rows.append(
            (str(data.periods[c.group]), str(data.periods[c.period]), c.att, se, c.att - wide,
             c.att + wide)
        )  # fmt: skip
    return Table(
        "Effects by group and period, with a band that covers all at once",
        ("began", "period", "effect", "se", "low", "high"),
        tuple(rows),
    )


def _bacon_table(bacon: Decomposed) -> Table:
    return Table(
        "What a two-way regression would compare",
        ("comparison", "weight", "average"),
        tuple((p.kind, p.weight, p.average) for p in bacon.parts),
    )


def _picture(by_since: list[Effect], unit: str) -> Picture:
    return Picture(
        title="Effect by periods since the start",
        axis=tuple(int(e.label) for e in by_since),
        unit=unit,
        lines=(
            Line(
                name="Effect", kind="observed", values=tuple(e.estimate for e in by_since),
                low=tuple(e.low for e in by_since), high=tuple(e.high for e in by_since),
            ),
            Line(name="No effect", kind="counterfactual", values=tuple(0.0 for _ in by_since)),
        ),
        marks=((0, "start"),),
        axis_label="periods since the start",
    )  # fmt: skip
