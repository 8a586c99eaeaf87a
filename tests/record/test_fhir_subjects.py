"""Whose a result is that came as HL7 v2: composed at read, it says so as FHIR wants it."""

import pytest
from access_worlds import contact, entry, identity
from fhir_asking import Client

from onesystem.feeds.fhir.validation import check
from onesystem.people.models import Identity
from onesystem.record.fhir.searching import index
from onesystem.record.models import EntryRow

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


class TestSearches:
    """What came as HL7 v2 is found by every Patient of the person, as the linkage stands."""

    @pytest.fixture
    def shared(self, app):
        identity(2, 1, source="practice")
        identity(3, 3, source="practice")
        for number, of in ((21, 2), (31, 3)):
            entry(number, of, kind="Patient", source="practice")
        entry(10, 1, kind="Observation")
        entry(11, 1, kind="DiagnosticReport")
        entry(13, 3, kind="Observation")
        return app

    @pytest.mark.parametrize(("query", "found"), [
        ("Observation?patient=e21", ["e10"]), ("Observation?subject=Patient/e21", ["e10"]),
        ("Observation?subject:Patient=e21&_sort=_id", ["e10"]),
        ("Observation?patient=e31", ["e13"]),
        ("Observation?patient=e21,e31", ["e10", "e13"]), ("Patient/e21/Observation", ["e10"]),
        ("DiagnosticReport?patient=e21&_count=1", ["e11"]), ("Observation?patient=nobody", []),
        ("?_type=Observation,DiagnosticReport&patient=e21", ["e10", "e11"]),
    ])  # fmt: skip
    def test_by_patient(self, shared, query, found):
        entries = shared.get(query).json.get("entry", [])
        assert sorted(each["resource"]["id"] for each in entries) == found

    @pytest.fixture(params=["few", "many"])
    def indexed(self, request, shared, monkeypatch):
        """With what searches look for; and as if many entries met each condition."""
        rows = {each.entry: each.id for each in EntryRow.objects.all()}
        coded = {"code": {"coding": [{"system": "urn:c", "code": "k"}]}}
        index.index([
            (rows[10], "Observation", 1, coded), (rows[13], "Observation", 3, coded),
            (rows[21], "Patient", 2, {"identifier": [{"system": "urn:n", "value": "1"}]}),
            (rows[31], "Patient", 3, {"identifier": [{"system": "urn:n", "value": "3"}]}),
        ])  # fmt: skip
        if request.param == "many":
            for name in ("MANY", "ENOUGH"):
                monkeypatch.setattr(f"onesystem.record.fhir.searching.starting.{name}", 1)
        return shared

    @pytest.mark.parametrize(("query", "found"), [
        ("Observation?patient.identifier=urn:n|1", ["e10"]),
        ("Observation?subject:Patient.identifier=urn:n|3", ["e13"]),
        ("Observation?patient.identifier=urn:n|1,urn:n|3&code=k", ["e10", "e13"]),
        ("Observation?patient.identifier=urn:n|2", []),
        ("DiagnosticReport?patient.identifier=urn:n|1", ["e11"]),
        ("Observation?code=urn:c|k&patient.identifier=urn:n|3", ["e13"]),
        ("Patient?_has:Observation:patient:code=urn:c|k", ["e21", "e31"]),
        ("Patient?_has:Observation:subject:code=k&identifier=urn:n|1", ["e21"]),
        ("Patient?_has:Observation:patient:code=none", []),
        ("Patient?_has:DiagnosticReport:patient:_id=e11", ["e21"]),
        ("Observation?patient._has:DiagnosticReport:patient:_id=e11", ["e10"]),
    ])  # fmt: skip
    def test_through_a_patient(self, indexed, query, found):
        answer = indexed.get(query)
        entries = answer.json.get("entry", [])
        assert sorted(each["resource"]["id"] for each in entries) == found, answer.body

    @pytest.mark.parametrize("query", [
        "Observation?patient.identifier=urn:n|1", "Patient?_has:Observation:patient:code=k",
    ])  # fmt: skip
    def test_through_nobody_who_may_not_be_seen(self, indexed, query):
        """Neither by a Patient that is shut, nor by a result that is."""
        contact(1, 1)
        nurse = Client(role="ed-nurse", purpose="direct care", name="nurse")
        shut = "e21" if "identifier" in query else "e10"
        assert len(nurse.get(query).json["entry"]) == 1
        EntryRow.objects.filter(logical=shut).update(label=16)
        assert "entry" not in nurse.get(query).json

    def test_a_merge_moves_them(self, shared):
        Identity.objects.filter(id=3).update(person=1)
        entries = shared.get("Observation?patient=e21").json["entry"]
        assert sorted(each["resource"]["id"] for each in entries) == ["e10", "e13"]

    def test_a_patient_that_may_not_be_seen_leads_to_nobody(self, shared):
        """The nurse looks after this person and sees what is theirs, but not that one Patient."""
        contact(1, 1)
        EntryRow.objects.filter(logical="e21").update(label=16)
        nurse = Client(role="ed-nurse", purpose="direct care", name="nurse")
        assert nurse.get("Observation/e10").status == 200
        assert nurse.get("Patient/e21").status == 404
        assert nurse.get("Observation?patient=e21").json["total"] == 0


def test_what_was_said_without_a_body(app):
    """Whatever signs the words hold, and whether there is a time or not."""
    from django.db import connection

    entry(10, 1, kind="Observation")
    words = "one\x1ftwo 'three'"
    for at, said in ((1_700_000_000_000_000, "2023-11-14T22:13:20.000Z"), (None, None)):
        with connection.cursor() as cursor:
            cursor.execute(
                "UPDATE record_entry SET words = %s, value = '4', unit = 'mmol/L', at = %s "
                "WHERE entry = 10",
                [words, at],
            )
        found = app.get("Observation/e10").json
        assert found["code"] == {"text": "one two 'three'"}
        assert found["valueQuantity"] == {"value": 4, "unit": "mmol/L"}
        assert found.get("effectiveDateTime") == said
