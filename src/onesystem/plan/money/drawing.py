"""A plan of money in a thousand draws: a range instead of one line.

Each draw has its own luck: how fast demand for each service really grows (the same luck in every
year), how pay and prices go in the district (one luck for all services, with better and worse
years), what of the efficiency comes true. Draws by services by years are walked year by year over
one array, so that nothing larger than a year is ever held.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from onesystem.plan.money.shape import MoneyPlan, at

Floats = npt.NDArray[np.float64]
Small = np.float32  # seven digits: a thousand draws scatter by far more


@dataclass(frozen=True, slots=True, kw_only=True)
class Unsure:
    """How unsure rates are, as standard deviations; of efficiency, the share that comes true."""

    demand: float = 0.006
    demand_each_year: float = 0.01
    pay: float = 0.010
    price: float = 0.012
    delivered: tuple[float, float] = (0.4, 1.1)
    source: str = (
        "Assumed: 0.6 points of demand growth held for all years and 1.0 a year besides, 1.0 "
        "points of pay, 1.2 of prices, and 40 to 110 per cent of the efficiency that is planned"
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Services:
    """What is drawn: services by steps. Rates are shares, as 0.04."""

    base: Floats  # a service
    pay_share: Floats
    keeps: Floats
    demand: Floats  # a service by step
    efficiency: Floats
    pay: Floats  # a step
    price: Floats
    groups: npt.NDArray[np.intp]  # of a service

    @property
    def years(self) -> int:
        """How many steps."""
        return int(self.pay.shape[0])


def services_of(plan: MoneyPlan) -> Services:
    """A plan's lines as arrays; the hospital's lines are group 0, all others 1."""
    steps, lines = range(plan.years), plan.lines

    def path(rates: Sequence[int]) -> list[float]:
        return [at(rates, n) / 10_000 for n in steps]

    return Services(
        base=np.array([line.amount for line in lines], dtype=float),
        pay_share=np.array([line.pay / 100 for line in lines]),
        keeps=np.array([line.keeps / 100 for line in lines]),
        demand=np.array([path(line.demand) for line in lines]).reshape(len(lines), plan.years),
        efficiency=np.array([path(plan.saved(x)) for x in lines]).reshape(len(lines), plan.years),
        pay=np.array(path(plan.pay)), price=np.array(path(plan.price)),
        groups=np.array([0 if line.hospital else 1 for line in lines], dtype=np.intp),
    )  # fmt: skip


def draw(
    services: Services, *, draws: int = 1_000, seed: int = 1, unsure: Unsure | None = None
) -> Floats:
    """The cost of each draw, year and group: (draws, years + 1, groups)."""
    u, luck = unsure or Unsure(), np.random.default_rng(seed)
    many, steps = len(services.base), services.years
    member = np.zeros((many, int(services.groups.max(initial=-1)) + 1), dtype=Small)
    member[np.arange(many), services.groups] = 1
    held = luck.standard_normal((draws, many), dtype=Small) * Small(u.demand)
    pay = (services.pay + luck.standard_normal((draws, steps)) * u.pay).astype(Small)
    price = (services.price + luck.standard_normal((draws, steps)) * u.price).astype(Small)
    true = luck.uniform(*u.delivered, size=(draws, 1)).astype(Small)
    share, saved = services.pay_share.astype(Small), services.efficiency.T * (1 - services.keeps)
    demand, saved = (1 + services.demand.T).astype(Small), saved.astype(Small)
    cost = np.repeat(services.base.astype(Small)[None, :], draws, axis=0)
    made = np.empty((draws, steps + 1, member.shape[1]))
    made[:, 0] = services.base @ member
    rest, each, other = 1 - share, np.empty_like(cost), np.empty_like(cost)
    for step in range(steps):
        luck.standard_normal(out=each, dtype=Small)
        each *= Small(u.demand_each_year)
        each += held
        each += demand[step]
        cost *= each
        np.multiply(pay[:, step, None], share, out=each)
        np.multiply(price[:, step, None], rest, out=other)
        each += other
        each += 1
        cost *= each
        if saved[step].any():
            np.multiply(true, saved[step], out=each)
            np.subtract(1, each, out=each)
            cost *= each
        made[:, step + 1] = cost @ member
    return made


@dataclass(frozen=True, slots=True, kw_only=True)
class Range:
    """A year's cost over all draws: the middle, eight draws in ten, and how often money does."""

    low: int
    middle: int
    high: int
    enough: float | None = None


def ranges(made: Floats, *, more: Sequence[int] = (), money: Sequence[int] = ()) -> list[Range]:
    """Per year. `more` is what is sure in each year besides, `money` what there is."""
    whole: Any = made.sum(axis=2)
    if len(more):
        whole = whole + np.asarray(more, dtype=float)
    marks = np.quantile(whole, (0.1, 0.5, 0.9), axis=0)
    enough = (whole <= np.asarray(money, dtype=float)).mean(axis=0) if len(money) else None
    return [
        Range(low=round(low), middle=round(middle), high=round(high),
              enough=None if enough is None else float(enough[year]))
        for year, (low, middle, high) in enumerate(marks.T)
    ]  # fmt: skip
