"""FHIR search as a table: what is asked of one small world, and what is found.

Written from search.html of FHIR R4 (4.0.1). `+` marks what was included; a number is the status of
a refusal. One world answers them all: to build it costs more than to ask.
"""

from urllib.parse import quote

import pytest
from fhir_asking import Client

pytestmark = pytest.mark.django_db


def obs(name, subject="Patient/a", code="8480-6", system="http://loinc.org", **more):
    return {
        "resourceType": "Observation",
        "id": name,
        "status": "final",
        "subject": {"reference": subject},
        "code": {"coding": [{"system": system, "code": code}] if system else [{"code": code}]},
        **more,
    }


@pytest.fixture
def app(district):
    from onesystem import wiring

    wiring.connect()
    c = Client()

    def put(r):
        a = c.put(f"{r['resourceType']}/{r['id']}", r)
        assert a.status in (200, 201), a.body

    put({"resourceType": "Organization", "id": "top", "name": "Top Trust"})
    put(
        {
            "resourceType": "Organization",
            "id": "org",
            "name": "Mill Surgery",
            "partOf": {"reference": "Organization/top"},
        }
    )
    put({"resourceType": "Practitioner", "id": "doc", "name": [{"family": "Grey"}]})
    put(
        {
            "resourceType": "Patient",
            "id": "a",
            "name": [
                {"use": "official", "family": "Rātā", "given": ["Aroha", "Mere"]},
                {"family": "van der Berg"},
            ],
            "gender": "female",
            "birthDate": "1950-02-28",
            "active": True,
            "managingOrganization": {"reference": "Organization/org"},
            "generalPractitioner": [{"reference": "Practitioner/doc"}],
            "telecom": [
                {"system": "phone", "value": "555 1234", "use": "home"},
                {"system": "email", "value": "a@x.example"},
            ],
            "address": [{"city": "Norwich", "postalCode": "NR1 1AA", "line": ["1 Mill Lane"]}],
            "identifier": [
                {
                    "system": "urn:mrn",
                    "value": "m1",
                    "type": {
                        "coding": [
                            {
                                "system": "http://terminology.hl7.org/CodeSystem/v2-0203",
                                "code": "MR",
                            }
                        ]
                    },
                }
            ],
            "meta": {
                "tag": [{"system": "urn:tag", "code": "t1"}],
                "profile": ["http://x.example/p"],
                "security": [{"system": "urn:s", "code": "N"}],
            },
        }
    )
    put(
        {
            "resourceType": "Patient",
            "id": "b",
            "name": [{"family": "Rata", "given": ["Bob"]}],
            "gender": "male",
            "birthDate": "1980",
            "deceasedDateTime": "2020-05-05",
            "identifier": [{"value": "nosys"}],
        }
    )
    put({"resourceType": "Patient", "id": "c", "active": False})
    put(
        {
            "resourceType": "Encounter",
            "id": "e",
            "status": "finished",
            "class": {"system": "http://terminology.hl7.org/CodeSystem/v3-ActCode", "code": "IMP"},
            "subject": {"reference": "Patient/a"},
            "period": {"start": "2020-01-10T10:00:00Z", "end": "2020-01-12T10:00:00Z"},
            "participant": [{"individual": {"reference": "Practitioner/doc"}}],
        }
    )
    put(
        obs(
            "o1",
            effectiveDateTime="2020-01-10",
            valueQuantity={
                "value": 5.4,
                "system": "http://unitsofmeasure.org",
                "code": "mg",
                "unit": "mg",
            },
            encounter={"reference": "Encounter/e"},
        )
    )
    put(
        obs(
            "o2",
            effectivePeriod={"start": "2020-02-01", "end": "2020-02-20"},
            valueQuantity={"value": 5.40, "unit": "mg"},
        )
    )
    put(
        obs(
            "o3",
            "Patient/b",
            effectiveDateTime="2020-03-01T10:00:00+01:00",
            valueQuantity={"value": 100, "system": "http://unitsofmeasure.org", "code": "kg"},
        )
    )
    put(obs("o4", "Patient/b", code="xyz", system="", effectiveDateTime="2021"))
    put(
        obs(
            "o5",
            "Patient/b",
            code="bp",
            system="urn:l",
            valueString="High Blood",
            hasMember=[{"reference": "Observation/o4"}],
            performer=[{"reference": "Practitioner/doc"}],
        )
    )
    put(
        {
            "resourceType": "Condition",
            "id": "c1",
            "subject": {"reference": "Patient/a"},
            "encounter": {"reference": "Encounter/e"},
            "code": {
                "text": "Heart Failure",
                "coding": [
                    {
                        "system": "http://snomed.info/sct",
                        "code": "84114007",
                        "display": "Heart failure",
                    }
                ],
            },
            "onsetAge": {"value": 40, "system": "http://unitsofmeasure.org", "code": "a"},
        }
    )
    put(
        {
            "resourceType": "Group",
            "id": "g",
            "type": "person",
            "actual": True,
            "member": [{"entity": {"reference": "Patient/a"}}],
        }
    )
    return c


