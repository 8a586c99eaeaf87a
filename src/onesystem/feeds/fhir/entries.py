"""Any resource into an Entry for the record: whose, when, which code, what value.

One table for all types, R4 and STU3: an element that a version does not have is simply not there.
"""

from decimal import Decimal
from functools import lru_cache
from typing import Any

from onesystem.feeds.fhir.definitions import definitions
from onesystem.feeds.fhir.frame import Frame, Resource
from onesystem.feeds.fhir.holders import holds, named_by
from onesystem.feeds.fhir.persons import recorded, version_of
from onesystem.feeds.fhir.times import moment
from onesystem.vocabulary import Code, Entry
from onesystem.vocabulary.codes import LOINC, SNOMED

# When it happened comes before when it was written down.
_TIMES = (
    "effectiveDateTime", "effectivePeriod", "effectiveInstant", "performedDateTime",
    "performedPeriod", "occurrenceDateTime", "occurrencePeriod", "onsetDateTime", "onsetPeriod",
    "period", "start", "started", "whenHandedOver", "whenPrepared", "servicedDate",
    "servicedPeriod",
    "billablePeriod", "executionPeriod", "collection", "sent", "authoredOn", "dateTime", "authored",
    "recordedDate", "assertedDate", "dateAsserted", "startDate", "date", "created", "indexed",
    "issued",
    "receivedTime", "dateWritten", "statusDate", "time", "timestamp", "recorded",
)  # fmt: skip
_CODES = {
    "Immunization": ("vaccineCode",),
    "MedicationRequest": ("medicationCodeableConcept", "medicationReference"),
    "MedicationStatement": ("medicationCodeableConcept", "medicationReference"),
    "MedicationDispense": ("medicationCodeableConcept", "medicationReference"),
    "MedicationAdministration": ("medicationCodeableConcept", "medicationReference"),
    "Encounter": ("type", "serviceType", "class"),
    "EpisodeOfCare": ("type",),
    "Appointment": ("serviceType", "appointmentType", "reasonCode"),
    "DocumentReference": ("type", "category", "class"),
    "CarePlan": ("category",),
    "Goal": ("description",),
    "Consent": ("scope", "category"),
    "FamilyMemberHistory": ("relationship",),
    "ImagingStudy": ("procedureCode", "modality"),
    "RelatedPerson": ("relationship",),
    "Slot": ("serviceType",),
    "Communication": ("category", "topic"),
}
_STU3_TIMES = {"assertedDate", "created", "indexed"}  # renamed in R4
_SUBJECTS = ("subject", "patient", "beneficiary", "for", "individual")


@lru_cache(maxsize=256)
def _shape(kind: str) -> tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]:
    """For a type: where it says whose it is, when, and which code."""
    known = definitions().types.get(kind)
    times = tuple(t for t in _TIMES if known is None or t in known.elements or t in _STU3_TIMES)
    subjects = definitions().patient.get(kind, ())
    return (
        (*subjects, *(s for s in _SUBJECTS if s not in subjects)),
        times,
        _CODES.get(kind, ("code", "type", "category")),
    )


def entry(resource: Resource, key: str, body: bytes, frame: Frame) -> Entry:
    """The entry of one resource. `body` is the resource byte for byte."""
    kind = resource["resourceType"]
    subjects, times, codes = _shape(kind)
    value, unit = _value(resource) if kind in {"Observation", "Goal"} else ("", "")
    return Entry(
        kind=kind,
        key=key,
        subject=key if kind == "Patient" else subject_of(resource, key, frame, subjects),
        at=_time(resource, times, frame.zone),
        recorded=recorded(resource, frame),
        code=_code(resource, codes, key, frame),
        status=status_of(resource),
        value=value,
        unit=unit,
        visit=visit_of(resource, key, frame),
        order=version_of(resource),
        numbers=_numbers(resource.get("identifier")) if "identifier" in resource else (),
        body=body,
        links=frame.links,
        resource=resource,
    )


def subject_of(
    resource: Resource, key: str, frame: Frame, where: tuple[str, ...] = _SUBJECTS
) -> str:
    """The key of the person that a resource is about; empty when it is about none."""
    found = _said_subject(resource, key, frame, where)
    if not found and holds(resource["resourceType"]):
        return named_by(resource, key, frame, _said_subject)
    return found


def _said_subject(
    resource: Resource, key: str, frame: Frame, where: tuple[str, ...] = _SUBJECTS
) -> str:
    for leaf in where:
        said = resource.get(leaf)
        if said is None:
            continue
        for reference in said if isinstance(said, list) else [said]:
            found = frame.key_of(reference, key)
            if is_person(found, frame):
                return found
    if "participant" in resource and resource["resourceType"].startswith("Appointment"):
        for each in resource["participant"]:
            found = frame.key_of(each.get("actor"), key)
            if is_person(found, frame):
                return found
    return ""


def is_person(key: str, frame: Frame) -> bool:
    """Whether a key names a Patient: by its type, or by what it leads to in this message."""
    if key.startswith(("Patient/", "Patient?")) or "/Patient/" in key or "\x1fPatient" in key:
        return True
    if "#" in key or key.startswith("urn:"):
        return bool(frame.find(key).get("resourceType") == "Patient")
    return False


