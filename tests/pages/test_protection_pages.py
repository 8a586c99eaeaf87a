"""Corrections, retention and legal holds on their pages, for the person and for the officer."""

import re
from datetime import date

import pytest
from page_data import adt, give_purpose, person_of
from test_own_pages import citizen, medicine, text_of  # noqa: F401

from onesystem.record.corrections.rows import Correction
from onesystem.record.keeping import searching
from onesystem.record.keeping.rows import Certificate, Due, Hold
from onesystem.record.models import EntryRow


@pytest.fixture
def officer(sign_in):
    """A records officer."""
    return sign_in("records-officer", name="olu")


class TestCorrections:
    """From "this is wrong" to what stands beside it."""

    def test_a_person_asks_and_an_officer_puts_it_right(self, citizen, officer):  # noqa: F811
        """Everybody sees what it was and who put it right."""
        client, person = citizen
        page = text_of(client.get("/me/"))
        pattern = r'/me/correct/\?about=entry&amp;item=\d+(?="[^>]*>This is wrong)'
        href = re.search(pattern, page)[0].replace("&amp;", "&")
        assert "What is wrong?" in text_of(client.get(href))
        item = EntryRow.objects.get(kind="AllergyIntolerance").entry
        told = {"about": "entry", "item": item, "wrong": "not me", "should": "Latex"}
        assert client.post("/me/correct/", told | {"wrong": " "}).status_code == 422
        assert client.post("/me/correct/", told).status_code == 302
        assert "Waits for an answer" in text_of(client.get("/me/corrections/"))
        assert "Correction asked for" in text_of(client.get("/me/"))
        number = Correction.objects.get().pk
        assert "1 wait for a decision" in text_of(officer.get("/protection/"))
        give_purpose(officer, person, "records management")
        here = f"/people/{person}/corrections/{number}/"
        assert "not me" in text_of(officer.get(here))
        done = {
            "do": "accept",
            "to-words": "Latex",
            "to-code": "",
            "to-system": "",
            "reason": "letter",
        }
        assert officer.post(here, done | {"reason": ""}).status_code == 422
        assert officer.post(here, done).status_code == 302
        assert "Tell" in text_of(officer.get(here))
        page = text_of(officer.get(f"/people/{person}/record/"))
        assert "Latex" in page
        assert "Corrected" in page
        assert "put right by olu: letter" in page
        assert "Put right" in text_of(client.get("/me/corrections/"))
        assert "Penicillin" in text_of(client.get("/me/"))  # struck out, as it was
        assert officer.post(here, {"do": "told"}).status_code == 302
        assert officer.post(here, {"do": "undo", "reason": "no"}).status_code == 302
        assert "Corrected" not in text_of(officer.get(f"/people/{person}/record/"))

    def test_refused_the_statement_stands_beside_it(self, citizen, officer, sign_in):  # noqa: F811
        """For clinicians too, on the record and in the list of entries."""
        client, person = citizen
        item = EntryRow.objects.get(kind="AllergyIntolerance").entry
        client.post("/me/correct/", {"about": "entry", "item": item, "wrong": "w", "should": "s"})
        give_purpose(officer, person, "records management")
        here = f"/people/{person}/corrections/{Correction.objects.get().pk}/"
        sent = {"do": "refuse", "reason": "tested", "statement": "It was a rash from <heat>"}
        assert officer.post(here, sent).status_code == 302
        doctor = sign_in("hospital-doctor", name="doc")
        give_purpose(doctor, person, "direct care")
        for page in ("record", "entries/AllergyIntolerance", "corrections"):
            assert "It was a rash from &lt;heat&gt;" in text_of(
                doctor.get(f"/people/{person}/{page}/")
            )
        assert "Write a correction down" not in text_of(
            doctor.get(f"/people/{person}/corrections/")
        )
        assert doctor.get(here).status_code == 403

    def test_a_contact_and_who_they_are(self, send, officer):
        """From the timeline and from the corrections of the person."""
        send(adt("1"))
        person = person_of("RM1:P1")
        give_purpose(officer, person, "records management")
        page = text_of(officer.get(f"/people/{person}/timeline/"))
        contact = re.search(r"about=contact&amp;item=(\d+)", page)[1]
        told = {"about": "contact", "item": contact, "wrong": "w", "should": "s"}
        assert officer.post(f"/people/{person}/corrections/ask/", told).status_code == 302
        here = f"/people/{person}/corrections/{Correction.objects.get().pk}/"
        assert "It never happened" in text_of(officer.get(here))
        assert (
            officer.post(here, {"do": "accept", "to-reason": "fall", "reason": "r"}).status_code
            == 302
        )
        assert "Corrected" in text_of(officer.get(f"/people/{person}/timeline/"))
        assert "about=person" in text_of(officer.get(f"/people/{person}/corrections/"))

    def test_a_proxy_or_stranger_opens_nobody_else(self, citizen):  # noqa: F811
        """A guessed number is nobody's."""
        client, _ = citizen
        assert client.get("/me/correct/?about=entry&item=5").status_code == 422
        assert client.get("/protection/").status_code == 403

    def test_taken_back(self, citizen):  # noqa: F811
        """By the person, while it waits."""
        client, _ = citizen
        item = EntryRow.objects.get(kind="AllergyIntolerance").entry
        client.post("/me/correct/", {"about": "entry", "item": item, "wrong": "w", "should": "s"})
        number = Correction.objects.get().pk
        assert client.post("/me/corrections/", {"correction": number}).status_code == 302
        assert Correction.objects.get().state == "withdrawn"


