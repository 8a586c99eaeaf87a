"""The independent chair and a national planner in a real browser."""

import pytest
from alliance_made import CHAIR, CODE, charter, seated
from test_comparing import laid  # noqa: F401
from test_journeys import add, journey  # noqa: F401

from onesystem.access import Actor
from onesystem.access import actions as users
from onesystem.alliance.charter import queries, signing

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_a_chair_writes_the_charter_and_sees_who_has_signed(journey, add, joined):  # noqa: F811
    seated()
    users.add_user(username="chair", password="three blind mice run", by=Actor.job("test"),
                   roles=("alliance-chair",), organisation="hospital")  # fmt: skip
    page = journey.page
    journey.given_i_signed_in_as("chair")
    page.get_by_role("link", name="Alliance", exact=True).first.click()
    journey.then_i_see("It cannot decide everything yet")
    journey.and_the_page_is_for_everybody()
    page.get_by_role("link", name="Charter", exact=True).first.click()
    page.get_by_role("link", name="Begin it").first.click()
    page.get_by_label("Never fewer than").fill("none")
    page.get_by_label("Why this version").fill("The first")
    page.get_by_label("Why this version").press("Enter")
    journey.then_i_see("no whole number")
    journey.and_the_page_is_for_everybody()
    page.get_by_label("Never fewer than").fill("3")
    page.get_by_label("Why this version").press("Enter")
    journey.then_i_see("The draft is saved")
    page.get_by_role("button", name="Lay it out for signing").press("Enter")
    page.get_by_role("button", name="Sign version 1").press("Enter")
    journey.then_i_see("Not yet")
    page.get_by_role("button", name="Signed on paper: Doctor Paper").press("Enter")
    journey.then_i_see("on paper")
    journey.and_the_page_is_for_everybody()
    assert len(signing.waited_for(CODE, 1)) == 4
    assert queries.standing().version is None
    assert charter().name in page.content()
    assert CHAIR.name == "chair"


def test_a_national_planner_compares_districts(journey, add, joined, laid):  # noqa: F811
    journey.given_i_signed_in_as(add("national-planner"))
    page = journey.page
    page.get_by_role("link", name="Compare", exact=True).click()
    journey.then_i_see("How do we fare beside others?")
    journey.and_the_page_is_for_everybody()
    page.get_by_role("link", name="Districts", exact=True).click()
    journey.then_i_see("Nothing but what each district published")
    journey.and_the_page_is_for_everybody()
