"""Whether a parameter takes a modifier, and a value of that form. Pure."""

import re

from onesystem.record.fhir.outcomes import Refusal
from onesystem.record.fhir.searching.asked import Simple
from onesystem.record.fhir.searching.definitions import Parameter, kinds
from onesystem.record.fhir.searching.near import near
from onesystem.record.fhir.searching.splitting import split
from onesystem.record.fhir.searching.values import date_range, number_range

MODIFIERS: dict[str, tuple[str, ...]] = {
    "token": ("missing", "not", "text", "of-type"),
    "string": ("missing", "exact", "contains"),
    "date": ("missing",),
    "number": ("missing",),
    "quantity": ("missing",),
    "reference": ("missing", "identifier", "TYPE"),
    "uri": ("missing", "below", "above"),
    "composite": (),
    "special": (),
}
_NEED_TERMS = {"above", "below", "in", "not-in"}
PREFIXES = ("eq", "ne", "gt", "lt", "ge", "le", "sa", "eb", "ap")
ORDERED = {"date", "number", "quantity"}
_OF_TYPE = 3  # parts: the type's system and code, and the identifier's value
_PREFIXED = re.compile(r"([a-zA-Z]{1,3})[-+.\d].*", re.DOTALL)


def prefix_of(text: str) -> tuple[str, str]:
    """The prefix of a date, number or quantity, and the rest; `eq` where none is written."""
    if text[:2] in PREFIXES:
        return text[:2], text[2:]
    return "eq", text


def check(asked: Simple) -> None:
    """Raises Refusal for a modifier or a value that the parameter does not take."""
    parameter = asked.first
    if asked.modifier:
        _modifier(asked, parameter)
    if asked.modifier == "missing":
        if asked.values not in {("true",), ("false",)}:
            raise _bad(
                asked.name, ",".join(asked.values), "neither true nor false", "Write true or false"
            )
        return
    for value in asked.values:
        if asked.modifier == "of-type" and len(split(value, "|")) != _OF_TYPE:
            raise _bad(asked.name, value, "not complete", "Write SYSTEM|TYPE|VALUE")
        _value(asked, parameter, value)


def _modifier(asked: Simple, parameter: Parameter) -> None:
    known = MODIFIERS[parameter.type]
    if parameter.code in {"_id", "_lastUpdated", "_source"}:
        known = ()
    modifier = asked.modifier
    if modifier in known or ("TYPE" in known and modifier in kinds()):
        return
    if parameter.type == "token" and modifier in _NEED_TERMS:
        raise Refusal(400, f"{asked.name} needs a terminology, and none is loaded here",
                      "Name the codes, separated by commas", where=asked.name,
                      code="not-supported")  # fmt: skip
    says = near(modifier, [k for k in known if k != "TYPE"]) if known else "It takes none"
    raise Refusal(400, f"{parameter.code} is a {parameter.type} and has no modifier {modifier!r}",
                  says, where=asked.name, code="not-supported")  # fmt: skip


def _value(asked: Simple, parameter: Parameter, value: str) -> None:
    if parameter.type == "composite":
        parts = split(value, "$")
        if len(parts) != len(parameter.components):
            names = "$".join(c.code for c in parameter.components)
            raise _bad(
                asked.name, value, f"not {len(parameter.components)} parts", f"Write {names}"
            )
        for component, part in zip(parameter.components, parts, strict=True):
            check_figure(asked.name, component.type, part)
    else:
        check_figure(asked.name, parameter.type, value)


def check_figure(name: str, kind: str, value: str) -> None:
    """Whether a date, a number or a quantity can be read."""
    if kind not in ORDERED:
        return
    text = split(value, "|")[0] if kind == "quantity" else value
    prefix, rest = prefix_of(text)
    letters = _PREFIXED.fullmatch(text)
    if prefix == "eq" and letters and not text.startswith("eq"):
        raise Refusal(
            400, f"{name} has no prefix {letters[1]!r}", near(letters[1], PREFIXES), where=name
        )
    if kind == "date":
        if date_range(rest) is None:
            raise _bad(name, value, "no date", "Write it as 2026-03-14 or 2026-03-14T09:30:00Z")
        return
    if number_range(rest) is None:
        raise _bad(name, value, "no number", "Write it as 5.4")
    if kind == "quantity" and len(split(value, "|")) not in {1, 3}:
        raise _bad(name, value, "no quantity", "Write 5.4, 5.4|SYSTEM|CODE or 5.4||UNIT")


def _bad(name: str, value: str, why: str, cure: str) -> Refusal:
    return Refusal(400, f"The value of {name} is {why}: {value[:80]!r}", cure, where=name)
