"""A plan of staff as plain rows, for the command line and files. Pure."""

from typing import Any

from onesystem.plan.workforce.examples import examples as worked
from onesystem.plan.workforce.projecting import Projection
from onesystem.plan.workforce.roles import role
from onesystem.plan.workforce.shape import Workforce


def ends(plan: Workforce) -> list[str]:
    """The name of each year of a plan, by the years in which it begins and ends."""
    return [f"{plan.base.year + n}/{(plan.base.year + n + 1) % 100:02d}" for n in range(plan.years)]


def short(found: Projection) -> list[dict[str, Any]]:
    """How many of each role are short at the end of each year, and the range at the end."""
    made = []
    for code, years in found.years.items():
        low, high = found.ranges[code][-1]
        made.append({
            "role": role(code).name, "in_post": round(years[0].opens),
            **{name: round(y.short) for name, y in zip(ends(found.plan), years, strict=True)},
            "low": round(low), "high": round(high),
        })  # fmt: skip
    return made


def years(found: Projection, code: str) -> list[dict[str, Any]]:
    """A role's years. Raises UserError."""
    told = found.years.get(role(code).code, ())
    names = ("opens", "retire", "leave", "qualify", "join", "closes", "needed", "eased", "short")
    return [
        {"year": name, **{each: round(getattr(y, each), 1) for each in names}}
        for name, y in zip(ends(found.plan), told, strict=False)
    ]


def training(found: Projection) -> list[dict[str, Any]]:
    """Each intake from the plan's first month on."""
    return [
        {"intake": f"{i.month:%Y-%m}", "role": role(i.role).name, "wanted": i.wanted,
         "paid_for": i.places, "cost": i.cost // 100, "begin_to_work": f"{i.ready:%Y-%m}"}
        for i in found.intakes
        if i.month >= found.plan.base and i.wanted
    ]  # fmt: skip


def examples() -> list[dict[str, Any]]:
    """Every row of the worked examples."""
    return [
        {"example": e.title, "figure": r.words, "value": r.value, "kind": r.kind, "why": r.why}
        for e in worked()
        for r in e.rows
    ]
