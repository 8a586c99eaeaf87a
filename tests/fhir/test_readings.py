"""Patients, encounters, requests and entries: what becomes of each, R4 and STU3."""

from datetime import UTC, date, datetime
from functools import cache

import orjson
import pytest
from fhir_samples import NOW, lines, reading

from onesystem.feeds.fhir import FhirReader
from onesystem.vocabulary import (
    Act,
    CheckState,
    ContactEvent,
    Entry,
    PersonSeen,
    Remark,
    RequestSeen,
    Setting,
)

NHS = "https://fhir.nhs.uk/Id/nhs-number"
VERIFIED = {"url": "https://fhir.hl7.org.uk/StructureDefinition/Extension-UKCore-NHSNumberVerificationStatus",
            "valueCodeableConcept": {"coding": [{"code": "01"}]}}  # fmt: skip


def only(readings, kind):
    found = [r for r in readings if isinstance(r, kind)]
    assert len(found) == 1
    return found[0]


def stay(**more):
    return {"resourceType": "Encounter", "id": "e", "status": "finished", "class": {"code": "EMER"},
            "subject": {"reference": "Patient/7"},
            "period": {"start": "2026-01-01T10:00:00Z", "end": "2026-01-01T13:30:00Z"}, **more}  # fmt: skip  # noqa: E501


def at(hour, minute=0, day=1):
    return datetime(2026, 1, day, hour, minute, tzinfo=UTC)


class TestPatients:
    def test_numbers_names_and_places(self, read):
        seen = only(read({
            "resourceType": "Patient", "id": "7", "gender": "female", "birthDate": "1980-03-02",
            "meta": {"lastUpdated": "2026-02-01T00:00:00Z", "security": [{"code": "R"}]},
            "identifier": [
                {"system": NHS, "value": "943 476 5919", "extension": [VERIFIED]},
                {"system": NHS, "value": "9434765870", "use": "old"},
                {"system": "urn:local", "value": "A1"},
            ],
            "name": [
                {"use": "old", "family": "Brown", "given": ["Māia"]},
                {"use": "usual", "family": "Ngata", "given": ["Māia", "Rose"]},
            ],
            "address": [
                {"use": "home", "line": ["1 Old Road"], "postalCode": "NR1 1AA",
                 "period": {"end": "2020-01-01"}},
                {"use": "home", "line": ["2 New Road"], "city": "Norwich", "postalCode": "NR2 2BB"},
            ],
            "telecom": [{"system": "email", "value": "x@y"},
                        {"system": "phone", "use": "mobile", "value": "07700900000"}],
            "generalPractitioner": [{"identifier": {"value": "D82001"}}],
            "deceasedDateTime": "2026-01-31T10:00:00+00:00",
        }), PersonSeen)  # fmt: skip
        assert (seen.subject, seen.family, seen.given) == ("Patient/7", "Ngata", "Māia Rose")
        assert seen.other_names == (("Brown", "Māia"),)
        assert [(i.scheme, i.value, i.verified, i.superseded) for i in seen.identifiers] == [
            ("nhs", "9434765919", True, False), ("nhs", "9434765870", False, True),
            ("urn:local", "A1", False, False),
        ]  # fmt: skip
        assert (seen.address, seen.postcode) == ("2 New Road, Norwich", "NR2 2BB")
        assert (seen.phone, seen.practice) == ("07700900000", "D82001")
        assert (seen.birth_date, seen.died) == (date(1980, 3, 2), date(2026, 1, 31))
        assert seen.restricted

    def test_a_birth_year_is_no_birthday(self, read):
        seen = only(read({"resourceType": "Patient", "id": "7", "birthDate": "1980"}), PersonSeen)
        assert seen.birth_date is None

    def test_new_zealand_numbers(self, read):
        seen = [r for line in lines("nz_base", "instances.ndjson.gz") for r in read(line)
                if isinstance(r, PersonSeen)]  # fmt: skip
        schemes = {i.scheme for person in seen for i in person.identifiers}
        assert "nhi" in schemes

    def test_a_contained_patient_is_somebody_too(self, read):
        made = read({"resourceType": "Observation", "id": "o", "status": "final",
                     "code": {"text": "x"}, "subject": {"reference": "#p"},
                     "contained": [{"resourceType": "Patient", "id": "p",
                                    "name": [{"family": "Ngata"}]}]})  # fmt: skip
        assert only(made, PersonSeen).subject == only(made, Entry).subject == "Observation/o#p"

    def test_people_without_an_id_do_not_share_the_key_of_a_false_number(self, read):
        keys = {
            only(read({"resourceType": "Patient", "name": [{"family": name}],
                       "identifier": [{"system": NHS, "value": "1234567890"}]}), PersonSeen).subject
            for name in ("Gainsford", "Birdi")
        }  # fmt: skip
        assert len(keys) == 2


