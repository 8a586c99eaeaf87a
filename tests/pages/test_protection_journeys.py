"""Data protection in a real browser: the person asks, the officer decides, keeps and holds."""

import re

import pytest
from page_data import adt, person_of
from test_journeys import Journey, add, journey  # noqa: F401
from test_own_pages import medicine
from test_record_page import allergy, potassium, tell
from test_trust_journeys import looked_at

from onesystem.access import Actor
from onesystem.access import choices as can
from onesystem.record.corrections.rows import Correction
from onesystem.record.keeping import searching

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
DESK = Actor("desk", frozenset({"records-officer"}))


@pytest.fixture
def known(send, add):  # noqa: F811
    """Somebody with a record and an account, and one whose record falls due."""
    person = tell(send, allergy("Penicillin"), potassium(5.9, 2), medicine())
    send(
        adt("91", at="201501011000", person="P7771", visit="V9", nhs="9990548609",
            name=("Reed", "Sedge"), born="19600101"),
        adt("92", act="A03", at="201501021000", person="P7771", visit="V9", nhs="9990548609",
            name=("Reed", "Sedge"), born="19600101"),
    )  # fmt: skip
    for role in ("person", "records-officer"):
        add(role)
    can.give_own_record(person=person, username="person", by=DESK)
    return person


def test_a_person_asks_for_a_correction(journey, known):  # noqa: F811
    """In their own words, beside what is wrong."""
    page = journey.page
    journey.given_i_signed_in_as("person")
    page.get_by_role("link", name=re.compile("^This is wrong.*Penicillin")).click()
    journey.then_i_see("What should it say?")
    looked_at(journey, "me-correct")
    page.fill("textarea[name=wrong]", "It was a rash from heat")
    page.fill("textarea[name=should]", "Not an allergy")
    page.get_by_role("button", name="Ask for a correction").click()
    journey.then_i_see("Waits for an answer")
    looked_at(journey, "me-corrections")
    page.get_by_role("link", name="Home postcode").count()
    journey.go("/account/postcode/")
    looked_at(journey, "postcode")


def test_an_officer_decides_holds_and_keeps(journey, known):  # noqa: F811
    """From the list to what stands beside the allergy; then holds and retention."""
    page = journey.page
    journey.given_i_signed_in_as("records-officer")
    journey.go("/protection/")
    looked_at(journey, "protection-none")
    journey.go(f"/people/{known}/corrections/")
    journey.when_i_say_why()
    journey.then_i_see("Add a correction")
    looked_at(journey, "protection-person")
    page.locator("a[href*='about=person']").first.click()
    page.fill("textarea[name=wrong]", "Her name is spelt another way")
    page.fill("textarea[name=should]", "Ngata")
    looked_at(journey, "protection-ask")
    page.get_by_role("button", name="Save").click()
    journey.then_i_see("It waits for a decision.")
    looked_at(journey, "protection-correction")
    page.fill("input[name=to-family]", "Ngata")
    page.locator("#f-reason").fill("seen her passport")
    page.get_by_role("button", name="Put it right").click()
    journey.then_i_see("The version before stays in the history")
    assert Correction.objects.get().state == "accepted"
    journey.go("/protection/")
    looked_at(journey, "protection-list")
    journey.go("/protection/retention/")
    page.get_by_role("button", name="Work it out anew").click()
    journey.then_i_see("Waiting for its turn")
    searching.work()
    journey.then_i_see("8 years after the last contact")
    looked_at(journey, "protection-retention")
    page.get_by_role("link", name=re.compile("^Person ")).first.click()
    looked_at(journey, "protection-due")
    journey.go(f"/protection/holds/?person={person_of('RM1:P7771')}")
    page.fill("input[name=reference]", "C-1")
    page.fill("textarea[name=reason]", "a claim")
    page.fill("input[name=review]", "2099-01-01")
    page.get_by_role("button", name="Add the hold").click()
    journey.then_i_see("Nothing of this record is destroyed.")
    looked_at(journey, "protection-holds")
    page.get_by_role("link", name="Hold 1").click()
    looked_at(journey, "protection-hold")
