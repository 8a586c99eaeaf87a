"""What a source wrote into a request of its own: read from the resource that the record keeps."""

from collections.abc import Iterable, Mapping
from typing import Any

import orjson

from onesystem import record
from onesystem.access import Allowed, Asker
from onesystem.care.requests.queries import Request
from onesystem.record.queries import entries
from onesystem.vocabulary.said import say

_KINDS = ("ServiceRequest", "ReferralRequest", "ProcedureRequest", "Task")


def written(found: Request, person: int, *, by: Asker, allowed: Allowed) -> list[tuple[str, str]]:
    """Its notes, reasons and instructions, each under its name; nothing where none is kept."""
    kind = found.key.partition("/")[0]
    if kind not in _KINDS:
        return []
    kept = entries(person, kind=kind, by=by.actor, purpose=by.purpose, allowed=allowed)
    entry = next((e.entry for e in kept if (e.source, e.key) == (found.source, found.key)), 0)
    body = record.body_of(entry) if entry else None
    return parts(orjson.loads(body)) if body else []


def parts(resource: Mapping[str, Any]) -> list[tuple[str, str]]:
    """What a resource says in words. Pure."""
    said = [
        (say("Why"), _concepts(resource.get("reasonCode"))),
        (say("In detail"), _concepts(resource.get("orderDetail"))),
        (say("Note"), [str(note.get("text", "")) for note in _list(resource.get("note"))]),
        (say("For the person"), [str(resource.get("patientInstruction", ""))]),
        (say("Description"), [str(resource.get("description", ""))]),
        (say("Goes with it"), [str(each.get("display", ""))
                          for each in _list(resource.get("supportingInfo"))]),
    ]  # fmt: skip
    told = [(name, "; ".join(filter(None, words))) for name, words in said]
    return [(name, words) for name, words in told if words]


def _concepts(said: Any) -> list[str]:
    found = []
    for each in _list(said):
        displays = [str(c.get("display", "")) for c in _list(each.get("coding"))]
        found.append(str(each.get("text") or next(filter(None, displays), "")))
    return found


def _list(said: Any) -> Iterable[Mapping[str, Any]]:
    some = said if isinstance(said, list) else [said]
    return [each for each in some if isinstance(each, Mapping)]
