"""What is done about tasks: whatever two people do, log and list agree; refusals say why."""

from contextlib import suppress
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from test_tasks import TODAY, visits

from onesystem import people, record
from onesystem.care.drafts import actions as drafts
from onesystem.care.plans import actions as plans
from onesystem.care.plans import queries as plan_queries
from onesystem.care.plans import store as plan_store
from onesystem.care.tasks import actions, offline, queries, store
from onesystem.care.tasks.listing import Wanted
from onesystem.district import now
from onesystem.vocabulary import NotFound, NotPermitted, UserError

STANDS = {"open": "waiting", "started": "here", "done": "ended", "not done": "cancelled",
          "cancelled": "cancelled"}  # fmt: skip


@pytest.fixture
def planned(somebody, asker):
    def plans_it(**more):
        said = {"words": "Dress the leg", "team": "nursing", "due": TODAY(), **more}
        return actions.plan(person=somebody, by=asker(), **said)

    return plans_it


def kinds(person, kind):
    found = record.entries_of(people.identity_ids_of(person))
    return [each for each in found if each.kind == kind]


@pytest.mark.django_db
class TestRefusals:
    @pytest.mark.parametrize(
        ("said", "match"),
        [
            ({"words": " "}, "nothing was said"),
            ({"team": "nursery"}, "no service 'nursery'"),
            ({"repeats": "sometimes"}, "how often"),
            ({"until": datetime(2020, 1, 1, tzinfo=UTC).date()}, "over before it begins"),
            ({"due": timedelta(days=3000)}, "out of reach"),
        ],
    )
    def test_a_plan_that_cannot_be_is_refused(self, planned, said, match):
        with pytest.raises(UserError, match=match):
            planned(**said)

    def test_an_unknown_task(self, planned, asker):
        planned(repeats="7d")
        for key in ("task-x", "task-x@2026-11-23", "task-x@never"):
            with pytest.raises(NotFound):
                actions.start(key=key, by=asker())

    def test_a_turn_that_is_none(self, planned, asker):
        key = planned(repeats="7d", until=TODAY())
        for days in (1, 7):
            with pytest.raises(NotFound):
                actions.done(key=f"{key}@{TODAY() + timedelta(days=days)}", by=asker())

    def test_whoever_may_not_open_the_person_does_nothing(self, planned, asker):
        key = planned()
        with pytest.raises(NotPermitted):
            actions.done(key=key, by=asker(organisation="practice"))

    def test_times_that_cannot_be(self, planned, asker):
        key = planned(visit=True)
        moment = now()
        with pytest.raises(UserError, match="ended before it began"):
            actions.done(key=key, by=asker(), started=moment, at=moment - timedelta(hours=1))
        with pytest.raises(UserError, match="to come"):
            actions.done(key=key, by=asker(), at=moment + timedelta(hours=1))

    def test_not_done_says_what_comes_next(self, planned, asker, somebody):
        key = planned(visit=True)
        with pytest.raises(UserError, match="what comes next"):
            actions.missed(key=key, by=asker(), outcome="not-at-home")
        with pytest.raises(UserError, match="no outcome"):
            actions.missed(key=key, by=asker(), outcome="vanished", why="gone")
        tomorrow = TODAY() + timedelta(days=1)
        again = actions.missed(key=key, by=asker(), outcome="not-at-home", again=tomorrow)
        assert store.one(again)[1].words == "Dress the leg"
        assert sorted(v.standing for v in visits(somebody)) == ["cancelled", "waiting"]

    def test_what_is_closed_is_not_done_again(self, planned, asker):
        key = planned()
        actions.done(key=key, by=asker())
        for act in (actions.done, actions.start, actions.cancel):
            with pytest.raises(UserError, match="done already"):
                act(key=key, by=asker())
        actions.reopen(key=key, by=asker())
        with pytest.raises(UserError, match="open already"):
            actions.reopen(key=key, by=asker())


VERBS = st.lists(
    st.tuples(st.sampled_from(["start", "done", "missed", "cancel", "reopen", "change"]),
              st.sampled_from(["kiri", "tama"]), st.integers(0, 3)),
    max_size=6,
)  # fmt: skip