class TestEncounters:
    def test_a_visit_as_it_stands(self, read):
        event = only(read(stay(
            location=[{"location": {"display": "A&E"}}], priority={"text": "urgent"},
            reasonCode=[{"text": "fall"}], partOf={"reference": "Encounter/before"},
            hospitalization={"admitSource": {"text": "ambulance"},
                             "dischargeDisposition": {"text": "home"}},
            participant=[{"individual": {"display": "Dr Lee"}}],
            meta={"versionId": "3", "lastUpdated": "2026-01-01T14:00:00Z"},
        )), ContactEvent)  # fmt: skip
        assert event == ContactEvent(
            visit="Encounter/e", subject="Patient/7", act=Act.STATE, at=at(10), recorded=at(14),
            order="00000000000000000003", service="ed", setting=Setting.ED, started=at(10),
            ended=at(13, 30), mode="ambulance", urgency="urgent", reason="fall", outcome="home",
            by="Dr Lee", cause="Encounter/before",
        )  # fmt: skip

    @pytest.mark.parametrize(
        ("code", "setting"),
        [("EMER", Setting.ED), ("IMP", Setting.WARD), ("AMB", Setting.OUTPATIENT),
         ("HH", Setting.COMMUNITY), ("VR", Setting.TELEPHONE), ("FLD", Setting.AMBULANCE)],
    )  # fmt: skip
    def test_its_class_is_its_setting(self, read, code, setting):
        assert only(read(stay(**{"class": {"code": code}})), ContactEvent).setting is setting

    def test_a_place_that_is_not_mapped_is_named_and_remarked(self, read):
        made = read(stay(location=[{"location": {"reference": "Location/x9", "display": "Bay 9"}}]))
        assert only(made, ContactEvent).service == "pas/Location/x9"
        assert only(made, Remark).rule == "unmapped-place"

    def test_a_source_with_one_service_needs_no_map(self, read):
        event = only(read(stay(**{"class": {"code": "AMB"}}), source="practice"), ContactEvent)
        assert (event.service, event.setting) == ("gp", Setting.GENERAL_PRACTICE)

    @pytest.mark.parametrize("status", ["cancelled", "entered-in-error"])
    def test_what_never_was_is_cancelled(self, read, status):
        assert only(read(stay(status=status)), ContactEvent).cancelled

    def test_a_planned_visit_is_waited_for(self, read):
        event = only(
            read(stay(status="planned", period={"start": "2026-04-01T10:00:00Z"})), ContactEvent
        )
        assert (event.requested, event.started, event.ended) == (NOW, None, None)

    def test_a_move_between_places_is_a_move(self, read):
        made = [r for r in read(stay(location=[
            {"location": {"reference": "Location/w1"}, "period": {"start": "2026-01-01T12:00:00Z"}},
            {"location": {"display": "A&E"}, "period": {"start": "2026-01-01T10:00:00Z"}},
        ])) if isinstance(r, ContactEvent)]  # fmt: skip
        assert [(e.act, e.at, e.service) for e in made] == [
            (Act.STATE, at(10), "ed"), (Act.MOVE, at(12), "ward-a"),
        ]  # fmt: skip
        assert made[0].order < made[1].order

    def test_a_consultation_without_an_end_ended_when_it_began(self, read):
        event = only(read(stay(period={"start": "2026-01-01T10:00:00Z"})), ContactEvent)
        assert event.ended == event.started

    def test_local_times_are_the_sources(self, read):
        event = only(read(stay(status="in-progress", period={"start": "2026-07-01"})), ContactEvent)
        assert event.started == datetime(2026, 6, 30, 23, tzinfo=UTC)


class TestRequests:
    def order(self, **more):
        return {"resourceType": "ServiceRequest", "id": "s", "status": "active", "intent": "order",
                "subject": {"reference": "Patient/7"}, "code": {"text": "X-ray"},
                "authoredOn": "2026-01-01T10:00:00Z", "priority": "urgent",
                "performer": [{"display": "A&E"}], "requester": {"display": "Dr Lee"}, **more}  # fmt: skip  # noqa: E501

    def test_an_order_is_a_request(self, read):
        asked = only(read(self.order()), RequestSeen)
        assert (asked.key, asked.status, asked.service, asked.by, asked.at) == (
            "ServiceRequest/s", "received", "ed", "Dr Lee", at(10),
        )  # fmt: skip
        assert (asked.what.display, asked.urgency) == ("X-ray", "urgent")

    def test_a_plan_is_not_a_request_yet(self, read):
        assert [type(r) for r in read(self.order(intent="plan"))] == [Entry]

    @pytest.mark.parametrize(("status", "state"), [("completed", "done"), ("revoked", "revoked"),
                                                   ("entered-in-error", "revoked")])  # fmt: skip
    def test_how_it_stands(self, read, status, state):
        assert only(read(self.order(status=status)), RequestSeen).status == state

    def test_an_appointment_is_booked(self, read):
        asked = only(read({
            "resourceType": "Appointment", "id": "a", "status": "booked",
            "participant": [{"actor": {"reference": "Patient/7"}, "status": "accepted"}],
        }), RequestSeen)  # fmt: skip
        assert (asked.subject, asked.status) == ("Patient/7", "booked")

    def test_a_rejected_task_is_returned(self, read):
        asked = only(read({"resourceType": "Task", "id": "t", "status": "rejected",
                           "intent": "order", "for": {"reference": "Patient/7"},
                           "statusReason": {"text": "more history"}}), RequestSeen)  # fmt: skip
        assert (asked.status, asked.reason) == ("returned", "more history")


