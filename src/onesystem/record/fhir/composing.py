"""What HL7 v2 or an extract told of, as a resource with the little that was said.

The elements are those that the HL7 v2 to FHIR maps give for each segment (DG1-5 and AL1-6 are an
onset, OBX-5 a quantity where it is a number). It is tagged as a part, since the source said more in
its own words than has a place here.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Any

import orjson

from onesystem.record.fhir.instants import instant

_PART = {
    "tag": [{"system": "http://terminology.hl7.org/CodeSystem/v3-ObservationValue",
             "code": "SUBSETTED"}]
}  # fmt: skip
_MEDICINE = "medicationCodeableConcept"
_NAMED: Mapping[str, str] = {  # the element that says what it is; `code` for the others
    "MedicationRequest": _MEDICINE, "MedicationDispense": _MEDICINE,
    "MedicationStatement": _MEDICINE, "MedicationAdministration": _MEDICINE,
    "Immunization": "vaccineCode", "DocumentReference": "type", "Composition": "type",
}  # fmt: skip
_WHEN: Mapping[str, str] = {
    "Observation": "effectiveDateTime", "DiagnosticReport": "effectiveDateTime",
    "Condition": "onsetDateTime", "AllergyIntolerance": "onsetDateTime",
    "Procedure": "performedDateTime", "Immunization": "occurrenceDateTime",
    "MedicationRequest": "authoredOn", "MedicationDispense": "whenHandedOver",
    "DocumentReference": "date",
}  # fmt: skip
_CLINICAL = {
    "Condition": (
        "condition-clinical",
        {"active", "recurrence", "relapse", "inactive", "remission", "resolved"},
    ),
    "AllergyIntolerance": ("allergyintolerance-clinical", {"active", "inactive", "resolved"}),
}
# A number as JSON writes it, which keeps each of its digits; with a sign before it where the
# laboratory could tell no more than that.
_NUMBER = re.compile(r"([<>]=?)?\s*(-?(?:0|[1-9]\d{0,17})(?:\.\d{1,18})?)")


def composed(kind: str, logical: str, status: str, said: Sequence[Any]) -> dict[str, Any]:
    """The resource, without what the server says of it in `meta`.

    `said`: system, code, words, value, unit, and when it happened in microseconds since 1970. A
    number is an `orjson.Fragment`: the digits as they came.
    """
    system, code, words, value, unit, at = said
    made: dict[str, Any] = {"resourceType": kind, "id": logical, "meta": _PART}
    coding = {k: v for k, v in (("system", system), ("code", code), ("display", words)) if v}
    if coding:
        made[_NAMED.get(kind, "code")] = {"coding": [coding]} if code else {"text": words}
    made |= _stands(kind, status)
    if at is not None and kind in _WHEN:
        made[_WHEN[kind]] = instant(at)
    if kind == "Observation" and value:
        made |= _measured(value, unit)
    return made


def _stands(kind: str, status: str) -> dict[str, Any]:
    if kind in _CLINICAL:
        name, known = _CLINICAL[kind]
        if status not in known:
            return {}
        system = f"http://terminology.hl7.org/CodeSystem/{name}"
        return {"clinicalStatus": {"coding": [{"system": system, "code": status}]}}
    if kind == "MedicationRequest":
        return {"status": status or "unknown", "intent": "order"}
    if status or kind == "Observation":
        return {"status": status or "unknown"}
    return {}


def _measured(value: str, unit: str) -> dict[str, Any]:
    number = _NUMBER.fullmatch(value.strip())
    if number is None:
        return {"valueString": f"{value} {unit}".strip()}
    sign, digits = number.groups()
    quantity = {"value": orjson.Fragment(digits.encode()), "comparator": sign, "unit": unit}
    return {"valueQuantity": {name: said for name, said in quantity.items() if said}}
