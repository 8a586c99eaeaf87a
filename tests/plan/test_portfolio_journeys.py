"""A planner in a real browser: a proposal, what departing costs, a decision; then a shock."""

import threading

import pytest
from options_tried import begun, twin
from test_journeys import add, journey  # noqa: F401

from onesystem import wiring
from onesystem.flow import answers
from onesystem.plan.options import queries
from onesystem.plan.shocks import working

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PAGE = "/plan/portfolio/winter-without-gridlock/"


def test_a_planner_asks_what_to_do_when_and_decides(journey, add, district, monkeypatch):  # noqa: F811
    wiring.connect()
    twin(district)
    monkeypatch.setattr(queries, "people", lambda: 100_000)
    begun("acute-demand-home", "ambulance-to-practice")
    page = journey.page
    journey.given_i_signed_in_as(add("planner"))
    journey.go(PAGE)
    journey.and_the_page_is_for_everybody()
    page.get_by_label("Options that can start in a quarter").fill("1")
    page.get_by_label("Options that can start in a quarter").press("Enter")
    journey.then_i_see("Waiting for its turn")
    work = threading.Thread(target=answers.work)
    work.start()
    journey.then_i_see("Which limits bind")
    work.join()
    journey.and_the_page_is_for_everybody()
    page.locator("select[name='s-acute-demand-home']").select_option("out")
    page.get_by_role("button", name="Work out what it would cost").click()
    journey.then_i_see("If it were decided so")
    page.get_by_label("Why so").fill("The nurses are not there yet")
    page.get_by_role("button", name="Decide").click()
    journey.then_i_see("The nurses are not there yet")
    journey.and_the_page_is_for_everybody()


def test_a_planner_closes_a_ward_and_sees_what_softens_it(journey, add, district, monkeypatch):  # noqa: F811
    wiring.connect()
    twin(district)
    monkeypatch.setattr(working, "YEAR", 60)
    monkeypatch.setattr(working, "options", dict)
    page = journey.page
    journey.given_i_signed_in_as(add("planner"))
    journey.go("/plan/shocks/ward/")
    journey.and_the_page_is_for_everybody()
    page.get_by_label("Weeks that it is closed").fill("2")
    page.get_by_role("button", name="Run it").press("Enter")
    journey.then_i_see("Waiting for its turn")
    work = threading.Thread(target=answers.work)
    work.start()
    journey.then_i_see("What would soften it")
    work.join()
    journey.and_the_page_is_for_everybody()
