"""The person's and the privacy officer's stories in a real browser, wide and narrow."""

import os
import re
import zipfile

import pytest
from access_worlds import entry, identity
from page_data import give_purpose, person_of  # noqa: F401
from test_journeys import Journey, add, journey  # noqa: F401
from test_own_pages import medicine
from test_record_page import allergy, potassium, tell

from onesystem.access import Actor, asker_of, audit, decide
from onesystem.access import choices as can
from onesystem.access.models import Review

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
DESK = Actor("desk", frozenset({"records-officer"}))
DOCTOR = Actor("hospital-doctor", frozenset({"hospital-doctor"}), organisation="hospital")
SHOTS = os.environ.get("ONESYSTEM_SHOTS", "")


def looked_at(journey, name):  # noqa: F811
    """The page holds for everybody; where a folder is named, it is photographed wide and narrow."""
    journey.and_the_page_is_for_everybody()
    if SHOTS:
        journey.page.screenshot(path=f"{SHOTS}/{name}.png", full_page=True)
        journey.page.set_viewport_size({"width": 360, "height": 800})
        journey.page.screenshot(path=f"{SHOTS}/{name}-narrow.png", full_page=True)
        journey.page.set_viewport_size({"width": 1366, "height": 900})


@pytest.fixture
def known(send, add):  # noqa: F811
    """Somebody with a record and an account, at whom a colleague of the same name has looked."""
    person = tell(send, allergy("Penicillin"), potassium(5.9, 2), medicine())
    from onesystem.access.models import User

    for role in ("person", "privacy-officer", "hospital-doctor"):
        add(role)
    User.objects.filter(username="hospital-doctor").update(name="Doctor Ngapuhi")
    can.give_own_record(person=person, username="person", by=DESK)
    doctor = Actor("hospital-doctor", frozenset({"hospital-doctor"}), organisation="hospital")
    audit.record(by=doctor, act="person.looked", what="people:person", person=person,
                 purpose="direct care", reason="on the ward round",
                 detail={"ties": ["contact"], "client": "pages"})  # fmt: skip
    return person


class TestPerson:
    """Their own record, who looked, and what they share."""

    def test_sees_asks_chooses_and_takes_it_back(self, journey, known):  # noqa: F811
        """Without learning anything first."""
        page = journey.page
        journey.given_i_signed_in_as("person")
        journey.then_i_see("It can be dangerous for you.")
        looked_at(journey, "me-record")
        page.get_by_role("link", name=re.compile("^Mark as confidential.*Amlodipine")).click()
        journey.then_i_see("What this means")
        looked_at(journey, "me-change")
        page.get_by_role("button", name="Mark as confidential").press("Enter")
        journey.then_i_see("Amlodipine 5 mg is marked as confidential.")
        looked_at(journey, "me-choices")
        page.get_by_role("link", name=re.compile("^Remove the mark.*Amlodipine")).click()
        page.get_by_role("button", name="Remove the mark").click()
        journey.then_i_see("is no longer confidential")
        page.get_by_role("link", name="Who looked").click()
        journey.then_i_see("Doctor Ngapuhi")
        page.get_by_role("link", name="Ask about this look").click()
        looked_at(journey, "me-ask")
        page.fill("textarea[name=words]", "Is this a relative of mine?")
        page.get_by_role("button", name="Ask", exact=True).click()
        journey.then_i_see("Waits for an answer")
        looked_at(journey, "me-looks")

    def test_shares_nothing_marks_a_visit_and_names_somebody(self, journey, known, add):  # noqa: F811
        """Each by a button that first says what it means, and each undone."""
        page = journey.page
        add("viewer")  # any account can be named
        journey.given_i_signed_in_as("person")
        page.get_by_role("link", name=re.compile("^Mark as confidential.*Emergency")).press("Enter")
        page.get_by_role("button", name="Mark as confidential").press("Enter")
        journey.then_i_see("is marked as confidential")
        page.get_by_role("link", name=re.compile("^Remove the mark.*Emergency")).press("Enter")
        page.get_by_role("button", name="Remove the mark").press("Enter")
        journey.then_i_see("is no longer confidential")
        page.get_by_role("link", name="My whole record").press("Enter")
        journey.then_i_see("What this means")
        page.locator("main form button[type=submit]").last.press("Enter")
        journey.then_i_see("Your record is not shared.")
        assert decide(asker_of(DOCTOR, "direct care"), known).reason == "opted-out"
        page.get_by_role("link", name=re.compile("^Share again")).press("Enter")
        page.locator("main form button[type=submit]").last.press("Enter")
        journey.then_i_see("Your whole record is shared")
        assert decide(asker_of(DOCTOR, "direct care"), known)
        page.fill("input[name=username]", "viewer")
        page.fill("input[name=tie]", "daughter")
        page.get_by_role("button", name="Go on").press("Enter")
        looked_at(journey, "me-name")
        page.locator("main form button[type=submit]").last.press("Enter")
        page.get_by_role("link", name=re.compile("^End it")).press("Enter")
        page.locator("main form button[type=submit]").last.press("Enter")
        journey.then_i_see("Nobody but you.")


