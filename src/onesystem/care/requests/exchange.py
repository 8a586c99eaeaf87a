"""A request as FHIR R4: ServiceRequest, Task and QuestionnaireResponse, for whoever asks. Pure.

Task.status and Task.businessStatus say how it stands (`mapping`), Task.output what was answered.
A request that a source sent keeps its own ServiceRequest; ours is the Task that points at it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import orjson

from onesystem.care.requests import mapping
from onesystem.care.requests.states import DONE, OPEN
from onesystem.vocabulary import Code, Entry, key_elsewhere

NUMBER = "urn:onesystem:request"  # the system of our reference numbers
SERVICE = "urn:onesystem:service"
OURS = "care"
_PRIORITY = {"routine": "routine", "soon": "urgent", "urgent": "asap", "emergency": "stat"}
_CATEGORY = {
    "referral": ("3457005", "Patient referral"), "order": ("103693007", "Diagnostic procedure"),
    "advice": ("11429006", "Consultation"),
}  # fmt: skip
_SNOMED = "http://snomed.info/sct"


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """All that the resources of a request say. `patient` is a Reference, `links` what it means."""

    owner: str
    key: str
    kind: str
    state: str
    act: str
    urgency: str
    what: Code | None
    service: str
    service_name: str
    at: datetime
    recorded: datetime
    by: str
    words: str = ""
    form: Mapping[str, Any] = field(default_factory=dict)
    reason: str = ""
    patient: Mapping[str, Any] = field(default_factory=dict)
    links: Mapping[str, str] = field(default_factory=dict)

    @property
    def ours(self) -> bool:
        """Whether it began here."""
        return self.owner == OURS


def entries(told: Told) -> list[Entry]:
    """The resources as they now stand, as entries of the record."""
    found = [_entry("Task", _name(told), _task(told), told)]
    if told.ours:
        found.insert(0, _entry("ServiceRequest", told.key, _request(told), told))
    if told.ours and told.act == "send" and any(str(v).strip() for v in told.form.values()):
        found.append(_entry("QuestionnaireResponse", told.key, _answers(told), told))
    return found


def _name(told: Told) -> str:
    return told.key if told.ours else f"{told.owner}.{told.key.rpartition('/')[2]}"


def _entry(kind: str, name: str, body: dict[str, Any], told: Told) -> Entry:
    return Entry(
        kind=kind, key=f"{kind}/{name}", subject="", at=told.at, recorded=told.recorded,
        code=told.what or Code("", "", _CATEGORY[told.kind][1]), status=str(body["status"]),
        numbers=(f"{NUMBER}|{told.key}",) if told.ours else (), body=orjson.dumps(body),
        links=_links(told),
    )  # fmt: skip


def _links(told: Told) -> dict[str, str]:
    known = dict(told.links)
    if not told.ours:
        known[told.key] = key_elsewhere(told.owner, told.key)
    return known


def _request(told: Told) -> dict[str, Any]:
    code, words = _CATEGORY[told.kind]
    body: dict[str, Any] = {
        "resourceType": "ServiceRequest",
        "identifier": [_number(told)],
        "status": mapping.request_status(told.state),
        "intent": "order",
        "category": [{"coding": [{"system": _SNOMED, "code": code, "display": words}]}],
        "priority": _PRIORITY[told.urgency],
        "code": _concept(told.what) if told.what else {"text": words},
        "subject": dict(told.patient),
        "authoredOn": told.at.isoformat(timespec="milliseconds"),
        "requester": {"display": told.by or "not said"},
        "performer": [_performer(told)],
    }
    if told.words:
        body["note"] = [{"text": told.words}]
    return body


def _task(told: Told) -> dict[str, Any]:
    body: dict[str, Any] = {
        "resourceType": "Task",
        "status": mapping.task_status(told.state),
        "businessStatus": mapping.business_concept(told.state, told.act),
        "intent": "order",
        "priority": _PRIORITY[told.urgency],
        "code": {"coding": [{"system": "http://hl7.org/fhir/CodeSystem/task-code",
                             "code": "fulfill"}]},
        "focus": _focus(told),
        "for": dict(told.patient),
        "authoredOn": told.at.isoformat(timespec="milliseconds"),
        "lastModified": told.recorded.isoformat(timespec="milliseconds"),
        "requester": {"display": told.by or "not said"},
        "owner": _performer(told),
    }  # fmt: skip
    if told.ours:
        body["identifier"] = [_number(told)]
    if told.reason and told.state == DONE:
        body["output"] = [{"type": {"text": "answer"}, "valueString": told.reason}]
    elif told.reason and (told.state not in OPEN or told.act == "ask"):
        body["statusReason"] = {"text": told.reason}
    return body


def _focus(told: Told) -> dict[str, Any]:
    return {"reference": f"ServiceRequest/{told.key}" if told.ours else told.key}


def _answers(told: Told) -> dict[str, Any]:
    return {
        "resourceType": "QuestionnaireResponse",
        "status": "completed",
        "subject": dict(told.patient),
        "basedOn": [_focus(told)],
        "authored": told.at.isoformat(timespec="milliseconds"),
        "item": [
            {"linkId": name, "answer": [{"valueString": str(value)}]}
            for name, value in told.form.items()
            if str(value).strip()
        ],
    }


def _number(told: Told) -> dict[str, str]:
    return {"system": NUMBER, "value": told.key}


def _performer(told: Told) -> dict[str, Any]:
    return {"display": told.service_name or told.service or "not said",
            "identifier": {"system": SERVICE, "value": told.service or "unknown"}}  # fmt: skip


def _concept(what: Code) -> dict[str, Any]:
    made: dict[str, Any] = {"text": what.display or what.code}
    if what.system and what.code:
        made["coding"] = [{"system": what.system, "code": what.code}]
    return made
