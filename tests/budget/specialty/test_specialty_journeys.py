"""The clinical director in a real browser: a budget from the base up, signed with finance."""

import pytest
from specialty_built import DILIP, money, skin
from test_journeys import add, journey  # noqa: F401

from onesystem.budget.specialty import actions, reading

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
ONE = {"slug": "dermatology", "year": "2025/26"}
PAGE = "/budget/specialties/dermatology/?year=2025-26"


def test_a_director_builds_compares_and_signs(journey, add, joined):  # noqa: F811
    money()
    actions.keep(budget=skin(), seen=0, by=DILIP, why="First")
    page = journey.page
    journey.given_i_signed_in_as(add("clinical-director"))
    journey.go("/budget/specialties/")
    journey.then_i_see("What does each specialty need, built from the base up?")
    journey.and_the_page_is_for_everybody()
    page.get_by_role("link", name="Dermatology").click()
    journey.then_i_see("The old tariff would have paid")
    journey.then_i_see("Released bed-days stay here")
    journey.and_the_page_is_for_everybody()
    page.get_by_role("link", name="Change", exact=True).click()
    page.get_by_label("Steps, one a line").first.fill("consultant lots: Seen")
    page.get_by_label("Why (for the history)").press("Enter")
    journey.then_i_see("is no step")
    journey.and_the_page_is_for_everybody()
    page.get_by_label("Steps, one a line").first.fill("consultant 20: Seen")
    page.get_by_role("button", name="Add an item").click()
    page.get_by_role("group", name="Item 4").get_by_label("What", exact=True).fill("Laser lease")
    page.get_by_role("group", name="Item 4").get_by_label("Pounds, or per cent").fill("9,000")
    page.get_by_label("Why (for the history)").fill("Visits take longer now")
    page.get_by_label("Why (for the history)").press("Enter")
    journey.then_i_see("Saved as a new version.")
    page.get_by_label("Say something of it").fill("Longer visits, fewer come back")
    page.get_by_role("button", name="Send").click()
    journey.then_i_see("Longer visits, fewer come back")
    page.get_by_role("link", name="Versions").click()
    journey.then_i_see("Laser lease")
    journey.and_the_page_is_for_everybody()
    page.get_by_role("link", name="Budget", exact=True).last.click()
    page.get_by_role("button", name="Sign as clinical director").click()
    journey.then_i_see("agreed once the other has signed")


def test_finance_signs_and_the_plan_is_reconciled(journey, add, joined):  # noqa: F811
    money()
    seen = actions.keep(budget=skin(), seen=0, by=DILIP)
    actions.sign(**ONE, seen=seen, as_="clinical", by=DILIP)
    journey.given_i_signed_in_as(add("finance"))
    journey.go(PAGE)
    button = journey.page.get_by_role("button", name="Sign for finance")
    button.focus()
    journey.page.keyboard.press("Enter")
    journey.then_i_see("Agreed: its money is in the ledger")
    journey.then_i_see("Against the ledger")
    journey.and_the_page_is_for_everybody()
    assert reading.standing(**ONE).state[0] == "agreed"
