"""How a FHIR message is read, line by line, for the person who looks at it."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import orjson

from onesystem.district import District, Source
from onesystem.feeds.fhir.bundles import items, link
from onesystem.feeds.fhir.definitions import definitions
from onesystem.feeds.fhir.frame import Frame, Resource, key_for
from onesystem.feeds.fhir.problems import problems
from onesystem.feeds.fhir.reading import SLIPS, one, resource_of
from onesystem.feeds.fhir.validation import inside
from onesystem.feeds.fhir.versions import is_stu3
from onesystem.feeds.readers import Explained
from onesystem.vocabulary import (
    BadInput,
    CareAct,
    ContactEvent,
    Entry,
    PersonSeen,
    Reading,
    Remark,
    RequestSeen,
)

MOST = 2000  # lines; a page that shows more helps nobody
_NOWHERE = District(
    path=Path(), code="", name="", zone="UTC", currency="", number="nhs", number_name="NHS number"
)
_MEANS = {
    "id": "its key within the source", "meta": "when it was written, its version, its labels",
    "identifier": "numbers", "name": "names", "birthDate": "birth date", "gender": "sex",
    "address": "address and postcode", "telecom": "phone", "generalPractitioner": "practice",
    "managingOrganization": "practice, where no general practitioner is said",
    "deceasedDateTime": "day of death", "subject": "whose it is", "patient": "whose it is",
    "beneficiary": "whose it is", "encounter": "the visit it belongs to",
    "context": "the visit it belongs to", "status": "status", "class": "setting",
    "period": "from when to when", "location": "service and bed", "serviceProvider": "service",
    "serviceType": "service", "hospitalization": "where from and where to",
    "participant": "by whom", "reasonCode": "reason", "reason": "reason", "code": "what",
    "basedOn": "what led to it", "partOf": "what led to it", "appointment": "what led to it",
    "priority": "urgency", "requester": "who asks", "performer": "who is asked",
    "authoredOn": "when it was asked",
}  # fmt: skip


def explain(message: bytes) -> list[Explained]:
    """The message in words. Never raises."""
    try:
        resource, body = resource_of(message)
    except BadInput as error:
        shown = message[:2000].decode("utf-8", "replace")
        return [Explained(text=shown, says="", problem=str(error))]
    try:
        lines = list(_lines(resource, body))
    except SLIPS as error:
        lines = [Explained(text=_short(resource), problem=f"not shaped as FHIR is: {error}")]
    if len(lines) > MOST:
        lines[MOST:] = [Explained(text=f"... and {len(lines) - MOST:,} lines more")]
    return lines


def _lines(resource: Resource, body: bytes) -> Iterator[Explained]:
    stu3 = is_stu3(resource)
    frame = Frame(
        source=Source(code="", name=""), district=_NOWHERE, received=datetime.now(UTC)
    )  # the hour matters to nothing that is shown
    if resource.get("resourceType") != "Bundle":
        yield from _resource(resource, key_for(resource, body), body, frame, stu3=stu3, whole=True)
        return
    count = len(resource.get("entry") or [])
    version = "FHIR STU3, read without its schema" if stu3 else "FHIR R4"
    yield Explained(
        text=f"Bundle of type {resource.get('type', '?')} with {count} entries",
        says=version,
        problem=_problem({k: v for k, v in resource.items() if k != "entry"}, stu3=stu3),
    )
    held = list(items(resource, body))
    link(frame, resource, held)
    for item in held:
        yield from _resource(item.resource, item.key, item.body, frame, stu3=stu3, whole=False)


def _resource(
    resource: Resource, key: str, body: bytes, frame: Frame, *, stu3: bool, whole: bool
) -> Iterator[Explained]:
    start = len(frame.out)
    says, problem = "", _problem(resource, stu3=stu3)
    try:
        one(resource, key, body, frame)
        made = frame.out[start:]
        says = "; ".join(filter(None, map(in_words, made)))
        odd = "; ".join(f"{r.what} ({r.rule})" for r in made if isinstance(r, Remark))
        problem = problem or odd
    except SLIPS as error:
        problem = problem or f"not shaped as FHIR is: {error}"
    yield Explained(text=key, says=says, problem=problem)
    if whole:
        yield from _elements(resource, stu3=stu3)


def _elements(resource: Resource, *, stu3: bool) -> Iterator[Explained]:
    kind = str(resource.get("resourceType", ""))
    wrong: dict[str, str] = {}
    for found in [] if stu3 or kind not in definitions().types else problems(resource, kind, kind):
        leaf = found.where.split(".")[1].split("[")[0] if "." in found.where else ""
        wrong.setdefault(leaf, f"{found.what}. {found.cure}")
    for leaf, value in resource.items():
        yield Explained(
            text=f"{leaf}: {_short(value)}",
            says=_MEANS.get(leaf, "kept"),
            problem=wrong.pop(leaf, ""),
        )
    for leaf, problem in wrong.items():
        yield Explained(text=leaf, problem=problem)


def in_words(reading: Reading) -> str:
    """One reading in words."""
    match reading:
        case PersonSeen():
            return f"a person with {len(reading.identifiers)} numbers"
        case ContactEvent():
            begin = reading.started or reading.requested or reading.at
            where = reading.setting or "no known setting"
            return f"contact {reading.act} in {where}, {begin or 'no time'}"
        case RequestSeen():
            return f"a request, {reading.status}"
        case CareAct():
            return f"how {reading.thing} stands: {reading.said.get('status') or 'its form'}"
        case Entry():
            whose = (
                f"of {reading.subject}" if reading.subject else "about nobody: kept for reference"
            )
            words = f" {reading.code.display or reading.code.code}" if reading.code else ""
            return (
                f"entry {reading.kind}{words} {reading.value} {reading.unit}".rstrip()
                + f", {whose}"
            )
        case _:
            return ""


def _problem(resource: Resource, *, stu3: bool) -> str:
    kind = resource.get("resourceType")
    if stu3:
        return ""
    if kind not in definitions().resources:
        return f"FHIR R4 has no resource {kind!r}"
    found = [f"{p.where}: {p.what}. {p.cure}" for p in problems(resource, str(kind), str(kind))]
    for place, nested in inside(resource):
        if isinstance(nested, dict):
            found += [f"{place}: {p}" for p in [_problem(nested, stu3=False)] if p]
    return " ".join(found[:5])


def _short(value: Any) -> str:
    text = orjson.dumps(value).decode()
    return text if len(text) <= 300 else f"{text[:300]}..."
