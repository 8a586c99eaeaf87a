"""$expand, $validate-code, $lookup and $subsumes over loaded lists and resources of the record."""

import json

import pytest
from fhir_asking import Client

from onesystem import access
from onesystem.record.codes.composing import CannotCompose, Known, composed, of_codesystem

pytestmark = pytest.mark.django_db
ANIMALS = "urn:test:animals"
SYSTEM = {
    "resourceType": "CodeSystem", "id": "animals", "url": ANIMALS, "version": "1",
    "name": "Animals", "status": "active", "content": "complete", "concept": [
        {"code": "mammal", "display": "Mammal", "concept": [
            {"code": "dog", "display": "Dog", "concept": [{"code": "pug", "display": "Pug"}]},
            {"code": "cat", "display": "Cat"}]},
        {"code": "fish", "display": "Fish"}],
}  # fmt: skip


def value_set(name, *include, **more):
    return {"resourceType": "ValueSet", "id": name, "url": f"urn:test:{name}", "status": "active",
            "compose": {"include": list(include), **more}}  # fmt: skip


DOGS = value_set("dogs", {"system": ANIMALS, "filter": [
    {"property": "concept", "op": "is-a", "value": "dog"}]})  # fmt: skip
PETS = value_set("pets", {"valueSet": ["urn:test:dogs"]},
                 {"system": ANIMALS, "concept": [{"code": "cat", "display": "House cat"}]},
                 exclude=[{"system": ANIMALS, "concept": [{"code": "pug"}]}])  # fmt: skip


def known(*valuesets):
    by_url = {each["url"]: each for each in valuesets}
    made = Known(
        system=lambda url: of_codesystem(SYSTEM) if url == ANIMALS else None,
        valueset=lambda url: composed(by_url[url], made) if url in by_url else None,
    )
    return made


class TestComposing:
    @pytest.mark.parametrize(("include", "found"), [
        ({"system": ANIMALS}, ["mammal", "dog", "pug", "cat", "fish"]),
        ({"system": ANIMALS, "concept": [{"code": "fish"}]}, ["fish"]),
        ({"system": ANIMALS, "filter": [{"property": "concept", "op": "descendent-of",
                                         "value": "mammal"}]}, ["dog", "pug", "cat"]),
        ({"system": ANIMALS, "filter": [{"property": "parent", "op": "=", "value": "mammal"}]},
         ["dog", "cat"]),
        ({"valueSet": ["urn:test:dogs"]}, ["dog", "pug"]),
        ({"valueSet": ["urn:test:dogs"], "system": ANIMALS, "concept": [{"code": "pug"}]}, ["pug"]),
    ])  # fmt: skip
    def test_what_a_rule_means(self, include, found):
        assert [c.code for c in composed(value_set("x", include), known(DOGS))] == found

    @pytest.mark.parametrize("include", [
        {"system": "urn:other"}, {"valueSet": ["urn:other"]},
        {"system": ANIMALS, "filter": [{"property": "colour", "op": "=", "value": "red"}]},
    ])  # fmt: skip
    def test_what_cannot_be_worked_out_is_named(self, include):
        with pytest.raises(CannotCompose) as caught:
            composed(value_set("x", include), known())
        assert caught.value.cure

    def test_an_expansion_is_taken_as_it_is(self):
        said = {"expansion": {"contains": [{"system": "s", "code": "a", "contains": [
            {"system": "s", "code": "b"}]}, {"abstract": True, "code": "c"}]}}  # fmt: skip
        assert [c.code for c in composed(said, known())] == ["a", "b"]


@pytest.fixture
def app(district):
    from onesystem import wiring

    wiring.connect()
    made = Client()
    for each in (SYSTEM, DOGS, PETS):
        assert made.put(f"{each['resourceType']}/{each['id']}", each).status == 201
    return made


def said(answer):
    assert answer.status == 200, answer.body
    return {p["name"]: next(v for k, v in p.items() if k.startswith("value"))
            for p in answer.json["parameter"] if "part" not in p}  # fmt: skip


def codes(answer):
    assert answer.status == 200, answer.body
    return [each["code"] for each in answer.json["expansion"].get("contains", [])]