class TestKeeping:
    """Holds and retention."""

    def test_a_hold_and_then_destroying(self, send, officer):
        """Blocked, released, checked, destroyed; the certificate tells nothing."""
        send(adt("1", at="201501011000", person="P7771"),
             adt("2", act="A03", at="201501021000", person="P7771"))  # fmt: skip
        person = person_of("RM1:P7771")
        assert "Nothing to decide" in text_of(officer.get("/protection/retention/"))
        assert officer.post("/protection/retention/").status_code == 302
        assert "Waiting for its turn" in text_of(officer.get("/protection/retention/"))
        searching.work()
        due = Due.objects.get()
        assert "8 years after the last contact" in text_of(officer.get("/protection/retention/"))
        hold = {"person": person, "reference": "C-1", "reason": "claim", "review": "2099-01-01"}
        assert officer.post("/protection/holds/", hold | {"review": "x"}).status_code == 422
        assert officer.post("/protection/holds/", hold).status_code == 302
        assert "C-1" in text_of(officer.get("/protection/holds/"))
        here = f"/protection/retention/{due.pk}/"
        assert "A legal hold stands" in text_of(officer.get(here))
        sure = {"do": "destroy", "reason": "due", "sure": "yes"}
        assert officer.post(here, sure).status_code == 422
        number = Hold.objects.get().pk
        assert officer.post(f"/protection/holds/{number}/", {"reason": ""}).status_code == 422
        assert officer.post(f"/protection/holds/{number}/", {"reason": "over"}).status_code == 302
        assert "Check before it is destroyed" in text_of(
            officer.post(here, {"do": "destroy", "reason": "due"})
        )
        assert officer.post(here, sure).status_code == 302
        assert Certificate.objects.count() == 1
        assert "Certificate" in text_of(officer.get("/protection/retention/"))

    def test_kept_with_a_reason(self, send, officer):
        """Until a day to come."""
        send(adt("1", at="201501011000", person="P7771"),
             adt("2", act="A03", at="201501021000", person="P7771"))  # fmt: skip
        officer.post("/protection/retention/")
        searching.work()
        here = f"/protection/retention/{Due.objects.get().pk}/"
        assert (
            officer.post(
                here, {"do": "keep", "reason": "study", "review": "2000-01-01"}
            ).status_code
            == 422
        )
        assert (
            officer.post(
                here, {"do": "keep", "reason": "study", "review": "2099-01-01"}
            ).status_code
            == 302
        )
        assert Due.objects.get().review == date(2099, 1, 1).isoformat()
