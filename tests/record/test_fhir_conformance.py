"""The rules of FHIR R4 (4.0.1), one by one: http.html, search.html, bundle.html.

Each test names the section that it holds. Paths are below the base.
"""

import json
import re
from email.utils import parsedate_to_datetime

import pytest
from fhir_asking import BASE, Client, patient, weight

pytestmark = pytest.mark.django_db
XML = "application/fhir+xml"
OLD, FAR = "Sat, 01 Jan 2000 00:00:00 GMT", "Fri, 31 Dec 9999 23:59:59 GMT"


@pytest.fixture
def app(district):
    from onesystem import wiring

    wiring.connect()
    made = Client()
    made.put("Patient/p", patient(id="p"))
    made.put("Patient/p", patient(id="p", gender="female"))
    made.put("Patient/q", patient(id="q", identifier=[{"system": "urn:mrn", "value": "m2"}]))
    made.put("Observation/o", json.loads(weight("Patient/p")) | {"id": "o"})
    made.put("Patient/gone", {"resourceType": "Patient", "id": "gone"})
    made.ask("DELETE", "Patient/gone")
    return made


def bundle(*entries, type_="transaction"):
    return {"resourceType": "Bundle", "type": type_, "entry": list(entries)}


def entry(method, url, resource=None, **request):
    made = {"request": {"method": method, "url": url, **request}}
    return made if resource is None else made | {"resource": resource}


