"""FHIRPath Patch: the operations of fhirpatch.html, and what is refused whole."""

from copy import deepcopy

import pytest

from onesystem.record.fhir.outcomes import Refusal
from onesystem.record.fhir.patching import patched as patched_as_json
from onesystem.record.fhir.patching import tidied
from onesystem.record.fhir.path_patching import path_patched

PATIENT = {
    "resourceType": "Patient",
    "birthDate": "1920-01-01",
    "name": [{"family": "Ngata", "given": ["Aroha", "Mere"]}, {"use": "old", "family": "Smith"}],
    "identifier": [{"system": "a", "value": "1"}, {"system": "b", "value": "2"}],
    "maritalStatus": {"text": "single"},
    "deceasedBoolean": False,
}


def operation(type_, path, *parts, **values):
    return {
        "name": "operation",
        "part": [
            {"name": "type", "valueCode": type_},
            {"name": "path", "valueString": path},
            *({"name": name, **value} for name, value in values.items()),
            *parts,
        ],
    }


def patched(*operations):
    before = deepcopy(PATIENT)
    made = path_patched(PATIENT, {"resourceType": "Parameters", "parameter": list(operations)})
    assert before == PATIENT, "what is patched is a copy"
    return made


def text(value):
    return {"valueString": value}


def test_replace_a_date():
    made = patched(operation("replace", "Patient.birthDate", value={"valueDate": "1930-01-01"}))
    assert made == {**PATIENT, "birthDate": "1930-01-01"}


def test_replace_within_what_a_condition_finds():
    where = "Patient.identifier.where(system = 'b').value"
    made = patched(operation("replace", where, value=text("3")))
    assert made["identifier"] == [{"system": "a", "value": "1"}, {"system": "b", "value": "3"}]


def test_add_sets_an_element_and_appends_to_a_list():
    made = patched(
        operation("add", "Patient", name=text("gender"), value={"valueCode": "female"}),
        operation("add", "Patient.name[0]", name=text("given"), value=text("Ana")),
    )
    assert made["gender"] == "female"
    assert made["name"][0]["given"] == ["Aroha", "Mere", "Ana"]


def test_add_an_object_by_its_parts():
    """Where no value[x] fits, the parts say the elements."""
    said = {"name": "value", "part": [
        {"name": "name", "valueHumanName": {"text": "a name"}},
        {"name": "gender", "valueCode": "male"},
    ]}  # fmt: skip
    made = path_patched(
        {**PATIENT, "contact": []},
        {"parameter": [operation("add", "Patient", said, name=text("contact"))]},
    )
    assert made["contact"] == [{"name": {"text": "a name"}, "gender": "male"}]


def test_insert_and_move_keep_the_others_in_order():
    made = patched(
        operation("insert", "Patient.identifier", index={"valueInteger": 1},
                  value={"valueIdentifier": {"system": "c", "value": "9"}}),
        operation("move", "Patient.identifier", source={"valueInteger": 2},
                  destination={"valueInteger": 0}),
    )  # fmt: skip
    assert [each["system"] for each in made["identifier"]] == ["b", "a", "c"]


def test_delete_an_element_a_choice_and_what_is_not_there():
    made = patched(
        operation("delete", "Patient.maritalStatus"),
        operation("delete", "Patient.deceased"),
        operation("delete", "Patient.name.where(use = 'old')"),
        operation("delete", "Patient.photo"),
    )
    assert {"maritalStatus", "deceasedBoolean"}.isdisjoint(made)
    assert [each["family"] for each in made["name"]] == ["Ngata"]


@pytest.mark.parametrize(
    ("wrong", "status"),
    [
        (operation("replace", "Patient.photo", value=text("x")), 422),
        (operation("replace", "Patient.name", value=text("x")), 422),
        (operation("replace", "Observation.status", value=text("x")), 422),
        (operation("replace", "Patient.name.where(family ~ 'x')", value=text("x")), 422),
        (operation("replace", "Patient.birthDate"), 400),
        (operation("add", "Patient", name=text("birthDate"), value=text("x")), 422),
        (operation("insert", "Patient.birthDate", index={"valueInteger": 0}, value=text("x")), 422),
        (operation("insert", "Patient.name", index={"valueInteger": 7}, value=text("x")), 422),
        (operation("delete", "Patient.name"), 422),
        (operation("delete", "Patient.name."), 422),
        (operation("upsert", "Patient.name"), 400),
        ({"name": "other"}, 400),
    ],
)
def test_what_cannot_be_applied_is_refused_with_its_place(wrong, status):
    good = operation("delete", "Patient.maritalStatus")
    with pytest.raises(Refusal) as refused:
        patched(good, wrong)
    assert refused.value.status == status
    assert "operation 2" in str(refused.value)


