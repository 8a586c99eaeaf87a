"""Gridlock before anybody looked: hours of the log, held against what a look would have seen."""

from datetime import UTC, date, datetime, timedelta

import numpy as np
import pytest
from django.core.cache import cache
from django.db import transaction
from hypothesis import given
from hypothesis import strategies as st

from onesystem import contacts
from onesystem.access import Actor
from onesystem.flow import measures, now
from onesystem.flow.boards import queries, telling
from onesystem.flow.boards.gridlock import Limits, pressures
from onesystem.flow.boards.past import NEVER, Stays, gridlocked
from onesystem.flow.measures.telling import bring_up
from onesystem.vocabulary import Act, ContactEvent

HOURS = range(0, 9 * now.HOUR, now.HOUR)
LOST = 6 * now.HOUR
LIMITS = Limits(occupancy=0.95, waiting=1)
WHO = {"a": "hospital", "b": "hospital", "e": "hospital"}
SETTING = {"a": "ward", "b": "ward", "e": "ED"}
BEDS = {"a": 2, "b": None, "e": 3}
moments = st.none() | st.integers(0, 24).map(lambda half: half * now.HOUR // 2)


@st.composite
def stretches(draw):
    """A contact of a ward or an ED; what begins at all has begun before it ends."""
    service = draw(st.sampled_from("aabe"))
    requested, started, ended, planned = (draw(moments) for _ in range(4))
    if started is not None and ended is not None:
        started, ended = sorted((started, ended))
    ready = draw(moments)
    return now.Stretch(service, SETTING[service], "pas", requested, started, ready, ended, planned)


def as_seen(found, at):
    """What a look at the board at that hour says."""
    board = now.board(found, at=at, capacities=BEDS, settings=SETTING,
                      longest={"ward": LOST, "ED": LOST})  # fmt: skip
    return pressures(board.values(), WHO, LIMITS, at=at)[0].gridlock


def columns(found, service):
    names = ("requested", "planned", "started", "ready", "ended")
    mine = [s for s in found if s.service == service]
    held = BEDS[service]
    return Stays(
        *(np.array([NEVER if (t := getattr(s, n)) is None else t for s in mine], dtype=np.int64)
          for n in names),
        longest=LOST, capacity=np.full(len(HOURS), -1 if held is None else held),
    )  # fmt: skip


@given(st.lists(stretches(), max_size=12))
def test_the_log_says_what_a_look_would_have_seen(found):
    told = gridlocked([columns(found, "a"), columns(found, "b")], [columns(found, "e")], LIMITS,
                      np.array(HOURS))  # fmt: skip
    assert told.tolist() == [as_seen(found, at) for at in HOURS]


def test_who_is_booked_for_later_does_not_wait_for_a_bed_yet():
    in_bed = [now.Stretch("a", "ward", "pas", None, 0, None, None)] * 2
    booked = now.Stretch("a", "ward", "pas", 0, None, None, None, planned=5 * now.HOUR)
    seen = [as_seen([*in_bed, booked], at) for at in HOURS[:7]]
    assert seen == [False] * 5 + [True] * 2


@pytest.fixture
def past_days(db, district):
    """Both wards full for two days until the day before yesterday at noon; one ready in the ED."""
    cache.clear()
    telling.connect()
    noon = datetime.now(UTC).replace(hour=12, minute=0, second=0, microsecond=0)
    ends = noon - timedelta(days=2)
    day, known = timedelta(days=1), datetime.now(UTC)
    rows = [("ward-a" if n < 24 else "ward-b", ends - 2 * day, None, ends) for n in range(44)]
    rows.append(("ed", ends - 1.1 * day, ends - day, ends - 0.4 * day))
    events = [
        ("pas", n, n, ContactEvent(visit=f"V{n}", subject=f"V{n}", act=Act.STATE, at=known,
                                   recorded=known, service=service, started=started, ready=ready,
                                   ended=ended))
        for n, (service, started, ready, ended) in enumerate(rows, 1)
    ]  # fmt: skip
    with transaction.atomic():
        contacts.take(events, known_at=known)
    return ends.date()


def test_days_before_the_first_look_are_counted_from_the_log(past_days):
    assert telling.NAME in bring_up()
    assert telling.NAME not in bring_up()  # nothing new until tomorrow
    told = queries.gridlock_days(datetime.now(UTC))["hospital"]
    assert (told.week, told.month, told.year) == (2, 2, 2)


def test_a_count_of_days_hides_nothing_since_it_is_of_nobody(past_days):
    bring_up()
    planner = Actor(name="pat", roles=frozenset({"planner"}), kind="person")
    year = {"start": past_days - timedelta(days=3), "end": past_days + timedelta(days=1)}
    [found] = measures.figures(telling.NAME, by=("organisation",), every="day", **year,
                               asker=planner)  # fmt: skip
    assert found.group == {"organisation": "hospital"}
    assert found.value[-2:] == (1, 1)


def test_a_day_is_the_districts_day(district):
    """23:00 UTC in July is the next day in London."""
    late = int(datetime(2026, 7, 1, 23, tzinfo=UTC).timestamp() * 1_000_000)
    assert telling.day_of(late) == (date(2026, 7, 2) - date(1970, 1, 1)).days
