"""The means test of England: capital, tariff income, income, what is kept. Pure, whole pence.

Tariff income is a pound for each 250 or part of it above the lower limit:

    17,050.91 has 2,800.91 above 14,250: eleven whole steps and a part, so 12 pounds

In whole pence `-(-rest // step)` is exact. With Decimal the same words round toward zero, and give
11: Knowsley Council's published example would come out as 208.70 instead of 209.70.
"""

from datetime import date
from functools import lru_cache
from typing import NamedTuple

from onesystem.budget.entitlement.case import WHOLE, Case, Income, Property
from onesystem.budget.entitlement.kinds import CAPITAL, HOME, INCOME, Kind, kinds
from onesystem.budget.entitlement.rates import Rates
from onesystem.budget.entitlement.trace import CAPITAL as OF_CAPITAL
from onesystem.budget.entitlement.trace import INCOME as OF_INCOME
from onesystem.budget.entitlement.trace import KEEP, SUM, Line
from onesystem.vocabulary.said import say

_CASE = say("As said in the assessment")
_CENT = 100


class Means(NamedTuple):
    """What somebody can pay. `over`: more capital than the upper limit, so the full cost."""

    capital: int
    over: bool
    tariff: int
    income: int
    keeps: int
    home: int  # of the capital, what the home makes

    @property
    def can_pay(self) -> int:
        """What may be asked for each week from income and tariff income."""
        return max(0, self.income + self.tariff - self.keeps)


class Limits(NamedTuple):
    """Limits of capital, with the rule and source that are shown."""

    lower: int
    upper: int
    step: int
    a_step: int
    source: str
    rule: str = "capital limits"
    assumed: str = ""


def limits_of(case: Case, rates: Rates) -> Limits:
    """The limits that hold for a case."""
    name = say("capital limits") if case.setting == "care home" else say("capital limits at home")
    known: Limits | None = rates.worked.get((name, case.day))
    if known is None:
        known = rates.worked[name, case.day] = _limits(case, rates, name)
    return known


def _limits(case: Case, rates: Rates, name: str) -> Limits:
    found = [rates.amount(name, key, case.day) for key in ("lower", "upper", "step", "a_step")]
    lower, upper, step, a_step = (rate.amount for rate in found)
    return Limits(lower, upper, step, a_step, found[1].source, name)


