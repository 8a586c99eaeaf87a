"""The pages of tasks and of care plans, as those who visit use them."""

from datetime import timedelta

import pytest
from page_data import give_purpose

from onesystem import care  # noqa: F401
from onesystem.access.models import Audit
from onesystem.care.plans import queries as plans
from onesystem.care.tasks import actions, store
from onesystem.district import now
from onesystem.record.entries import entries_of  # noqa: F401
from onesystem.vocabulary import to_local


def today():
    return to_local(now(), "Europe/London").date()


@pytest.fixture
def planned(somebody, asker):
    def plans_it(**more):
        said = {"words": "Dress the leg", "team": "nursing", "due": today(), **more}
        return actions.plan(person=somebody, by=asker(), **said)

    return plans_it


@pytest.fixture
def nurse(joined):
    """A browser of a district nurse of the community's own organisation."""
    from django.test import Client

    from onesystem.access import Actor
    from onesystem.access import actions as people
    from onesystem.access.models import User

    def signs_in(role="district-nurse", organisation="community"):
        people.add_user(username=role, password="three blind mice run", roles=(role,),
                        organisation=organisation, by=Actor.job("command line"))  # fmt: skip
        client = Client()
        client.force_login(
            User.objects.get(username=role), "django.contrib.auth.backends.ModelBackend"
        )
        return client

    return signs_in


def test_the_list_shows_what_is_due(planned, nurse, somebody):
    planned(visit=True)
    planned(words="Next month", due=today() + timedelta(days=30))
    client = nurse()
    page = client.get("/tasks/").content.decode()
    assert "Dress the leg" in page
    assert "Ngāpuhi" in page
    assert "Next month" not in page
    assert "Next month" in client.get("/tasks/?when=all").content.decode()
    assert Audit.objects.filter(act="tasks.listed").count() == 2
    assert "Dress the leg" in client.get("/tasks/?format=csv").content.decode()
    assert "Dress the leg" in client.get("/tasks/?paper=1").content.decode()


def test_another_organisation_sees_none_of_it(planned, nurse):
    planned()
    page = nurse("therapist", "practice").get("/tasks/").content.decode()
    assert "Dress the leg" not in page


def test_a_visit_from_the_list(planned, nurse, somebody):
    key = planned(visit=True)
    client = nurse()
    at = f"/tasks/{somebody}/{key}/"
    page = client.get(at)
    assert page.status_code == 200, page.content.decode()[:3000]
    assert "I am there" in page.content.decode()
    client.post(f"{at}act/", {"do": "start", "seen": "1"})
    bad = client.post(
        f"{at}act/", {"do": "done", "seen": "2", "note": "long note", "weight": "705"}
    )
    assert bad.status_code == 422
    assert "long note" in bad.content.decode()
    assert "out of reach" in bad.content.decode()
    done = client.post(
        f"{at}act/",
        {"do": "done", "seen": "2", "note": "It heals.", "weight": "70,5", "pressure": "130/80"},
    )
    assert done.status_code == 302, done.content.decode()
    assert store.one(key)[1].state == "done"
    assert plans.plan(somebody).notes[0].text == "It heals."


def test_the_care_page(nurse, planned, somebody):
    planned(visit=True, repeats="every day")
    client = nurse()
    give_purpose(client, somebody, "direct care")
    at = f"/people/{somebody}/care/"
    for said in (
        {"do": "write", "matters": "My garden", "know": "Key safe", "seen": "0"},
        {"do": "goal", "words": "Walk to the shop"},
        {"do": "note", "text": "A quiet day."},
        {"do": "join", "name": "Her daughter", "phone": "01603 1"},
        {"do": "hand-over", "matters": "Watch the leg", "team": "nursing"},
        {"do": "task", "words": "Ring the son", "team": "nursing", "due": today().isoformat()},
    ):
        answer = client.post(f"{at}act/", said)
        assert answer.status_code == 302, answer.content.decode()[-3000:]
    for where in (at, f"{at}print/"):
        page = client.get(where).content.decode()
        for words in ("My garden", "Walk to the shop", "Her daughter", "Ring the son"):
            assert words in page, (where, words)
    plan = plans.plan(somebody)
    assert client.post(f"{at}act/", {"do": "take-over", "key": plan.hand_overs[0].key})
    assert plans.plan(somebody).hand_overs[0].taken_by == "district-nurse"
    lost = client.post(f"{at}act/", {"do": "write", "matters": "Mine", "seen": "0"})
    assert lost.status_code == 422
    assert "wrote the plan meanwhile" in lost.content.decode()
    assert "Mine" in lost.content.decode()
