"""What is said once a day: tasks overdue, gaps of a rota, entries to be confirmed, elsewhere."""

from datetime import time, timedelta

import pytest

from onesystem.access import Actor
from onesystem.access import actions as users
from onesystem.access.models import Notice
from onesystem.care import reminding
from onesystem.care.practice import rota_actions
from onesystem.care.practice.rota import Need
from onesystem.care.requests import actions as requests
from onesystem.care.services.entry import Entry
from onesystem.care.tasks import actions
from onesystem.district import now
from onesystem.people.models import Identity

pytestmark = pytest.mark.django_db
JOB = Actor.job("test")


def topics(topic):
    return [each for each in reminding.due(now(), now().date()) if each.topic == topic]


@pytest.fixture
def late(somebody, asker):
    def plans(**more):
        return actions.plan(person=somebody, by=asker(), words="Dress the leg", team="nursing",
                            due=now() - timedelta(days=3), **more)  # fmt: skip

    return plans


def test_tasks_once_for_a_team(late):
    late()
    late()
    [said] = topics("task.overdue")
    assert (said.organisation, said.words) == ("community", "District nursing")
    assert "Dress" not in said.words + said.link


def test_what_is_done_is_not_said(late, asker):
    actions.done(key=late(), by=asker())
    assert topics("task.overdue") == []


def test_whose_task_it_is_hears_of_it(late):
    users.add_user(username="daisy", password="three blind mice run", roles=["district-nurse"],
                   organisation="community", by=JOB)  # fmt: skip
    late(owner="daisy")
    assert [(e.username, e.organisation) for e in topics("task.overdue")] == [("daisy", "")]


def test_who_died_while_a_request_waits_is_told_to_both_sides(somebody, asker):
    users.add_user(username="kiri", password="three blind mice run", roles=["hospital-doctor"],
                   organisation="hospital", by=JOB)  # fmt: skip
    number = requests.send(person=somebody, service="nursing", by=asker(), words="Leg ulcer")
    assert topics("request.died") == []
    Identity.objects.update(died="2026-11-01")
    told = topics("request.died")
    assert [(e.organisation, e.username) for e in told] == [("community", ""), ("", "kiri")]
    assert {e.link for e in told} == {f"/requests/{number}/"}
    assert "Leg" not in "".join(e.words for e in told)
    requests.revoke(request=number, by=asker(), seen=1, reason="The person has died")
    assert topics("request.died") == []


def test_a_gap_of_the_rota(joined):
    needs = [
        Need(weekday=d, opens=time(8), closes=time(18), role="nurse", people=1) for d in range(7)
    ]
    rota_actions.set_needs(service="nursing", needs=needs, by=JOB)
    assert [(e.organisation, e.link) for e in topics("rota.gap")] == [
        ("community", "/rota/nursing/")
    ]


def test_an_entry_on_the_day_on_which_it_falls_due(joined, monkeypatch):
    today = now().date()
    monkeypatch.setattr(Entry, "due", lambda e: today if e.service == "nursing" else None)
    assert [e.link for e in topics("service.confirm")] == ["/services/nursing/"]


def test_a_practice_hears_that_something_happened_elsewhere(somebody):
    assert topics("elsewhere") == []
    Identity.objects.update(practice="practice")
    assert [(e.organisation, e.words, e.link) for e in topics("elsewhere")] == [
        ("practice", "", "/practice/")
    ]


def test_it_is_said_once_a_day(late, monkeypatch):
    late()
    monkeypatch.setattr(reminding, "BEGINS", time())
    reminding._looked.clear()
    assert reminding.waits()
    first = reminding.remind()
    assert first
    assert not reminding.waits()
    assert reminding.remind() == 0
    assert Notice.objects.filter(topic="task.overdue").count() == 1
