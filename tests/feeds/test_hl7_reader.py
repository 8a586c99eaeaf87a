# ruff: noqa: E501, ISC004, PT017  messages and rows are shown as they are
"""What HL7 v2 messages say: persons, visits, appointments, orders, results, documents."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from hl7_samples import adt, merge

from onesystem.feeds.hl7v2.reader import Hl7Reader
from onesystem.vocabulary import (
    Act,
    BadInput,
    ContactEvent,
    Entry,
    Identifier,
    PersonSeen,
    Remark,
    RequestSeen,
    Setting,
    SubjectsMerged,
    key_elsewhere,
)

RECEIVED = datetime(2026, 3, 2, 12, tzinfo=UTC)
HEAD = "MSH|^~\\&|LAB|RM1|ONE|D|20260302100000||{type}|7|P|2.4"
PID = "PID|1||1001^^^RM1^MR||HUGHES^SIAN||19500304|F"


@pytest.fixture
def read(district):
    def do(message, source="pas"):
        if isinstance(message, list):
            message = "\r".join(message).encode()
        return Hl7Reader().read(
            message, source=district.source(source), district=district, received=RECEIVED
        )

    return do


def of(kind, readings):
    return [each for each in readings if type(each) is kind]


def only(kind, readings):
    (found,) = of(kind, readings)
    return found


def rules(readings):
    return sorted(remark.rule for remark in of(Remark, readings))


class TestPerson:
    def test_everything_that_pid_says(self, read):
        pid = (
            "PID|1||555^^^RM1^PI~1001^^^RM1^MR~943 476 5919^^^NHS^NH||HUGHES^SIAN^ANN^^^^L~JONES^SIAN"
            "^^^^^M||19500304|F|||1 MILL ROAD^FLAT 2^NORWICH^^NR1 1AA^^H||01603 555^PRN^PH||||||||||"
            "||||||20260301|Y||NSTS01"
        )
        seen = only(PersonSeen, read([HEAD.format(type="ADT^A31"), pid, "PD1|||MILL^^D82001"]))
        assert seen.subject == "RM1:1001"
        assert seen.identifiers == (
            Identifier("pas/RM1", "555"),
            Identifier("pas/RM1", "1001"),
            Identifier("nhs", "9434765919", verified=True),
        )
        assert (seen.family, seen.given) == ("HUGHES", "SIAN ANN")
        assert seen.other_names == (("JONES", "SIAN"),)
        assert (seen.birth_date, seen.died) == (date(1950, 3, 4), date(2026, 3, 1))
        assert seen.address == "1 MILL ROAD, FLAT 2, NORWICH"
        assert (seen.postcode, seen.phone, seen.practice) == ("NR1 1AA", "01603 555", "D82001")

    def test_the_key_does_not_depend_on_the_order_of_numbers(self, read):
        numbers = ["9434765919^^^NHS^NH", "1001^^^RM1^MR", "77^^^X^AN"]
        keys = {
            only(PersonSeen, read([HEAD.format(type="ADT^A31"), f"PID|1||{'~'.join(n)}"])).subject
            for n in (numbers, numbers[::-1])
        }
        assert keys == {"RM1:1001"}

    @pytest.mark.parametrize(
        ("born", "meant", "flags"),
        [("19500304", date(1950, 3, 4), []), ("195003", None, ["partial-birth-date"]),
         ("19509999", None, ["partial-birth-date"]), ("195003041212", date(1950, 3, 4), [])],
    )  # fmt: skip
    def test_birth_dates(self, read, born, meant, flags):
        readings = read([HEAD.format(type="ADT^A31"), f"PID|1||1||X||{born}"])
        assert only(PersonSeen, readings).birth_date == meant
        assert rules(readings) == flags

    def test_without_any_number(self, read):
        with pytest.raises(BadInput, match="PID-3") as refusal:
            read([HEAD.format(type="ADT^A31"), "PID|1||||HUGHES^SIAN"])
        assert refusal.value.rule == "hl7.no-patient"


class TestVisits:
    @pytest.mark.parametrize(
        ("trigger", "act"),
        [("A01", Act.START), ("A02", Act.MOVE), ("A03", Act.END), ("A04", Act.START),
         ("A05", Act.REQUEST), ("A06", Act.MOVE), ("A07", Act.MOVE), ("A08", Act.NOTE),
         ("A11", Act.CANCEL), ("A12", Act.UNMOVE), ("A13", Act.UNEND), ("A14", Act.REQUEST),
         ("A16", Act.READY), ("A21", Act.NOTE), ("A25", Act.UNREADY), ("A27", Act.CANCEL),
         ("A38", Act.CANCEL), ("A45", Act.NOTE)],
    )  # fmt: skip
    def test_what_a_trigger_does(self, read, trigger, act):
        event = only(ContactEvent, read(adt(trigger)))
        assert (event.act, event.visit, event.subject) == (act, "V1", "RM1:1001")
        assert (event.service, event.setting, event.bed) == ("ward-a", Setting.WARD, "BAY1-B2")
        assert event.at == event.recorded == datetime(2026, 3, 2, 8, tzinfo=UTC)

    @pytest.mark.parametrize("trigger", ["A28", "A29", "A31", "A60"])
    def test_some_are_about_the_person_only(self, read, trigger):
        assert of(ContactEvent, read(adt(trigger))) == []

    @pytest.mark.parametrize(
        ("kind", "setting"),
        [
            ("E", Setting.ED),
            ("I", Setting.WARD),
            ("O", Setting.OUTPATIENT),
            ("", Setting.OUTPATIENT),
        ],
    )
    def test_an_unmapped_place(self, read, kind, setting):
        readings = read(adt("A01", ward="LOUNGE", **{"class": kind}))
        event = only(ContactEvent, readings)
        assert (event.service, event.setting) == ("pas/LOUNGE", setting)
        assert of(Remark, readings) == [Remark(rule="unmapped-place", what="LOUNGE", where="PV1-3")]

    def test_without_a_visit_number_the_account_or_the_admission_serves(self, read):
        message = adt("A01", visit="")
        with pytest.raises(BadInput, match="PV1-19"):
            read(message)
        admitted = message + b"|" * 25 + b"202603020755"
        assert only(ContactEvent, read(admitted)).visit == "RM1:1001@202603020755"

    def test_local_and_offset_times(self, read):
        for written, meant in (
            ("202607010900", datetime(2026, 7, 1, 8, tzinfo=UTC)),
            ("202607010900+0200", datetime(2026, 7, 1, 7, tzinfo=UTC)),
            ("20260701090000.5000-0500", datetime(2026, 7, 1, 14, 0, 0, 500000, tzinfo=UTC)),
            ("2026-07-01T09:00:00Z", datetime(2026, 7, 1, 9, tzinfo=UTC)),
            ("20260701", datetime(2026, 6, 30, 23, tzinfo=UTC)),
        ):
            message = adt("A31").replace(b"202603020800", written.encode())
            assert only(PersonSeen, read(message)).at == meant

    def test_a_time_that_is_none_is_flagged(self, read):
        readings = read(adt("A01").replace(b"202603020800", b"yesterday"))
        assert (
            rules(readings) == ["bad-time", "bad-time", "no-message-time"][-len(rules(readings)) :]
        )
        assert only(ContactEvent, readings).recorded == RECEIVED

    def test_the_future_and_a_negative_stay_are_flagged(self, read):
        future = adt("A01").replace(b"202603020800", b"209903020800")
        assert "in-the-future" in rules(read(future))
        negative = adt("A03") + b"|" * 25 + b"202603020755|202603010755"
        assert "ends-before-it-starts" in rules(read(negative))


class TestMerges:
    def test_pairs(self, read):
        merged = only(SubjectsMerged, read(merge("1001", "1002")))
        assert (merged.subject, merged.old) == ("RM1:1002", "RM1:1001")

    def test_two_pairs_in_one_message(self, read, data):
        readings = read((data / "hl7v2" / "ADT-A40-02.hl7").read_bytes())
        assert [(m.subject, m.old) for m in of(SubjectsMerged, readings)] == [
            ("BCBS:12345", "BCBS:56789"),
            ("BCBS:145", "BCBS:569"),
        ]

    def test_without_the_old_number(self, read):
        with pytest.raises(BadInput, match="MRG-1"):
            read([HEAD.format(type="ADT^A40"), PID, "MRG|"])

    def test_a_visit_that_was_another(self, read):
        message = adt("A42") + b"\rMRG|||||V0"
        acts = {event.visit: event.act for event in of(ContactEvent, read(message))}
        assert acts == {"V0": Act.CANCEL, "V1": Act.NOTE}


class TestOthers:
    def test_an_appointment_and_its_end(self, read):
        def message(trigger):
            return [HEAD.format(type=f"SIU^{trigger}"), "SCH|1|A77|||||Check up^Check up", PID,
                    "AIL|1||WARDA^R1"]  # fmt: skip

        booked = only(ContactEvent, read(message("S12")))
        assert (booked.visit, booked.act, booked.service) == (
            "appointment/A77", Act.REQUEST, "ward-a",
        )  # fmt: skip
        missed = only(ContactEvent, read(message("S26")))
        assert (missed.act, missed.outcome) == (Act.CANCEL, "did not attend")

    def test_results_are_a_report_observations_and_a_contact(self, read):
        readings = read(
            [HEAD.format(type="ORU^R01"), PID,
             "OBR|1|P1|F1|FBC^Full blood count^L||202603020700|202603020800|||||||||||||||"
             "202603020930||HAEM|F",
             "OBX|1|NM|718-7^Haemoglobin^LN||131|g/L|115-165|N|||F",
             "OBX|2|TX|C^Comment^L||Film\\T\\smear~normal||||||P"]
        )  # fmt: skip
        report, haemoglobin, comment = of(Entry, readings)
        assert (report.kind, report.key, report.status) == ("DiagnosticReport", "F1/FBC", "final")
        assert (haemoglobin.value, haemoglobin.unit, haemoglobin.status) == ("131", "g/L", "final")
        assert haemoglobin.code.system == "http://loinc.org"
        assert (comment.value, comment.status) == ("Film&smear; normal", "preliminary")
        contact = only(ContactEvent, readings)
        assert (contact.service, contact.setting) == ("pas/HAEM", Setting.DIAGNOSTICS)
        times = [contact.requested, contact.started, contact.ended]
        assert [f"{t:%H:%M}" for t in times] == ["07:00", "08:00", "09:30"]

    def test_an_order_is_a_request(self, read):
        request = only(
            RequestSeen,
            read([HEAD.format(type="ORM^O01"), PID, "ORC|NW|P9||||||||||C1^SMITH^JO^^^DR",
                  "OBR|1|P9||XR^Chest X-ray^L|S"]),
        )  # fmt: skip
        assert (request.key, request.what.code, request.by) == ("P9", "XR", "DR JO SMITH")
        assert (request.status, request.urgency) == ("active", "S")

    def test_a_referral_is_a_request(self, read):
        rf1 = "RF1|P|A^ASAP|MED^Medical^L|||R-55|20260301|||PAIN^Chest pain^L"
        request = only(RequestSeen, read([HEAD.format(type="REF^I12"), rf1, PID]))
        assert (request.key, request.urgency, request.reason) == ("R-55", "ASAP", "Chest pain")

    def test_a_document_with_its_text(self, read):
        entry = only(
            Entry,
            read([HEAD.format(type="MDM^T02"), PID, "TXA|1|DS^Discharge|TX|20260302||||||||D-9",
                  "OBX|1|TX|||Dear doctor", "OBX|2|TX|||all is well"]),
        )  # fmt: skip
        assert (entry.kind, entry.key, entry.value) == (
            "DocumentReference", "D-9", "Dear doctor\nall is well",
        )  # fmt: skip

    def test_a_type_without_rules_is_read_for_the_person(self, read):
        readings = read([HEAD.format(type="DFT^P03"), PID, "FT1|1", "DG1|1||I21^MI^I10"])
        assert only(PersonSeen, readings)
        assert only(Entry, readings).code.code == "I21"
        assert rules(readings) == ["no-rule-for-type"]

    @pytest.mark.parametrize("kind", ["ACK", "QRY^A19", "MFN^M01"])
    def test_what_is_about_nobody_is_set_aside(self, read, kind):
        with pytest.raises(BadInput) as refusal:
            read([HEAD.format(type=kind), "MSA|AA|7"])
        assert refusal.value.rule == "hl7.no-rule"


class TestReal:
    def test_every_sample_is_read_or_says_what_to_do(self, read, data):
        for path in sorted((data / "hl7v2").glob("*.hl7")):
            try:
                assert only(PersonSeen, read(path.read_bytes())).subject, path.name
            except BadInput as refusal:
                assert refusal.rule == "hl7.no-order-number", path.name
                assert refusal.cure

    def test_every_message_of_the_whole_set(self, read, shared_data):
        from zipfile import ZipFile

        refused = []
        with ZipFile(shared_data / "fhir" / "hl7v2_messages" / "hl7v2_messages.zip") as archive:
            for name in archive.namelist():
                try:
                    assert of(PersonSeen, read(archive.read(name)))
                except BadInput as refusal:
                    assert refusal.cure
                    refused.append(name)
        assert refused == ["OMG-O19-01.hl7", "OMG-O19-02.hl7", "OML-O21-03.hl7"]


class TestExplained:
    def test_line_by_line_in_words_with_problems(self):
        lines = Hl7Reader().explain(adt("A01", visit="") + b"\rZPV|1|local\rPV2||||")
        says = {line.text[:3]: line for line in lines}
        assert "numbers: 1001" in says["PID"].says
        assert says["PV1"].problem == "no visit number"
        assert says["ZPV"].says.startswith("Segment of this source's own")

    def test_never_fails(self, data):
        for path in sorted((data / "hl7v2").glob("*.hl7")):
            assert Hl7Reader().explain(path.read_bytes())
        assert "MSH" in Hl7Reader().explain(b"hello")[0].problem


class TestCauses:
    """What led to a visit, by a number of another system beside the visit's own."""

    HEADS = (HEAD.format(type="ADT^A04"), PID)

    @pytest.fixture
    def led(self, district):
        source = replace(
            district.source("pas"), causes={"CAD": "ambulance", "GP": "practices:Encounter/"}
        )

        def do(pv1):
            message = "\r".join((*self.HEADS, pv1)).encode()
            readings = Hl7Reader().read(
                message, source=source, district=district, received=RECEIVED
            )
            return only(ContactEvent, readings)

        return do

    def test_an_alternate_number_of_a_named_authority(self, led):
        found = led("PV1|1|E|ED||||||||||||||||V1" + "|" * 31 + "A17^^^CAD")
        assert (found.visit, found.cause) == ("V1", key_elsewhere("ambulance", "A17"))

    def test_its_keys_may_begin_with_more_than_the_number(self, led):
        found = led("PV1|1|E|ED||G7^^^GP||||||||||||||V1")
        assert found.cause == key_elsewhere("practices", "Encounter/G7")

    def test_a_number_of_another_authority_is_of_the_visit_itself(self, led):
        found = led("PV1|1|E|ED" + "|" * 47 + "V9^^^PAS")
        assert (found.visit, found.cause) == ("V9", "")


class TestPlanned:
    """When an appointment is due, wherever its version of the standard has it."""

    @pytest.mark.parametrize("segments", [
        ["SCH|77||||||||||^^^20260309093000", "AIL|1||CLINIC"],
        ["SCH|77", "TQ1|1||||||20260309093000", "AIL|1||CLINIC"],
        ["SCH|77", "AIS|1||ECHO|20260309093000", "AIL|1||CLINIC"],
        ["SCH|77", "AIL|1||CLINIC|||20260309093000"],
    ])  # fmt: skip
    def test_of_an_appointment(self, read, segments):
        found = only(ContactEvent, read([HEAD.format(type="SIU^S12"), PID, *segments]))
        assert found.planned == datetime(2026, 3, 9, 9, 30, tzinfo=UTC)

    def test_of_an_admission(self, read):
        planned = read([HEAD.format(type="ADT^A05"), PID, "PV1|1|I|WARD7" + "|" * 16 + "V1",
                        "PV2" + "|" * 8 + "20260309093000"])  # fmt: skip
        assert only(ContactEvent, planned).planned == datetime(2026, 3, 9, 9, 30, tzinfo=UTC)
