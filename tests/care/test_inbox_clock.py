"""The clock of an inbox is the one rule of requests, as SQL: what one says the other says."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from onesystem.access.quick import rows
from onesystem.care.requests import inbox_verbs, queries, timers
from onesystem.care.requests.inbox_clock import NEVER, Clock, due_sql
from onesystem.care.requests.machine import MOVES, SERVICE
from onesystem.care.requests.rows import RequestRow
from onesystem.care.requests.states import KINDS, STATES, URGENCIES, urgency_of
from onesystem.care.services.entry import Timer
from onesystem.vocabulary.kept import to_micros

HOURS = {"routine": (72, 336), "soon": (24, 72), "urgent": (4, 24), "emergency": (1, 2)}
CLOCK = Clock(*(tuple(HOURS[urgency][i] for urgency in URGENCIES) for i in (0, 1)))
TIMERS = [Timer(urgency=u, triage=t, answer=a) for u, (t, a) in HOURS.items()]
START = datetime(2026, 11, 1, tzinfo=UTC)
HOUR = st.integers(0, 1000).map(lambda n: START + timedelta(hours=n))


@pytest.fixture
def tests(joined):
    """The district, with a service that makes tests."""
    file = joined.path / "district.toml"
    more = (
        '[services.imaging]\nname = "Imaging"\nsetting = "diagnostics"\norganisation = "hospital"'
    )
    file.write_text(f"{file.read_text()}\n{more}\n")


@pytest.mark.django_db
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    state=st.sampled_from(STATES),
    kind=st.sampled_from([*KINDS, ""]),
    service=st.sampled_from(["nursing", "imaging"]),
    urgency=st.sampled_from([*URGENCIES, "STAT", "asap", "R", "whenever"]),
    at=HOUR,
    since=HOUR,
    booked=st.none() | HOUR,
)
def test_the_clock_in_the_store_is_that_of_one_request(
    tests, state, kind, service, urgency, at, since, booked
):
    RequestRow.objects.all().delete()
    RequestRow.objects.create(
        request=7, source="care", key="R", identity=1, service=service, at=to_micros(at),
        recorded=to_micros(at), urgency=urgency, state=state, kind=kind, since=to_micros(since),
        known_at=0, message=0, booked=None if booked is None else to_micros(booked),
    )  # fmt: skip
    clock = replace(CLOCK, orders=service == "imaging")
    [(due,)] = rows(f"SELECT {due_sql(clock)} FROM care_request r")
    found = timers.clock(queries.one(7), TIMERS)
    if found is None or found.whose == "sender":
        assert due == NEVER
    else:
        assert due == to_micros(found.due)
    assert queries.one(7).urgency == urgency_of(urgency)


def test_what_is_offered_can_be_done():
    """Whatever the toolbar offers is the service's to do, and the machine knows it."""
    for state in STATES:
        for verb in inbox_verbs.offered(state):
            assert MOVES[verb.act].whose in {SERVICE, "either"}
        first = inbox_verbs.first(state)
        assert first is None or first in inbox_verbs.offered(state)


def test_each_key_is_one_acts():
    keys = [verb.key for verb in inbox_verbs.VERBS.values() if verb.key]
    assert len(set(keys)) == len(keys)
    assert not set(keys) & {"j", "k", "x", "m", "n", "?", "/"}


@pytest.mark.parametrize("reason", inbox_verbs.REASONS)
def test_reasons_are_dated(reason):
    assert reason.on(reason.since)
    assert not reason.on(reason.since - timedelta(days=1))
