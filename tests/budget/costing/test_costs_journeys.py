"""A finance manager in a real browser: what care costs, why, and a month into the ledger."""

from datetime import date

import pytest
from cost_facts import STAY, VISITS, told
from funds_data import fund_it
from page_data import adt, person_of
from test_journeys import add, journey  # noqa: F401

from onesystem import access, feeds
from onesystem.budget.costing import actions
from onesystem.district import now

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def costed(joined):
    fund_it()
    told(*VISITS, STAY)
    actions.refresh(by=access.Actor.job("costing"), day=date(2026, 10, 15))


def test_a_finance_manager_asks_why_and_posts_a_month(
    journey, add, joined, costed  # noqa: F811
):  # fmt: skip
    page = journey.page
    journey.given_i_signed_in_as(add("finance"))
    journey.go("/budget/costs/?from=2026-05&to=2026-05")
    journey.then_i_see("What does care cost, and how do we know?")
    journey.and_the_page_is_for_everybody()
    page.get_by_label("By", exact=True).select_option("setting")
    page.get_by_role("button", name="Show").press("Enter")
    journey.then_i_see("Costs by setting")
    journey.go("/budget/costs/?from=2026-05&to=2026-05")
    page.get_by_role("link", name="District nursing").click()
    journey.then_i_see("What does a contact with District nursing cost?")
    journey.then_i_see("80 % practical capacity")
    journey.and_the_page_is_for_everybody()
    for at, words in (("rules", "By which rules"), ("pools", "How much of what we pay for"),
                      ("pathways", "What do pathways cost?")):  # fmt: skip
        journey.go(f"/budget/costs/{at}/")
        journey.then_i_see(words)
        journey.and_the_page_is_for_everybody()
    journey.go("/budget/costs/months/")
    journey.and_the_page_is_for_everybody()
    page.get_by_role("link", name="May 2026").click()
    journey.then_i_see("not posted yet")
    journey.and_the_page_is_for_everybody()
    page.get_by_role("button", name="Post it").press("Enter")
    journey.then_i_see("Reconciled to the penny")
    journey.and_the_page_is_for_everybody()


def test_what_one_persons_contacts_cost_is_shown_to_who_may_open_them(
    journey, add, joined  # noqa: F811
):  # fmt: skip
    at = f"{now():%Y%m%d%H%M}"
    feeds.take_messages(
        [feeds.Arrival(source="pas", data=adt(1, at=at), name="live.hl7")], district=joined
    )
    journey.given_i_signed_in_as(add("social-worker"))
    journey.go(f"/people/{person_of()}/costs/")
    journey.when_i_say_why()
    journey.then_i_see("What did care of")
    journey.and_the_page_is_for_everybody()
