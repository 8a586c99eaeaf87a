"""Who is told of tasks and hand-overs: who is to do them, in words that anybody may read."""

import pytest

from onesystem.access import Actor
from onesystem.access import actions as users
from onesystem.access.models import Notice
from onesystem.care.plans import actions as plans
from onesystem.care.tasks import actions
from onesystem.district import now

pytestmark = pytest.mark.django_db


@pytest.fixture
def staff(joined):
    users.add_user(username="daisy", password="three blind mice run", roles=["district-nurse"],
                   organisation="community", by=Actor.job("test"))  # fmt: skip


@pytest.fixture
def plan(somebody, asker, staff):
    def plans_it(**more):
        said = {"words": "Dress the leg", "team": "nursing", "due": now().date(), **more}
        return actions.plan(person=somebody, by=said.pop("by", asker()), **said)

    return plans_it


def told():
    """Topic, addressee, words of every notice since the last look."""
    kept = Notice.objects.filter(topic__regex="^(task|hand)").order_by("id")
    found = [(n.topic, n.username or n.organisation, n.words) for n in kept]
    Notice.objects.all().delete()
    return found


def test_a_task_for_somebody(plan, asker):
    plan(owner="daisy")
    assert told() == [("task.planned", "daisy", "District nursing")]
    plan(owner="daisy", by=asker("district-nurse", name="daisy", organisation="community"))
    plan(owner="nobody-here")
    assert told() == []


def test_a_team_of_another_organisation(plan, asker):
    plan()
    assert told() == [("task.planned", "community", "District nursing")]
    plan(team="ed")  # the doctor's own
    plan(cause="R-1")  # what it belongs to is told of
    assert told() == []


def test_who_is_given_a_task(plan, asker):
    key = plan(team="ed")
    actions.reassign(key=key, by=asker(), owner="daisy")
    assert told() == [("task.planned", "daisy", "Emergency department")]
    actions.reassign(key=key, by=asker(), team="nursing")
    assert told() == [("task.planned", "community", "District nursing")]


@pytest.mark.parametrize(
    ("owner", "team", "whom", "words"),
    [("daisy", "", "daisy", ""), ("", "nursing", "community", "District nursing"),
     ("", "ed", "hospital", "Emergency department")],
)  # fmt: skip
def test_a_hand_over(somebody, asker, staff, owner, team, whom, words):
    plans.hand_over(person=somebody, by=asker(), matters="Lives alone", team=team, owner=owner)
    assert told() == [("handover.given", whom, words)]