class TestPrivacyOfficer:
    """From the list to a note, an agreement and the figures."""

    def test_resolves_a_look_and_keeps_an_agreement(self, journey, known):  # noqa: F811
        """By the pages alone."""
        page = journey.page
        journey.given_i_signed_in_as("privacy-officer")
        journey.go("/privacy/")
        journey.then_i_see("Doctor Ngapuhi")
        looked_at(journey, "privacy-list")
        page.locator("tbody tr th a").first.press("Enter")
        journey.then_i_see("Resolve it")
        looked_at(journey, "privacy-look")
        page.get_by_label("There was a good reason").check()
        page.fill("textarea[name=note]", "the only doctor on the ward that night")
        page.get_by_role("button", name="Resolve").click()
        journey.then_i_see("Resolved, with your note")
        assert Review.objects.get().outcome == "fine"
        page.get_by_role("link", name="Sharing agreements").click()
        looked_at(journey, "privacy-agreements-none")
        page.get_by_role("link", name="Add an agreement").click()
        looked_at(journey, "privacy-agreement-add")
        page.fill("input[name=name]", "Testshire shares for care")
        page.get_by_label("Every organisation of the district").check()
        page.get_by_label("Direct care").check()
        page.fill("textarea[name=basis]", "UK GDPR article 9(2)(h)")
        page.get_by_role("button", name="Go on").click()
        journey.then_i_see("Check before it holds")
        looked_at(journey, "privacy-agreement-check")
        page.get_by_role("button", name="Save the agreement").press("Enter")
        journey.then_i_see("Saved. It holds from its first day on.")
        assert decide(asker_of(DOCTOR, "direct care"), known)
        page.locator("main tbody").get_by_role("link", name=re.compile("^End")).press("Enter")
        page.fill("[name=reason]", "signed by mistake")
        page.get_by_role("button", name="End it now").press("Enter")
        journey.then_i_see("Ended. Nothing is shared under it from now on.")
        # The rules read it: with no agreement left, other senders' data is shared with nobody.
        assert "gp" in decide(asker_of(DOCTOR, "direct care"), known).without
        page.get_by_role("link", name="Figures").press("Enter")
        journey.then_i_see("Same family name")
        looked_at(journey, "privacy-figures")


class TestAtNight:
    """The emergency doctor's story: nobody to ask, and every look told of."""

    @pytest.fixture
    def stranger(self, joined, add):  # noqa: F811
        """Somebody of the practice whom the hospital has never seen."""
        identity(7, 7, source="practice", practice="practice")
        entry(71, 7, kind="AllergyIntolerance", source="practice")
        from onesystem.access.models import User

        for role in ("hospital-doctor", "privacy-officer", "general-practitioner"):
            add(role)
        User.objects.filter(username="general-practitioner").update(organisation="practice")

    def test_breaks_the_glass_and_the_officer_sees_it(self, journey, stranger):  # noqa: F811
        """It opens at once, is marked, and is on the privacy officer's list."""
        page = journey.page
        journey.given_i_signed_in_as("hospital-doctor")
        journey.go("/people/7/")
        journey.when_i_say_why("found unconscious")
        journey.then_i_see("Neither you nor your organisation looks after this person now")
        looked_at(journey, "glass-shut")
        page.locator("input[name=choice]").first.check()
        page.fill("[name=words]", "unconscious, alone")
        page.get_by_role("button", name="Break the glass").press("Enter")
        journey.then_i_see("You broke the glass")
        looked_at(journey, "glass-broken")
        page.emulate_media(media="print")
        assert page.get_by_text("You broke the glass").first.is_visible()  # on paper too
        page.emulate_media(media="screen")
        page.context.clear_cookies()
        journey.given_i_signed_in_as("privacy-officer")
        journey.go("/privacy/")
        journey.then_i_see("unconscious, alone")
        page.context.clear_cookies()
        journey.given_i_signed_in_as("general-practitioner")
        page.get_by_role("link", name="1 notice").press("Enter")
        page.locator("ul.notices").get_by_text(
            "broke the glass for one of your people"
        ).first.wait_for()
        looked_at(journey, "notices")
        page.get_by_role("button", name=re.compile("read", re.IGNORECASE)).first.press("Enter")
        journey.then_i_see("read by general-practitioner")


def test_an_officer_answers_a_subject_access_request(journey, known, add):  # noqa: F811
    """From the purpose to the file, by the page alone."""
    add("records-officer")
    journey.given_i_signed_in_as("records-officer")
    journey.go(f"/people/{known}/timeline/")
    journey.page.get_by_label("Subject access").check()
    journey.page.fill("[name=reason]", "letter of 14 November")
    journey.page.locator("main form:has([name=reason]) button[type=submit]").click()
    looked_at(journey, "subject-access")
    with journey.page.expect_download() as given:
        journey.page.get_by_role("link", name=re.compile("everything", re.IGNORECASE)).first.click()
    names = zipfile.ZipFile(given.value.path()).namelist()
    assert {"index.html", "trail.json"} <= set(names)
