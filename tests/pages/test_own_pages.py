"""A person's own pages: the record in plain words, who looked, choices with their undo."""

import pytest
from page_data import adt, give_purpose, person_of
from test_record_page import allergy, potassium, tell

from onesystem.access import Actor, asker_of, decide
from onesystem.access import choices as can
from onesystem.access.models import Audit, Consent, Proxy, Question, Review, Seal

DESK = Actor("desk", frozenset({"records-officer"}))
DOCTOR = Actor("hospital-doctor", frozenset({"hospital-doctor"}), organisation="hospital")


def medicine(words="Amlodipine 5 mg"):
    """A prescription."""
    return {
        "resourceType": "MedicationRequest",
        "id": "m",
        "status": "active",
        "intent": "order",
        "medicationCodeableConcept": {"text": words},
        "subject": {"reference": "Patient/7"},
        "authoredOn": "2026-10-01",
        "dosageInstruction": [{"text": "one each morning"}],
    }


@pytest.fixture
def citizen(send, sign_in):
    """Somebody with a record, signed in to see it; and who they are."""
    person = tell(send, allergy("Penicillin"), potassium(5.9, 2), medicine())
    client = sign_in("person", organisation="")
    can.give_own_record(person=person, username="person", by=DESK)
    return client, person


def text_of(answer, status=200):
    """The page."""
    assert answer.status_code == status, answer.content.decode()[:2000]
    return answer.content.decode()


class TestMyRecord:
    """Plain words, no purpose, no codes."""

    def test_it_opens_without_a_purpose_and_is_in_the_trail(self, citizen):
        """It is their own record; that is the purpose."""
        client, person = citizen
        page = text_of(client.get("/me/"))
        assert "Penicillin" in page
        assert "It can be dangerous for you." in page
        assert "5.9 mmol/L, higher than usual." in page
        assert "Take: one each morning." in page
        assert "Emergency department" in page
        assert "2823-3" not in page
        row = Audit.objects.latest("id")
        assert (row.act, row.person, row.purpose) == ("person.looked", person, "own record")

    def test_signing_in_leads_there(self, citizen):
        """The board is not theirs."""
        client, _ = citizen
        assert client.get("/").headers["Location"] == "/me/"

    def test_an_account_without_a_record_says_what_to_do(self, joined, sign_in):
        """Nobody's record opens by mistake."""
        page = text_of(sign_in("person").get("/me/"))
        assert "No record is joined to your account yet" in page

    def test_nobody_elses_opens(self, citizen, send):
        """As if it did not exist."""
        client, person = citizen
        send(adt("2", person="P2", visit="V2", nhs="9990548609", name=("Reed", "Sedge")))
        other = person_of("RM1:P2")
        assert other != person
        assert client.get(f"/me/for/{other}/").status_code == 404
        assert client.get("/me/for/999999/choices/").status_code == 404
        assert client.get(f"/people/{person}/").status_code == 403

    def test_staff_do_not_come_in_here(self, citizen, sign_in):
        """The pages of the record are for them."""
        assert sign_in("hospital-doctor").get("/me/").status_code == 403


class TestWhoLooked:
    """When, from where and why; and a way to ask."""

    def test_a_look_stands_there_with_its_reason_and_tie(self, citizen, sign_in):
        """From the organisation's own words."""
        client, person = citizen
        doctor = sign_in("hospital-doctor")
        give_purpose(doctor, person, "direct care")
        doctor.get(f"/people/{person}/")
        page = text_of(client.get("/me/looks/"))
        assert "Testshire Hospital" in page
        assert "to look after you" in page
        assert "a test of the page" in page
        assert "You were with them at the time" in page

    def test_broken_glass_is_marked(self, citizen, sign_in):
        """So that the person sees it first."""
        client, person = citizen
        nurse = sign_in("district-nurse", organisation="community")
        give_purpose(nurse, person, "direct care")
        nurse.post(f"/break-glass/{person}/",
                   {"choice": "emergency", "words": "fell at home", "to": "/"})  # fmt: skip
        nurse.get(f"/people/{person}/")
        page = text_of(client.get("/me/looks/"))
        assert "Broke the glass" in page
        assert "fell at home" in page

    def test_a_question_reaches_the_officer_and_its_answer_comes_back(self, citizen, sign_in):
        """The whole way round, by the pages."""
        client, person = citizen
        doctor = sign_in("hospital-doctor")
        give_purpose(doctor, person, "direct care")
        doctor.get(f"/people/{person}/")
        look = Audit.objects.filter(act="person.looked", actor="hospital-doctor").latest("id").id
        assert "You ask about the look of" in text_of(client.get(f"/me/ask/?look={look}"))
        client.post("/me/ask/", {"look": look, "words": "Why did they look?"})
        assert "Waits for an answer" in text_of(client.get("/me/looks/"))
        officer = sign_in("privacy-officer")
        review = Review.objects.get(rule="question")
        assert review.actor == "hospital-doctor"
        assert "The person asks" in text_of(officer.get("/privacy/"))
        address = f"/privacy/looks/{review.id}/"
        assert "Why did they look?" in text_of(officer.get(address))
        form = {"do": "resolve", "outcome": "fine", "note": "asked the ward"}
        assert "waits for an answer" in text_of(officer.post(address, form), 422)
        officer.post(address, form | {"answer": "They were on the ward round."})
        assert "They were on the ward round." in text_of(client.get("/me/looks/"))
        assert "asked the ward" not in text_of(client.get("/me/looks/"))

    def test_a_look_at_somebody_else_cannot_be_asked_about(self, citizen, send, sign_in):
        """A guessed number asks nothing."""
        client, _ = citizen
        send(adt("2", person="P2", visit="V2", nhs="9990548609", name=("Reed", "Sedge")))
        other = person_of("RM1:P2")
        doctor = sign_in("hospital-doctor")
        give_purpose(doctor, other, "direct care")
        doctor.get(f"/people/{other}/")
        look = Audit.objects.filter(act="person.looked", person=other).latest("id").id
        assert client.post("/me/ask/", {"look": look, "words": "Who?"}).status_code == 422
        assert not Question.objects.exists()


