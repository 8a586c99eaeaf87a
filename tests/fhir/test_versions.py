"""Other versions and other standards: STU3 that does not say so is read, the rest is named."""

from io import BytesIO

import orjson
import pytest
from fhir_samples import reading

from onesystem.feeds.fhir import FhirReader
from onesystem.vocabulary import BadInput, ContactEvent, Entry, Remark

PERIOD = {"start": "2026-01-01T10:00:00Z", "end": "2026-01-01T13:00:00Z"}
SUBJECT = {"reference": "Patient/p"}
STAY = {"resourceType": "Encounter", "id": "e", "subject": SUBJECT}
STU3 = STAY | {"status": "finished", "class": {"code": "EMER"}, "period": PERIOD,
               "reason": [{"text": "pain"}]}  # fmt: skip
STU3_PROBLEM = {"resourceType": "Condition", "id": "c", "clinicalStatus": "active",
                "verificationStatus": "confirmed", "code": {"text": "Asthma"}, "subject": SUBJECT,
                "assertedDate": "2017-01-01"}  # fmt: skip
R5 = STAY | {"status": "completed", "class": [{"coding": [{"code": "EMER"}]}],
             "actualPeriod": PERIOD}  # fmt: skip
R5_DRUG = {"resourceType": "MedicationRequest", "id": "m", "status": "active", "intent": "order",
           "subject": SUBJECT, "medication": {"concept": {"text": "x"}}}  # fmt: skip


def bundle(*resources):
    return {"resourceType": "Bundle", "type": "collection",
            "entry": [{"resource": each} for each in resources]}  # fmt: skip


def rule_of(message):
    data = message if isinstance(message, bytes) else orjson.dumps(message)
    with pytest.raises(BadInput) as refusal:
        reading(data)
    assert refusal.value.cure
    return refusal.value.rule


def test_stu3_without_a_profile_is_known_by_its_elements():
    told = reading(orjson.dumps(bundle(STU3, STU3_PROBLEM)))

    assert [each.kind for each in told if isinstance(each, Entry)] == ["Encounter", "Condition"]
    assert any(isinstance(each, ContactEvent) for each in told)
    assert Remark(rule="fhir.stu3", what="read as FHIR STU3, without its schema") in told


def test_what_only_r4_has_keeps_a_slip_a_slip():
    """One stray element does not take a whole record out of the schema."""
    r4 = {"resourceType": "Observation", "id": "o", "status": "final", "code": {"text": "x"},
          "subject": SUBJECT, "encounter": {"reference": "Encounter/e"}}  # fmt: skip

    assert rule_of(r4 | {"comment": "wrong"}) == "fhir.unknown-element"
    assert rule_of(bundle(STU3, r4 | {"comment": "wrong"})) == "fhir.unknown-element"


@pytest.mark.parametrize("message", [R5, R5_DRUG, bundle(R5, R5_DRUG)])
def test_r5_is_named(message):
    assert rule_of(message) == "fhir.r5"


def test_other_xml_of_hl7_is_named():
    assert rule_of(b'<ClinicalDocument xmlns="urn:hl7-org:v3"/>') == "fhir.cda"
    assert rule_of(b'<ADT_A01 xmlns="urn:hl7-org:v2xml"/>') == "fhir.v2-xml"
    assert rule_of(b'<Types xmlns="urn:else"/>') == "fhir.xml-namespace"


def test_nesting_without_end_is_named():
    assert rule_of(b'{"resourceType":"Patient","x":' + b"[" * 5000 + b"]" * 5000 + b"}") == (
        "fhir.too-deep"
    )


class TestLists:
    """A file that is one JSON list of resources is as many messages."""

    def split(self, whole):
        return list(FhirReader().split(BytesIO(whole), "all.json"))

    def test_each_element_byte_for_byte(self):
        one, two = b'{"resourceType":"Patient","id":"1"}', b'{"a":1.50,"b":"\xc4\x81"}'

        assert self.split(b"[" + one + b" ,\n" + two + b"]\n") == [one, two]
        assert self.split(b"\xef\xbb\xbf[\n" + one + b"]") == [one]

    @pytest.mark.parametrize("whole", [b'[{"a":1},', b"[{]", b"[1,2]", b"[]", b'[{"a":1}]x'])
    def test_what_is_no_such_list_comes_whole(self, whole):
        assert b"".join(self.split(whole)).startswith(whole[:1])
