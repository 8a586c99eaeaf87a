"""What is wrong with a resource, element by element, in words. Slow; only asked once it failed."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from onesystem.feeds.fhir.definitions import Element, Type, definitions
from onesystem.vocabulary import nearest

_JSON = {
    dict: "an object", list: "a list", str: "text", bool: "true or false",
    int: "a number", float: "a number", type(None): "null",
}  # fmt: skip
_MEANT = {"string": "text", "number": "a number", "integer": "a whole number",
          "boolean": "true or false"}  # fmt: skip
_FITS: dict[str, tuple[type, ...]] = {"string": (str,), "number": (int, float), "integer": (int,)}
_EXAMPLES = {
    "date": "1985-04-12",
    "dateTime": "2026-03-01T09:30:00+00:00",
    "instant": "2026-03-01T09:30:00Z",
    "time": "09:30:00",
    "id": "letters, digits, hyphens and dots, at most 64",
    "positiveInt": "1",
    "unsignedInt": "0",
}


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong: where (FHIRPath), the rule, what, and what to do."""

    where: str
    rule: str
    what: str
    cure: str


def problems(value: Any, kind: str, where: str) -> Iterator[Problem]:
    """All that is wrong with a value of a type."""
    held = definitions().types.get(kind)
    if held is None:
        if kind in definitions().primitives:
            yield from _primitive(value, kind, where)
        return
    if not isinstance(value, dict):
        yield _wrong(where, value, f"an object ({kind.replace('_', '.')})")
        return
    if not value:
        yield Problem(where, "fhir.empty-element", "the object is empty", "Leave it out.")
        return
    yield from _missing(value, held, where)
    for leaf, each in value.items():
        if leaf != "resourceType" or kind not in definitions().resources:
            yield from _leaf(leaf, each, held, where)


def _missing(value: dict[str, Any], held: Type, where: str) -> Iterator[Problem]:
    for leaf, element in held.elements.items():
        if element.needed and leaf not in value and f"_{leaf}" not in value:
            cure = f"Send {leaf}"
            if isinstance(element.codes, list):
                cure += f", one of: {', '.join(element.codes[:12])}"
            yield Problem(f"{where}.{leaf}", "fhir.missing", f"{leaf} is missing", f"{cure}.")
    for stem, needed, names in held.choices:
        there = [name for name in names if name in value]
        if len(there) > 1:
            yield Problem(
                f"{where}.{stem}[x]",
                "fhir.two-choices",
                f"{' and '.join(there)} are both there",
                "Only one of them may be.",
            )
        if needed and not there and not any(f"_{name}" in value for name in names):
            yield Problem(
                f"{where}.{stem}[x]",
                "fhir.missing",
                f"{stem}[x] is missing",
                f"Send one of: {', '.join(names)}.",
            )


def _leaf(leaf: str, value: Any, held: Type, where: str) -> Iterator[Problem]:
    beside = leaf.startswith("_")
    element = held.elements.get(leaf.removeprefix("_"))
    place = f"{where}.{leaf}"
    if element is None:
        yield Problem(
            place, "fhir.unknown-element", f"R4 has no element {leaf!r} here",
            nearest(leaf, held.elements),
        )  # fmt: skip
        return
    if element.many and not isinstance(value, list):
        yield _wrong(place, value, "a list")
        return
    if not element.many and isinstance(value, list):
        yield Problem(
            place, "fhir.cardinality", f"{leaf} is a list, and may be there only once",
            "Send one value, not a list.",
        )  # fmt: skip
        return
    if element.many and not value:
        yield Problem(place, "fhir.empty-element", "the list is empty", "Leave it out.")
    for i, each in enumerate(value if element.many else [value]):
        here = f"{place}[{i}]" if element.many else place
        if each is None and element.many and element.kind in definitions().primitives:
            continue
        if beside:
            yield from problems(each, "Element", here)
        else:
            yield from problems(each, element.kind, here)
            yield from _codes(each, element, here)


def _codes(value: Any, element: Element, where: str) -> Iterator[Problem]:
    if isinstance(element.codes, list):
        if isinstance(value, str) and value not in element.codes:
            yield _bad_code(value, element.codes, where)
    elif isinstance(element.codes, dict) and isinstance(value, dict):
        codings = [value] if element.kind == "Coding" else value.get("coding", [])
        for i, coding in enumerate(c for c in codings if isinstance(c, dict)):
            known = element.codes.get(coding.get("system"))
            if known is not None and "code" in coding and coding["code"] not in known:
                place = where if element.kind == "Coding" else f"{where}.coding[{i}]"
                yield _bad_code(coding["code"], known, f"{place}.code")


def _bad_code(value: str, known: list[str], where: str) -> Problem:
    return Problem(
        where, "fhir.bad-code", f"{value!r} is not a code that is allowed here",
        nearest(value, known),
    )  # fmt: skip


def _primitive(value: Any, kind: str, where: str) -> Iterator[Problem]:
    shape, pattern = definitions().primitives[kind]
    fits = isinstance(value, bool) if shape == "boolean" else (
        isinstance(value, _FITS[shape]) and not isinstance(value, bool)
    )  # fmt: skip
    if not fits:
        yield _wrong(where, value, _MEANT[shape])
    elif pattern and not _compiled(pattern).search(value):
        example = _EXAMPLES.get(kind)
        shown = value if len(value) < 60 else f"{value[:60]}..."
        yield Problem(
            where, f"fhir.bad-{kind.lower()}", f"{shown!r} is not a FHIR {kind}",
            f"Write it like: {example}" if example else "Leave it out when it is empty.",
        )  # fmt: skip
    elif shape == "integer" and not _in_range(value, kind):
        yield Problem(
            where, "fhir.bad-number", f"{value} is out of the range of {kind}",
            "Whole numbers in FHIR have 32 bits; positiveInt begins at 1, unsignedInt at 0.",
        )  # fmt: skip


def _in_range(value: int, kind: str) -> bool:
    least = {"positiveInt": 1, "unsignedInt": 0}.get(kind, -(2**31))
    return least <= value < 2**31


@lru_cache(maxsize=64)
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)


def _wrong(where: str, value: Any, meant: str) -> Problem:
    return Problem(
        where, "fhir.wrong-type", f"this is {_JSON.get(type(value), 'something else')}",
        f"It has to be {meant}.",
    )  # fmt: skip
