"""Comparing in the small district: what it cost is told, the rest is real."""

import pytest
import year_told


@pytest.fixture
def joined(db, district):
    """The district with its rooms introduced to each other."""
    from onesystem import wiring

    wiring.connect()
    return district


@pytest.fixture
def told(joined, monkeypatch):
    """The district with its contracts, and two years of costs."""
    year_told.tell(monkeypatch)
    yield joined
    from onesystem.budget.comparing import queries

    queries._rows.cache_clear()


@pytest.fixture
def commissioner(told, sign_in):
    """The commissioner's browser."""
    return sign_in("commissioner")
