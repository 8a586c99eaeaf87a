"""Training: who is commissioned, what money allows, and when they come. Pure.

"Although we are training fewer than we need, we are training as many as we can afford": places that
are wanted are cut to the money, each role by the same part, and what whole places leave over goes
to the largest remainders that it still pays for.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from onesystem.budget.months import later
from onesystem.plan.workforce.roles import role
from onesystem.plan.workforce.shape import Commission, Role, Workforce


@dataclass(frozen=True, slots=True, kw_only=True)
class Intake:
    """One intake of a role: its month, places wanted and places paid for, what they cost."""

    role: str
    month: date
    wanted: int
    places: int
    cost: int

    @property
    def ready(self) -> date:
        """When they begin to work."""
        return later(self.month, role(self.role).months)

    @property
    def qualify(self) -> float:
        """How many of them finish."""
        return self.places * role(self.role).completion / 100


def afford(wanted: Mapping[str, int], money: int | None) -> dict[str, int]:
    """The places that money pays for, of those that are wanted."""
    price = {code: role(code).place for code in wanted}
    whole = sum(wanted[code] * price[code] for code in wanted)
    if money is None or whole <= money:
        return dict(wanted)
    part = Fraction(max(0, money), whole)
    exact = {code: wanted[code] * part for code in wanted}
    made = {code: int(many) for code, many in exact.items()}
    left = money - sum(made[code] * price[code] for code in made)
    for code in sorted(made, key=lambda c: made[c] - exact[c]):
        if made[code] < wanted[code] and price[code] <= left:
            made[code], left = made[code] + 1, left - price[code]
    return made


def intakes(plan: Workforce) -> list[Intake]:
    """Every intake that comes to work in the plan's years, those before it began included."""
    by_year: dict[int, list[tuple[Commission, date, int]]] = {}
    for each in plan.commissions:
        kind = role(each.role)
        for month in _months(kind, plan):
            number = (month.year - plan.base.year) * 12 + month.month - plan.base.month
            by_year.setdefault(number // 12, []).append((each, month, _wanted(each, kind, month)))
    made = []
    for year, some in sorted(by_year.items()):
        wanted: dict[str, int] = {}
        for each, _, many in some:
            wanted[each.role] = wanted.get(each.role, 0) + many
        # What was commissioned before the plan began is commissioned: money limits what comes.
        paid = wanted if year < 0 else afford(wanted, plan.money)
        made += _divided(some, wanted, paid)
    return sorted(made, key=lambda i: (i.month, i.role))


def _divided(
    some: list[tuple[Commission, date, int]], wanted: dict[str, int], paid: dict[str, int]
) -> list[Intake]:
    """A year's places over its intakes, whole places each, none lost."""
    made, given, asked = [], dict.fromkeys(wanted, 0), dict.fromkeys(wanted, 0)
    for each, month, many in some:
        code = each.role
        asked[code] += many
        upto = paid[code] * asked[code] // wanted[code] if wanted[code] else 0
        places, given[code] = upto - given[code], upto
        made.append(Intake(role=code, month=month, wanted=many, places=places,
                           cost=places * role(code).place))  # fmt: skip
    return made


def _months(kind: Role, plan: Workforce) -> list[date]:
    first = later(plan.base, -kind.months)
    every = [later(first, n) for n in range(kind.months + 12 * plan.years)]
    return [month for month in every if not kind.intakes or month.month in kind.intakes]


def _wanted(each: Commission, kind: Role, month: date) -> int:
    """The places of one intake: a year's, over its intakes, the first ones taking what is over."""
    changed = each.decided is not None and month >= kind.intake(each.decided)
    a_year = each.then if changed else each.places
    many = len(kind.intakes) or 12
    nth = kind.intakes.index(month.month) if kind.intakes else month.month - 1
    return a_year // many + (1 if nth < a_year % many else 0)
