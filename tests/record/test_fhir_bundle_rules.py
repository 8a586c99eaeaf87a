"""The rules of batches and transactions, one by one (http.html#transaction, bundle.html)."""

import json

import pytest
from fhir_asking import Client, patient, weight

pytestmark = pytest.mark.django_db
FAR = "http://other.example/fhir"
PATCH = {"resourceType": "Parameters", "parameter": [{"name": "operation", "part": [
    {"name": "type", "valueCode": "replace"}, {"name": "path", "valueString": "Patient.gender"},
    {"name": "value", "valueCode": "other"}]}]}  # fmt: skip


@pytest.fixture
def app(district):
    from onesystem import wiring

    wiring.connect()
    made = Client()
    made.put("Patient/p", patient(id="p", gender="female"))
    return made


def entry(method, url, resource=None, full="", **request):
    made = {"request": {"method": method, "url": url, **request}}
    made |= {"resource": resource} if resource else {}
    return made | ({"fullUrl": full} if full else {})


def sent(app, *entries, kind="transaction", **headers):
    return app.post("", {"resourceType": "Bundle", "type": kind, "entry": list(entries)}, **headers)


def told(answer):
    return [each["response"]["status"][:3] for each in answer.json["entry"]]


def about(subject, **more):
    return json.loads(weight(subject)) | more


class TestReferences:
    def test_to_what_comes_later_in_either_direction(self, app):
        found = sent(
            app,
            entry("POST", "Observation", about("urn:uuid:p", hasMember=[
                {"reference": "urn:uuid:2"}]), "urn:uuid:1"),
            entry("POST", "Observation", about("urn:uuid:p", derivedFrom=[
                {"reference": "urn:uuid:1"}]), "urn:uuid:2"),
            entry("PUT", "Patient/new", {"resourceType": "Patient", "id": "new"}, "urn:uuid:p"),
        ).json["entry"]  # fmt: skip
        first, second, _ = (each["resource"] for each in found)
        assert first["subject"]["reference"] == second["subject"]["reference"] == "Patient/new"
        assert first["hasMember"][0]["reference"] == f"Observation/{second['id']}"
        assert second["derivedFrom"][0]["reference"] == f"Observation/{first['id']}"

    @pytest.mark.parametrize("said", ["Patient/77", f"{FAR}/Patient/77"])
    def test_beside_an_absolute_full_url(self, app, said):
        """What is relative is so to the server of the entry's own address."""
        found = sent(
            app,
            entry("POST", "Observation", about(said), f"{FAR}/Observation/3"),
            entry("POST", "Patient", patient(), f"{FAR}/Patient/77"),
        ).json["entry"]
        made = found[1]["resource"]["id"]
        assert found[0]["resource"]["subject"]["reference"] == f"Patient/{made}"

    def test_a_urn_that_no_entry_has(self, app):
        found = sent(app, entry("POST", "Observation", about("urn:uuid:nobody")))
        assert found.status == 400
        assert "urn:uuid:nobody" in found.issue["diagnostics"]
        assert found.issue["expression"] == ["Bundle.entry[0].resource"]

    def test_to_an_address_that_two_entries_have(self, app):
        twice = [entry("POST", "Patient", patient(), "urn:uuid:1") for _ in range(2)]
        found = sent(app, *twice)
        assert found.status == 400
        assert found.issue["expression"] == ["Bundle.entry[1].fullUrl"]

    def test_in_addresses_and_narrative_but_not_in_canonicals_and_identifiers(self, app):
        paper = {
            "resourceType": "DocumentReference", "status": "current",
            "subject": {"reference": "Patient/p"},
            "identifier": [{"system": "urn:ietf:rfc:3986", "value": "urn:uuid:b"}],
            "content": [{"attachment": {"contentType": "text/plain", "url": "urn:uuid:b"}}],
            "meta": {"profile": ["urn:uuid:b"]},
            "text": {"status": "generated", "div":
                     '<div xmlns="http://www.w3.org/1999/xhtml"><a href="urn:uuid:b">x</a></div>'},
        }  # fmt: skip
        binary = {"resourceType": "Binary", "contentType": "text/plain", "data": "aGk="}
        found = sent(app, entry("POST", "DocumentReference", paper),
                     entry("POST", "Binary", binary, "urn:uuid:b")).json["entry"]  # fmt: skip
        name = f"Binary/{found[1]['resource']['id']}"
        made = found[0]["resource"]
        assert made["content"][0]["attachment"]["url"] == name
        assert f'href="{name}"' in made["text"]["div"]
        assert made["identifier"][0]["value"] == "urn:uuid:b"
        assert made["meta"]["profile"] == ["urn:uuid:b"]

    def test_on_a_condition_that_the_bundle_itself_meets(self, app):
        coming = patient(identifier=[{"system": "urn:x", "value": "9"}])
        found = sent(
            app,
            entry("POST", "Observation", about("Patient?identifier=urn:x|9")),
            entry("POST", "Patient", coming),
        ).json["entry"]
        made = found[1]["resource"]["id"]
        assert found[0]["resource"]["subject"]["reference"] == f"Patient/{made}"

    def test_on_a_condition_that_several_meet(self, app):
        app.put("Patient/q", patient(id="q"))
        assert sent(app, entry("POST", "Observation", about("Patient?identifier=m1"))).status == 412


