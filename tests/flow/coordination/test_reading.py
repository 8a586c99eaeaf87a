"""What is read of the record and of requests: what stands, and never what is sensitive."""

from datetime import UTC, datetime, timedelta

import orjson
import pytest
from django.db import transaction

from onesystem import people, record
from onesystem.access import Actor, asker_of
from onesystem.flow.coordination import queries, working
from onesystem.record.models import EntryRow
from onesystem.vocabulary import Code, Entry, PersonSeen

AT = datetime.now(UTC).replace(microsecond=0)


def entry(kind, number, status="active", *, by="", ago=10):
    """An entry of Ffion's, as a source sends it."""
    body = orjson.dumps({"resourceType": kind, "requester": {"reference": by}})
    return Entry(
        kind=kind, key=f"{kind}{number}", subject="Ffion", at=AT - timedelta(days=ago), recorded=AT,
        code=Code("", "", f"{kind} {number}"), status=status, body=body,
    )  # fmt: skip


@pytest.fixture
def ffion(db, district):
    """Takes entries of somebody and gives the flags that they raise."""
    from onesystem import wiring

    wiring.connect()
    seen = PersonSeen(subject="Ffion", at=AT, family="Tester", given="Ffion")
    identity = people.meet([("pas", 1, seen)], known_at=AT)["pas", "Ffion"]

    def flags(*entries, label=0):
        with transaction.atomic():
            record.take_entries([("pas", identity, 1, each) for each in entries], AT)
        if label:
            EntryRow.objects.filter(key="MedicationRequest0").update(label=label)
        working.refresh(at=AT)
        rows = queries.worklist(asker_of(Actor.job("tests"), "care coordination"))
        return {line.flag: line.count for row in rows for line in row.lines}

    return flags


def medicines(many, prescribers=2, **more):
    """So many medicines, by so many prescribers."""
    return [
        entry("MedicationRequest", n, by=f"Practitioner/{n % prescribers}", **more)
        for n in range(many)
    ]


def test_ten_medicines_by_two_prescribers(ffion):
    assert ffion(*medicines(10)) == {"polypharmacy": 10}


@pytest.mark.parametrize(
    "entries",
    [medicines(9), medicines(12, prescribers=1), medicines(12, status="stopped"),
     medicines(12, ago=366)],
    ids=["nine", "one prescriber", "stopped", "of last year"],
)  # fmt: skip
def test_fewer_one_prescriber_stopped_or_old_ones_do_not_count(ffion, entries):
    assert ffion(*entries) == {}


def test_what_is_sensitive_does_not_count(ffion):
    assert ffion(*medicines(10), label=1) == {}
