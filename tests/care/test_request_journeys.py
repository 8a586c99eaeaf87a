"""A general practitioner's request in a real browser: told what is missing, sent, followed."""

from dataclasses import replace

import pytest
from playwright.sync_api import expect
from test_journeys import PASSWORD, journey  # noqa: F401

from onesystem import access
from onesystem.access import Actor
from onesystem.access import actions as users
from onesystem.care.requests import actions, queries
from onesystem.care.services import actions as directory
from onesystem.care.services.entry import Field, Notice
from onesystem.care.services.reading import entry

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def person(somebody):
    """Somebody in the ED, and nurses who want to know which leg it is."""
    known = entry("nursing")
    form = (
        Field(name="side", label="Which leg", type="choice", options=("left", "right"),
              required=True),
        Field(name="phone", label="Best phone number",
              known="telecom.where(system = 'phone').value.first()"),
    )  # fmt: skip
    directory.keep(entry=replace(known, form=form, criteria="Cannot come to the practice"),
                   seen=known.number, by=Actor.job("command line"))  # fmt: skip
    return somebody


@pytest.fixture
def doctor(joined):
    users.add_user(username="gita", password=PASSWORD, roles=["hospital-doctor"],
                   organisation="hospital", by=Actor.job("command line"))  # fmt: skip
    return "gita"


@pytest.fixture
def nurse(joined):
    actor = Actor(name="dee", roles=frozenset({"district-nurse"}), organisation="community")
    return access.asker_of(actor, "direct care")


def test_from_the_record_to_the_answer(journey, person, doctor, nurse):  # noqa: F811
    """By keyboard; what is missing is told before it is sent, and the answer is seen at the end."""
    page = journey.page
    journey.given_i_signed_in_as(doctor)
    journey.go(f"/people/{person}/requests/")
    journey.when_i_say_why()
    journey.then_i_see("Nothing waits for an answer")
    journey.and_the_page_is_for_everybody()
    page.get_by_role("link", name="Send a request").press("Enter")
    page.keyboard.type("nursing")  # the field has the focus
    page.keyboard.press("Enter")
    journey.then_i_see("wait not known")
    journey.and_the_page_is_for_everybody()
    page.get_by_role("link", name="District nursing").press("Enter")
    journey.then_i_see("Filled in from the record")
    assert page.get_by_label("Best phone number").input_value() == "01603 111222"
    journey.and_the_page_is_for_everybody()

    words = page.get_by_label("What do you ask, and why?")
    words.focus()
    page.keyboard.type("Leg ulcer, dressing twice a week")
    page.get_by_role("button", name="Send to District nursing").press("Enter")
    journey.then_i_see("Missing: Which leg")
    assert words.input_value() == "Leg ulcer, dressing twice a week"
    journey.and_the_page_is_for_everybody()
    page.get_by_label("Which leg").select_option("left")
    page.get_by_role("button", name="Send to District nursing").press("Enter")
    journey.then_i_see("Your reference number is")
    journey.and_the_page_is_for_everybody()

    [sent] = queries.sent_by(doctor)
    journey.then_i_see(sent.key)
    actions.ask_back(request=sent.request, by=nurse, seen=1, reason="How large is it?")
    journey.go("/requests/")
    journey.then_i_see("1 waits for you")
    journey.and_the_page_is_for_everybody()
    page.get_by_role("link", name="Māia Ngāpuhi").press("Enter")
    journey.then_i_see("How large is it?")
    page.get_by_label("Your reply").focus()
    page.keyboard.type("Four centimetres")
    journey.and_the_page_is_for_everybody()
    page.get_by_role("button", name="Send it").press("Enter")
    journey.then_i_see("The service decides now")

    _answered(journey, person, nurse, sent.request)


def test_a_request_is_revoked_and_says_why(journey, person, doctor, nurse):  # noqa: F811
    page = journey.page
    journey.given_i_signed_in_as(doctor)
    journey.go(f"/people/{person}/requests/new/?service=nursing&kind=advice")
    journey.when_i_say_why()
    page.get_by_label("What do you ask, and why?").fill("Which dressing?")
    page.get_by_label("Which leg").select_option("right")
    page.get_by_role("button", name="Send to District nursing").click()
    journey.then_i_see("Your reference number is")
    page.get_by_text("Revoke: it is not needed any more").press("Enter")
    page.get_by_label("Why is it not needed?").fill("Solved by telephone")
    journey.and_the_page_is_for_everybody()
    page.get_by_role("button", name="Revoke R-").click()
    journey.then_i_see("The service is told that it is not needed any more")
    journey.then_i_see("Solved by telephone")


def test_a_time_out_and_a_service_that_closes_lose_nothing(journey, person, doctor):  # noqa: F811
    """Signed out in the middle of it, then the nurses take nobody: not a word is typed again."""
    page = journey.page
    journey.given_i_signed_in_as(doctor)
    journey.go(f"/people/{person}/requests/new/?service=nursing")
    journey.when_i_say_why()
    page.get_by_label("What do you ask, and why?").fill("An hour of typing.")
    page.get_by_label("Which leg").select_option("left")
    page.get_by_text("Kept at").first.wait_for()
    journey.context.clear_cookies()
    journey.given_i_signed_in_as(doctor)
    journey.go(f"/people/{person}/requests/new/?service=nursing")
    journey.when_i_say_why()
    words = page.get_by_label("What do you ask, and why?")
    expect(words).to_have_value("An hour of typing.")
    known = entry("nursing")
    shut = Notice(words="No nurse this week", closed=True, instead="ed")
    directory.keep(entry=replace(known, notices=(shut,)), seen=known.number,
                   by=Actor.job("command line"))  # fmt: skip
    page.get_by_role("button", name="Send to District nursing").press("Enter")
    journey.then_i_see("takes nobody now: No nurse this week")
    expect(words).to_have_value("An hour of typing.")
    journey.and_the_page_is_for_everybody()
    page.get_by_role("link", name="The service that stands in").press("Enter")
    expect(words).to_have_value("An hour of typing.\nWhich leg: left")
    page.get_by_role("button", name="Send to").press("Enter")
    journey.then_i_see("Your reference number is")
    [sent] = queries.sent_by(doctor)
    assert sent.service == "ed"


def _answered(journey, person, nurse, request):  # noqa: F811
    """What the sender sees when the nurses have been there: on the page, on paper, in the log."""
    seen = queries.one(request).seen
    actions.finish(request=request, by=nurse, seen=seen, reason="Dressed; back on Friday")
    journey.page.reload()
    journey.then_i_see("The answer")
    journey.then_i_see("Dressed; back on Friday")
    journey.and_the_page_is_for_everybody()
    journey.go(f"/requests/{request}/print/")
    journey.then_i_see("Four centimetres")
    journey.and_the_page_is_for_everybody()
    journey.go(f"/people/{person}/timeline/")
    journey.then_i_see("District nursing")
