"""What comes wrong, one kind of wrong after the other: refused or limited, with its cure.

The list is the shared record's own: each line of it is a test here, and the store is as it was.
"""

import json

import pytest
from fhir_asking import BASE, Client, patient, weight

from onesystem import access
from onesystem.access import choices
from onesystem.feeds.models import Message
from onesystem.people.models import Identity
from onesystem.record.fhir.searching import answer as searching
from onesystem.record.fhir.searching import limits
from onesystem.record.models import EntryRow

pytestmark = pytest.mark.django_db


def refused(found, status, says, cure=""):
    """It is an outcome that names the thing, and says what to do."""
    assert found.status == status, found.body
    assert says in found.issue["diagnostics"] + " ".join(found.issue.get("expression", []))
    assert cure in found.issue["details"]["text"]
    assert found.issue["details"]["text"]


def told(link):
    return f"urn:uuid:{link * 8}-0000-4000-8000-000000000000"


def entry(resource, full=""):
    kind = resource["resourceType"]
    made = {"resource": resource, "request": {"method": "POST", "url": kind}}
    return made | ({"fullUrl": full} if full else {})


def sent(app, *entries):
    return app.post("", {"resourceType": "Bundle", "type": "transaction", "entry": list(entries)})


class TestTakenAsItIs:
    def test_unknown_extensions_and_profiles(self, app):
        body = patient(id="q", meta={"profile": ["https://nobody.example/profile|3"]},
                       extension=[{"url": "https://nobody.example/x", "valueString": "kept"}],
                       modifierExtension=[{"url": "https://nobody.example/n", "valueCode": "n"}],
                       _birthDate={"extension": [{"url": "urn:e", "valueCode": "e"}]})  # fmt: skip
        assert app.put("Patient/q", body).status == 201
        found = app.get("Patient/q").json
        for name in ("extension", "modifierExtension", "_birthDate"):
            assert found[name] == body[name]
        assert app.get("Patient?_profile=https://nobody.example/profile").json["total"] == 1

    def test_contained_resources(self, app):
        """They stay inside, and are nobody's of their own."""
        body = json.loads(weight("Patient/p")) | {
            "contained": [{"resourceType": "Practitioner", "id": "in", "name": [{"family": "In"}]}],
            "performer": [{"reference": "#in"}],
        }
        made = app.post("Observation", body)
        assert made.status == 201, made.body
        assert made.json["performer"] == [{"reference": "#in"}]
        assert app.get("Practitioner?family=In").json["total"] == 0
        assert app.get("Practitioner/in").status == 404

    def test_circular_references(self, app):
        def pair(of):
            return json.loads(weight("Patient/p")) | {"hasMember": [{"reference": of}]}

        made = sent(app, entry(pair(told("b")), told("a")), entry(pair(told("a")), told("b")))
        assert made.status == 200, made.body
        one = made.json["entry"][0]["resource"]["id"]
        own = json.loads(weight("Patient/p")) | {
            "id": one, "hasMember": [{"reference": f"Observation/{one}"}]}  # fmt: skip
        around = (
            "_include:iterate=Observation:has-member&_revinclude:iterate=Observation:has-member"
        )
        assert len(app.get(f"Observation?_id={one}&{around}").json["entry"]) == 2
        assert app.get("Observation?has-member.has-member.has-member.status=final").status == 200
        assert app.put(f"Observation/{one}", own).status == 200
        assert app.get(f"Observation?_id={one}&{around}").status == 200
        assert app.get("Patient/p/$everything").json["total"] == 3

    @pytest.mark.parametrize(
        "to", ["Device/nowhere", "https://far.example/Device/1", "urn:oid:1.2"]
    )
    def test_dangling_references_to_things(self, app, to):
        body = json.loads(weight("Patient/p")) | {"device": {"reference": to}}
        made = app.post("Observation", body)
        assert (made.status, made.json["device"]["reference"]) == (201, to)
        assert "entry" in app.get(f"Observation?_id={made.id}&_include=Observation:device").json


