"""Which version of FHIR a resource is written in: R4, or the STU3 of GP Connect and CareConnect."""

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
