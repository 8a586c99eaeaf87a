"""A planner in a real browser: three options in the twin, and a critical friend who reads."""

import threading

import pytest
from options_tried import begun, twin
from test_journeys import add, journey  # noqa: F401

from onesystem import wiring
from onesystem.flow import answers
from onesystem.plan.options import queries

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
THREE = ("acute-demand-home", "ambulance-to-practice", "beds")
PAGE = "/plan/winter-without-gridlock/"


def test_a_planner_runs_three_options_and_chooses(journey, add, district, monkeypatch):  # noqa: F811
    wiring.connect()
    twin(district)
    monkeypatch.setattr(queries, "people", lambda: 100_000)
    begun(*THREE[:2], area="QMM")
    page = journey.page
    journey.given_i_signed_in_as(add("planner"))
    journey.go("/plan/library/beds/")
    journey.and_the_page_is_for_everybody()
    page.get_by_role("button", name="Winter without gridlock").click()
    journey.then_i_see("It is in the plan.")
    journey.and_the_page_is_for_everybody()
    page.get_by_role("button", name="Run the ticked in the twin").click()
    journey.then_i_see("Waiting for its turn")
    work = threading.Thread(target=answers.work)
    work.start()
    journey.then_i_see("Winners and losers")
    work.join()
    journey.and_the_page_is_for_everybody()
    page.get_by_label("Look closer at").select_option("beds")
    page.get_by_role("button", name="Show").focus()
    page.keyboard.press("Enter")
    journey.then_i_see("Money by funder: More beds")
    journey.go(PAGE + "options/")
    page.get_by_role("checkbox", name="More beds").uncheck()
    page.get_by_role("button", name="The plan goes on with the ticked").click()
    journey.then_i_see("The plan goes on with these.")
    page.get_by_role("link", name="Plan", exact=True).last.click()
    journey.then_i_see("Days in ward beds")
    page.get_by_role("button", name="Move on to the next stage").click()
    journey.then_i_see("It is not all there yet")
    journey.and_the_page_is_for_everybody()


def test_a_critical_friend_comments_and_scores(journey, add, district, monkeypatch):  # noqa: F811
    wiring.connect()
    monkeypatch.setattr(queries, "people", lambda: 100_000)
    begun(*THREE)
    page = journey.page
    journey.given_i_signed_in_as(add("critical-friend"))
    journey.go(PAGE + "review/")
    journey.and_the_page_is_for_everybody()
    page.get_by_label("Score, 1 to 5: Do the sums add up").select_option("2")
    page.get_by_label("Why: Do the sums add up").fill("Set-up is missing")
    page.get_by_label("Why: Do the sums add up").press("Enter")
    journey.then_i_see("Set-up is missing")
    page.get_by_label("What you think").fill("Who would lose by it?")
    page.get_by_role("button", name="Send").click()
    journey.then_i_see("no answer yet")
    journey.and_the_page_is_for_everybody()
