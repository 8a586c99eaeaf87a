"""The privacy officer's pages: the list, one look, agreements, well-known people, figures."""

import pytest
from page_data import adt, give_purpose, person_of

from onesystem.access.models import AgreementRow, Audit, Review, ReviewNote, User, WellKnown


def text_of(answer, status=200):
    """The page."""
    assert answer.status_code == status, answer.content.decode()[:2000]
    return answer.content.decode()


@pytest.fixture
def officer(joined, sign_in):
    """The privacy officer's browser."""
    return sign_in("privacy-officer")


@pytest.fixture
def relative(send, sign_in):
    """A doctor has looked at somebody of their own family name; who that is."""
    send(adt("1"))
    person = person_of()
    client = sign_in("hospital-doctor")
    User.objects.filter(username="hospital-doctor").update(name="Doctor Ngapuhi")
    give_purpose(client, person, "direct care")
    client.get(f"/people/{person}/")
    return person


RESOLVE = {"do": "resolve", "outcome": "fine", "note": "the only doctor on the ward"}


class TestWorklist:
    """What to look at again."""

    def test_it_is_empty_and_says_why(self, officer):
        """Advice instead of a bare table."""
        page = text_of(officer.get("/privacy/"))
        assert "No look waits for you" in page
        assert "The rules read every look" in page

    def test_opening_it_brings_it_up_to_now(self, officer, relative):
        """A macron does not hide a relative."""
        page = text_of(officer.get("/privacy/"))
        assert "Same family name" in page
        assert "Doctor Ngapuhi" in page
        assert "1 look to look at again" in page
        assert "Māia" not in page  # a list of names would itself be worth a look

    def test_filters_and_export(self, officer, relative):
        """What is exported is what is shown, and that it was is in the trail."""
        text_of(officer.get("/privacy/"))
        for query, there in (
            ("rule=same-name", True), ("rule=neighbour", False), ("actor=hospital-doctor", True),
            ("actor=x", False), ("state=resolved", False), ("state=all", True),
            (f"person={relative}", True), ("person=x", True), ("text=test+of+the", True),
            ("text=zebra", False), ("since=2199-01-01", False), ("until=2199-01-01", True),
            ("since=x&until=y", True),
        ):  # fmt: skip
            page = text_of(officer.get(f"/privacy/?{query}"))
            assert ("/privacy/looks/" in page.split("<table")[-1]) is there, query
        answer = officer.get("/privacy/?format=csv")
        assert "hospital-doctor" in answer.content.decode()
        assert Audit.objects.filter(act="worklist.exported").count() == 1

    def test_a_look_is_resolved_with_a_note_and_reopened(self, officer, relative):
        """Both notes stay; the list follows."""
        officer.get("/privacy/")
        address = f"/privacy/looks/{Review.objects.get().id}/"
        page = text_of(officer.get(address))
        assert "a test of the page" in page
        assert "with this person" in page
        assert "Say what you found" in text_of(officer.post(address, RESOLVE | {"note": " "}), 422)
        assert officer.post(address, RESOLVE).status_code == 302
        assert "No look waits for you" in text_of(officer.get("/privacy/"))
        assert "Say what changed" in text_of(officer.post(address, {"do": "reopen"}), 422)
        officer.post(address, {"do": "reopen", "note": "they looked again"})
        page = text_of(officer.get(address))
        assert "the only doctor on the ward" in page
        assert "they looked again" in page
        assert ReviewNote.objects.count() == 2
        assert "1 look to look at again" in text_of(officer.get("/privacy/"))

    def test_broken_glass_is_on_it(self, officer, send, sign_in):
        """At once."""
        send(adt("1"))
        person = person_of()
        nurse = sign_in("district-nurse", organisation="community")
        give_purpose(nurse, person, "direct care")
        nurse.post(f"/break-glass/{person}/",
                   {"choice": "emergency", "words": "fell at home", "to": "/"})  # fmt: skip
        assert "Broke the glass" in text_of(officer.get("/privacy/"))

    def test_others_do_not_see_it(self, sign_in):
        """Nor the way to it."""
        client = sign_in("administrator")
        for path in ("", "agreements/", "well-known/", "figures/", "looks/1/"):
            assert client.get(f"/privacy/{path}").status_code == 403
        assert 'href="/privacy/"' not in text_of(client.get("/settings/roles/"))