class TestOfTheRecord:
    @pytest.mark.parametrize(("query", "found"), [
        ("ValueSet/$expand?url=urn:test:dogs", ["dog", "pug"]),
        ("ValueSet/dogs/$expand", ["dog", "pug"]),
        ("ValueSet/pets/$expand", ["dog", "cat"]),
        ("ValueSet/pets/$expand?filter=house", ["cat"]),
        ("ValueSet/pets/$expand?count=1", ["dog"]),
        ("ValueSet/pets/$expand?count=1&offset=1", ["cat"]),
        ("ValueSet/pets/$expand?count=0", []),
    ])  # fmt: skip
    def test_expand(self, app, query, found):
        assert codes(app.get(query)) == found

    def test_expand_what_is_sent(self, app):
        body = {"resourceType": "Parameters", "parameter": [
            {"name": "valueSet", "resource": value_set("new", {"system": ANIMALS})}]}  # fmt: skip
        found = app.post("ValueSet/$expand", body)
        assert len(codes(found)) == found.json["expansion"]["total"] == 5

    @pytest.mark.parametrize(("query", "status"), [
        ("ValueSet/$expand", 400), ("ValueSet/$expand?url=urn:nowhere", 404),
        ("ValueSet/nowhere/$expand", 404), ("ValueSet/dogs/$expand?nonsense=1", 400),
        ("ValueSet/dogs/$expand?count=x", 400), ("ValueSet/dogs/$validate-code", 400),
        ("CodeSystem/$lookup?code=dog", 400), ("CodeSystem/$lookup?system=urn:x&code=dog", 404),
        ("CodeSystem/$validate-code?url=urn:x&code=dog", 404),
    ])  # fmt: skip
    def test_what_is_asked_wrongly(self, app, query, status):
        found = app.get(query)
        assert found.status == status
        assert found.issue["details"]["text"]

    @pytest.mark.parametrize(("query", "result"), [
        (f"ValueSet/dogs/$validate-code?system={ANIMALS}&code=pug", True),
        ("ValueSet/$validate-code?url=urn:test:dogs&code=pug", True),
        (f"ValueSet/dogs/$validate-code?system={ANIMALS}&code=cat", False),
        (f"ValueSet/dogs/$validate-code?system={ANIMALS}&code=pug&display=pug", True),
        (f"ValueSet/dogs/$validate-code?system={ANIMALS}&code=pug&display=Poodle", False),
        (f"CodeSystem/$validate-code?url={ANIMALS}&code=fish", True),
        (f"CodeSystem/$validate-code?url={ANIMALS}&code=bird", False),
        ("CodeSystem/animals/$validate-code?code=fish&url=urn:test:animals", True),
    ])  # fmt: skip
    def test_validate_code(self, app, query, result):
        assert said(app.get(query))["result"] is result

    def test_any_coding_of_a_concept_will_do(self, app):
        concept = {
            "coding": [{"system": ANIMALS, "code": "cat"}, {"system": ANIMALS, "code": "dog"}]
        }
        body = {"resourceType": "Parameters", "parameter": [
            {"name": "codeableConcept", "valueCodeableConcept": concept}]}  # fmt: skip
        assert said(app.post("ValueSet/dogs/$validate-code", body)) == {
            "result": True, "display": "Dog"}  # fmt: skip

    def test_lookup(self, app):
        found = app.get(f"CodeSystem/$lookup?system={ANIMALS}&code=pug")
        assert said(found)["display"] == "Pug"
        parents = [p["part"][1]["valueCode"] for p in found.json["parameter"] if "part" in p]
        assert parents == ["dog"]

    @pytest.mark.parametrize(("a", "b", "outcome"), [
        ("mammal", "pug", "subsumes"), ("pug", "mammal", "subsumed-by"),
        ("pug", "pug", "equivalent"), ("fish", "pug", "not-subsumed")])  # fmt: skip
    def test_subsumes(self, app, a, b, outcome):
        found = app.get(f"CodeSystem/$subsumes?system={ANIMALS}&codeA={a}&codeB={b}")
        assert said(found)["outcome"] == outcome

    def test_sets_that_name_each_other(self, app):
        for one, other in (("x", "y"), ("y", "x")):
            app.put(f"ValueSet/{one}", value_set(one, {"valueSet": [f"urn:test:{other}"]}))
        assert app.get("ValueSet/x/$expand").status == 422


class TestOfLoadedLists:
    def test_they_answer_too(self, app, tmp_path):
        from onesystem.record.codes.loading import load

        file = tmp_path / "set.json"
        file.write_text(json.dumps(value_set("loaded", {"system": "urn:l", "concept": [
            {"code": "a", "display": "First"}]})))  # fmt: skip
        load(file, by=access.Actor("tester", frozenset({"administrator"}), "person"))
        assert codes(app.get("ValueSet/$expand?url=urn:test:loaded")) == ["a"]
        assert said(app.get("CodeSystem/$lookup?system=urn:l&code=a"))["display"] == "First"


def test_meta_of_a_resource(app):
    tagged = {**SYSTEM, "meta": {"tag": [{"system": "urn:t", "code": "x"}]}}
    app.put("CodeSystem/animals", tagged)
    meta = said(app.get("CodeSystem/animals/$meta"))["return"]
    assert meta["versionId"] == "2"
    assert meta["tag"] == [{"system": "urn:t", "code": "x"}]
    assert app.get("CodeSystem/nobody/$meta").status == 404


class TestSearches:
    """`:in`, `:not-in`, `:below` and `:above` over ValueSets and CodeSystems of the record."""

    @pytest.mark.parametrize(("query", "found"), [
        ("code:in=urn:test:pets", ["cat", "dog"]),
        ("code:in=ValueSet/pets", ["cat", "dog"]),
        ("code:not-in=urn:test:pets", ["fish"]),
        (f"code:below={ANIMALS}|mammal", ["cat", "dog"]),
        (f"code:below={ANIMALS}|cat", ["cat"]),
        (f"code:above={ANIMALS}|pug", ["dog"]),
    ])  # fmt: skip
    def test_codes_of_a_resource(self, app, query, found):
        for code in ("dog", "cat", "fish"):
            said = {"coding": [{"system": ANIMALS, "code": code}]}
            app.put(f"Condition/{code}", {
                "resourceType": "Condition", "id": code, "code": said,
                "subject": {"display": "somebody"},
            })  # fmt: skip
        entries = app.get(f"Condition?{query}").json.get("entry", [])
        assert sorted(each["resource"]["id"] for each in entries) == found

    def test_a_list_that_is_not_here_is_named(self, app):
        told = app.get("Condition?code:in=urn:test:none").issue
        assert "urn:test:none" in told["diagnostics"]
