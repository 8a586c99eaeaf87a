"""What a caller may not see is answered as if it were not here: status, headers and body."""

import json
import re

import pytest
from fhir_asking import Client, patient, weight

from onesystem import wiring
from onesystem.record.models import EntryRow

pytestmark = pytest.mark.django_db
# HIDDEN stands for an id that is here and outside the scope, or for one that is nowhere.
PATHS = (
    ("GET", "Patient/HIDDEN", None), ("GET", "Patient/HIDDEN/_history", None),
    ("GET", "Patient/HIDDEN/_history/1", None), ("HEAD", "Patient/HIDDEN", None),
    ("GET", "Patient/HIDDEN?_elements=id", None), ("GET", "Patient/HIDDEN/Observation", None),
    ("GET", "Patient/HIDDEN/*", None), ("GET", "Patient?_id=HIDDEN", None),
    ("GET", "Patient?_id=HIDDEN&_summary=count", None),
    ("GET", "Patient?identifier=urn:mrn|HIDDEN", None),
    ("GET", "Patient?identifier:not=urn:mrn|HIDDEN&_total=accurate", None),
    ("GET", "Patient?family:missing=false", None), ("GET", "Patient?_sort=family", None),
    ("GET", "Observation?subject=Patient/HIDDEN", None),
    ("GET", "Observation?patient=HIDDEN", None), ("GET", "Observation/oHIDDEN", None),
    ("GET", "Observation?subject:Patient.identifier=urn:mrn|HIDDEN", None),
    ("GET", "Observation?patient.family=R&_include=Observation:subject", None),
    ("GET", "Patient?_has:Observation:patient:code=29463-7", None),
    ("GET", "Patient?_id=HIDDEN&_revinclude=Observation:patient", None),
    ("GET", "Organization?_revinclude=*", None), ("GET", "Patient/gHIDDEN", None),
    ("GET", "_history", None), ("GET", "Patient/_history", None), ("GET", "?_type=Patient", None),
    ("GET", "Patient/HIDDEN/$everything", None), ("GET", "Patient/HIDDEN/$summary", None),
    ("PUT", "Patient/HIDDEN", {"resourceType": "Patient", "id": "HIDDEN"}),
    ("PUT", "Observation/oHIDDEN", {"resourceType": "Observation", "id": "oHIDDEN",
                                    "status": "final", "code": {"text": "x"}}),
    ("PATCH", "Patient/HIDDEN", [{"op": "remove", "path": "/name"}]),
    ("DELETE", "Patient/HIDDEN", None), ("DELETE", "Patient/gHIDDEN", None),
    ("DELETE", "Patient?identifier=urn:mrn|HIDDEN", None),
    ("PATCH", "Patient?identifier=urn:mrn|HIDDEN", []),
    ("POST", "Observation", json.loads(weight("Patient/HIDDEN"))),
    ("POST", "Observation", json.loads(weight("Patient?identifier=urn:mrn|HIDDEN"))),
    ("POST", "Observation", json.loads(weight("Patient/HIDDEN/_history/1"))),
    ("POST", "", {"resourceType": "Bundle", "type": "batch", "entry": [
        {"request": {"method": "GET", "url": "Patient/HIDDEN"}},
        {"request": {"method": "DELETE", "url": "Patient/HIDDEN"}},
        {"request": {"method": "GET", "url": "Patient?_id=HIDDEN"}}]}),
    ("GET", "Binary/bHIDDEN", None), ("GET", "Binary/nHIDDEN", None),
    ("GET", "Bundle/cHIDDEN", None), ("GET", "Bundle?type=collection", None),
    ("GET", "Person/sHIDDEN", None), ("GET", "Person?name=Hidden", None),
    ("GET", "AuditEvent/aHIDDEN", None), ("GET", "Provenance/vHIDDEN", None),
    ("GET", "Observation?subject:missing=true", None),
    ("POST", "Binary", {"resourceType": "Binary", "contentType": "text/plain",
                        "securityContext": {"reference": "Patient/HIDDEN"}}),
    ("POST", "", {"resourceType": "Bundle", "type": "transaction", "entry": [
        {"request": {"method": "PUT", "url": "Patient/HIDDEN"},
         "resource": {"resourceType": "Patient", "id": "HIDDEN"}}]}),
)  # fmt: skip


@pytest.mark.parametrize(("method", "path", "body"), PATHS, ids=[f"{m} {p}" for m, p, _ in PATHS])
def test_outside_is_as_absent(district, method, path, body):
    wiring.connect()
    officer = Client()
    for name in ("quay7", "gquay7"):
        mrn = [{"system": "urn:mrn", "value": name}]
        assert officer.put(f"Patient/{name}", patient(id=name, identifier=mrn)).status == 201
    seen = json.loads(weight("Patient/quay7")) | {"id": "oquay7"}
    assert officer.put("Observation/oquay7", seen).status == 201
    assert officer.ask("DELETE", "Patient/gquay7").status == 204
    for each in holding("quay7"):
        made = officer.put(f"{each['resourceType']}/{each['id']}", each)
        assert made.status == 201, made.body
    nurse = Client(role="ed-nurse", purpose="direct care", name="nurse")
    type_ = "application/json-patch+json" if method == "PATCH" else "application/fhir+json"

    def ask(name):
        said = None if body is None else json.loads(json.dumps(body).replace("HIDDEN", name))
        made = nurse.ask(method, path.replace("HIDDEN", name), said, type_=type_)
        heads = {k: plain(v.encode(), name) for k, v in made.headers.items()}
        return made.status, plain(made.body, name), heads

    absent = ask("neve7")  # as long as the one that is there, so that lengths are the same too
    assert ask("quay7") == absent
    assert b"quay7" not in absent[1]


