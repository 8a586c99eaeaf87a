"""The figures of the board, from tables that a person can count."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onesystem.flow.boards.layout import layout
from onesystem.flow.now import DAY, HOUR, SECOND, Stretch, board, figures, hide_small, totals

AT = 1_800_000_000 * SECOND
MINUTE = 60 * SECOND
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
NOON = (datetime(2026, 11, 22, 12, tzinfo=UTC) - EPOCH) // timedelta(microseconds=1)


def table(text, *, setting="ED", service="ed", source="pas"):
    """Stretches from a table of clock times on one day; an empty cell has not happened."""

    def at(cell):
        if not cell.strip():
            return None
        hours, minutes = cell.strip().split(":")
        return NOON + (int(hours) - 12) * HOUR + int(minutes) * MINUTE

    rows = [line.split("|") for line in text.strip().splitlines()[1:]]
    return [Stretch(service, setting, source, *(at(cell) for cell in row[1:5])) for row in rows]


MORNING = table("""
    person | requested | started | ready | ended
    Aroha  | 07:50     | 08:00   | 11:10 |
    Siân   | 09:30     | 09:45   |       |
    Tama   | 06:00     | 06:10   | 09:00 | 10:30
    Mere   | 10:15     |         |       |
    Rhŷs   | 11:40     |         |       |
    Ngaio  | 11:00     |         |       | 11:30
    Owen   | 13:00     |         |       |
    Ioan   |           | 11:59   |       | 12:30
""")


class TestFigures:
    def test_a_morning_in_ed(self):
        f = figures(MORNING, service="ed", setting="ED", at=NOON, capacity=4)
        assert (f.here, f.waiting, f.ready) == (3, 2, 1)  # Aroha, Siân, Ioan; Mere, Rhŷs; Aroha
        assert f.over_limit == 0  # Aroha came at eight: four hours, not more
        assert f.waiting_since == NOON - 105 * MINUTE
        assert f.median_wait == (105 + 20) * MINUTE // 2
        assert f.here_since == NOON - 4 * HOUR
        assert (f.arrivals, f.departures) == (4, 1)
        assert f.occupancy == 0.75
        assert f.arrived[-6:] == (1, 1, 0, 1, 0, 1)  # the hours from six to noon
        assert f.sources == ("pas",)

    def test_a_minute_later_somebody_is_over_four_hours(self):
        f = figures(MORNING, service="ed", setting="ED", at=NOON + MINUTE)
        assert f.over_limit == 1

    def test_four_hours_is_a_rule_of_eds_only(self):
        assert figures(MORNING, service="a", setting="ward", at=NOON + HOUR).over_limit is None

    def test_what_lies_ahead_has_not_happened(self):
        f = figures(MORNING, service="ed", setting="ED", at=NOON - 4 * HOUR - MINUTE)
        assert (f.here, f.waiting) == (1, 1)  # Tama is here; Aroha waits; nobody has left
        assert f.departures == 0

    def test_each_hour_ends_at_the_moment_and_includes_it(self):
        one = [Stretch("ed", "ED", "pas", None, NOON, None, None)]
        assert figures(one, service="ed", setting="ED", at=NOON).arrived[23] == 1
        late = figures(one, service="ed", setting="ED", at=NOON + HOUR)
        assert late.arrived[22:] == (1, 0)
        assert figures(one, service="ed", setting="ED", at=NOON + DAY).arrivals == 0

    def test_nobody(self):
        f = figures([], service="ed", setting="ED", at=NOON, capacity=0)
        assert (f.here, f.waiting, f.median_wait, f.occupancy) == (0, 0, None, None)
        assert not f.stirs
        assert not f.full

    @pytest.mark.parametrize(
        ("here", "full", "asks"),
        [(22, False, ""), (23, False, "look"), (25, False, "look"), (26, True, "act")],
    )
    def test_nearly_full_is_92_per_cent_and_over_is_over(self, here, full, asks, tmp_path):
        """Of 25 beds, 23 are 92 per cent, from which on the boards ask for a look."""
        stretches = [Stretch("a", "ward", "pas", None, NOON - HOUR, None, None)] * here
        f = figures(stretches, service="a", setting="ward", at=NOON, capacity=25)
        assert f.full is full
        assert layout(tmp_path).asks("occupancy", f.occupancy) == asks


times = st.none() | st.integers(min_value=AT - 3 * DAY, max_value=AT + DAY)
stretches = st.lists(
    st.builds(
        Stretch,
        st.sampled_from(["ed", "ward-a", "pas/W9"]),
        st.just("ward"),
        st.sampled_from(["pas", "practice"]),
        times,
        times,
        times,
        times,
    ),
    max_size=60,
)
day_stretches = st.lists(
    st.tuples(st.integers(1, DAY - 1), st.integers(1, DAY)).map(
        lambda p: Stretch("ed", "ED", "pas", None, AT - p[0], None, AT - p[0] + p[1])
    ),
    max_size=60,
)


class TestProperties:
    @given(day_stretches)
    def test_here_is_arrivals_less_departures(self, found):
        """When everybody came within the day, who is here is who came and did not leave."""
        f = figures(found, service="ed", setting="ED", at=AT)
        assert f.here == f.arrivals - f.departures
        assert f.arrivals == sum(f.arrived) == len(found)
        assert f.departures == sum(f.departed)

    @given(stretches)
    def test_a_contact_is_counted_once_and_nobody_is_made_up(self, found):
        made = board(found, at=AT, capacities={}, settings={})
        assert sum(f.here + f.waiting for f in made.values()) <= len(found)
        for f in made.values():
            assert f.ready <= f.here
            assert (f.median_wait or 0) >= 0
            assert f.waiting_since is None or f.waiting_since <= AT

    @given(stretches, st.randoms())
    def test_the_order_of_contacts_does_not_matter(self, found, random):
        shuffled = list(found)
        random.shuffle(shuffled)
        one = board(found, at=AT, capacities={}, settings={})
        assert one == board(shuffled, at=AT, capacities={}, settings={})

    @given(stretches, st.integers(2, 12))
    def test_no_small_count_is_left(self, found, below):
        for f in board(found, at=AT, capacities={"ed": 5}, settings={}).values():
            shown = hide_small(f, below=below)
            counts = (
                shown.here, shown.waiting, shown.ready, shown.over_limit, shown.arrivals,
                shown.departures, *shown.arrived, *shown.departed,
            )  # fmt: skip
            assert not [c for c in counts if c is not None and 0 < c < below]
            if shown.waiting is None:
                assert shown.waiting_since is None
                assert shown.median_wait is None
            if shown.here is None:
                assert shown.occupancy is None
                assert shown.here_since is None
            assert shown.hidden == (shown != f)


class TestTotals:
    def test_sums_are_exact_or_in_fives(self):
        every = [
            figures(MORNING, service="ed", setting="ED", at=NOON, capacity=2),
            figures([], service="shut", setting="ward", at=NOON),
        ]
        assert totals(every).here == 3
        assert totals(every).services == 1
        assert totals(every).full == ("ed",)
        rounded = totals(every, round_to=5)
        assert (rounded.here, rounded.waiting, rounded.about) == (5, 0, True)
