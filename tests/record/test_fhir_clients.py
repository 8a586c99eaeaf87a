"""What clients that we did not write were seen to do, and what they need of the server."""

import pytest
from fhir_asking import Client, patient

from onesystem.record.fhir.patching import merged

MERGE = "application/merge-patch+json"


@pytest.mark.parametrize(("was", "patch", "made"), [
    ({"a": "b"}, {"a": "c"}, {"a": "c"}), ({"a": "b"}, {"b": "c"}, {"a": "b", "b": "c"}),
    ({"a": "b"}, {"a": None}, {}), ({"a": "b", "b": "c"}, {"a": None}, {"b": "c"}),
    ({"a": ["b"]}, {"a": "c"}, {"a": "c"}), ({"a": "c"}, {"a": ["b"]}, {"a": ["b"]}),
    ({"a": {"b": "c"}}, {"a": {"b": "d", "c": None}}, {"a": {"b": "d"}}),
    ({"a": [{"b": "c"}]}, {"a": [1]}, {"a": [1]}), ({"e": None}, {"a": 1}, {"e": None, "a": 1}),
    ({}, {"a": {"bb": {"ccc": None}}}, {"a": {"bb": {}}}),
])  # fmt: skip
def test_a_merge_patch_is_as_rfc_7396_has_it(was, patch, made):
    """The examples of its appendix."""
    assert merged(was, patch) == made


@pytest.mark.django_db
class TestOverHttp:
    @pytest.fixture
    def app(self, district):
        from onesystem import wiring

        wiring.connect()
        made = Client()
        made.put("Patient/p", patient(id="p", gender="male"))
        return made

    def test_some_fields_are_saved_by_a_merge_patch(self, app):
        for type_, gender in ((MERGE, "female"), ("application/json", "other")):
            found = app.ask("PATCH", "Patient/p", {"gender": gender}, type_=type_)
            assert found.status == 200, found.body
            assert found.json["gender"] == gender
        assert app.ask("PATCH", "Patient/p", {"id": "q"}, type_=MERGE).status == 422

    @pytest.mark.parametrize(("method", "path"), [
        ("POST", "Patient?identifier=urn:mrn|m1"), ("PUT", "Patient/p?identifier=x"),
        ("DELETE", "Patient/p?identifier=x"), ("PATCH", "Patient/p?identifier=x"),
    ])  # fmt: skip
    def test_a_condition_in_the_wrong_place_is_no_plain_write(self, app, method, path):
        """One client sends the condition of a create in the address: that made it twice."""
        found = app.ask(method, path, patient(id="p"))
        assert found.status == 400
        assert found.issue["expression"] == ["identifier"]
        assert app.get("Patient?_summary=count").json["total"] == 1
        if method == "POST":
            assert "If-None-Exist" in found.issue["details"]["text"]
