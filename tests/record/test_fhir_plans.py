"""What is asked every day finds its rows by a key, on both stores: no large table is read whole."""

import json
import re
from contextlib import contextmanager

import pytest
from django.db import connection
from fhir_asking import Client, patient, weight

from onesystem import wiring
from onesystem.access import quick
from onesystem.record.fhir import finding

pytestmark = [pytest.mark.django_db, pytest.mark.store]
LARGE = ("record_entry", "record_token", "record_string", "record_date", "record_quantity",
         "record_reference", "record_number", "people_identity", "access_audit")  # fmt: skip
PATHS = (
    "Patient/p", "Patient?identifier=urn:mrn|1", "Patient?family=Rata", "Patient?_id=p",
    "Patient?name=rata&birthdate=1970-01-01", "Patient?_has:Observation:patient:code=29463-7",
    "Patient?_sort=-_lastUpdated", "Patient?_id=p&_revinclude=Observation:patient",
    "Observation?patient=p", "Observation?subject=Patient/p&code=29463-7&_count=20",
    "Observation?subject=Patient/p&code=http://loinc.org|29463-7",
    "Observation?patient=p&_sort=-date", "Observation?patient.identifier=urn:mrn|1",
    "Observation?code=29463-7&_include=Observation:subject", "Observation?date=ge2020-01-01",
    "Patient/p/Observation", "Patient/p/$everything", "Patient/p/_history",
)  # fmt: skip
_NAMED = re.compile(r"(record_\w+|people_identity|access_audit) (?:AS )?(\w+)")


@pytest.fixture
def nurse(district):
    wiring.connect()
    officer = Client()
    officer.put("Patient/p", patient(id="p"))
    officer.put("Observation/o", json.loads(weight("Patient/p")) | {"id": "o"})
    if connection.vendor == "postgresql":  # small tables are read whole for good reason
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL enable_seqscan = off")
    return Client(role="ed-nurse", purpose="direct care", name="nurse")


@pytest.mark.parametrize("path", PATHS)
def test_no_large_table_is_read_whole(nurse, path):
    with statements() as asked:
        assert nurse.get(path).status in {200, 404}
    found = [(table, sql) for sql, values in asked for table in read_whole(sql, values)]
    assert asked
    assert not found


@contextmanager
def statements():
    """What is asked of the store meanwhile: statements and their values."""
    asked = []

    def look(execute, sql, params, many, context):
        asked.append((sql, params))
        return execute(sql, params, many, context)

    if connection.vendor == "postgresql":
        with connection.execute_wrapper(look):
            yield asked
        return
    handle = quick.driver()
    handle.set_trace_callback(lambda sql: asked.append((sql, ())))
    try:
        yield asked
    finally:
        handle.set_trace_callback(None)


def read_whole(sql, values):
    """The large tables that the plan of a statement reads from end to end."""
    if not sql.lstrip().startswith("SELECT"):
        return set()
    named = {alias: table for table, alias in _NAMED.findall(sql)} | {t: t for t in LARGE}
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(f"EXPLAIN {sql}", values)
            steps = "\n".join(row[0] for row in cursor.fetchall())
        scanned = re.findall(r"Seq Scan on (\w+)", steps)
    else:
        steps = [row[3] for row in quick.driver().execute(f"EXPLAIN QUERY PLAN {sql}")]
        whole = (step for step in steps if step.startswith("SCAN") and " USING " not in step)
        made = {step.split()[1] for step in steps if step.startswith(("CO-ROUTINE", "MATERIALIZE"))}
        scanned = {step.split()[1] for step in whole} - made
    return {named.get(each) for each in scanned} & set(LARGE)


@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL chooses by its statistics")
def test_the_team_of_a_person_is_found_by_the_person(nurse):
    """Each row that is judged looks for a tie: never through all teams of the district."""
    with statements() as asked:
        nurse.get("Observation?code=29463-7")
    steps = [row[3] for sql, _ in asked if "'CareTeam'" in sql
             for row in quick.driver().execute(f"EXPLAIN QUERY PLAN {sql}")]  # fmt: skip
    assert any("record_entry_person" in step for step in steps)
    assert not any(step.startswith("SEARCH t USING INDEX record_entry_kind") for step in steps)


def test_the_history_of_many_is_walked_by_time(nurse, monkeypatch):
    """The same pages in the same order, with no total and no sorting of all of a type."""
    officer = Client(name="other")
    for number in range(5):
        officer.put(f"Patient/h{number}", patient(id=f"h{number}"))
        officer.put(f"Patient/h{number}", patient(id=f"h{number}", active=False))
    few = pages(officer, "Patient/_history?_count=4")
    assert few[0] == 11
    monkeypatch.setattr(finding, "_MANY", 3)
    assert pages(officer, "Patient/_history?_count=4") == (None, few[1])


def pages(app, path):
    """The total of the first page, and the versions of all pages in their order."""
    told, total = [], None
    first = app.get(path).json
    total, page = first.get("total"), first
    while True:
        told += [each["response"]["etag"] + each["fullUrl"] for each in page.get("entry", ())]
        ahead = [each["url"] for each in page["link"] if each["relation"] == "next"]
        if not ahead:
            return total, told
        page = app.get(ahead[0].partition("/fhir/")[2]).json