@pytest.mark.django_db
@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(VERBS)
def test_the_log_agrees_with_the_list_whatever_is_done(planned, asker, somebody, steps):
    """Two people act on one visit, each on what they last saw; nobody overwrites the other."""
    key = planned(visit=True)
    for verb, name, behind in steps:
        task = store.one(key)[1]
        said = {"key": key, "by": asker(name=name), "seen": task.steps - behind}
        more = {"missed": {"outcome": "declined", "why": "asked not to"},
                "change": {"due": TODAY() + timedelta(days=1)}}.get(verb, {})  # fmt: skip
        if behind:
            with pytest.raises(UserError, match="was here first"):
                getattr(actions, verb)(**said, **more)
            assert store.one(key)[1] == task
        else:
            with suppress(UserError):
                getattr(actions, verb)(**said, **more)
        task = store.one(key)[1]
        [visit] = [v for v in visits(somebody) if v.key == f"visit:{key}"]
        assert visit.standing == STANDS[task.state], (verb, task)


@pytest.mark.django_db
class TestRecord:
    def test_a_visit_is_in_the_record(self, planned, asker, somebody):
        from onesystem.care.tasks.observing import observed

        key = planned(visit=True, cause="R1")
        actions.done(key=key, by=asker(), note="It heals.",
                     observed=observed({"pressure": "130/80"}))  # fmt: skip
        [kept] = kinds(somebody, "Task")
        assert (kept.status, kept.code.display) == ("completed", "Dress the leg")
        assert [(o.value, o.code.code) for o in kinds(somebody, "Observation")] == [
            ("130/80", "85354-9")
        ]
        assert kinds(somebody, "DocumentReference")[0].code.code == "11506-3"

    def test_a_plan_is_in_the_record(self, asker, somebody):
        by = asker()
        plans.write(person=somebody, by=by, matters="My garden")
        key = plans.set_goal(person=somebody, by=by, words="Walk to the shop")
        member = plans.join(person=somebody, by=by, name="Her daughter", phone="1")
        assert kinds(somebody, "Goal")[0].status == "active"
        plans.end_goal(person=somebody, by=by, key=key, state="reached")
        assert kinds(somebody, "Goal")[0].status == "completed"
        assert kinds(somebody, "CarePlan")[0].status == "active"
        assert kinds(somebody, "CareTeam")[0].status == "active"
        plans.leave(person=somebody, by=by, key=member)
        assert kinds(somebody, "CareTeam")[0].status == "inactive"

    def test_it_goes_with_the_record(self, planned, asker, somebody):
        planned()
        plans.note(person=somebody, by=asker(), text="quiet")
        plans.hand_over(person=somebody, by=asker(), matters="quiet", team="nursing")
        drafts.keep(key="n", fields={"a": ["b"]}, seen=0, by=asker(), person=somebody)
        ids = people.identity_ids_of(somebody)
        assert plan_store.forget(ids) == 1
        assert store.forget(ids) == 4
        assert drafts.forget(ids) == 1
        assert plan_queries.plan(somebody).empty


