"""What a crew decides: in the log, the record and the trail, told to the practice, fed back."""

import orjson
import pytest

from onesystem import contacts, feeds, people
from onesystem.access import Actor
from onesystem.access.models import Audit, Notice
from onesystem.care.triage import deciding, feedback, library
from onesystem.care.triage.deciding import Call, Decision, Scored
from onesystem.care.triage.rows import CrewRow
from onesystem.care.triage.scene import scene_of, with_crews
from onesystem.care.triage.tables import work_out
from onesystem.people.models import Identity
from onesystem.record.models import EntryRow
from onesystem.vocabulary import NotPermitted, UserError

pytestmark = pytest.mark.django_db
CREW = Actor("paul", frozenset({"paramedic"}), organisation="hospital")
WELL = {
    "respiration": 16, "saturation": 97, "scale": "one", "oxygen": False, "systolic": 120,
    "pulse": 131, "consciousness": "alert", "temperature": 37.0,
}  # fmt: skip


def scored(**more):
    table, given = library.table("news2"), WELL | more
    return Scored(table=table, given=given, result=work_out(table, given))


def of(person):
    return contacts.of_identities(people.identity_ids_of(person))


def ring(**more):
    told = {"practice": "practice", "spoke_to": "Dr Lee", "answer": "visit", "words": "By two"}
    return Decision(outcome="ring", note="Fell in the kitchen", call=Call(**told | more))


class TestDeciding:
    """Each outcome as the log, the record and the practice have it afterwards."""

    def test_whom_the_crew_is_with(self, paul, patient):
        [there] = with_crews(paul)
        assert (there.person, there.name, there.ended) == (patient, "Māia Ngāpuhi", False)

    def test_ring_the_practice(self, paul, patient):
        deciding.decide(person=patient, decision=ring(), by=paul)
        ambulance, call = sorted(of(patient), key=lambda c: c.service)
        assert ambulance.outcome == "referred to practice"
        assert (call.service, str(call.setting), call.outcome, call.by) == (
            "gp", "telephone", "a visit today", "Dr Lee",
        )  # fmt: skip
        assert call.cause == ambulance.contact
        notice = Notice.objects.get()
        assert notice.words == ""  # an outcome with a link to whom it is of is the record's alone
        assert (notice.organisation, notice.topic) == ("practice", "crew.rings")
        row = Audit.objects.get(act="crew.decided")
        assert "kitchen" not in row.detail

    def test_a_doctors_answer_may_turn_it_round(self, paul, patient):
        deciding.decide(person=patient, decision=ring(answer="hospital"), by=paul)
        assert {c.outcome for c in of(patient)} == {"taken to hospital", "take them to hospital"}

    def test_what_was_measured_goes_to_the_record(self, paul, patient):
        decision = Decision(outcome="convey", to="ed", scored=(scored(),))
        deciding.decide(person=patient, decision=decision, by=paul)
        found = EntryRow.objects.filter(kind="Observation").values_list("code", "value")
        assert ("8867-4", "131") in found
        assert ("1104051000000101", "3") in found
        [body] = [
            orjson.loads(contacts_body) for contacts_body in _bodies("1104051000000101")
        ]  # fmt: skip
        assert body["valueQuantity"]["value"] == 3

    def test_no_score_where_something_is_missing(self, paul, patient):
        decision = Decision(outcome="convey", to="ed", scored=(scored(pulse=None),))
        deciding.decide(person=patient, decision=decision, by=paul)
        codes = set(EntryRow.objects.filter(kind="Observation").values_list("code", flat=True))
        assert "9279-1" in codes
        assert "1104051000000101" not in codes
        assert "no score" in feedback.mine(paul)[0].scores[0]

    def test_the_note_is_a_document(self, paul, patient):
        deciding.decide(
            person=patient, decision=Decision(outcome="leave", note="Tea and toast"), by=paul
        )
        assert EntryRow.objects.filter(kind="DocumentReference").count() == 1

    def test_the_later_decision_stands(self, paul, patient):
        deciding.decide(person=patient, decision=Decision(outcome="leave", note="x"), by=paul)
        deciding.decide(person=patient, decision=Decision(outcome="convey", to="ed"), by=paul)
        assert [(d.outcome, d.replaced) for d in feedback.mine(paul)] == [
            ("convey", False), ("leave", True),
        ]  # fmt: skip
        assert [c.outcome for c in of(patient)] == ["taken to hospital"]

    def test_a_replay_says_it_again(self, paul, patient):
        deciding.decide(person=patient, decision=ring(), by=paul)
        before = [(c.contact, c.outcome, c.cause) for c in of(patient)], CrewRow.objects.get().said
        feeds.replay(everything=True)
        again = [(c.contact, c.outcome, c.cause) for c in of(patient)], CrewRow.objects.get().said
        assert again == before

    def test_what_is_sent_again_for_want_of_an_answer_is_decided_once(self, paul, patient):
        """The network was lost on the way back: the crew presses again."""
        once = "a" * 32
        for _ in range(2):
            assert deciding.decide(person=patient, decision=ring(), by=paul, once=once) == once
        assert CrewRow.objects.count() == Notice.objects.count() == 1
        assert len(of(patient)) == 2
        assert Audit.objects.filter(act="crew.decided").count() == 1

    def test_other_words_under_the_same_key_are_another_decision(self, paul, patient):
        """The way back in the browser, to decide otherwise."""
        once = "a" * 32
        deciding.decide(person=patient, decision=ring(), by=paul, once=once)
        left = Decision(outcome="leave", note="Better now")
        assert deciding.decide(person=patient, decision=left, by=paul, once=once) != once
        assert [d.outcome for d in feedback.mine(paul) if not d.replaced] == ["leave"]

    def test_a_call_that_nobody_answered_refers_nobody(self, paul, patient):
        deciding.decide(person=patient, decision=ring(answer="none"), by=paul)
        assert {c.outcome for c in of(patient)} == {"practice did not answer", "nobody answered"}

    @pytest.mark.parametrize(
        ("decision", "said"),
        [
            (Decision(outcome="wait"), "no outcome"),
            (Decision(outcome="convey"), "which hospital"),
            (Decision(outcome="falls", to="nowhere"), "which falls service"),
            (Decision(outcome="ring"), "what the practice answered"),
            (ring(answer="maybe"), "what the practice answered"),
            (ring(practice="hospital"), "not their practice"),
            (Decision(outcome="leave", note=" "), "what was done"),
        ],
    )
    def test_half_a_decision_is_refused(self, paul, patient, decision, said):
        with pytest.raises(UserError, match=said):
            deciding.decide(person=patient, decision=decision, by=paul)
        assert not CrewRow.objects.exists()
        assert not Notice.objects.exists()

    def test_a_nurse_of_the_ed_decides_nothing_here(self, patient, asker):
        with pytest.raises(NotPermitted):
            deciding.decide(person=patient, decision=ring(), by=asker("ed-nurse"))


