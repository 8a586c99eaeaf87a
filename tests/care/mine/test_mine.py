"""My care: what the person reads of their plan, their requests, what is booked, and who leads."""

from datetime import timedelta

import pytest
from django.test import Client

from onesystem import access, care
from onesystem.access import Actor, actions, choices
from onesystem.access.models import User
from onesystem.care.mine.plain import in_time
from onesystem.care.plans import actions as plans
from onesystem.care.requests import actions as requests
from onesystem.care.requests import queries
from onesystem.care.tasks import actions as tasks
from onesystem.care.tasks.telling import visit_key
from onesystem.district import now
from onesystem.people.models import Identity
from onesystem.record.columns import entry_id
from onesystem.record.sight import Sight
from onesystem.vocabulary import Act, ContactEvent, contact_id

pytestmark = pytest.mark.django_db
JOB = Actor.job("test")


@pytest.mark.parametrize(
    ("hours", "words"),
    [(-1, "due"), (0, "today"), (11, "today"), (20, "tomorrow"), (35, "tomorrow"),
     (40, "in 2 days"), (24 * 9, "in 9 days")],
)  # fmt: skip
def test_how_far_away(hours, words):
    at = now()
    assert in_time(at + timedelta(hours=hours), at) == words


@pytest.fixture
def mine(somebody):
    """The person's own browser."""
    Identity.objects.update(practice="practice")
    actions.add_user(username="maia", password="three blind mice run", roles=["person"], by=JOB)
    choices.give_own_record(person=somebody, username="maia", by=JOB)
    client = Client()
    client.force_login(
        User.objects.get(username="maia"), "django.contrib.auth.backends.ModelBackend"
    )
    return client


def page(client):
    answer = client.get("/me/care/")
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_empty_page_says_what_comes_here(mine):
    shown = page(mine)
    assert "No request about you waits for an answer, and nothing is booked." in shown
    assert "No plan has been written down with you yet" in shown
    assert "Mill Road Surgery" in shown
    assert "My care" in mine.get("/me/").content.decode()


def test_a_request_from_sent_to_done(mine, somebody, asker):
    doctor = asker()
    number = requests.send(person=somebody, service="nursing", by=doctor, words="Leg ulcer")
    shown = page(mine)
    assert "1 request about you waits for an answer" in shown
    assert "You were referred to District nursing" in shown
    assert "It has arrived, and nobody has looked at it yet. They will look at it within" in shown
    nurse = asker("district-nurse", name="daisy", organisation="community")
    requests.accept(request=number, by=nurse, seen=None)
    assert "They have said yes" in page(mine)


def test_what_is_booked_and_the_visits_of_teams(mine, somebody, asker):
    at = now()
    event = ContactEvent(
        visit="V7", subject="", act=Act.REQUEST, at=at, recorded=at, service="ed",
        requested=at, planned=at + timedelta(days=3), reason="Fracture clinic",
    )  # fmt: skip
    care.say(person=somebody, by=asker(), act="test", readings=[event])
    tasks.plan(
        person=somebody, by=asker(), words="Dressing", team="nursing",
        due=at + timedelta(days=1), visit=True,
    )  # fmt: skip
    shown = page(mine)
    assert "2 visits and appointments ahead" in shown
    assert "Fracture clinic, Emergency department" in shown
    assert "(tomorrow): Dressing, District nursing" in shown


def test_somebody_else_sees_nothing_of_it(mine, somebody):
    actions.add_user(username="tane", password="three blind mice run", roles=["person"], by=JOB)
    client = Client()
    client.force_login(
        User.objects.get(username="tane"), "django.contrib.auth.backends.ModelBackend"
    )
    assert client.get(f"/me/for/{somebody}/care/").status_code == 404
    assert "no record" in client.get("/me/care/").content.decode().lower()


def test_the_look_is_in_the_trail(mine, somebody):
    page(mine)
    assert access.models.Audit.objects.filter(act="person.looked", person=somebody).exists()


@pytest.fixture
def carer(mine, somebody):
    """The browser of somebody who acts for them."""
    actions.add_user(username="wiremu", password="three blind mice run", roles=["person"], by=JOB)
    choices.name_proxy(person=somebody, username="wiremu", tie="carer", by=JOB)
    client = Client()
    client.force_login(
        User.objects.get(username="wiremu"), "django.contrib.auth.backends.ModelBackend"
    )

    def shown():
        answer = client.get(f"/me/for/{somebody}/care/")
        assert answer.status_code == 200
        return answer.content.decode()

    return shown


def seal(item, kind="entry"):
    choices.seal(item=item, kind=kind, identity=Identity.objects.first().pk, by=JOB)


class TestWhoActsForSomebody:
    def test_they_see_what_is_open_to_them(self, mine, carer, somebody, asker):
        number = requests.send(person=somebody, service="nursing", by=asker(), words="Leg ulcer")
        goal = plans.set_goal(person=somebody, by=asker(), words="To walk to the shop")
        shown = carer()
        assert "You were referred to District nursing" in shown
        assert "To walk to the shop" in shown
        seal(entry_id("care", "ServiceRequest", f"ServiceRequest/{queries.one(number).key}"))
        seal(entry_id("care", "Goal", goal))
        shown = carer()
        assert "You were referred" not in shown
        assert "To walk to the shop" not in shown
        assert "You were referred to District nursing" in page(mine)
        assert "To walk to the shop" in page(mine)

    @pytest.mark.parametrize("of", ["entry", "contact"])
    def test_a_visit_that_was_marked_confidential(self, mine, carer, somebody, asker, of):
        key = tasks.plan(
            person=somebody, by=asker(), words="Dressing", team="nursing", visit=True,
            due=now() + timedelta(days=1),
        )  # fmt: skip
        assert "Dressing" in carer()
        entry = entry_id("care", "Task", f"task:{key}")
        seal(entry if of == "entry" else contact_id("care", visit_key(key)), of)
        assert "nothing is booked" in carer()
        assert "Dressing" in page(mine)

    def test_a_kind_of_data_that_is_shut_to_them(self, carer, somebody, asker, joined, monkeypatch):
        requests.send(person=somebody, service="nursing", by=asker(), words="Leg ulcer")
        monkeypatch.setattr(Sight, "opens", lambda _s, _o, code, _d: code != "nursing")
        assert "You were referred" not in carer()
