"""Comparing in the small district: what it cost is told, the rest is real."""

import pytest
import year_told


@pytest.fixture
def told(db, district, monkeypatch):
    """The district with its contracts, and two years of costs."""
    from onesystem import wiring

    wiring.connect()
    year_told.tell(monkeypatch)
    yield district
    from onesystem.budget.comparing import queries

    queries._rows.cache_clear()


@pytest.fixture
def commissioner(told, sign_in):
    """The commissioner's browser."""
    return sign_in("commissioner")
