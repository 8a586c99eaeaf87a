"""Local lists of codes: loaded with version and source, and asked by searches."""

import json

import pytest
from fhir_asking import Client, patient

from onesystem import access
from onesystem.record.codes.asking import displays
from onesystem.record.codes.loading import load
from onesystem.record.codes.rows import CodeSet
from onesystem.vocabulary import BadConfig, NotPermitted

pytestmark = pytest.mark.django_db
JOB = access.Actor.job("tests")
LOCAL = "urn:testshire:codes"
TREE = {
    "resourceType": "CodeSystem", "url": LOCAL, "version": "1", "publisher": "Testshire",
    "concept": [{"code": "fall", "display": "Fall", "concept": [
        {"code": "trip", "display": "Trip", "concept": [{"code": "rug", "display": "Over a rug"}]},
        {"code": "stairs", "display": "On stairs"}]},
        {"code": "burn", "display": "Burn"}],
}  # fmt: skip


@pytest.fixture
def app(db, district):
    from onesystem import wiring

    wiring.connect()
    client = Client(name="bulk", scopes="system/*.cruds")
    client.put("Patient/p", patient(id="p"))
    for code in ("fall", "trip", "rug", "stairs", "burn"):
        client.put(f"Condition/{code}", {
            "resourceType": "Condition", "id": code, "subject": {"reference": "Patient/p"},
            "code": {"coding": [{"system": LOCAL, "code": code}]}})  # fmt: skip
    return client


def loaded(tmp_path, content, name="list.json", **more):
    file = tmp_path / name
    file.write_text(content if isinstance(content, str) else json.dumps(content), encoding="utf-8")
    return load(file, by=JOB, **more)


def found(app, query):
    answer = app.get(f"Condition?{query}")
    assert answer.status == 200, answer.body
    return sorted(e["resource"]["id"] for e in answer.json.get("entry", ()))


def test_without_a_list_it_is_refused_with_the_cure(app):
    answer = app.get(f"Condition?code:below={LOCAL}|fall")
    assert answer.status == 400
    assert b"onesystem codes load" in answer.body


def test_above_and_below(app, tmp_path):
    made, count = loaded(tmp_path, TREE)
    assert (count, made.version, made.source) == (5, "1", "Testshire")
    assert found(app, f"code:below={LOCAL}|fall") == ["fall", "rug", "stairs", "trip"]
    assert found(app, f"code:above={LOCAL}|rug") == ["fall", "rug", "trip"]
    assert found(app, "code:below=trip") == ["rug", "trip"]
    assert app.get("Condition?code:below=nonsense").status == 400


def test_in_and_not_in(app, tmp_path):
    loaded(tmp_path, "system,code,display\n" + f"{LOCAL},burn,Burn\n{LOCAL},rug,Rug\n", "list.csv",
           url="urn:testshire:home", version="2026")  # fmt: skip
    assert found(app, "code:in=urn:testshire:home") == ["burn", "rug"]
    assert found(app, "code:in=urn:testshire:home|2026") == ["burn", "rug"]
    assert found(app, "code:not-in=urn:testshire:home") == ["fall", "stairs", "trip"]
    assert app.get("Condition?code:in=urn:other").status == 400
    assert app.get("Observation?status:in=urn:testshire:home").status == 200


def test_loaded_again_takes_the_place_and_keeps_the_one_before(app, tmp_path):
    loaded(tmp_path, TREE)
    loaded(tmp_path, TREE | {"version": "2", "concept": [{"code": "burn", "display": "Scald"}]})
    assert [s.version for s in CodeSet.objects.filter(current=True)] == ["2"]
    assert CodeSet.objects.count() == 2
    assert displays([(LOCAL, "burn"), (LOCAL, "rug"), ("", "")]) == {(LOCAL, "burn"): "Scald"}
    assert app.get(f"Condition?code:below={LOCAL}|fall").status == 400


def test_an_expanded_value_set(app, tmp_path):
    loaded(tmp_path, {"resourceType": "ValueSet", "url": "urn:v", "expansion": {"contains": [
        {"system": LOCAL, "code": "stairs"}, {"abstract": True, "code": "x", "contains": [
            {"system": LOCAL, "code": "trip"}]}]}})  # fmt: skip
    assert found(app, "code:in=urn:v") == ["stairs", "trip"]


@pytest.mark.parametrize(
    "content",
    [
        "{", "[]", {"resourceType": "Patient"}, "code\n1\n", "system,code\n",
        {"resourceType": "ValueSet", "url": "u", "compose": {"include": [{"system": "s"}]}},
        {"resourceType": "CodeSystem", "concept": [{"code": "a"}]},
    ],
)  # fmt: skip
def test_what_cannot_be_loaded_says_why(district, tmp_path, content):
    with pytest.raises(BadConfig) as refused:
        loaded(tmp_path, content)
    assert refused.value.cure


def test_not_by_everybody(district, tmp_path):
    file = tmp_path / "a.csv"
    file.write_text("system,code\ns,c\n")
    with pytest.raises(NotPermitted):
        load(file, by=access.Actor("kiri"))
