"""The elements of each resource type as JSON Schema, one level deep. Pure.

What is within an element is R4's own business: HL7 publishes the whole schema, and the server
validates by it. Here is what a tool needs to write a body that has the right shape.
"""

from typing import Any

from onesystem.feeds.fhir.definitions import Element, definitions

_FLAGS = {"boolean", "integer", "number"}
REFUSED = "OperationOutcome"


def schemas() -> dict[str, Any]:
    """Every resource type by name."""
    known = definitions()
    return {kind: _resource(kind) for kind in sorted(known.resources & known.types.keys())}


def _resource(kind: str) -> dict[str, Any]:
    held = definitions().types[kind]
    elements = {leaf: _element(each) for leaf, each in held.elements.items()}
    needed = [leaf for leaf, each in held.elements.items() if each.needed]
    return {
        "type": "object",
        "properties": {"resourceType": {"const": kind}, **elements},
        "required": ["resourceType", *needed],
        "externalDocs": {"url": f"http://hl7.org/fhir/R4/{kind.lower()}.html"},
    }


def _element(each: Element) -> dict[str, Any]:
    one = _one(each)
    return {"type": "array", "items": one, "minItems": 1} if each.many else one


def _one(each: Element) -> dict[str, Any]:
    primitive = definitions().primitives.get(each.kind)
    if primitive is None:
        return {"type": "object", "description": each.kind.replace("_", ".")}
    shape, pattern = primitive
    made: dict[str, Any] = {"type": shape if shape in _FLAGS else "string"}
    if isinstance(each.codes, list):
        return made | {"enum": list(each.codes)}
    return made | ({"pattern": pattern} if pattern else {})
