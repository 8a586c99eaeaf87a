"""A person on a pathway: begun, step by step, moved, left; each a message, each said again."""

from dataclasses import replace
from datetime import timedelta

import orjson
import pytest
from pathway_data import DOCTOR, EDITOR, LEAD, SECOND, publish

from onesystem import feeds, people
from onesystem.access.models import Audit, User
from onesystem.care import parts
from onesystem.care.pathways import actions, cases, engine, queries, reading
from onesystem.care.pathways.codec import to_plain
from onesystem.care.pathways.conditions import condition
from onesystem.care.pathways.document import Form, Pathway, Question, Step
from onesystem.care.pathways.expected import minutes_done, minutes_of
from onesystem.care.pathways.facts import facts_of
from onesystem.care.pathways.library import library
from onesystem.care.tasks import actions as tasks
from onesystem.care.tasks import store as task_store
from onesystem.district import now
from onesystem.vocabulary import Code, NotFound, NotPermitted, UserError
from onesystem.vocabulary.codes import LOINC

BREATH = Pathway(
    key="breath", title="Breath", owner="Us", summary="Short of breath",
    forms=(Form(key="signs", title="Signs", questions=(
        Question(key="rate", words="Breaths in a minute", type="integer", required=True,
                 unit="/min", code=Code(LOINC, "9279-1", "Respiratory rate")),
        Question(key="blue", words="Blue"),
        Question(key="side", words="Side", type="choice", options=("left", "right")),
        Question(key="since", words="Since", type="date"),
    )),),
    assessment=(Step(key="count", words="Count the breaths", form="signs"),),
    management=(Step(key="oxygen", words="Oxygen", when="latest('9279-1', 1) >= 30"),
                Step(key="calm", words="Stay", when="latest('9279-1', 1) < 30")),
)  # fmt: skip
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _staff(joined):
    reading.pathway_under.cache_clear()
    for by in (EDITOR, SECOND, LEAD, DOCTOR):
        User.objects.create(username=by.name, roles=" ".join(by.roles))
    put(BREATH)


def put(pathway):
    actions.begin(pathway=pathway, by=EDITOR)
    return publish(pathway.key)


@pytest.fixture
def case(somebody, asker):
    return cases.start(person=somebody, by=asker(), pathway="breath")


def next_steps(person, asker):
    [kept] = cases.of_person(person)
    known = facts_of(person, by=asker())
    found = engine.next_actions(cases.pathway_of(kept), known, kept.events)
    return {each.step.key: (each.state, each.why.words) for each in found}


