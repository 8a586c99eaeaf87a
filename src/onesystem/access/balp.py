"""Rows of the trail as FHIR R4 AuditEvents, after IHE Basic Audit Log Patterns 1.1.

A look, a search, a write or an export about a person becomes a RESTful pattern with exactly one
patient entity; a refusal or a broken glass becomes a security alert with its outcome. Every event
names the user, the client, the server as its own observer, and the purpose of use (HL7 v3
PurposeOfUse). Rows that are about no person keep the patterns for a user's act without a patient.

Source: https://profiles.ihe.net/ITI/BALP/ (CC-BY-4.0), read 2026-11-22.
"""

import base64
import re
from collections.abc import Iterator, Mapping
from typing import Any, Protocol

import orjson

from onesystem.access.purposes_of_use import PURPOSE_OF_USE
from onesystem.vocabulary.said import say

_DCM = "http://dicom.nema.org/resources/ontology/DCM"
_TYPE = "http://terminology.hl7.org/CodeSystem/audit-event-type"
_SOURCE = "http://terminology.hl7.org/CodeSystem/security-source-type"
_REST = "http://hl7.org/fhir/restful-interaction"
_IHE = "https://profiles.ihe.net/ITI/BALP/StructureDefinition/IHE.BasicAudit."
_FROM, _TO = "110153", "110152"  # DICOM: source and destination role
_ACT_CLASS = "http://terminology.hl7.org/CodeSystem/v3-ParticipationType"
_ROLE = "http://terminology.hl7.org/CodeSystem/object-role"
_ENTITY = "http://terminology.hl7.org/CodeSystem/audit-entity-type"
_ACT_REASON = "http://terminology.hl7.org/CodeSystem/v3-ActReason"

# What an act is in FHIR's words: interaction, action code, and the pattern's profile.
_ACTS: Mapping[str, tuple[str, str, str]] = {
    "person.looked": ("read", "R", "PatientRead"),
    "record.read": ("read", "R", "PatientRead"),
    "record.searched": ("search", "E", "PatientQuery"),
    "people.searched": ("search", "E", "Query"),
    "record.created": ("create", "C", "PatientCreate"),
    "record.updated": ("update", "U", "PatientUpdate"),
    "record.patched": ("patch", "U", "PatientUpdate"),
    "record.deleted": ("delete", "D", "PatientDelete"),
    "record.exported": ("operation", "E", "PatientQuery"),
    # The FHIR server's own.
    "fhir.read": ("read", "R", "PatientRead"),
    "fhir.version-read": ("vread", "R", "PatientRead"),
    "fhir.history-read": ("history", "R", "PatientRead"),
    "fhir.searched": ("search", "E", "PatientQuery"),
    "fhir.created": ("create", "C", "PatientCreate"),
    "fhir.updated": ("update", "U", "PatientUpdate"),
    "fhir.patched": ("patch", "U", "PatientUpdate"),
    "fhir.deleted": ("delete", "D", "PatientDelete"),
    "fhir.exported": ("operation", "E", "PatientQuery"),
    "timeline.exported": ("operation", "E", "PatientQuery"),
}
_DENIED = frozenset({"access.refused", "record.refused", "volume.stopped", "session.refused"})
_DECISIONS = frozenset({"access.refused", "record.refused", "glass.broken"})


_NAMED = re.compile(r"[A-Z]\w+/[A-Za-z0-9.\-]{1,64}(/_history/\d+)?")


class AuditRow(Protocol):
    """A row of the trail: `access.models.Audit`."""

    id: Any
    at: Any
    actor: Any
    kind: Any
    roles: Any
    organisation: Any
    act: Any
    what: Any
    person: Any
    purpose: Any
    reason: Any
    detail: Any
    digest: Any


def event_of(row: AuditRow, *, server: str) -> dict[str, Any]:
    """The AuditEvent of a row. `server` names this system, which observed it."""
    detail = orjson.loads(row.detail) if row.detail else {}
    interaction, action, profile = _shape(row)
    event: dict[str, Any] = {
        "resourceType": "AuditEvent",
        "id": f"trail-{row.id}",
        "meta": {"profile": [_IHE + profile]} if profile else {},
        "type": _kind(row),
        "action": action,
        "recorded": row.at.isoformat(timespec="milliseconds"),
        "outcome": "4" if row.act in _DENIED else "0",
        "agent": list(_agents(row, detail, server)),
        "source": {
            "observer": {"display": server},
            "type": [{"system": _SOURCE, "code": "4", "display": say("Application Server")}],
        },
        "entity": list(_entities(row, detail)),
    }
    if not event["meta"]:
        del event["meta"]
    if interaction:
        event["subtype"] = [{"system": _REST, "code": interaction}]
    if row.act in _DENIED:
        event["outcomeDesc"] = str(detail.get("why") or row.act)
    if code := _purpose(row):
        event["purposeOfEvent"] = [code]
    if not event["entity"]:
        del event["entity"]
    return event


