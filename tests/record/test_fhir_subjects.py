"""Whose a result is that came as HL7 v2: composed at read, it says so as FHIR wants it."""

import pytest
from access_worlds import entry, identity
from fhir_asking import Client

from onesystem.feeds.fhir.validation import check

pytestmark = pytest.mark.django_db


@pytest.fixture
def app(district):
    from onesystem import wiring

    wiring.connect()
    identity(1, 1, source="pas")
    return Client()


@pytest.mark.parametrize(("kind", "leaf"), [
    ("Observation", "subject"), ("Condition", "subject"), ("AllergyIntolerance", "patient"),
    ("DiagnosticReport", "subject"),
])  # fmt: skip
def test_by_the_source_s_own_number(app, kind, leaf):
    entry(10, 1, kind=kind)
    said = app.get(f"{kind}/e10").json
    number = {"system": "urn:onesystem:pas", "value": "S1"}
    assert said[leaf] == {"type": "Patient", "identifier": number}


def test_by_the_patient_of_the_same_identity(app):
    entry(10, 1, kind="Observation")
    entry(11, 1, kind="Patient")
    assert app.get("Observation/e10").json["subject"] == {"reference": "Patient/e11"}


def test_a_condition_is_then_r4(app):
    """It has all that must be there."""
    entry(10, 1, kind="Condition", status="")
    said = app.get("Condition/e10").json
    check(said)


def test_what_is_about_nobody_has_no_subject(app):
    entry(10, 0, kind="Observation")
    assert "subject" not in app.get("Observation/e10").json