class TestACase:
    def test_it_is_begun_on_the_version_in_force(self, case, somebody, asker):
        [kept] = cases.of_person(somebody)
        assert (kept.key, kept.pathway, kept.case.version, kept.case.open) == (
            case, "breath", 1, True,
        )  # fmt: skip
        row = Audit.objects.get(act="pathway.started")
        assert (row.actor, row.person, row.what) == ("kiri", somebody, "breath")

    def test_it_is_begun_once(self, case, somebody, asker):
        with pytest.raises(UserError, match="begun already, by kiri"):
            cases.start(person=somebody, by=asker(), pathway="breath")
        with pytest.raises(NotFound):
            cases.start(person=somebody, by=asker(), pathway="nothing")

    def test_an_answer_is_in_the_record_and_decides_what_is_next(self, case, somebody, asker):
        before = next_steps(somebody, asker)
        assert before["oxygen"] == ("ask", "no 9279-1 in the record in the last day")
        cases.done(case=case, step="count", by=asker(), answers={"rate": "32"}, seen=1)
        after = next_steps(somebody, asker)
        assert set(after) == {"oxygen"}
        assert after["oxygen"][1].startswith("9279-1 32 /min on ")

    def test_what_is_answered_badly_is_told(self, case, asker):
        for said, told in [
            ({}, "not answered yet: Breaths in a minute"), ({"rate": "many"}, "is no answer"),
            ({"rate": "3.5"}, "whole number"), ({"rate": "9", "blue": "azure"}, "yes or no"),
            ({"rate": "9", "side": "up"}, "left, right"),
            ({"rate": "9", "since": "May"}, "2026-11-23"), ({"rate": "nan"}, "number"),
        ]:  # fmt: skip
            with pytest.raises(UserError, match=told):
                cases.done(case=case, step="count", by=asker(), answers=said)

    def test_a_step_is_skipped_with_a_reason(self, case, somebody, asker):
        with pytest.raises(UserError, match="no reason"):
            cases.skip(case=case, step="count", by=asker(), reason=" ")
        cases.skip(case=case, step="count", by=asker(), reason="Counted by the crew")
        [kept] = cases.of_person(somebody)
        assert kept.case.walked["count"].reason == "Counted by the crew"
        with pytest.raises(UserError, match="no step 'cout'") as refused:
            cases.skip(case=case, step="cout", by=asker(), reason="x")
        assert "'count'" in refused.value.cure

    def test_who_comes_second_is_told_who_was_first(self, case, asker):
        cases.skip(case=case, step="count", by=asker(), reason="x", seen=1)
        with pytest.raises(UserError, match="kiri was first: skipped count"):
            cases.done(case=case, step="count", by=asker(name="rua"), seen=1)

    def test_one_stays_on_ones_version_until_moved(self, case, somebody, asker):
        put(replace(BREATH, summary="Newer"))
        [kept] = cases.of_person(somebody)
        assert cases.pathway_of(kept).summary == "Short of breath"
        for version, told in [(1, "on version 1 already"), (9, "no such version")]:
            with pytest.raises(UserError, match=told):
                cases.move(case=case, version=version, by=asker(), reason="x")
        cases.move(case=case, version=2, by=asker(), reason="The new one fits better")
        [kept] = cases.of_person(somebody)
        assert cases.pathway_of(kept).summary == "Newer"

    def test_nobody_is_moved_to_a_draft(self, case, asker):
        actions.begin(pathway=replace(BREATH, summary="Draft"), by=EDITOR)
        with pytest.raises(UserError, match="never in force"):
            cases.move(case=case, version=2, by=asker(), reason="x")

    def test_leaving_ends_its_tasks(self, case, somebody, asker):
        key = tasks.plan(person=somebody, by=asker(), words="Look again", team="nursing",
                         due=now().date(), cause=case)  # fmt: skip
        assert cases.leave(case=case, by=asker(), reason="Well again") == 1
        assert task_store.one(key)[1].state == "cancelled"
        with pytest.raises(UserError, match="over for this person"):
            cases.done(case=case, step="count", by=asker(), answers={"rate": "9"})
        assert cases.start(person=somebody, by=asker(), pathway="breath") != case

    def test_a_replay_says_it_again(self, case, somebody, asker):
        cases.done(case=case, step="count", by=asker(), answers={"rate": "32"})
        before = cases.of_person(somebody)
        feeds.replay(everything=True)
        assert [(k.key, k.case) for k in cases.of_person(somebody)] == [
            (k.key, k.case) for k in before
        ]

    def test_it_goes_with_the_record(self, case, somebody, asker):
        assert parts.forget(people.identity_ids_of(somebody)) > 0
        assert cases.of_person(somebody) == []

    def test_who_may_not_is_refused(self, case, somebody, asker):
        with pytest.raises(NotPermitted):
            cases.start(person=somebody, by=asker(role="coordinator"), pathway="breath")
        with pytest.raises(NotPermitted):
            cases.skip(case=case, step="count", by=asker(organisation="community"), reason="x")
        with pytest.raises(NotFound):
            cases.skip(case="case-x", step="count", by=asker(), reason="x")

    def test_it_is_counted_for_measures(self, case, asker):
        from onesystem.care.pathways.case_store import counted

        cases.skip(case=case, step="count", by=asker(), reason="x")
        found = counted(now() - timedelta(days=1), now() + timedelta(days=1))
        assert found == [("breath", "skipped", "count", 1), ("breath", "started", "", 1)]

    def test_its_minutes_are_those_of_the_version_it_was_on(self, case, asker):
        """What counts the cost of care has the numbers that the page shows."""
        rate = {"rate": "20"}
        cases.done(case=case, step="count", by=asker(), answers=rate)
        timed = replace(BREATH, assessment=(
            replace(BREATH.assessment[0], minutes=(("gp", 10), ("practice-nurse", 5))),
        ))  # fmt: skip
        assert minutes_of(timed) == {"gp": 10, "practice-nurse": 5}
        put(timed)
        cases.move(case=case, version=2, by=asker(), reason="timed now")
        for _ in range(2):
            cases.done(case=case, step="count", by=asker(), answers=rate)
        day = timedelta(days=1)
        told = minutes_done(now() - day, now() + day)
        assert told == {("breath", "gp"): 20, ("breath", "practice-nurse"): 10}
        assert minutes_done(now() - 2 * day, now() - day) == {}


