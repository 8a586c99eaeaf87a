"""The operations manager's story in a real browser: from the board of now to the next days."""

import os

import pytest
from test_forecast_pages import kept, model  # noqa: F401
from test_journeys import add, journey  # noqa: F401

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
SHOTS = os.environ.get("ONESYSTEM_SHOTS", "")


def test_an_operations_manager_looks_ahead(journey, add, kept):  # noqa: F811
    """What is coming, for which ward, and how yesterday's forecast did."""
    manager = add("manager")
    kept()
    page = journey.page
    journey.given_i_signed_in_as(manager)
    journey.go("/")
    page.get_by_role("link", name="The next days").click()
    journey.then_i_see("The chance of gridlock within 24 hours is")
    journey.then_i_see("What would help most?")
    page.get_by_label("Place").select_option("Ward A")
    page.get_by_role("button", name="Show").click()
    journey.then_i_see("Yesterday's forecast for Ward A, and what came")
    journey.and_the_page_is_for_everybody()
    if SHOTS:
        page.screenshot(path=f"{SHOTS}/forecast.png", full_page=True)
    page.get_by_role("link", name="Places needed").click()
    journey.then_i_see("Places needed, by service")
