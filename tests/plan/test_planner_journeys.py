"""The planner's story in a real browser: choose, set, look behind a figure, publish for all."""

import pytest
from test_journeys import Journey

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def journey(chromium, live_server, district):
    from onesystem import wiring
    from onesystem.access import Actor, actions

    wiring.connect()
    actions.add_user(username="pia", password="three blind mice run", roles=["planner"],
                     by=Actor.job("a test"))  # fmt: skip
    made = Journey(chromium, live_server.url)
    yield made
    made.context.close()


def test_makes_a_case_for_change_and_publishes_it(journey):
    page = journey.page
    journey.given_i_signed_in_as("pia")
    journey.go("/plan/case/")
    page.get_by_label("Area: name or code").fill("E54000022")
    page.keyboard.press("Enter")
    journey.then_i_see("What does doing nothing lead to in Norfolk and Waveney?")
    journey.and_the_page_is_for_everybody()
    page.locator("#f-growth-occupied").fill("1")
    page.get_by_role("button", name="Work it out").press("Enter")
    journey.then_i_see("1 assumption changed.")
    assert "growth-occupied=1" in page.url
    page.get_by_role("link", name="General and acute beds", exact=True).press("Enter")
    journey.then_i_see("Year by year")
    page.go_back()
    page.get_by_label("What you say to the public").fill("Tell us what you think.")
    page.get_by_role("button", name="Publish").press("Enter")
    journey.then_i_see("anybody can read it without signing in")
    page.context.clear_cookies()
    journey.go("/plan/case/public/QMM/")
    journey.then_i_see("Tell us what you think.")
    journey.and_the_page_is_for_everybody()
