"""The record page: what every source says of a person, on the screen, on paper and as files."""

import orjson
import pytest
from page_data import adt, person_of

from onesystem.access import Actor
from onesystem.access.models import Audit

PATIENT = {
    "resourceType": "Patient",
    "id": "7",
    "identifier": [{"system": "https://fhir.nhs.uk/Id/nhs-number", "value": "9434765919"}],
    "name": [{"family": "Ngāpuhi", "given": ["Māia"]}],
    "birthDate": "1950-03-04",
    "gender": "female",
}


def text_of(answer):
    """The page."""
    return answer.content.decode()


def allergy(words, *, name="a", risk="high", reaction="Rash", status="active"):
    """An allergy."""
    return {
        "resourceType": "AllergyIntolerance",
        "id": name,
        "clinicalStatus": {"coding": [{"code": status}]},
        "code": {"text": words},
        "criticality": risk,
        "patient": {"reference": "Patient/7"},
        "reaction": [{"manifestation": [{"text": reaction}]}],
    }


def potassium(value, day):
    """A result."""
    return {
        "resourceType": "Observation",
        "id": f"k{day}",
        "status": "final",
        "code": {
            "coding": [{"system": "http://loinc.org", "code": "2823-3", "display": "Potassium"}]
        },
        "subject": {"reference": "Patient/7"},
        "effectiveDateTime": f"2026-10-{day:02}T09:00:00Z",
        "valueQuantity": {"value": value, "unit": "mmol/L"},
        "interpretation": [{"coding": [{"code": "H"}]}],
    }  # fmt: skip


def tell(send, *resources, source="gp"):
    """The person comes to the hospital, and a source sends a record of them; who they are."""
    send(adt("1"))
    sent = [PATIENT, *resources]
    send(*(orjson.dumps(each) for each in sent), source=source, name="record.ndjson")
    return person_of()


class TestSummary:
    """One page, at once."""

    def test_it_says_first_what_matters_most(self, send, opened):
        """Allergies before all else, with their risk and source."""
        person = tell(send, allergy("Penicillin"), potassium(5.9, 2))
        page = text_of(opened(person).get(f"/people/{person}/record/"))
        assert "Allergies: Penicillin" in page
        assert "high risk" in page
        assert "Rash" in page
        assert "In Emergency department" in page

    def test_results_have_a_trend(self, send, opened):
        """The newest, whether it is high, and a line of those before it."""
        person = tell(send, potassium(4.1, 1), potassium(4.4, 2), potassium(5.9, 3))
        page = text_of(opened(person).get(f"/people/{person}/record/"))
        assert "5.9" in page
        assert "<polyline" in page
        assert "Oldest to newest: 4.1, 4.4, 5.9" in page
        assert "3 results, higher" in page

    def test_two_sources_that_disagree_are_marked(self, send, opened):
        """One line, both shown."""
        person = tell(send, allergy("Penicillin"))
        tell(send, allergy("PENICILLIN", risk="low"), source="nursing")
        page = text_of(opened(person).get(f"/people/{person}/record/"))
        assert (
            page.count("<strong>Penicillin</strong>") + page.count("<strong>PENICILLIN</strong>")
            == 1
        )
        assert "Sources disagree" in page
        assert "low risk" in page

    def test_an_empty_record_does_not_say_that_all_is_well(self, send, opened):
        """No allergy recorded is not the same as none."""
        send(adt("1"))
        person = person_of()
        page = text_of(opened(person).get(f"/people/{person}/record/"))
        assert "not the same as none" in page
        assert "No source has sent a current medicine" in page

    def test_an_entry_made_in_error_is_gone(self, send, opened):
        """The source took it back."""
        mistaken = allergy("Latex") | {
            "verificationStatus": {"coding": [{"code": "entered-in-error"}]}
        }
        del mistaken["clinicalStatus"]
        person = tell(send, mistaken)
        assert "Latex" not in text_of(opened(person).get(f"/people/{person}/record/"))

    def test_hostile_words_are_shown_as_words(self, send, opened):
        """A source's text never becomes part of the page."""
        person = tell(send, allergy("<script>alert(1)</script>"))
        client = opened(person)
        for path in ("", "print/"):
            page = text_of(client.get(f"/people/{person}/record/{path}"))
            assert "<script>alert" not in page

    @pytest.mark.django_db(transaction=True)  # compaction ends with a commit
    def test_the_newest_contacts_come_however_long_ago_they_were(self, send, opened):
        """The page does not say that there is none, and asks for them once it is shown."""
        from onesystem import contacts

        send(adt("1", at="202401051000"), adt("2", act="A03", at="202401051400"))
        contacts.compact(by=Actor.job("test"))
        person = person_of()
        client = opened(person, "records-officer")
        page = text_of(client.get(f"/people/{person}/record/"))
        assert "Nothing is open, and nothing was within 90 days." in page
        assert "No service of the district has told" not in page
        assert f'hx-get="/people/{person}/record/newest/"' in page
        rest = text_of(client.get(f"/people/{person}/record/newest/"))
        assert "Emergency department" in rest
        assert "5 Jan 2024" in rest
        assert "<html" not in rest

    def test_a_purpose_is_asked_first(self, send, sign_in):
        """As for every page about a person."""
        person = tell(send, allergy("Penicillin"))
        assert "Penicillin" not in text_of(
            sign_in("hospital-doctor").get(f"/people/{person}/record/")
        )


