"""More rules of http.html and binary.html of R4: modes, forms, versions, bytes that are no FHIR."""

import base64

import pytest
from fhir_asking import BASE, patient

from onesystem.access.models import User
from onesystem.record.fhir.asks import Ask
from onesystem.record.fhir.engine import answer

pytestmark = pytest.mark.django_db
XML = "application/fhir+xml"
PATH_PATCH = (
    b'<Parameters xmlns="http://hl7.org/fhir"><parameter><name value="operation"/>'
    b'<part><name value="type"/><valueCode value="add"/></part>'
    b'<part><name value="path"/><valueString value="Patient"/></part>'
    b'<part><name value="name"/><valueString value="telecom"/></part>'
    b'<part><name value="value"/><valueContactPoint><system value="phone"/><value value="1"/>'
    b"</valueContactPoint></part></parameter></Parameters>"
)


class TestCapabilities:
    def test_of_codes(self, app):
        found = app.get("metadata?mode=terminology").json
        assert found["resourceType"] == "TerminologyCapabilities"
        checked = app.post("TerminologyCapabilities/$validate", found).json["issue"]
        assert {each["severity"] for each in checked} == {"information"}

    @pytest.mark.parametrize("mode", ["full", "normative"])
    def test_of_everything(self, app, mode):
        found = app.get(f"metadata?mode={mode}").json
        assert found["resourceType"] == "CapabilityStatement"
        checked = app.post("CapabilityStatement/$validate", found).json["issue"]
        assert {each["severity"] for each in checked} == {"information"}

    def test_there_is_no_other_mode(self, app):
        found = app.get("metadata?mode=loud")
        assert (found.status, found.issue["expression"]) == (400, ["mode"])


class TestHistory:
    def test_says_how_each_version_came(self, app):
        """What was put under an id was put; what the server named was posted."""
        posted = app.post("Patient", patient()).id
        app.put(f"Patient/{posted}", patient(id=posted, gender="other"))
        app.ask("DELETE", f"Patient/{posted}")
        app.put(f"Patient/{posted}", patient(id=posted))

        def told(name):
            listed = app.get(f"Patient/{name}/_history").json["entry"]
            return [(e["request"]["method"], e["request"]["url"], e["response"]["status"][:3])
                    for e in listed]  # fmt: skip

        name = f"Patient/{posted}"
        assert told("p") == [("PUT", "Patient/p", "201")]
        assert told(posted) == [("PUT", name, "201"), ("DELETE", name, "204"),
                                ("PUT", name, "200"), ("POST", "Patient", "201")]  # fmt: skip


class TestPatch:
    def test_in_xml(self, app):
        found = app.ask("PATCH", "Patient/p", PATH_PATCH, type_=XML)
        assert found.status == 200, found.body
        assert found.json["telecom"] == [{"system": "phone", "value": "1"}]

    def test_that_says_nothing_makes_no_version(self, app):
        found = app.ask("PATCH", "Patient/p", {"resourceType": "Parameters"})
        assert (found.status, found.headers["ETag"]) == (200, 'W/"1"')

    @pytest.mark.parametrize("body", [b"<Parameters", b"[", b"\xff", b'{"resourceType": 1}'])
    def test_that_cannot_be_read(self, app, body):
        type_ = XML if body.startswith(b"<") else "application/json-patch+json"
        assert app.ask("PATCH", "Patient/p", body, type_=type_).status == 400

    def test_that_empties_a_list_leaves_none(self, app):
        removed = [{"op": "remove", "path": "/name/0"}]
        found = app.ask("PATCH", "Patient/p", removed, type_="application/json-patch+json")
        assert found.status == 200, found.body
        assert "name" not in found.json


