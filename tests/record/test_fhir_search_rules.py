"""FHIR search as a table, once more: values, chains and components that the first one leaves out.

Written from search.html of FHIR R4 (4.0.1) before the server was asked. What is included follows a
`+`. One world answers them all, on whichever store the tests run.
"""

from urllib.parse import quote

import pytest
from fhir_asking import Client

from onesystem import wiring

pytestmark = pytest.mark.django_db
LOINC, UCUM, SNOMED = "http://loinc.org", "http://unitsofmeasure.org", "http://snomed.info/sct"


def to(name):
    return {"reference": name}


def coded(system, code, **more):
    return {"coding": [{"system": system, "code": code}], **more}


def amount(value, unit, code):
    return {"value": value, "unit": unit, "system": UCUM, "code": code}


def obs(name, subject="Patient/p1", code="15074-8", display=None, **more):
    said = {"system": LOINC, "code": code} | ({"display": display} if display else {})
    return {"resourceType": "Observation", "id": name, "status": "final",
            "code": {"coding": [said]}, "subject": to(subject), **more}  # fmt: skip


WORLD = [
    {"resourceType": "Organization", "id": "org", "name": "Quay Trust",
     "identifier": [{"system": "urn:ods", "value": "Q1"}]},
    {"resourceType": "Practitioner", "id": "dr", "name": [{"family": "Quill", "given": ["Nia"]}]},
    {"resourceType": "Patient", "id": "p1", "active": True, "gender": "female",
     "name": [{"family": "Quayle", "given": ["Ann", "Bea"]}], "birthDate": "1974-12-25",
     "identifier": [{"system": "urn:x", "value": "111"}, {"system": "urn:y", "value": "A|B"}],
     "managingOrganization": to("Organization/org"), "generalPractitioner": [to("Practitioner/dr")],
     "telecom": [{"system": "phone", "value": "+44 1 234"},
                 {"system": "email", "value": "a@q.example"}],
     "address": [{"line": ["4 Quay"], "city": "Leeds", "postalCode": "LS1"}],
     "communication": [{"language": coded("urn:ietf:bcp:47", "en")}]},
    {"resourceType": "Patient", "id": "p2", "active": False, "gender": "male",
     "name": [{"family": "Quayle-Smith", "given": ["Bo"]}], "birthDate": "2001-02",
     "identifier": [{"system": "urn:x", "value": "222"}], "deceasedBoolean": True},
    {"resourceType": "Patient", "id": "p3", "name": [{"family": "O'Hara"}], "birthDate": "1990"},
    {"resourceType": "Encounter", "id": "e1", "status": "finished",
     "class": {"system": "http://terminology.hl7.org/CodeSystem/v3-ActCode", "code": "AMB"},
     "subject": to("Patient/p1"), "serviceProvider": to("Organization/org"),
     "period": {"start": "2024-01-01T09:00:00Z", "end": "2024-01-01T10:00:00Z"},
     "participant": [{"individual": to("Practitioner/dr")}]},
    obs("o1", display="Glucose", effectiveDateTime="2024-01-01T09:30:00Z",
        valueQuantity=amount(6.3, "mmol/l", "mmol/L"), encounter=to("Encounter/e1"),
        performer=[to("Practitioner/dr")],
        category=[coded("http://terminology.hl7.org/CodeSystem/observation-category",
                        "laboratory")]),
    obs("o2", display="Glucose", effectiveDateTime="2024-03-01",
        valueQuantity=amount(7.0, "mmol/l", "mmol/L"), hasMember=[to("Observation/o1")]),
    obs("o3", "Patient/p2", effectivePeriod={"start": "2023-12-01", "end": "2024-02-01"},
        valueCodeableConcept=coded(SNOMED, "260385009", text="Negative")),
    obs("bp", code="85354-9", effectiveDateTime="2024-04-01", component=[
        {"code": coded(LOINC, "8480-6"), "valueQuantity": amount(107, "mmHg", "mm[Hg]")},
        {"code": coded(LOINC, "8462-4"), "valueQuantity": amount(60, "mmHg", "mm[Hg]")}]),
    {"resourceType": "Condition", "id": "c1", "subject": to("Patient/p1"),
     "code": coded(SNOMED, "38341003", text="High BP"), "onsetDateTime": "2010-05",
     "clinicalStatus": coded("http://terminology.hl7.org/CodeSystem/condition-clinical",
                             "active")},
    {"resourceType": "RiskAssessment", "id": "r1", "status": "final", "subject": to("Patient/p1"),
     "prediction": [{"probabilityDecimal": 0.8}]},
    {"resourceType": "ValueSet", "id": "vs", "status": "active", "name": "Acme", "version": "1",
     "url": "http://acme.org/fhir/ValueSet/123"},
    {"resourceType": "Medication", "id": "med", "code": coded(SNOMED, "322236009")},
    {"resourceType": "MedicationRequest", "id": "m1", "status": "active", "intent": "order",
     "subject": to("Patient/p1"), "medicationReference": to("Medication/med"),
     "authoredOn": "2024-01-02", "requester": to("Practitioner/dr")},
    {"resourceType": "Provenance", "id": "pv", "recorded": "2024-01-01T09:31:00Z",
     "target": [to("Observation/o1")], "agent": [{"who": to("Practitioner/dr")}]},
    {"resourceType": "Group", "id": "g", "type": "person", "actual": True,
     "member": [{"entity": to("Patient/p1")}, {"entity": to("Patient/p2")}]},
]  # fmt: skip

