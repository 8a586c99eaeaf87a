"""Days by the district's clocks, and the periods that they make up."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onesystem.flow.measures import days
from onesystem.vocabulary import to_local

ZONES = ("Europe/London", "Pacific/Auckland", "UTC")
MOMENTS = st.integers(631_152_000, 2_208_988_800).map(lambda s: datetime.fromtimestamp(s, UTC))


@given(MOMENTS, st.sampled_from(ZONES))
def test_a_moment_lies_in_the_day_that_the_clocks_show(moment, zone):
    clock = days.clock(zone)
    day = clock.day(int(moment.timestamp() * 1000))
    assert days.date_of(day) == to_local(moment, zone).date()


@given(st.dates(date(1990, 1, 1), date(2040, 1, 1)), st.sampled_from(ZONES))
def test_a_day_begins_at_its_midnight(on, zone):
    clock, day = days.clock(zone), days.day_of(on)
    start = clock.midnight(day)
    assert clock.day(start) == day
    assert clock.day(start - 1) == day - 1


@pytest.mark.parametrize(("on", "hours"), [((2026, 3, 29), 23), ((2026, 10, 25), 25)])
def test_the_days_on_which_clocks_change(on, hours):
    clock, day = days.clock("Europe/London"), days.day_of(date(*on))
    assert clock.midnight(day + 1) - clock.midnight(day) == hours * 3_600_000


@given(st.dates(date(1990, 1, 1), date(2040, 1, 1)), st.sampled_from(days.PERIODS))
def test_periods_follow_each_other_without_a_gap(on, every):
    day = days.day_of(on)
    first = days.begin(day, every)
    assert first <= day < days.after(first, every)
    assert days.begin(days.after(first, every), every) == days.after(first, every)


def test_somebody_born_on_29_february_ages_on_1_march():
    born = days.day_of(date(1940, 2, 29))
    assert days.years_between(born, days.day_of(date(2025, 2, 28))) == 84
    assert days.years_between(born, days.day_of(date(2025, 3, 1))) == 85


def test_the_year_trap():
    """From 31 December 2000 to 1 January 2025 is 24 years, where engines count 25 boundaries."""
    assert days.years_between(days.day_of(date(2000, 12, 31)), days.day_of(date(2025, 1, 1))) == 24


def test_weeks_begin_on_monday():
    assert days.date_of(days.begin(days.day_of(date(2026, 11, 22)), "week")) == date(2026, 11, 16)
