"""A person of the small district, looked after by its nurses, for the tests of the care room."""

import pytest
from page_data import adt

from onesystem import access, feeds, people, wiring
from onesystem.district import now


@pytest.fixture
def joined(db, district):
    """The district with its rooms introduced to each other."""
    wiring.connect()
    return district


@pytest.fixture
def somebody(joined):
    """The number of a person who is in the ED now."""
    at = f"{now():%Y%m%d%H%M}"
    feeds.take_messages(
        [feeds.Arrival(source="pas", data=adt(1, at=at), name="live.hl7")], district=joined
    )
    [number] = {person for _, person, _ in people.births()}
    return number


@pytest.fixture
def asker(joined):
    """Somebody of the hospital who asks for direct care: `asker("ed-nurse")`."""

    def asks(role="hospital-doctor", name="kiri", organisation="hospital"):
        actor = access.Actor(name=name, roles=frozenset({role}), organisation=organisation)
        return access.asker_of(actor, "direct care")

    return asks