class TestEntries:
    def test_an_observation(self, read):
        made = only(read({
            "resourceType": "Observation", "id": "o", "status": "final",
            "subject": {"reference": "Patient/7"}, "encounter": {"reference": "Encounter/e"},
            "effectiveDateTime": "2026-01-01T10:00:00Z",
            "identifier": [{"system": "lab", "value": "9"}],
            "code": {"coding": [{"system": "x", "code": "1"},
                                {"system": "http://loinc.org", "code": "29463-7", "display": "Weight"}]},  # noqa: E501
            "valueQuantity": {"value": 71.5, "unit": "kg"},
        }), Entry)  # fmt: skip
        assert (made.code.code, made.value, made.unit, made.visit) == (
            "29463-7",
            "71.5",
            "kg",
            "Encounter/e",
        )
        assert (made.at, made.recorded, made.numbers) == (at(10), NOW, ("lab|9",))

    def test_a_blood_pressure_reads_as_one_value(self, read):
        part = {"code": {"text": "x"}}
        made = only(read({
            "resourceType": "Observation", "id": "o", "status": "final", "code": {"text": "BP"},
            "component": [{**part, "valueQuantity": {"value": 120, "unit": "mmHg"}},
                          {**part, "valueQuantity": {"value": 80, "unit": "mmHg"}}]}), Entry)  # fmt: skip  # noqa: E501
        assert (made.value, made.unit) == ("120/80", "mmHg")

    def test_a_refuted_problem_is_refuted(self, read):
        system = "http://terminology.hl7.org/CodeSystem/condition-ver-status"
        made = only(read({"resourceType": "Condition", "id": "c", "subject": {"reference": "Patient/7"},  # noqa: E501
                          "verificationStatus": {"coding": [{"system": system, "code": "refuted"}]}}), Entry)  # fmt: skip  # noqa: E501
        assert made.status == "refuted"


@cache
def gp_connect():
    return [reading(line, source="gp") for line in lines("gp_connect", "records.ndjson.gz")]


class TestGpConnect:
    """STU3 records of English practices (see tests/data/fhir/README.md)."""

    def test_people_who_share_a_false_number_stay_apart(self):
        records = gp_connect()
        people = [only(record, PersonSeen) for record in records]
        assert [p.family for p in people] == ["Gainsford", "Gainsford", "Birdi"]
        assert {i.value for p in people for i in p.identifiers if i.scheme == "nhs"} == {
            "1234567890"
        }
        assert {i.check for p in people for i in p.identifiers if i.scheme == "nhs"} == {
            CheckState.FAILS
        }
        assert people[0].subject == people[1].subject != people[2].subject

    def test_the_practice_is_its_national_code(self):
        records = gp_connect()
        assert only(records[0], PersonSeen).practice.isalnum()

    def test_consultations_are_contacts_of_general_practice(self):
        records = gp_connect()
        events = [r for r in records[0] if isinstance(r, ContactEvent)]
        assert events
        assert {e.setting for e in events} == {Setting.GENERAL_PRACTICE}
        assert all(e.started and e.ended for e in events)

    def test_older_shapes_are_read(self):
        records = gp_connect()
        entries = {e.kind: e for e in records[2] if isinstance(e, Entry)}
        assert entries["AllergyIntolerance"].status
        assert entries["Observation"].at

    def test_a_list_without_an_id_has_a_key_that_lasts(self):
        records = gp_connect()
        keys = [
            {e.key for e in r if isinstance(e, Entry) and e.kind == "List"} for r in records[:2]
        ]
        assert keys[0] & keys[1]

    def test_the_version_is_flagged(self):
        records = gp_connect()
        assert any(isinstance(r, Remark) and r.rule == "fhir.stu3" for r in records[0])


class TestExplaining:
    def test_each_element_is_named(self):
        text = orjson.dumps({"resourceType": "Patient", "id": "7", "gender": "femal"})
        said = {line.text.split(":")[0]: line for line in FhirReader().explain(text)}
        assert said["gender"].says == "sex"
        assert "female" in said["gender"].problem

    def test_every_sample_is_explained(self):
        for line in [
            *lines("gp_connect", "records.ndjson.gz"),
            *lines("pds", "resources.ndjson.gz"),
        ]:
            assert FhirReader().explain(line)
