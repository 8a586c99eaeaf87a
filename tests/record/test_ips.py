"""The summary as a FHIR document stands alone, and is as the International Patient Summary says."""

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onesystem.feeds.fhir.validation import is_valid
from onesystem.people import IdentityView
from onesystem.record.summary.assembling import assemble
from onesystem.record.summary.ips import document, entries_of
from onesystem.record.summary.patient import patient_of
from onesystem.record.summary.statements import Statement
from onesystem.vocabulary import NHS, Identifier
from onesystem.vocabulary.codes import SNOMED

AT = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
BASE = "https://district.example/fhir"


def said(kind, words, entry, **more):
    """A statement."""
    return Statement(
        entry=entry, kind=kind, source="practice", words=words, recorded=AT, known_at=AT, **more
    )


def identity(**more):
    """An identity as a source describes it; plainly invented."""
    told: dict[str, Any] = {
        "identity": 7, "person": 7, "source": "practice", "subject": "P7", "family": "Ōtago",
        "given": "Test Person", "other_names": (), "birth_date": "1950-03-04", "sex": "female",
        "address": "1 Nowhere Street", "postcode": "NR1 1AA", "phone": "01603 000000",
        "practice": "D0", "died": "", "restricted": False, "seen_at": AT,
        "numbers": (Identifier(NHS, "9434765919"),), "former": (),
    }  # fmt: skip
    return IdentityView(**(told | more))


@pytest.fixture
def made():
    """A document of a small record."""
    summary = assemble(
        {
            "Condition": [said("Condition", "Asthma <b>", 1, stands=True)],
            "AllergyIntolerance": [said("AllergyIntolerance", "Latex", 2, stands=True)],
            "Observation": [said("Observation", "Potassium", 3, value="4.1", unit="mmol/L")],
        },
        at=AT,
    )
    resources = {
        1: {
            "resourceType": "Condition",
            "id": "c1",
            "code": {"coding": [{"system": SNOMED, "code": "195967001"}]},
            "subject": {"reference": "Patient/p7"},
            "encounter": {"reference": "Encounter/e1"},
        },
        2: {
            "resourceType": "AllergyIntolerance",
            "id": "a2",
            "patient": {"reference": "Patient/other-source"},
            "code": {"text": "Latex"},
        },
    }
    return document(
        summary,
        patient=patient_of(7, [identity()]),
        resources=resources,
        base=BASE,
        author="Test district",
        at=AT,
    )


# What the guide lets each section hold: Composition-uv-ips of IPS 2.0.0, `section[...].entry only`.
HOLDS = {
    "11450-4": {"Condition"}, "48765-2": {"AllergyIntolerance"},
    "10160-0": {"MedicationRequest", "MedicationStatement", "MedicationDispense"},
    "104605-1": {"Flag"}, "11369-6": {"Immunization"},
    "30954-2": {"Observation", "DiagnosticReport"}, "8716-3": {"Observation"},
    "47519-4": {"Procedure"}, "11348-0": {"Condition"},
    "42348-3": {"Consent", "DocumentReference"}, "18776-5": {"CarePlan"},
}  # fmt: skip
NEEDED = ("11450-4", "48765-2", "10160-0")


def against_the_guide(bundle):
    """What of a document is not as the guide says: its invariants, and what has to be there."""
    first, person = (entry["resource"] for entry in bundle["entry"][:2])
    held = {entry["fullUrl"]: entry["resource"] for entry in bundle["entry"]}
    kinds = [each["resourceType"] for each in held.values()]
    sections = {each["code"]["coding"][0]["code"]: each for each in first["section"]}
    rules = {
        "bdl-ips-1": kinds.count("Composition") == 1 == kinds.count("Patient"),
        "identifier and timestamp": bundle["identifier"] and bundle["timestamp"],
        "60591-5": first["type"]["coding"][0]["code"] == "60591-5",
        "the author is a device": held[first["author"][0]["reference"]]["resourceType"] == "Device",
        "ips-pat-1": all({"family", "given", "text"} & set(name) for name in person["name"]),
        "birthDate": {"birthDate", "_birthDate"} & set(person),
        "sections once": len(sections) == len(first["section"]),
        "needed": all(code in sections for code in NEEDED),
        "ips-comp-1": all(
            bool(sections[code].get("entry")) != bool(sections[code].get("emptyReason"))
            for code in NEEDED
        ),
        "title, text and entries": all(
            s["title"] and s["text"]["div"] and (s.get("entry") or "emptyReason" in s)
            for s in first["section"]
        ),
    }
    wrong = [name for name, holds in rules.items() if not holds]
    for code, section in sections.items():
        for each in section.get("entry", ()):
            resource = held[each["reference"]]
            if resource["resourceType"] not in HOLDS[code]:
                wrong.append(f"{code} holds {resource['resourceType']}")
            wrong += [f"{resource['resourceType']} {leaf}" for leaf in lacking(resource)]
    return wrong


def lacking(resource):
    """What the profiles of the guide ask of a resource, and is not there."""
    asked = {
        "Condition": ("code", "subject"), "AllergyIntolerance": ("code", "patient"),
        "MedicationStatement": ("effective", "subject"), "Immunization": ("occurrence", "vaccine"),
        "Procedure": ("performed", "code"), "Observation": ("effective", "subject"),
    }.get(resource["resourceType"], ())  # fmt: skip
    return [a for a in asked if not any(n.lstrip("_").startswith(a) for n in resource)]