class TestConditions:
    def test_a_patch_on_a_condition(self, app):
        found = sent(app, entry("PATCH", "Patient?identifier=urn:mrn|m1", PATCH))
        assert told(found) == ["200"]
        assert found.json["entry"][0]["resource"]["gender"] == "other"

    def test_two_creates_on_one_condition_are_one(self, app):
        new = patient(identifier=[{"system": "urn:x", "value": "9"}])
        found = sent(
            app,
            entry("POST", "Patient", new, "urn:uuid:1", ifNoneExist="identifier=urn:x|9"),
            entry("POST", "Patient", new, "urn:uuid:2", ifNoneExist="identifier=urn:x|9"),
            entry("POST", "Observation", about("urn:uuid:2")),
        )
        assert told(found) == ["201", "200", "201"]
        first, second, third = (each["resource"] for each in found.json["entry"])
        assert first["id"] == second["id"]
        assert third["subject"]["reference"] == f"Patient/{first['id']}"

    def test_what_the_same_transaction_deletes_meets_no_condition(self, app):
        """Deletions come first, wherever they stand."""
        known = "identifier=urn:mrn|m1"
        end = entry("DELETE", f"Patient?{known}")
        made = sent(app, entry("POST", "Patient", patient(), ifNoneExist=known), end)
        assert told(made) == ["201", "204"]
        new = made.json["entry"][0]["resource"]["id"]
        made = sent(app, entry("PUT", f"Patient?{known}", patient()), end)
        assert told(made) == ["201", "204"]
        left = app.get(f"Patient?{known}").json["entry"]
        assert len(left) == 1
        assert left[0]["resource"]["id"] not in {"p", new}
        about_it = entry("POST", "Observation", about(f"Patient?{known}"))
        assert sent(app, about_it, end).status == 412

    def test_a_batch_does_one_thing_after_the_other(self, app):
        """What was deleted and brought back in it meets conditions."""
        found = sent(
            app,
            entry("DELETE", "Patient/p"),
            entry("PUT", "Patient/p", patient(id="p")),
            entry("POST", "Patient", patient(), ifNoneExist="identifier=urn:mrn|m1"),
            kind="batch",
        )
        assert told(found) == ["204", "201", "200"]

    def test_two_updates_on_one_condition_are_refused(self, app):
        new = patient(identifier=[{"system": "urn:x", "value": "9"}])
        twice = [entry("PUT", "Patient?identifier=urn:x|9", new) for _ in range(2)]
        assert sent(app, *twice).status == 400
        assert app.get("Patient?_summary=count").json["total"] == 1


class TestAnswers:
    @pytest.mark.parametrize("kind", ["transaction", "batch"])
    def test_as_is_preferred(self, app, kind):
        one = entry("POST", "Patient", patient())
        minimal = sent(app, one, kind=kind, prefer="return=minimal").json["entry"][0]
        assert "resource" not in minimal
        assert minimal["response"]["location"]
        outcome = sent(app, one, kind=kind, prefer="return=OperationOutcome").json["entry"][0]
        assert "resource" not in outcome
        assert outcome["response"]["outcome"]["resourceType"] == "OperationOutcome"

    def test_a_get_sees_what_the_others_did_wherever_it_stands(self, app):
        found = sent(
            app,
            entry("GET", "Patient?_id=new"),
            entry("PUT", "Patient/new", {"resourceType": "Patient", "id": "new"}),
            entry("DELETE", "Patient/p"),
            entry("GET", "Patient/p"),
        )
        assert told(found) == ["200", "201", "204", "410"]
        assert found.json["entry"][0]["resource"]["total"] == 1

    def test_everything_that_may_be_asked_in_a_batch(self, app):
        found = sent(
            app,
            entry("GET", "metadata"),
            entry("GET", ".well-known/smart-configuration"),
            entry("GET", "Patient/p/_history"),
            entry("POST", "Patient/$validate", patient()),
            entry("GET", "Patient/p", ifNoneMatch='W/"1"'),
            entry("HEAD", "Patient/p"),
            entry("DELETE", "Patient/nobody"),
            entry("PUT", "Patient/p", patient(id="p"), ifMatch='W/"7"'),
            entry("GET", "Patient/p/$everything"),
            {"resource": patient()},
            entry("POST", "Patient/_search?family=nobody"),
            kind="batch",
        )
        assert told(found) == ["200", "200", "200", "200", "304", "200", "204", "412", "200",
                               "400", "200"]  # fmt: skip
        head, validated = found.json["entry"][5], found.json["entry"][3]
        assert "resource" not in head
        assert validated["resource"]["resourceType"] == "OperationOutcome"
