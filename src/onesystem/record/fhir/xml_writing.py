"""FHIR JSON into the XML that it stands for, by the definitions (xml.html). Pure.

Elements stand in the order of the definitions, as XML asks; decimals keep their digits.
"""

import json
import re
from typing import Any
from xml.sax.saxutils import quoteattr

from onesystem.feeds.fhir.definitions import definitions

_HEAD = '<?xml version="1.0" encoding="UTF-8"?>'


def to_xml(body: bytes) -> bytes:
    """The XML of a JSON resource."""
    resource = json.loads(body, parse_float=_Written)
    out = [_HEAD]
    _resource(resource, out, root=True)
    return "".join(out).encode()


_NARRATIVE = re.compile(r"(<div[ >].*?</div>(?=</text>))", re.DOTALL)
_TAG = re.compile(r"(<[^>]*>)")


def indented(xml: bytes) -> bytes:
    """The XML with an element a line; narrative is left as it is."""
    out: list[str] = []
    deep = 0
    for i, part in enumerate(_NARRATIVE.split(xml.decode())):
        if i % 2:
            out.append("  " * deep + part)
            continue
        for tag in filter(None, _TAG.split(part)):
            deep -= tag.startswith("</")
            out.append("  " * deep + tag)
            deep += not (tag.startswith(("</", "<?")) or tag.endswith("/>"))
    return "\n".join(out).encode()


class _Written(str):
    """A decimal as it was written."""

    __slots__ = ()


def _resource(resource: dict[str, Any], out: list[str], *, root: bool = False) -> None:
    kind = resource["resourceType"]
    space = ' xmlns="http://hl7.org/fhir"' if root else ""
    out.append(f"<{kind}{space}>")
    _elements(resource, kind, out)
    out.append(f"</{kind}>")


def _elements(value: dict[str, Any], kind: str, out: list[str]) -> None:
    known = definitions().types.get(kind)
    elements = known.elements if known else {}
    told = {name.removeprefix("_") for name in value} - {"resourceType"}
    ordered = [name for name in elements if name in told]
    ordered += [name for name in value if name in told and name not in elements]
    for name in ordered:
        if name == "id" and kind not in definitions().resources:
            continue  # an attribute of the element around it
        if name == "url" and kind == "Extension":
            continue
        held = elements.get(name)
        of = held.kind if held else ""
        _element(name, of, value.get(name), value.get(f"_{name}"), out)


def _element(name: str, kind: str, value: Any, beside: Any, out: list[str]) -> None:
    if isinstance(value, list) or isinstance(beside, list):
        values = value if isinstance(value, list) else []
        extras = beside if isinstance(beside, list) else []
        for i in range(max(len(values), len(extras))):
            _one(name, kind, _at(values, i), _at(extras, i), out)
    else:
        _one(name, kind, value, beside, out)


def _at(listed: list[Any], i: int) -> Any:
    return listed[i] if i < len(listed) else None


def _one(name: str, kind: str, value: Any, beside: Any, out: list[str]) -> None:
    if kind == "xhtml" and isinstance(value, str):
        out.append(value)
    elif isinstance(value, dict) and "resourceType" in value:
        out.append(f"<{name}>")
        _resource(value, out)
        out.append(f"</{name}>")
    elif isinstance(value, dict):
        out.append(f"<{name}{_attributes(value, kind)}>")
        _elements(value, kind, out)
        out.append(f"</{name}>")
    else:
        _primitive(name, value, beside, out)


def _primitive(name: str, value: Any, beside: Any, out: list[str]) -> None:
    said = "" if value is None else f" value={quoteattr(_text(value), _ENTITIES)}"
    extra = beside if isinstance(beside, dict) else {}
    ident = f" id={quoteattr(str(extra['id']))}" if "id" in extra else ""
    if "extension" not in extra:
        out.append(f"<{name}{ident}{said}/>")
        return
    out.append(f"<{name}{ident}{said}>")
    _elements({"extension": extra["extension"]}, "Element", out)
    out.append(f"</{name}>")


_ENTITIES = {"\n": "&#10;", "\r": "&#13;", "\t": "&#9;"}


def _attributes(value: dict[str, Any], kind: str) -> str:
    made = ""
    if isinstance(value.get("id"), str):
        made += f" id={quoteattr(value['id'])}"
    if kind == "Extension" and isinstance(value.get("url"), str):
        made += f" url={quoteattr(value['url'])}"
    return made


def _text(value: Any) -> str:
    if value is True or value is False:
        return "true" if value else "false"
    return str(value)
