"""The capacity under a measure of beds is what the services had, day by day."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onesystem.district import Capacity, Service
from onesystem.flow.measures import beds, days
from onesystem.vocabulary import Setting

DAYS = st.dates(date(2025, 1, 1), date(2025, 12, 31))
LINES = st.lists(
    st.builds(
        lambda amount, first, last, week, hours: Capacity(
            amount=amount, since=first, until=last, days=frozenset(week), opens=hours[0],
            closes=hours[1],
        ),
        st.integers(0, 40), st.none() | DAYS, st.none() | DAYS,
        st.sets(st.integers(0, 6), min_size=1),
        st.sampled_from([(time(0), time(0)), (time(0), time(0)), (time(8), time(20))]),
    ),
    max_size=3,
)  # fmt: skip


@given(LINES, DAYS)
def test_a_day_holds_what_its_hours_hold(lines, on):
    """By date where that tells it, and by hour elsewhere: both as the clocks of the zone go."""
    ward = Service(code="w", name="W", setting=Setting.WARD, organisation="h", capacity=lines)
    day = days.day_of(on)
    hands = days.clock("Europe/London")
    start, stop = hands.midnight(day), hands.midnight(day + 1)
    hours = [datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=at)
             for at in range(start, stop, 3_600_000)]  # fmt: skip
    by_hour = sum((ward.capacity_at(at, "Europe/London") or 0) * 3_600_000 for at in hours)

    class Here:
        it = type("It", (), {"zone": "Europe/London", "services": {"w": ward}})

    assert beds._of_day(Here(), "w", day, "time") == by_hour
    last = ward.capacity_at(hours[-1], "Europe/London") or 0
    assert beds._of_day(Here(), "w", day, "nights") == last


@pytest.mark.parametrize("zone", ["Europe/London", "Pacific/Auckland", "America/Santiago"])
def test_a_midnight_is_the_first_moment_of_its_day(zone):
    hands = days.clock(zone)
    for day in range(days.day_of(date(2024, 1, 1)), days.day_of(date(2027, 1, 1))):
        begins = hands.midnight(day)
        assert hands.day(begins) == day
        assert hands.day(begins - 1) == day - 1
