"""Difference in differences: what changed where it was done, beyond what changed elsewhere.

Two groups, before and after: each unit is collapsed to its change (Bertrand, Duflo and
Mullainathan 2004), so that what follows one another within a unit cannot make the interval too
narrow; the two groups' changes are compared with unequal variances (Welch).

Textbook: Card and Krueger 1994, Am Econ Rev 84:772-793, table 3: full-time jobs a restaurant,
New Jersey 20.44 to 21.03, Pennsylvania 23.33 to 21.17; difference in differences 2.76 (se 1.36),
which `tests/evidence` reproduces from the published means (2.75 by their rounding).
"""

from typing import Any

import numpy as np

from onesystem.evidence import wording
from onesystem.evidence.checks import verdict
from onesystem.evidence.panel import Panel, treated_before
from onesystem.evidence.result import Check, Effect, Line, Picture, Result, Table, Verdict, effect
from onesystem.evidence.tails import t_p
from onesystem.evidence.translating import Terms, translate
from onesystem.vocabulary import BadInput

Array = Any
SOURCE = "Card D, Krueger AB. Minimum wages and employment. Am Econ Rev 1994;84:772-793"


def from_means(
    treated: tuple[float, float],
    control: tuple[float, float],
    *,
    se: tuple[float, float],
    unit: str = "",
) -> Effect:
    """The effect from four published means: (before, after) of each group.

    se: the standard errors of the two changes.

    >>> round(from_means((10, 8), (10, 11), se=(0.5, 0.5)).estimate, 2)
    -3
    """
    change = (treated[1] - treated[0]) - (control[1] - control[0])
    spread = float(np.hypot(*se))
    return effect("att", "Difference in differences", change, spread, 1e9, unit=unit)


def did(
    data: Panel, *, terms: Terms | None = None, per_year: float = 1.0, level: float = 0.95
) -> Result:
    """The effect of a change that came to all treated units at one time.

    Raises BadInput where units began at different times (use `staggered`), where nobody or
    everybody is treated, or where treatment begins before the data.

    >>> from onesystem.evidence.panel import panel
    >>> rows = [(place, year, 10 + at + 0.5 * year * at % 1.1 - 3 * (at < 2 and year >= 2024))
    ...         for at, place in enumerate("ABCDEF") for year in range(2021, 2027)]
    >>> begins = dict.fromkeys("CDEF") | {"A": 2024, "B": 2024}
    >>> did(panel(rows, begins)).words
    'The outcome fell by 3.19 (95% interval -4.14 to -2.24).'
    """
    treated, cut = _groups(data)
    before, after = data.values[:, :cut], data.values[:, cut:]
    change = after.mean(axis=1) - before.mean(axis=1)
    one, two = _by_cluster(data, change, treated), _by_cluster(data, change, ~treated)
    value, se, df = _welch(one, two)
    main = effect("att", "Effect on the treated", value, se, df, level=level, unit=data.unit)
    effects = [main, *_event_study(data, treated, cut, level)]
    found = (
        _groups_check(one, two),
        _parallel(data, treated, cut),
        _spread(one, two),
        _influence(one, two, value),
    )
    return Result(
        design="did",
        title="Difference in differences",
        main=main,
        effects=tuple(effects),
        checks=tuple(c for c in found if c is not None),
        limits=wording.limits("did"),
        words=wording.headline(main),
        method="Each unit's mean after less its mean before; treated less untreated; Welch "
        f"interval with {df:.0f} degrees of freedom.",
        source=SOURCE,
        translated=translate(
            terms or Terms(), main, per_year=per_year, events=float(treated.sum()),
            what=data.unit or "units", named=False,
        ),
        tables=(_table(data, treated, cut), event_table(effects[1:])),
        picture=_picture(data, treated, cut),
        facts={"treated": int(treated.sum()), "untreated": int((~treated).sum()), "df": df},
    )  # fmt: skip


def _groups(data: Panel) -> tuple[Array, int]:
    early = treated_before(data)
    if early:
        raise BadInput(
            f"{early[0]} was treated before the data begin ({data.periods[0]})",
            rule="evidence.treated-before",
            cure="Give periods from before, or leave the unit out",
        )
    begins = data.begins
    treated = begins < len(data.periods)
    if not treated.any() or treated.all():
        raise BadInput(
            "nobody is treated" if not treated.any() else "everybody is treated",
            rule="evidence.no-comparison",
            cure="Name the column of the first treated period (empty for never): --start COLUMN",
        )
    starts = sorted(set(begins[treated].tolist()))
    if len(starts) > 1:
        raise BadInput(
            f"units began at {len(starts)} different times",
            rule="evidence.staggered",
            cure="Use the staggered design, which compares each only with those not yet treated",
        )
    return treated, starts[0]


def _by_cluster(data: Panel, change: Array, rows: Array) -> Array:
    names = np.array(data.clusters)[rows]
    kept = change[rows]
    return np.array([kept[names == n].mean() for n in dict.fromkeys(names)])


def _welch(one: Array, two: Array) -> tuple[float, float, float]:
    """Difference of means, standard error, degrees of freedom.

    With a single treated unit its spread is taken from the untreated (Conley and Taber 2011 go
    that way): the interval then says what a unit like them does by itself.
    """
    value = float(one.mean() - two.mean())
    if len(one) == 1 and len(two) > 1:
        spread = float(two.var(ddof=1))
        return value, (spread * (1 + 1 / len(two))) ** 0.5, len(two) - 1
    if len(two) == 1 and len(one) > 1:
        spread = float(one.var(ddof=1))
        return value, (spread * (1 + 1 / len(one))) ** 0.5, len(one) - 1
    if len(one) < 2:
        raise BadInput(
            f"one unit against one gives {value:.4g}, and says nothing about chance",
            rule="evidence.one-to-one",
            cure="Use `its` with --control, which takes the spread from the months, or add units",
        )
    a, b = float(one.var(ddof=1)) / len(one), float(two.var(ddof=1)) / len(two)
    total = a + b
    df = total**2 / (a**2 / (len(one) - 1) + b**2 / (len(two) - 1)) if total > 0 else len(one)
    return value, total**0.5, df


