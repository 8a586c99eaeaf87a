"""$validate: resource, mode and profile (resource-operation-validate.html)."""

import pytest
from fhir_asking import patient

pytestmark = pytest.mark.django_db
BASE = "http://hl7.org/fhir/StructureDefinition/"


def said(*pairs, resource=None):
    made = [{"name": name, "valueCode" if name == "mode" else "valueUri": v} for name, v in pairs]
    if resource:
        made.append({"name": "resource", "resource": resource})
    return {"resourceType": "Parameters", "parameter": made}


BAD = {"resourceType": "Patient", "gender": "x", "nonsense": 1}
# Method, path, body; the status, and the severities of the issues.
CASES = [
    ("POST", "Patient/$validate", patient(), 200, ["information"]),
    ("POST", "Patient/$validate", BAD, 200, ["error", "error"]),
    ("POST", "Patient/$validate", said(resource=BAD), 200, ["error", "error"]),
    ("POST", "Patient/$validate", said(("mode", "create"), resource=patient()), 200,
     ["information"]),
    ("POST", "Patient/$validate", said(("mode", "nonsense"), resource=patient()), 400, ["error"]),
    ("POST", "Patient/$validate", said(("nonsense", "x"), resource=patient()), 400, ["error"]),
    ("POST", "Patient/$validate", said(), 400, ["error"]),
    ("POST", "Patient/$validate", {"resourceType": "Group"}, 400, ["error"]),
    ("POST", "Patient/p/$validate", said(("mode", "delete")), 200, ["information"]),
    ("POST", "Patient/nobody/$validate", said(("mode", "delete")), 404, ["error"]),
    ("POST", "Patient/$validate", said(("mode", "delete")), 400, ["error"]),
    ("POST", "Patient/p/$validate", said(("mode", "update"), resource=patient(id="p")), 200,
     ["information"]),
    ("POST", "Patient/p/$validate", said(("mode", "update"), resource=patient(id="q")), 200,
     ["error"]),
    ("GET", "Patient/p/$validate", None, 200, ["information"]),
    ("GET", "Patient/p/$validate?mode=delete", None, 200, ["information"]),
    ("GET", "Patient/nobody/$validate", None, 404, ["error"]),
    ("POST", f"Patient/$validate?profile={BASE}Patient", patient(), 200, ["information"]),
    ("POST", f"Patient/$validate?profile={BASE}Group", patient(), 200, ["error"]),
    ("POST", "Patient/$validate?profile=http://x.example/p", patient(), 200,
     ["warning", "information"]),
]  # fmt: skip


@pytest.mark.parametrize(("method", "path", "body", "status", "severities"), CASES)
def test_validate(app, method, path, body, status, severities):
    found = app.ask(method, path, body)
    assert found.status == status
    assert [each["severity"] for each in found.json["issue"]] == severities
    assert app.get("Patient?_summary=count").json["total"] == 1


def test_each_issue_names_its_element(app):
    found = app.post("Patient/$validate", BAD).json["issue"]
    assert {each["expression"][0] for each in found} == {"Patient.gender", "Patient.nonsense"}
    assert all(each["details"]["text"] for each in found)
