"""FHIRPath Patch: the operations of fhirpatch.html, and what is refused whole."""

from copy import deepcopy

import pytest

from onesystem.record.fhir.outcomes import Refusal
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


def test_no_operations_are_no_patch():
    with pytest.raises(Refusal):
        path_patched(PATIENT, {"resourceType": "Parameters"})
