"""The store of entries: each version once, the newest standing, in whatever order they come."""

from datetime import UTC, datetime, timedelta
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onesystem import access, record
from onesystem.access.models import Audit
from onesystem.record.bodies import pack, unpack
from onesystem.record.entries import count
from onesystem.vocabulary import Code, Entry

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
pytestmark = pytest.mark.django_db


def said(key="Observation/1", *, body=b'{"v":1}', hours=0, **more):
    return Entry(kind="Observation", key=key, subject="Patient/7", at=NOW - timedelta(days=1),
                 recorded=NOW + timedelta(hours=hours), body=body, **more)  # fmt: skip


def take(*entries, identity=5, message=1):
    return record.take_entries([("gp", identity, message, e) for e in entries], NOW)


def bodies():
    return [record.body_of(e.entry) for e in record.entries_of([5])]


def test_an_entry_is_kept_as_it_was_sent():
    body = b'{ "resourceType":"Observation","valueQuantity":{"value":1.50} }'
    take(
        said(body=body, code=Code("http://loinc.org", "29463-7", "Weight"), value="1.5", unit="kg")
    )
    [kept] = record.entries_of([5])
    assert (kept.code.display, kept.value, kept.unit, kept.version) == ("Weight", "1.5", "kg", 1)
    assert record.body_of(kept.entry) == body
    assert record.entry_of("gp", "Observation", "Observation/1") == kept


def test_the_same_again_is_no_version():
    assert take(said()).new == 1
    again = take(said(hours=5))
    assert (again.new, again.versions, again.same) == (0, 0, 1)
    assert count() == {"entries": 1, "versions": 0}


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_what_is_said_again_later_stands_over_what_was_said_between(order):
    """As with a diagnosis of HL7 v2, which has no body and no version: off, and on again."""
    told = [said(body=None, hours=n, status=s) for n, s in enumerate(("active", "off", "active"))]
    for each in order:
        take(told[each])
    assert [e.status for e in record.entries_of([5])] == ["active"]


def test_a_newer_version_stands_and_the_older_is_kept():
    take(said())
    take(said(body=b'{"v":2}', hours=1), message=2)
    [kept] = record.entries_of([5])
    assert bodies() == [b'{"v":2}']
    assert (kept.version, kept.message) == (2, 2)
    assert [v.version for v in record.versions_of(kept.entry)] == [1, 2]
    assert record.body_of(kept.entry, version=1) == b'{"v":1}'


def test_a_version_that_comes_late_is_kept_and_changes_nothing():
    take(said(body=b'{"v":2}', hours=1))
    assert take(said()).late == 1
    assert take(said()).same == 1
    assert bodies() == [b'{"v":2}']
    assert count() == {"entries": 1, "versions": 1}


def test_any_order_ends_in_the_same_state():
    versions = [said(body=b'{"v":%d}' % n, hours=n) for n in range(3)]
    for order in permutations(versions):
        record.erase()
        for each in order:
            take(each)
        assert bodies() == [b'{"v":2}']
        assert count() == {"entries": 1, "versions": 2}


def test_the_sources_own_number_decides_within_one_moment():
    take(said(body=b'{"v":10}', order="10"), said(body=b'{"v":9}', order="9"))
    assert bodies() == [b'{"v":10}']


def test_two_versions_in_one_batch_are_two_versions():
    counts = take(said(), said(body=b'{"v":2}'))
    assert (counts.new, counts.versions) == (1, 1)
    assert bodies() == [b'{"v":2}']


def test_what_is_deleted_stays_and_is_not_shown():
    take(said())
    gone = Entry(kind="Observation", key="Observation/1", subject="", recorded=NOW + timedelta(hours=1),  # noqa: E501
                 status="deleted")  # fmt: skip
    take(gone, identity=0)
    assert record.entries_of([5]) == []
    [kept] = record.entries_of([5], gone=True)
    assert kept.status == "deleted"
    assert record.body_of(kept.entry, version=1) == b'{"v":1}'


def test_kinds_and_order_of_time():
    old = said("Observation/0")
    record.take_entries([
        ("gp", 5, 1, old),
        ("gp", 5, 1, Entry(kind="Condition", key="Condition/1", subject="", at=NOW, recorded=NOW)),
        ("gp", 5, 1, Entry(kind="Flag", key="Flag/1", subject="", at=None, recorded=NOW)),
        ("gp", 6, 1, said("Observation/6")),
    ], NOW)  # fmt: skip
    assert [e.kind for e in record.entries_of([5])] == ["Condition", "Observation", "Flag"]
    assert [e.kind for e in record.entries_of([5], kinds=["Condition"])] == ["Condition"]
    assert record.entries_of([]) == record.entries_of([0]) == []


def test_a_number_finds_its_entry():
    take(said(numbers=("lab|9", "lab|10")))
    assert [e.key for e in record.entries_with("lab|9")] == ["Observation/1"]


def test_a_batch_is_one_line_in_the_trail_and_names_nobody():
    take(*(said(f"Observation/{n}") for n in range(30)))
    [line] = Audit.objects.filter(act="record.entries-taken")
    assert line.detail == '{"late":0,"new":30,"same":0,"versions":0}'
    assert access.verify_trail() == []


def test_many_at_once():
    """Enough rows that each database takes its own quick way."""
    assert take(*(said(f"Observation/{n}", value="a\0b\t\\N") for n in range(700))).new == 700
    assert {e.value for e in record.entries_of([5])} == {"a\ufffdb\t\\N"}


@given(st.binary(max_size=3000))
def test_a_body_is_unpacked_byte_for_byte(body):
    assert unpack(pack(body)) == body
