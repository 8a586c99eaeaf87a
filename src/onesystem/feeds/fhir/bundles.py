"""Bundles: the exact bytes of each resource, and what its references mean.

A number such as 1.50 keeps its last nought only in the bytes as they were sent, so each resource
is cut out of the message instead of being written again.
"""

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote

from onesystem.feeds.fhir.frame import Frame, Resource, key_for

_SPACE = re.compile(r"[ \t\n\r]*")
_scan = json.JSONDecoder().scan_once  # type: ignore[attr-defined]


@dataclass(frozen=True, slots=True)
class Item:
    """One entry of a Bundle that holds a resource: its number, body and place in the Bundle."""

    index: int
    resource: Resource
    body: bytes
    key: str
    request: dict[str, Any]
    mode: str  # of a search: match, include, outcome


def items(bundle: Resource, message: bytes) -> Iterator[Item]:
    """The resources of a Bundle in their order, each with its bytes."""
    entries = bundle.get("entry") or []
    spans = iter(_spans(message.decode(), "entry", "resource"))
    for i, entry in enumerate(entries):
        if "resource" not in entry:
            continue
        resource = entry["resource"]
        body = next(spans).encode()
        request = entry.get("request") or {}
        key = key_for(resource, body, full_url=entry.get("fullUrl", ""), request=request)
        yield Item(i, resource, body, key, request, (entry.get("search") or {}).get("mode", ""))


def link(frame: Frame, bundle: Resource, held: list[Item]) -> None:
    """Teach the frame what the references of this Bundle mean."""
    entries = bundle.get("entry") or []
    for item in held:
        full_url = entries[item.index].get("fullUrl", "")
        kind = item.resource["resourceType"]
        if full_url:
            frame.links[full_url] = item.key
            base, _, tail = full_url.rpartition("/")
            own, _, named = base.rpartition("/")
            if "://" in own and named == kind and item.key == f"{kind}/{tail}":
                frame.links[f"{own}/"] = own
        if item.resource.get("id"):
            frame.links[f"{kind}/{item.resource['id']}"] = item.key
        condition = item.request.get("ifNoneExist")
        if condition:
            frame.links[f"{kind}?{unquote(condition)}"] = item.key
        for identifier in item.resource.get("identifier") or ():
            if isinstance(identifier, dict) and identifier.get("value"):
                number = f"{identifier.get('system', '')}|{identifier['value']}"
                frame.links.setdefault(f"{kind}?identifier={number}", item.key)
        frame.held[item.key] = item.resource


def elements(text: str) -> Iterator[str]:
    """The text of each element of the list that a text is. Raises where it is none."""
    found: list[str] = []

    def one(at: int) -> int:
        end = _past(text, at)
        found.append(text[at:end])
        return end

    if text[_each(text, _skip(text, 0), one) :].strip():
        msg = "there is more behind the list"
        raise ValueError(msg)
    return iter(found)


def _spans(text: str, listed: str, wanted: str) -> list[str]:
    """The text of each `wanted` member of each object in the top-level list `listed`."""
    found: list[str] = []

    def inner(key: str, at: int) -> int:
        end = _past(text, at)
        if key == wanted:
            found.append(text[at:end])
        return end

    def outer(key: str, at: int) -> int:
        if key == listed and text[at] == "[":
            return _each(text, at, lambda place: _members(text, place, inner))
        return _past(text, at)

    _members(text, _skip(text, 0), outer)
    return found


def _skip(text: str, at: int) -> int:
    return _SPACE.match(text, at).end()  # type: ignore[union-attr]


def _past(text: str, at: int) -> int:
    end: int = _scan(text, at)[1]
    return end


def _members(text: str, at: int, visit: Callable[[str, int], int]) -> int:
    """Walk the object that begins at `at`; `visit` gets each key and says where its value ends."""
    at = _skip(text, at + 1)
    while text[at] == '"':
        key, at = _scan(text, at)
        at = _skip(text, visit(key, _skip(text, _skip(text, at) + 1)))
        if text[at] == ",":
            at = _skip(text, at + 1)
    return at + 1


def _each(text: str, at: int, visit: Callable[[int], int]) -> int:
    """Walk the list that begins at `at`; `visit` says where each element ends."""
    at = _skip(text, at + 1)
    while text[at] != "]":
        at = _skip(text, visit(at))
        if text[at] == ",":
            at = _skip(text, at + 1)
    return at + 1
