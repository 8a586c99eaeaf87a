"""From what to what people go, over a log in portions: as counted person by person."""

from collections import defaultdict
from datetime import timedelta
from itertools import pairwise
from statistics import median, median_high

import numpy as np
import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st
from stays import OLD, append, old, rows

from onesystem.flow.journeys import transitions
from onesystem.flow.journeys.transitions import Transition

KINDS = ["ED", "GP", "ward"]
CONTACTS = st.lists(
    st.tuples(st.integers(1, 4), st.integers(0, 2), st.integers(0, 200_000)), max_size=40
)


def plainly(contacts):
    """Counts and medians of the same, one by one; a second's contacts in order of their kinds."""
    gaps = defaultdict(list)
    for person in {p for p, _, _ in contacts}:
        mine = sorted((s, k) for p, k, s in contacts if p == person)
        for (before, source), (after, target) in pairwise(mine):
            gaps[KINDS[source], KINDS[target]].append((after - before) // 60)
    return {pair: (len(each), median(each), median_high(each)) for pair, each in gaps.items()}


def portions(contacts, size):
    """The contacts in order of person and second, in portions."""
    ordered = sorted(contacts, key=lambda c: (c[0], c[2]))
    for at in range(0, len(ordered), size):
        person, kind, second = (
            np.array(c, np.int64) for c in zip(*ordered[at : at + size], strict=True)
        )
        yield person, kind, second


@given(CONTACTS, st.integers(1, 7))
def test_counts_and_medians_are_those_of_people_one_by_one(contacts, size):
    """Below two days a median is exact to the minute, however the portions are cut."""
    transitions._PORTION, before = size, transitions._PORTION
    try:
        found = transitions.transitions(portions(contacts, size), KINDS)
    finally:
        transitions._PORTION = before
    told = {(t.source, t.target): (t.count, t.median) for t in found}
    wanted = plainly(contacts)
    assert told.keys() == wanted.keys()
    for pair, (count, middle, upper) in wanted.items():
        assert told[pair][0] == count
        if upper < 2 * 24 * 60:
            assert told[pair][1] == middle
        else:
            assert abs(told[pair][1] / middle - 1) < 0.02


def test_a_long_time_is_told_within_two_in_a_hundred():
    month = 30 * 24 * 60
    parts = [(np.array([1, 1]), np.array([0, 1]), np.array([0, month * 60]))]
    (found,) = transitions.transitions(parts, KINDS)
    assert (found.source, found.target, found.count) == ("ED", "GP", 1)
    assert abs(found.median / month - 1) < 0.02


def test_nobody_goes_nowhere():
    assert transitions.transitions([], KINDS) == []
    alone = (np.array([1, 2]), np.array([0, 1]), np.array([0, 5]))
    assert transitions.transitions([alone], KINDS) == []


def test_who_has_several_identities_is_one_person():
    import pyarrow as pa

    table = pa.table({
        "identity": pa.array([1, 2, 3], pa.int64()),
        "setting": pa.array(["ED", "ward", "ED"]).dictionary_encode(),
        "started": pa.array([0, 60, 120], pa.int64()),
    })  # fmt: skip
    kinds = {}
    parts = transitions._portions([(table, 60_000)], kinds, {1: 1, 3: 1})
    assert transitions.transitions(parts, ["ED", "ward"]) == [Transition("ED", "ED", 1, 120.0)]


@pytest.mark.django_db(transaction=True)
def test_a_district_is_asked_by_command(district, monkeypatch):
    """From its log, a person with two identities as one."""
    from onesystem import cli
    from onesystem.cli import journeys

    monkeypatch.setattr(journeys, "open_district", lambda: district)
    monkeypatch.setattr("onesystem.people.persons_of_several", lambda: {7: 7, 8: 7})
    later = {"service": "ward-a", "setting": "ward", "started": OLD + timedelta(hours=3)}
    append(rows(old("V1"), old("V2", identity=8, ended=OLD + timedelta(days=2)) | later))
    told = CliRunner().invoke(cli.root, ["journeys", "--settings", "--csv"])
    assert told.output.splitlines() == ["from,to,times,median_min", "ED,ward,1,180.0"]