class TestBundlesThatAreKept:
    """What a Bundle holds is checked as well where the Bundle itself is kept, or asked about."""

    def held(self, **wrong):
        person = {"resourceType": "Patient", "id": "in", **wrong}
        return {"resourceType": "Bundle", "type": "collection", "entry": [{"resource": person}]}

    def test_it_is_read_back_whole(self, app):
        made = app.post("Bundle", self.held(gender="female"))
        assert made.status == 201, made.body
        assert app.get(f"Bundle/{made.id}").json["entry"][0]["resource"]["id"] == "in"
        assert app.get("Patient/in").status == 404

    def test_a_wrong_entry_is_named(self, app):
        found = app.post("Bundle", self.held(gender="lady"))
        assert (found.status, found.issue["expression"]) == (
            400, ["Bundle.entry[0].resource.gender"])  # fmt: skip
        said = app.post("Bundle/$validate", self.held(gender="lady", birthDate="soon")).json
        places = [each["expression"][0] for each in said["issue"]]
        assert places == [f"Bundle.entry[0].resource.{leaf}" for leaf in ("gender", "birthDate")]


class TestBinary:
    """binary.html#rest: its own bytes, unless the resource is asked for by name."""

    PDF = b"%PDF-1.7 \xff\x00"

    @pytest.fixture
    def name(self, app):
        made = app.ask("POST", "Binary", self.PDF, type_="application/pdf",
                       x_security_context="Patient/p")  # fmt: skip
        assert made.status == 201, made.body
        return f"Binary/{made.id}"

    def test_is_created_and_read_as_bytes(self, app, name):
        for accept in ("", "*/*", "application/pdf", "image/png, */*;q=0.1"):
            found = app.get(name, accept=accept)
            assert (found.status, found.body) == (200, self.PDF), accept
            assert found.headers["Content-Type"] == "application/pdf"
            assert found.headers["Content-Disposition"] == "attachment"
            assert found.headers["ETag"] == 'W/"1"'

    @pytest.mark.parametrize("accept", ["application/fhir+json", "application/json", XML])
    def test_is_a_resource_where_that_is_asked_for(self, app, name, accept):
        found = app.get(name, accept=accept)
        assert found.headers["Content-Type"].startswith(XML if accept == XML else "application/f")
        assert base64.b64encode(self.PDF) in found.body
        assert b"Patient/p" in found.body
        assert app.get(f"{name}?_format=json").json["contentType"] == "application/pdf"

    @pytest.mark.parametrize("asked", ["_summary=true", "_elements=contentType"])
    def test_is_a_resource_where_a_part_of_it_is_asked_for(self, app, name, asked):
        found = app.get(f"{name}?{asked}", accept="*/*")
        assert (found.status, found.json["contentType"]) == (200, "application/pdf")
        assert "data" not in found.json

    @pytest.mark.parametrize("type_", ["batch", "transaction"])
    def test_is_a_resource_in_a_bundle(self, app, type_):
        """Else what somebody put there could pass for entries of the answer."""
        forged = b'{"resourceType":"Patient"}},{"resource":{"resourceType":"Patient"}'
        made = app.ask("POST", "Binary", forged, type_="text/plain")
        entry = {"request": {"method": "GET", "url": f"Binary/{made.id}"}}
        sent = {"resourceType": "Bundle", "type": type_, "entry": [entry]}
        for accept in ("", "*/*", "application/fhir+json"):
            [held] = app.post("", sent, accept=accept).json["entry"]
            assert base64.b64decode(held["resource"]["data"]) == forged

    def test_is_updated_as_bytes(self, app, name):
        made = app.ask("PUT", name, b"hello", type_="text/plain; charset=utf-8")
        assert made.status == 200, made.body
        found = app.get(f"{name}/_history/2")
        assert found.body == b"hello"
        assert found.headers["Content-Type"] == "text/plain; charset=utf-8"

    def test_of_another_type_is_no_way_to_send_a_resource(self, app):
        assert app.ask("POST", "Patient", b"x", type_="application/pdf").status == 415

    def test_a_session_is_never_given_foreign_bytes(self, app, name):
        """Else what somebody put there could act as a page of ours."""
        user = User.objects.get(username="app-user")
        headers = {"x-purpose": "records management"}
        made = answer([Ask(method="GET", path=name, headers=headers, base=BASE, user=user)])[0]
        assert made.status == 200
        assert made.headers["Content-Type"].startswith("application/fhir+json")
