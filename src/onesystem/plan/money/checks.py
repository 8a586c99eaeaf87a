"""What is wrong with a plan of money, each with its field, the rule and the cure. Pure."""

import re
from collections.abc import Iterator, Sequence

from onesystem.plan.money.shape import HORIZONS, RULES, SETTINGS, MoneyPlan
from onesystem.vocabulary import UserError
from onesystem.vocabulary.typed import Problem

_CODE = re.compile(r"[a-z0-9]+([-.][a-z0-9]+)*$")
_MOST = 10**13
_LEAST_RATE, _MOST_RATE = -2_000, 3_000
OTHER = "other"


def problems(plan: MoneyPlan) -> list[Problem]:
    """All that is wrong."""
    try:
        _ = plan.first
    except UserError as error:
        return [Problem("base", error.what, error.cure)]
    return [*_whole(plan), *_lines(plan), *_funders(plan), *_doubled(plan)]


def _whole(plan: MoneyPlan) -> Iterator[Problem]:
    if not _CODE.match(plan.slug) or len(plan.slug) > 60:
        yield Problem("name", f"{plan.slug!r} is no address", "Use letters, digits and dashes")
    if not plan.name:
        yield Problem("name", "the plan has no name", "Write what people call it")
    if plan.years not in HORIZONS:
        yield Problem("years", f"a plan is for {HORIZONS[0]} or {HORIZONS[1]} years",
                      "Choose one")  # fmt: skip
    if plan.rule.kind not in RULES or not 0 <= plan.rule.rate <= 10_000:
        yield Problem("rule", "growth is shared by no rule, or by more than all of it",
                      "Choose a rule, and 0 to 100 per cent")  # fmt: skip
    for name in ("pay", "price", "inflation", "efficiency"):
        yield from _path(name, getattr(plan, name))


def _path(where: str, path: Sequence[int]) -> Iterator[Problem]:
    if not path or len(path) > HORIZONS[-1]:
        yield Problem(where, "a rate is said for one year at least, and for 20 at most",
                      "Write 4, or 4, 3.5, 3 where it differs by year")  # fmt: skip
    if any(not _LEAST_RATE <= rate <= _MOST_RATE for rate in path):
        yield Problem(where, "a rate is between -20 and 30 per cent a year", "Write 2.5 for 2.5 %")


def _lines(plan: MoneyPlan) -> Iterator[Problem]:
    codes = [*(line.code for line in plan.lines), *(each.code for each in plan.doubled)]
    for number, line in enumerate(plan.lines):
        where = f"lines.{number}"
        if not _CODE.match(line.code) or codes.count(line.code) > 1:
            yield Problem(
                where, f"{line.code!r} is no code, or is there twice", "Give each its own"
            )
        if line.setting not in SETTINGS and line.setting != OTHER:
            yield Problem(where, f"there is no setting {line.setting!r}", "Choose one of the list")
        if not 0 <= line.amount <= _MOST or line.unit < 0:
            yield Problem(where, f"{line.name} costs less than nothing", "Write pounds and pence")
        if not 0 <= line.pay <= 100 or not 0 <= line.keeps <= 100:
            yield Problem(where, f"{line.name}: pay, and what stays, are 0 to 100 per cent",
                          "Write 65 for 65 per cent")  # fmt: skip
        yield from _path(where, line.demand)
        if line.efficiency is not None:
            yield from _path(where, line.efficiency)


def _funders(plan: MoneyPlan) -> Iterator[Problem]:
    codes = [each.code for each in plan.funders]
    for number, each in enumerate(plan.funders):
        where = f"funders.{number}"
        if codes.count(each.code) > 1:
            yield Problem(where, f"{each.name} is there twice", "Take one away")
        if not 0 <= each.amount <= _MOST:
            yield Problem(where, f"{each.name} gives less than nothing", "Write pounds and pence")
        yield from _path(where, each.growth)


def _doubled(plan: MoneyPlan) -> Iterator[Problem]:
    for number, each in enumerate(plan.doubled):
        where = f"doubled.{number}"
        if each.last < each.first:
            yield Problem(where, f"{each.name} ends before it begins", "Turn the months round")
        if each.last > plan.year(plan.years).last:
            yield Problem(
                where,
                f"{each.name} does not end within the plan: running two ways side by side ends",
                "Say its last month within the plan's years",
            )
        if min(each.amount, each.after) < 0 or each.amount > _MOST:
            yield Problem(where, f"{each.name} costs less than nothing", "Write pounds and pence")
        if each.after and not each.benefit:
            yield Problem(where, f"{each.name} goes on to cost after it has ended, and nobody says "
                          "what for", "Write what must be shown by then")  # fmt: skip
