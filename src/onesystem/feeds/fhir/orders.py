"""Orders, referrals, tasks and appointments into RequestSeen: what is asked, and how it stands.

Plans and proposals are not requests yet and stay entries; prescriptions are entries too, since
the pharmacy's answer is a dispense and no service waits for a person.
"""

from typing import Any

from onesystem.feeds.fhir.entries import concept_code, subject_of, words_of
from onesystem.feeds.fhir.frame import Frame, Resource
from onesystem.feeds.fhir.persons import recorded, version_of
from onesystem.feeds.fhir.places import place_of
from onesystem.feeds.fhir.times import moment
from onesystem.vocabulary import CareAct, Code, RequestSeen
from onesystem.vocabulary.written import written

_REQUEST = {"active": "received", "on-hold": "received", "draft": "received",
            "completed": "done", "revoked": "revoked", "cancelled": "revoked",
            "entered-in-error": "revoked", "unknown": "received"}  # fmt: skip
STATES = {
    "ServiceRequest": _REQUEST,
    "ReferralRequest": _REQUEST,  # STU3
    "ProcedureRequest": _REQUEST,  # STU3
    "DiagnosticRequest": _REQUEST,  # STU3 ballot, still met
    "Task": {
        "draft": "received", "requested": "received", "received": "received",
        "accepted": "accepted", "ready": "accepted", "in-progress": "accepted",
        "on-hold": "accepted", "rejected": "returned", "completed": "done",
        "cancelled": "revoked", "failed": "revoked", "entered-in-error": "revoked",
    },
    "Appointment": {
        "proposed": "received", "pending": "received", "waitlist": "accepted",
        "booked": "booked", "arrived": "booked", "checked-in": "booked", "fulfilled": "done",
        "cancelled": "revoked", "noshow": "revoked", "entered-in-error": "revoked",
    },
}  # fmt: skip
_MARK = "\x1f"
_REQUESTS = {"ServiceRequest", "ReferralRequest", "ProcedureRequest", "DiagnosticRequest"}
ABOUT = {"Task", "QuestionnaireResponse"}  # what may tell of a request that is another resource
_NOT_YET = {"proposal", "plan", "option", "unknown"}


def about_another(resource: Resource, key: str, frame: Frame) -> CareAct | None:
    """What a resource tells of a request that is another resource; None where it tells nothing.

    A Task says how its focus stands, a QuestionnaireResponse what was written into its form.
    """
    kind = resource["resourceType"]
    asked, subject = _focus(resource, key, frame), subject_of(resource, key, frame)
    if not asked or not subject:
        return None
    said: dict[str, Any] = {"from": frame.source.code}
    if kind == "Task":
        coded = (resource.get("businessStatus") or {}).get("coding") or []
        said |= {
            "status": str(resource.get("status", "")),
            "business": [[c.get("system", ""), c.get("code", "")] for c in coded],
            "reason": _reason(resource) or _output(resource),
        }
    else:
        said["form"] = _answers(resource.get("item") or ())
    return CareAct(
        part="requests", verb="told", thing=asked, act=key, subject=subject, said=said,
        by=_by(resource, key, frame) or frame.source.name,
        recorded=written(recorded(resource, frame), version_of(resource)),
    )  # fmt: skip


def _focus(resource: Resource, key: str, frame: Frame) -> str:
    """The key of the request that it is about."""
    based = resource.get("basedOn")
    for reference in [resource.get("focus"), *(based if isinstance(based, list) else [based])]:
        found = frame.key_of(reference, key) if reference else ""
        # The key of another source's has that source in front.
        if found.rpartition(_MARK)[2].partition("/")[0] in _REQUESTS:
            return found
    return ""


def _output(resource: Resource) -> str:
    """What came of a task, where it is said in words."""
    words = [str(each["valueString"]) for each in resource.get("output") or ()
             if each.get("valueString")]  # fmt: skip
    return "; ".join(words)


def _answers(items: Any) -> dict[str, str]:
    found: dict[str, str] = {}
    for each in items:
        said = [_answer(a) for a in each.get("answer") or ()]
        if name := str(each.get("text") or each.get("linkId") or ""):
            found |= {name: "; ".join(filter(None, said))} if said else {}
        found |= _answers(each.get("item") or ())
    return found


def _answer(answer: Resource) -> str:
    for name, value in answer.items():
        if name.startswith("value"):
            if isinstance(value, bool):
                return "yes" if value else "no"
            if isinstance(value, dict):
                return str(value.get("display") or value.get("value") or value.get("code") or "")
            return str(value)
    return ""


def request(resource: Resource, key: str, frame: Frame) -> RequestSeen | None:
    """The request that a resource is, or None."""
    kind = resource["resourceType"]
    if kind not in STATES or resource.get("intent") in _NOT_YET or resource.get("doNotPerform"):
        return None
    subject = subject_of(resource, key, frame)
    if not subject:
        return None
    said = next((moment(resource.get(leaf), frame.zone) for leaf in
                 ("authoredOn", "created", "dateWritten", "lastModified", "start")
                 if resource.get(leaf)), None)  # fmt: skip
    status = str(resource.get("status", ""))
    return RequestSeen(
        key=key,
        subject=subject,
        at=said,
        recorded=written(recorded(resource, frame), version_of(resource)),
        what=_what(resource),
        service=_service(resource, key, frame),
        urgency=str(resource.get("priority", "")),
        status=STATES[kind].get(status, "received"),
        by=_by(resource, key, frame),
        reason=_reason(resource),
    )


def _what(resource: Resource) -> Code | None:
    for leaf in ("code", "serviceRequested", "serviceType", "type", "specialty", "category"):
        found = concept_code(resource.get(leaf))
        if found:
            return found
    words = resource.get("description")
    return Code("", "", str(words)) if words else None


def _service(resource: Resource, key: str, frame: Frame) -> str:
    performers = resource.get("performer") or resource.get("recipient") or resource.get("owner")
    for reference in performers if isinstance(performers, list) else [performers]:
        names = place_of(reference, key, frame)
        for name in names:
            service = frame.source.services.get(name)
            if service or name in frame.district.services:
                return service or name
        if names:
            return f"{frame.source.code}/{names[-1]}"
    return ""


def _by(resource: Resource, key: str, frame: Frame) -> str:
    said: Any = resource.get("requester") or {}
    said = said.get("agent", said)
    return str(said.get("display") or frame.key_of(said, key))


def _reason(resource: Resource) -> str:
    for leaf in ("reasonCode", "reason", "statusReason", "cancelationReason"):
        words = words_of(resource.get(leaf))
        if words:
            return words
    return ""
