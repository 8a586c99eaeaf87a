"""The FHIR server: http.html of R4, interaction by interaction."""

import json

import pytest
from fhir_asking import BASE, Client, events, patient, weight

pytestmark = pytest.mark.django_db


@pytest.fixture
def app(district):
    from onesystem import wiring

    wiring.connect()
    return Client()


class TestCreateAndRead:
    def test_a_created_resource_is_read_back_with_its_version(self, app):
        made = app.post("Patient", patient(id="ignored"))
        assert made.status == 201
        assert made.headers["Location"] == f"{BASE}/Patient/{made.id}/_history/1"
        assert made.id != "ignored"
        read = app.get(f"Patient/{made.id}")
        assert (read.status, read.headers["ETag"]) == (200, 'W/"1"')
        assert read.json["meta"]["versionId"] == "1"
        assert read.json["name"] == patient()["name"]
        assert read.body == made.body

    def test_decimals_keep_their_digits(self, app):
        who = app.post("Patient", patient()).id
        made = app.post("Observation", weight(f"Patient/{who}"))
        assert made.status == 201, made.body
        assert b'"value": 1.50' in app.get(f"Observation/{made.id}").body

    def test_what_is_not_here_and_what_was_deleted_differ(self, app):
        assert app.get("Patient/nobody").status == 404
        who = app.post("Patient", patient()).id
        assert app.ask("DELETE", f"Patient/{who}").status == 204
        gone = app.get(f"Patient/{who}")
        assert (gone.status, gone.issue["code"]) == (410, "deleted")
        assert app.get(f"Patient/{who}/_history/1").status == 200
        assert app.ask("DELETE", f"Patient/{who}").status == 204
        assert app.put(f"Patient/{who}", patient(id=who)).status == 201

    @pytest.mark.parametrize(
        ("path", "status"),
        [("Patent", 404), ("Patient/a b", 404), ("Patient/1/2/3", 404), ("nothing/at/all", 404),
         ("Patient/1?_format=turtle", 404), ("Patient?nonsense=1", 400), ("", 400)],
    )  # fmt: skip
    def test_a_wrong_address_is_an_outcome(self, app, path, status):
        found = app.get(path)
        assert found.json["resourceType"] in {"OperationOutcome", "Bundle"}
        assert found.status == status or path == ""

    def test_a_method_that_there_is_not_names_those_that_there_are(self, app):
        found = app.ask("POST", "Patient/1", patient())
        assert found.status == 405
        assert found.headers["Allow"] == "GET, PUT, PATCH, DELETE, HEAD, OPTIONS"

    def test_an_unchanged_resource_is_not_sent_again(self, app):
        who = app.post("Patient", patient()).id
        assert app.get(f"Patient/{who}", if_none_match='W/"1"').status == 304
        assert app.get(f"Patient/{who}", if_none_match='W/"2"').status == 200

    def test_each_request_is_one_event(self, app):
        who = app.post("Patient", patient()).id
        app.get(f"Patient/{who}")
        app.get("Patient/nobody")
        app.get("Patient?family=x")
        app.ask("GET", "Patient/x", authorization="Bearer nonsense")
        made = [(e.act, json.loads(e.detail)["status"]) for e in events()]
        assert made == [("fhir.created", 201), ("fhir.read", 200), ("fhir.read", 404),
                        ("fhir.searched", 200), ("fhir.refused", 401)]  # fmt: skip
        assert events()[1].person is not None


class TestBadBodies:
    @pytest.mark.parametrize(
        ("body", "status", "says"),
        [
            (b"{", 400, "breaks off"),
            (b"", 400, "empty"),
            (b"[]", 400, "list"),
            (b'{"resourceType":"Observation","status":"final","code":{}}', 400, "Observation"),
            (b'{"resourceType":"Patient","birthDate":"yesterday"}', 400, "date"),
            (b'{"resourceType":"Patient","nonsense":1}', 400, "nonsense"),
            (b'{"resourceType":"Patient","active":"yes"}', 400, "this is text"),
            (b"{" * 300, 400, ""),
        ],
    )
    def test_is_refused_with_the_reason(self, app, body, status, says):
        found = app.post("Patient", body)
        assert found.status == status
        assert says in found.issue["diagnostics"] + str(found.issue.get("expression", ""))

    def test_another_type_of_content(self, app):
        assert app.post("Patient", b"x", type_="text/plain").status == 415

    def test_a_person_who_is_not_here(self, app):
        found = app.post("Observation", weight("Patient/nobody"))
        assert (found.status, found.issue["code"]) == (422, "not-found")


