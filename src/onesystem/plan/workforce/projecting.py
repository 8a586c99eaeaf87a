"""Staff year by year: who leaves, who grows older, who comes, and how many are short.

Those over 55 stand in as many years' queues as they take to retire: with five, a fifth of those
who are over 55 today goes in each of the next five years, so that after five all of them have. In
each younger band the same part leaves for other reasons, and of a band ten years wide a tenth
moves up. All of it is done for many draws at once; the plan itself is one draw.

    100 in post, 17 over 55, nobody else leaves or comes: 3.4 leave in each year, 17 in five
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from onesystem.plan.workforce.mixing import moved
from onesystem.plan.workforce.pipeline import Intake, intakes
from onesystem.plan.workforce.roles import role
from onesystem.plan.workforce.shape import AGES, BANDS, STARTERS, Staff, Workforce

Floats = npt.NDArray[np.float64]
_WIDTHS = np.array(list(BANDS.values()), dtype=float)


@dataclass(frozen=True, slots=True, kw_only=True)
class YearOf:
    """One role in one year of the plan, full-time: how the year goes, and what it has."""

    opens: float
    by_age: tuple[float, ...]
    retire: float
    leave: float
    qualify: float
    join: float
    closes: float
    works: float  # what it has on average over the year
    needed: float
    eased: float  # of what was needed, done by another role; below nothing: done for another
    options: float = 0.0  # of what is needed, for options that were laid in
    lent: float = 0.0  # what those take of the year's posts on average

    @property
    def short(self) -> float:
        """How many are short at the year's end; below nothing where there are more."""
        return self.needed - self.eased - self.closes


@dataclass(frozen=True, slots=True, kw_only=True)
class Projection:
    """Every role, year by year; the ranges of what is short by role, where draws were asked for."""

    plan: Workforce
    years: dict[str, tuple[YearOf, ...]]
    intakes: tuple[Intake, ...]
    ranges: dict[str, tuple[tuple[float, float], ...]]

    def short(self, code: str, year: int) -> float:
        """How many of a role are short at the end of a year, the first being 1."""
        return self.years[code][year - 1].short


@dataclass(frozen=True, slots=True, kw_only=True)
class Unsure:
    """How unsure rates are: standard deviations, in shares."""

    turnover: float = 0.015
    completion: float = 0.05
    growth: float = 0.005
    source: str = (
        "Assumed: 1.5 points of turnover, 5 of completion and 0.5 a year of what is needed, each "
        "held for all years of a draw"
    )


def project(
    plan: Workforce, *, draws: int = 0, seed: int = 1, unsure: Unsure | None = None
) -> Projection:
    """Every role over the plan's years; with draws, eight in ten of them."""
    came = tuple(intakes(plan))
    eased = moved(plan)
    years, ranges = {}, {}
    for place, staff in enumerate(plan.staff):
        mine = [each for each in came if each.role == staff.role]
        years[staff.role] = _told(_walk(plan, staff, mine, eased[staff.role]))
        if draws:
            shook = _shaken(draws, seed + place, unsure or Unsure())
            short = _short(_walk(plan, staff, mine, eased[staff.role], shook))
            low, high = np.quantile(short, (0.1, 0.9), axis=1)
            ranges[staff.role] = tuple(zip(low.tolist(), high.tolist(), strict=True))
    return Projection(plan=plan, years=years, intakes=came, ranges=ranges)


def _shaken(draws: int, seed: int, unsure: Unsure) -> Floats:
    luck = np.random.default_rng(seed)
    sizes = np.array([unsure.turnover, unsure.completion, unsure.growth])
    shook: Floats = luck.standard_normal((3, draws)) * sizes[:, None]
    return shook