class TestMyChoices:
    """Each is checked first, works at once, and is taken back."""

    @pytest.mark.parametrize("what", [{}, {"kind": "mental-health"}, {"source": "pas"}])
    def test_stop_and_share_again(self, citizen, what):
        """Whole, by kind, by source."""
        client, person = citizen
        asked = {"do": "stop", **what}
        assert "What this means" in text_of(client.get("/me/change/", asked))
        assert not Consent.objects.exists()
        assert client.post("/me/change/", asked).status_code == 302
        choice = Consent.objects.get()
        if not what:
            assert decide(asker_of(DOCTOR, "direct care"), person).reason == "opted-out"
            assert "Your record is not shared." in text_of(client.get("/me/choices/"))
        client.post("/me/change/", {"do": "share", "choice": choice.id})
        assert decide(asker_of(DOCTOR, "direct care"), person)
        page = text_of(client.get("/me/choices/"))
        assert "Shared again" in page
        assert "Stopped sharing" in page

    def test_a_medicine_is_marked_and_the_mark_is_taken_away(self, citizen, opened):
        """Others no longer see it; the person does."""
        client, person = citizen
        doctor = opened(person)
        address = f"/people/{person}/record/"
        assert "Amlodipine" in text_of(doctor.get(address))
        page = text_of(client.get("/me/"))
        link = next(part for part in page.split('href="') if part.startswith("/me/change/?do=seal")
                    and "kind=entry" in part)  # fmt: skip
        where = link.split('"')[0].replace("&amp;", "&")
        assert "Mark as confidential: Amlodipine" in text_of(client.get(where))
        items = [p.removeprefix("item=") for p in where.split("&") if p.startswith("item=")]
        client.post("/me/change/", {"do": "seal", "kind": "entry", "item": items})
        assert "Amlodipine" not in text_of(doctor.get(address))
        assert "Confidential" in text_of(client.get("/me/"))
        assert "Amlodipine" in text_of(client.get("/me/choices/"))
        client.post("/me/change/", {"do": "unseal", "item": items})
        assert "Amlodipine" in text_of(doctor.get(address))

    def test_a_visit_is_marked(self, citizen):
        """By the contacts that it is made of."""
        client, _ = citizen
        page = text_of(client.get("/me/"))
        link = next(part for part in page.split('href="') if "kind=contact" in part)
        items = [p.removeprefix("item=") for p in link.split('"')[0].split("&amp;")
                 if p.startswith("item=")]  # fmt: skip
        client.post("/me/change/", {"do": "seal", "kind": "contact", "item": items})
        assert Seal.objects.filter(kind="contact", until__isnull=True).count() == len(items)

    def test_what_is_not_theirs_cannot_be_marked(self, citizen):
        """A guessed number does nothing."""
        client, _ = citizen
        answer = client.post("/me/change/", {"do": "seal", "kind": "entry", "item": ["99999"]})
        assert answer.status_code == 422
        assert not Seal.objects.exists()

    def test_somebody_is_named_acts_and_is_ended(self, citizen, sign_in):
        """The carer sees the record under their own name."""
        client, person = citizen
        carer = sign_in("person", name="carer", organisation="")
        asked = {"do": "name", "username": "carer", "tie": "daughter"}
        assert "carer (daughter) will see" in text_of(client.get("/me/change/", asked))
        client.post("/me/change/", asked)
        assert "You act for" in text_of(carer.get("/me/"))
        assert "Penicillin" in text_of(carer.get(f"/me/for/{person}/"))
        assert "They act for you" in text_of(client.get("/me/looks/"))
        client.post("/me/change/", {"do": "unname", "proxy": Proxy.objects.get().id})
        assert carer.get(f"/me/for/{person}/").status_code == 404

    @pytest.mark.parametrize(
        "asked",
        [{}, {"do": "x"}, {"do": "share", "choice": "x"}, {"do": "share", "choice": "9"},
         {"do": "unname", "proxy": "9"}, {"do": "stop", "kind": "x"}, {"do": "stop", "source": "x"},
         {"do": "seal"}, {"do": "unseal", "item": "9"}, {"do": "name", "username": "nobody"},
         {"do": "name", "username": "nobody", "tie": "friend"}],
    )  # fmt: skip
    def test_nonsense_is_answered_with_what_to_do(self, citizen, asked):
        """Never with a fault of ours."""
        client, _ = citizen
        assert client.post("/me/change/", asked).status_code == 422
