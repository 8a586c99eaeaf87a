"""What came by HL7 v2 is served in the elements of R4, and a result is found by its number."""

import orjson
import pytest
from fhir_asking import Client

from onesystem import feeds, wiring
from onesystem.feeds.fhir.validation import check
from onesystem.record.fhir.composing import composed

AT = 1_772_356_500_000_000  # 2026-03-01 09:15 UTC
ORU = (
    "MSH|^~\\&|LAB|RM1|ONE|DIST|202603010930||ORU^R01|{n}|P|2.4|||||GBR|UNICODE UTF-8\r"
    "PID|1||{n}^^^RM1^MR||RATA^AROHA||19610204|F\r"
    "OBR|1||L{n}^LAB|UE^Urea and electrolytes^LOCAL|||202603010915|||||||||||||||||||F\r"
    "OBX|1|NM|2823-3^Potassium^LN||{value}|mmol/L|3.5-5.3|{flag}|||F|||202603010915\r"
)


def made(kind, status="active", value="", unit="", code="1"):
    found = composed(kind, "e1", status, ["urn:s", code, "in words", value, unit, AT])
    return orjson.loads(orjson.dumps(found))


class TestElements:
    @pytest.mark.parametrize(
        ("kind", "named", "when"),
        [
            ("Observation", "code", "effectiveDateTime"),
            ("Condition", "code", "onsetDateTime"),
            ("AllergyIntolerance", "code", "onsetDateTime"),
            ("Procedure", "code", "performedDateTime"),
            ("Immunization", "vaccineCode", "occurrenceDateTime"),
            ("MedicationRequest", "medicationCodeableConcept", "authoredOn"),
            ("DocumentReference", "type", "date"),
        ],
    )
    def test_each_kind_says_what_and_when_in_its_own(self, kind, named, when):
        found = made(kind)
        assert found[named]["coding"][0]["code"] == "1"
        assert found[when] == "2026-03-01T09:15:00.000Z"
        assert made(kind, code="")[named] == {"text": "in words"}

    @pytest.mark.parametrize(
        ("kind", "status", "whose"),
        [
            ("Observation", "final", "subject"),
            ("Condition", "active", "subject"),
            ("AllergyIntolerance", "active", "patient"),
            ("Procedure", "completed", "subject"),
            ("Immunization", "completed", "patient"),
            ("MedicationRequest", "active", "subject"),
        ],
    )
    def test_it_is_r4(self, kind, status, whose):
        check(made(kind, status, "5", "mg") | {whose: {"reference": "Patient/p"}})

    @pytest.mark.parametrize("kind", ["Condition", "AllergyIntolerance"])
    def test_what_stands_is_a_code_where_it_is_one(self, kind):
        assert made(kind)["clinicalStatus"]["coding"][0]["code"] == "active"
        assert "clinicalStatus" not in made(kind, "as it was")

    @pytest.mark.parametrize(
        ("value", "unit", "expected"),
        [
            ("6.10", "mmol/L", b'"valueQuantity":{"value":6.10,"unit":"mmol/L"}'),
            ("-4", "", b'"valueQuantity":{"value":-4}'),
            ("<0.5", "ng/L", b'"valueQuantity":{"value":0.5,"comparator":"<","unit":"ng/L"}'),
            (">= 90", "", b'"valueQuantity":{"value":90,"comparator":">="}'),
            ("120/80", "mmHg", b'"valueString":"120/80 mmHg"'),
            ("007", "", b'"valueString":"007"'),
            ("Negative", "", b'"valueString":"Negative"'),
        ],
    )
    def test_a_number_keeps_its_digits_and_words_stay_words(self, value, unit, expected):
        said = composed("Observation", "e1", "final", ["", "K", "", value, unit, None])
        assert expected in orjson.dumps(said)


@pytest.mark.django_db
@pytest.mark.store
class TestSearch:
    def test_a_result_is_found_by_code_number_and_day(self, district):
        wiring.connect()
        sent = [
            feeds.Arrival(
                source="pas", data=ORU.format(n=n, value=v, flag=f).encode(), name="a.hl7"
            )
            for n, v, f in (("P1", "6.1", "H"), ("P2", "4.0", "N"))
        ]
        feeds.take_messages(sent, district=district)
        officer = Client()

        def values(path):
            found = officer.get(path).json.get("entry", ())
            return sorted(str(e["resource"]["valueQuantity"]["value"]) for e in found)

        assert values("Observation?code=http://loinc.org|2823-3") == ["4.0", "6.1"]
        assert values("Observation?value-quantity=gt5") == ["6.1"]
        assert values("Observation?code=2823-3&value-quantity=lt5&date=2026-03-01") == ["4.0"]
