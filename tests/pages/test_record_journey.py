"""The clinician's story in a real browser: found in two keys, known on one page, taken away."""

from datetime import UTC, datetime, timedelta

import orjson
import pytest
from page_data import adt
from test_journeys import Journey, add, journey  # noqa: F401
from test_own_pages import medicine
from test_record_page import allergy, potassium, tell
from test_trust_journeys import looked_at

from onesystem.access.models import Audit
from onesystem.record.summary import pages

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
WHO = {"reference": "Patient/7"}


def of(kind, name, **said):
    """A resource about the person."""
    return {"resourceType": kind, "id": name, "subject": WHO, **said}


def concept(words):
    """A concept in words."""
    return {"text": words}


@pytest.fixture
def told(send, add):  # noqa: F811
    """Somebody on a ward of whom two sources tell, and not quite alike."""
    person = tell(
        send, allergy("Penicillin"), potassium(4.1, 1), potassium(4.4, 2), potassium(5.9, 3),
        medicine(),
        of("Condition", "c", code=concept("Heart failure"), recordedDate="2026-01-05",
           clinicalStatus={"coding": [{"code": "active"}]}),
        of("MedicationDispense", "md", status="completed", whenHandedOver="2026-11-10",
           medicationCodeableConcept=concept("Amlodipine 5 mg"),
           performer=[{"actor": {"display": "Corner Pharmacy"}}]),
        of("CarePlan", "cp", status="active", intent="plan", title="Weigh every morning"),
        of("DocumentReference", "d", status="current", type=concept("Discharge letter"),
           date="2026-10-01T10:00:00Z", content=[{"attachment": {"title": "Discharge letter"}}]),
    )  # fmt: skip
    tell(send, allergy("PENICILLIN", risk="low"), source="nursing")
    send(adt("2", act="A02", place="WARDA", at="202611201500"))
    add("hospital-doctor")
    return person


def test_found_known_and_taken_away(journey, told, send):  # noqa: F811
    """By keyboard from the search to the record; then what changed, the paper and the document."""
    page = journey.page
    journey.given_i_signed_in_as("hospital-doctor")
    page.keyboard.press("/")
    page.keyboard.type("ng", delay=40)
    page.keyboard.press("Enter")
    page.get_by_role("link", name="Māia Ngāpuhi").press("Enter")
    journey.when_i_say_why()
    for words in (
        "Allergies: Penicillin", "In Ward A for", "Heart failure", "Weigh every morning",
        "Corner Pharmacy", "Discharge letter", "3 results, higher", "5.9",
    ):  # fmt: skip
        journey.then_i_see(words)
    assert page.get_by_text("Sources disagree").first.is_visible()
    assert page.locator("#allergies .said").get_by_text("low risk").first.is_visible()
    assert page.locator("#team").get_by_text("Ward A").is_visible()
    looked_at(journey, "record")
    page.emulate_media(color_scheme="dark")
    looked_at(journey, "record-dark")
    page.emulate_media(color_scheme="light")


def test_the_timeline_is_searched_filtered_and_folded(journey, told):  # noqa: F811
    """From the record page, without a pointer."""
    page = journey.page
    journey.given_i_signed_in_as("hospital-doctor")
    journey.go(f"/people/{told}/record/")
    journey.when_i_say_why()
    page.locator("#timeline tbody tr").first.wait_for()
    page.get_by_label("Words").fill("nothing of that name")
    page.get_by_label("Words").press("Enter")
    journey.then_i_see("Nothing fits this filter")
    page.get_by_label("Words").fill("emergency")
    page.get_by_label("Words").press("Enter")
    journey.then_i_see("2 of 2 contacts fit the filter")
    stretch = page.locator("tr.line article").first
    assert not stretch.is_visible()
    page.locator("details.visit summary").first.press("Enter")
    stretch.wait_for()
    looked_at(journey, "timeline-search")


def test_what_changed_since_the_last_look_is_marked(journey, told, send, monkeypatch):  # noqa: F811
    """The doctor looked an hour ago; a result came since."""
    looked = datetime.now(UTC)
    send(orjson.dumps(potassium(6.4, 9)), source="gp", name="new.ndjson")
    monkeypatch.setattr(pages, "last_look", lambda *_, **__: looked - timedelta(microseconds=1))
    journey.given_i_signed_in_as("hospital-doctor")
    journey.go(f"/people/{told}/record/")
    journey.when_i_say_why()
    journey.then_i_see("1 line below is new since, marked.")
    row = journey.page.locator("#results tbody tr", has_text="Potassium")
    assert row.locator(".tag", has_text="New").is_visible()
    assert journey.page.locator("#problems .tag", has_text="New").count() == 0


def test_the_record_is_taken_away(journey, told):  # noqa: F811
    """On paper with who printed it, and as a document that another system reads."""
    page = journey.page
    journey.given_i_signed_in_as("hospital-doctor")
    journey.go(f"/people/{told}/record/")
    journey.when_i_say_why()
    with page.expect_download() as given:
        page.get_by_role("link", name="Patient summary (FHIR)").press("Enter")
    made = orjson.loads(given.value.path().read_bytes())
    assert [e["resource"]["resourceType"] for e in made["entry"][:2]] == ["Composition", "Patient"]
    page.get_by_role("link", name="Print form").press("Enter")
    journey.then_i_see("Printed by")
    looked_at(journey, "record-print")
    page.emulate_media(media="print")
    assert page.get_by_text("low risk").first.is_visible()  # nothing is folded away on paper
    assert not page.get_by_role("navigation", name="Main").is_visible()
    assert Audit.objects.filter(act="summary.exported", person=told).count() == 1
