"""Live boards in a real browser: the loop of an alert, the district call, a board on a phone."""

from datetime import UTC, datetime, timedelta

import pytest
from page_data import adt
from test_journeys import add, journey  # noqa: F401

from onesystem.flow import queries
from onesystem.flow.boards import watching
from onesystem.vocabulary import to_local

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
FULL = """
[[alert]]
name = "ward-over-capacity"
at_least = 0.1
clear_below = 0.1
asks = ["Bed manager", "Duty manager"]
"""


@pytest.fixture
def wards(send, district):
    """Three people on ward A, one on ward B, and a district that wants to know of a full ward."""
    (district.path / "alerts.toml").write_text(FULL, encoding="utf-8")
    for number, (name, ward) in enumerate(
        (("Ada", "WARDA"), ("Bryn", "WARDA"), ("Cai", "WARDA"), ("Dilys", "WARDB")), 1
    ):
        at = to_local(datetime.now(UTC) - timedelta(hours=9 * number), district.zone)
        send(adt(str(number), person=f"P{number}", visit=f"V{number}", nhs="", place=ward,
                 at=f"{at:%Y%m%d%H%M}", name=(f"{name}son", name), born=f"19{number}00101",
                 home=f"{number} {name} Road^^Lynn^^PE30 {number}AA||"))  # fmt: skip
    queries.forget_board()
    watching.watch(datetime.now(UTC))
    yield district
    queries.forget_board()


def test_an_alert_goes_round_its_loop(journey, add, wards):  # noqa: F811
    """It asks, somebody has it and hands it back, it asks louder, is acted on, closes by itself."""
    page = journey.page
    journey.given_i_signed_in_as(add("ed-nurse"))
    page.get_by_role("link", name="1 alert, 1 with nobody").click()
    journey.then_i_see("Bed manager is asked")
    journey.then_i_see("12% now, raised from 10%")
    journey.and_the_page_is_for_everybody()
    page.get_by_role("button", name="I have it").click()
    page.get_by_role("button", name="Hand back").click()
    page.get_by_role("button", name="I have it").wait_for()
    watching.watch(datetime.now(UTC) + timedelta(hours=3))
    page.reload()
    journey.then_i_see("Duty manager is asked")
    journey.then_i_see("Escalated, level 1")
    page.get_by_label("What was done").fill("Two go home before lunch")
    page.keyboard.press("Enter")
    journey.then_i_see("ed-nurse has it")
    (wards.path / "alerts.toml").write_text("", encoding="utf-8")
    watching.watch(datetime.now(UTC))
    page.reload()
    journey.then_i_see("Nothing asks for anybody")
    journey.then_i_see("Two go home before lunch (ed-nurse)")
    journey.and_the_page_is_for_everybody()


def test_the_district_call_by_keyboard_alone(journey, add, wards):  # noqa: F811
    page = journey.page
    journey.given_i_signed_in_as(add("coordinator"))
    journey.go("/call/")
    page.get_by_role("button", name="Open the district call").press("Enter")
    journey.then_i_see("The call was opened just now by coordinator")
    page.get_by_label("What", exact=True).focus()
    for words in ("Open two beds", "Site team"):
        page.keyboard.type(words)
        page.keyboard.press("Tab")
    page.get_by_role("button", name="Assign").press("Enter")
    page.get_by_label("What was said and agreed").focus()
    page.keyboard.type("Ward A opens two beds.")
    page.get_by_text("Saved.", exact=True).wait_for()
    journey.and_the_page_is_for_everybody()
    page.get_by_role("button", name="close the call").press("Enter")
    journey.then_i_see("The pressure as the call saw it")
    journey.then_i_see("Ward A opens two beds.")
    journey.and_the_page_is_for_everybody()
    journey.go("/call/")
    page.get_by_role("button", name="Done: Open two beds").press("Enter")
    page.get_by_text("Still open from before").wait_for(state="detached")


def test_a_board_on_a_phone_is_folded_by_ward(journey, add, wards):  # noqa: F811
    page = journey.page
    journey.given_i_signed_in_as(add("ed-nurse"))
    page.set_viewport_size({"width": 320, "height": 700})
    journey.go("/now/board/beds/")
    ada = page.get_by_role("link", name="Adason, Ada")
    head = page.get_by_role("button", name="Ward A", exact=True)
    assert head.get_attribute("aria-expanded") == "false"
    assert not ada.is_visible()
    head.click()
    assert ada.is_visible()
    page.reload()
    assert ada.is_visible()  # what was opened stays open
    page.get_by_label("Find a person").fill("dilys")
    page.keyboard.press("Enter")
    page.get_by_role("link", name="Dilysson, Dilys").wait_for()
    assert ada.count() == 0
    page.get_by_role("link", name="Show everybody").click()
    page.get_by_label("Place", exact=True).select_option(label="Ward B")
    page.wait_for_url(lambda url: "place=ward-b" in url)
    assert page.locator("tr[id^=stay-]").count() == 1
    journey.and_the_page_is_for_everybody()