def holding(name):
    """What is somebody's without naming them as its subject."""
    of = {"reference": f"Patient/{name}"}
    at, who = "2026-01-01T00:00:00Z", {"who": {"display": "x"}}
    return [
        {"resourceType": "Binary", "id": f"b{name}", "contentType": "text/plain", "data": "aGk=",
         "securityContext": of},
        {"resourceType": "Binary", "id": f"n{name}", "contentType": "text/plain", "data": "aGk="},
        {"resourceType": "Bundle", "id": f"c{name}", "type": "collection", "entry": [
            {"resource": {"resourceType": "Patient", "id": name}}]},
        {"resourceType": "Person", "id": f"s{name}", "name": [{"family": "Hidden"}],
         "link": [{"target": of}]},
        {"resourceType": "AuditEvent", "id": f"a{name}", "type": {"code": "rest"}, "recorded": at,
         "agent": [{"requestor": True}], "source": {"observer": {"display": "x"}},
         "entity": [{"what": of}]},
        {"resourceType": "Provenance", "id": f"v{name}", "recorded": at, "target": [of],
         "agent": [who]},
        {"resourceType": "Observation", "id": f"u{name}", "status": "final",
         "code": {"text": "of nobody that is named"}},
    ]  # fmt: skip


def test_what_holds_somebody_is_theirs(district):
    """By its context, its links, its targets; of a document with it in one transaction."""
    wiring.connect()
    officer = Client()
    officer.put("Patient/p", patient(id="p"))
    for each in holding("p"):
        officer.put(f"{each['resourceType']}/{each['id']}", each)
    paper = {"resourceType": "DocumentReference", "status": "current",
             "subject": {"reference": "Patient/p"},
             "content": [{"attachment": {"url": "urn:uuid:b"}}]}  # fmt: skip
    binary = {"resourceType": "Binary", "contentType": "text/plain", "data": "aGk="}
    sent = {"resourceType": "Bundle", "type": "transaction", "entry": [
        {"resource": paper, "request": {"method": "POST", "url": "DocumentReference"}},
        {"resource": binary, "request": {"method": "POST", "url": "Binary"},
         "fullUrl": "urn:uuid:b"}]}  # fmt: skip
    made = officer.post("", sent)
    assert made.status == 200, made.body
    found = officer.get("Patient/p/$everything?_count=1000").json["entry"]
    names = {f"{e['resource']['resourceType']}/{e['resource']['id']}" for e in found}
    whose = ["Binary/bp", "Bundle/cp", "Person/sp", "AuditEvent/ap", "Provenance/vp"]
    assert {*whose, f"Binary/{made.json['entry'][1]['resource']['id']}"} <= names
    assert not {"Binary/np", "Observation/up"} & names
    assert officer.get("Binary/np").status == 200, "who may see everybody sees what is nobody's"


def test_what_tells_of_each_other_is_told_of_one_person(district):
    """References may go round, and are followed once."""
    wiring.connect()
    officer = Client()
    officer.put("Patient/p", patient(id="p"))

    def told(name, *targets):
        made = {"resourceType": "Provenance", "recorded": "2026-01-01T00:00:00Z",
                "target": [{"reference": to} for to in targets],
                "agent": [{"who": {"display": "x"}}]}  # fmt: skip
        return {"resource": made, "fullUrl": f"urn:uuid:{name}",
                "request": {"method": "POST", "url": "Provenance"}}  # fmt: skip

    def sent(*entries):
        made = officer.post("", {"resourceType": "Bundle", "type": "transaction",
                                 "entry": list(entries)})  # fmt: skip
        assert made.status == 200, made.body
        return {each["resource"]["id"] for each in made.json["entry"]}

    rows = EntryRow.objects
    whose = rows.get(kind="Patient", logical="p").identity
    around = sent(told("a", "urn:uuid:b"), told("b", "urn:uuid:a", "Patient/p"))
    itself = sent(told("c", "urn:uuid:c"))
    assert {each.identity for each in rows.filter(logical__in=around)} == {whose}
    assert {each.identity for each in rows.filter(logical__in=itself)} == {0}


def plain(body, name):
    """Without the name that was asked for, and without times and pages."""
    body = re.sub(rb"\d{4}-\d\d-\d\dT[\d:.]+(Z|\+00:00)", b"TIME", body)
    body = re.sub(rb"\w{3}, \d\d \w{3} \d{4} [\d:]+ GMT", b"TIME", body)
    return body.replace(name.encode(), b"NAME")
