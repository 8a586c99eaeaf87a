"""What a plan of staff gives the optimiser: who comes from training, who leaves, money for more.

The optimiser's groups are those whom the district's own work takes; a plan of staff may be for a
whole area. So everything is told for one who is in post: who comes is so many a quarter for each,
and the money for training is that of as many staff as the groups have.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from onesystem.plan.workforce.pipeline import Intake, intakes
from onesystem.plan.workforce.roles import role
from onesystem.plan.workforce.shape import AGES, Workforce

_QUARTERS, _MONTHS = 4, 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """A group as a plan of staff has it, for one who is in post.

    `coming` are those who finish their training or join, by quarter; `leaving` a quarter's share;
    `paid` what its training places cost by year, in minor units.
    """

    coming: tuple[float, ...]
    leaving: float
    paid: tuple[int, ...]
    staff: float


def given(
    plan: Workforce, roles: Mapping[str, str], begins: date, years: int
) -> dict[str, dict[str, Any]]:
    """By group code, what a plan of staff says of its role; groups it says nothing of are out."""
    every, found = intakes(plan), {}
    for group, code in roles.items():
        staff = plan.of(code)
        if staff is None or not staff.in_post:
            continue
        there = staff.in_post / 100
        mine = [each for each in every if each.role == code]
        over = (AGES[-1] if staff.over_55 is None else staff.over_55) / 100
        rate = role(code).turnover if staff.turnover is None else staff.turnover
        found[group] = {
            "coming": [
                round((each + staff.joiners / 100 / _QUARTERS) / there, 8)
                for each in _by_quarter(mine, begins, years)
            ],
            "leaving": round((rate / 10_000 * (1 - over) + over / plan.retire) / _QUARTERS, 8),
            "paid": _by_year(mine, begins, years), "staff": there,
        }  # fmt: skip
    return found


def read(said: Mapping[str, Any]) -> dict[str, Given]:
    """What `given` said, by group."""
    return {
        code: Given(coming=tuple(each["coming"]), leaving=each["leaving"],
                    paid=tuple(each["paid"]), staff=each["staff"])
        for code, each in said.items()
    }  # fmt: skip


def left(
    money: int | None, some: Mapping[str, Given], there: Mapping[str, float], years: int
) -> tuple[int, ...]:
    """What is left by year of a plan's money for training, for as many staff as there are.

    Places that are commissioned already are paid from it first. None where nobody limits it: then
    so is no year.
    """
    mine = {code: each for code, each in some.items() if there.get(code)}
    if money is None or not mine:
        return ()
    size = sum(there[code] for code in mine) / sum(each.staff for each in mine.values())
    return tuple(
        max(0, round(money * size - sum(
            each.paid[year] * there[code] / each.staff for code, each in mine.items()
        )))
        for year in range(years)
    )  # fmt: skip


def _by_quarter(some: list[Intake], begins: date, years: int) -> list[float]:
    found = [0.0] * (years * _QUARTERS)
    for each in some:
        at = _months(begins, each.ready) // _MONTHS
        if 0 <= at < len(found):
            found[at] += each.qualify
    return found


def _by_year(some: list[Intake], begins: date, years: int) -> list[int]:
    found = [0] * years
    for each in some:
        at = _months(begins, each.month) // 12
        if 0 <= at < years:
            found[at] += each.cost
    return found


def _months(first: date, day: date) -> int:
    return (day.year - first.year) * 12 + day.month - first.month
