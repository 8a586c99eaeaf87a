"""The page of journeys: asked, worked on apart, shown, narrowed; small numbers stay hidden."""

import threading
from datetime import UTC, datetime, timedelta

import pytest
from django.db import transaction

from onesystem import contacts
from onesystem.flow import answers
from onesystem.flow.answers import working
from onesystem.flow.journeys import working as journeys
from onesystem.vocabulary import Act, ContactEvent


def went(visit, person, service, hours):
    """Somebody was in a service, so many hours ago, for an hour."""
    start = datetime.now(UTC) - timedelta(hours=hours)
    event = ContactEvent(
        visit=visit, subject=person, act=Act.STATE, at=start, recorded=start, service=service,
        started=start, ended=start + timedelta(hours=1),
    )  # fmt: skip
    return ("pas", int(person[1:]), 1, event)


@pytest.fixture
def walked(signed_in, monkeypatch):
    """Nine people from the ED to ward A, one from the ED to ward B."""
    monkeypatch.setattr(working, "_begun", threading.Event())
    journeys.connect()
    rows = [went(f"E{i}", f"p{i}", "ed", 200 + i % 100) for i in range(101, 111)]
    rows += [
        went(f"W{i}", f"p{i}", "ward-a" if i < 110 else "ward-b", 190 + i % 100)
        for i in range(101, 111)
    ]
    with transaction.atomic():
        contacts.take(rows, known_at=datetime.now(UTC))
    return signed_in


DAYS = [f"{datetime.now(UTC) - timedelta(days=n):%Y-%m-%d}" for n in (12, 5)]
ASKED = f"/journeys/?setting=ED&level=service&start={DAYS[0]}&end={DAYS[1]}"


def test_a_question_is_worked_on_apart_and_then_shown(walked):
    client = walked("ed-nurse")
    waiting = client.get(ASKED).content.decode()
    assert "Waiting for its turn" in waiting
    assert "Stop" in waiting
    answers.work()
    shown = client.get(ASKED).content.decode()
    assert "<svg" in shown
    assert "10 journeys" in shown
    assert "The paths most people take" in shown


def test_it_is_narrowed_by_an_arrow(walked):
    client = walked("ed-nurse")
    from onesystem.district import current

    names = [current().service_name(code) for code in ("ed", "ward-b")]
    asked = f"{ASKED}&source={names[0]}&target={names[1]}"
    client.get(asked)
    answers.work()
    shown = client.get(asked).content.decode()
    assert "1 of 10" in shown
    assert "Remove" in shown


def test_those_who_may_not_see_people_see_no_small_number(walked):
    client = walked("planner")
    client.get(ASKED)
    answers.work()
    shown = client.get(ASKED).content.decode()
    assert "10 journeys" in shown
    assert "are hidden" in shown
    assert "Ward B" not in shown.split("<svg")[1]
    written = client.get(f"{ASKED}&format=csv").content.decode()
    assert len(written.splitlines()) == 2


def test_a_group_that_is_too_small_is_not_shown_at_all(walked):
    client = walked("planner")
    asked = f"{ASKED}&ends=Ward B"
    client.get(asked)
    answers.work()
    shown = client.get(asked).content.decode()
    assert "Too few journeys" in shown or "Nobody went this way" in shown
    assert "<svg" not in shown.split("<main")[1]


def test_nobody_went_that_way(walked):
    client = walked("ed-nurse")
    asked = "/journeys/?setting=pharmacy"
    client.get(asked)
    answers.work()
    assert "Nobody went this way" in client.get(asked).content.decode()


def test_an_agreed_way_is_held_beside(walked):
    client = walked("ed-nurse")
    asked = f"{ASKED.replace('level=service&', '')}&way=admission-through-ed"
    client.get(asked)
    answers.work()
    shown = client.get(asked).content.decode()
    assert "Where they went instead" in shown
    assert "Handbook to the NHS Constitution" in shown


def test_a_mistake_is_told_beside_what_was_typed(walked):
    client = walked("ed-nurse")
    answer = client.get("/journeys/?start=yesterday&reason=Fall")
    assert answer.status_code == 400
    said = answer.content.decode()
    assert "2026-03-31" in said
    assert 'value="Fall"' in said


def test_it_can_be_stopped_and_asked_again(walked):
    client = walked("ed-nurse")
    client.get(ASKED)
    digest = working.Asked.objects.get().digest
    answer = client.post(f"/journeys/cancel/{digest}/", follow=True)
    assert "Ask again" in answer.content.decode()
    client.get(f"{ASKED}&anew=1")
    assert working.Asked.objects.get().state == "waiting"


def test_it_is_for_those_who_see_measures(walked):
    client = walked("person")
    assert client.get("/journeys/").status_code == 403
