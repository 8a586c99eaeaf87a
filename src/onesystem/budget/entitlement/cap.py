"""A cap on what care costs somebody in a lifetime: Dilnot's and two plans. None is in force. Pure.

Only personal care is metered. Daily living costs in a care home are not, and are always payable. Of
somebody whom the council supports, only what they pay themselves is metered (amendment of 2021).

    a self-funder at 1,000 a week meters 800 a week, and reaches 86,000 in 107.5 weeks
"""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from onesystem.budget.entitlement import england
from onesystem.budget.entitlement.case import Case
from onesystem.budget.entitlement.means import Limits, limits_of, means
from onesystem.budget.entitlement.rates import Rates
from onesystem.budget.entitlement.trace import COST, LATER, PAYS, Charge, Line
from onesystem.vocabulary.said import say


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """A cap: how much, between which limits of capital, daily living costs a week."""

    name: str
    title: str
    cap: int
    daily: int
    source: str
    status: str
    lower: int = 0
    upper: int = 0
    share: int = 0  # of what somebody had, in per cent, that nobody loses more than
    assumed: str = ""


PLANS: Mapping[str, Plan] = {
    plan.name: plan
    for plan in (
        Plan(
            name="dilnot",
            title=say("Dilnot Commission 2011, a cap of 35,000"),
            cap=35_000_00,
            daily=192_30,
            lower=14_250_00,
            upper=100_000_00,
            share=30,
            source="Commission on Funding of Care and Support, July 2011, as reported"
            " (yorkshirepost.co.uk article 4356584)",
            status="proposed",
            assumed="daily living costs of 10,000 a year (192.30 a week) are general knowledge;"
            " the lower limit of the law is kept",
        ),
        Plan(
            name="cap-72000",
            title=say("First plan under the Care Act, a cap of 72,000"),
            cap=72_000_00,
            daily=230_00,
            source="Care Act 2014, section 15, as planned for 2016 (longmores.law, revival of cap"
            " on care costs)",
            status="not started",
            assumed="daily living costs of 230.00 a week are general knowledge; the limits of"
            " capital of the law in force are taken, as the sources name none",
        ),
        Plan(
            name="cap-86000",
            title=say("Plan of 2021, a cap of 86,000"),
            cap=86_000_00,
            daily=200_00,
            lower=20_000_00,
            upper=100_000_00,
            source="Build Back Better, September 2021; daily living costs 200 a week"
            " (pairly.com, government plans to increase the care cap)",
            status="cancelled 29 July 2024",
        ),
    )
}


def charge(case: Case, rates: Rates, name: str) -> Charge:
    """The charge under a cap, at where the person's meter stands."""
    plan = PLANS[name]
    lines: list[Line] = []
    if case.setting == "prescription":
        return england.prescription(case, rates, name, lines)
    lines.append(
        Line("cost", say("What the care costs each week"), case.cost, say("As said"), COST)
    )
    settled = england.free(case, name, lines)
    if settled:
        return settled
    nhs = england.nursing(case, rates, lines)
    rest = case.cost - nhs
    found = means(case, rates, lines, _limits(case, plan, rates))
    asked = england.asked(case, rates, found, rest, lines)
    daily = _daily(case, plan, rest, lines)
    pays = _under(case, plan, asked, daily, lines)
    return england.ends(case, name, lines, pays=pays, nhs=nhs, full=found.over and pays == rest)


def _limits(case: Case, plan: Plan, rates: Rates) -> Limits:
    now = limits_of(case, rates)
    if not plan.upper:
        return now._replace(assumed=plan.assumed)
    return Limits(plan.lower, plan.upper, now.step, now.a_step, plan.source, plan.name,
                  plan.assumed)  # fmt: skip


def _daily(case: Case, plan: Plan, rest: int, lines: list[Line]) -> int:
    if case.setting != "care home":
        return 0
    daily = min(plan.daily, rest)
    lines.append(
        Line(
            f"{plan.name}.daily",
            say("Of this, daily living costs: always payable, and not metered"),
            daily,
            plan.source,
            COST,
            plan.assumed,
        )
    )
    return daily


def _under(case: Case, plan: Plan, asked: int, daily: int, lines: list[Line]) -> int:
    """What is asked for when the cap is looked at; the week in which it is reached pays in part."""
    care = max(0, asked - daily)
    room = max(0, cap_of(case, plan) - case.metered)
    lines.append(Line(f"{plan.name}.meter", say("Metered so far towards the cap"), case.metered,
                      say("As said"), LATER))  # fmt: skip
    lines.append(
        Line(f"{plan.name}.room", say("Until the cap is reached"), room, plan.source, LATER)
    )
    paid = min(care, room)
    lines.append(
        Line(
            f"{plan.name}.metered",
            say("Of what you pay, this much is metered each week"),
            paid,
            plan.source,
            PAYS,
        )
    )
    if paid < care:
        lines.append(
            Line(
                f"{plan.name}.reached",
                say("The cap is reached: no more is asked for care"),
                paid - care,
                plan.source,
                PAYS,
            )
        )
    return paid + min(asked, daily)


def cap_of(case: Case, plan: Plan) -> int:
    """The cap for somebody: the plan's, and never more than a share of what they had."""
    if plan.share and case.start_assets:
        return min(plan.cap, case.start_assets * plan.share // 100)
    return plan.cap


def weeks_to_cap(plan: Plan, cost: int, *, metered: int = 0, daily: int | None = None) -> Fraction:
    """After how many weeks a self-funder reaches the cap, exactly."""
    each = cost - (plan.daily if daily is None else daily)
    if each <= 0:
        msg = say("nothing is metered where the cost is no more than daily living")
        raise ValueError(msg)
    return Fraction(max(0, plan.cap - metered), each)
