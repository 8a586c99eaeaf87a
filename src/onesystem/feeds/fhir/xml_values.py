"""The values of FHIR XML: primitives, narratives, and lists that are kept in step."""

import re
from typing import Any
from xml.etree.ElementTree import Element, tostring

import orjson

from onesystem.vocabulary import BadInput

FHIR = "{http://hl7.org/fhir}"
XHTML = "{http://www.w3.org/1999/xhtml}"
DEEPEST = 100
_NUMBER = re.compile(r"-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?")
_WHOLE = {"integer", "positiveInt", "unsignedInt"}


def too_deep() -> BadInput:
    """A message that is nested deeper than any record is."""
    return BadInput(
        f"the message is nested more than {DEEPEST} levels deep",
        rule="fhir.too-deep",
        cure="No real record is nested so deep; check the system that made it.",
    )


def add_in_step(made: dict[str, Any], leaf: str, value: Any, beside: dict[str, Any]) -> None:
    """A repeating primitive keeps two lists in step: its values, and what is said beside them."""
    values = made.setdefault(leaf, [])
    values.append(value)
    if beside or f"_{leaf}" in made:
        listed = made.setdefault(f"_{leaf}", [])
        listed += [None] * (len(values) - 1 - len(listed))
        listed.append(beside or None)


def typed(text: str, kind: str) -> Any:
    """A primitive as JSON has it; a decimal keeps the digits that it was written with."""
    if kind == "boolean" and text in {"true", "false"}:
        return text == "true"
    if kind == "decimal" and _NUMBER.fullmatch(text):
        return orjson.Fragment(text)
    if kind in _WHOLE and _NUMBER.fullmatch(text) and len(text) < 19:
        return orjson.Fragment(text)
    return text


def _deep(node: Element) -> bool:
    """Whether something lies deeper in it than any record nests; level by level, not by calls."""
    level = [node]
    for _ in range(DEEPEST):
        level = [child for each in level for child in each]
        if not level:
            return False
    return True


def narrative(node: Element) -> str:
    """The XHTML of a narrative as text, with its one namespace declared once."""
    if _deep(node):
        raise too_deep()
    for each in node.iter():
        if isinstance(each.tag, str):
            each.tag = each.tag.removeprefix(XHTML)
    node.set("xmlns", XHTML[1:-1])
    node.tail = None
    return tostring(node, encoding="unicode")