def _bodies(code):
    """The FHIR of what was measured, as the record serves it."""
    from onesystem.record.entries import body_of

    rows = EntryRow.objects.filter(kind="Observation", code=code)
    return [body_of(row.entry) for row in rows]


class TestFeedback:
    """What became of them, to the crew alone."""

    def test_an_attendance_after_it_is_told(self, paul, patient, joined):
        from datetime import timedelta

        from page_data import adt

        from onesystem.district import now

        deciding.decide(person=patient, decision=Decision(outcome="leave", note="x"), by=paul)
        assert feedback.mine(paul)[0].became == "Too early to say"
        CrewRow.objects.update(at=CrewRow.objects.get().at - 5 * 3_600_000_000)
        at = f"{now() - timedelta(hours=2):%Y%m%d%H%M}"
        feeds.take_messages(
            [feeds.Arrival(source="pas", data=adt(9, visit="V2", at=at), name="live.hl7")],
            district=joined,
        )
        [told] = feedback.mine(paul)
        assert told.became.startswith("Emergency department after")

    def test_what_the_person_keeps_back_is_not_told(self, paul, patient, joined):
        """An attendance that the person had marked as confidential."""
        from datetime import timedelta

        from page_data import adt

        from onesystem.access import choices
        from onesystem.district import now

        deciding.decide(person=patient, decision=Decision(outcome="leave", note="x"), by=paul)
        CrewRow.objects.update(at=CrewRow.objects.get().at - 5 * 3_600_000_000)
        at = f"{now() - timedelta(hours=2):%Y%m%d%H%M}"
        feeds.take_messages(
            [feeds.Arrival(source="pas", data=adt(9, visit="V2", at=at), name="live.hl7")],
            district=joined,
        )
        [told] = [c for c in of(patient) if c.service == "ed"]
        assert feedback.mine(paul)[0].after[0].words == "Emergency department"
        choices.seal(item=told.contact, kind="contact", identity=told.identity,
                     by=Actor("desk", frozenset({"records-officer"})))  # fmt: skip
        assert [each.words for each in feedback.mine(paul)[0].after] == ["Ambulance"]

    def test_somebody_elses_decisions_are_theirs(self, paul, patient, asker):
        deciding.decide(person=patient, decision=ring(), by=paul)
        assert feedback.mine(asker("paramedic", name="other")) == []

    def test_the_scene_is_ones_own(self, patient, asker):
        assert scene_of(patient, asker("paramedic", organisation="community")).contact == 0


