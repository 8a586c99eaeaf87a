"""Validation: what is R4 passes, what is not says where, which rule, and what to do."""

import copy
import random
from collections import Counter

import fhirkit
import orjson
import pytest

from onesystem.feeds.fhir.definitions import definitions
from onesystem.feeds.fhir.problems import problems
from onesystem.feeds.fhir.validation import _ALONE, _Validators, check, is_valid
from onesystem.vocabulary import BadInput

PATIENT = {"resourceType": "Patient", "id": "p", "birthDate": "1980-03-02", "gender": "female"}
OBSERVATION = {"resourceType": "Observation", "status": "final", "code": {"text": "weight"}}


def refusal(resource):
    with pytest.raises(BadInput) as caught:
        check(resource)
    return caught.value


def with_(resource, **more):
    return {**copy.deepcopy(resource), **more}


@pytest.mark.parametrize(
    ("resource", "rule", "where"),
    [
        ({}, "fhir.no-type", "resourceType"),
        ({"resourceType": "Patien"}, "fhir.unknown-type", "Patien"),
        (with_(PATIENT, nam=[]), "fhir.unknown-element", "Patient.nam"),
        (with_(PATIENT, gender="femal"), "fhir.bad-code", "Patient.gender"),
        (with_(PATIENT, birthDate="2023-02-29"), "fhir.bad-date", "Patient.birthDate"),
        (with_(PATIENT, birthDate="02/03/1980"), "fhir.bad-date", "Patient.birthDate"),
        (with_(PATIENT, name={"family": "x"}), "fhir.wrong-type", "Patient.name"),
        (with_(PATIENT, name=[]), "fhir.empty-element", "Patient.name"),
        (with_(PATIENT, name=[{}]), "fhir.empty-element", "Patient.name[0]"),
        (with_(PATIENT, active="true"), "fhir.wrong-type", "Patient.active"),
        (with_(PATIENT, meta="x"), "fhir.wrong-type", "Patient.meta"),
        (with_(PATIENT, gender=["male"]), "fhir.cardinality", "Patient.gender"),
        (with_(PATIENT, multipleBirthInteger=2**40), "fhir.bad-number",
         "Patient.multipleBirthInteger"),
        ({"resourceType": "Observation", "code": {"text": "x"}}, "fhir.missing",
         "Observation.status"),
        (with_(OBSERVATION, valueString="a", valueInteger=1), "fhir.two-choices",
         "Observation.value[x]"),
        (with_(PATIENT, contained=[{"resourceType": "Patient", "nam": 1}]), "fhir.unknown-element",
         "Patient.contained[0].nam"),
    ],
)  # fmt: skip
def test_a_fault_names_its_place_and_rule(resource, rule, where):
    found = refusal(resource)
    assert (found.rule, found.where) == (rule, where)
    assert found.cure


def test_a_misspelt_code_is_answered_with_the_nearest():
    assert "female" in refusal(with_(PATIENT, gender="femal")).cure


def test_a_primitive_that_only_has_an_extension_is_there():
    absent = {"extension": [{"url": "http://hl7.org/fhir/StructureDefinition/data-absent-reason",
                             "valueCode": "unknown"}]}  # fmt: skip
    held = {k: v for k, v in OBSERVATION.items() if k != "status"}
    check(with_(held, _status=absent))


def test_all_official_examples_are_valid(examples):
    assert [line for line in examples if not is_valid(orjson.loads(line))] == []


def test_the_walk_agrees_with_the_schema_on_the_examples(examples):
    for line in examples:
        resource = orjson.loads(line)
        kind = resource["resourceType"]
        assert list(problems(resource, kind, kind)) == []


# Oracle: fhirkit-rs. What it refuses and we do not, in ways that were looked at, is named here.
def _mutants(resource, dice):
    kind = definitions().types[resource["resourceType"]]
    required = [n for n, e in kind.elements.items() if e.needed and n in resource]
    yield "unknown", with_(resource, nobodyKnowsThis=1)
    for leaf in required:
        yield "missing", {k: v for k, v in resource.items() if k != leaf}
    leaf = dice.choice([k for k in resource if k not in {"resourceType", "text"}])
    yield "type", with_(resource, **{leaf: [[1]]})
    for name, element in kind.elements.items():
        if name in resource and isinstance(element.codes, list):
            yield "code", with_(resource, **{name: "no-such-code"})
        if name in resource and element.kind in {"date", "dateTime", "instant"}:
            yield "date", with_(resource, **{name: "2021-13-45"})


def test_mutations_that_the_oracle_refuses_are_refused_here(examples):
    """fhirkit-rs (generated from the same specification by others) is the oracle."""
    dice = random.Random(7)
    refused, missed = Counter(), []
    for line in examples:
        resource = orjson.loads(line)
        if resource["resourceType"] in {"Bundle", "Parameters"}:
            continue
        for name, mutant in _mutants(resource, dice):
            theirs = [i for i in fhirkit.validate(mutant) if str(i).startswith("error")]
            if is_valid(mutant):
                missed += [(name, resource["resourceType"], str(i)) for i in theirs]
            else:
                refused[name] += 1
    assert missed == []
    assert min(refused[n] for n in ("unknown", "missing", "type", "code", "date")) > 20


def test_a_refused_mutation_is_always_explained(examples):
    dice = random.Random(8)
    for line in examples[:60]:
        for _name, mutant in _mutants(orjson.loads(line), dice):
            if not is_valid(mutant):
                assert refusal(mutant).where.startswith(mutant["resourceType"])


class TestCompiling:
    """The schema is compiled type by type at first, and whole once many types were asked for."""

    TYPES = (
        "Patient", "Encounter", "Observation", "Condition", "Procedure", "Immunization",
        "MedicationRequest", "AllergyIntolerance", "DocumentReference", "CarePlan",
    )  # fmt: skip

    def test_says_the_same_by_itself_and_as_a_part_of_the_whole(self, examples):
        """What is refused does not depend on how many types were asked for before."""
        read = [orjson.loads(line) for line in examples]
        every = [r for r in read if r["resourceType"] in self.TYPES]
        every += [{**r, "unknown": 1} for r in every]
        whole, by_type = _Validators(), _Validators()
        for kind in sorted(definitions().resources)[: _ALONE + 1]:
            whole.of(kind)
        alone = {kind: by_type.of(kind) for kind in self.TYPES}
        assert len({id(whole.of(kind)) for kind in self.TYPES}) == 1
        assert len({id(each) for each in alone.values()}) == len(self.TYPES)
        for each in every:
            kind = each["resourceType"]
            told = {kind: each}
            assert whole.of(kind).is_valid(told) == alone[kind].is_valid(told)

    def test_knows_no_type_that_is_not_of_r4(self):
        """Nor one that is no text at all."""
        assert _Validators().of("Patience") is None
        assert _Validators().of(["Patient"]) is None
