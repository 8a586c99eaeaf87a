"""The rule sets by name, and one charge under any of them. Pure.

>>> charge(case, "law").pays, charge(case, "barker-v1").pays   # doctest: +SKIP
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date

from onesystem.budget.entitlement import barker, cap, england, newzealand
from onesystem.budget.entitlement.case import Case
from onesystem.budget.entitlement.rates import Rates
from onesystem.budget.entitlement.rates import england as english
from onesystem.budget.entitlement.rates import new_zealand as nz
from onesystem.budget.entitlement.trace import Charge
from onesystem.vocabulary import UserError, nearest
from onesystem.vocabulary.said import say


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleSet:
    """A rule set: whether it is law, and where it is from."""

    name: str
    title: str
    status: str
    source: str
    about: str
    country: str = say("England")
    currency: str = "GBP"
    work: Callable[[Case, Rates, str], Charge]


def _last_year(case: Case, rates: Rates, name: str) -> Charge:
    before = replace(case, day=a_year_before(case.day))
    return england.charge(before, rates, name)


def a_year_before(day: date) -> date:
    """The same day of the year before; of a leap day the one before it."""
    try:
        return day.replace(year=day.year - 1)
    except ValueError:
        return day.replace(year=day.year - 1, day=28)


_BARKER = say(
    "Commission on the Future of Health and Social Care in England (Barker), September 2014"
)
RULE_SETS: Mapping[str, RuleSet] = {
    each.name: each
    for each in (
        RuleSet(
            name="law",
            title=say("Law in force"),
            status="in force",
            work=england.charge,
            source="Care Act 2014; SI 2014/2672 as amended; DHSC circular of the year",
            about=say("Means test by capital and income, what the NHS pays first"),
        ),
        RuleSet(
            name="last-year",
            title=say("Law of a year before"),
            status="was in force",
            work=_last_year,
            source="Care Act 2014; SI 2014/2672 as it was a year before",
            about=say("The same case by the rates of a year before"),
        ),
        RuleSet(
            name="barker-v1",
            title=say("Barker, first stage"),
            status="proposed",
            work=barker.charge,
            source=_BARKER,
            about=say("Care for critical needs is free; board and lodging up to 12,000 a year"),
        ),
        RuleSet(
            name="barker-v2",
            title=say("Barker, second stage"),
            status="proposed",
            work=barker.charge,
            source=_BARKER,
            about=say("Care for critical and substantial needs is free"),
        ),
        RuleSet(
            name="barker-v3",
            title=say("Barker, by 2025"),
            status="proposed",
            work=barker.charge,
            source=_BARKER,
            about=say("And moderate needs are supported, means-tested"),
        ),
        *(
            RuleSet(
                name=plan.name,
                title=plan.title,
                status=plan.status,
                source=plan.source,
                work=cap.charge,
                about=say("Personal care is metered; past the cap nobody pays for it"),
            )
            for plan in cap.PLANS.values()
        ),
        RuleSet(
            name="nz",
            title=say("Residential care subsidy"),
            status="in force",
            work=newzealand.charge,
            country=say("New Zealand"),
            currency="NZD",
            source="Residential Care and Disability Support Services Act 2018, schedule 2",
            about=say("Assets all or nothing, then a contribution from income"),
        ),
    )
}


def rule_set(name: str) -> RuleSet:
    """One rule set. Raises UserError for a name that there is not."""
    if name not in RULE_SETS:
        raise UserError(
            say("there is no rule set {name}", name=repr(name)), nearest(name, RULE_SETS)
        )
    return RULE_SETS[name]


def charge(case: Case, rules: str = "law", rates: Rates | None = None) -> Charge:
    """What a case pays under a rule set, by the tables given or those of the country."""
    chosen = rule_set(rules)
    if case.currency != chosen.currency:
        raise UserError(
            say(
                "the case is in {currency}, and {title} in {currency2}",
                currency=case.currency,
                title=chosen.title.lower(),
                currency2=chosen.currency,
            ),
            say(
                "Choose a rule set in {currency}, or write the amounts in {currency2}.",
                currency=case.currency,
                currency2=chosen.currency,
            ),
        )
    return chosen.work(case, rates or tables_of(chosen), rules)


def tables_of(chosen: RuleSet) -> Rates:
    """The tables of a rule set's country."""
    return nz() if chosen.country == "New Zealand" else english()


def fitting(case: Case) -> tuple[str, ...]:
    """The rule sets that speak of such a case."""
    return tuple(
        r.name
        for r in RULE_SETS.values()
        if r.currency == case.currency
        and (
            case.band
            or case.chc
            or case.end_of_life
            or case.setting in {"nhs", "prescription"}
            or not r.name.startswith("barker")
        )
    )