class TestPages:
    """The screen itself."""

    def test_the_way_from_the_list_to_an_outcome(self, patient, switched_on, browser):
        page = browser("paul").get("/crew/").content.decode()
        assert "Māia Ngāpuhi" in page
        paul = browser("paul", patient)
        page = paul.get(f"/crew/{patient}/").content.decode()
        for words in ("Alerts and allergies", "Mill Road Surgery", "Take them to hospital",
                      "National Early Warning Score 2"):  # fmt: skip
            assert words in page
        typed = {k: ("no" if v is False else v) for k, v in WELL.items()}
        answer = paul.post(f"/crew/{patient}/score/news2/", typed)
        assert answer.headers["Location"] == f"/crew/{patient}/#scores"
        page = paul.get(f"/crew/{patient}/").content.decode()
        assert "2 (NEWS2): 3" in page
        assert "The checks propose: <strong>Ring the practice" in page
        page = paul.post(
            f"/crew/{patient}/decide/ring/",
            {"practice": "practice", "answer": "visit", "minutes": "4", "note": "Fell"},
            follow=True,
        ).content.decode()
        assert "Saved: referred to practice" in page
        assert "The practice is told" in page
        assert "A visit today" in paul.get("/crew/mine/").content.decode().replace(
            "a visit", "A visit"
        )

    def test_a_referral_for_falls(self, patient, browser, monkeypatch):
        from onesystem import care

        monkeypatch.setattr("onesystem.care.triage.crew_acts._places", lambda _: [("falls", "F")])
        paul = browser("paul", patient)
        answer = paul.post(f"/crew/{patient}/decide/falls/", {"to": "falls", "note": "Slipped"})
        asked = care.requests_of(people.identity_ids_of(patient))
        assert CrewRow.objects.get().outcome == "falls"
        if asked:
            assert answer.headers["Location"] == f"/requests/{asked[0].request}/"
        else:
            assert "Slipped" not in answer.headers["Location"]

    def test_what_the_falls_service_asks_first_is_no_secret_of_the_address(
        self, patient, browser, monkeypatch
    ):
        from onesystem.care.drafts import queries as drafts
        from onesystem.care.requests.refusals import NotSent, Refusal
        from onesystem.care.triage import deciding

        def asks(**_):
            raise NotSent([Refusal(rule="form", what="the floor is missing", cure="Say which.")])

        monkeypatch.setattr(deciding, "refer", asks)
        paul = browser("paul", patient)
        answer = paul.post(f"/crew/{patient}/decide/falls/", {"to": "falls", "note": "Slipped"})
        assert answer.headers["Location"] == f"/people/{patient}/requests/new/?service=falls"
        kept = drafts.draft(CREW, f"request:{patient}:falls")
        assert kept.fields == {"words": ["Slipped"]}
        assert "not sent yet" in paul.get(answer.headers["Location"]).content.decode()

    def test_whom_a_crew_finds_opens_on_its_own_screen(self, patient, browser):
        page = browser("paul").get("/people/", {"q": "ngapuhi", "for": "crew"}).content.decode()
        assert f'href="/crew/{patient}/"' in page
        page = browser("gita").get("/people/", {"q": "ngapuhi", "for": "crew"}).content.decode()
        assert "/crew/" not in page

    def test_a_form_that_is_sent_twice_decides_once(self, patient, browser):
        paul = browser("paul", patient)
        page = paul.get(f"/crew/{patient}/decide/leave/").content.decode()
        once = page.split('name="once" value="')[1].split('"')[0]
        for _ in range(2):
            answer = paul.post(f"/crew/{patient}/decide/leave/", {"once": once, "note": "Tea"})
            assert answer.status_code == 302
        assert [row.act for row in CrewRow.objects.all()] == [once]

    def test_a_falls_service_that_closed_is_not_offered(self, patient, browser):
        from dataclasses import replace

        from onesystem.care.services import actions as directory
        from onesystem.care.services import queries as services
        from onesystem.care.services.entry import Notice as Told

        keeper = Actor("cora", frozenset({"coordinator"}), organisation="community")
        entry = replace(services.entry("falls"), accepts=("referral",))
        number = directory.keep(entry=entry, seen=entry.number, by=keeper)
        paul = browser("paul", patient)
        assert 'value="falls"' in paul.get(f"/crew/{patient}/decide/falls/").content.decode()
        shut = replace(services.entry("falls"), notices=(Told(words="No staff", closed=True),))
        directory.keep(entry=shut, seen=number, by=keeper)
        page = paul.get(f"/crew/{patient}/decide/falls/").content.decode()
        assert 'value="falls"' not in page
        assert "No service of the directory takes these referrals now" in page
        answer = paul.post(f"/crew/{patient}/decide/falls/", {"to": "falls", "note": "Slipped"})
        assert "No staff" in paul.get(answer.headers["Location"]).content.decode()

    def test_with_no_practice_there_is_nobody_to_ring(self, patient, browser):
        from onesystem.people.models import Identity

        Identity.objects.update(practice="")
        page = browser("paul", patient).get(f"/crew/{patient}/decide/ring/").content.decode()
        assert "nobody to ring" in page
        assert "Choose another way" in page
        assert 'name="note"' not in page

    def test_what_is_typed_into_a_check_is_kept_as_a_draft(self, patient, switched_on, browser):
        page = browser("paul", patient).get(f"/crew/{patient}/score/news2/").content.decode()
        assert f'data-draft="crew-{patient}-check-news2"' in page

    def test_it_weighs_little(self, patient, switched_on, browser):
        page = browser("paul", patient).get(f"/crew/{patient}/").content
        assert len(page) < 30_000  # with the styles and scripts of every page, under 100 kB

    def test_a_slip_is_named_and_what_was_typed_stays(self, patient, switched_on, browser):
        answer = browser("paul", patient).post(
            f"/crew/{patient}/score/news2/", {"pulse": "1310", "respiration": "16"}
        )
        page = answer.content.decode()
        assert answer.status_code == 422
        assert "between 10 and 300" in page
        assert 'value="1310"' in page
        assert 'value="16"' in page

    def test_half_a_decision_keeps_what_was_typed(self, patient, browser):
        answer = browser("paul", patient).post(
            f"/crew/{patient}/decide/ring/", {"practice": "practice", "note": "Fell at noon"}
        )
        assert answer.status_code == 422
        assert "Fell at noon" in answer.content.decode()

    def test_a_table_that_is_off_is_not_offered(self, patient, browser):
        paul = browser("paul", patient)
        assert "No score or check is switched on" in paul.get(f"/crew/{patient}/").content.decode()
        assert paul.get(f"/crew/{patient}/score/news2/").status_code == 404

    def test_a_score_for_adults_gives_none_for_a_child(self, patient, switched_on, browser):
        Identity.objects.update(birth_date="2015-03-04")
        paul = browser("paul", patient)
        page = paul.get(f"/crew/{patient}/").content.decode()
        assert "is for people of 16 years and more: no score for this person" in page
        assert f"/crew/{patient}/score/news2/" not in page
        assert f"/crew/{patient}/score/fall-at-home/" in page
        assert paul.get(f"/crew/{patient}/score/news2/").status_code == 404

    def test_the_age_is_not_asked_again(self, patient, browser):
        from onesystem.access import Actor
        from onesystem.care.triage import actions

        lead = Actor("lea", frozenset({"clinical-lead"}))
        actions.switch(key="crb-65", version=0, on=True, reason="agreed", by=lead)
        page = browser("paul", patient).get(f"/crew/{patient}/score/crb-65/").content.decode()
        assert 'name="age" value="76"' in page
