"""A service coordinator's morning in a real browser: by keyboard alone, narrow, and live."""

import json
import os
import subprocess
import sys

import pytest
from inbox_data import coordinator, send
from page_data import adt
from test_journeys import PASSWORD, journey  # noqa: F401

from onesystem import feeds, people
from onesystem.access import Actor
from onesystem.access import actions as users
from onesystem.bench.processes import served
from onesystem.care.requests import actions, queries
from onesystem.district import now

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
NAMES = (("Archer", "Ada"), ("Brook", "Bryn"), ("Carter", "Cai"), ("Dyer", "Dilys"))


@pytest.fixture
def requests(joined):
    """Four people and what was asked for them, by given name."""
    at = f"{now():%Y%m%d%H%M}"
    for n, name in enumerate(NAMES):
        message = adt(
            str(n), person=f"P{n}", visit=f"V{n}", nhs="", at=at, name=name,
            born=f"19{40 + n}0101", home=f"{n} {name[0]} Road^^Norwich^^NR{n} 1AA||",
        )  # fmt: skip
        feeds.take_messages([feeds.Arrival(source="pas", data=message, name="x")], district=joined)
    found = {}
    for identity, person, _ in people.births():
        [view] = people.mapping.views([identity])
        found[view.given] = send(person, words=f"Leg ulcer of {view.given}")
    return found


@pytest.fixture
def colin(joined):
    users.add_user(username="colin", password=PASSWORD, roles=["coordinator"], name="Colin",
                   organisation="community", by=Actor.job("command line"))  # fmt: skip
    return "colin"


def state(request):
    return queries.one(request).state


def row(page, name):
    return page.locator("#list tr[id]", has_text=name)


def test_triage_by_keyboard_alone(journey, requests, colin):  # noqa: F811
    """Accept, ask back, return with a reason, two at once; nothing needs a mouse or a new page."""
    page = journey.page
    journey.given_i_signed_in_as(colin)
    journey.go("/inbox/")
    journey.then_i_see("Archer, Ada")
    journey.and_the_page_is_for_everybody()
    keys = page.keyboard

    keys.press("j")
    keys.press("a")
    page.locator("#said", has_text="1 accepted").wait_for(state="attached")
    assert state(requests["Ada"]) == "accepted"
    assert "Brook, Bryn" in page.evaluate("document.activeElement.textContent")

    keys.press("q")
    page.get_by_label("What do you need to know?").wait_for()
    journey.and_the_page_is_for_everybody()
    keys.press("Tab")  # from the field to the button and back: nothing holds the focus
    keys.press("Shift+Tab")
    keys.type("Which leg is it?")
    page.get_by_text("Kept at").wait_for()  # as a draft, while one writes
    keys.press("Tab")
    keys.press("Enter")
    page.locator("#said", has_text="1 asked back").wait_for(state="attached")
    assert state(requests["Bryn"]) == "needs-more"

    keys.press("x")  # Cai, and
    keys.press("j")
    keys.press("x")  # Dilys
    page.locator("#chosen", has_text="2 chosen").wait_for()
    keys.press("r")
    page.get_by_text("Return: 2 requests").wait_for()
    keys.press("ArrowDown")
    keys.press("Tab")
    keys.type("Doppler first, please")
    keys.press("Tab")
    keys.press("Enter")
    page.locator("#said", has_text="2 returned").wait_for(state="attached")
    assert {state(requests[name]) for name in ("Cai", "Dilys")} == {"returned"}

    page.get_by_role("link", name="Done").press("Enter")
    page.wait_for_url(lambda url: "tab=done" in url)
    journey.then_i_see("Not worked up: tests or examination missing. Doppler first, please")
    journey.and_the_page_is_for_everybody()
    keys.press("j")
    keys.press("Enter")  # opens the request, for the request itself
    journey.then_i_see("What happened")


def test_whoever_is_slower_keeps_what_they_wrote(journey, requests, colin):  # noqa: F811
    page = journey.page
    journey.given_i_signed_in_as(colin)
    journey.go("/inbox/nursing/")
    page.keyboard.press("j")
    page.keyboard.press("q")
    page.get_by_label("What do you need to know?").fill("Is it the left one?")
    actions.accept(request=requests["Ada"], by=coordinator("cora"), seen=1)
    page.get_by_role("button", name="Ask back", exact=True).last.press("Enter")
    journey.then_i_see("cora accepted this request at")
    assert page.get_by_label("What do you need to know?").input_value() == "Is it the left one?"
    journey.and_the_page_is_for_everybody()
    page.get_by_role("button", name="Ask back", exact=True).last.press("Enter")
    page.locator("#said", has_text="1 asked back").wait_for(state="attached")
    assert state(requests["Ada"]) == "needs-more"


def test_a_form_closes_by_escape_and_comes_back_as_it_was(journey, requests, colin):  # noqa: F811
    page = journey.page
    journey.given_i_signed_in_as(colin)
    journey.go("/inbox/nursing/")
    page.keyboard.press("j")
    page.keyboard.press("q")
    page.get_by_label("What do you need to know?").wait_for()
    page.keyboard.type("Which medicines?")
    page.get_by_text("Kept at").wait_for()
    page.keyboard.press("Escape")
    assert page.locator(".inbox-form").count() == 0
    assert "Archer, Ada" in page.evaluate("document.activeElement.textContent")
    page.reload()
    page.keyboard.press("j")
    page.keyboard.press("q")
    journey.then_i_see("You wrote this at")
    assert page.get_by_label("What do you need to know?").input_value() == "Which medicines?"


