"""$export: kick-off, status, files and cancelling, as the bulk data guide says."""

import json

import pytest
from access_worlds import AT, askers, random_world
from fhir_asking import BASE, Client, events, patient, weight

from onesystem import access

pytestmark = pytest.mark.django_db
ASYNC = {"prefer": "respond-async"}


@pytest.fixture
def app(district):
    from onesystem import wiring

    wiring.connect()
    app = Client(name="bulk", scopes="system/*.cruds")
    app.put("Practitioner/kiri", {"resourceType": "Practitioner", "id": "kiri"})
    for n in range(5):
        app.put(f"Patient/p{n}", patient(id=f"p{n}", identifier=[{"system": "u", "value": str(n)}],
                                         name=[{"family": f"F{n}"}]))  # fmt: skip
        app.put(f"Observation/o{n}", json.loads(weight(f"Patient/p{n}", str(n), id=f"o{n}")))
    return app


def worked():
    from onesystem.record import run_errands

    while run_errands():
        pass


def begun(app, path):
    made = app.get(path, **ASYNC)
    assert made.status == 202, made.body
    return made.headers["Content-Location"].removeprefix(BASE + "/")


def exported(app, path):
    """The manifest, and the lines of each file by type."""
    status = begun(app, path)
    worked()
    done = app.get(status)
    assert done.status == 200, done.body
    found = {}
    for each in done.json["output"]:
        file = app.get(each["url"].removeprefix(BASE + "/"))
        assert file.headers["Content-Type"] == "application/fhir+ndjson"
        lines = [json.loads(line) for line in file.body.splitlines()]
        assert len(lines) == each["count"]
        found.setdefault(each["type"], []).extend(lines)
    return done.json, found


class TestKickOff:
    def test_says_where_to_look_and_how_far_it_is(self, app):
        status = begun(app, "$export")
        waiting = app.get(status)
        assert (waiting.status, waiting.headers["Retry-After"]) == (202, "2")
        assert "types" in waiting.headers["X-Progress"]
        worked()
        assert app.get(status).json["requiresAccessToken"] is True

    @pytest.mark.parametrize(
        "query", ["_type=Patent", "_outputFormat=text/csv", "_since=soon", "nonsense=1",
                  "_typeFilter=Patient?nonsense=1", "_typeFilter=Patient",
                  "_type=Patient&_typeFilter=Observation?code=1", "_elements=Patent.name"],
    )  # fmt: skip
    def test_what_is_asked_wrongly(self, app, query):
        assert app.get(f"$export?{query}", **ASYNC).status == 400

    def test_needs_respond_async(self, app):
        assert app.get("$export").status == 400

    def test_needs_the_right_to_export(self, app):
        other = Client(name="review", role="privacy-officer", purpose="privacy review")
        assert other.get("$export", **ASYNC).status == 403

    def test_no_more_than_some_at_once(self, app):
        begun(app, "$export")
        begun(app, "$export")
        third = app.get("$export", **ASYNC)
        assert (third.status, third.headers["Retry-After"]) == (429, "60")


class TestOutput:
    def test_of_the_system(self, app):
        manifest, found = exported(app, "$export")
        assert {k: len(v) for k, v in found.items()} == {
            "Observation": 5, "Patient": 5, "Practitioner": 1}  # fmt: skip
        assert manifest["request"] == f"{BASE}/$export"
        assert found["Patient"][0] == app.get(f"Patient/{found['Patient'][0]['id']}").json

    def test_of_patients(self, app):
        assert set(exported(app, "Patient/$export")[1]) == {"Observation", "Patient"}

    def test_of_a_group(self, app):
        group = {"resourceType": "Group", "id": "g", "type": "person", "actual": True,
                 "member": [{"entity": {"reference": "Patient/p1"}}]}  # fmt: skip
        assert app.put("Group/g", group).status == 201
        found = exported(app, "Group/g/$export")[1]
        assert [r["id"] for r in found["Patient"]] == ["p1"]
        assert [r["id"] for r in found["Observation"]] == ["o1"]

    def test_is_narrowed(self, app):
        path = "$export?_type=Patient,Observation&_elements=id,status"
        path += "&_typeFilter=Patient?family=F1,Patient?family=F2"
        path += "&_typeFilter=Observation?patient=Patient/p3"
        found = exported(app, path)[1]
        assert sorted(r["id"] for r in found["Patient"]) == ["p1", "p2"]
        assert [r["id"] for r in found["Observation"]] == ["o3"]
        assert "name" not in found["Patient"][0]
        assert exported(app, "$export?_since=2999-01-01")[1] == {}

    def test_in_many_slices(self, app, monkeypatch):
        from onesystem.record.fhir.bulk import working

        monkeypatch.setattr(working, "SLICE", 2)
        monkeypatch.setattr(working, "LARGEST", 100)
        found = exported(app, "$export")[1]
        assert sorted(r["id"] for r in found["Patient"]) == [f"p{n}" for n in range(5)]

    def test_goes_on_after_a_stop_in_the_midst_of_a_write(self, app, monkeypatch):
        from onesystem.record.fhir.bulk import jobs, working
        from onesystem.record.fhir.bulk.models import ExportJob

        monkeypatch.setattr(working, "SLICE", 2)
        status = begun(app, "$export?_type=Patient")
        working.work(0.0)
        job = working._claimed()
        working._slice(job)
        with (jobs.folder(job.job) / "Patient.1.ndjson").open("ab") as file:
            file.write(b'{"half')
        ExportJob.objects.filter(pk=job.pk).update(until=0)
        worked()
        url = app.get(status).json["output"][0]["url"].removeprefix(BASE + "/")
        lines = app.get(url).body.splitlines()
        assert sorted(json.loads(line)["id"] for line in lines) == [f"p{n}" for n in range(5)]


