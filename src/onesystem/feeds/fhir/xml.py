"""FHIR XML into the JSON that it stands for, by the definitions.

A document type or an entity is refused: FHIR has neither, and both are ways to read files or to
fill the memory of whoever parses them. Decimals keep the digits that they were written with.
"""

from typing import Any
from xml.etree.ElementTree import Element, ParseError

import orjson
from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring

from onesystem.feeds.fhir.definitions import definitions
from onesystem.feeds.fhir.stu3_xml import stu3_resource
from onesystem.feeds.fhir.versions import MARKS, STU3_TYPES
from onesystem.feeds.fhir.xml_values import (
    DEEPEST,
    FHIR,
    XHTML,
    add_in_step,
    narrative,
    too_deep,
    typed,
)
from onesystem.vocabulary import BadInput, nearest

# XML of the same standards body that is not FHIR, by its namespace.
_OTHERS = {
    "{urn:hl7-org:v3}": (
        "this is a CDA or another HL7 v3 document, not FHIR",
        "fhir.cda",
        "Ask the source for the same record as FHIR R4; most that make CDA offer it.",
    ),
    "{urn:hl7-org:v2xml}": (
        "this is HL7 v2 written as XML",
        "fhir.v2-xml",
        "Ask the source to send it with bars and hats, as MSH|^~\\&|.",
    ),
}


def to_json(message: bytes) -> bytes:
    """The JSON of an XML resource. Raises BadInput naming the element."""
    try:
        root = fromstring(message, forbid_dtd=True)
    except DefusedXmlException as error:
        raise BadInput(
            "the XML declares a document type or an entity",
            rule="fhir.xml-entities",
            cure="FHIR has neither; send it without <!DOCTYPE> and <!ENTITY>.",
        ) from error
    except (ParseError, ValueError, LookupError) as error:
        line = getattr(error, "position", (0, 0))[0]
        raise BadInput(
            f"this is not XML: {error}",
            rule="fhir.not-xml",
            cure="Ask the source to send it again, whole and well formed.",
            where=f"line {line}" if line else "",
        ) from error
    try:
        return orjson.dumps(_resource(root, "", 0))
    except BadInput:
        if _is_stu3(message, root):
            return orjson.dumps(stu3_resource(root))
        raise


def _is_stu3(message: bytes, root: Element) -> bool:
    """Whether it names a profile or a type of STU3; asked only where R4 could not read it."""
    if any(mark.encode() in message for mark in MARKS):
        return True
    return any(node.tag.removeprefix(FHIR) in STU3_TYPES for node in root.iter())


def _resource(node: Element, where: str, level: int) -> dict[str, Any]:
    if not node.tag.startswith(FHIR):
        for space, (what, rule, cure) in _OTHERS.items():
            if node.tag.startswith(space):
                raise BadInput(what, rule=rule, cure=cure, where=where)
        raise BadInput(
            f"<{node.tag.rpartition('}')[2]}> is not in the namespace of FHIR",
            rule="fhir.xml-namespace",
            cure='Write xmlns="http://hl7.org/fhir" on the root.',
            where=where,
        )
    kind = node.tag.removeprefix(FHIR)
    if kind not in definitions().resources:
        raise BadInput(
            f"FHIR R4 has no resource {kind!r}",
            rule="fhir.unknown-type",
            cure=nearest(kind, definitions().resources),
            where=where or kind,
        )
    return {"resourceType": kind, **_complex(node, kind, where or kind, level)}


def _complex(node: Element, kind: str, where: str, level: int) -> dict[str, Any]:
    if level > DEEPEST:
        raise too_deep()
    elements = definitions().types[kind].elements
    made: dict[str, Any] = {
        name: value for name, value in node.attrib.items() if name in {"id", "url"}
    }
    for child in node:
        leaf = child.tag.rpartition("}")[2]
        element = elements.get(leaf)
        if element is None or not child.tag.startswith((FHIR, XHTML)):
            raise BadInput(
                f"R4 has no element {leaf!r} here",
                rule="fhir.unknown-element",
                cure=nearest(leaf, elements),
                where=f"{where}.{leaf}",
            )
        place = f"{where}.{leaf}"
        if element.kind == "xhtml":
            made[leaf] = narrative(child)
        elif element.kind in definitions().primitives:
            _primitive(child, leaf, element.kind, made, many=element.many, where=place, level=level)
        else:
            value = _value(child, element.kind, place, level)
            if element.many:
                made.setdefault(leaf, []).append(value)
            elif leaf in made:
                raise _twice(place)
            else:
                made[leaf] = value
    return made


def _value(node: Element, kind: str, where: str, level: int) -> dict[str, Any]:
    if kind == "ResourceList":
        if len(node) != 1:
            raise BadInput(
                f"{len(node)} resources where one is due",
                rule="fhir.cardinality",
                cure="Wrap each contained resource in its own element.",
                where=where,
            )
        return _resource(node[0], f"{where}.{node[0].tag.removeprefix(FHIR)}", level + 1)
    return _complex(node, kind, where, level + 1)


def _primitive(
    node: Element, leaf: str, kind: str, made: dict[str, Any], *, many: bool, where: str, level: int
) -> None:
    text = node.get("value")
    value = None if text is None else typed(text, kind)
    beside = {"id": node.attrib["id"]} if "id" in node.attrib and leaf != "id" else {}
    if len(node):
        beside |= _complex(node, "Element", where, level + 1)
    if many:
        add_in_step(made, leaf, value, beside)
        return
    if leaf in made or f"_{leaf}" in made:
        raise _twice(where)
    if value is not None:
        made[leaf] = value
    if beside:
        made[f"_{leaf}"] = beside


def _twice(where: str) -> BadInput:
    return BadInput(
        "the element is there twice and may be there once",
        rule="fhir.cardinality",
        cure="Send one of the two.",
        where=where,
    )
