"""Pieces of a FHIR resource in plain words: concepts, references, quantities, notes.

Nothing here trusts the shape of what came: a part that is not as FHIR says reads as empty.
"""

from collections.abc import Mapping
from typing import Any

from onesystem.vocabulary.said import say, say_each

Resource = Mapping[str, Any]


def concept(said: Any) -> str:
    """A CodeableConcept, Coding, or a list of them, in words."""
    if isinstance(said, list):
        return ", ".join(dict.fromkeys(filter(None, map(concept, said))))
    if isinstance(said, str):
        return said
    if not isinstance(said, dict):
        return ""
    codings = [c for c in said.get("coding") or () if isinstance(c, dict)]
    shown = next((c["display"] for c in codings if c.get("display")), "")
    code = str(codings[0].get("code", "")) if codings else ""
    return str(said.get("text") or shown or said.get("display") or code or said.get("code") or "")


def named(said: Any) -> str:
    """A Reference in words, where the source gave any."""
    if isinstance(said, list):
        return ", ".join(dict.fromkeys(filter(None, map(named, said))))
    if not isinstance(said, dict):
        return ""
    identifier = said.get("identifier")
    number = identifier.get("value", "") if isinstance(identifier, dict) else ""
    return str(said.get("display") or number or "")


def quantity(said: Any) -> str:
    """A Quantity in words."""
    if not isinstance(said, dict) or "value" not in said:
        return ""
    unit = said.get("unit") or said.get("code") or ""
    return f"{said.get('comparator', '')}{said['value']} {unit}".strip()


def title(said: Resource) -> str:
    """What it calls itself, where it has no code."""
    for leaf in ("title", "description", "name"):
        if isinstance(said.get(leaf), str):
            return str(said[leaf])
    return ""


_WHO = (
    "recorder", "asserter", "requester", "performer", "author", "dispenser", "informationSource",
    "custodian", "source",
)  # fmt: skip


def who(said: Resource) -> str:
    """Who stands behind it, in words."""
    for leaf in _WHO:
        held = said.get(leaf)
        if not held:
            continue
        if leaf == "performer" and isinstance(held, list):
            held = [h.get("actor", h) if isinstance(h, dict) else h for h in held]
        if found := named(held):
            return found
    return ""


_FLAGS = say_each({
    "H": "high", "HH": "very high", "L": "low", "LL": "very low", "A": "abnormal",
    "AA": "very abnormal", "HU": "very high", "LU": "very low", "POS": "positive",
    "R": "resistant",
})  # fmt: skip


def flag(said: Resource) -> str:
    """What the laboratory makes of a result: high, low, abnormal (HL7 v3 interpretation codes)."""
    held = said.get("interpretation")
    first = held[0] if isinstance(held, list) and held else held
    if not isinstance(first, dict):
        return ""
    codes = [str(c.get("code", "")) for c in first.get("coding") or () if isinstance(c, dict)]
    return next((_FLAGS[c] for c in codes if c in _FLAGS), "")


def normal(said: Resource) -> str:
    """The range that the laboratory calls usual."""
    held = said.get("referenceRange")
    first = held[0] if isinstance(held, list) and held else None
    if not isinstance(first, dict):
        return ""
    low, high = quantity(first.get("low")), quantity(first.get("high"))
    if low and high:
        return say("{split} to {high}", split=low.split(" ")[0], high=high)
    return str(first.get("text") or (f"from {low}" if low else f"up to {high}" if high else ""))


def notes(said: Resource) -> str:
    """The notes, one after the other."""
    held = said.get("note")
    if not isinstance(held, list):
        return str(held or "")
    return "; ".join(str(n["text"]) for n in held if isinstance(n, dict) and n.get("text"))