# ruff: noqa: E501 - one search a line
SEARCHES = r"""
Patient?name=quay :: p1 p2
Patient?name=bea :: p1
Patient?family:exact=Quayle :: p1
Patient?family:exact=quayle ::
Patient?family:contains=smith :: p2
Patient?family=o'hara :: p3
Patient?family=ohara :: p3
Patient?family=Quayle-Smith :: p2
Patient?given=Ann,Bo :: p1 p2
Patient?given=Ann&given=Bea :: p1
Patient?given=Ann&given=Bo ::
Patient?identifier=urn:x|111 :: p1
Patient?identifier=urn:x|111,urn:x|222 :: p1 p2
Patient?identifier=urn:y|A\|B :: p1
Patient?identifier=A\|B :: p1
Patient?identifier=urn:x| :: p1 p2
Patient?identifier=urn:nope|111 ::
Patient?identifier:not=urn:x|111&family=quay :: p2
Patient?identifier:missing=true&_id=p1,p3 :: p3
Patient?gender=http://hl7.org/fhir/administrative-gender|female&family=quay :: p1
Patient?gender=FEMALE&family=quay :: p1
Patient?active=true&family=quay :: p1
Patient?deceased=true&family=quay :: p2
Patient?birthdate=1974-12-25 :: p1
Patient?birthdate=eq1974-12-25 :: p1
Patient?birthdate=1974 :: p1
Patient?birthdate=2001-02-14 ::
Patient?birthdate=gt1990&_id=p1,p2,p3 :: p2
Patient?birthdate=ge1990&_id=p1,p2,p3 :: p2 p3
Patient?birthdate=lt1990&_id=p1,p2,p3 :: p1
Patient?birthdate=le1990&_id=p1,p2,p3 :: p1 p3
Patient?birthdate=ne1990&_id=p1,p2,p3 :: p1 p2
Patient?birthdate=sa1990&_id=p1,p2,p3 :: p2
Patient?birthdate=eb1990&_id=p1,p2,p3 :: p1
Patient?birthdate=1974,1990 :: p1 p3
Patient?birthdate=gt1974-12-24&birthdate=lt1974-12-26 :: p1
Patient?birthdate=2001-02-01 ::
Patient?birthdate=lt2001-02-10&_id=p2 :: p2
Patient?birthdate=gt2001-02-10&_id=p2 :: p2
Patient?telecom=a@q.example :: p1
Patient?email=a@q.example :: p1
Patient?phone=a@q.example ::
Patient?address=leeds :: p1
Patient?address-city=lee :: p1
Patient?address-postalcode=LS1 :: p1
Patient?language=en :: p1
Patient?organization=Organization/org :: p1
Patient?organization:Organization=org :: p1
Patient?organization:identifier=urn:ods|Q1 ::
Patient?organization.identifier=urn:ods|Q1 :: p1
Patient?organization.name=quay :: p1
Patient?general-practitioner.name=quill :: p1
Patient?_has:Observation:patient:code=85354-9 :: p1
Patient?_has:Observation:patient:date=ge2024-03-01 :: p1
Patient?_has:Observation:patient:value-quantity=gt6.5 :: p1
Patient?_has:Condition:patient:code=http://snomed.info/sct|38341003 :: p1
Patient?_has:Group:member:_id=g :: p1 p2
Patient?_has:Encounter:patient:service-provider.name=quay :: p1
Observation?patient=p1 :: bp o1 o2
Observation?patient=Patient/p1&code=http://loinc.org|15074-8 :: o1 o2
Observation?subject=Patient/p1,Patient/p2&code=15074-8 :: o1 o2 o3
Observation?subject:Patient=p2 :: o3
Observation?subject:Patient.identifier=urn:x|222 :: o3
Observation?patient.name=quayle&code=15074-8 :: o1 o2 o3
Observation?patient.gender=male :: o3
Observation?patient.organization.name=quay&code=15074-8 :: o1 o2
Observation?encounter.service-provider=Organization/org :: o1
Observation?encounter.patient.family=quayle :: o1
Observation?code:text=gluc&patient=p1 :: o1 o2
Observation?code:not=15074-8&patient=p1 :: bp
Observation?code=15074-8,85354-9&patient=p1 :: bp o1 o2
Observation?value-quantity=6.3&patient=p1 :: o1
Observation?value-quantity=6.3|http://unitsofmeasure.org|mmol/L&patient=p1 :: o1
Observation?value-quantity=6.3||mmol/l&patient=p1 :: o1
Observation?value-quantity=6.30&patient=p1 :: o1
Observation?value-quantity=6&patient=p1 :: o1
Observation?value-quantity=7&patient=p1 :: o2
Observation?value-quantity=7.0&patient=p1 :: o2
Observation?value-quantity=gt6.3&patient=p1 :: o2
Observation?value-quantity=ge6.3&patient=p1 :: o1 o2
Observation?value-quantity=lt7&patient=p1 :: o1
Observation?value-quantity=le7.0|http://unitsofmeasure.org|mmol/L&patient=p1 :: o1 o2
Observation?value-quantity=ap7&patient=p1 :: o1 o2
Observation?value-quantity=ne6.3&patient=p1 :: o2
Observation?value-quantity=630e-2&patient=p1 :: o1
Observation?value-concept=260385009 :: o3
Observation?value-concept:text=nega :: o3
Observation?component-code=8480-6 :: bp
Observation?component-value-quantity=107 :: bp
Observation?component-code-value-quantity=http://loinc.org|8480-6$107 :: bp
Observation?component-code-value-quantity=http://loinc.org|8480-6$60 ::
Observation?component-code-value-quantity=8480-6$gt100 :: bp
Observation?component-code-value-quantity=8480-6$lt100 ::
Observation?component-code-value-quantity=8480-6$107|http://unitsofmeasure.org|mm[Hg] :: bp
Observation?combo-code=8462-4 :: bp
Observation?combo-code-value-quantity=8462-4$60 :: bp
Observation?combo-value-quantity=60 :: bp
Observation?code-value-quantity=http://loinc.org|15074-8$gt6.5 :: o2
Observation?date=2024-01-01&patient=p1 :: o1
Observation?date=2024-01&patient=p1 :: o1
Observation?date=2024&patient=p1 :: bp o1 o2
Observation?date=ge2024-01-01&date=le2024-03-01&patient=p1 :: o1 o2
Observation?date=gt2024-01-15&subject=Patient/p2 :: o3
Observation?date=lt2024-01-15&subject=Patient/p2 :: o3
Observation?date=sa2023-11-30&subject=Patient/p2 :: o3
Observation?date=eb2024-02-02&subject=Patient/p2 :: o3
Observation?date=2024-01-15&subject=Patient/p2 ::
Observation?date=2024-01-01T09:30:00Z :: o1
Observation?date=2024-01-01T09:30Z :: o1
Observation?date=2024-01-01T10:30:00+01:00 :: o1
Observation?date=gt2024-01-01T09:29:59Z&date=lt2024-01-01T09:30:01Z&code=15074-8&patient=p1 :: o1
Observation?has-member=Observation/o1 :: o2
Observation?has-member:Observation=o1 :: o2
Observation?has-member.code=15074-8 :: o2
Observation?performer=Practitioner/dr :: o1
Observation?performer:Practitioner=dr :: o1
Observation?performer:Organization=dr ::
Observation?performer:missing=false&patient=p1 :: o1
Observation?performer:missing=true&patient=p1 :: bp o2
Observation?category=laboratory&patient=p1 :: o1
Observation?status=final&patient=p1 :: bp o1 o2
Observation?status:not=final&patient=p1 ::
Observation?_has:Provenance:target:agent=Practitioner/dr :: o1
Observation?_has:Observation:has-member:_id=o2 :: o1
Condition?code:text=high :: c1
Condition?code=http://snomed.info/sct|38341003 :: c1
Condition?clinical-status=active&patient=p1 :: c1
Condition?clinical-status=http://terminology.hl7.org/CodeSystem/condition-clinical|active&patient=p1 :: c1
Condition?onset-date=2010 :: c1
Condition?onset-date=ge2010-05-10 :: c1
RiskAssessment?probability=gt0.7 :: r1
RiskAssessment?probability=0.8 :: r1
RiskAssessment?probability=lt0.5 ::
ValueSet?url=http://acme.org/fhir/ValueSet/123 :: vs
ValueSet?url:below=http://acme.org/fhir :: vs
ValueSet?url:above=http://acme.org/fhir/ValueSet/123/_history/5 :: vs
ValueSet?url=http://acme.org/fhir ::
ValueSet?name=acme :: vs
MedicationRequest?medication.code=322236009 :: m1
MedicationRequest?medication=Medication/med :: m1
MedicationRequest?requester=Practitioner/dr :: m1
MedicationRequest?requester:Practitioner.family=quill :: m1
MedicationRequest?authoredon=2024-01-02 :: m1
Encounter?date=2024-01-01 :: e1
Encounter?date=ge2024-01-01T09:30:00Z&date=le2024-01-01T09:30:00Z&patient=p1 :: e1
Encounter?patient=p1&class=AMB :: e1
Encounter?participant.family=quill :: e1
Group?member=Patient/p2 :: g
Patient?_id=p1,p2 :: p1 p2
Patient?_id=p1&_id=p2 ::
Patient?_id=p1&_contained=false :: p1
Observation?subject:Patient.active:missing=true&patient=p1 ::
Observation?subject:Patient.active:missing=false&code=85354-9 :: bp
Patient?birthdate=1974-12-25T00:00:00Z ::
Patient?birthdate=le1974-12-25T12:00:00Z&family=quay :: p1
Patient?telecom=+44 1 234 :: p1
Patient/p1/Observation?code=15074-8 :: o1 o2
Patient/p1/Condition :: c1
Patient/p1/MedicationRequest :: m1
Practitioner/dr/Encounter :: e1
Encounter/e1/Observation :: o1
?_type=Patient,Observation&_id=p1,o1 :: o1 p1
"""
BROUGHT = """
Observation?_id=o1&_include=Observation:subject :: o1 + p1
Observation?_id=o1&_include=Observation:patient :: o1 + p1
Observation?_id=o1&_include=Observation:performer:Practitioner :: o1 + dr
Observation?_id=o1&_include=Observation:performer:Organization :: o1 +
Observation?_id=o1&_include=Observation:encounter&_include:iterate=Encounter:service-provider :: o1 + e1 org
Observation?_id=o1&_include=Observation:encounter&_include=Encounter:service-provider :: o1 + e1
Observation?_id=o2&_include:iterate=Observation:has-member&_include:iterate=Observation:performer :: o2 + dr o1
Observation?_id=o1&_revinclude=Provenance:target :: o1 + pv
Observation?_id=o1&_revinclude=Observation:has-member :: o1 + o2
Observation?_id=o1&_revinclude:iterate=Observation:has-member&_revinclude:iterate=Provenance:target :: o1 + o2 pv
Patient?_id=p1&_revinclude=Encounter:patient&_revinclude:iterate=Observation:encounter :: p1 + e1 o1
Patient?_id=p1&_revinclude=Condition:subject :: p1 + c1
Patient?_id=p1&_include=Patient:organization&_include=Patient:general-practitioner :: p1 + dr org
MedicationRequest?_id=m1&_include=MedicationRequest:medication&_include=MedicationRequest:patient :: m1 + med p1
MedicationRequest?_id=m1&_include=MedicationRequest:* :: m1 + dr med p1
Patient?_id=p1&_revinclude=Group:member&_include=Patient:organization :: p1 + g org
Observation?_id=o1,o2&_include=Observation:subject :: o1 o2 + p1
Observation?_id=o1,o2&_include=Observation:has-member :: o1 o2 +
"""
REFUSED = """
Patient?nonsense=1
Patient?name:nonsense=x
Patient?birthdate=1974-13-01
Patient?birthdate=zz1974
Patient?birthdate:exact=1974
Observation?value-quantity=abc
Observation?value-quantity=6.3|x
Observation?component-code-value-quantity=8480-6
Observation?subject:Nonsense=1
Observation?code.x=1
Observation?subject.nonsense=1
Observation?_include=Observation:nonsense
Observation?_include=Nonsense:subject
Observation?_revinclude=Patient:nonsense
Observation?_sort=nonsense
Patient?_has:Observation:nonsense:code=1
Patient?_has:Observation:patient
Patient?_elements=name&_summary=true
Patient?_total=lots
Patient?_summary=lots
Patient?active:exact=true
Patient?_lastUpdated=yesterday
Observation?code:missing=maybe
RiskAssessment?probability=many
Patient?_contained=true
"""


