"""The pages for funders and for reviews: what waits, what is asked, what is refused."""

from datetime import UTC, datetime

import pytest
from django.test import Client
from funded import asked, everybody, running_from, signed_pathway

from onesystem.access import Actor
from onesystem.access import actions as people
from onesystem.access.models import User
from onesystem.alliance.meeting import queries as meeting

pytestmark = pytest.mark.django_db
ROLES = {"funder.health": "funder", "funder.council": "funder", "funder.hospital": "funder",
         "chair": "alliance-chair", "member": "alliance-member"}  # fmt: skip


@pytest.fixture
def number(district):
    """A decision that waits for three funders."""
    running_from(datetime(2026, 11, 20, 12, tzinfo=UTC))
    return asked(everybody())


def client_of(name):
    if not User.objects.filter(username=name).exists():
        people.add_user(username=name, password="three blind mice run", roles=(ROLES[name],),
                        organisation="hospital", by=Actor.job("test"))  # fmt: skip
    client = Client()
    client.force_login(User.objects.get(username=name), "django.contrib.auth.backends.ModelBackend")
    return client


def text(client, path, **more):
    answer = client.get(path, **more)
    assert answer.status_code == 200, path
    return answer.content.decode()


def test_a_funder_sees_what_waits_for_them(number):
    page = text(client_of("funder.health"), "/alliance/money/")
    assert "1 decision waits for Testshire Hospital, whose money you command" in page
    assert "COPD at home" in page
    page = text(client_of("member"), f"/alliance/decisions/{number}/money/")
    assert "It waits for Testshire Hospital, Community Care, Mill Road Surgery" in page
    assert "Confirm your part" not in page


def test_three_confirm_on_their_pages_and_it_goes_live(number):
    signed_pathway()
    for nth, (name, line) in enumerate(
        [("funder.health", "wards"), ("funder.council", "nurses"), ("funder.hospital", "home")]
    ):
        client = client_of(name)
        assert "Confirm your part" in text(client, f"/alliance/decisions/{number}/money/")
        answer = client.post(
            f"/alliance/decisions/{number}/money/confirm/", {"nth": nth, "line": line}, follow=True
        )
    page = answer.content.decode()
    assert "It is resourced" in page
    assert "District nursing takes 12 at once from 1 December 2026" in page
    assert meeting.decision(number).state == "resourced"
    sheet = text(client, f"/alliance/decisions/{number}/money/?format=csv")
    assert "2026-12,Testshire Hospital,Wards,2500" in sheet
    assert "Not drawn yet" in text(client_of("chair"), f"/alliance/decisions/{number}/review/")


def test_a_refusal_stands_on_the_page_with_what_was_chosen(number):
    client = client_of("funder.health")
    answer = client.post(f"/alliance/decisions/{number}/money/confirm/", {"nth": 0, "line": ""})
    assert answer.status_code == 400
    assert "no line of the budget was chosen" in answer.content.decode()
    answer = client.post(f"/alliance/decisions/{number}/money/confirm/", {"nth": 1, "line": "ed"})
    assert "you do not command the money of Community Care" in answer.content.decode()


def test_what_stands_in_the_way_is_open_for_all(number):
    """Nobody signed the pathway: the page says so to everybody, and a funder may try again."""
    for nth, (name, line) in enumerate(
        [("funder.health", "wards"), ("funder.council", "nurses"), ("funder.hospital", "home")]
    ):
        client = client_of(name)
        client.post(f"/alliance/decisions/{number}/money/confirm/", {"nth": nth, "line": line})
    page = text(client_of("member"), f"/alliance/decisions/{number}/money/")
    assert "All have confirmed, and it could not be set going" in page
    signed_pathway()
    assert "Try again" in text(client, f"/alliance/decisions/{number}/money/")
    client.post(f"/alliance/decisions/{number}/money/again/")
    assert meeting.decision(number).state == "resourced"


def test_a_funder_takes_it_back(number):
    client = client_of("funder.health")
    client.post(f"/alliance/decisions/{number}/money/confirm/", {"nth": 0, "line": "wards"})
    assert "Take it back" in text(client, f"/alliance/decisions/{number}/money/")
    client.post(
        f"/alliance/decisions/{number}/money/withdraw/", {"nth": 0, "reason": "Winter plan"}
    )
    assert "withdrawn" in text(client, f"/alliance/decisions/{number}/money/")


def test_nobody_else_sends_the_forms(number):
    client = client_of("member")
    for do in ("confirm", "withdraw"):
        assert (
            client.post(f"/alliance/decisions/{number}/money/{do}/", {"nth": 0}).status_code == 403
        )
    assert client.post(f"/alliance/decisions/{number}/review/close/").status_code == 403
    assert client.get("/alliance/decisions/99/money/").status_code == 404
