"""Views over the record: what they read, whose scope holds, how they are written."""

import csv
import io
import json
from contextlib import suppress
from decimal import Decimal

import pytest
from access_worlds import AT
from fhir_asking import Client, patient, weight
from hypothesis import given
from hypothesis import strategies as st

from onesystem import access
from onesystem.record.views.closures import Compiler
from onesystem.record.views.definition import view_of
from onesystem.record.views.functions import Env
from onesystem.record.views.trouble import BadView
from onesystem.vocabulary import NotPermitted

WEIGHTS = {
    "resource": "Observation",
    "name": "weights",
    "select": [{"column": [
        {"name": "id", "path": "getResourceKey()", "type": "id"},
        {"name": "patient", "path": "subject.getReferenceKey(Patient)", "type": "id"},
        {"name": "kg", "path": "value.ofType(Quantity).value", "type": "decimal"},
    ]}],
    "where": [{"path": "code.coding.where(code = '29463-7').exists()"}],
}  # fmt: skip


def found(path, of):
    made = Compiler().path(path)
    return list(made.run((of,), Env(of)))


@pytest.mark.parametrize(("path", "of", "says"), [
    ("a + b * 2", {"a": 1, "b": 3}, [7]),
    ("(a + b) * 2", {"a": 1, "b": 3}, [8]),
    ("a / 0", {"a": 1}, []),
    ("a and b.exists()", {"a": True}, [False]),
    ("a.b or true", {}, [True]),
    ("-a", {"a": Decimal("1.5")}, [Decimal("-1.5")]),
    ("day > @2020-01", {"day": "2020-02-01"}, [True]),
    ("day > @2020-01", {"day": "2020-01-31"}, []),
    ("at = @2020-01-01T12:00:00Z", {"at": "2020-01-01T13:00:00+01:00"}, [True]),
    ("name.given contains 'A'", {"name": [{"given": ["A", "B"]}]}, [True]),
    ("name[0].given[1]", {"name": [{"given": ["A", "B"]}]}, ["B"]),
    ("(value as Quantity).value", {"valueQuantity": {"value": 2}}, [2]),
    ("value is Quantity", {"valueString": "x"}, [False]),
    ("Patient.active", {"resourceType": "Patient", "active": True}, [True]),
    ("name.all(family.exists())", {"name": [{"family": "x"}, {}]}, [False]),
    ("`div`", {"div": 1}, [1]),
])  # fmt: skip
def test_paths(path, of, says):
    """What the conformance tests leave out: precedence, emptiness, dates, types."""
    assert found(path, of) == says


@given(st.text(max_size=40))
def test_any_text_is_a_path_or_told_off(text):
    """No text ends the parser in another way."""
    with suppress(BadView):
        Compiler().path(text)


@pytest.mark.parametrize(("change", "where"), [
    ({"resource": "Patent"}, "resource"),
    ({"select": [{"colum": []}]}, "select[0]"),
    ({"select": [{"column": [{"name": "1", "path": "id"}]}]}, "select[0].column[0].name"),
    ({"select": [{"column": [{"name": "a", "path": "id.frist()"}]}]}, "select[0].column[0].path"),
    ({"select": [{"column": [{"name": "a", "path": "id"}] * 2}]}, "select"),
    ({"where": [{"path": "a b"}]}, "where[0].path"),
    ({"constant": [{"name": "c"}]}, "constant[0]"),
])  # fmt: skip
def test_a_wrong_view_names_the_element_and_the_cure(change, where):
    with pytest.raises(BadView) as caught:
        view_of(WEIGHTS | change, known={"Observation", "Patient"})
    assert caught.value.where == where
    assert caught.value.cure


@pytest.fixture
def record(district):
    from onesystem import wiring

    wiring.connect()
    app = Client(name="bulk", scopes="system/*.cruds")
    for n in range(3):
        app.put(f"Patient/p{n}", patient(id=f"p{n}", identifier=[{"system": "u", "value": str(n)}],
                                         name=[{"family": f"=F{n}"}]))  # fmt: skip
        app.put(f"Observation/o{n}", json.loads(weight(f"Patient/p{n}", f"{n}.5", id=f"o{n}")))
    return district


def run(view, asker, form="csv"):
    from onesystem.record.views.running import Run
    from onesystem.record.views.writing import write

    made = Run(view_of(view), asker)
    out = io.BytesIO()
    write(form, made.view.columns, made.rows(), out)
    made.done(form=form)
    return out.getvalue()


@pytest.mark.django_db
class TestOverTheRecord:
    def job(self):
        return access.asker_of(access.Actor.job("command line"), "view")

    def test_keys_agree_and_the_run_is_audited(self, record):
        from onesystem.access.models import Audit

        rows = list(csv.DictReader(io.StringIO(run(WEIGHTS, self.job()).decode())))
        assert sorted(rows, key=lambda r: r["id"]) == [
            {"id": f"o{n}", "patient": f"p{n}", "kg": f"{n}.5"} for n in range(3)
        ]
        last = Audit.objects.order_by("id").last()
        assert (last.act, last.what, last.actor) == ("view.run", "view weights", "command line")
        assert json.loads(last.detail)["rows"] == 3

    @pytest.mark.parametrize("form", ["json", "ndjson", "parquet"])
    def test_other_forms_say_the_same(self, record, form):
        out = run(WEIGHTS, self.job(), form)
        if form == "parquet":
            import pyarrow.parquet as pq

            rows = pq.read_table(io.BytesIO(out)).to_pylist()
        else:
            rows = json.loads(out) if form == "json" else [json.loads(x) for x in out.splitlines()]
        assert sorted(row["kg"] for row in rows) == [0.5, 1.5, 2.5]

    def test_a_name_that_a_spreadsheet_would_run_is_made_harmless(self, record):
        names = {"resource": "Patient", "select": [
            {"column": [{"name": "family", "path": "name.first().family"}]}]}  # fmt: skip
        assert b"'=F0" in run(names, self.job())

    def test_what_is_outside_of_the_scope_is_not_there(self, record):
        doctor = access.Actor(
            name="kiri",
            roles=frozenset({"hospital-doctor"}),
            kind="person",
            organisation="hospital",
        )
        asker = access.asker_of(doctor, "direct care", at=AT)
        assert json.loads(run(WEIGHTS, asker, "json")) == []
        with pytest.raises(NotPermitted):
            run(WEIGHTS, access.asker_of(doctor, "privacy review"))


@pytest.mark.django_db
def test_a_project_sees_pseudonyms_and_no_words(record):
    from onesystem.people import projects
    from onesystem.record.protection.pseudonyms import mask_of
    from onesystem.record.views.running import Run

    projects.new("falls", by=access.Actor.job("tests"))
    job = access.asker_of(access.Actor.job("command line"), "view")

    def rows(view):
        return list(Run(view_of(view), job, mask=mask_of("falls")).rows())

    weights = rows(WEIGHTS)
    patients = rows({"resource": "Patient", "select": [{"column": [
        {"name": "id", "path": "id"}, {"name": "family", "path": "name.family.first()"},
        {"name": "number", "path": "identifier.value.first()"}]}]})  # fmt: skip
    assert {row[1] for row in weights} == {row[0] for row in patients}
    assert {len(row[0]) for row in patients} == {16}
    assert {row[1:] for row in patients} == {(None, None)}
    assert sorted(row[2] for row in weights) == [0.5, 1.5, 2.5]
