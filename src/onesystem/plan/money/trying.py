"""Other rates for a moment: a plan as the address asks for it, never kept. Pure."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from onesystem.plan.money.checks import problems
from onesystem.plan.money.editing import path
from onesystem.plan.money.shape import MoneyPlan
from onesystem.vocabulary import UserError
from onesystem.vocabulary.said import say_each

ASKED: Mapping[str, str] = say_each({
    "pay": "Pay, % a year", "price": "Prices, % a year", "efficiency": "Efficiency, % a year",
    "demand": "Demand of all lines, % a year", "growth": "Real growth of money, % a year",
})  # fmt: skip


def tried(plan: MoneyPlan, query: Mapping[str, str]) -> tuple[MoneyPlan, dict[str, str], str]:
    """The plan with what was asked, what that was, and why it could not be done if it could not."""
    said = {name: query.get(name, "").strip() for name in ASKED if query.get(name, "").strip()}
    try:
        made = _with(plan, {name: path(text) for name, text in said.items()})
    except UserError as error:
        return plan, said, str(error)
    if found := problems(made):
        return plan, said, str(found[0])
    return made, said, ""


def _with(plan: MoneyPlan, said: Mapping[str, tuple[int, ...]]) -> MoneyPlan:
    made = plan
    for name, rates in said.items():
        if name == "demand":
            made = replace(made, lines=tuple(replace(x, demand=rates) for x in made.lines))
        elif name == "growth":
            made = replace(made, funders=tuple(replace(f, growth=rates) for f in made.funders))
        else:
            own: dict[str, Any] = {name: rates}
            made = replace(made, **own)
    return made