def _event_study(data: Panel, treated: Array, cut: int, level: float) -> list[Effect]:
    """The difference in each period against the last one before."""
    found = []
    for place, period in enumerate(data.periods):
        if place == cut - 1:
            continue
        change = data.values[:, place] - data.values[:, cut - 1]
        value, se, df = _welch(
            _by_cluster(data, change, treated), _by_cluster(data, change, ~treated)
        )
        found.append(
            effect(f"period {period}", f"{period}", value, se, df, level=level, unit=data.unit)
        )
    return found


def _groups_check(one: Array, two: Array) -> Check:
    least = min(len(one), len(two))
    found = Verdict.FAILED if least < 2 else Verdict.DOUBTFUL if least < 6 else Verdict.PASSED
    return Check(
        name="groups", title="Enough units in both groups", verdict=found,
        figure=f"{len(one)} treated, {len(two)} untreated",
        words={
            Verdict.PASSED: "Enough to see how much units differ by themselves.",
            Verdict.DOUBTFUL: "Few units: the interval leans on normality.",
            Verdict.FAILED: "One unit on a side: its own spread cannot be seen.",
        }[found],
    )  # fmt: skip


def _parallel(data: Panel, treated: Array, cut: int) -> Check:
    """Did the groups move in parallel before?"""
    if cut < 2:
        return Check(
            name="parallel", title="Both groups moved in parallel before",
            verdict=Verdict.DOUBTFUL, figure="one period before",
            words="With one period before it cannot be looked at.",
        )  # fmt: skip
    place = np.arange(cut) - (cut - 1) / 2
    slopes = data.values[:, :cut] @ place / float(place @ place)
    one, two = _by_cluster(data, slopes, treated), _by_cluster(data, slopes, ~treated)
    value, se, df = _welch(one, two)
    p = t_p(value / se, df) if se > 0 else 1.0
    return Check(
        name="parallel", title="Both groups moved in parallel before", verdict=verdict(p),
        figure=f"trends differ by {value:.3g} a period, p {p:.2g}",
        words="No difference of trends is seen before the change."
        if p >= 0.05 else "The groups were already moving apart: part of the effect is that.",
    )  # fmt: skip


def _spread(one: Array, two: Array) -> Check | None:
    if min(len(one), len(two)) < 3:
        return None
    a, b = float(one.std(ddof=1)), float(two.std(ddof=1))
    ratio = max(a, b) / min(a, b) if min(a, b) > 0 else 1.0
    return Check(
        name="spread", title="Units of both groups differ alike",
        verdict=Verdict.DOUBTFUL if ratio > 3 else Verdict.PASSED,
        figure=f"spread of changes: treated {a:.3g}, untreated {b:.3g}",
        words="Allowed for by the interval." if ratio <= 3 else "Unlike: look at who they are.",
    )  # fmt: skip


def _influence(one: Array, two: Array, value: float) -> Check | None:
    """Does one unit decide?"""
    if min(len(one), len(two)) < 3:
        return None
    without = [float(np.delete(one, i).mean() - two.mean()) for i in range(len(one))]
    without += [float(one.mean() - np.delete(two, i).mean()) for i in range(len(two))]
    low, high = min(without), max(without)
    turns = low * value < 0 or high * value < 0
    return Check(
        name="influence", title="No single unit decides",
        verdict=Verdict.DOUBTFUL if turns else Verdict.PASSED,
        figure=f"leaving one out: {low:.3g} to {high:.3g}",
        words="The sign does not hang on one unit." if not turns
        else "Without one unit the effect would change its sign.",
    )  # fmt: skip


def _table(data: Panel, treated: Array, cut: int) -> Table:
    rows = []
    for name, rows_of in (("treated", treated), ("untreated", ~treated)):
        values = data.values[rows_of]
        before, after = float(values[:, :cut].mean()), float(values[:, cut:].mean())
        rows.append((name, int(rows_of.sum()), before, after, after - before))
    return Table("Means", ("group", "units", "before", "after", "change"), tuple(rows))


def event_table(effects: list[Effect]) -> Table:
    """Effects by period."""
    return Table(
        "Period by period",
        ("period", "effect", "low", "high", "p"),
        tuple((e.label, e.estimate, e.low, e.high, e.p) for e in effects),
    )


def _picture(data: Panel, treated: Array, cut: int) -> Picture:
    one, two = data.mean_of(treated), data.mean_of(~treated)
    shift = float(one[:cut].mean() - two[:cut].mean())
    expected = [None if i < cut - 1 else float(v + shift) for i, v in enumerate(two)]
    return Picture(
        title="Treated and untreated, and the treated as they would have moved in parallel",
        axis=data.periods,
        unit=data.unit,
        lines=(
            Line(name="Treated", kind="observed", values=tuple(map(float, one))),
            Line(name="Untreated", kind="comparison", values=tuple(map(float, two))),
            Line(name="Treated, had they moved in parallel", kind="counterfactual",
                 values=tuple(expected)),
        ),
        marks=((data.periods[cut], "change"),),
    )  # fmt: skip
