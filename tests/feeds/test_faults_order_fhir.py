"""FHIR in any order, corrected, withdrawn, twice, and beside HL7 v2: the orderly stream's end."""

import json
from itertools import cycle

import pytest
from django.db import connection, transaction
from hl7_samples import DAY, adt
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from test_faults_order import TABLES

from onesystem import wiring
from onesystem.feeds.intake import take_messages
from onesystem.feeds.landing import Arrival
from onesystem.feeds.models import Message

pytestmark = pytest.mark.django_db(transaction=True)

NHS_NUMBER = "https://fhir.nhs.uk/Id/nhs-number"
PERSON = {"reference": "Patient/p1"}
HAEMOGLOBIN = {"coding": [{"system": "http://loinc.org", "code": "718-7"}]}


def at(time):
    """An hour and minute of 2 March 2026, as an instant."""
    return f"{DAY[:4]}-{DAY[4:6]}-{DAY[6:]}T{time[:2]}:{time[2:]}:00Z"


def version(kind, key, number, time, **said):
    """A version of a resource, written at an hour and minute."""
    meta = {"versionId": str(number), "lastUpdated": at(time)}
    return json.dumps({"resourceType": kind, "id": key, "meta": meta} | said).encode()


def patient(number, time, family, given="Sian"):
    return version(
        "Patient", "p1", number, time, birthDate="1950-03-04",
        name=[{"family": family, "given": [given]}],
        identifier=[{"system": NHS_NUMBER, "value": "9434765919"}],
    )  # fmt: skip


def encounter(number, time, status, start="", end="", key="e1", wards=(), **said):
    """A visit; `wards` are where it went, each with the hour and minute since when."""
    period = {name: at(each) for name, each in (("start", start), ("end", end)) if each}
    stays = [
        {"location": {"display": ward}, "period": {"start": at(since)}} for ward, since in wards
    ]
    said |= {"location": stays} if stays else {}
    said |= {"period": period} if period else {}
    return version("Encounter", key, number, time, status=status, subject=PERSON,
                   **({"class": {"code": "AMB"}} | said))  # fmt: skip


def observation(number, time, status, value, key="o1"):
    return version(
        "Observation", key, number, time, status=status, code=HAEMOGLOBIN, subject=PERSON,
        effectiveDateTime=at("0845"), encounter={"reference": "Encounter/e1"},
        valueQuantity={"value": value, "unit": "g/L"},
    )  # fmt: skip


def asked(number, time, status, key="s1", **said):
    return version("ServiceRequest", key, number, time, status=status, intent="order",
                   subject=PERSON, authoredOn=at("0700"), **said)  # fmt: skip


def appointment(number, time, status, start, key="a1"):
    return version(
        "Appointment", key, number, time, status=status, start=at(start), end=at("2300"),
        participant=[{"actor": PERSON, "status": "accepted"}],
    )  # fmt: skip


IMP = {"class": {"code": "IMP"}}
A, B, A2, B2 = ("WARDA", "0835"), ("WARDB", "0950"), ("WARDA", "0840"), ("WARDB", "0955")
ORDERLY = [
    patient(1, "0659", "Huws"),
    asked(1, "0700", "active", priority="routine"),
    asked(1, "0700", "active", key="s2"),
    encounter(1, "0705", "planned", "0900"),
    appointment(1, "0706", "booked", "0900"),
    asked(2, "0710", "on-hold", priority="urgent"),
    asked(2, "0711", "revoked", key="s2", reasonCode=[{"text": "Asked twice"}]),
    appointment(2, "0715", "booked", "0930"),
    patient(2, "0720", "Hughes"),
    appointment(1, "0725", "booked", "1500", key="a2"),
    asked(3, "0725", "active", priority="stat"),
    encounter(2, "0830", "arrived", "0830", basedOn=[{"reference": "ServiceRequest/s1"}]),
    observation(1, "0850", "preliminary", 130),
    encounter(1, "0850", "in-progress", "0850", key="e2"),
    encounter(3, "0900", "in-progress", "0835", wards=[A], **IMP),
    observation(2, "0910", "final", 131),
    encounter(4, "1000", "in-progress", "0835", wards=[A, B], **IMP),
    observation(1, "1001", "final", 12, key="o2"),
    encounter(2, "1005", "entered-in-error", "0850", key="e2"),
    observation(2, "1010", "entered-in-error", 12, key="o2"),
    appointment(2, "1015", "cancelled", "1500", key="a2"),
    encounter(5, "1100", "finished", "0835", "1055", wards=[A, B], **IMP),
    # Three versions within one second, as of a system that writes step after step.
    observation(3, "1105", "amended", 121),
    observation(9, "1105", "final", 122),
    observation(10, "1105", "corrected", 123),
    asked(4, "1105", "completed", priority="stat"),
    asked(9, "1105", "active", priority="asap"),
    asked(10, "1105", "completed", priority="urgent"),
    appointment(3, "1105", "fulfilled", "0930"),
    appointment(9, "1105", "noshow", "0930"),
    appointment(10, "1105", "fulfilled", "0945"),
    encounter(6, "1105", "finished", "0835", "1056", wards=[A, B], **IMP),
    encounter(10, "1105", "finished", "0840", "1050", wards=[A2, B2], **IMP),
    patient(9, "1105", "Hugues"),
    patient(10, "1105", "Hughes-Jones"),
]  # fmt: skip
# The same visit as its administration tells of it in HL7 v2, and the same person.
HOSPITAL = [
    adt("A04", "0831", ward="ED", **{"class": "E"}),
    adt("A01", "0836", ward="WARDA"),
    adt("A02", "0951", ward="WARDB"),
    adt("A03", "1056", ward="WARDB"),
    adt("A08", "1200", ward="WARDB", family="HUGHES-JONES"),
    adt("A01", "0850", visit="V2", person="1001", ward="ED"),
    adt("A11", "1005", visit="V2", person="1001", ward="ED"),
]

