"""What somebody in England pays for care under the law in force at a day. Pure, with a trace.

    charge(case, rates) -> Charge: who pays what, and every line of why

The order is the law's: free services first, then what the NHS pays, then the means test over what
is left. What the person, the council and the NHS pay sums exactly to the cost.
"""

from onesystem.budget.entitlement.case import FREE, Case
from onesystem.budget.entitlement.means import Means, means
from onesystem.budget.entitlement.rates import Rates
from onesystem.budget.entitlement.trace import COST, LATER, NEED, PAYS, Charge, Line
from onesystem.vocabulary.said import say

_ACT = say("Care Act 2014, section 14")
_ELIGIBLE = Line(
    "need.eligible",
    say("Your needs are eligible for support; what you have plays no part in that"),
    None,
    say("Care Act 2014, section 13; SI 2015/313"),
    NEED,
)
_SIX_WEEKS = 6
_SIXTY = 60


def charge(case: Case, rates: Rates, name: str = "law") -> Charge:
    """The charge under the law of the case's day.

    >>> from datetime import date
    >>> from onesystem.budget.entitlement.case import Capital, Income
    >>> from onesystem.budget.entitlement.rates import england
    >>> case = Case(day=date(2026, 5, 1), setting="care home", cost=1_000_00, age=84,
    ...             income=(Income(kind="state pension", amount=241_30),),
    ...             capital=(Capital(kind="savings", amount=18_000_00),))
    >>> found = charge(case, england())
    >>> found.pays, found.council  # 241.30 + 15.00 for the savings - 31.80 to keep; the rest
    (22450, 77550)
    """
    lines: list[Line] = []
    if case.setting == "prescription":
        return prescription(case, rates, name, lines)
    lines.append(
        Line("cost", say("What the care costs each week"), case.cost, say("As said"), COST)
    )
    settled = free(case, name, lines)
    if settled:
        return settled
    nhs = nursing(case, rates, lines)
    rest = case.cost - nhs
    found = means(case, rates, lines)
    pays = asked(case, rates, found, rest, lines)
    if found.home and found.over and case.home:
        deferred(case, rates, found, rest, lines)
    return ends(case, name, lines, pays=pays, nhs=nhs, full=found.over)


def free(case: Case, name: str, lines: list[Line]) -> Charge | None:
    """The charge where nothing is asked of the person whatever they have; else None."""
    if case.setting == "nhs":
        lines.append(
            Line(
                "nhs.free",
                say("This is NHS care, and NHS care is free"),
                0,
                say("NHS Act 2006, section 1; Barker Commission 2014 kept it so"),
                NEED,
            )
        )
        return ends(case, name, lines, pays=0, nhs=case.cost)
    if case.chc:
        lines.append(
            Line(
                "nhs.chc",
                say(
                    "Your main need is for health care, so the NHS pays for all of it (NHS "
                    "continuing healthcare)"
                ),
                0,
                say("National framework for NHS continuing healthcare"),
                NEED,
            )
        )
        return ends(case, name, lines, pays=0, nhs=case.cost)
    if case.free and not (case.free == "reablement" and case.weeks > _SIX_WEEKS):
        lines.append(Line("free.service", say("{free} is free", free=FREE[case.free]), 0,
                          "SI 2014/2672, regulations 3 and 4", NEED))  # fmt: skip
        return ends(case, name, lines, pays=0, nhs=0)
    if not case.eligible:
        lines.append(
            Line(
                "need.none",
                say(
                    "Your needs are not eligible for support from the council: what you arrange "
                    "yourself, you pay yourself"
                ),
                case.cost,
                say("Care Act 2014, section 13; SI 2015/313"),
                NEED,
            )
        )
        return ends(case, name, lines, pays=case.cost, nhs=0, full=True)
    lines.append(_ELIGIBLE)
    return None


def nursing(case: Case, rates: Rates, lines: list[Line]) -> int:
    """What the NHS pays towards nursing in a care home."""
    if not case.nursing:
        return 0
    rate = rates.amount(say("funded nursing care"), case.nursing, case.day)
    pays = min(rate.amount, case.cost)
    lines.append(Line("nhs.fnc", say("The NHS pays towards nursing (funded nursing care)"), -pays,
                      rate.source, COST, rate.assumed))  # fmt: skip
    return pays


def asked(case: Case, rates: Rates, found: Means, rest: int, lines: list[Line]) -> int:
    """What is asked of the person each week: never more than the care costs, never a trifle."""
    if found.over:
        return rest
    pays = min(rest, found.can_pay)
    if found.can_pay > rest:
        lines.append(
            Line("pays.cost", say("You pay no more than the care costs"), rest, _ACT, PAYS)
        )
    least = rates.amount(say("small charge"), "least", case.day)
    if 0 < pays < least.amount:
        lines.append(
            Line(
                "pays.small",
                say("So small a charge is not collected"),
                -pays,
                least.source,
                PAYS,
                least.assumed,
            )
        )
        return 0
    return pays


