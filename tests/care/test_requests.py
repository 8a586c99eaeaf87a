"""Requests: how each stands, and the steps that led there, in whatever order they come."""

from datetime import UTC, datetime, timedelta
from itertools import permutations

import pytest

from onesystem import care
from onesystem.care.requests.states import STATES, state_of
from onesystem.vocabulary import Code, RequestSeen, contact_id

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
database = pytest.mark.django_db


def said(status, *, hours=0, **more):
    return RequestSeen(key="ServiceRequest/1", subject="Patient/7", at=NOW, status=status,
                       recorded=NOW + timedelta(hours=hours), what=Code("x", "1", "X-ray"), **more)  # fmt: skip  # noqa: E501


def take(*requests):
    care.take_requests([("gp", 5, 1, r) for r in requests], NOW)


@database
def test_a_request_as_it_stands():
    take(said("received", service="ed", urgency="urgent", by="Dr Lee"))
    [asked] = care.requests_of([5])
    assert (asked.what, asked.service, asked.status, asked.open) == (
        "X-ray",
        "ed",
        "received",
        True,
    )
    assert asked.request == contact_id("gp", "ServiceRequest/1")
    assert care.requests_of([6]) == care.requests_of([0]) == []


@database
def test_any_order_ends_in_the_same_state():
    steps = [said("received"), said("accepted", hours=1), said("done", hours=2)]
    for order in permutations(steps):
        care.erase()
        for each in order:
            take(each)
        [asked] = care.requests_of([5])
        assert (asked.status, asked.open) == ("done", False)
        assert [s.state for s in care.steps_of(asked.request)] == ["received", "accepted", "done"]


@database
def test_the_same_again_is_no_step():
    take(said("received"), said("received"))
    take(said("received"))
    assert len(care.steps_of(contact_id("gp", "ServiceRequest/1"))) == 1


@pytest.mark.parametrize(("word", "state"), [("CM", "done"), ("SC", "booked"), ("CA", "revoked"),
                                             ("", "received"), ("odd", "received")])  # fmt: skip
def test_a_sources_word_is_one_of_our_states(word, state):
    assert state_of(word) == state
    assert state in STATES
