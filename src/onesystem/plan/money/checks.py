"""What is wrong with a plan of money, each with its field, the rule and the cure. Pure."""

import re
from collections.abc import Iterator, Sequence

from onesystem.plan.money.shape import HORIZONS, RULES, SETTINGS, MoneyPlan
from onesystem.vocabulary import UserError
from onesystem.vocabulary.said import say
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
        yield Problem(
            "name",
            say("{slug} is no address", slug=repr(plan.slug)),
            say("Use letters, digits and dashes"),
        )
    if not plan.name:
        yield Problem("name", say("the plan has no name"), say("Write what people call it"))
    if plan.years not in HORIZONS:
        yield Problem(
            "years",
            say(
                "a plan is for {horizons} or {horizons2} years",
                horizons=HORIZONS[0],
                horizons2=HORIZONS[1],
            ),
            say("Choose one"),
        )
    if plan.rule.kind not in RULES or not 0 <= plan.rule.rate <= 10_000:
        yield Problem("rule", say("growth is shared by no rule, or by more than all of it"),
                      say("Choose a rule, and 0 to 100 per cent"))  # fmt: skip
    for name in ("pay", "price", "inflation", "efficiency"):
        yield from _path(name, getattr(plan, name))


def _path(where: str, path: Sequence[int]) -> Iterator[Problem]:
    if not path or len(path) > HORIZONS[-1]:
        yield Problem(where, say("a rate is said for one year at least, and for 20 at most"),
                      say("Write 4, or 4, 3.5, 3 where it differs by year"))  # fmt: skip
    if any(not _LEAST_RATE <= rate <= _MOST_RATE for rate in path):
        yield Problem(
            where, say("a rate is between -20 and 30 per cent a year"), say("Write 2.5 for 2.5 %")
        )


def _lines(plan: MoneyPlan) -> Iterator[Problem]:
    codes = [*(line.code for line in plan.lines), *(each.code for each in plan.doubled)]
    for number, line in enumerate(plan.lines):
        where = f"lines.{number}"
        if not _CODE.match(line.code) or codes.count(line.code) > 1:
            yield Problem(
                where,
                say("{code} is no code, or is there twice", code=repr(line.code)),
                say("Give each its own"),
            )
        if line.setting not in SETTINGS and line.setting != OTHER:
            yield Problem(
                where,
                say("there is no setting {setting}", setting=repr(line.setting)),
                say("Choose one of the list"),
            )
        if not 0 <= line.amount <= _MOST or line.unit < 0:
            yield Problem(
                where,
                say("{name} costs less than nothing", name=line.name),
                say("Write pounds and pence"),
            )
        if not 0 <= line.pay <= 100 or not 0 <= line.keeps <= 100:
            yield Problem(
                where,
                say("{name}: pay, and what stays, are 0 to 100 per cent", name=line.name),
                say("Write 65 for 65 per cent"),
            )
        yield from _path(where, line.demand)
        if line.efficiency is not None:
            yield from _path(where, line.efficiency)


def _funders(plan: MoneyPlan) -> Iterator[Problem]:
    codes = [each.code for each in plan.funders]
    for number, each in enumerate(plan.funders):
        where = f"funders.{number}"
        if codes.count(each.code) > 1:
            yield Problem(where, say("{name} is there twice", name=each.name), say("Take one away"))
        if not 0 <= each.amount <= _MOST:
            yield Problem(
                where,
                say("{name} gives less than nothing", name=each.name),
                say("Write pounds and pence"),
            )
        yield from _path(where, each.growth)


def _doubled(plan: MoneyPlan) -> Iterator[Problem]:
    for number, each in enumerate(plan.doubled):
        where = f"doubled.{number}"
        if each.last < each.first:
            yield Problem(
                where,
                say("{name} ends before it begins", name=each.name),
                say("Turn the months round"),
            )
        if each.last > plan.year(plan.years).last:
            yield Problem(
                where,
                say(
                    "{name} does not end within the plan: running two ways side by side ends",
                    name=each.name,
                ),
                say("Say its last month within the plan's years"),
            )
        if min(each.amount, each.after) < 0 or each.amount > _MOST:
            yield Problem(
                where,
                say("{name} costs less than nothing", name=each.name),
                say("Write pounds and pence"),
            )
        if each.after and not each.benefit:
            yield Problem(
                where,
                say(
                    "{name} goes on to cost after it has ended, and nobody says what for",
                    name=each.name,
                ),
                say("Write what must be shown by then"),
            )
