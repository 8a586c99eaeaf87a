"""/fhir/metadata: what this server does, made from the tables that it does it by."""

from datetime import UTC, datetime
from functools import cache
from importlib.metadata import version
from typing import Any

import orjson

from onesystem.feeds.fhir.definitions import definitions
from onesystem.record.fhir import operations
from onesystem.record.fhir.asks import JSON, Answer, Ask
from onesystem.record.fhir.negotiating import wanted
from onesystem.record.fhir.outcomes import Refusal
from onesystem.record.fhir.smart.discovery import addresses

# The interactions of a type in FHIR's words, each with ours that answers it.
TYPE = {
    "read": "read", "vread": "vread", "update": "update", "patch": "patch", "delete": "delete",
    "history-instance": "history", "history-type": "history", "create": "create",
    "search-type": "search-type",
}  # fmt: skip
SYSTEM = {"transaction": "bundle", "batch": "bundle", "search-system": "search-system",
          "history-system": "history"}  # fmt: skip
_ABSTRACT = {"Resource", "DomainResource", "Parameters", "Bundle", "OperationOutcome"}
_ABOUT = (
    "A parameter, modifier or value that is not understood is refused by its name, unless Prefer "
    "says handling=lenient. Bundle.total is left out of a search where counting would take longer "
    "than the search (_total=accurate counts), of the pages of $everything, and of a history of a "
    "type or of all above ten thousand versions. Follow the links `next` as they are."
)
_STARTED = datetime.now(UTC).isoformat(timespec="seconds")


def capabilities(ask: Ask) -> Answer:
    """GET metadata. Needs no token."""
    wanted(ask)
    mode = dict(ask.params()).get("mode", "full")
    if mode not in {"full", "normative", "terminology"}:
        raise Refusal(400, f"there is no mode {mode[:40]!r}", "Use full, normative or terminology.",
                      where="mode")  # fmt: skip
    if mode == "terminology":
        return Answer(200, orjson.dumps(_of_codes(ask.base)), {"Content-Type": JSON})
    made = statement(tuple(operations.known()))
    made["implementation"] = {"description": "onesystem, the record of a district", "url": ask.base}
    made["rest"][0]["security"]["extension"] = [addresses(ask.base)]
    return Answer(200, orjson.dumps(made), {"Content-Type": JSON})


def _of_codes(base: str) -> dict[str, Any]:
    """What can be asked of codes: terminologycapabilities.html."""
    return {
        "resourceType": "TerminologyCapabilities",
        "status": "active",
        "date": _STARTED,
        "kind": "instance",
        "software": {"name": "onesystem", "version": version("onesystem")},
        "implementation": {"description": "onesystem, the record of a district", "url": base},
        "codeSearch": "all",
        "expansion": {"hierarchical": False, "paging": True, "incomplete": False,
                      "parameter": [{"name": n} for n in ("url", "filter", "count", "offset")]},
        "validateCode": {"translations": False},
    }  # fmt: skip


def statement(known: tuple[str, ...]) -> Any:
    """The CapabilityStatement with the operations that are known, apart from where it is served."""
    return orjson.loads(_statement(known))


@cache
def _statement(_operations: tuple[str, ...]) -> bytes:
    rest: dict[str, Any] = {
        "mode": "server",
        "documentation": _ABOUT,
        "security": {
            "cors": True,
            "service": [{"coding": [{
                "system": "http://terminology.hl7.org/CodeSystem/restful-security-service",
                "code": "SMART-on-FHIR", "display": "SMART-on-FHIR"}],
                "text": "SMART App Launch 2.2, and bearer tokens of the district"}],
            "description": "Every request but this one carries a bearer token of the district. "
            "What it opens follows from scopes, role, purpose, relationship and the person's "
            "choices; what is outside is as if it were not here.",
        },
        "resource": [_resource(kind) for kind in sorted(definitions().resources - _ABSTRACT)],
        "interaction": [{"code": code} for code in SYSTEM],
    }  # fmt: skip
    listed = [
        _operation(each) for each in operations.known().values() if each.system and each.listed
    ]
    if listed:
        rest["operation"] = listed
    return orjson.dumps({
        "resourceType": "CapabilityStatement",
        "status": "active",
        "date": _STARTED,
        "kind": "instance",
        "software": {"name": "onesystem", "version": version("onesystem")},
        "fhirVersion": "4.0.1",
        "format": ["json", "xml", "application/fhir+json", "application/fhir+xml"],
        "patchFormat": ["application/json-patch+json", "application/merge-patch+json",
                        "application/fhir+json", "application/fhir+xml"],
        "rest": [rest],
    })  # fmt: skip


def _resource(kind: str) -> dict[str, Any]:
    made: dict[str, Any] = {
        "type": kind,
        "interaction": [
            {"code": code} for code in TYPE if (kind, code) != ("Subscription", "patch")
        ],
        "versioning": "versioned-update",
        "readHistory": True,
        "updateCreate": True,
        "conditionalCreate": True,
        "conditionalRead": "full-support",
        "conditionalUpdate": True,
        "conditionalDelete": "single",
        "referencePolicy": ["literal", "logical", "local"],
        "searchInclude": ["*"],
        "searchRevInclude": ["*"],
    }
    made |= _search_of(kind)
    listed = [
        _operation(each, kind)
        for each in operations.known().values()
        if each.listed
        and (each.type or each.instance)
        and (kind in each.kinds or "*" in each.kinds)
    ]
    if listed:
        made["operation"] = listed
    return made


def _search_of(kind: str) -> dict[str, Any]:
    from onesystem.record.fhir.searching.definitions import parameters_of

    listed = parameters_of(kind)
    found = listed.values()
    made = [
        {
            "name": p.code,
            "type": p.type,
            **({"definition": p.url} if p.url else {}),
            **({"documentation": p.says} if p.says else {}),
        }
        for p in found
    ]
    return {"searchParam": made} if made else {}


def _operation(each: operations.Operation, kind: str = "") -> dict[str, Any]:
    url = (
        each.definitions.get(kind)
        or each.definition
        or f"http://hl7.org/fhir/OperationDefinition/{each.name}"
    )
    return {"name": each.name, "definition": url}
