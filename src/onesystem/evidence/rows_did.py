"""Difference in differences of people who are seen once each: two groups, before and after.

The effect is the difference of four means, as a regression with both flags and their product has
it. Standard errors let each of the four groups vary by itself (Welch), or come from whole clusters
where one is named (Liang and Zeger 1986), for people of one place share what befalls it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from onesystem.evidence import wording
from onesystem.evidence.did import SOURCE
from onesystem.evidence.panels import read_periods, unit_of
from onesystem.evidence.reading import YES, Sheet
from onesystem.evidence.result import Check, Result, Table, Verdict, effect
from onesystem.vocabulary import BadConfig, BadInput

Array = Any


@dataclass(frozen=True, slots=True, kw_only=True)
class People:
    """Who was in which group, before or after, and how they did."""

    treated: Array
    after: Array
    outcome: Array
    cluster: Array | None
    name: str


def fits(data: Sheet, *, unit: str = "", start: str = "", treated: Sequence[str] = ()) -> bool:
    """Whether rows are people: one column says who was treated, and none names places that stand
    once in each period.
    """
    flag = treated[0] if treated else data.column("", "treated", needed=False)
    if unit or start or flag not in data.columns or not data.flagged(flag):
        return False
    when = data.column("", "date", needed=False, taken=(flag,))
    if not when or not data.column("", "unit", needed=False, taken=(flag,)):
        return True
    place = unit_of(data, "", when)
    return len({(row[place], row[when]) for row in data.rows}) < len(data.rows)


def read(
    data: Sheet, *, when: str = "", value: str = "", treated: Sequence[str] = (), post: str = "",
    at: str = "", cluster: str = "",
) -> People:  # fmt: skip
    """The people of a sheet; those without an outcome are left out. Raises BadConfig, BadInput."""
    cluster = data.named(cluster)
    flag = treated[0] if treated else data.column("", "treated")
    later = data.column(post, "post", needed=bool(post), taken=(flag,))
    later = later if later and data.flagged(later) else ""
    named = data.column(when, "date", needed=not later, taken=(flag,))
    value = data.column(value, "value", taken=(flag, later, named, cluster))
    known = data.where(value)
    told = [row[later].lower() in YES for row in known.rows] if later else []
    after = told or _from(known, named, at)
    return People(
        treated=np.array([row[flag].lower() in YES for row in known.rows]),
        after=np.array(after), outcome=np.array(known.numbers(value)), name=value,
        cluster=np.array([row[cluster] for row in known.rows]) if cluster else None,
    )  # fmt: skip


def _from(data: Sheet, when: str, at: str) -> list[bool]:
    periods = read_periods(data, when)
    if not at and len(set(periods.told)) != 2:
        raise BadConfig(
            "from when on they were treated is not said",
            "Say the first treated period (--at), or the column that is 1 from it on: --post",
        )
    first = periods.read(at) if at else max(periods.told)
    return [each >= first for each in periods.told]


def did(people: People, *, unit: str = "", level: float = 0.95) -> Result:
    """The effect on those treated. Raises BadInput where one of the four groups is too small.

    It is not told in people or money: nobody knows how many a year those who are seen stand for.
    """
    groups = {(t, a): people.outcome[(people.treated == t) & (people.after == a)]
              for t in (True, False) for a in (True, False)}  # fmt: skip
    small = next((k for k, each in groups.items() if len(each) < 2), None)
    if small is not None:
        raise BadInput(
            f"{len(groups[small])} {'treated' if small[0] else 'untreated'} are seen "
            f"{'after' if small[1] else 'before'}",
            rule="evidence.no-comparison",
            cure="Give both groups before and after: --treated COLUMN --post COLUMN (or --at)",
        )
    change = {t: groups[t, True].mean() - groups[t, False].mean() for t in (True, False)}
    se, df = _clustered(people) if people.cluster is not None else _welch(groups)
    main = effect(
        "att", "Effect on the treated", float(change[True] - change[False]), se, df, level=level,
        unit=unit or people.name,
    )  # fmt: skip
    return Result(
        design="did",
        title="Difference in differences, of people seen once each",
        main=main,
        effects=(main,),
        checks=(_sizes(groups), _parallel(), _clusters(people)),
        limits=wording.limits("did"),
        words=wording.headline(main),
        method="Mean after less mean before, treated less untreated; standard errors by the "
        + ("cluster" if people.cluster is not None else "spread of each of the four groups")
        + f", {df:.0f} degrees of freedom.",
        source=SOURCE,
        tables=(_table(groups),),
        facts={"treated": int(people.treated.sum()), "untreated": int((~people.treated).sum()),
               "df": df},
    )  # fmt: skip


def _welch(groups: dict[tuple[bool, bool], Array]) -> tuple[float, float]:
    parts = [float(each.var(ddof=1)) / len(each) for each in groups.values()]
    total = sum(parts)
    below = sum(p**2 / (len(g) - 1) for p, g in zip(parts, groups.values(), strict=True))
    return total**0.5, (total**2 / below if below else sum(map(len, groups.values())) - 4)


def _clustered(people: People) -> tuple[float, float]:
    """By cluster, with the usual correction for few of them."""
    t, a = people.treated.astype(float), people.after.astype(float)
    x = np.column_stack([np.ones_like(t), t, a, t * a])
    bread = np.linalg.inv(x.T @ x)
    left = people.outcome - x @ (bread @ x.T @ people.outcome)
    names, place = np.unique(np.asarray(people.cluster), return_inverse=True)
    scores = np.zeros((len(names), 4))
    np.add.at(scores, place, x * left[:, None])
    count, n = len(names), len(t)
    if count < 3:
        raise BadInput(
            f"{count} clusters say nothing about chance",
            rule="evidence.too-few-clusters", cure="Leave --cluster out, or name a finer one",
        )  # fmt: skip
    cov = bread @ scores.T @ scores @ bread * count / (count - 1) * (n - 1) / (n - 4)
    return float(cov[3, 3]) ** 0.5, count - 1


def _sizes(groups: dict[tuple[bool, bool], Array]) -> Check:
    least = min(map(len, groups.values()))
    return Check(
        name="groups", title="Enough people in all four groups", figure=f"at least {least}",
        verdict=Verdict.PASSED if least >= 30 else Verdict.DOUBTFUL,
        words="Enough to see how much people differ." if least >= 30
        else "Few: the interval leans on normality.",
    )  # fmt: skip


def _parallel() -> Check:
    return Check(
        name="parallel", title="Both groups moved in parallel before", verdict=Verdict.DOUBTFUL,
        figure="one time before", words="With one time before it cannot be looked at.",
    )  # fmt: skip


def _clusters(people: People) -> Check:
    if people.cluster is None:
        return Check(
            name="clusters", title="People vary independently", verdict=Verdict.DOUBTFUL,
            figure="no cluster named",
            words="People of one place share what befalls it: name it with --cluster.",
        )  # fmt: skip
    count = len(np.unique(people.cluster))
    few = Verdict.DOUBTFUL if count >= 8 else Verdict.FAILED
    return Check(
        name="clusters", title="Enough clusters", figure=f"{count} clusters",
        verdict=Verdict.PASSED if count >= 30 else few,
        words="Standard errors by cluster can be trusted." if count >= 30
        else "With few clusters intervals come out too narrow.",
    )  # fmt: skip


def _table(groups: dict[tuple[bool, bool], Array]) -> Table:
    rows = []
    for name, t in (("treated", True), ("untreated", False)):
        before, after = groups[t, False], groups[t, True]
        rows.append((name, len(before) + len(after), float(before.mean()), float(after.mean()),
                     float(after.mean() - before.mean())))  # fmt: skip
    return Table("Means", ("group", "people", "before", "after", "change"), tuple(rows))