def _walk(
    plan: Workforce, staff: Staff, came: list[Intake], eased: list[float],
    shook: Floats | None = None,
) -> dict[str, Any]:  # fmt: skip
    """A role's years over all draws: each figure an array of years by draws."""
    kind = role(staff.role)
    shook = np.zeros((3, 1)) if shook is None else shook
    rate = (kind.turnover if staff.turnover is None else staff.turnover) / 10_000
    turnover = np.clip(rate + shook[0], 0, 1)
    finish = np.clip(1 + shook[1], 0, 100 / kind.completion)
    grows = 1 + staff.growth / 10_000 + shook[2]
    young, queue = _begin(plan, staff, shook.shape[1])
    made: dict[str, list[Any]] = {name: [] for name in _FIGURES}
    for year in range(plan.years):
        opens = young.sum(axis=0) + queue.sum(axis=0)
        ages = [*young, queue.sum(axis=0)]
        retire, leave = queue[0].copy(), young * turnover
        young = young - leave
        up = young / _WIDTHS[:, None]
        young = young - up
        young[1:] += up[:-1]
        queue = np.concatenate([queue[1:], up[-1:]])
        qualify, months = _arrivals(plan, came, year)
        join = staff.joiners / 100
        young += (qualify * finish + join) * np.array(STARTERS)[:, None] / 100
        closes = young.sum(axis=0) + queue.sum(axis=0)
        gone = retire + leave.sum(axis=0)
        works = opens - gone / 2 + join / 2 + months * finish
        options, lent = _laid(plan, staff.role, year)
        needed = staff.needed / 100 * grows ** (year + 1) + options
        for name, each in zip(
            _FIGURES,
            (opens, np.array(ages), retire, leave.sum(axis=0), qualify * finish,
             np.full_like(opens, join), closes, works, needed,
             np.full_like(opens, eased[year]), np.full_like(opens, options),
             np.full_like(opens, lent)),
            strict=True,
        ):  # fmt: skip
            made[name].append(each)
    return made


_FIGURES = ("opens", "by_age", "retire", "leave", "qualify", "join", "closes", "works", "needed",
            "eased", "options", "lent")  # fmt: skip


def _begin(plan: Workforce, staff: Staff, draws: int) -> tuple[Floats, Floats]:
    over = AGES[-1] if staff.over_55 is None else staff.over_55
    younger = sum(AGES[:-1])
    shares = np.array([each / younger * (100 - over) / 100 for each in AGES[:-1]])
    whole = staff.in_post / 100
    young = np.repeat((shares * whole)[:, None], draws, axis=1)
    queue = np.full((plan.retire, draws), whole * over / 100 / plan.retire)
    return young, queue


def _arrivals(plan: Workforce, came: list[Intake], year: int) -> tuple[float, float]:
    """Who qualifies in a year, and how much of a year they work in it together."""
    many = worked = 0.0
    for each in came:
        month = (each.ready.year - plan.base.year) * 12 + each.ready.month - plan.base.month
        if year * 12 <= month < year * 12 + 12:
            many += each.qualify
            worked += each.qualify * (12 - (month - year * 12)) / 12
    return many, worked


def _laid(plan: Workforce, role: str, year: int) -> tuple[float, float]:
    """Posts of a role that options take on by the end of a year, and on average over it."""
    posts = worked = 0.0
    for each in plan.demands:
        month = (each.start.year - plan.base.year) * 12 + each.start.month - plan.base.month
        if each.role == role and month < year * 12 + 12:
            posts += each.posts / 100
            worked += each.posts / 100 * min(12, year * 12 + 12 - month) / 12
    return posts, worked


def _told(made: dict[str, Any]) -> tuple[YearOf, ...]:
    """The first draw of each year."""
    plain = [name for name in _FIGURES if name != "by_age"]
    return tuple(
        YearOf(
            by_age=tuple(float(age[0]) for age in made["by_age"][year]),
            **{name: float(made[name][year][0]) for name in plain},
        )
        for year in range(len(made["opens"]))
    )


def _short(made: dict[str, Any]) -> Floats:
    short: Floats = np.array(made["needed"]) - np.array(made["eased"]) - np.array(made["closes"])
    return short