def test_a_case_of_every_starter_is_small(somebody, asker):
    """Every step done with every question answered, and still under 4 KB."""
    for pathway in library().values():
        put(pathway)
        case = cases.start(person=somebody, by=asker(), pathway=pathway.key)
        for step in pathway.steps:
            cases.done(case=case, step=step.key, by=asker(), answers=_said(pathway, step))
        kept = next(k for k in cases.of_person(somebody) if k.key == case)
        said = [to_plain_event(e) for e in kept.events]
        assert len(orjson.dumps(said)) < 4096, pathway.key


def _said(pathway, step):
    form = pathway.form(step.form)
    values = {"boolean": "yes", "integer": "12", "decimal": "1.5", "date": "2026-11-23"}
    return {
        q.key: q.options[0] if q.type == "choice" else values.get(q.type, "a few words")
        for q in (form.questions if form else ())
    }  # fmt: skip


def to_plain_event(event):
    return {"verb": event.verb, "step": event.step, "at": event.at.isoformat(), "by": event.by,
            "answers": dict(event.answers)}  # fmt: skip


class TestFactsOfTheRecord:
    def test_who_they_are_and_where(self, somebody, asker):
        known = facts_of(somebody, by=asker())
        assert known.patient["gender"] == "female"
        assert known.age == now().year - 1950 - ((now().month, now().day) < (3, 4))
        assert [(c.setting, c.open) for c in known.contacts] == [("ED", True)]
        assert not known.partly

    def test_what_is_not_theirs_to_see_is_refused(self, somebody, asker):
        with pytest.raises(NotPermitted):
            facts_of(somebody, by=asker(organisation="community"))

    def test_results_that_came_as_hl7_are_asked_as_fhir(self, somebody, asker):
        at = f"{now():%Y%m%d%H%M}"
        oru = "\r".join([
            rf"MSH|^~\&|LAB|RM1|ONE|DIST|{at}||ORU^R01|9|P|2.4|||||GBR|UNICODE UTF-8",
            "PID|1||P1^^^RM1^MR||Ngāpuhi^Māia",
            f"OBR|1|O1|F1|BLOOD^Blood^L|||{at}",
            f"OBX|1|NM|59261-8^HbA1c^LN||62|mmol/mol|20-42|H|||F|||{at}",
        ]) + "\r"  # fmt: skip
        feeds.take_messages([feeds.Arrival(source="pas", data=oru.encode(), name="lab.hl7")])
        known = facts_of(somebody, by=asker())
        found = condition("latest('59261-8', 30) > 58").explain(known)
        assert found.answer is True, (found.words, known.resources)


def test_a_published_pathway_is_read_as_it_was_written():
    assert to_plain(queries.published("breath").pathway) == to_plain(BREATH)


def test_identities_of_nobody_have_no_case():
    assert cases.of_person(999) == []
    assert people.identity_ids_of(999) == []