def deferred(case: Case, rates: Rates, found: Means, rest: int, lines: list[Line]) -> None:
    """Where only the home is too much: how much of it could be lent, and what is deferred a week.

    The limit is 90 % of the value, less the lower capital limit, less what is secured already.
    """
    other = found.capital - found.home
    lower = rates.amount(say("capital limits"), "lower", case.day)
    upper = rates.amount(say("capital limits"), "upper", case.day)
    if other > upper.amount or case.home is None:
        return
    rate = rates.amount(say("deferred payment"), "percent", case.day)
    limit = equity_limit(
        case.home.value * case.home.share.numerator // case.home.share.denominator, rate.amount,
        lower.amount, case.home.secured,
    )  # fmt: skip
    keeps = rates.amount(say("deferred payment"), "keeps", case.day)
    from_income = min(rest, max(0, found.income - keeps.amount))
    left = max(0, limit - case.home.deferred)
    lines.append(
        Line(
            "later.limit",
            say(
                "You need not sell now: the council can lend up to this much against your home "
                "(deferred payment)"
            ),
            limit,
            rate.source,
            LATER,
        )
    )
    lines.append(
        Line(
            "later.week",
            say("Of each week's charge you could defer"),
            rest - from_income,
            keeps.source,
            LATER,
        )
    )
    if left < limit:
        lines.append(Line("later.left", say("Still to be lent"), left, rate.source, LATER))
    review = rates.amount(say("deferred payment"), "review_percent", case.day)
    if case.home.value and case.home.deferred * 100 >= case.home.value * review.amount:
        lines.append(
            Line(
                "later.review",
                say(
                    "More than {amount} % of the home's value is lent: the agreement is reviewed",
                    amount=review.amount,
                ),
                case.home.deferred,
                rate.source,
                LATER,
            )
        )


def equity_limit(value: int, percent: int, lower: int, prior: int) -> int:
    """How much may be lent on a home: percent of its value, less the lower limit, less prior."""
    return max(0, value * percent // 100 - lower - prior)


def prescription(case: Case, rates: Rates, name: str, lines: list[Line]) -> Charge:
    """The one NHS line with a charge: so much an item, never more in a year than a certificate."""
    lines.append(
        Line("cost", say("What your medicines cost in a year"), case.cost, say("As said"), COST)
    )
    if case.age >= _SIXTY or case.low_income:
        lines.append(Line("prescription.free", say("Your prescriptions are free"), 0,
                          say("NHS charges for drugs and appliances: 60 and over, or low income"),
                          NEED))  # fmt: skip
        return ends(case, name, lines, pays=0, nhs=case.cost)
    pays = items(case, rates, lines)
    return ends(case, name, lines, pays=pays, nhs=case.cost - pays)


def items(case: Case, rates: Rates, lines: list[Line], an_item: int | None = None) -> int:
    """What prescriptions cost somebody in a year."""
    price = rates.amount("prescription", "an_item", case.day)
    most = rates.amount("prescription", "a_year", case.day)
    each = price.amount if an_item is None else an_item
    lines.append(
        Line(
            "prescription.items",
            say("{items} prescriptions a year", items=case.items),
            each * case.items,
            price.source,
            COST,
            price.assumed,
        )
    )
    if each * case.items > most.amount:
        lines.append(Line("prescription.most", say("Never more in a year than a certificate"),
                          most.amount, most.source, PAYS, most.assumed))  # fmt: skip
    return min(each * case.items, most.amount, case.cost)


_WEEKLY = (
    say("You pay each week"),
    say("The council pays each week"),
    say("The NHS pays each week"),
)
_YEARLY = (say("You pay a year"), say("The council pays a year"), say("The NHS pays a year"))


def ends(
    case: Case, name: str, lines: list[Line], *, pays: int, nhs: int, full: bool = False
) -> Charge:
    """The last lines: who pays what."""
    council = case.cost - pays - nhs
    you, councils, nhs_pays = _YEARLY if case.setting == "prescription" else _WEEKLY
    lines.append(Line("pays.person", you, pays, _ACT, PAYS))
    if council or not nhs:
        lines.append(Line("pays.council", councils, council, _ACT, PAYS))
    if nhs:
        lines.append(Line("pays.nhs", nhs_pays, nhs, say("NHS Act 2006"), PAYS))
    return Charge(name, case.day.isoformat(), case.currency, case.cost, pays, council, nhs, full,
                  tuple(lines))  # fmt: skip
