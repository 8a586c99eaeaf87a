"""Two funds of the small district, with lines and a year's money: shared by tests of the budget."""

from dataclasses import replace
from datetime import date

from onesystem.access import Actor
from onesystem.budget.funds import actions
from onesystem.budget.funds.shape import Line

FERN = Actor(name="fern", roles=frozenset({"finance"}), organisation="hospital")
APRIL = date(2026, 4, 1)
ED = Line(
    code="ed", name="Emergency department", fund="nhs", programme="urgent care",
    organisation="hospital", service="ed", setting="ED", place="site",
)  # fmt: skip
WARDS = Line(
    code="wards", name="Wards", fund="nhs", programme="urgent care", organisation="hospital",
    setting="ward", place="site",
)  # fmt: skip
NURSES = Line(
    code="nurses", name="District nursing", fund="nhs", programme="older people",
    organisation="community", service="nursing", setting="community",
)  # fmt: skip
MIND = Line(
    code="mind", name="Talking therapies", fund="nhs", programme="mental health",
    organisation="community",
)  # fmt: skip
HOME = Line(
    code="home", name="Home care", fund="council", programme="older people",
    organisation="community", setting="home care",
)  # fmt: skip


def fund_it():
    """Two funds, five lines, and the money of 2026/27: 1,200 and 600 pounds."""
    for code, name in (("nhs", "NHS"), ("council", "Council")):
        actions.open_fund(code=code, name=name, since=date(2020, 4, 1), by=FERN)
    actions.set_goal(code="home-first", words="More days at home", by=FERN)
    for line in (ED, WARDS, replace(NURSES, goal="home-first"), MIND, HOME):
        actions.open_line(line=line, by=FERN)
    give(fund="nhs", organisation="hospital", amount=120_000)
    give(fund="council", organisation="community", amount=60_000, kind="council budget")
    actions.allot(
        amounts={"ed": 24_000, "wards": 60_000, "nurses": 12_000, "mind": 12_000},
        month=APRIL, words="Opening budgets", by=FERN,
    )  # fmt: skip
    actions.allot(amounts={"home": 60_000}, month=APRIL, words="Opening budgets", by=FERN)


def give(**said):
    """A contribution of April."""
    return actions.contribute(**({"month": APRIL, "words": "Allocation", "by": FERN} | said))


def fence_off():
    """A ring around all that is planned for mental health."""
    actions.set_fence(
        code="mental", name="Mental health", kind="ring", at="programme=mental health",
        amount=12_000, source="Grant letter of 1 April 2026", by=FERN,
    )  # fmt: skip
