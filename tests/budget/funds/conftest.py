"""The small district with its funds."""

import pytest
from funds_data import fund_it

from onesystem import wiring


@pytest.fixture
def joined(db, district):
    """The district with its rooms introduced to each other."""
    wiring.connect()
    return district


@pytest.fixture
def funded(joined):
    """Two funds, five lines, and the money of 2026/27."""
    fund_it()
    return joined