AGREEMENT = {
    "name": "Hospital and practices", "organisations": ["hospital", "practice"],
    "purposes": ["direct care"], "kinds": ["mental-health"], "basis": "UK GDPR 9(2)(h)",
    "starts": "2026-11-01", "ends": "",
}  # fmt: skip


class TestAgreements:
    """Kept, read by the rules, ended."""

    def test_it_is_checked_then_kept_then_ended(self, officer):
        """The first one says that it ends the default."""
        assert "share everything" in text_of(officer.get("/privacy/agreements/"))
        check = text_of(officer.post("/privacy/agreements/add/", AGREEMENT))
        assert "This is the first agreement" in check
        assert not AgreementRow.objects.exists()
        officer.post("/privacy/agreements/add/", AGREEMENT | {"sure": "1"})
        page = text_of(officer.get("/privacy/agreements/"))
        assert "Mill Road Surgery, Testshire Hospital" in page
        assert "In force" in page
        end = f"/privacy/agreements/{AgreementRow.objects.get().id}/end/"
        assert "takes effect at once" in text_of(officer.get(end))
        assert "Say why" in text_of(officer.post(end, {}), 422)
        officer.post(end, {"reason": "a new one comes"})
        assert "Ended" in text_of(officer.get("/privacy/agreements/"))
        assert "Agreement" in officer.get("/privacy/agreements/?format=csv").content.decode()

    @pytest.mark.parametrize(
        "wrong",
        [{"name": ""}, {"organisations": []}, {"organisations": ["x"]}, {"purposes": []},
         {"purposes": ["x"]}, {"basis": " "}, {"starts": "x"}, {"ends": "x"},
         {"ends": "2026-10-01"}, {"kinds": ["x"]}],
    )  # fmt: skip
    def test_what_is_wrong_is_said(self, officer, wrong):
        """And nothing is kept."""
        answer = officer.post("/privacy/agreements/add/", AGREEMENT | wrong | {"sure": "1"})
        assert answer.status_code == 422
        assert not AgreementRow.objects.exists()


class TestWellKnown:
    """A list of numbers."""

    def test_somebody_is_added_watched_and_taken_off(self, officer, relative):
        """From then on every look comes."""
        form = {"person": relative, "reason": "in the news"}
        assert officer.post("/privacy/well-known/", form).status_code == 302
        assert officer.post("/privacy/well-known/", form).status_code == 422
        assert "in the news" in text_of(officer.get("/privacy/well-known/"))
        assert "Well-known person" in text_of(officer.get("/privacy/"))
        officer.post(f"/privacy/well-known/{WellKnown.objects.get().id}/end/")
        assert "Nobody is on the list" in text_of(officer.get("/privacy/well-known/"))

    @pytest.mark.parametrize("wrong", [{"person": "x"}, {"person": "99999"}, {"reason": ""}])
    def test_nonsense_is_refused(self, officer, relative, wrong):
        """With what to do."""
        form = {"person": relative, "reason": "in the news"} | wrong
        assert officer.post("/privacy/well-known/", form).status_code == 422


class TestFigures:
    """For the board; they name nobody."""

    def test_nothing_yet(self, officer):
        """Says so."""
        page = text_of(officer.get("/privacy/figures/"))
        assert "Nobody has looked yet" in page
        assert "Nobody has broken the glass" in page
        assert "Nobody has chosen not to share" in page

    def test_looks_choices_and_the_list(self, officer, relative):
        """Small counts of people are not shown."""
        from onesystem.access import Actor
        from onesystem.access.choices import opt_out

        officer.get("/privacy/")
        opt_out(person=relative, by=Actor("desk", frozenset({"records-officer"})))
        page = text_of(officer.get("/privacy/figures/"))
        assert "<svg" in page
        assert "Testshire Hospital" in page
        assert "fewer than 5" in page
        assert "Same family name" in page
        assert "Testshire Hospital" in officer.get("/privacy/figures/?format=csv").content.decode()
