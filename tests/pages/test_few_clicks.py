"""Acts are few clicks: what the document says is counted in a real browser."""

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
from page_data import adt
from test_crew_journeys import district, on_scene, open_for  # noqa: F401
from test_journeys import add, journey  # noqa: F401

from onesystem import access, care, people
from onesystem.care.requests import actions as requests
from onesystem.vocabulary import to_local

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PAGE = Path(__file__).resolve().parents[2] / "docs" / "explanation" / "few-clicks.md"
ROWS = [
    [cell.strip() for cell in line.strip("| ").split("|")]
    for line in PAGE.read_text(encoding="utf-8").splitlines()
    if line.startswith("| ")
]
SAID = {row[0]: int(row[3]) for row in ROWS if row[3].isdigit()}


class Counted:
    """A page whose clicks, choices and keys are counted; typed words are not."""

    def __init__(self, page):
        self.page, self.count = page, 0

    def click(self, locator):
        self.count += 1
        locator.click()

    def key(self, name):
        self.count += 1
        self.page.keyboard.press(name)


def asker(role, organisation, name):
    actor = access.Actor(name=name, roles=frozenset({role}), organisation=organisation)
    return access.asker_of(actor, "direct care")


@pytest.fixture
def somebody(send, district):  # noqa: F811
    """Somebody in the ED."""
    send(adt("1", at=f"{to_local(datetime.now(UTC), district.zone):%Y%m%d%H%M}"))
    [number] = {person for _, person, _ in people.births()}
    return number


def test_half_of_the_usual():
    assert len(SAID) == 10
    assert max(SAID.values()) <= 4  # of six to eight


def test_send_a_request(journey, add, somebody):  # noqa: F811
    journey.given_i_signed_in_as(add("hospital-doctor"))
    journey.go(f"/people/{somebody}/requests/")
    open_for(journey.page, "in the ED")
    counted, page = Counted(journey.page), journey.page
    counted.click(page.get_by_role("link", name="Send a request"))
    counted.click(page.get_by_role("link", name="District nursing"))
    page.get_by_label("What do you ask, and why?").fill("Leg ulcer, twice a week")
    counted.click(page.get_by_role("button", name="Send to District nursing"))
    page.wait_for_url(re.compile(r"/requests/\d+/"))
    assert counted.count == SAID["Send a request"]


def test_accept_and_ask_back(journey, add, somebody):  # noqa: F811
    number = requests.send(
        person=somebody, service="nursing", words="Leg ulcer",
        by=asker("hospital-doctor", "hospital", "dora"),
    )  # fmt: skip
    journey.given_i_signed_in_as(add("coordinator", organisation="community"))
    journey.go("/inbox/nursing/")
    page = journey.page
    page.get_by_role("link", name=re.compile("Ngāpuhi")).first.focus()
    counted = Counted(page)
    counted.key("q")
    page.get_by_label("What do you need to know?").wait_for()
    page.keyboard.type("Which leg?")
    counted.key("Tab")
    counted.key("Enter")
    page.locator("#said", has_text="1 asked back").wait_for(state="attached")
    assert counted.count == SAID["Ask back"]
    requests.supply(request=number, by=asker("hospital-doctor", "hospital", "dora"),
                    seen=None, reason="Left")  # fmt: skip
    journey.go("/inbox/nursing/")
    page.get_by_role("link", name=re.compile("Ngāpuhi")).first.focus()
    counted = Counted(page)
    counted.key("a")
    page.locator("#said", has_text="1 accepted").wait_for(state="attached")
    assert counted.count == SAID["Accept a request"]


def test_ring_the_practice_and_acknowledge(journey, add, on_scene):  # noqa: F811
    journey.given_i_signed_in_as(add("paramedic"))
    journey.go(f"/crew/{on_scene}/")
    page = journey.page
    open_for(page, "with them now")
    counted = Counted(page)
    counted.click(page.get_by_role("link", name="Ring the practice"))
    counted.click(page.get_by_label("A visit today"))
    counted.click(page.get_by_role("button", name="Ring the practice"))
    journey.then_i_see("Saved: referred to practice")
    assert counted.count == SAID["Ring the practice from an ambulance"]
    page.context.clear_cookies()
    journey.given_i_signed_in_as(add("general-practitioner", organisation="practice"))
    journey.go("/practice/")
    counted = Counted(page)
    counted.click(page.get_by_role("button", name="Acknowledge what is ticked"))
    journey.then_i_see("1 acknowledged")
    assert counted.count == SAID["Acknowledge what happened elsewhere"]
    assert care.requests_of(people.identity_ids_of(on_scene)) == []
