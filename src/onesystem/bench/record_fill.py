"""The people of `bench record`: many with little, and some with a history as long as they come.

By the same ways as everything else: people and contacts as extracts bring them, entries as the
feeds hand them to the record, each with its rows in every index.
"""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import orjson

from onesystem.bench.scratch import ED, HOSPITAL

CONTACTS, ENTRIES, LONG = 2_000, 5_000, 8
PASSWORD = "three blind mice run"  # noqa: S105 - of a district that lasts a minute
DISTRICT = (
    HOSPITAL
    + ED
    + """
[sources.pas]
name = "Patient administration"
organisation = "hospital"
[sources.gp]
name = "Practice system"
"""
)
_CODES = ("Potassium", "Sodium", "HbA1c", "Haemoglobin", "Blood pressure", "Weight", "Creatinine")
_MIX = (  # of a hundred entries
    ("Observation", 78), ("Condition", 4), ("MedicationRequest", 7), ("MedicationDispense", 6),
    ("DocumentReference", 2), ("Procedure", 1), ("Immunization", 1), ("AllergyIntolerance", 1),
)  # fmt: skip


def fill(people: int, doctors: int) -> list[int]:
    """The people and who may look at them; gives the persons with the long histories."""
    from onesystem import people as persons
    from onesystem import wiring

    wiring.connect()
    now = datetime.now(UTC)
    _people(people, now)
    subjects = [("pas", f"P{n}") for n in range(LONG)]
    identity = persons.identify(subjects, known_at=now)
    for n, subject in enumerate(subjects):
        _history(n, identity[subject], now)
        _taken([("gp", identity[subject], 0, each) for each in _entries(n, now)], now)
    _doctors(doctors)
    found = persons.person_of(identity.values())
    return [found[identity[subject]] for subject in subjects]


def write(person: int, n: int) -> None:
    """A source writes one more result of somebody."""
    from onesystem import people as persons

    now = datetime.now(UTC)
    identity = persons.identity_ids_of(person)[0]
    _taken([("gp", identity, 0, _observation(person, n, now))], now)


def _taken(items: list[Any], now: datetime) -> None:
    from django.db import transaction

    from onesystem import record

    with transaction.atomic():
        record.take_entries(items, now)


def _people(people: int, now: datetime) -> None:
    import pyarrow as pa

    from onesystem import people as persons
    from onesystem.bench import population

    told = population.people(people)
    table = pa.table(
        {
            "subject": [f"P{i}" for i in range(people)],
            "family": told["family"],
            "given": told["given"],
        }
    )
    persons.meet_table(table, source="pas", message=0, known_at=now, link=False)


def _doctors(many: int) -> None:
    from onesystem.access import Actor, actions

    for n in range(many):
        actions.add_user(
            username=f"doctor{n}",
            password=PASSWORD,
            roles=["hospital-doctor"],
            organisation="hospital",
            by=Actor.job("bench"),
        )


def _history(n: int, identity: int, now: datetime) -> None:
    """Contacts over ten years, the last of them still open."""
    import pyarrow as pa

    from onesystem import contacts

    step = timedelta(days=3650) / CONTACTS
    starts = [now - step * i - timedelta(hours=3) for i in range(CONTACTS)]
    ends = [None, *(start + timedelta(hours=2) for start in starts[1:])]
    when = pa.timestamp("us", "UTC")
    table = pa.table(
        {
            "key": [f"V{n}-{i}" for i in range(CONTACTS)],
            "identity": pa.array([identity] * CONTACTS, pa.int64()),
            "service": ["ed"] * CONTACTS,
            "setting": ["ED"] * CONTACTS,
            "requested": pa.array(starts, when),
            "started": pa.array(starts, when),
            "ended": pa.array(ends, when),
        }
    )
    contacts.append(table, source="pas", message=0, known_at=now)


def _entries(person: int, now: datetime) -> Iterator[Any]:
    """Five thousand clinical entries, most of them results."""
    from onesystem.feeds.fhir.entries import concept_code
    from onesystem.vocabulary import Entry

    kinds = [kind for kind, share in _MIX for _ in range(share)]
    for n in range(ENTRIES):
        kind = kinds[n % len(kinds)]
        at = now - timedelta(hours=17 * n)
        words = _CODES[n % len(_CODES)] if kind == "Observation" else f"{kind} {n % 90}"
        code = {"coding": [{"system": "http://loinc.org", "code": words[:7]}], "text": words}
        body = {
            "resourceType": kind,
            "id": f"p{person}e{n}",
            "code": code,
            "subject": {"reference": f"Patient/{person}"},
            "note": [{"text": "As a clinician would write it, in a sentence or two of their own."}],
        }
        yield Entry(
            kind=kind,
            key=f"{kind}/p{person}e{n}",
            subject=f"Patient/{person}",
            at=at,
            recorded=at,
            code=concept_code(code),
            status="final" if kind == "Observation" else "active",
            value=str(40 + n % 17) if kind == "Observation" else "",
            unit="mmol/L" if kind == "Observation" else "",
            body=orjson.dumps(body),
        )


def _observation(person: int, n: int, at: datetime) -> Any:
    """One more result, as a source sends it."""
    from onesystem.vocabulary import Code, Entry

    return Entry(
        kind="Observation",
        key=f"Observation/p{person}new{n}",
        subject=f"Patient/{person}",
        at=at,
        recorded=at,
        code=Code("http://loinc.org", "Potassi", "Potassium"),
        status="final",
        value=str(4 + n % 3),
        unit="mmol/L",
    )