def visit_of(resource: Resource, key: str, frame: Frame) -> str:
    """The key of the encounter that it belongs to."""
    said = resource.get("encounter") or resource.get("context")
    if isinstance(said, dict) and "encounter" in said:  # DocumentReference.context
        said = said["encounter"]
    if isinstance(said, list):
        said = said[0] if said else None
    found = frame.key_of(said, key) if said else ""
    return found if found.startswith("Encounter") else ""


def status_of(resource: Resource) -> str:
    """The status; for problems and allergies whether they are active, unless they are refuted."""
    said = resource.get("status")
    if isinstance(said, str):
        return said
    verified = word(resource.get("verificationStatus"))
    if verified in {"entered-in-error", "refuted"}:
        return verified
    return word(resource.get("clinicalStatus")) or verified


def word(concept: Any) -> str:
    """A code that STU3 sends as text and R4 as a concept."""
    if isinstance(concept, str):
        return concept
    if isinstance(concept, dict):
        coding = concept.get("coding") or [concept]
        return str(coding[0].get("code", "") or concept.get("text", ""))
    return ""


def _time(resource: Resource, times: tuple[str, ...], zone: str) -> Any:
    for leaf in times:
        said = resource.get(leaf)
        if said is None:
            continue
        if isinstance(said, dict):
            said = (said.get("start") or said.get("end") or said.get("collectedDateTime")
                    or (said.get("collectedPeriod") or {}).get("start"))  # fmt: skip
        found = moment(said, zone)
        if found:
            return found
    return None


def _code(resource: Resource, where: tuple[str, ...], key: str, frame: Frame) -> Code | None:
    for leaf in where:
        said = resource.get(leaf)
        if said is None:
            continue
        if leaf == "medicationReference":
            named = frame.find(frame.key_of(said, key))
            found = concept_code(named.get("code")) if named else None
            found = found or (Code("", "", said["display"]) if said.get("display") else None)
        else:
            found = concept_code(said)
        if found:
            return found
    if "url" in resource and ("name" in resource or "title" in resource):
        words = resource.get("title") or resource.get("name")
        return Code(str(resource["url"]), str(resource.get("version", "")), str(words))
    name = resource.get("name")
    return Code("", "", name) if isinstance(name, str) else None


def concept_code(concept: Any) -> Code | None:
    """The code that stands for a concept: SNOMED CT or LOINC before others, else the words."""
    if isinstance(concept, list):
        concept = concept[0] if concept else None
    if isinstance(concept, str):
        return Code("", concept, concept)
    if not isinstance(concept, dict):
        return None
    codings = concept.get("coding") or ([concept] if "code" in concept else [])
    best = None
    for coding in codings:
        if not isinstance(coding, dict) or "code" not in coding:
            continue
        if best is None or coding.get("system") in {SNOMED, LOINC}:
            best = coding
            if coding.get("system") in {SNOMED, LOINC}:
                break
    words = concept.get("text") or (best or {}).get("display", "")
    if best is None:
        return Code("", "", words) if words else None
    return Code(best.get("system", ""), str(best["code"]), best.get("display") or words)


def words_of(concept: Any) -> str:
    """A concept in words."""
    code = concept_code(concept)
    return (code.display or code.code) if code else ""


def _numbers(listed: Any) -> tuple[str, ...]:
    return tuple(
        f"{each.get('system', '')}|{each['value']}"
        for each in (listed if isinstance(listed, list) else [listed])
        if isinstance(each, dict) and each.get("value")
    )


def _value(resource: Resource) -> tuple[str, str]:
    quantity = resource.get("valueQuantity")
    if quantity:
        return _amount(quantity), str(quantity.get("unit") or quantity.get("code") or "")
    for leaf, said in resource.items():
        if leaf.startswith("value") and leaf != "value":
            return _plain(said), ""
    parts = [p["valueQuantity"] for p in resource.get("component") or () if "valueQuantity" in p]
    if parts:
        # 120/80 mmHg: parts that share a unit read as one value.
        units = {str(p.get("unit", "")) for p in parts}
        if len(units) == 1:
            return "/".join(_amount(p) for p in parts), units.pop()
        return "; ".join(f"{_amount(p)} {p.get('unit', '')}".strip() for p in parts), ""
    return "", ""


def _amount(quantity: dict[str, Any]) -> str:
    number = quantity.get("value")
    if number is None:
        return ""
    written = format(Decimal(repr(number)), "f") if isinstance(number, float) else str(number)
    return f"{quantity.get('comparator', '')}{written}"


def _plain(said: Any) -> str:
    if isinstance(said, bool):
        return "yes" if said else "no"
    if isinstance(said, (str, int, float)):
        return str(said)
    return _composed(said) if isinstance(said, dict) else ""


def _composed(said: dict[str, Any]) -> str:
    code = concept_code(said)
    if code:
        return code.display or code.code
    if "start" in said or "end" in said:
        return f"{said.get('start', '')} - {said.get('end', '')}"
    if "numerator" in said and "denominator" in said:
        return f"{_amount(said['numerator'])}:{_amount(said['denominator'])}"
    if "low" in said or "high" in said:
        return f"{_amount(said.get('low', {}))}-{_amount(said.get('high', {}))}"
    return ""
