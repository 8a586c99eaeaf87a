"""The directory in a real browser: a coordinator keeps an entry, a GP finds a service by it."""

from dataclasses import replace

import pytest
from test_journeys import add, journey  # noqa: F401

from onesystem.access import Actor
from onesystem.care.services import actions, queries
from onesystem.care.services.entry import Notice

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_a_coordinator_edits_and_confirms_an_entry(journey, add, joined):  # noqa: F811
    page = journey.page
    journey.given_i_signed_in_as(add("coordinator"))
    journey.go("/services/")
    journey.then_i_see("Which service is there for this?")
    journey.and_the_page_is_for_everybody()
    page.get_by_label("Words", exact=True).fill("emergency")
    page.keyboard.press("Enter")
    page.get_by_role("link", name="Emergency department").click()
    journey.then_i_see("never confirmed")
    journey.and_the_page_is_for_everybody()
    page.get_by_role("link", name="Change").click()
    page.get_by_label("What it does").fill("All that cannot wait.\n\nDay and night.")
    page.get_by_label("Other words that people search by").fill("casualty, broken bones")
    page.get_by_label("Days").first.fill("mon-sun")
    page.get_by_label("From and to").first.fill("08:00-24:00")
    page.get_by_role("button", name="Add hours").click()
    page.get_by_role("group", name="Hours 2").get_by_label("Days").fill("sun")
    page.get_by_role("group", name="Hours 2").get_by_label("From and to").fill("20:00-23:00")
    page.get_by_label("Why (for the history)").press("Enter")
    journey.then_i_see("overlap")
    journey.and_the_page_is_for_everybody()
    page.get_by_role("button", name="Remove: hours 2").click()
    page.get_by_role("group", name="Hours 2").wait_for(state="detached")
    assert page.get_by_label("What it does").input_value().startswith("All that cannot wait.")
    page.get_by_label("Why (for the history)").fill("It had no words")
    page.keyboard.press("Enter")
    journey.then_i_see("Saved. You can take it back below.")
    page.get_by_role("button", name="It is right today").click()
    journey.then_i_see("Confirmed.")
    journey.and_the_page_is_for_everybody()
    page.get_by_role("link", name="History").click()
    journey.then_i_see("It had no words")
    journey.and_the_page_is_for_everybody()
    assert queries.entry("ed").confirmed_by == "coordinator"


def test_what_is_typed_before_the_draft_is_known_is_sent(journey, add, joined):  # noqa: F811
    """A row comes or goes, the page is there, and its hand is faster than the network."""
    page = journey.page
    journey.given_i_signed_in_as(add("coordinator"))
    journey.go("/services/ed/edit/")
    page.get_by_label("What it does").fill("All that cannot wait.")
    page.get_by_label("Days").first.fill("mon-sun")
    page.get_by_label("From and to").first.fill("08:00-24:00")
    with page.expect_response("**/drafts/?key=*"):
        page.get_by_role("button", name="Add hours").click()
    page.get_by_role("group", name="Hours 2").get_by_label("Days").fill("mon")
    late = []
    page.route("**/drafts/?key=*", lambda route: late.append(route))  # noqa: PLW0108 - a bound method of a list is none of theirs
    page.get_by_role("button", name="Remove: hours 2").click()
    page.get_by_role("group", name="Hours 2").wait_for(state="detached")
    page.get_by_label("Why (for the history)").fill("It had no words")
    page.keyboard.press("Enter")
    while not late:
        page.wait_for_timeout(50)
    page.wait_for_timeout(300)  # the form waits for what the server has of it
    late[-1].continue_()
    journey.then_i_see("Saved. You can take it back below.")


def test_a_coordinator_makes_slots_by_keyboard(journey, add, joined):  # noqa: F811
    page = journey.page
    journey.given_i_signed_in_as(add("coordinator"))
    journey.go("/services/ed/slots/")
    page.get_by_label("Session", exact=True).fill("Review")
    page.get_by_label("Days", exact=True).fill("mon-fri")
    page.get_by_label("First day").fill("2031-01-06")
    page.get_by_label("Last day").fill("2031-01-12")
    page.keyboard.press("Enter")
    journey.then_i_see("30 slots were made.")
    journey.go("/services/ed/slots/?week=2031-01-06")
    journey.then_i_see("30 of 30 slots free.")
    journey.and_the_page_is_for_everybody()
    page.get_by_role("button", name="Block Monday 09:00").press("Enter")
    journey.then_i_see("29 of 30 slots free.")


def test_a_practice_finds_a_service_by_what_people_call_it(journey, add, joined):  # noqa: F811
    page, coordinator = journey.page, Actor.job("test")
    entry = replace(
        queries.entry("ed"), words="All that cannot wait.", tags=("broken bones",),
        notices=(Notice(words="The lift is out of order."),),
    )  # fmt: skip
    actions.confirm(
        service="ed", seen=actions.keep(entry=entry, seen=0, by=coordinator), by=coordinator
    )
    journey.given_i_signed_in_as(add("general-practitioner"))
    journey.go("/services/?takes=advice")
    page.get_by_label("Words", exact=True).fill("broken bones")
    page.keyboard.press("Enter")
    page.get_by_role("link", name="Emergency department").wait_for()
    page.locator("body").click(position={"x": 3, "y": 3})
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    journey.then_i_see("All that cannot wait.")
    journey.then_i_see("The lift is out of order.")
    journey.then_i_see("test confirmed it")
    assert not page.get_by_role("link", name="Change").count()
    page.get_by_role("link", name="Send a request").click()
    journey.then_i_see("For whom is the request to Emergency department?")
    journey.and_the_page_is_for_everybody()


def test_what_is_due_is_confirmed_by_keyboard(journey, add, joined):  # noqa: F811
    page = journey.page
    journey.given_i_signed_in_as(add("coordinator"))
    journey.go("/services/due/")
    journey.and_the_page_is_for_everybody()
    page.get_by_role("button", name="It is right today: Ward A").press("Enter")
    journey.then_i_see("Confirmed.")
    page.get_by_role("link", name="Ward A").wait_for(state="detached")
    assert queries.entry("ward-a").confirmed_at
