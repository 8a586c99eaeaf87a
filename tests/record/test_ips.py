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
        for entry in made["entry"][3:]
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
