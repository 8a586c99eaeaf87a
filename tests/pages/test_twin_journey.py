"""The planner's story in a real browser: a change in words, run, and read beside doing nothing."""

import json
import os

import pytest
from test_journeys import add, journey  # noqa: F401

from onesystem.flow import answers
from onesystem.twin import standing

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
SHOTS = os.environ.get("ONESYSTEM_SHOTS", "")
MODEL = {
    "name": "A small district", "horizon": 400, "replications": 2,
    "nodes": {
        "ED": {"servers": 6, "service": {"exponential": 2}, "next": {"Ward": 0.4, "out": 0.6}},
        "Ward": {"servers": 5, "waiting_room": 0, "service": {"exponential": 10},
                 "setting": "ward"},
    },
    "living": {"all": 900},
    "arrivals": {"calls": {"node": "ED", "rate": 1}},
}  # fmt: skip


def looked_at(journey, name):  # noqa: F811
    """The page holds for everybody; where a folder is named, it is photographed."""
    journey.and_the_page_is_for_everybody()
    if SHOTS:
        journey.page.screenshot(path=f"{SHOTS}/{name}.png", full_page=True)


def test_a_planner_tries_more_beds(journey, add, district):  # noqa: F811
    """Without writing any file, from the map to the figures."""
    (district.path / standing.FILE).write_text(json.dumps(MODEL), encoding="utf-8")
    page = journey.page
    journey.given_i_signed_in_as(add("planner"))
    journey.go("/twin/")
    looked_at(journey, "twin")
    page.get_by_role("link", name="Begin a scenario").click()
    page.get_by_label("Name", exact=True).fill("Ten more beds")
    page.get_by_role("button", name="Begin it").click()
    page.get_by_role("link", name="More or fewer places or staff").click()
    page.get_by_label("Service or staff").select_option("Ward")
    page.get_by_label("More (fewer: below 0)").fill("10")
    looked_at(journey, "twin-add")
    page.get_by_role("button", name="Add it").click()
    journey.then_i_see("Ward has 10 more places")
    looked_at(journey, "twin-scenario")
    page.get_by_role("link", name="Run beside doing nothing").click()
    journey.then_i_see("Waiting for its turn")
    answers.work()
    journey.then_i_see("By service, place and group of people")
    looked_at(journey, "twin-compare")
    journey.then_i_see("Days at home")
    page.get_by_label("Figure").select_option("days at home")
    page.get_by_role("button", name="Show").click()
    journey.then_i_see("Days at home are those that people who live here spend out of wards")
    page.get_by_role("link", name="Ward", exact=True).first.click()
    journey.then_i_see("Who comes to Ward")
    looked_at(journey, "twin-ways")
    journey.go("/twin/sweep/")
    page.get_by_label("What is varied").select_option("places Ward")
    page.get_by_label("And with it").select_option("stays ED")
    page.get_by_label("Over those values").fill("0.9,1")
    page.get_by_label("Figure").select_option("gridlock days")
    looked_at(journey, "twin-sweep-form")
    page.get_by_role("button", name="Run").click()
    journey.then_i_see("Waiting for its turn")
    answers.work()
    journey.then_i_see("Doing nothing:")
    looked_at(journey, "twin-sweep")
    journey.go("/twin/")
    page.get_by_label("Ten more beds").check()
    page.get_by_role("button", name="Work out which is best").click()
    page.get_by_label("Figure").select_option("gridlock days")
    page.get_by_label("The smallest difference that matters").fill("1")
    page.get_by_role("button", name="Run").click()
    journey.then_i_see("Waiting for its turn")
    answers.work()
    journey.then_i_see("With 95% confidence Ten more beds is the best")
    looked_at(journey, "twin-choose")