def ndjson(rows: Iterator[AuditRow], *, server: str) -> Iterator[bytes]:
    """One AuditEvent a line."""
    for row in rows:
        yield orjson.dumps(event_of(row, server=server)) + b"\n"


def _shape(row: AuditRow) -> tuple[str, str, str]:
    if row.act in _DECISIONS:
        return "", "E", ""
    shape = _ACTS.get(row.act, ("", "E", ""))
    if shape[2].startswith("Patient") and row.person is None:
        return shape[0], shape[1], shape[2].removeprefix("Patient")
    return shape


def _kind(row: AuditRow) -> dict[str, str]:
    if row.act in _ACTS:
        return {"system": _TYPE, "code": "rest", "display": say("RESTful Operation")}
    if row.act in _DECISIONS:
        return {"system": _DCM, "code": "110113", "display": say("Security Alert")}
    if row.act.startswith("session."):
        return {"system": _DCM, "code": "110114", "display": say("User Authentication")}
    return {"system": _DCM, "code": "110112", "display": "Query"} if "search" in row.act else {
        "system": _TYPE, "code": "object", "display": say("Record lifecycle event"),
    }  # fmt: skip


def _agents(row: AuditRow, detail: Mapping[str, Any], server: str) -> Iterator[dict[str, Any]]:
    user: dict[str, Any] = {
        "type": _coded(_ACT_CLASS if row.kind == "person" else _DCM,
                       "IRCP" if row.kind == "person" else "110150"),
        "who": {"identifier": {"value": row.actor}, "display": row.actor},
        "requestor": True,
        "role": [{"text": role} for role in row.roles.split()],
    }  # fmt: skip
    if row.organisation:
        user["extension"] = [
            {
                "url": "http://hl7.org/fhir/StructureDefinition/event-performerFunction",
                "valueCodeableConcept": {
                    "text": say("for {organisation}", organisation=row.organisation)
                },
            }
        ]
    if code := _purpose(row):
        user["purposeOfUse"] = [code]
    if not user["role"]:
        del user["role"]
    yield user
    # What is read flows from the server to the client; all else the other way.
    reads = _ACTS.get(row.act, ("", "", ""))[1] == "R"
    client: dict[str, Any] = {
        "type": _coded(_DCM, _TO if reads else _FROM),
        "who": {"display": str(detail.get("client") or "onesystem")},
        "requestor": False,
    }
    if place := detail.get("from"):
        client["network"] = {"address": str(place), "type": "2"}
    yield client
    kind = _coded(_DCM, _FROM if reads else _TO)
    yield {"type": kind, "who": {"display": server}, "requestor": False}


def _coded(system: str, code: str) -> dict[str, Any]:
    return {"coding": [{"system": system, "code": code}]}


def _purpose(row: AuditRow) -> dict[str, Any] | None:
    found = PURPOSE_OF_USE.get(row.purpose)
    if row.act == "glass.broken":
        found = "BTG"
    if found is None:
        return {"text": row.purpose} if row.purpose else None
    return {**_coded(_ACT_REASON, found), "text": row.purpose}


def _asked(row: AuditRow, detail: Mapping[str, Any]) -> str:
    """What a search or an operation was asked by: the parameters' names. Values may name people."""
    if _shape(row)[2].removeprefix("Patient") != "Query" or not row.act.startswith("fhir."):
        return ""
    names = "&".join(str(name) for name in detail.get("params") or ())
    return f"{row.what}?{names}" if names else row.what


def _entities(row: AuditRow, detail: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    if row.person is not None:
        yield {
            "what": {"reference": f"Patient/{row.person}"},
            "type": {"system": _ENTITY, "code": "1", "display": say("Person")},
            "role": {"system": _ROLE, "code": "1", "display": "Patient"},
        }
    query = detail.get("query") or _asked(row, detail)
    if row.what or query:
        entity: dict[str, Any] = {
            "type": {"system": _ENTITY, "code": "2", "display": say("System Object")},
            "role": {"system": _ROLE, "code": "24" if query else "4"},
        }
        if row.what:
            named = "reference" if _NAMED.fullmatch(row.what) else "display"
            entity["what"] = {named: row.what}
        if query:
            entity["query"] = base64.b64encode(str(query).encode()).decode()
        yield entity
    if ties := detail.get("ties"):
        yield {
            "type": {"system": _ENTITY, "code": "4", "display": "Other"},
            "detail": [{"type": "tie", "valueString": str(tie)} for tie in ties],
        }
    yield {
        "type": {"system": _ENTITY, "code": "4", "display": "Other"},
        "detail": [
            {"type": "act", "valueString": row.act},
            {"type": "digest", "valueString": row.digest},
        ],
    }