@pytest.mark.django_db
class TestPlans:
    def test_who_comes_second_is_told(self, asker, somebody):
        key = plans.set_goal(person=somebody, by=asker(), words="Walk")
        plans.end_goal(person=somebody, by=asker(name="tama"), key=key, state="dropped", seen=1)
        with pytest.raises(UserError, match="tama changed this goal"):
            plans.end_goal(person=somebody, by=asker(), key=key, state="reached", seen=1)
        plans.write(person=somebody, by=asker(), matters="A", seen=0)
        with pytest.raises(UserError, match="kiri wrote the plan"):
            plans.write(person=somebody, by=asker(name="tama"), matters="B", seen=0)
        assert plan_queries.plan(somebody).matters == "A"

    def test_a_wrong_note_stays_to_be_read(self, asker, somebody):
        key = plans.note(person=somebody, by=asker(), text="left leg")
        plans.strike(person=somebody, by=asker(name="tama"), key=key, why="the right leg")
        [note] = plan_queries.plan(somebody).notes
        assert (note.text, note.struck, note.struck_by) == ("left leg", "the right leg", "tama")
        with pytest.raises(UserError, match="struck out already"):
            plans.strike(person=somebody, by=asker(), key=key, why="again")

    def test_one_takes_a_person_over(self, asker, somebody):
        key = plans.hand_over(person=somebody, by=asker(), matters="Stairs", owner="tama")
        tama = asker(name="tama")
        assert [h.key for h in plan_queries.waiting_for(tama)] == [key]
        assert plan_queries.waiting_for(asker(name="nobody")) == []
        plans.take_over(person=somebody, by=tama, key=key)
        assert plan_queries.waiting_for(tama) == []
        with pytest.raises(UserError, match="tama has taken it over"):
            plans.take_over(person=somebody, by=asker(), key=key)

    @pytest.mark.parametrize(
        ("act", "said", "match"),
        [
            ("set_goal", {"words": " "}, "no goal"),
            ("end_goal", {"key": "x", "state": "reached"}, "no such goal"),
            ("note", {"text": ""}, "nothing was written"),
            ("note", {"text": "a" * 20_001}, "too long"),
            ("strike", {"key": "x", "why": "y"}, "no such note"),
            ("join", {"name": ""}, "nobody was named"),
            ("leave", {"key": "x"}, "nobody of the team"),
            ("hand_over", {"matters": "", "team": "nursing"}, "what matters"),
            ("hand_over", {"matters": "a"}, "nobody was named"),
            ("hand_over", {"matters": "a", "team": "x"}, "no service"),
            ("take_over", {"key": "x"}, "no such hand-over"),
            ("write", {"review": datetime(2020, 1, 1, tzinfo=UTC).date()}, "is over"),
        ],
    )
    def test_what_cannot_be_is_refused(self, asker, somebody, act, said, match):
        with pytest.raises(UserError, match=match):
            getattr(plans, act)(person=somebody, by=asker(), **said)


@pytest.mark.django_db
class TestOffline:
    """What comes from a device that had no network."""

    def nurse(self, asker):
        return asker("district-nurse", "nora", "community")

    def item(self, key, **more):
        return {"id": "i1", "key": key, "seen": 1, "note": "Ate well", **more}

    def test_a_device_carries_the_least(self, planned, asker, somebody):
        planned(visit=True, owner="nora")
        planned(visit=True, words="Not mine")
        said = offline.snapshot(self.nurse(asker))
        [visit] = said["visits"]
        assert set(visit) == {"key", "seen", "person", "name", "when", "words", "where", "phone",
                              "visit", "begun", "know"}  # fmt: skip
        assert (visit["name"], visit["words"]) == ("Māia Ngāpuhi", "Dress the leg")
        assert datetime.fromisoformat(said["until"]) > now()

    def test_sent_twice_it_is_done_once(self, planned, asker, somebody):
        key = planned(visit=True, owner="nora")
        nurse = self.nurse(asker)
        assert offline.take(self.item(key), nurse) == ("sent", "")
        assert offline.take(self.item(key), nurse) == ("sent", "")
        assert len(plan_queries.plan(somebody).notes) == 1

    def test_somebody_was_first(self, planned, asker, somebody):
        key, nurse = planned(visit=True, owner="nora"), self.nurse(asker)
        actions.start(key=key, by=asker())
        state, words = offline.take(self.item(key), nurse)
        assert (state, "kiri was here first" in words) == ("conflict", True)
        assert store.one(key)[1].state == "started"
        assert offline.take(self.item(key, **{"as": "note"}), nurse) == ("sent", "")
        assert plan_queries.plan(somebody).notes[0].text == "Ate well"

    @pytest.mark.parametrize(
        ("more", "state"),
        [
            ({"weight": "705"}, "refused"),
            ({"started": "yesterday"}, "refused"),
            ({"outcome": "declined"}, "sent"),
            ({"key": "task-x"}, "conflict"),
            ({"id": ""}, "refused"),
        ],
    )
    def test_what_cannot_be_taken_says_so(self, planned, asker, more, state):
        key = planned(visit=True, owner="nora")
        found, words = offline.take(self.item(key) | more, self.nurse(asker))
        assert (found, bool(words)) == (state, state != "sent")


@pytest.mark.django_db
def test_a_task_is_why_its_team_may_open_the_person(planned, asker, somebody):
    """Nobody of the community had a tie to them before; while the task is open, they have."""
    nurse = asker("district-nurse", "nora", "community")
    with pytest.raises(NotPermitted):
        plans.note(person=somebody, by=nurse, text="quiet")
    key = planned()
    plans.note(person=somebody, by=nurse, text="quiet")
    assert [line.task.key for line in queries.tasks_for(nurse, Wanted())] == [key]