# ruff: noqa: E501 - one search a line
CASES = """
Patient?family=rata :: a b
Patient?family:exact=Rātā :: a
Patient?family:exact=rata ::
Patient?family:contains=at :: a b
Patient?name=ber ::
Patient?name:contains=ber :: a
Patient?given=mere :: a
Patient?name:exact=van der Berg :: a
Patient?gender=male,female :: a b
Patient?gender:not=male :: a c
Patient?gender:missing=true :: c
Patient?gender:missing=false :: a b
Patient?birthdate=1980 :: b
Patient?birthdate=1980-05-05 ::
Patient?birthdate=ge1950&birthdate=lt1960 :: a
Patient?birthdate=ap1980 :: b
Patient?birthdate=ne1980 :: a
Patient?birthdate=sa1979 :: b
Patient?birthdate=eb1980 :: a
Patient?active=true :: a
Patient?active=false :: c
Patient?active:not=true :: b c
Patient?deceased=true :: b
Patient?deceased=false :: a c
Patient?death-date=2020 :: b
Patient?identifier=m1 :: a
Patient?identifier=|nosys :: b
Patient?identifier=|m1 ::
Patient?identifier=urn:mrn| :: a
Patient?identifier=urn:mrn|m1 :: a
Patient?identifier:of-type=http://terminology.hl7.org/CodeSystem/v2-0203|MR|m1 :: a
Patient?telecom=555 1234 :: a
Patient?phone=555 1234 :: a
Patient?email=a@x.example :: a
Patient?address=nr1 :: a
Patient?address=1 mill :: a
Patient?address-city=norwich :: a
Patient?address-postalcode=NR1 1AA :: a
Patient?_tag=urn:tag|t1 :: a
Patient?_tag=t1 :: a
Patient?_tag:not=t1 :: b c
Patient?_profile=http://x.example/p :: a
Patient?_security=urn:s|N :: a
Patient?_id=a,b :: a b
Patient?_id=zz ::
Patient?_lastUpdated=gt2020 :: a b c
Patient?_lastUpdated=lt2020 ::
Patient?organization=Organization/org :: a
Patient?organization=org :: a
Patient?organization=https://here.example/fhir/Organization/org :: a
Patient?organization.name=mill :: a
Patient?organization:Organization.name=mill :: a
Patient?organization.partof.name=top :: a
Patient?organization.partof=top :: a
Patient?general-practitioner.family=grey :: a
Patient?general-practitioner:Practitioner=doc :: a
Patient?general-practitioner:Practitioner.name=grey :: a
Patient?_has:Observation:patient:code=bp :: b
Patient?_has:Observation:subject:code=http://loinc.org|8480-6 :: a b
Patient?_has:Observation:patient:encounter.class=IMP :: a
Patient?_has:Encounter:patient:_has:Condition:encounter:code=84114007 :: a
Patient?_has:Observation:patient:_id=o1 :: a
Patient?_has:Group:member:_id=g :: a
Patient?phonetic=rata :: a b
Observation?date=2020-01-10 :: o1
Observation?date=2020-02 :: o2
Observation?date=2020-02-05 ::
Observation?date=gt2020-02-10 :: o2 o3 o4
Observation?date=ge2020-02-10 :: o2 o3 o4
Observation?date=lt2020-02-10 :: o1 o2
Observation?date=sa2020-02-10 :: o3 o4
Observation?date=sa2020-01-31 :: o2 o3 o4
Observation?date=eb2020-02-10 :: o1
Observation?date=ne2020-01-10 :: o2 o3 o4
Observation?date=eq2020-03-01T09:00:00Z :: o3
Observation?date=2020-03-01T09:00Z :: o3
Observation?date=2021 :: o4
Observation?date:missing=true :: o5
Observation?code=8480-6 :: o1 o2 o3
Observation?code=|xyz :: o4
Observation?code=|8480-6 ::
Observation?code=http://loinc.org| :: o1 o2 o3
Observation?code:not=8480-6 :: o4 o5
Observation?code:not=8480-6,bp :: o4
Observation?code=xyz,bp :: o4 o5
Observation?value-quantity=5.4 :: o1 o2
Observation?value-quantity=5.4|http://unitsofmeasure.org|mg :: o1
Observation?value-quantity=5.4||mg :: o1 o2
Observation?value-quantity=5.40 :: o1 o2
Observation?value-quantity=5.44 ::
Observation?value-quantity=5 :: o1 o2
Observation?value-quantity=gt5 :: o1 o2 o3
Observation?value-quantity=gt5.4 :: o3
Observation?value-quantity=ge5.4 :: o1 o2 o3
Observation?value-quantity=le5.4 :: o1 o2
Observation?value-quantity=lt100||kg ::
Observation?value-quantity=ap105 :: o3
Observation?value-quantity=ap5.5 :: o1 o2
Observation?value-quantity=sa5.4 :: o3
Observation?value-quantity=eb100 :: o1 o2
Observation?value-quantity=ne5.4 :: o3
Observation?value-quantity=1e2 :: o3
Observation?value-string=high :: o5
Observation?value-string:contains=blood :: o5
Observation?value-string:exact=High Blood :: o5
Observation?code-value-quantity=8480-6$gt50 :: o3
Observation?code-value-quantity=http://loinc.org|8480-6$5.4 :: o1 o2
Observation?subject=Patient/a :: o1 o2
Observation?subject=a :: o1 o2
Observation?subject:Patient=a :: o1 o2
Observation?patient=a :: o1 o2
Observation?patient=Patient/a,Patient/b :: o1 o2 o3 o4 o5
Observation?patient.family=rata&code=bp :: o5
Observation?patient.identifier=urn:mrn|m1 :: o1 o2
Observation?subject:Patient.gender=male :: o3 o4 o5
Observation?subject.gender=male :: o3 o4 o5
Observation?patient.birthdate=lt1960 :: o1 o2
Observation?patient.organization.name=mill :: o1 o2
Observation?patient._id=a :: o1 o2
Observation?patient._has:Group:member:_id=g :: o1 o2
Observation?encounter=Encounter/e :: o1
Observation?encounter:missing=true :: o2 o3 o4 o5
Observation?has-member=Observation/o4 :: o5
Observation?performer:Practitioner.name=grey :: o5
Observation?_id=o1&_include=Observation:subject :: a+ o1
Observation?_id=o1&_include=Observation:patient :: a+ o1
Observation?_id=o1&_include=Observation:patient:Patient :: a+ o1
Observation?_id=o1&_include=Observation:subject:Group :: o1
Observation?_id=o1&_include=Observation:* :: a+ e+ o1
Observation?_id=o1&_include=* :: a+ e+ o1
Observation?_id=o1&_include=Observation:subject&_include:iterate=Patient:organization :: a+ o1 org+
Observation?_id=o1&_include=Observation:subject&_include:iterate=Patient:organization&_include:iterate=Organization:partof :: a+ o1 org+ top+
Observation?_id=o1&_include=Observation:subject&_include=Patient:organization :: a+ o1
Observation?_id=o5&_include=Observation:has-member :: o4+ o5
Patient?_id=a&_revinclude=Observation:subject :: a o1+ o2+
Patient?_id=a&_revinclude=Observation:patient&_revinclude=Condition:patient :: a c1+ o1+ o2+
Patient?_id=a&_revinclude=Group:member :: a g+
Organization?_id=top&_revinclude=Organization:partof&_revinclude:iterate=Patient:organization :: a+ org+ top
Encounter?_id=e&_revinclude=Observation:encounter&_include=Encounter:subject :: a+ e o1+
Encounter?class=IMP :: e
Encounter?date=2020-01-11 ::
Encounter?date=2020-01 :: e
Encounter?date=ge2020-01-11 :: e
Encounter?date=le2020-01-11 :: e
Encounter?date=sa2020-01-11 ::
Encounter?participant=Practitioner/doc :: e
Encounter?practitioner=doc :: e
Condition?code:text=heart :: c1
Condition?onset-age=40 :: c1
Condition?code=http://snomed.info/sct|84114007 :: c1
Condition?subject=Patient/a&code=84114007 :: c1
Group?member=Patient/a :: g
Patient/a/Observation :: o1 o2
Patient/a/Observation?code=8480-6&date=2020-01-10 :: o1
Patient/a/Condition :: c1
Patient/a/* :: a c1 e g o1 o2
Encounter/e/Observation :: o1
Practitioner/doc/Encounter :: e
Practitioner/doc/Patient :: a
Practitioner/doc/Observation :: o5
?_type=Patient,Group :: a b c g
?_type=Patient&_id=a :: a
?_id=a :: a
?_type=Observation&_lastUpdated=gt2020&_tag:missing=true :: o1 o2 o3 o4 o5
Patient?_filter=name eq x :: 400
Patient?_text=x :: 400
Patient?_content=x :: 400
Patient?_query=x :: 400
Patient?name:nope=x :: 400
Patient?gender:exact=male :: 400
Observation?value-quantity=foo :: 400
Observation?date=xx2020 :: 400
Observation?_include=Observation:nope :: 400
Observation?_include=Observation:code :: 400
Patient?_sort=nope :: 400
Patient?_total=foo :: 400
Patient?_summary=foo :: 400
Patient?_count=-1 :: 400
Patient?_count=abc :: 400
Patient?_lastUpdated=foo :: 400
Patient?gender:missing=foo :: 400
Patient?organization.nope=1 :: 400
Patient?_has:Observation:nope:code=1 :: 400
Patient?_has:Observation:patient:nope=1 :: 400
Patient?_has:Nope:patient:code=1 :: 400
Observation?subject:Nope=a :: 400
Patient?name= :: 400
"""