class TestUpdate:
    def test_makes_versions_that_are_all_kept(self, app):
        assert app.put("Patient/mine", patient(id="mine")).status == 201
        changed = app.put("Patient/mine", patient(id="mine", gender="female"))
        assert (changed.status, changed.headers["ETag"]) == (200, 'W/"2"')
        history = app.get("Patient/mine/_history").json
        assert history["total"] == 2
        assert [e["resource"]["meta"]["versionId"] for e in history["entry"]] == ["2", "1"]
        assert "gender" not in app.get("Patient/mine/_history/1").json

    def test_the_same_again_is_no_version(self, app):
        app.put("Patient/mine", patient(id="mine"))
        again = app.get("Patient/mine").json
        found = app.put("Patient/mine", again)
        assert (found.status, found.headers["ETag"]) == (200, 'W/"1"')

    def test_two_at_once(self, app):
        app.put("Patient/mine", patient(id="mine"))
        first = app.put("Patient/mine", patient(id="mine", gender="male"), if_match='W/"1"')
        second = app.put("Patient/mine", patient(id="mine", gender="other"), if_match='W/"1"')
        assert (first.status, second.status) == (200, 412)
        assert app.get("Patient/mine").json["gender"] == "male"

    def test_an_id_that_differs(self, app):
        assert app.put("Patient/mine", patient(id="yours")).status == 400


class TestPatch:
    def test_changes_what_it_names(self, app):
        app.put("Patient/mine", patient(id="mine"))
        patch = [{"op": "add", "path": "/gender", "value": "female"}]
        found = app.ask("PATCH", "Patient/mine", patch, type_="application/json-patch+json")
        assert found.status == 200, found.body
        assert app.get("Patient/mine").json["gender"] == "female"
        bad = [{"op": "replace", "path": "/birthDate", "value": "x"}]
        found = app.ask("PATCH", "Patient/mine", bad, type_="application/json-patch+json")
        assert found.status == 422

    def test_a_fhirpath_patch_by_itself_and_in_a_transaction(self, app):
        app.put("Patient/mine", patient(id="mine"))
        patch = path_patch("female")
        found = app.ask("PATCH", "Patient/mine", patch, type_="application/fhir+json")
        assert found.status == 200, found.body
        assert app.get("Patient/mine").json["gender"] == "female"
        entry = {
            "resource": path_patch("other"),
            "request": {"method": "PATCH", "url": "Patient/mine"},
        }
        sent = {"resourceType": "Bundle", "type": "transaction", "entry": [entry]}
        assert app.post("", sent).status == 200
        assert app.get("Patient/mine").json["gender"] == "other"


def path_patch(gender):
    """Delete the gender, if there is one, and set it."""

    def operation(type_, path, *more):
        return {
            "name": "operation",
            "part": [
                {"name": "type", "valueCode": type_},
                {"name": "path", "valueString": path},
                *more,
            ],
        }

    told = ({"name": "name", "valueString": "gender"}, {"name": "value", "valueCode": gender})
    return {
        "resourceType": "Parameters",
        "parameter": [
            operation("delete", "Patient.gender"),
            operation("add", "Patient", *told),
        ],
    }


class TestConditions:
    def test_create_only_where_there_is_none(self, app):
        first = app.post("Patient", patient(), if_none_exist="identifier=urn:mrn|m1")
        second = app.post("Patient", patient(), if_none_exist="identifier=urn:mrn|m1")
        assert (first.status, second.status) == (201, 200)
        assert first.id == second.id
        app.post("Patient", patient())
        assert app.post("Patient", patient(), if_none_exist="identifier=urn:mrn|m1").status == 412

    def test_update_and_delete_by_number(self, app):
        found = app.put("Patient?identifier=urn:mrn|m1", patient())
        assert found.status == 201
        again = app.put("Patient?identifier=urn:mrn|m1", patient(gender="male"))
        assert (again.status, again.id) == (200, found.id)
        assert app.ask("DELETE", "Patient?identifier=urn:mrn|m1").status == 204
        assert app.get(f"Patient/{found.id}").status == 410


