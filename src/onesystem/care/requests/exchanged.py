"""The resources that go with an act on a request, about a person as FHIR can name them."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from onesystem import people
from onesystem.care.requests import exchange
from onesystem.care.requests.queries import Request
from onesystem.district import current
from onesystem.vocabulary import Code, Entry, key_elsewhere

_MARK = "\x1f"


def sent(
    *, person: int, key: str, kind: str, urgency: str, what: Code | None, service: str,
    at: datetime, by: str, words: str, form: Mapping[str, Any],
) -> list[Entry]:  # fmt: skip
    """The resources of a request that was just sent."""
    patient, links = patient_of(person)
    return exchange.entries(exchange.Told(
        owner=exchange.OURS, key=key, kind=kind, state="received", act="send", urgency=urgency,
        what=what, service=service, service_name=current().service_name(service), at=at,
        recorded=at, by=by, words=words, form=form, patient=patient, links=links,
    ))  # fmt: skip


def entries_of(
    found: Request, *, person: int, state: str, act: str, recorded: datetime, reason: str,
    service: str, sent_by: str, urgency: str, words: str,
) -> list[Entry]:  # fmt: skip
    """The resources of a request after an act; `service` and `urgency` where the act said them."""
    patient, links = patient_of(person)
    goes = service or found.service
    what = Code(found.system, found.code, found.what) if found.what or found.code else None
    return exchange.entries(exchange.Told(
        owner=found.source, key=found.key, kind=found.kind, state=state, act=act,
        urgency=urgency or found.urgency, what=what, service=goes,
        service_name=current().service_name(goes), at=found.at, recorded=recorded,
        by=sent_by, words=words, reason=reason, patient=patient, links=links,
    ))  # fmt: skip


def patient_of(person: int) -> tuple[dict[str, Any], dict[str, str]]:
    """A Reference to the person: the Patient that a source sent, else a source's own number."""
    known = people.identities_of(person)
    for each in known:
        if each.subject.startswith("Patient/") and _MARK not in each.subject:
            return {"reference": each.subject}, {
                each.subject: key_elsewhere(each.source, each.subject)
            }
    if not known:
        return {"type": "Patient"}, {}
    system = f"urn:onesystem:{known[0].source}"
    return {"type": "Patient",
            "identifier": {"system": system, "value": known[0].subject}}, {}  # fmt: skip
