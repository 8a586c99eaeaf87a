"""A planner of staff and money in a real browser, and the critical friend who reads after."""

import pytest
from plan_made import PIA, money, staff
from test_journeys import add, journey  # noqa: F401

from onesystem.plan.money import actions as monies
from onesystem.plan.options import actions as workspaces
from onesystem.plan.workforce import actions as staffs

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_a_planner_plans_staff(journey, add, joined):  # noqa: F811
    staffs.keep(plan=staff(), seen=0, by=PIA, why="First")
    page = journey.page
    journey.given_i_signed_in_as(add("planner"))
    journey.go("/plan/workforce/wards/?role=nurse")
    journey.then_i_see("Who is short?")
    journey.and_the_page_is_for_everybody()
    page.get_by_label("Times as many places").press("Enter")
    journey.then_i_see("200 places a year instead.")
    page.get_by_role("link", name="Change", exact=True).click()
    page.get_by_label("Minutes for one, a role a line").first.fill("butler 30")
    page.get_by_label("Why (for the history)").press("Enter")
    journey.then_i_see("there is no role 'butler'")
    journey.and_the_page_is_for_everybody()
    page.get_by_label("Minutes for one, a role a line").first.fill("nurse 180")
    page.get_by_label("Why (for the history)").press("Enter")
    journey.then_i_see("Saved as a new version.")
    journey.go("/plan/workforce/vacancies/")
    page.get_by_label("Name of the place").last.fill("Stroke")
    page.get_by_label("Posts", exact=True).fill("8")
    page.get_by_label("Of them filled").fill("6")
    page.get_by_role("button", name="Save", exact=True).click()
    journey.then_i_see("Counted: 1.")
    journey.and_the_page_is_for_everybody()


def test_a_critical_friend_reads_the_money(journey, add, joined):  # noqa: F811
    monies.keep(plan=money(), seen=0, by=PIA, why="First")
    workspaces.begin(name="Winter", by=PIA)
    page = journey.page
    journey.given_i_signed_in_as(add("critical-friend"))
    journey.go("/plan/money/five-years/")
    journey.then_i_see("Efficiency: 1.5 per cent a year is three figures")
    journey.and_the_page_is_for_everybody()
    page.get_by_role("link", name="Bridge", exact=True).click()
    journey.then_i_see("More work that is also dearer")
    journey.and_the_page_is_for_everybody()
    page.get_by_role("link", name="Years", exact=True).click()
    page.get_by_label("On", exact=True).select_option("growth")
    page.get_by_label("What you think").fill("Why not more of it outside?")
    page.get_by_role("button", name="Send").click()
    journey.then_i_see("Why not more of it outside?")