def test_no_operations_change_nothing():
    assert path_patched(PATIENT, {"resourceType": "Parameters"}) == PATIENT
    with pytest.raises(Refusal):
        path_patched(PATIENT, [])


class TestWhatIsNotThereYet:
    """Whether an element repeats, and what a choice is called, is known from R4."""

    BARE = {"resourceType": "Patient"}

    def add(self, name, *parts, path="Patient", **value):
        value = {"value": value} if value else {}
        said = operation("add", path, *parts, name=text(name), **value)
        return path_patched(self.BARE, {"parameter": [said]})

    def test_an_element_that_repeats_becomes_a_list(self):
        phone = {"system": "phone", "value": "1"}
        assert self.add("telecom", valueContactPoint=phone)["telecom"] == [phone]

    def test_so_does_one_without_a_type_of_its_own(self):
        said = {"name": "value", "part": [
            {"name": "name", "valueHumanName": {"text": "a name"}},
            {"name": "telecom", "valueContactPoint": {"value": "1"}},
            {"name": "telecom", "valueContactPoint": {"value": "2"}},
        ]}  # fmt: skip
        assert self.add("contact", said)["contact"] == [
            {"name": {"text": "a name"}, "telecom": [{"value": "1"}, {"value": "2"}]}
        ]

    def test_a_choice_is_called_by_its_type(self):
        assert self.add("deceased", valueBoolean=True)["deceasedBoolean"] is True

    def test_insert_into_a_list_that_is_not_there(self):
        said = operation("insert", "Patient.identifier", index={"valueInteger": 0},
                         value={"valueIdentifier": {"value": "9"}})  # fmt: skip
        made = path_patched(self.BARE, {"parameter": [said]})
        assert made["identifier"] == [{"value": "9"}]


def test_a_choice_may_become_one_of_another_type():
    value = {"valueDateTime": "2026-01-01"}
    made = patched(operation("replace", "Patient.deceased", value=value))
    assert made["deceasedDateTime"] == "2026-01-01"
    assert "deceasedBoolean" not in made


@pytest.mark.parametrize(
    "path",
    [
        "Patient.identifier.where(system = 'b' and value = '2').value",
        "Patient.identifier.where(system.exists() and value != '1').value",
        "Patient.identifier.last().value",
        "identifier[1].value",
        "Patient.identifier.where(system = 'b').value.first()",
    ],
)
def test_ways_to_one_element(path):
    made = patched(operation("replace", path, value=text("3")))
    assert [each["value"] for each in made["identifier"]] == ["1", "3"]


def test_an_extension_by_its_address_and_beside_a_primitive():
    born = {"url": "urn:born", "valueTime": "09:30:00"}
    held = {**PATIENT, "_birthDate": {"extension": [born]}, "extension": [{"url": "urn:x"}]}
    said = [
        operation("replace", "Patient.birthDate.extension('urn:born').value",
                  value={"valueTime": "10:00:00"}),
        operation("delete", "Patient.extension('urn:x')"),
    ]  # fmt: skip
    made = tidied(path_patched(held, {"parameter": said}))
    assert made["_birthDate"]["extension"] == [{"url": "urn:born", "valueTime": "10:00:00"}]
    assert "extension" not in made


def test_what_is_left_empty_goes():
    """An array or an object without content is no FHIR."""
    held = {"resourceType": "Patient", "contact": [{"name": {"text": "a"}, "gender": "male"}],
            "photo": [{"title": "x"}]}  # fmt: skip
    said = [operation("delete", "Patient.contact[0].name.text"),
            operation("delete", "Patient.photo[0]")]  # fmt: skip
    made = tidied(path_patched(held, {"parameter": said}))
    assert made == {"resourceType": "Patient", "contact": [{"gender": "male"}]}
    assert tidied(patched_as_json(held, [{"op": "remove", "path": "/photo/0"}])) == {
        "resourceType": "Patient", "contact": held["contact"]}  # fmt: skip
