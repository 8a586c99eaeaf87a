"""The package year by year: what comes in, what it costs, and what that is of the economy. Pure.

Pounds are exact fractions inside and whole pounds where they are told; a sum is the sum of what is
told, so that every total is the total of its lines.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from onesystem.budget.policy.asked import Asked
from onesystem.budget.policy.model import BASE, LATER, Model


@dataclass(frozen=True, slots=True, kw_only=True)
class Year:
    """One year: lines by name, in whole pounds."""

    year: int
    revenue: Mapping[str, int]
    cost: Mapping[str, int]
    care: int  # older people's social care as it is entitled today
    gdp: int
    spend: int  # health and social care without the package

    @property
    def comes_in(self) -> int:
        """All revenue of the year."""
        return sum(self.revenue.values())

    @property
    def costs(self) -> int:
        """All that the package costs in the year."""
        return sum(self.cost.values())

    @property
    def result(self) -> int:
        """What is over, or short."""
        return self.comes_in - self.costs

    @property
    def care_with(self) -> int:
        """Older people's social care with the package."""
        return self.care + self.costs

    @property
    def share(self) -> Fraction:
        """Health and social care with the package, as per cent of the economy."""
        return Fraction(100 * (self.spend + self.costs), self.gdp)

    @property
    def share_without(self) -> Fraction:
        """The same without it."""
        return Fraction(100 * self.spend, self.gdp)


def years(model: Model, asked: Asked) -> tuple[Year, ...]:
    """Every year of the model."""
    return tuple(year_of(model, asked, each) for each in range(model.first, model.last + 1))


def year_of(model: Model, asked: Asked, year: int) -> Year:
    """One year."""
    economy = model.economy
    grown = _grown(asked.gdp_growth, year)
    spend = economy.gdp * economy.share / 100 * _grown(asked.spend_growth, year)
    rises = grown if asked.options["growth"] == "economy" else Fraction(1)
    return Year(
        year=year,
        revenue={
            each.name: round(each.at(asked.settings[each.name]) * rises)
            if year >= asked.starts(each.stage) else 0
            for each in model.revenues
        },
        cost={
            each.name: round(_cost(model, asked, each.band, year))
            if year >= asked.begins[each.name] else 0
            for each in model.costs
        },
        care=round(_line(model.older_people, year)), gdp=round(economy.gdp * grown),
        spend=round(spend),
    )  # fmt: skip


def balance(told: tuple[Year, ...]) -> list[int]:
    """What is over or short, added up from the first year on."""
    total, found = 0, []
    for each in told:
        total += each.result
        found.append(total)
    return found


def _cost(model: Model, asked: Asked, band: str, year: int) -> Fraction:
    for each in model.assumptions:
        costs = each.option(asked.options[each.name]).costs
        if band in costs:
            return _line(costs[band], year)
    return Fraction(0)


def _line(two: tuple[int, int], year: int) -> Fraction:
    """A straight line through the two years that are published, and on beyond."""
    first, second = two
    return first + Fraction((second - first) * (year - BASE), LATER - BASE)


def _grown(per_cent: Fraction, year: int) -> Fraction:
    return (1 + per_cent / 100) ** (year - BASE)
