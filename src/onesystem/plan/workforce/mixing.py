"""Work that another role does: "All hail Bands 1-4!". Pure.

A share of a role's hours goes to another from the month on in which enough of the others are ready.
100 nurses, 10 per cent to support workers, 5 per cent given back as supervision: the nurses are
eased of 9.5, and 10 support workers are needed for it.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from onesystem.budget.months import later
from onesystem.plan.workforce.shape import Mix, Workforce


@dataclass(frozen=True, slots=True, kw_only=True)
class Moved:
    """What one mix moves in a year when it is whole: eased, needed instead, and the pay between."""

    eased: float
    instead: float
    saves: int


def worth(mix: Mix, needed: float, pay: dict[str, int]) -> Moved:
    """What a mix comes to for so many needed of the role. `pay` is what one costs a year."""
    hours = needed * mix.share / 100
    eased, instead = hours * (100 - mix.watch) / 100, hours * mix.ratio / 100
    saves = round(eased * pay.get(mix.from_role, 0) - instead * pay.get(mix.to_role, 0))
    return Moved(eased=eased, instead=instead, saves=saves)


def moved(plan: Workforce) -> dict[str, list[float]]:
    """By role and year: full-time work that others do of it, less what it does of others."""
    made = {staff.role: [0.0] * plan.years for staff in plan.staff}
    for mix in plan.mixes:
        staff = plan.of(mix.from_role)
        if staff is None:
            continue
        for year in range(plan.years):
            needed = staff.needed / 100 * (1 + staff.growth / 10_000) ** (year + 1)
            each = worth(mix, needed * _part(plan, mix, year), {})
            made[mix.from_role][year] += each.eased
            if mix.to_role in made:
                made[mix.to_role][year] -= each.instead
    return made


def _part(plan: Workforce, mix: Mix, year: int) -> float:
    """What part of a year it is in force; once begun it goes on."""
    months = [later(plan.base, 12 * year + n) for n in range(12)]
    return sum(month >= mix.start for month in months) / 12


def together(mixes: Iterable[Mix]) -> dict[str, int]:
    """By role: the per cent of its hours that all mixes take together."""
    made: dict[str, int] = {}
    for mix in mixes:
        made[mix.from_role] = made.get(mix.from_role, 0) + mix.share
    return made