ASKED = {
    "contacts": "SELECT c.contact, i.source, i.subject, c.service, c.setting, c.requested,"
    " c.started, c.ready, c.ended, c.planned, c.cause, c.bed, c.urgency, c.reason"
    " FROM contacts_contact c JOIN people_identity i ON i.id = c.identity"
    " WHERE NOT c.cancelled ORDER BY c.contact",
    "people": "SELECT source, subject, family, given, birth_date, number FROM people_identity"
    " ORDER BY source, subject",
    "entries": "SELECT e.kind, e.key, e.status, e.value, e.at, e.recorded, i.subject"
    " FROM record_entry e LEFT JOIN people_identity i ON i.id = e.identity ORDER BY e.kind, e.key",
    "served": "SELECT kind, key, body FROM record_entry ORDER BY kind, key",
    "requests": "SELECT r.key, r.state, r.at, r.recorded, r.urgency, r.reason, i.subject"
    " FROM care_request r JOIN people_identity i ON i.id = r.identity ORDER BY r.key",
    "steps": "SELECT r.key, s.recorded, s.state, s.reason FROM care_step s"
    " JOIN care_request r ON r.request = s.request ORDER BY r.key, s.recorded, s.state",
    "together": "SELECT i.source, i.subject, p.source FROM people_identity i"
    " JOIN people_identity p ON p.id = i.person ORDER BY i.source, i.subject",
}
WIPED = ("record_number", "record_name", "record_version", "record_entry", "care_step",
         "care_request", *TABLES)  # fmt: skip


def left(messages, sizes):
    """All that a stream leaves, cut into batches of these sizes."""
    told = {}
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            at = 0
            while at < len(messages):
                part = messages[at : (at := at + next(sizes))]
                arrived = [(m, "fhir" if m.startswith(b"{") else "hl7v2") for m in part]
                take_messages([Arrival(source="pas", data=m, format=f) for m, f in arrived])
            assert not Message.objects.filter(state="quarantined").exists()
            for name, sql in ASKED.items():
                cursor.execute(sql)
                told[name] = [tuple(map(_plain, row)) for row in cursor.fetchall()]
    finally:
        with connection.cursor() as cursor:
            for table in WIPED:
                cursor.execute(f"DELETE FROM {table}")
    told["together"] = len({row[2] for row in told["together"]})
    return told


def _plain(value):
    return bytes(value) if isinstance(value, memoryview) else value


@pytest.fixture
def orderly(district):
    """What the orderly stream leaves, and the streams that have to leave the same."""
    wiring.connect()
    return left(ORDERLY + HOSPITAL, cycle([1]))


def test_the_orderly_stream_ends_as_its_last_versions_say(orderly):
    """Of versions of one second the one with the highest number is the last."""
    entries = {key: (status, value) for _, key, status, value, *_ in orderly["entries"]}
    assert entries["Observation/o1"] == ("corrected", "123")
    assert entries["Observation/o2"][0] == "entered-in-error"
    assert {key: row[0] for key, *row in orderly["requests"]} == {
        "Appointment/a1": "done", "Appointment/a2": "revoked", "ServiceRequest/s1": "done",
        "ServiceRequest/s2": "revoked",
    }  # fmt: skip
    assert {row[1]: row[2] for row in orderly["people"]} == {
        "Patient/p1": "Hughes-Jones", "RM1:1001": "HUGHES-JONES",
    }  # fmt: skip
    assert sorted(row[3] for row in orderly["contacts"]) == [
        "ed", "ward-a", "ward-a", "ward-b", "ward-b",
    ]  # fmt: skip
    assert orderly["together"] == 1


@settings(max_examples=12, deadline=None, phases=[Phase.generate],
          suppress_health_check=[HealthCheck.function_scoped_fixture])  # fmt: skip
@given(st.permutations(ORDERLY + HOSPITAL), st.lists(st.integers(1, 9), min_size=1, max_size=4),
       st.lists(st.sampled_from(ORDERLY), max_size=4))  # fmt: skip
def test_any_order_with_repeats_ends_the_same(orderly, shuffled, sizes, twice):
    ended = left([*shuffled, *twice], cycle(sizes))
    for name, found in orderly.items():
        assert ended[name] == found, name