class TestRefused:
    def test_a_reference_to_a_person_who_is_not_here(self, app):
        found = app.post("Observation", weight("Patient/nobody"))
        refused(found, 422, "Patient/nobody", "Send the person first")

    @pytest.mark.parametrize(
        ("more", "where"),
        [
            ({"gender": 7}, "Patient.gender"),
            ({"gender": "lady"}, "Patient.gender"),
            ({"birthDate": "1974-02-30"}, "Patient.birthDate"),
            ({"name": {"family": "x"}}, "Patient.name"),
            ({"active": "true"}, "Patient.active"),
            ({"contact": [{"name": []}]}, "Patient.contact[0].name"),
            ({"shoeSize": 42}, "shoeSize"),
        ],
    )
    def test_wrong_types(self, app, more, where):
        refused(app.post("Patient", patient(**more)), 400, where)
        assert app.get("Patient?_summary=count").json["total"] == 1

    def test_future_versions(self, app):
        refused(app.post("Transport", {"resourceType": "Transport"}), 404, "Transport")
        r5 = {"resourceType": "MedicationRequest", "status": "active", "intent": "order",
              "medication": {"reference": {"reference": "Medication/m"}},
              "subject": {"reference": "Patient/p"}}  # fmt: skip
        assert app.post("MedicationRequest", r5).status == 400
        later = "application/fhir+json; fhirVersion=5.0"
        refused(app.ask("POST", "Patient", patient(), type_=later), 415, "5.0", "4.0")
        refused(app.get("Patient/p", accept=later), 406, "5.0", "4.0")

    def test_two_updates_at_once(self, app):
        """Both read version 1; the second is told that the first was quicker."""
        other, tag = Client(name="other"), app.get("Patient/p").headers["ETag"]
        assert app.put("Patient/p", patient(id="p", gender="male"), if_match=tag).status == 200
        late = other.put("Patient/p", patient(id="p", gender="female"), if_match=tag)
        refused(late, 412, "version 2", "Read it again")
        assert app.get("Patient/p").json["gender"] == "male"
        assert app.get("Patient/p/_history").json["total"] == 2

    @pytest.mark.parametrize(
        "token",
        [
            "", "Bearer", "Bearer x", "Basic YTpi", "Bearer onesystem_app_" + "0" * 40,
            "Bearer eyJhbGciOiJub25lIn0.eyJzdWIiOiJhIn0.", "Bearer \u00ff", "Bearer onesystem_x",
        ],
    )  # fmt: skip
    def test_a_token_from_elsewhere(self, app, token):
        found = app.get("Patient/p", authorization=token)
        refused(found, 401, "")
        assert found.headers["WWW-Authenticate"].startswith("Bearer")
        assert b"R\xc4\x81t\xc4\x81" not in found.body

    def test_a_token_of_another_district(self, app):
        """One that was good there is unknown here: only digests of our own are kept."""
        token = app.token[:-4] + ("aaaa" if app.token[-4:] != "aaaa" else "bbbb")
        refused(app.get("Patient/p", authorization=f"Bearer {token}"), 401, "unknown")

    def test_a_scope_wider_than_the_role(self, app):
        """The token may say everything: the role has no tie, and may not write about anybody."""
        nurse = Client(role="ed-nurse", purpose="direct care", name="nurse", scopes="user/*.cruds")
        assert nurse.get("Patient/p").status == 404
        assert nurse.get("Patient?_summary=count").json["total"] == 0
        refused(nurse.post("Observation", weight("Patient/p")), 422, "Patient/p")
        assert nurse.ask("DELETE", "Patient/p").status == 204
        assert app.get("Patient/p").status == 200

    def test_a_scope_narrower_than_what_is_asked(self, app):
        narrow = Client(name="narrow", scopes="user/Patient.r")
        refused(narrow.get("Patient?family=x"), 403, "search Patient", "user/Patient.s")
        refused(narrow.get("Observation/o"), 403, "read Observation")
        refused(narrow.put("Patient/p", patient(id="p")), 403, "update Patient")


def test_an_opted_out_person_is_in_no_export(app):
    """With all that is theirs; who does not choose so is."""
    from onesystem.record import run_errands

    app.put("Patient/q", patient(id="q", identifier=[{"system": "urn:mrn", "value": "q"}],
                                 name=[{"family": "Other"}]))  # fmt: skip
    for name in "pq":
        app.put(f"Observation/{name}", json.loads(weight(f"Patient/{name}")) | {"id": name})
    Identity.objects.update(practice="practice")
    whose = EntryRow.objects.get(kind="Patient", logical="p").identity
    person = Identity.objects.get(pk=whose).person
    choices.opt_out(person=person, by=access.Actor.job("tests"), reason="asked for")
    service = Client(role="application", purpose="direct care", name="service",
                     organisation="practice", scopes="system/*.rs")  # fmt: skip
    began = service.get("Patient/$export", prefer="respond-async")
    assert began.status == 202, began.body
    while run_errands():
        pass
    made = service.get(began.headers["Content-Location"].removeprefix(f"{BASE}/")).json
    lines = b"".join(service.get(e["url"].removeprefix(f"{BASE}/")).body for e in made["output"])
    names = {each["id"] for each in map(json.loads, lines.splitlines())}
    assert names == {"q"}
    assert b"Patient/p" not in lines


def test_a_search_that_would_take_a_minute(app, monkeypatch):
    """It is stopped, says so and what to do; who asks next is answered."""
    for n in range(30):
        app.put(f"Patient/s{n}", patient(id=f"s{n}", name=[{"family": f"Smith{n}"}]))
    with monkeypatch.context() as patched:
        patched.setattr(searching, "limited", lambda: limits.limited(0.001))
        patched.setattr(limits, "_STEPS", 1)
        if limits.vendor() == "postgresql":
            patched.setattr(searching, "_run", _slowly)
        found = app.get("Patient?name:contains=mit&_sort=family")
    refused(found, 403, "longer than", "Name the person")
    assert found.issue["code"] == "too-costly"
    assert app.get("Patient?name:contains=mit&_summary=count").json["total"] == 30


def _slowly(*_args, **_named):
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_sleep(5)")


@pytest.mark.parametrize("wrong", [0, 1, 2])
def test_the_store_never_holds_half_a_transaction(app, wrong):
    """Whichever entry is wrong: nothing is kept, and nothing is done later."""
    entries = [entry(patient(identifier=[{"value": str(n)}])) for n in range(3)]
    entries[wrong] = entry({"resourceType": "Observation", "status": "final"})
    before = Message.objects.count()
    found = sent(app, *entries)
    refused(found, 400, f"Bundle.entry[{wrong}]")
    assert app.get("Patient?_summary=count").json["total"] == 1
    assert Message.objects.count() == before
    dangling = [*entries[:wrong], entry(json.loads(weight("Patient/nobody")))]
    assert sent(app, *dangling).status == 422
    assert app.get("Patient?_summary=count").json["total"] == 1