class TestBundles:
    def transaction(self, *entries, type_="transaction"):
        return {"resourceType": "Bundle", "type": type_, "entry": list(entries)}

    def test_references_are_resolved(self, app):
        who, note = "urn:uuid:11111111-1111-4111-8111-111111111111", "urn:uuid:2"
        sent = self.transaction(
            {"fullUrl": note, "resource": json.loads(weight(who)),
             "request": {"method": "POST", "url": "Observation"}},
            {"fullUrl": who, "resource": patient(),
             "request": {"method": "POST", "url": "Patient"}},
        )  # fmt: skip
        made = app.post("", sent)
        assert made.status == 200, made.body
        places = [e["response"]["location"].split("/fhir/")[1] for e in made.json["entry"]]
        assert [p.split("/")[0] for p in places] == ["Observation", "Patient"]
        read = app.get("/".join(places[0].split("/")[:2])).json
        assert read["subject"]["reference"] == "/".join(places[1].split("/")[:2])

    def test_all_or_nothing(self, app):
        sent = self.transaction(
            {"resource": patient(id="p"), "request": {"method": "PUT", "url": "Patient/p"}},
            {"resource": {"resourceType": "Patient", "bad": 1},
             "request": {"method": "POST", "url": "Patient"}},
        )  # fmt: skip
        found = app.post("", sent)
        assert found.status == 400
        assert found.issue["expression"] == ["Bundle.entry[1].resource.Patient.bad"]
        assert app.get("Patient/p").status == 404

    def test_a_batch_goes_on(self, app):
        sent = self.transaction(
            {"resource": {"resourceType": "Patient", "bad": 1},
             "request": {"method": "POST", "url": "Patient"}},
            {"resource": patient(id="p"), "request": {"method": "PUT", "url": "Patient/p"}},
            {"request": {"method": "GET", "url": "Patient/p"}},
            {"request": {"method": "GET", "url": "Patient/nobody"}},
            type_="batch",
        )  # fmt: skip
        made = app.post("", sent).json["entry"]
        assert [e["response"]["status"][:3] for e in made] == ["400", "201", "200", "404"]


class TestForms:
    def test_minimal_and_outcome(self, app):
        assert app.post("Patient", patient(), prefer="return=minimal").body == b""
        said = app.post("Patient", patient(), prefer="return=OperationOutcome")
        assert said.json["resourceType"] == "OperationOutcome"

    def test_xml_both_ways(self, app):
        text = b'<Patient xmlns="http://hl7.org/fhir"><gender value="male"/></Patient>'
        made = app.post("Patient", text, type_="application/fhir+xml")
        assert made.status == 201
        found = app.get(f"Patient/{made.id}", accept="application/fhir+xml")
        assert found.headers["Content-Type"].startswith("application/fhir+xml")
        assert b'<gender value="male"/>' in found.body

    def test_pretty_and_parts(self, app):
        app.put("Patient/mine", patient(id="mine"))
        assert b"\n  " in app.get("Patient/mine?_pretty=true").body
        assert "identifier" not in app.get("Patient/mine?_elements=name").json

    def test_head_has_no_body(self, app):
        app.put("Patient/mine", patient(id="mine"))
        found = app.ask("HEAD", "Patient/mine")
        assert (found.status, found.body) == (200, b"")

    def test_capabilities_need_no_token(self, app):
        found = app.get("metadata", authorization="")
        assert found.json["fhirVersion"] == "4.0.1"

    def test_validate(self, app):
        found = app.post("Patient/$validate", {"resourceType": "Patient", "bad": 1})
        assert (found.status, found.issue["severity"]) == (200, "error")


class TestScopes:
    def test_a_token_opens_what_it_says(self, app):
        narrow = Client(scopes="user/Patient.rs", name="narrow")
        assert narrow.post("Patient", patient()).status == 403
        app.put("Patient/mine", patient(id="mine"))
        assert narrow.get("Patient/mine").status == 200
        assert narrow.get("Observation/x").status == 403

    def test_no_tie_no_resource(self, app):
        app.put("Patient/mine", patient(id="mine"))
        nurse = Client(role="ed-nurse", purpose="direct care", name="nurse")
        assert nurse.get("Patient/mine").status == 404
        assert nurse.get("Patient").json.get("total", 0) == 0
