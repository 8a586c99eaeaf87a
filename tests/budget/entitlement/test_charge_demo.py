"""The demo's assessed people are made by the room's own acts, once."""

import pytest

from onesystem.access import Actor, choices
from onesystem.budget.entitlement import queries
from onesystem.demo.budgeting import entitlement


@pytest.fixture
def citizen(sign_in, somebody):
    """The demo's citizen, whose record is theirs."""
    sign_in("person")
    choices.give_own_record(person=somebody, username="person", by=Actor.job("test"), reason="x")
    return somebody


def test_the_citizen_has_a_letter_and_a_settled_payer(citizen):
    told = []
    entitlement.fund(told.append)
    assert told == ["Working out what 1 made-up purses pay for care"]
    stands = queries.stands(citizen)
    result = stands.letter.said["result"]
    assert stands.state == "settled"
    assert result["pays"] + result["council"] + result["nhs"] == result["cost"] == 214_80


def test_it_is_done_once(citizen):
    entitlement.fund(lambda _: None)
    before = queries.stands(citizen).steps
    entitlement.fund(lambda _: None)
    assert queries.stands(citizen).steps == before


def test_every_made_up_purse_goes_its_way(citizen, monkeypatch):
    """Each story by itself on one person: none is refused."""
    from onesystem import people
    from onesystem.budget.entitlement import store

    ways = {}
    for story in entitlement._STORIES:
        monkeypatch.setattr(entitlement, "_STORIES", (story,))
        entitlement.fund(lambda _: None)
        ways[story["to"]] = queries.stands(citizen).state
        store.forget(people.identity_ids_of(citizen))
    assert ways == {
        "settled": "settled", "signed": "to settle", "disputed": "to settle", "means": "to sign",
        "need": "to assess", "refused": "not eligible",
    }  # fmt: skip
