"""Those who write pathways and those who work by them, in a real browser: by keyboard, 320 px."""

import pytest
from page_data import adt, person_of
from pathway_data import CELLULITIS, DOCTOR, EDITOR, LEAD, SECOND, in_force, publish
from playwright.sync_api import expect
from test_journeys import PASSWORD, journey  # noqa: F401

from onesystem import access
from onesystem.access import Actor
from onesystem.access.actions import add_user
from onesystem.care.pathways import actions, cases, queries, reading
from onesystem.district import now

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
SLUG = "cellulitis"


@pytest.fixture
def staff(joined):
    """Those who write and sign can sign in."""
    reading.pathway_under.cache_clear()
    for who in (EDITOR, SECOND, LEAD, DOCTOR):
        add_user(username=who.name, password=PASSWORD, roles=who.roles,
                 organisation="hospital", by=Actor.job("command line"))  # fmt: skip


def sign_in(journey, name):  # noqa: F811
    journey.context.clear_cookies()
    journey.given_i_signed_in_as(name)


def adds(page, button, field, words):
    """By keyboard alone: the field of the new row has the focus."""
    page.get_by_role("button", name=button).first.press("Enter")
    expect(page.locator(f"[name='{field}']")).to_be_focused()
    page.keyboard.type(words)


def test_a_pathway_is_written_reviewed_and_put_in_force(journey, staff):  # noqa: F811
    """An editor writes, a lead and an expert sign, and everybody finds it."""
    page = journey.page
    sign_in(journey, "edda")
    journey.go("/pathways/")
    journey.then_i_see("No pathway is in force yet")
    journey.and_the_page_is_for_everybody()
    page.get_by_role("link", name="Begin a pathway").click()
    page.get_by_label("Title").fill("Gout in the big toe")
    page.keyboard.press("Enter")
    journey.then_i_see("How is Gout in the big toe to be done?")
    page.get_by_label("Words by which people look for it").fill("toe on fire\nkoromutu mamae")
    adds(page, "Add a red flag", "flags.0.words", "A hot joint and a fever")
    adds(page, "Add a step", "assessment.0.words", "Look at both feet")
    adds(page, "Add a step", "assessment.1.words", "Ask about wine")
    page.get_by_role("button", name="Move up step 2").press("Enter")
    page.get_by_label("Staff group 1 of Ask about wine").select_option("gp")
    page.get_by_label("Minutes 1 of Ask about wine").fill("five")
    journey.and_the_page_is_for_everybody()
    page.get_by_role("button", name="Save the draft").first.click()
    journey.then_i_see("'five' is no whole number")
    journey.and_the_page_is_for_everybody()
    page.get_by_label("Minutes 1 of Ask about wine").fill("5")
    page.get_by_role("button", name="Save the draft").first.click()
    journey.then_i_see("Saved as a draft")
    slug = "gout-in-the-big-toe"
    made = queries.open_version(slug).pathway
    assert [step.words for step in made.assessment] == ["Ask about wine", "Look at both feet"]
    assert made.assessment[0].minutes == (("gp", 5),)
    assert made.flags[0].words == "A hot joint and a fever"
    page.get_by_role("button", name="Save, then send for review").click()
    page.get_by_label("Subject expert who signs it").select_option("dora")
    journey.and_the_page_is_for_everybody()
    page.get_by_role("button", name="Send for review").click()
    journey.then_i_see("Sent.")
    for name, part in (("dora", "Sign as subject expert"), ("lea", "Sign as clinical lead")):
        sign_in(journey, name)
        journey.go(f"/pathways/{slug}/review/")
        journey.and_the_page_is_for_everybody()
        page.get_by_role("button", name=part).click()
        journey.then_i_see("Signed as")
    page.get_by_role("button", name="Put it in force").click()
    journey.then_i_see("In force from now on")
    journey.and_the_page_is_for_everybody()
    journey.go(f"/pathways/{slug}/versions/")
    journey.and_the_page_is_for_everybody()


def test_a_time_out_in_the_middle_of_a_long_edit_loses_nothing(journey, staff):  # noqa: F811
    """The page is gone, the session is over; what was typed is there after signing in."""
    actions.begin(pathway=CELLULITIS, by=EDITOR)
    page = journey.page
    sign_in(journey, "edda")
    journey.go(f"/pathways/{SLUG}/edit/")
    page.get_by_label("In short").fill("An hour of typing.")
    page.get_by_text("Kept at").first.wait_for()
    sign_in(journey, "edda")
    journey.go(f"/pathways/{SLUG}/edit/")
    expect(page.get_by_label("In short")).to_have_value("An hour of typing.")
    journey.then_i_see("not saved yet")
    page.get_by_role("button", name="Save the draft").first.click()
    journey.then_i_see("Saved as a draft")
    assert queries.open_version(SLUG).pathway.summary == "An hour of typing."