@pytest.fixture
def app(district):
    wiring.connect()
    made = Client()
    sent = {"resourceType": "Bundle", "type": "transaction", "entry": [
        {"resource": each, "request": {"method": "PUT",
                                       "url": f"{each['resourceType']}/{each['id']}"}}
        for each in WORLD]}  # fmt: skip
    assert made.post("", sent).status == 200
    return made


def asked(app, line):
    path, mark, query = line.partition("?")
    return app.get(path + mark + quote(query, safe="=&:,|$/*"))


def ids(found, mode):
    assert found.status == 200, found.body
    entries = found.json.get("entry", [])
    return sorted(e["resource"]["id"] for e in entries if e["search"]["mode"] == mode)


def lines(table):
    return [line.partition(" ::")[::2] for line in table.strip().splitlines()]


def test_every_search_finds_what_it_should(app):
    """And brings what it should."""
    wrong = []
    for line, wanted in lines(SEARCHES) + lines(BROUGHT):
        matched, _, brought = wanted.partition("+")
        answer = asked(app, line)
        found = ids(answer, "match"), ids(answer, "include")
        if found != (sorted(matched.split()), sorted(brought.split())):
            wrong.append((line, wanted, found))
    assert not wrong


def test_every_search_that_makes_no_sense_is_refused(app):
    """With the name of what is not understood."""
    for line, _ in lines(REFUSED):
        found = asked(app, line)
        assert (found.status, found.json["resourceType"]) == (400, "OperationOutcome"), line
        assert found.issue["diagnostics"], line


def test_elements_are_of_the_matches(app):
    """What is included is whole, unless its type is named."""

    def parts(query):
        entries = app.get(f"Observation?_id=o1&_include=Observation:subject&{query}").json["entry"]
        return [sorted(e["resource"].keys() - {"resourceType", "id", "meta"}) for e in entries]

    match, brought = parts("_elements=status")
    assert match == ["code", "status"]
    assert {"name", "birthDate"} <= set(brought)
    assert parts("_elements=Observation.status,Patient.birthDate")[1] == ["birthDate"]
    assert parts("_elements=Patient.gender")[1] == ["gender"]
    assert "valueQuantity" in parts("_elements=Patient.gender")[0]
