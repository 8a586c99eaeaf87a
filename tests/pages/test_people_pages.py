"""The pages of people: search, identities, matches, and decisions that can be taken back."""

import pytest
from page_data import adt, give_purpose, person_of

from onesystem.access.models import Audit
from onesystem.people import blocking
from onesystem.people.models import Identity

OFFICER = "records-officer"
CLINICIAN = "hospital-doctor"
ELSEWHERE = "Flat 9, High Street^^Lynn^^PE30 1AA||"


def text_of(answer):
    return answer.content.decode()


@pytest.fixture
def alike(send):
    """Two records of one source that may be one person: no number in common, names nearly so."""
    send(
        adt("1", person="P1", nhs="", name=("Ngāpuhi", "Māia")),
        adt("2", person="P2", visit="V2", nhs="", name=("Ngapuhi", "Maya"), home=ELSEWHERE),
    )
    return [i.id for i in Identity.objects.order_by("id")]


class TestSearch:
    @pytest.mark.parametrize(
        ("role", "status"),
        [(CLINICIAN, 200), (OFFICER, 200), ("integration-engineer", 403), ("viewer", 403)],
    )
    def test_who_may_search(self, sign_in, role, status):
        assert sign_in(role).get("/people/?q=ngapuhi").status_code == status

    @pytest.mark.parametrize(
        "typed", ["ngapuhi", "NGĀPUHI māia", "maia nga", "1950-03-04", "943 476 5919"]
    )
    def test_a_person_is_found_however_they_are_typed(self, sign_in, send, typed):
        send(adt("1"))
        page = text_of(sign_in(CLINICIAN).get("/people/", {"q": typed}))
        assert "Māia Ngāpuhi" in page
        assert "943 476 5919" in page
        assert "4 Mar 1950" in page

    def test_an_empty_answer_gives_advice(self, sign_in):
        assert "Try fewer letters" in text_of(sign_in(CLINICIAN).get("/people/?q=zzyzx"))

    def test_one_letter_asks_nobody(self, sign_in):
        page = sign_in(CLINICIAN).get("/people/?q=n")
        assert "Nobody was found" not in text_of(page) or page.status_code == 200
        assert not Audit.objects.filter(act="people.searched").exists()

    def test_a_search_is_in_the_trail_without_what_was_typed(self, sign_in, send):
        send(adt("1"))
        sign_in(CLINICIAN).get("/people/?q=ngapuhi")
        row = Audit.objects.get(act="people.searched")
        assert "ngapuhi" not in f"{row.what}{row.detail}{row.reason}".lower()

    def test_typing_swaps_the_results_alone(self, sign_in, send):
        send(adt("1"))
        headers = {"HX-Request": "true"}
        part = text_of(sign_in(CLINICIAN).get("/people/?q=ngapuhi", headers=headers))
        assert "Māia Ngāpuhi" in part
        assert "<html" not in part

    def test_a_hostile_name_is_shown_and_never_run(self, sign_in, send):
        send(adt("1", name=("<script>alert(1)</script>", "Robert")))
        page = text_of(sign_in(CLINICIAN).get("/people/?q=robert"))
        assert "<script>alert" not in page


class TestPerson:
    def test_a_purpose_is_asked_first(self, sign_in, send):
        send(adt("1"))
        page = text_of(sign_in(CLINICIAN).get(f"/people/{person_of()}/"))
        assert "Māia" not in page
        assert "direct care" in page

    def test_it_shows_who_they_are_by_source(self, send, opened):
        send(adt("1"))
        page = text_of(opened(person_of()).get(f"/people/{person_of()}/"))
        assert "Hospital patient administration" in page
        assert "passes its check" in page
        assert "RM1:P1" in page

    def test_the_look_is_audited(self, send, opened):
        send(adt("1"))
        opened(person_of()).get(f"/people/{person_of()}/")
        assert Audit.objects.filter(act="person.looked", person=person_of()).exists()

    def test_nobody_is_at_a_number_that_is_nobody(self, opened):
        assert opened(4711).get("/people/4711/").status_code == 404


