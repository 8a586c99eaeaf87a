"""Which version of FHIR a resource is written in: R4, the STU3 of GP Connect, or R5."""

from collections.abc import Iterator, Mapping
from typing import Any

from onesystem.feeds.fhir.frame import Resource
from onesystem.vocabulary import BadInput

STU3_TYPES = frozenset(
    {
        "BodySite", "DataElement", "DeviceComponent", "EligibilityRequest", "EligibilityResponse",
        "ExpansionProfile", "ImagingManifest", "ProcedureRequest", "ProcessRequest",
        "ProcessResponse", "ReferralRequest", "Sequence", "ServiceDefinition",
    }
)  # fmt: skip
MARKS = ("/STU3/", "CareConnect-")


def is_stu3(resource: Resource) -> bool:
    """Whether it says that it is STU3: by its profile, by a type, or by its first resources."""
    if resource.get("resourceType") in STU3_TYPES or _marked(resource):
        return True
    if resource.get("resourceType") != "Bundle" or not isinstance(resource.get("entry"), list):
        return False
    held = [e.get("resource") for e in resource["entry"][:5] if isinstance(e, dict)]
    return any(isinstance(r, dict) and is_stu3(r) for r in held)


def _marked(resource: Resource) -> bool:
    meta = resource.get("meta")
    profiles = meta.get("profile") if isinstance(meta, dict) else None
    if not isinstance(profiles, list):
        return False
    return any(isinstance(p, str) and any(m in p for m in MARKS) for p in profiles)


# Elements by which a version is known that says of itself nothing: hl7.org/fhir/STU3, R4 and R5.
_CONTEXT = frozenset({"context", "definition"})
_STU3_ONLY: Mapping[str, frozenset[str]] = {
    "AllergyIntolerance": frozenset({"assertedDate"}),
    "Appointment": frozenset({"incomingReferral"}),
    "CarePlan": _CONTEXT,
    "Condition": frozenset({"assertedDate", "context"}),
    "DiagnosticReport": frozenset({"context", "codedDiagnosis", "image"}),
    "DocumentReference": frozenset({"class", "indexed", "created"}),
    "Encounter": frozenset({"reason", "incomingReferral"}),
    "Immunization": frozenset({"notGiven", "explanation", "practitioner", "date"}),
    "MedicationRequest": _CONTEXT,
    "MedicationStatement": frozenset({"taken", "reasonNotTaken"}),
    "Observation": frozenset({"context", "comment", "related"}),
    "Patient": frozenset({"animal"}),
    "Procedure": frozenset({"context", "notDone", "notDoneReason", "definition"}),
}
_R4_ONLY: Mapping[str, frozenset[str]] = {
    "AllergyIntolerance": frozenset({"recordedDate", "encounter"}),
    "Condition": frozenset({"recordedDate", "encounter"}),
    "DiagnosticReport": frozenset({"encounter"}),
    "Encounter": frozenset({"reasonCode", "reasonReference", "serviceType", "basedOn"}),
    "Immunization": frozenset({"occurrenceDateTime", "occurrenceString"}),
    "MedicationRequest": frozenset({"encounter", "reportedBoolean"}),
    "Observation": frozenset({"encounter", "note", "derivedFrom", "hasMember"}),
    "Procedure": frozenset({"encounter", "statusReason"}),
}
_MEDICATION = frozenset({"medication"})
_R5_ONLY: Mapping[str, frozenset[str]] = {
    "Encounter": frozenset(
        {"actualPeriod", "plannedStartDate", "plannedEndDate", "admission", "subjectStatus"}
    ),
    "MedicationAdministration": _MEDICATION,
    "MedicationDispense": _MEDICATION,
    "MedicationRequest": _MEDICATION,
    "MedicationStatement": _MEDICATION,
    "Procedure": frozenset({"occurrenceDateTime", "occurrencePeriod", "reported"}),
}
_CODED = {"AllergyIntolerance", "Condition"}  # their clinicalStatus was text, and is a concept


def seems_stu3(resource: Resource) -> bool:
    """Whether what is not R4 has the elements of STU3, and none that only R4 has."""
    held = list(_all(resource))
    written = any(
        each["resourceType"] in _CODED and isinstance(each.get("clinicalStatus"), str)
        for each in held
    )
    return (written or _any_of(_STU3_ONLY, held)) and not _any_of(_R4_ONLY, held)


def seems_r5(resource: Resource) -> bool:
    """Whether what is not R4 has elements that came with R5."""
    return _any_of(_R5_ONLY, list(_all(resource)))


def r5() -> BadInput:
    """The refusal of FHIR R5."""
    return BadInput(
        "this is FHIR R5, and R4 is read here",
        rule="fhir.r5",
        cure="Ask the server for R4: Accept: application/fhir+json; fhirVersion=4.0.",
    )


def _any_of(known: Mapping[str, frozenset[str]], held: list[Resource]) -> bool:
    return any(not known.get(each["resourceType"], frozenset()).isdisjoint(each) for each in held)


def _all(resource: Resource) -> Iterator[Resource]:
    """The resource itself, or those of a Bundle."""
    listed = resource.get("entry") if resource.get("resourceType") == "Bundle" else None
    held = [e.get("resource") for e in listed if isinstance(e, dict)] if isinstance(
        listed, list) else [resource]  # fmt: skip
    return (r for r in held if isinstance(r, dict) and isinstance(r.get("resourceType"), str))


_OBJECTS = ("meta", "subject", "patient", "period", "context", "code", "class")
_LISTS = ("identifier", "name", "address", "telecom", "participant", "location", "extension")


def check_shape(resource: Any, where: str) -> None:
    """What has to be so for a STU3 resource to be read at all. Raises BadInput.

    STU3 is read without its schema: live exports of it bend it, and a record that says what it
    means is worth more than one that is refused for a missing display.
    """
    if not isinstance(resource, dict) or not isinstance(resource.get("resourceType"), str):
        raise _odd("there is no resourceType", f"{where}.resourceType")
    place = f"{where}.{resource['resourceType']}".lstrip(".")
    if resource["resourceType"] == "Bundle":
        entries = resource.get("entry", [])
        if not isinstance(entries, list) or not all(isinstance(e, dict) for e in entries):
            raise _odd("the entries are not a list of objects", f"{place}.entry")
    if "id" in resource and not isinstance(resource["id"], str):
        raise _odd("the id is not text", f"{place}.id")
    for leaf in _OBJECTS:
        if isinstance(resource.get(leaf), (str, int, float)) and leaf in {
            "meta",
            "period",
            "patient",
        }:
            raise _odd(f"{leaf} is not an object", f"{place}.{leaf}")
    for leaf in _LISTS:
        if leaf in resource and isinstance(resource[leaf], str) and leaf != "name":
            raise _odd(f"{leaf} is not a list", f"{place}.{leaf}")


def _odd(what: str, where: str) -> BadInput:
    return BadInput(
        what, rule="fhir.stu3-shape", cure="Compare it with the FHIR STU3 definition.", where=where
    )
