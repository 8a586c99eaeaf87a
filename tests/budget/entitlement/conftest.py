"""A person of the hospital, and those who work out what they pay."""

import pytest
from page_data import adt, person_of

CASE = {
    "day": "2025-05-01", "setting": "care home", "cost": 950_00, "age": 75,
    "income": [{"kind": "state pension", "amount": 260_00}],
    "capital": [{"kind": "savings", "amount": 18_000_00}],
}  # fmt: skip


@pytest.fixture
def somebody(db, district):
    """A person, by number."""
    from onesystem import feeds, wiring

    wiring.connect()
    message = feeds.Arrival(source="pas", data=adt("M1"), name="live.hl7")
    feeds.take_messages([message], district=district)
    return person_of()


@pytest.fixture
def asker(db, district):
    """A finance assessor who asks."""
    from onesystem.access import Actor, Asker

    actor = Actor(name="assessor", roles=frozenset({"finance-assessor"}), organisation="council")
    return Asker(actor=actor, purpose="financial assessment")


@pytest.fixture
def needy():
    """Needs that are eligible."""
    from onesystem.budget.entitlement import needs

    return needs.care_act(impairment=True, unable=["nutrition", "toilet"], impact=True)


@pytest.fixture
def case():
    """The case of domain 3.1: 244.35 and 705.65."""
    return {**CASE}
