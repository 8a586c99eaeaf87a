"""What is asked over FHIR, as AuditEvents of IHE's Basic Audit Log Patterns.

Held are the rules of the patterns that can be held without their package: R4, the profile, type,
subtype, action and outcome, who plays which part, one patient, the data, and a query in its place.
"""

import base64
import json

import pytest
from fhir_asking import Client, events, patient, weight

from onesystem.access.balp import event_of
from onesystem.feeds.fhir.validation import check

pytestmark = pytest.mark.django_db
PROFILE = "https://profiles.ihe.net/ITI/BALP/StructureDefinition/IHE.BasicAudit."
DCM = "http://dicom.nema.org/resources/ontology/DCM"
SOURCE, DESTINATION = "110153", "110152"


@pytest.fixture
def app(district):
    from onesystem import wiring

    wiring.connect()
    made = Client()
    made.put("Patient/p", patient(id="p", gender="male"))
    made.put("Observation/o", json.loads(weight("Patient/p")) | {"id": "o"})
    return made


PATCH = [{"op": "replace", "path": "/gender", "value": "other"}]
# What is asked: the pattern, its interaction and action.
CASES = [
    ("GET", "Patient/p", None, "PatientRead", "read", "R"),
    ("GET", "Patient/p/_history/1", None, "PatientRead", "vread", "R"),
    ("GET", "Patient/p/_history", None, "PatientRead", "history", "R"),
    ("GET", "Observation?subject=Patient/p&code=29463-7", None, "PatientQuery", "search", "E"),
    ("GET", "Practitioner?name=nobody", None, "Query", "search", "E"),
    ("POST", "Observation", weight("Patient/p"), "PatientCreate", "create", "C"),
    ("PUT", "Patient/p", patient(id="p", gender="female"), "PatientUpdate", "update", "U"),
    ("PATCH", "Patient/p", PATCH, "PatientUpdate", "patch", "U"),
    ("DELETE", "Observation/o", None, "PatientDelete", "delete", "D"),
]  # fmt: skip


def codes(concept):
    return {(c["system"], c["code"]) for c in concept["coding"]}


@pytest.mark.parametrize(("method", "path", "body", "pattern", "interaction", "action"), CASES)
def test_each_interaction_is_its_pattern(app, method, path, body, pattern, interaction, action):
    type_ = "application/json-patch+json" if method == "PATCH" else "application/fhir+json"
    assert app.ask(method, path, body, type_=type_).status in {200, 201, 204}
    event = event_of(events()[-1], server="here")
    check(event)
    assert event["meta"]["profile"] == [PROFILE + pattern]
    assert event["type"]["code"] == "rest"
    assert [each["code"] for each in event["subtype"]] == [interaction]
    assert (event["action"], event["outcome"]) == (action, "0")
    assert event["purposeOfEvent"]
    assert event["source"]["observer"]["display"] == "here"

    user, client, server = event["agent"]
    assert user["requestor"] is True
    assert codes(user["type"]) == {
        ("http://terminology.hl7.org/CodeSystem/v3-ParticipationType", "IRCP")}  # fmt: skip
    assert user["who"]["identifier"]["value"] == "app-user"
    assert (client["who"]["display"], client["requestor"]) == ("app:app", False)
    sides = (DESTINATION, SOURCE) if action == "R" else (SOURCE, DESTINATION)
    assert [codes(each["type"]) for each in (client, server)] == [{(DCM, s)} for s in sides]

    roles = [each.get("role", {}).get("code") for each in event["entity"]]
    assert roles.count("1") == (1 if pattern.startswith("Patient") else 0)
    if interaction == "search":
        query = next(each["query"] for each in event["entity"] if "query" in each)
        told = base64.b64decode(query).decode()
        assert told.startswith(path.partition("?")[0] + "?")
        assert "29463" not in told  # values may name somebody
        assert roles.count("24") == 1
    elif "/" in path:
        data = next(e for e in event["entity"] if e.get("role", {}).get("code") == "4")
        assert data["what"].get("reference", path) == path or interaction == "history"


def test_one_look_at_several_persons_is_an_event_for_each(app):
    """A pattern has exactly one patient."""
    app.put("Patient/q", patient(id="q", identifier=[{"system": "urn:mrn", "value": "m2"}],
                                 name=[{"family": "Else"}]))  # fmt: skip
    before = len(events())
    app.get("Patient")
    made = [event_of(each, server="here") for each in events()[before:]]
    patients = [
        [e["what"]["reference"] for e in each["entity"] if e.get("role", {}).get("code") == "1"]
        for each in made
    ]
    assert len({p[0] for p in patients if p}) == 2
    assert all(len(p) <= 1 for p in patients)