def test_every_resource_is_r4(made):
    """The Bundle and all that is in it."""
    assert is_valid(made)
    for entry in made["entry"]:
        assert is_valid(entry["resource"]), entry["resource"]


def test_the_sections_that_the_guide_asks_for_are_there(made):
    """Problems, allergies and medicines, even where there is nothing to say."""
    composition = made["entry"][0]["resource"]
    codes = [each["code"]["coding"][0]["code"] for each in composition["section"]]
    assert codes[:3] == ["11450-4", "48765-2", "10160-0"]
    medicines = composition["section"][2]
    assert medicines["emptyReason"]["coding"][0]["code"] == "unavailable"
    assert "entry" not in medicines


def test_it_is_as_the_guide_says(made):
    """Bundle-uv-ips, Composition-uv-ips, Patient-uv-ips and what they ask of entries."""
    assert against_the_guide(made) == []


def test_nothing_known_of_anybody_is_said_as_not_known():
    """No name, no birth date, no entries: each is there, with the reason of its absence."""
    nobody = identity(family="", given="", birth_date="", phone="", address="", postcode="")
    made = document(assemble({}, at=AT), patient=patient_of(7, [nobody]), resources={}, base=BASE,
                    author="Test district", at=AT)  # fmt: skip
    assert against_the_guide(made) == []
    assert all(is_valid(entry["resource"]) for entry in made["entry"])
    sections = made["entry"][0]["resource"]["section"]
    assert [each["emptyReason"]["coding"][0]["code"] for each in sections] == ["unavailable"] * 3


def test_a_statement_that_nothing_is_known_is_handed_on():
    """A source said so, with its code: that is not an empty section."""
    none = said("AllergyIntolerance", "No known allergy", 4, system=SNOMED, code="716186003")
    made = document(assemble({"AllergyIntolerance": [none]}, at=AT), patient=patient_of(7, []),
                    resources={}, base=BASE, author="x", at=AT)  # fmt: skip
    assert against_the_guide(made) == []
    assert made["entry"][4]["resource"]["code"]["coding"][0]["code"] == "716186003"


@pytest.mark.parametrize("category", ["vital-signs", "Vital Signs"])
def test_vital_signs_have_their_section(category):
    """By what the resource says; the page does not read it."""
    resource = {
        "resourceType": "Observation", "id": "o3", "status": "final", "code": {"text": "Pulse"},
        "category": [{"coding": [{"code": category}]}],
    }  # fmt: skip
    summary = assemble({"Observation": [said("Observation", "Pulse", 3)]}, at=AT)
    made = document(summary, patient=patient_of(7, []), resources={3: resource}, base=BASE,
                    author="x", at=AT)  # fmt: skip
    codes = [s["code"]["coding"][0]["code"] for s in made["entry"][0]["resource"]["section"]]
    assert codes == [*NEEDED, "8716-3"]
    assert against_the_guide(made) == []


def test_a_wish_that_came_as_a_composition_is_no_second_one():
    """bdl-ips-1: the page shows it, the document holds its own Composition alone."""
    wish = said("Composition", "Advance decision", 9, code="42348-3")
    made = document(assemble({"Composition": [wish]}, at=AT), patient=patient_of(7, []),
                    resources={}, base=BASE, author="x", at=AT)  # fmt: skip
    assert against_the_guide(made) == []


def test_every_reference_holds_inside_or_is_absolute(made):
    """Whoever receives the document can follow all of it."""
    inside = {entry["fullUrl"] for entry in made["entry"]}
    assert len(inside) == len(made["entry"])
    found = list(references(made))
    assert found
    for reference in found:
        assert reference in inside or reference.startswith(BASE), reference


def test_the_record_of_two_sources_is_of_one_person(made):
    """Each source has its own Patient; in the document there is one."""
    person = made["entry"][1]["fullUrl"]
    assert made["entry"][1]["resource"]["resourceType"] == "Patient"
    subjects = [
        (entry["resource"].get("subject") or entry["resource"].get("patient"))["reference"]
        for entry in made["entry"][4:]
    ]
    assert set(subjects) == {person}


def test_a_result_of_hl7_v2_gets_a_resource(made):
    """It came without one, and is in the document all the same."""
    results = [
        e["resource"] for e in made["entry"] if e["resource"]["resourceType"] == "Observation"
    ]
    assert results[0]["valueString"] == "4.1 mmol/L"


def test_words_of_sources_are_escaped(made):
    """A narrative is XHTML."""
    narrative = made["entry"][0]["resource"]["section"][0]["text"]["div"]
    assert "Asthma &lt;b&gt;" in narrative


def test_a_sensitive_address_is_left_out():
    """Whoever is hidden stays hidden in a document that travels."""
    assert "address" not in patient_of(7, [identity(), identity(restricted=True)])


@given(st.text(max_size=40), st.text(max_size=40))
def test_any_words_make_a_valid_document(words, value):
    """Whatever a source wrote."""
    summary = assemble({"Observation": [said("Observation", words, 3, value=value)]}, at=AT)
    assert entries_of(summary) == [3]
    made = document(summary, patient=patient_of(7, []), resources={}, base=BASE, author="x", at=AT)
    assert made["entry"][0]["resource"]["section"][3]["entry"]


def references(value):
    """Every reference in a resource."""
    if isinstance(value, dict):
        if isinstance(value.get("reference"), str):
            yield value["reference"]
        for each in value.values():
            yield from references(each)
    elif isinstance(value, list):
        for each in value:
            yield from references(each)
