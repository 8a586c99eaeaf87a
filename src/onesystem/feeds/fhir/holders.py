"""Whose a resource is that names nobody as its subject, and yet holds what is somebody's.

A Binary says it by its security context, a document by what it is composed of, a Provenance by what
it tells of. Where that leads to one person, it is theirs.
"""

from collections.abc import Callable, Iterator
from typing import Any

from onesystem.feeds.fhir.frame import Frame, Resource

# Whom another resource of the same message names as its subject, by its key.
SubjectOf = Callable[[Resource, str, Frame], str]


def holds(kind: str) -> bool:
    """Whether a type is one of these."""
    return kind in _REFERS


def named_by(resource: Resource, key: str, frame: Frame, subject_of: SubjectOf) -> str:
    """The key of the one person whom it is of; empty where that is nobody, or several.

    What it refers to may be another of these, which may refer back: each is followed once.
    """
    found, seen, ahead = set[str](), {key}, [(key, resource)]
    while ahead:
        for to in _referred(*ahead.pop(), frame):
            held = frame.find(to)
            if _is_patient(to, held):
                found.add(to)
            elif held and to not in seen:
                seen.add(to)
                if person := subject_of(held, to, frame):
                    found.add(person)
                elif holds(held["resourceType"]):
                    ahead.append((to, held))
    return found.pop() if len(found) == 1 else ""


def _referred(key: str, resource: Resource, frame: Frame) -> list[str]:
    kind = resource["resourceType"]
    papers = _papers(key, frame) if kind == "Binary" else ()
    return [frame.key_of(each, key) for each in (*_REFERS[kind](resource), *papers)]


def _is_patient(key: str, held: Resource) -> bool:
    return held.get("resourceType") == "Patient" or key.rpartition("\x1f")[2].startswith(
        ("Patient/", "Patient?")
    )


def _binary(resource: Resource) -> Iterator[Any]:
    yield resource.get("securityContext")


def _papers(key: str, frame: Frame) -> Iterator[Any]:
    """Whose the documents of the same message are that have it attached."""
    for each in frame.held.values():
        if each.get("resourceType") == "DocumentReference":
            held = (content.get("attachment") or {} for content in each.get("content") or ())
            if any(frame.key_of_text(str(part.get("url", ""))) == key for part in held):
                yield each.get("subject")


def _person(resource: Resource) -> Iterator[Any]:
    for each in resource.get("link") or ():
        yield each.get("target")


def _audit_event(resource: Resource) -> Iterator[Any]:
    for each in resource.get("entity") or ():
        yield each.get("what")


def _provenance(resource: Resource) -> Iterator[Any]:
    yield from resource.get("target") or ()


def _linkage(resource: Resource) -> Iterator[Any]:
    for each in resource.get("item") or ():
        yield each.get("resource")


def _message_header(resource: Resource) -> Iterator[Any]:
    yield from resource.get("focus") or ()


def _bundle(resource: Resource) -> Iterator[Any]:
    """Of a document whom its composition is of; of any other the Patients in it, or named in it."""
    held = [e["resource"] for e in resource.get("entry") or () if "resource" in e]
    if resource.get("type") == "document" and held:
        yield held[0].get("subject")
        return
    for each in held:
        if each.get("resourceType") == "Patient" and each.get("id"):
            yield {"reference": f"Patient/{each['id']}"}
        for leaf in ("subject", "patient", "beneficiary", "for"):
            yield each.get(leaf)


_REFERS: dict[str, Callable[[Resource], Iterator[Any]]] = {
    "AuditEvent": _audit_event,
    "Binary": _binary,
    "Bundle": _bundle,
    "Linkage": _linkage,
    "MessageHeader": _message_header,
    "Person": _person,
    "Provenance": _provenance,
}
