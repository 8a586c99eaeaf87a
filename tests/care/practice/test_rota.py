"""The rota as arithmetic: what is needed, who is down, what is missing."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onesystem.care.practice.rota import Gap, Need, Shift, clashes, gaps, wanted

MONDAY = date(2026, 11, 23)
LONDON = "Europe/London"
NIGHT = Need(weekday=0, opens=time(18), closes=time(8), role="doctor")


def at(text):
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def shift(starts, ends, who="kiri", role="doctor"):
    return Shift(starts=at(starts), ends=at(ends), role=role, who=who)


def missing(needs, shifts, first=MONDAY, days=7):
    found = gaps(needs, shifts, first=first, days=days, zone=LONDON)
    return [(f"{g.starts:%a %H:%M}", f"{g.ends:%a %H:%M}", g.role, g.missing) for g in found]


# What is down for a night of one doctor, and what is missing of it.
NIGHTS = [
    ([], [("Mon 18:00", "Tue 08:00", "doctor", 1)]),
    ([("2026-11-23T18:00", "2026-11-24T08:00")], []),
    ([("2026-11-23T17:00", "2026-11-24T09:00")], []),
    ([("2026-11-23T18:00", "2026-11-24T02:00")], [("Tue 02:00", "Tue 08:00", "doctor", 1)]),
    ([("2026-11-23T20:00", "2026-11-24T02:00")],
     [("Mon 18:00", "Mon 20:00", "doctor", 1), ("Tue 02:00", "Tue 08:00", "doctor", 1)]),
    ([("2026-11-23T18:00", "2026-11-24T01:00"), ("2026-11-24T01:00", "2026-11-24T08:00")], []),
    ([("2026-11-24T18:00", "2026-11-25T08:00")], [("Mon 18:00", "Tue 08:00", "doctor", 1)]),
]  # fmt: skip


@pytest.mark.parametrize(("down", "left"), NIGHTS)
def test_a_night(down, left):
    assert missing([NIGHT], [shift(*each) for each in down]) == left


def test_a_need_holds_from_its_first_day_until_the_day_it_ends():
    old = replace(NIGHT, weekday=1, until=MONDAY + timedelta(days=2))
    new = replace(NIGHT, weekday=1, people=2, since=MONDAY + timedelta(days=2))
    assert missing([old, new], [], days=14) == [
        ("Tue 18:00", "Wed 08:00", "doctor", 1),
        ("Tue 18:00", "Wed 08:00", "doctor", 2),
    ]


def test_another_role_covers_nothing():
    nurse = shift("2026-11-23T18:00", "2026-11-24T08:00", role="nurse")
    assert missing([NIGHT], [nurse]) == [("Mon 18:00", "Tue 08:00", "doctor", 1)]


def test_needs_of_a_role_add_up():
    day = Need(weekday=0, opens=time(9), closes=time(17), role="doctor", people=2)
    more = Need(weekday=0, opens=time(12), closes=time(14), role="doctor")
    down = [shift("2026-11-23T09:00", "2026-11-23T17:00")]
    assert missing([day, more], down) == [
        ("Mon 09:00", "Mon 12:00", "doctor", 1),
        ("Mon 12:00", "Mon 14:00", "doctor", 2),
        ("Mon 14:00", "Mon 17:00", "doctor", 1),
    ]


@pytest.mark.parametrize(
    ("sunday", "hours"),
    [(date(2026, 3, 29), 9), (date(2026, 10, 25), 11), (date(2026, 11, 22), 10)],
)
def test_a_night_is_as_long_as_the_clocks_make_it(sunday, hours):
    """From 22:00 on Saturday to 08:00 on Sunday, over both changes of the clocks."""
    night = Need(weekday=5, opens=time(22), closes=time(8), role="doctor")
    [gap] = wanted([night], first=sunday - timedelta(days=1), days=1, zone=LONDON)
    assert gap.ends - gap.starts == timedelta(hours=hours)


HOURS = st.integers(0, 23).map(time)
NEEDS = st.lists(
    st.builds(Need, weekday=st.integers(0, 6), opens=HOURS, closes=HOURS,
              role=st.sampled_from(["doctor", "nurse"]), people=st.integers(1, 3)),
    max_size=4,
)  # fmt: skip
START = datetime(2026, 11, 23, tzinfo=UTC)
SHIFTS = st.lists(
    st.builds(
        lambda start, length, role, who: Shift(
            starts=START + timedelta(hours=start), ends=START + timedelta(hours=start + length),
            role=role, who=who,
        ),
        st.integers(-5, 170), st.integers(1, 14), st.sampled_from(["doctor", "nurse"]),
        st.sampled_from(["kiri", "moana"]),
    ),
    max_size=6,
)  # fmt: skip


@given(NEEDS, SHIFTS)
def test_hour_by_hour_it_is_what_is_needed_less_who_is_down(needs, shifts):
    found = gaps(needs, shifts, first=MONDAY, days=7, zone="UTC")
    asked = list(wanted(needs, first=MONDAY, days=7, zone="UTC"))
    for role in ("doctor", "nurse"):
        for hour in range(8 * 24):
            moment = START + timedelta(hours=hour)
            needed = sum(n.missing for n in asked if n.role == role and n.starts <= moment < n.ends)
            down = sum(1 for s in shifts if s.role == role and s.starts <= moment < s.ends)
            said = sum(g.missing for g in found if g.role == role and g.starts <= moment < g.ends)
            assert said == max(0, needed - down)


@given(NEEDS, SHIFTS)
def test_gaps_are_whole_and_in_order(needs, shifts):
    found = gaps(needs, shifts, first=MONDAY, days=7, zone="UTC")
    assert found == sorted(found)
    for one in found:
        assert not any(
            (one.ends, one.role, one.missing) == (b.starts, b.role, b.missing) for b in found
        )
        assert isinstance(one, Gap)
        assert one.starts < one.ends


@given(SHIFTS)
def test_nobody_is_in_two_places(shifts):
    pairs = clashes(shifts)
    every = [
        (a, b)
        for n, a in enumerate(sorted(shifts))
        for b in sorted(shifts)[n + 1 :]
        if a.who == b.who and b.starts < a.ends
    ]
    assert sorted(every) == pairs