JSON_PATCH = "application/json-patch+json"
# method, path, body, headers: the status, and its section of http.html.
STATUSES = [
    ("GET", "Patient/p", None, {}, 200, "read"),
    ("GET", "Patient/nobody", None, {}, 404, "read"),
    ("GET", "Patient/gone", None, {}, 410, "read"),
    ("GET", "Nothing/p", None, {}, 404, "read"),
    ("GET", "Patient/p/_history/1", None, {}, 200, "vread"),
    ("GET", "Patient/p/_history/9", None, {}, 404, "vread"),
    ("GET", "Patient/gone/_history/2", None, {}, 410, "vread"),
    ("GET", "Patient/nobody/_history", None, {}, 404, "history"),
    ("GET", "Patient/gone/_history", None, {}, 200, "history"),
    ("GET", "Patient/p", None, {"if_none_match": 'W/"2"'}, 304, "cread"),
    ("GET", "Patient/p", None, {"if_none_match": 'W/"1"'}, 200, "cread"),
    ("GET", "Patient/p", None, {"if_modified_since": OLD}, 200, "cread"),
    ("GET", "Patient/p", None, {"if_modified_since": FAR}, 304, "cread"),
    ("GET", "Patient/p", None, {"accept": "image/png"}, 406, "mime-type"),
    ("GET", "Patient/p?_format=image/png", None, {"accept": XML}, 406, "mime-type"),
    ("PUT", "Patient/p", patient(id="p"), {"if_match": 'W/"1"'}, 412, "concurrency"),
    ("PUT", "Patient/p", patient(id="p"), {"if_match": 'W/"2"'}, 200, "concurrency"),
    ("PUT", "Patient/new", patient(id="new"), {}, 201, "upsert"),
    ("PUT", "Patient/p", patient(id="q"), {}, 400, "update"),
    ("PUT", "Patient/p", patient(), {}, 400, "update"),
    ("PUT", "Patient/no_id", patient(id="no_id"), {}, 400, "update"),
    ("GET", "Patient/no_id", None, {}, 404, "read"),
    ("PUT", "Patient/p", {"resourceType": "Group", "id": "p"}, {}, 400, "update"),
    ("PUT", "Patient", patient(), {}, 412, "cond-update"),
    ("PUT", "Patient?family=r%C4%81t%C4%81", patient(), {}, 412, "cond-update: many"),
    ("PUT", "Patient?identifier=urn:mrn|m1", patient(), {}, 200, "cond-update: one"),
    ("PUT", "Patient?identifier=urn:mrn|none", patient(), {}, 201, "cond-update: none"),
    ("PUT", "Patient?identifier=urn:mrn|m1", patient(id="q"), {}, 400, "cond-update: id differs"),
    ("POST", "Patient", patient(), {}, 201, "create"),
    ("POST", "Patient", b"{", {}, 400, "create"),
    ("POST", "Patient", {"resourceType": "Observation"}, {}, 400, "create"),
    ("POST", "Patient", patient(), {"content_type": "text/csv"}, 415, "create"),
    ("POST", "Nothing", {"resourceType": "Nothing"}, {}, 404, "create"),
    ("POST", "Observation", weight("Patient/nobody"), {}, 422, "create"),
    ("POST", "Patient", patient(), {"if_none_exist": "identifier=urn:mrn|m1"}, 200, "ccreate: 1"),
    ("POST", "Patient", patient(), {"if_none_exist": "identifier=urn:mrn|x"}, 201, "ccreate: 0"),
    ("POST", "Patient", patient(), {"if_none_exist": "family=r\u0101t\u0101"}, 412, "ccreate: 2"),
    ("POST", "Patient", patient(), {"if_none_exist": "nonsense=x"}, 400, "ccreate: not known"),
    ("DELETE", "Patient/p", None, {}, 204, "delete"),
    ("DELETE", "Patient/nobody", None, {}, 204, "delete"),
    ("DELETE", "Patient/gone", None, {}, 204, "delete"),
    ("DELETE", "Patient?identifier=urn:mrn|m2", None, {}, 204, "cdelete: one"),
    ("DELETE", "Patient?identifier=urn:mrn|none", None, {}, 204, "cdelete: none"),
    ("DELETE", "Patient?family=r%C4%81t%C4%81", None, {}, 412, "cdelete: many"),
    ("PATCH", "Patient/nobody", [], {"content_type": JSON_PATCH}, 404, "patch"),
    ("PATCH", "Patient/p", [], {"content_type": "text/plain"}, 415, "patch"),
    ("PATCH", "Patient/p", [{"op": "test", "path": "/gender", "value": "male"}],
     {"content_type": JSON_PATCH}, 422, "patch"),
    ("PATCH", "Patient?identifier=urn:mrn|m2", [], {"content_type": JSON_PATCH}, 200, "patch"),
    ("PATCH", "Patient/p", [], {"content_type": JSON_PATCH, "if_match": 'W/"1"'}, 412, "patch"),
    ("POST", "Patient/p", patient(), {}, 405, "summary"),
    ("DELETE", "Patient/p/_history/1", None, {}, 405, "summary"),
    ("PUT", "metadata", {}, {}, 405, "summary"),
    ("GET", "Patient?nonsense=1", None, {}, 400, "search"),
    ("GET", "Patient?birthdate=yesterday", None, {}, 400, "search"),
    ("GET", "Patient?name:nonsense=1", None, {}, 400, "search"),
    ("GET", "Patient?nonsense=1", None, {"prefer": "handling=lenient"}, 200, "search"),
    ("POST", "Patient/_search", b"family=x", {"content_type": "application/x-www-form-urlencoded"},
     200, "search"),
    ("POST", "Patient/_search", b"family=x", {"content_type": "text/plain"}, 415, "search"),
    ("GET", "metadata", None, {"authorization": ""}, 200, "capabilities"),
    ("GET", "Patient/p", None, {"authorization": ""}, 401, "security"),
    ("GET", "Patient/p", None, {"authorization": "Bearer nonsense"}, 401, "security"),
    ("POST", "", {"resourceType": "Bundle", "type": "transaction"}, {}, 200, "transaction"),
    ("POST", "", bundle(type_="collection"), {}, 400, "transaction"),
    ("POST", "", bundle(entry("PUT", "Patient/p", patient(id="p")),
                        entry("DELETE", "Patient/p")), {}, 400, "transaction: twice"),
    ("POST", "", bundle(entry("PUT", "Patient/p", patient(id="p"), ifMatch='W/"1"')), {}, 412,
     "transaction"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("method", "path", "body", "headers", "status", "section"), STATUSES,
    ids=[f"{e[5]}-{e[0]}-{e[1]}-{i}" for i, e in enumerate(STATUSES)],
)  # fmt: skip
def test_the_status(app, method, path, body, headers, status, section):
    said = dict(headers)
    type_ = said.pop("content_type", "application/fhir+json")
    found = app.ask(method, path, body, type_=type_, **said)
    assert found.status == status, (section, found.body[:400])
    if status >= 400:
        assert found.json["resourceType"] == "OperationOutcome"
        assert found.issue["severity"] == "error"
        assert found.issue["diagnostics"]
    if status in {204, 304}:
        assert found.body == b""


class TestHeaders:
    def test_of_a_read(self, app):
        found = app.get("Patient/p")
        assert found.headers["ETag"] == 'W/"2"'
        assert found.headers["Content-Type"] == "application/fhir+json; charset=utf-8"
        at = parsedate_to_datetime(found.headers["Last-Modified"])
        assert found.json["meta"]["lastUpdated"].startswith(at.strftime("%Y-%m-%dT%H:%M:%S"))

    def test_of_writes(self, app):
        made = app.post("Patient", patient())
        assert re.fullmatch(rf"{BASE}/Patient/[\w.-]{{1,64}}/_history/1", made.headers["Location"])
        assert made.headers["ETag"] == 'W/"1"'
        assert "Last-Modified" in made.headers
        assert app.put("Patient/p", patient(id="p")).headers["ETag"] == 'W/"3"'

    def test_a_version_names_itself(self, app):
        found = app.get("Patient/p/_history/1")
        assert found.headers["ETag"] == 'W/"1"'
        assert found.json["meta"]["versionId"] == "1"

    def test_401_says_how(self, app):
        assert app.get("Patient/p", authorization="").headers["WWW-Authenticate"].startswith(
            "Bearer"
        )  # fmt: skip

    def test_405_says_what_is_possible(self, app):
        assert "GET" in app.ask("POST", "Patient/p", patient()).headers["Allow"]

    def test_head_is_get_without_its_body(self, app):
        for path in ("Patient/p", "Patient?_id=p", "Patient/nobody", "metadata"):
            got, head = app.get(path), app.ask("HEAD", path)
            assert (head.status, head.body) == (got.status, b"")
            assert head.headers["Content-Type"] == got.headers["Content-Type"]

    def test_412_tells_the_version_that_stands(self, app):
        found = app.put("Patient/p", patient(id="p"), if_match='W/"1"')
        assert found.headers["ETag"] == 'W/"2"'


class TestForms:
    @pytest.mark.parametrize("said", ["xml", "text/xml", "application/xml",
                                      XML])  # fmt: skip
    def test_format_is_stronger_than_accept(self, app, said):
        found = app.get(f"Patient/p?_format={said}", accept="application/fhir+json")
        assert found.headers["Content-Type"].startswith(XML)
        assert found.body.startswith(b"<")

    @pytest.mark.parametrize("path", ["Patient?_format=xml", "Patient/nobody?_format=xml",
                                      "_history?_format=xml", "metadata?_format=xml"])  # fmt: skip
    def test_bundles_and_outcomes_too(self, app, path):
        assert app.get(path).body.lstrip().startswith(b"<")

    def test_prefer(self, app):
        minimal = app.post("Patient", patient(), prefer="return=minimal")
        assert (minimal.status, minimal.body) == (201, b"")
        assert "Location" in minimal.headers
        assert app.post("Patient", patient(), prefer="return=representation").json["id"]
        said = app.put("Patient/p", patient(id="p"), prefer="return=OperationOutcome")
        assert said.json["resourceType"] == "OperationOutcome"

    def test_summaries_are_marked(self, app):
        for query in ("_summary=true", "_elements=name", "_summary=data"):
            found = app.get(f"Patient?_id=p&{query}").json["entry"][0]["resource"]
            assert "SUBSETTED" in json.dumps(found["meta"]["tag"])
            assert found["id"] == "p"
        text = app.get("Observation?_id=o&_summary=text").json["entry"][0]["resource"]
        assert {"id", "status", "code"} <= text.keys()

    def test_count_holds_no_entries(self, app):
        found = app.get("Patient?_summary=count").json
        assert found["total"] == 2
        assert "entry" not in found
        assert app.get("Patient?_count=0").json.get("entry", []) == []


class TestSearchset:
    def test_its_shape(self, app):
        found = app.get("Observation?_id=o&_include=Observation:subject").json
        assert (found["type"], found["total"]) == ("searchset", 1)
        assert [e["search"]["mode"] for e in found["entry"]] == ["match", "include"]
        assert [e["fullUrl"] for e in found["entry"]] == [
            f"{BASE}/Observation/o", f"{BASE}/Patient/p"]  # fmt: skip
        self_ = next(each["url"] for each in found["link"] if each["relation"] == "self")
        assert "_include=Observation" in self_
        assert all("request" not in e and "response" not in e for e in found["entry"])

    def test_none_is_an_empty_bundle(self, app):
        found = app.get("Patient?family=nobody")
        assert (found.status, found.json["total"]) == (200, 0)
        assert "entry" not in found.json

    def test_pages_hold_each_once(self, app):
        seen, url = [], "Patient?_count=1"
        while url:
            page = app.get(url).json
            seen += [each["resource"]["id"] for each in page.get("entry", [])]
            following = [e["url"] for e in page["link"] if e["relation"] == "next"]
            url = following[0].removeprefix(f"{BASE}/") if following else ""
        assert sorted(seen) == ["p", "q"]

    def test_what_was_ignored_is_told(self, app):
        found = app.get("Patient?nonsense=1", prefer="handling=lenient").json
        said = [e for e in found["entry"] if e["search"]["mode"] == "outcome"]
        assert said[0]["resource"]["resourceType"] == "OperationOutcome"
        assert "nonsense" not in found["link"][0]["url"]

    def test_the_form_of_the_answer_may_be_posted(self, app):
        """And the link `self` tells all that was asked, wherever it stood."""
        form = {"type_": "application/x-www-form-urlencoded"}
        found = app.ask("POST", "Patient/_search?gender=female", b"_format=xml&_id=p", **form)
        assert found.headers["Content-Type"].startswith(XML)
        found = app.ask("POST", "Patient/_search?gender=female", b"_id=p&_format=json", **form)
        assert found.json["link"][0]["url"] == f"{BASE}/Patient?gender=female&_id=p"

    def test_what_is_said_in_words_or_by_number_alone_is_not_missing(self, app):
        """A concept without codes, and a reference that is an identifier."""
        said = {"subject": {"identifier": {"value": "m1"}}, "code": {"text": "Tired"}}
        app.put("Condition/c", {"resourceType": "Condition", "id": "c"} | said)
        for query, total in (("code:missing=false", 1), ("code:missing=true", 0),
                             ("subject:missing=false", 1), ("subject:missing=true", 0),
                             ("patient:missing=true", 1)):  # fmt: skip
            assert app.get(f"Condition?{query}").json["total"] == total, query

    def test_what_is_deleted_is_not_found(self, app):
        ids = {each["resource"]["id"] for each in app.get("Patient").json["entry"]}
        assert ids == {"p", "q"}


class TestHistory:
    def test_its_shape(self, app):
        found = app.get("Patient/gone/_history").json
        assert (found["type"], found["total"]) == ("history", 2)
        last, first = found["entry"]
        assert last["request"]["method"] == "DELETE"
        assert "resource" not in last
        assert last["request"]["url"] == "Patient/gone"
        assert first["resource"]["meta"]["versionId"] == "1"
        for each in found["entry"]:
            assert each["fullUrl"] == f"{BASE}/Patient/gone"
            assert re.match(r"\d{3}", each["response"]["status"])
            assert each["response"]["etag"].startswith('W/"')
            assert each["response"]["lastModified"]

    @pytest.mark.parametrize(("path", "total"), [("_history", 6), ("Patient/_history", 5),
                                                 ("Observation/_history", 1)])  # fmt: skip
    def test_of_types_and_of_all(self, app, path, total):
        assert app.get(path).json["total"] == total

    def test_what_is_brought_back_is_created_again(self, app):
        app.put("Patient/gone", {"resourceType": "Patient", "id": "gone"})
        told = app.get("Patient/gone/_history").json["entry"]
        assert [e["response"]["status"] for e in told] == ["201", "204", "201"]

    def test_count_since_and_at(self, app):
        page = app.get("Patient/_history?_count=2").json
        assert len(page["entry"]) == 2
        assert page["total"] == 5
        following = next(e["url"] for e in page["link"] if e["relation"] == "next")
        more = app.get(following.removeprefix(f"{BASE}/")).json
        assert len(more["entry"]) == 2
        assert app.get("Patient/_history?_since=2999-01-01T00:00:00Z").json["total"] == 0
        assert app.get("Patient/p/_history?_at=2999-01-01").json["total"] == 1


class TestBundles:
    def test_a_transaction_answers_in_its_order(self, app):
        sent = bundle(
            entry("GET", "Patient/p"), entry("POST", "Patient", patient()),
            entry("PUT", "Patient/q", patient(id="q")), entry("DELETE", "Observation/o"),
        )  # fmt: skip
        found = app.post("", sent).json
        assert found["type"] == "transaction-response"
        assert [e["response"]["status"][:3] for e in found["entry"]] == ["200", "201", "200", "204"]
        created = found["entry"][1]["response"]
        assert re.fullmatch(r"(https://here\.example/fhir/)?Patient/[\w.-]+/_history/1",
                            created["location"])  # fmt: skip
        assert created["etag"] == 'W/"1"'
        assert created["lastModified"]
        assert found["entry"][0]["resource"]["id"] == "p"

    def test_conditions_in_it(self, app):
        sent = bundle(
            entry("POST", "Patient", patient(), ifNoneExist="identifier=urn:mrn|m1"),
            entry("PUT", "Patient?identifier=urn:mrn|m2", patient(gender="other")),
            entry("POST", "Observation",
                  json.loads(weight("Patient?identifier=urn:mrn|m1"))),
        )  # fmt: skip
        found = app.post("", sent).json["entry"]
        assert [e["response"]["status"][:3] for e in found] == ["200", "200", "201"]
        assert found[2]["resource"]["subject"]["reference"] == "Patient/p"

    def test_what_stands_already_is_referred_to(self, app):
        sent = bundle(
            entry("POST", "Patient", patient(), ifNoneExist="identifier=urn:mrn|m1")
            | {"fullUrl": "urn:uuid:1"},
            entry("POST", "Observation", json.loads(weight("urn:uuid:1"))),
        )
        found = app.post("", sent)
        assert found.status == 200, found.body
        found = found.json["entry"]
        assert found[1]["resource"]["subject"]["reference"] == "Patient/p"

    def test_a_reference_that_nothing_meets_ends_it(self, app):
        dangling = json.loads(weight("Patient?identifier=x|y"))
        sent = bundle(
            entry("POST", "Patient", {"resourceType": "Patient"}),
            entry("POST", "Observation", dangling),
        )
        assert app.post("", sent).status == 412
        assert app.get("Patient?_summary=count").json["total"] == 2

    def test_a_batch_is_each_by_itself(self, app):
        sent = bundle(
            entry("GET", "Patient/nobody"),
            entry("GET", "Patient?_id=p"),
            entry("POST", "Patient", {"resourceType": "Patient", "x": 1}),
            entry("PATCH", "Patient/p", {"resourceType": "Binary", "contentType": "a/b"}),
            type_="batch",
        )
        found = app.post("", sent)
        assert found.json["type"] == "batch-response"
        statuses = [each["response"]["status"][:3] for each in found.json["entry"]]
        assert statuses == ["404", "200", "400", "400"]
        assert found.json["entry"][0]["response"]["outcome"]["resourceType"] == "OperationOutcome"
        assert found.json["entry"][1]["resource"]["type"] == "searchset"