def test_redirecting_by_a_search_of_the_directory(journey, requests, colin):  # noqa: F811
    page = journey.page
    journey.given_i_signed_in_as(colin)
    journey.go("/inbox/nursing/")
    page.keyboard.press("j")
    page.keyboard.press("d")
    page.get_by_label("Which service?").wait_for()
    page.keyboard.type("ward")
    page.get_by_role("radio", name="Ward B").check()
    page.get_by_label("Why does it go there?").fill("They know her")
    journey.and_the_page_is_for_everybody()
    page.get_by_role("button", name="Redirect", exact=True).last.click()
    page.locator("#said", has_text="1 redirected").wait_for(state="attached")
    assert queries.one(requests["Ada"]).service == "ward-b"


def test_single_keys_can_be_switched_off(journey, requests, colin):  # noqa: F811
    """WCAG 2.1.4: with them off a word that is spoken to the computer accepts nobody."""
    page = journey.page
    journey.given_i_signed_in_as(colin)
    journey.go("/inbox/nursing/")
    page.keyboard.press("?")
    journey.then_i_see("In this inbox")
    page.get_by_label("Single keys do this").uncheck()
    page.get_by_role("button", name="Close", exact=True).click()
    row(page, "Archer, Ada").get_by_role("link").focus()
    page.keyboard.press("a")
    page.keyboard.press("j")
    page.reload()
    row(page, "Archer, Ada").get_by_role("link").focus()
    page.keyboard.press("a")
    page.wait_for_timeout(300)
    assert state(requests["Ada"]) == "received"
    row(page, "Archer, Ada").get_by_role("button", name="Accept").click()
    page.locator("#said", has_text="1 accepted").wait_for(state="attached")


def test_on_a_phone_rows_are_cards(journey, requests, colin):  # noqa: F811
    page = journey.page
    journey.given_i_signed_in_as(colin)
    page.set_viewport_size({"width": 320, "height": 700})
    journey.go("/inbox/nursing/")
    bar = page.locator("#bulk")
    assert not bar.is_visible()
    page.get_by_label("Choose Archer, Ada").check()
    assert bar.is_visible()
    bar.get_by_role("button", name="Accept").click()
    page.locator("#said", has_text="1 accepted").wait_for(state="attached")
    journey.and_the_page_is_for_everybody()


_SEED = """
import json
from onesystem.wiring import open_district
here = open_district()
from page_data import adt
from inbox_data import send
from onesystem import feeds, people
from onesystem.access import Actor, actions
from onesystem.district import now
for name in ("colin", "cora"):
    actions.add_user(username=name, password="three blind mice run", roles=["coordinator"],
                     organisation="community", by=Actor.job("t"))
for n, name in enumerate((("Archer", "Ada"), ("Brook", "Bryn"))):
    feeds.take_messages([feeds.Arrival(source="pas", name="x", data=adt(str(n), person=f"P{n}",
        visit=f"V{n}", nhs="", at=f"{now():%Y%m%d%H%M}", name=name, born=f"19{40 + n}0101"))],
        district=here)
print(json.dumps([send(person) for _, person, _ in people.births()]))
"""
_ACT = """
import sys
from onesystem.wiring import open_district
open_district(migrate=False)
from inbox_data import coordinator, send
from onesystem import people
from onesystem.care.requests import actions
actions.accept(request=int(sys.argv[1]), by=coordinator("cora"), seen=1)
send(people.births()[0][1], words="One more")
"""


def _run(folder, code, *args):
    path = os.pathsep.join(each for each in sys.path if each)
    made = subprocess.run(
        [sys.executable, "-c", code, *args], check=True, capture_output=True, text=True,
        env={**os.environ, "ONESYSTEM_DISTRICT": str(folder), "DATABASE_URL": "",
             "DJANGO_SETTINGS_MODULE": "onesystem.web.settings", "PYTHONPATH": path},
    )  # fmt: skip
    return made.stdout.splitlines()[-1] if made.stdout else ""


def test_another_page_hears_of_it_without_losing_its_place(chromium, district):
    """The row changes where it stands, the open form and the focus stay, what is new is offered."""
    from test_journeys import Journey

    first, _ = json.loads(_run(district.path, _SEED))
    (district.path / "secret").write_text("0" * 64, encoding="ascii")
    with served(district.path) as (_, port):
        colin = Journey(chromium, f"http://127.0.0.1:{port}")
        page = colin.page
        page.set_default_timeout(60_000)
        colin.given_i_signed_in_as("colin")
        colin.go("/inbox/nursing/")
        page.locator("html[data-live]").wait_for(state="attached")
        page.keyboard.press("j")
        page.keyboard.press("q")
        page.get_by_label("What do you need to know?").wait_for()
        page.keyboard.type("Which leg")
        _run(district.path, _ACT, str(first))
        row(page, "Archer, Ada").locator("td[data-label=State]", has_text="Accepted").wait_for()
        page.get_by_text("Changed meanwhile: cora accepted").wait_for()
        page.keyboard.type(" is it?")  # the focus is where it was
        words = page.get_by_label("What do you need to know?")
        assert words.input_value() == "Which leg is it?"
        page.get_by_text("1 new, 1 moved on").wait_for()
        page.keyboard.press("Escape")
        page.keyboard.press("n")
        page.locator("#said", has_text="The list is as it is now").wait_for(state="attached")
        assert page.locator("#list tr[id]").count() == 2
        colin.context.close()
