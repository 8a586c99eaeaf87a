"""The finance manager in a real browser: the position, a refused move, a month that closes."""

from datetime import date

import pytest
from funds_data import FERN, fence_off, fund_it
from page_data import adt
from test_journeys import add, journey  # noqa: F401

from onesystem import feeds
from onesystem.budget.costing import actions as costing
from onesystem.budget.funds import queries
from onesystem.budget.ledger import actions as ledger
from onesystem.budget.ledger.entry import Leg
from onesystem.budget.months import later

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def year(joined):
    """A year that is under way: money on its lines, spend to last month, a ring fence."""
    fund_it()
    fence_off()
    month = date(2026, 4, 1)
    while month < queries.this_month() and month < date(2027, 3, 1):
        for line, amount in (("ed", 2_300), ("wards", 4_900), ("home", 5_200)):
            legs = [Leg("spent", amount, line=line), Leg("owed", -amount)]
            ledger.post(book="actual", month=month, legs=legs, words="Invoice", by=FERN)
        month = later(month, 1)


def test_a_finance_manager_moves_money_and_is_told_which_rule_forbids_it(
    journey, add, joined, year  # noqa: F811
):  # fmt: skip
    page = journey.page
    journey.given_i_signed_in_as(add("finance"))
    page.get_by_role("link", name="Budget", exact=True).click()
    journey.then_i_see("Where does the whole system stand?")
    journey.and_the_page_is_for_everybody()
    page.get_by_role("link", name="Ring fence", exact=True).click()
    journey.then_i_see("Mental health")
    page.get_by_role("link", name="Programme", exact=True).click()
    page.get_by_role("link", name="urgent care", exact=True).click()
    journey.then_i_see("Emergency department")
    journey.and_the_page_is_for_everybody()
    page.get_by_role("link", name="Emergency department").click()
    journey.then_i_see("Month by month")
    journey.and_the_page_is_for_everybody()
    page.get_by_role("link", name="Move money away").click()
    page.get_by_label("From", exact=True).select_option("mind")
    page.get_by_label("To", exact=True).select_option("nurses")
    page.get_by_label("Amount").fill("20")
    page.get_by_label("Reason").fill("More people are looked after at home")
    page.get_by_role("button", name="Move it").click()
    journey.then_i_see("Refused by the rule: ring fence Mental health")
    journey.and_the_page_is_for_everybody()
    assert page.get_by_label("Amount").input_value() == "20"
    page.get_by_label("From", exact=True).select_option("wards")
    page.get_by_label("Amount").press("Enter")
    journey.then_i_see("Moved. You can take it back here.")
    journey.and_the_page_is_for_everybody()
    page.get_by_role("button", name="Take it back: moved £20.00").click()
    journey.then_i_see("Taken back by a contrary move.")
    assert [a.kind for a in queries.acts()[:2]] == ["undo", "move"]


def test_a_finance_manager_closes_a_month_by_its_checklist(journey, add, joined, year):  # noqa: F811
    page = journey.page
    last = later(queries.this_month(), -1)
    at = f"{last:%Y%m}20"
    feeds.take_messages(
        [feeds.Arrival(source="pas", data=adt("1", at=f"{at}1200"), name="in.hl7")], district=joined
    )
    costing.refresh(by=FERN)
    journey.given_i_signed_in_as(add("finance"))
    journey.go(f"/budget/months/{last:%Y-%m}/")
    journey.then_i_see("Before it closes")
    journey.and_the_page_is_for_everybody()
    page.get_by_role("button", name="Close").click()
    journey.then_i_see("Refused by the rule: costs are posted")
    for number in range(3, -1, -1):
        costing.post_month(month=later(last, -number), by=FERN)
    journey.go(f"/budget/months/{last:%Y-%m}/")
    page.get_by_label("What is left over is known").check()
    page.get_by_role("button", name="Close").click()
    journey.then_i_see("is closed")
    journey.and_the_page_is_for_everybody()
    journey.go("/budget/months/")
    journey.then_i_see("A closed month takes no more entries")
    journey.and_the_page_is_for_everybody()


@pytest.mark.parametrize("path", ["funds/", "fences/", "goals/", "moves/", "shift/", "move/"])
def test_every_page_of_funds_is_for_everybody(journey, add, joined, year, path):  # noqa: F811
    journey.given_i_signed_in_as(add("finance"))
    journey.go(f"/budget/{path}")
    for each in journey.page.locator("details.card").all():
        each.evaluate("d => { d.open = true; }")
    journey.and_the_page_is_for_everybody()
