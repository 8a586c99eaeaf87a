"""How a request stands in the words of others, both ways. Pure.

FHIR R4 (hl7.org/fhir/R4): ServiceRequest.status (request-status), Task.status (task-status).
BSeR: the ten codes of Task.businessStatus, code system TaskBusinessStatusCS of the HL7
Bidirectional Services eReferral guide (build of 2.0.0-ballot, version 4 of 2023-05-07).
Our own state goes along as a second coding, so that nothing is lost on the way back.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from onesystem.care.requests.states import (
    ACCEPTED,
    BOOKED,
    DONE,
    IN_PROGRESS,
    NEEDS_MORE,
    RECEIVED,
    REDIRECTED,
    RETURNED,
    REVOKED,
    STATES,
)
from onesystem.vocabulary.said import say_each

BSER = "http://hl7.org/fhir/us/bser/CodeSystem/TaskBusinessStatusCS"
OURS = "urn:onesystem:request-state"

BSER_STATES: Mapping[str, str] = say_each(
    {
        "2.0": "Service Request Created",
        "3.0": "Service Request Accepted",
        "4.0": "Service Request Declined",
        "5.1.1": "Service Request Event Scheduled",
        "5.1.2": "Scheduled Service Request Event Unattended",
        "5.1.3": "Scheduled Service Request Event Cancelled",
        "5.1.4": "Service Request Event Completed",
        "5.2": "Service Request Cancellation Requested",
        "6.0": "Service Request Fulfillment Cancelled",
        "7.0": "Service Request Fulfillment Completed",
    }
)

_REQUEST: Mapping[str, str] = {
    RECEIVED: "active", NEEDS_MORE: "on-hold", ACCEPTED: "active", REDIRECTED: "active",
    BOOKED: "active", IN_PROGRESS: "active", RETURNED: "revoked", DONE: "completed",
    REVOKED: "revoked",
}  # fmt: skip
_TASK: Mapping[str, str] = {
    RECEIVED: "requested", NEEDS_MORE: "on-hold", ACCEPTED: "accepted", REDIRECTED: "requested",
    BOOKED: "accepted", IN_PROGRESS: "in-progress", RETURNED: "rejected", DONE: "completed",
    REVOKED: "cancelled",
}  # fmt: skip
_BSER: Mapping[str, str] = {
    RECEIVED: "2.0", NEEDS_MORE: "2.0", REDIRECTED: "2.0", ACCEPTED: "3.0", RETURNED: "4.0",
    BOOKED: "5.1.1", IN_PROGRESS: "5.1.4", REVOKED: "6.0", DONE: "7.0",
}  # fmt: skip
_BY_ACT = {"missed": "5.1.2", "unbook": "5.1.3"}  # accepted still, and what happened to the visit

_FROM_TASK: Mapping[str, str] = {
    "draft": RECEIVED, "requested": RECEIVED, "received": RECEIVED, "accepted": ACCEPTED,
    "ready": ACCEPTED, "in-progress": IN_PROGRESS, "on-hold": NEEDS_MORE, "rejected": RETURNED,
    "completed": DONE, "cancelled": REVOKED, "failed": RETURNED, "entered-in-error": REVOKED,
}  # fmt: skip
_FROM_BSER: Mapping[str, str] = {
    "2.0": RECEIVED, "3.0": ACCEPTED, "4.0": RETURNED, "5.1.1": BOOKED, "5.1.2": ACCEPTED,
    "5.1.3": ACCEPTED, "5.1.4": IN_PROGRESS, "6.0": REVOKED, "7.0": DONE,
    "5.2": RECEIVED,  # asked for, and not done yet: the request stands where it stood
}  # fmt: skip


def request_status(state: str) -> str:
    """ServiceRequest.status of a state."""
    return _REQUEST[state]


def task_status(state: str) -> str:
    """Task.status of a state."""
    return _TASK[state]


def business_status(state: str, act: str = "") -> str:
    """The BSeR code of a state, and of the last act where that says more."""
    return _BY_ACT.get(act, _BSER[state]) if state == ACCEPTED else _BSER[state]


def business_concept(state: str, act: str = "") -> dict[str, Any]:
    """Task.businessStatus: the BSeR code, and our own state beside it."""
    code = business_status(state, act)
    return {
        "coding": [
            {"system": BSER, "code": code, "display": BSER_STATES[code]},
            {"system": OURS, "code": state},
        ]
    }


def state_of_task(status: str, business: Iterable[Mapping[str, Any]] = ()) -> str:
    """The state that a Task tells: our own word first, then BSeR's, then Task.status.

    `business` is Task.businessStatus.coding.
    """
    codes = {(str(c.get("system", "")), str(c.get("code", ""))) for c in business}
    own = next((code for system, code in sorted(codes) if system == OURS and code in STATES), "")
    if own:
        return own
    told = next((code for system, code in sorted(codes) if system == BSER), "")
    return _FROM_BSER.get(told) or _FROM_TASK.get(status, RECEIVED)