def ids(found):
    if found.status != 200:
        return [str(found.status)]
    return sorted(
        each["resource"]["id"] + ("+" if each["search"]["mode"] == "include" else "")
        for each in found.json.get("entry", [])
    )


def test_every_search_finds_what_it_should(app):
    """Each line of the table."""
    wrong = []
    for line in CASES.strip().splitlines():
        asked, _, wanted = line.partition(" ::")
        path, mark, query = asked.partition("?")
        got = ids(app.get(path + mark + quote(query, safe="=&:,|$/*")))
        if got != sorted(wanted.split()):
            wrong.append((asked, wanted.split(), got))
    assert not wrong


ORDERS = """
Observation?_sort=date :: o1 o2 o3 o4 o5
Observation?_sort=-date :: o4 o3 o2 o1 o5
Observation?_sort=code,-date :: o3 o2 o1 o5 o4
Patient?_sort=-_lastUpdated :: c b a
Patient?_sort=family :: a b c
Patient?_sort=-birthdate :: b a c
Observation?_sort=value-quantity,_id :: o1 o2 o3 o4 o5
Observation?_sort=patient,-_id :: o2 o1 o5 o4 o3
"""


def test_every_order_is_kept(app):
    """Also over pages of two."""
    for line in ORDERS.strip().splitlines():
        asked, _, wanted = line.partition(" :: ")
        for size in ("", "&_count=2"):
            seen, url = [], asked + size
            while url:
                page = app.get(url).json
                seen += [each["resource"]["id"] for each in page.get("entry", [])]
                ahead = [each["url"] for each in page["link"] if each["relation"] == "next"]
                url = ahead[0].removeprefix("https://here.example/fhir/") if ahead else ""
            assert seen == wanted.split(), asked


FORM = "application/x-www-form-urlencoded"


def test_by_post(app):
    """What stands in the address and what is posted are one search."""
    for path, body, found in (
        ("Patient/_search", b"_id=a&_format=json", ["a"]),
        ("Patient/_search?gender=female", b"family=rata", ["a"]),
        ("Patient/_search", b"", ["a", "b", "c"]),
        ("Patient/a/Observation/_search", b"code=8480-6", ["o1", "o2"]),
        ("_search", b"_type=Patient&_id=a", ["a"]),
    ):
        assert ids(app.ask("POST", path, body, type_=FORM)) == found


def test_totals(app):
    """`_total` says whether to count; without it a total is told where it costs nothing."""
    assert "total" not in app.get("Patient?_total=none&_count=1").json
    for said in ("accurate", "estimate"):
        assert app.get(f"Patient?_total={said}&_count=1").json["total"] == 3