def tariff_income(capital: int, limits: Limits) -> int:
    """Pence a week for capital between the limits: each step that has begun counts whole."""
    if capital <= limits.lower:
        return 0
    return -(-(min(capital, limits.upper) - limits.lower) // limits.step) * limits.a_step


def means(case: Case, rates: Rates, lines: list[Line], limits: Limits | None = None) -> Means:
    """What somebody can pay, with each step added to the working."""
    limits = limits or limits_of(case, rates)
    capital, home = _capital(case, rates, lines)
    lines.append(Line("capital.sum", say("Together, the capital that counts"), capital, _CASE, SUM))
    over = capital > limits.upper
    tariff = 0 if over else tariff_income(capital, limits)
    if over:
        lines.append(
            Line(
                "capital.over",
                say(
                    "Your capital is above the upper limit, so the full cost is yours until it is "
                    "below"
                ),
                limits.upper,
                limits.source,
                OF_CAPITAL,
                limits.assumed,
            )
        )
    else:
        lines.append(
            Line(
                "capital.tariff",
                say(
                    "Counted as income for capital between the limits, for each step that has "
                    "begun (tariff income)"
                ),
                tariff,
                limits.source,
                OF_INCOME,
                limits.assumed,
            )
        )
    income = _income(case, rates, lines)
    keeps = 0 if over else _keeps(case, rates, lines)  # of the full cost nothing is kept back
    return Means(capital, over, tariff, income, keeps, home)


def _capital(case: Case, rates: Rates, lines: list[Line]) -> tuple[int, int]:
    total = 0
    known = kinds(CAPITAL)
    for each in case.capital:
        kind = known[each.kind]
        if kind.none:
            lines.append(
                Line(
                    "capital.left-out",
                    say("{title}: left out of account", title=kind.title),
                    0,
                    kind.source,
                    OF_CAPITAL,
                )
            )
            continue
        mine, words = each.amount, kind.title
        if each.share is not WHOLE and each.share != 1:  # the person's part, down to a penny
            mine = each.amount * each.share.numerator // each.share.denominator
            words = say("{title}, your share of {share}", title=kind.title, share=each.share)
        lines.append(Line("capital.counted", words, mine, _CASE, OF_CAPITAL))
        total += mine
    if case.home is None or case.setting != "care home":  # at home, one's home is never counted
        return total, 0
    home = home_value(case, case.home, rates, lines)
    return total + home, home


def home_value(case: Case, home: Property, rates: Rates, lines: list[Line]) -> int:
    """What the home counts for: nothing while somebody who counts lives there or in 12 weeks."""
    lives = kinds(HOME)[home.lives]
    if lives.none:
        lines.append(
            Line(
                "home.lived-in",
                say("Your home is left out: {title} lives there", title=lives.title),
                0,
                "SI 2014/2672, schedule 2, paragraphs 1 and 4",
                OF_CAPITAL,
            )
        )
        return 0
    weeks = rates.amount(say("twelve weeks"), "weeks", case.day)
    if case.weeks <= weeks.amount:
        lines.append(
            Line(
                "home.twelve-weeks",
                say("Your home is left out for the first 12 weeks of permanent care"),
                0,
                weeks.source,
                OF_CAPITAL,
            )
        )
        return 0
    costs = rates.amount(say("selling costs"), "percent", case.day)
    worth = net_value(home, costs.amount)
    lines.append(
        Line(
            "home.counted",
            say(
                "Your home: its value less {amount} % for the cost of selling and what is "
                "secured on it",
                amount=costs.amount,
            ),
            worth,
            costs.source,
            OF_CAPITAL,
        )
    )
    return worth


def net_value(home: Property, percent: int) -> int:
    """The person's share of the value, less the cost of selling and what is secured; down."""
    share, of = home.share.numerator, home.share.denominator
    after = home.value * share * (_CENT - percent) // (of * _CENT)
    return max(0, after - home.secured - home.deferred)


@lru_cache(maxsize=256)
def _left_out(title: str) -> str:
    """The words of each kind of income, made once: every charge says them."""
    return say("Left out of account: {title}", title=title)


def _income(case: Case, rates: Rates, lines: list[Line]) -> int:
    total = 0
    known = kinds(INCOME)
    for each in case.income:
        kind = known[each.kind]
        lines.append(Line("income.comes-in", kind.title, each.amount, _CASE, OF_INCOME))
        total += each.amount
        if kind.whole and not each.out:
            continue
        out, source, assumed = left_out(case, rates, kind, each)
        if out:
            lines.append(
                Line("income.left-out", _left_out(kind.title), -out, source, OF_INCOME, assumed)
            )
            total -= out
        if each.out and each.amount > out:
            more = min(each.out, each.amount - out)
            words = each.why or kind.title
            lines.append(
                Line(
                    "income.left-out-here",
                    say("Left out by your council: {words}", words=words),
                    -more,
                    say("Local policy: a council may leave out more"),
                    OF_INCOME,
                )
            )
            total -= more
    lines.append(Line("income.sum", say("Together, the income that counts"), total, _CASE, SUM))
    return total


def left_out(case: Case, rates: Rates, kind: Kind, each: Income) -> tuple[int, str, str]:
    """How much of an income of a kind the law leaves out, and which rule says so."""
    if kind.none:
        return each.amount, kind.source, ""
    if kind.leaves:
        key = "couple" if case.household == "couple" else "single"
        rate = rates.amount(say("savings credit disregard"), key, case.day)
        return min(each.amount, rate.amount), rate.source, rate.assumed
    if kind.out:
        return min(each.amount, kind.out), kind.source, ""
    if kind.percent_out_in_care_home and case.setting == "care home":
        return each.amount * kind.percent_out_in_care_home // _CENT, kind.source, ""
    return 0, kind.source, ""


def _keeps(case: Case, rates: Rates, lines: list[Line]) -> int:
    """What the person keeps each week; the law's minimum and what is agreed besides."""
    kind = ("keeps", case.day, case.setting, case.household, case.pensioner, case.age < _GROWN,
            case.children, case.premiums)  # fmt: skip
    known = rates.worked.get(kind)
    if known is None:
        known = rates.worked[kind] = _minimum(case, rates)
    total, said = known
    lines.extend(said)
    return int(total) + _agreed(case, lines)


def _minimum(case: Case, rates: Rates) -> tuple[int, tuple[Line, ...]]:
    """The least that the law leaves somebody of a kind, with its lines."""
    lines: list[Line] = []
    if case.setting == "care home":
        rate = rates.amount(say("personal expenses allowance"), "amount", case.day)
        lines.append(Line("keep.pea", say("You keep for yourself (personal expenses allowance)"),
                          -rate.amount, rate.source, KEEP, rate.assumed))  # fmt: skip
        return rate.amount, tuple(lines)
    total = 0
    for key, times, words in _guaranteed(case):
        rate = rates.amount(say("minimum income guarantee"), key, case.day)
        lines.append(Line("keep.mig", words, -rate.amount * times, rate.source, KEEP, rate.assumed))
        total += rate.amount * times
    return total, tuple(lines)


def _agreed(case: Case, lines: list[Line]) -> int:
    if not case.dre and not case.housing:
        return 0
    if case.dre and case.setting != "care home":
        lines.append(
            Line(
                "keep.dre",
                say("You keep what your disability costs you (disability-related expenditure)"),
                -case.dre,
                "SI 2014/2672, schedule 1, paragraph 4",
                KEEP,
            )
        )
    if case.housing:
        lines.append(
            Line(
                "keep.housing",
                say("You keep what your home costs you: rent, council tax, mortgage"),
                -case.housing,
                "SI 2014/2672, schedule 1, paragraph 2",
                KEEP,
            )
        )
    return (case.dre if case.setting != "care home" else 0) + case.housing


_MIG = say("You keep to live on (minimum income guarantee)")


def _guaranteed(case: Case) -> list[tuple[str, int, str]]:
    """Which amounts of the table hold for a household, how often, and in which words."""
    couple = case.household == "couple"
    if couple:
        key = say("couple pension") if case.pensioner else say("couple adult")
    elif case.pensioner:
        key = "pension"
    elif case.household == "lone parent":
        key = say("lone parent")
    else:
        key = "young" if case.age < _GROWN else "adult"
    found = [(key, 1, _MIG)]
    for premium in case.premiums:
        if premium != "carer" and case.pensioner:
            continue  # the amount of pension age has them in it
        name = (
            say("couple {premium}", premium=premium) if couple and premium != "carer" else premium
        )
        found.append((name, 1, say("You keep as well: {premium} premium", premium=premium)))
    if case.children:
        found.append(("child", case.children, say("You keep as well: for your children")))
    return found


_GROWN = 25


def day_of(year: int) -> date:
    """The first day of a financial year's rates."""
    return date(year, 4, 6)
