"""Parts of a resource: `_summary` and `_elements`. Pure."""

from collections.abc import Iterable
from functools import cache
from typing import Any

import orjson

from onesystem.record.fhir.searching.definitions import summary_of

_ALWAYS = frozenset({"resourceType", "id", "meta"})
_SUBSETTED = {
    "system": "http://terminology.hl7.org/CodeSystem/v3-ObservationValue",
    "code": "SUBSETTED",
    "display": "Resource encoded in summary mode",
}


def named(elements: Iterable[str], kind: str, *, included: bool = False) -> tuple[str, ...]:
    """Which of the elements are meant of a type: `name`, or `Patient.name`.

    Of what is included, only those with its type in front.
    """
    parts = [each.partition(".") for each in elements]
    return tuple(
        rest.partition(".")[0] if first == kind else first
        for first, _, rest in parts
        if first == kind or not (included or first[:1].isupper())
    )


def cut(body: bytes, kind: str, summary: str, elements: Iterable[str]) -> bytes:
    """The resource with what was asked for, marked as not being whole."""
    wanted = frozenset(elements)
    if not wanted and summary not in {"true", "text", "data"}:
        return body
    held: dict[str, Any] = orjson.loads(body)
    if wanted:
        kept = wanted | needed_of(kind)
    elif summary == "text":
        kept = needed_of(kind) | {"text"}
    elif summary == "data":
        kept = frozenset(key for key in held if key != "text")
    else:
        kept = _kept_in_summary(kind)
    # What is kept of a primitive are its extensions too, beside it under an underscore.
    made = {k: v for k, v in held.items() if k in _ALWAYS or k.removeprefix("_") in kept}
    meta = dict(made.get("meta") or {})
    tags = [t for t in meta.get("tag", ()) if t.get("code") != "SUBSETTED"]
    made["meta"] = {**meta, "tag": [*tags, _SUBSETTED]}
    return orjson.dumps(made)


@cache
def _kept_in_summary(kind: str) -> frozenset[str]:
    return frozenset(summary_of(kind)[0]) | needed_of(kind)


@cache
def needed_of(kind: str) -> frozenset[str]:
    """The elements that a resource of a type must have."""
    return frozenset(summary_of(kind)[1])