class TestTakingItAway:
    """On paper, and as a document that another system reads."""

    def test_paper_says_who_printed_it_and_why(self, send, opened):
        """And has everything opened."""
        person = tell(send, allergy("Penicillin"))
        page = text_of(opened(person).get(f"/people/{person}/record/print/"))
        assert "Printed by hospital-doctor for direct care" in page

    def test_the_document_is_an_international_patient_summary(self, send, opened):
        """And the export is in the trail."""
        person = tell(send, allergy("Penicillin"), potassium(4.1, 1))
        answer = opened(person).get(f"/people/{person}/record/summary.json")
        made = orjson.loads(answer.content)
        assert made["type"] == "document"
        kinds = [each["resource"]["resourceType"] for each in made["entry"]]
        assert kinds[:2] == ["Composition", "Patient"]
        assert {"AllergyIntolerance", "Observation"} <= set(kinds)
        assert Audit.objects.filter(act="summary.exported", person=person, what="ips").count() == 1

    def test_pdf_is_made_where_the_library_is(self, send, opened):
        """Elsewhere the page says what to do instead."""
        person = tell(send, allergy("Penicillin"))
        answer = opened(person).get(f"/people/{person}/record/summary.pdf")
        if answer.status_code == 200:
            assert answer.content.startswith(b"%PDF")
        else:
            assert "Print the page instead" in text_of(answer)


class TestShutSenders:
    """A sender that the person shut is not heard of by the pages."""

    def test_neither_the_page_nor_the_document_names_it(self, send, opened):
        """Its entries are gone, and so is its description of the person."""
        from onesystem import people
        from onesystem.access import Actor, choices

        other = PATIENT | {"address": [{"text": "7 Elsewhere Lane", "postalCode": "ZZ9 9ZZ"}]}
        send(adt("1"))
        send(
            orjson.dumps(other), orjson.dumps(allergy("Latex")), source="practice", name="c.ndjson"
        )
        person = person_of()
        assert {i.source for i in people.identities_of(person)} == {"pas", "practice"}
        client = opened(person)
        assert "ZZ9 9ZZ" in text_of(client.get(f"/people/{person}/record/summary.json"))
        choices.opt_out(person=person, source="practice", reason="mine", by=Actor.job("test"))
        told = text_of(client.get(f"/people/{person}/record/summary.json"))
        assert "ZZ9 9ZZ" not in told
        assert "Latex" not in told
        assert "Latex" not in text_of(client.get(f"/people/{person}/record/"))
