"""Occupancy weighted by time, from tables that a person can count."""

from datetime import UTC, datetime, time
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onesystem.district.shape import Capacity, Service
from onesystem.flow.now import HOUR, Stretch, figures, hide_small
from onesystem.flow.occupancy import DAY, Beds, Step, beds, open_time, share, used
from onesystem.vocabulary import Setting
from onesystem.vocabulary.kept import to_micros

LONDON = ZoneInfo("Europe/London")


def ward(*lines):
    return Service(
        code="w", name="W", setting=Setting.WARD, organisation="h",
        capacity=tuple(Capacity(**line) for line in lines),
    )  # fmt: skip


def hours(stays, since, until):
    """Stays as `8-12, 6-` in hours of one day, the bed-hours that they take of a stretch."""
    told = [s.strip().split("-") for s in stays.split(",") if s.strip()]
    pairs = [(int(a) * HOUR, int(b) * HOUR if b else None) for a, b in told]
    return used(pairs, since=since * HOUR, until=until * HOUR) / HOUR


class TestUsed:
    @pytest.mark.parametrize(
        ("stays", "taken"),
        [
            ("8-12", 4), ("8-12, 9-10", 5), ("6-", 18), ("", 0),
            ("0-24, 0-", 48),
            ("12-8", 0),  # ends before it began: the source's slip takes no bed
            ("9-9", 0), ("23-30", 1),
        ],
    )  # fmt: skip
    def test_a_day(self, stays, taken):
        assert hours(stays, 0, 24) == taken

    def test_only_what_lies_within(self):
        assert hours("0-10, 14-", 8, 16) == 2 + 2

    @given(st.integers(0, 48), st.integers(0, 48), st.integers(0, 48))
    def test_parts_add_up(self, a, b, cut):
        began, ended = sorted((a, b))
        stay = [(began, ended)]
        whole = used(stay, since=0, until=48)
        assert used(stay, since=0, until=cut) + used(stay, since=cut, until=48) == whole

    def test_nothing_open_is_no_occupancy(self):
        assert share(5, 0) is None
        assert share(0, 5) == 0
        assert open_time([Step(0, 10, 3), Step(10, 20, 0)], since=5, until=30) == 15


class TestBeds:
    @pytest.mark.parametrize(
        ("local", "today"),
        [
            ("2026-06-10 12:00", 12),
            ("2026-10-25 12:00", 13),  # the clock went back at two
            ("2026-03-29 12:00", 11),  # and on at one
            ("2026-06-10 00:00", 0),
        ],
    )
    def test_the_hours_of_a_day_by_the_clocks(self, local, today):
        at = datetime.fromisoformat(local).replace(tzinfo=LONDON).astimezone(UTC)
        found = beds(ward({"amount": 2}), at, "Europe/London")
        assert found.today == today * 2 * HOUR
        assert found.day == 24 * 2 * HOUR

    def test_the_longest_day_is_whole_at_its_end(self):
        at = datetime(2026, 10, 25, 23, 59, tzinfo=LONDON).astimezone(UTC)
        found = beds(ward({"amount": 1}), at, "Europe/London")
        assert found.today == 25 * HOUR - 60_000_000
        assert to_micros(at) - found.midnight == found.today

    def test_beds_that_open_by_day_alone(self):
        by_day = ward({"amount": 4}, {"amount": 10, "opens": time(8), "closes": time(20)})
        at = datetime(2026, 6, 10, 12, tzinfo=LONDON).astimezone(UTC)
        assert beds(by_day, at, "Europe/London").today == (8 * 4 + 4 * 10) * HOUR
        assert beds(by_day, at, "Europe/London").day == (12 * 4 + 12 * 10) * HOUR

    def test_closed(self):
        at = datetime(2026, 6, 10, 12, tzinfo=UTC)
        assert beds(ward({"amount": 0}), at, "Europe/London").day == 0


class TestFigures:
    AT = 20_000 * DAY

    def stretch(self, began, ended=None):
        started = self.AT - began * HOUR
        return Stretch("w", "ward", "pas", None, started, None, ended and self.AT - ended * HOUR)

    def of(self, *stretches, capacity=2):
        open_ = Beds(self.AT - 12 * HOUR, 12 * capacity * HOUR, 24 * capacity * HOUR)
        return figures(stretches, service="w", setting="ward", at=self.AT, capacity=capacity,
                       beds=open_)  # fmt: skip

    def test_a_ward(self):
        f = self.of(self.stretch(30), self.stretch(18, 6))
        assert f.occupied_today == (12 + 6) / 24
        assert f.occupied_day == (24 + 12) / 48
        assert (f.occupancy, f.free) == (0.5, 1)

    def test_a_closed_ward_with_somebody_in_it(self):
        f = self.of(self.stretch(30), capacity=0)
        assert (f.occupied_today, f.occupied_day, f.free) == (None, None, -1)

    def test_few_people_are_hidden_in_the_share_too(self):
        f = hide_small(self.of(self.stretch(30)), below=5)
        assert (f.occupied_today, f.occupied_day, f.free) == (None, None, None)