class TestMatches:
    def test_the_worklist_is_for_records_officers(self, sign_in, joined):
        assert sign_in(CLINICIAN).get("/people/matches/").status_code == 403
        page = text_of(sign_in(OFFICER).get("/people/matches/"))
        assert "Nothing waits for a decision" in page

    def test_records_that_are_too_many_alike_to_compare_are_told_of(
        self, sign_in, send, monkeypatch
    ):
        monkeypatch.setattr(blocking, "MOST", 2)
        names = "Abcdef"
        send(*(adt(n, person=n, visit=n, nhs="", name=("Stone", f"Baby{n}")) for n in names))
        page = text_of(sign_in(OFFICER).get("/people/matches/#crowds"))
        assert "Birth date and family name" in page
        assert "4 Mar 1950, stone" in page
        assert Audit.objects.filter(act="crowds.looked").exists()

    def test_two_records_are_compared_weight_by_weight(self, sign_in, alike):
        a, b = alike
        page = text_of(sign_in(OFFICER).get(f"/people/matches/{a}-{b}/"))
        for words in ("Family name", "Birth date", "agrees", "missing", "bits"):
            assert words in page
        assert Audit.objects.filter(act="match.compared").exists()

    def test_a_merge_and_its_undoing(self, sign_in, alike):
        from onesystem import people

        a, b = alike
        client = sign_in(OFFICER)
        assert people.person_of([a, b]) == {a: a, b: b}
        assert f"/people/matches/{a}-{b}/" in text_of(client.get("/people/matches/"))
        done = client.post(
            f"/people/matches/{a}-{b}/", {"decide": "merge", "reason": "same address"}
        )
        assert "All their records are one person" in text_of(done)
        assert people.person_of([a, b]) == {a: a, b: a}
        decision = int(text_of(done).split("Decision ")[1].split(".")[0])
        client.post(f"/people/decisions/{decision}/undo/")
        assert people.person_of([a, b]) == {a: a, b: b}

    def test_a_decision_needs_a_reason(self, sign_in, alike):
        a, b = alike
        answer = sign_in(OFFICER).post(f"/people/matches/{a}-{b}/", {"decide": "apart"})
        assert answer.status_code == 422
        assert "needs a reason" in text_of(answer)

    def test_not_now_puts_a_pair_off_for_the_session(self, sign_in, alike):
        a, b = alike
        client = sign_in(OFFICER)
        client.post(f"/people/matches/{a}-{b}/", {"decide": "later"})
        assert f"/people/matches/{a}-{b}/" not in text_of(client.get("/people/matches/"))
        client.post("/people/matches/again/")
        assert "put off" not in text_of(client.get("/people/matches/"))

    def test_two_verified_numbers_that_differ_are_never_merged(self, sign_in, send):
        from onesystem import people

        send(
            adt("1", person="P1", nhs="9434765919"),
            adt("2", person="P2", visit="V2", nhs="9434765870"),
        )
        _, b = [i.id for i in Identity.objects.order_by("id")]
        assert people.person_of([b])[b] == b

    def test_identities_are_unmerged_with_a_reason_and_come_back(self, sign_in, send):
        from onesystem import people

        send(adt("1", person="P1"))
        send(adt("2", person="P2", visit="V2"))
        a, b = [i.id for i in Identity.objects.order_by("id")]
        assert people.person_of([b])[b] == a
        client = sign_in(OFFICER)
        give_purpose(client, a, "records management")
        page = text_of(client.get(f"/people/{a}/unmerge/?identity={b}"))
        assert "will leave this person" in page
        done = client.post(f"/people/{a}/unmerge/", {"identity": [b], "reason": "two sisters"})
        assert "Unmerged" in text_of(done)
        assert people.person_of([b])[b] == b
        history = text_of(client.get(f"/people/{a}/"))
        assert "two sisters" in history
        decision = int(text_of(done).split("Decision ")[1].split(".")[0])
        client.post(f"/people/decisions/{decision}/undo/", {"person": a})
        assert people.person_of([b])[b] == a

    def test_a_clinician_cannot_unmerge(self, send, opened):
        send(adt("1"))
        answer = opened(person_of()).post(f"/people/{person_of()}/unmerge/", {"identity": ["1"]})
        assert answer.status_code == 403
