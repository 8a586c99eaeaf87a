"""The small district, with its rooms introduced to each other, for journeys through the ledger."""

import pytest

from onesystem import wiring


@pytest.fixture
def joined(db, district):
    """The district as `serve` would have it."""
    wiring.connect()
    return district
