"""What is sensitive: by its codes, by its source, by the district's own codes; deleted or not."""

import json
from datetime import UTC, datetime

import pytest
from fhir_asking import Client, patient

from onesystem import wiring
from onesystem.record.models import EntryRow
from onesystem.record.store import take_entries
from onesystem.vocabulary import Entry

pytestmark = pytest.mark.django_db
OWN = """
[sources."app:clinic"]
name = "Clinic"
organisation = "hospital"
format = "fhir"
sensitive = ["sexual health"]

[access.labels]
"urn:own|x*" = "addiction"
"""


@pytest.fixture
def app(district):
    toml = district.path / "district.toml"
    toml.write_text(toml.read_text() + OWN.replace("sexual health", _named(2)).replace(
        "addiction", _named(8)))  # fmt: skip
    wiring.connect()
    made = Client()
    made.put("Patient/p", patient(id="p"))
    return made


def _named(bit):
    from onesystem.access import kinds

    return kinds.names_of(bit)[0]


def condition(system="urn:own", code="a"):
    return {"resourceType": "Condition", "id": "c", "subject": {"reference": "Patient/p"},
            "code": {"coding": [{"system": system, "code": code}]}}  # fmt: skip


def label(kind="Condition"):
    return EntryRow.objects.get(kind=kind).label


def test_a_code_of_the_district(app):
    assert app.put("Condition/c", condition(code="x17")).status == 201
    assert label() == 8


def test_another_code_is_general(app):
    app.put("Condition/c", condition(code="y"))
    assert label() == 0


def test_all_that_a_source_sends(app):
    assert Client(name="clinic").put("Condition/c", condition()).status == 201
    assert label() == 2
    assert json.loads(app.get("Patient/p").body)["id"] == "p"


def test_what_is_gone_is_still_of_its_kind(app):
    coded = condition("http://hl7.org/fhir/sid/icd-10", "F32")
    at = datetime(2026, 1, 1, tzinfo=UTC)
    said = Entry(kind="Condition", key="c", subject="p", recorded=at, status="active",
                 resource=coded, body=json.dumps(coded).encode())  # fmt: skip
    take_entries([("practice", 1, 1, said)], at)
    gone = Entry(kind="Condition", key="c", subject="", recorded=at, order="2", status="deleted")
    take_entries([("practice", 0, 2, gone)], at)
    assert label() == 1