def test_two_editors_at_once_see_what_the_other_did(journey, staff):  # noqa: F811
    actions.begin(pathway=CELLULITIS, by=EDITOR)
    page = journey.page
    sign_in(journey, "edda")
    journey.go(f"/pathways/{SLUG}/edit/")
    actions.drop(slug=SLUG, seen=1, by=SECOND)
    actions.begin(pathway=CELLULITIS, by=SECOND)
    actions.send(slug=SLUG, to="dora", words="", seen=1, by=SECOND)
    actions.take_back(slug=SLUG, seen=2, by=SECOND)
    page.get_by_label("In short").fill("Mine.")
    page.get_by_role("button", name="Save the draft").first.click()
    journey.then_i_see("Somebody went on with it since you opened it")
    expect(page.get_by_label("In short")).to_have_value("Mine.")
    journey.and_the_page_is_for_everybody()
    page.get_by_role("button", name="Save mine over theirs").click()
    journey.then_i_see("Saved as a draft")


def test_the_next_version_comes_from_a_file_and_people_stay_on_theirs(journey, staff, send):  # noqa: F811
    """Taken along as FHIR R4, brought back, changed, compared; a note stands on top meanwhile."""
    send(adt("1", at=f"{now():%Y%m%d%H%M}"))
    in_force()
    person = person_of()
    cases.start(person=person, by=access.asker_of(DOCTOR, "direct care"), pathway=SLUG)
    page = journey.page
    sign_in(journey, "edda")
    journey.go(f"/pathways/{SLUG}/")
    page.get_by_text("Add an urgent note").press("Enter")
    page.get_by_label("What has changed, and what to do now").fill("Ring the ward this week")
    page.get_by_role("button", name="Add the note").press("Enter")
    journey.then_i_see("The note stands on top")
    journey.and_the_page_is_for_everybody()
    with page.expect_download() as told:
        page.get_by_role("link", name="FHIR R4").press("Enter")
    journey.go("/pathways/new/")
    page.get_by_label("A file").set_input_files(told.value.path())
    journey.and_the_page_is_for_everybody()
    page.get_by_role("button", name="Import as a draft").press("Enter")
    journey.then_i_see("Begun: Cellulitis")
    assert queries.open_version(SLUG).pathway == queries.published(SLUG).pathway
    page.get_by_label("In short").fill("Hot, red, tender skin that spreads.")
    page.get_by_role("button", name="Save the draft").first.press("Enter")
    journey.then_i_see("Saved as a draft")
    journey.go(f"/pathways/{SLUG}/versions/")
    page.get_by_role("link", name="Compare the last two").press("Enter")
    expect(page.locator("ins").first).to_have_text(", tender")
    journey.and_the_page_is_for_everybody()
    publish(SLUG)
    _goes_on(journey, person)


def _goes_on(journey, person):  # noqa: F811
    """The person is on the version on which they began, until somebody moves them and says why."""
    page = journey.page
    sign_in(journey, "dora")
    journey.go(f"/people/{person}/pathways/{SLUG}/")
    journey.when_i_say_why()
    journey.then_i_see("Version 2 is in force")
    assert "tender" not in page.content()
    journey.and_the_page_is_for_everybody()
    page.get_by_label("Why they go on by it").fill("It says more")
    page.get_by_role("button", name="Go on by version 2").press("Enter")
    journey.then_i_see("They go on by the version in force")
    journey.then_i_see("tender skin")


def test_a_clinician_finds_a_pathway_and_asks_by_it(journey, staff, send):  # noqa: F811
    """By keyboard: search as one types, beside the record, request filled in."""
    send(adt("1", at=f"{now():%Y%m%d%H%M}"))
    in_force()
    page = journey.page
    sign_in(journey, "dora")
    journey.go("/pathways/")
    page.keyboard.press("/")
    page.keyboard.type("kirihu", delay=30)  # a letter is missing, and no macron is typed
    page.get_by_role("link", name="Cellulitis").first.wait_for()
    expect(page.locator("#hits a")).to_have_count(1)
    journey.and_the_page_is_for_everybody()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/pathways/{SLUG}/")
    journey.and_the_page_is_for_everybody()
    page.get_by_role("link", name="For the person").click()
    journey.then_i_see("Keep the leg up.")
    journey.and_the_page_is_for_everybody()
    person = person_of()
    journey.go(f"/people/{person}/pathways/")
    journey.when_i_say_why()
    journey.go(f"/people/{person}/pathways/")
    journey.and_the_page_is_for_everybody()
    journey.go(f"/people/{person}/pathways/{SLUG}/")
    journey.then_i_see("Record in short")
    journey.and_the_page_is_for_everybody()
    page.get_by_role("button", name="Begin it for Māia Ngāpuhi").press("Enter")
    page.get_by_role("button", name="Done Mark the edge of the red skin").press("Enter")
    page.get_by_role("button", name="Done Give antibiotics").press("Enter")
    journey.then_i_see("not answered yet: Is home safe?")
    journey.and_the_page_is_for_everybody()
    page.get_by_label("Yes").check()
    page.get_by_role("button", name="Done Give antibiotics").press("Enter")
    page.get_by_role("button", name="Done Look again").wait_for()
    journey.and_the_page_is_for_everybody()
    page.get_by_role("link", name="Request District nursing").click()
    journey.then_i_see("District nursing")
    assert "Needs antibiotics by drip at home" in page.content()
