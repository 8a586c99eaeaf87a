"""What the tests of plans share."""

import pytest

from onesystem import wiring


@pytest.fixture
def joined(db, district):
    """The district with its rooms introduced to each other."""
    wiring.connect()
    return district