class TestDeleted:
    """With `_since`, the manifest says what was deleted since then (Bulk Data Access 2)."""

    def test_is_told_with_since_and_not_without(self, app):
        app.ask("DELETE", "Observation/o1")
        app.ask("DELETE", "Patient/p2")
        manifest, found = exported(app, "$export?_since=2020-01-01")
        assert {each["type"] for each in manifest["deleted"]} == {"Bundle"}
        told = [self.lines(app, each) for each in manifest["deleted"]]
        names = sorted(e["request"]["url"] for bundle in told for e in bundle[0]["entry"])
        assert names == ["Observation/o1", "Patient/p2"]
        assert "p2" not in {r["id"] for r in found["Patient"]}
        assert exported(app, "$export")[0]["deleted"] == []
        assert exported(app, "$export?_since=2999-01-01")[0]["deleted"] == []

    def test_only_of_whom_the_export_is_about(self, app):
        group = {"resourceType": "Group", "id": "g", "type": "person", "actual": True,
                 "member": [{"entity": {"reference": "Patient/p1"}}]}  # fmt: skip
        app.put("Group/g", group)
        for name in ("o1", "o2"):
            app.ask("DELETE", f"Observation/{name}")
        manifest, _ = exported(app, "Group/g/$export?_since=2020-01-01")
        [bundle] = self.lines(app, manifest["deleted"][0])
        assert [e["request"]["url"] for e in bundle["entry"]] == ["Observation/o1"]

    def lines(self, app, each):
        file = app.get(each["url"].removeprefix(BASE + "/"))
        return [json.loads(line) for line in file.body.splitlines()]


class TestEnd:
    def test_cancelled(self, app):
        from onesystem.district import current

        status = begun(app, "$export")
        assert app.ask("DELETE", status).status == 202
        worked()
        assert app.get(status).status == 404
        assert not list((current().path / "exports").glob("*/*"))

    def test_expired(self, app):
        from onesystem.district import current
        from onesystem.record.fhir.bulk.models import ExportJob

        status = begun(app, "$export")
        worked()
        ExportJob.objects.update(expires=1)
        assert app.get(status).status == 404
        worked()
        assert not list((current().path / "exports").glob("*/*"))

    def test_of_another_client(self, app):
        status = begun(app, "$export")
        worked()
        file = app.get(status).json["output"][0]["url"].removeprefix(BASE + "/")
        other = Client(name="other", scopes="system/*.cruds")
        assert other.get(status).status == 404
        assert other.get(file).status == 404
        assert app.get(file.replace("Observation.1.ndjson", "../../store.sqlite3")).status == 404

    def test_each_person_can_see_it(self, app):
        from onesystem.access.models import Audit

        exported(app, "Patient/$export")
        made = next(e for e in events() if e.act == "fhir.export-made")
        assert json.loads(made.detail)["counts"] == {"Observation": 5, "Patient": 5}
        assert Audit.objects.filter(act="fhir.exported").count() == 5
        assert access.verify_trail() == []


@pytest.mark.parametrize("seed", range(2))
def test_nothing_outside_the_scope_is_ever_exported(district, seed):
    """A random world of ties, choices, agreements and seals, and every kind of asker."""
    from django.db import connection

    from onesystem import wiring
    from onesystem.record.fhir.bulk import working
    from onesystem.record.fhir.bulk.asking import Export
    from onesystem.record.fhir.finding import by_rows
    from onesystem.record.fhir.searching import index
    from onesystem.record.fhir.searching.plan import Context

    wiring.connect()
    world = random_world(seed)
    index.index((e.id, e.kind, e.identity, {"resourceType": e.kind}) for e in world.entries)
    kinds = ("CareTeam", "Condition", "Observation", "Patient")
    export = Export(level="", group="", kinds=kinds, filters={}, elements={}, since=None)
    for asker in askers(seed, world):
        scope = access.scope(asker)
        where, values = scope.row_sql("x")
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT x.entry FROM record_entry x WHERE {where}", values)
            may = {row[0] for row in cursor.fetchall()}
        context = Context(scope=scope, now=int(AT.timestamp() * 1e6))
        got = set()
        for kind in kinds:
            entries = working._entries(export, kind, context, None)
            got |= {each.entry for each in by_rows(entries, scope).values()}
        assert got == may, asker


class TestOfSomePatients:
    """The parameter `patient` of a kick-off that is posted (Bulk Data Access 2)."""

    def kick_off(self, app, *names, path="Patient/$export", **headers):
        body = {
            "resourceType": "Parameters",
            "parameter": [
                {"name": "patient", "valueReference": {"reference": f"Patient/{n}"}} for n in names
            ],
        }
        return app.post(path, body, prefer="respond-async", **headers)  # fmt: skip

    def test_only_theirs(self, app):
        where = self.kick_off(app, "p1").headers["Content-Location"]
        worked()
        found = app.get(where.removeprefix(f"{BASE}/")).json
        lines = [
            json.loads(line)
            for each in found["output"]
            for line in app.get(each["url"].removeprefix(f"{BASE}/")).body.splitlines()
        ]
        about = {r["id"] if r["resourceType"] == "Patient" else r["subject"]["reference"][8:]
                 for r in lines}  # fmt: skip
        assert about == {"p1"}

    def test_what_is_asked_wrongly(self, app):
        assert self.kick_off(app, "nobody").status == 404
        assert self.kick_off(app, "p1", path="$export").status == 400

    def test_a_lenient_client_is_answered_without_what_is_not_known(self, app):
        asked = "Patient/$export?includeAssociatedData=LatestProvenanceResources"
        assert app.get(asked, prefer="respond-async").status == 400
        lenient = app.get(asked, prefer="respond-async; handling=lenient")
        assert lenient.status == 202
