"""Tasks: planned, ready when due, done once, ended with their plan; visits are contacts."""

from datetime import timedelta

import pytest

from onesystem import contacts, feeds, people
from onesystem.care.tasks import actions, store
from onesystem.district import now
from onesystem.vocabulary import UserError, to_local

TODAY = lambda: to_local(now(), "Europe/London").date()  # noqa: E731


@pytest.fixture(autouse=True)
def registered(joined):
    from onesystem.care import parts

    parts.register(store.PART, store.part())


@pytest.fixture
def planned(somebody, asker):
    def plans(**more):
        said = {"words": "Dress the leg", "team": "nursing", "due": TODAY(), **more}
        return actions.plan(person=somebody, by=asker(), **said)

    return plans


def visits(person):
    found = contacts.of_identities(people.identity_ids_of(person))
    return sorted((c for c in found if c.service == "nursing"), key=lambda c: c.planned)


@pytest.mark.django_db
class TestTasks:
    def test_planned_begun_and_done(self, planned, asker, somebody):
        key = planned()
        _, task = store.one(key)
        assert task.standing(now()) == "ready"
        actions.start(key=key, by=asker(), seen=1)
        actions.done(key=key, by=asker(), seen=2, note="It heals.")
        _, task = store.one(key)
        assert (task.state, task.owner, task.steps) == ("done", "kiri", 3)
        assert visits(somebody) == []

    def test_a_visit_is_a_contact(self, planned, asker, somebody):
        key = planned(visit=True, due=now() + timedelta(hours=2))
        [visit] = visits(somebody)
        assert (visit.standing, visit.planned) == ("waiting", store.one(key)[1].due)
        actions.start(key=key, by=asker())
        assert visits(somebody)[0].standing == "here"
        actions.done(key=key, by=asker())
        assert visits(somebody)[0].standing == "ended"
        actions.reopen(key=key, by=asker())
        assert visits(somebody)[0].standing == "here"

    def test_a_series_expects_its_next_visit(self, planned, asker, somebody):
        key = planned(visit=True, repeats="every day")
        turn = f"{key}@{TODAY()}"
        actions.done(key=turn, by=asker(), seen=0)
        assert [v.standing for v in visits(somebody)] == ["ended", "waiting"]
        with pytest.raises(UserError, match="kiri was here first"):
            actions.done(key=turn, by=asker(), seen=0)
        actions.cancel(key=key, by=asker(), why="healed")
        assert [v.standing for v in visits(somebody)] == ["ended", "cancelled"]

    def test_a_plan_that_ends_ends_its_tasks(self, planned, asker, somebody):
        keys = [planned(cause="E1"), planned(cause="E1", visit=True), planned(cause="E2")]
        actions.done(key=keys[0], by=asker())
        assert actions.end_all(cause="E1", by=asker()) == 1
        assert [store.one(key)[1].state for key in keys] == ["done", "cancelled", "open"]

    def test_a_replay_says_it_again(self, planned, asker, somebody):
        key = planned(visit=True, repeats="weekly")
        actions.missed(key=f"{key}@{TODAY()}", by=asker(), outcome="not-at-home")
        before = store.where("1 = 1", []), visits(somebody)
        feeds.replay(everything=True)
        assert (store.where("1 = 1", []), visits(somebody)) == before
        assert len(before[0]) == 2
