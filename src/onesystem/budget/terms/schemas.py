"""JSON Schemas of terms, facts and settlements, made from the words themselves.

They are shipped as files in `budget/schemas/`; a test holds that the files say what is said here.
"""

from dataclasses import MISSING, is_dataclass
from datetime import date
from fractions import Fraction
from types import UnionType
from typing import Any, get_args, get_origin, get_type_hints

from onesystem.budget.terms.codec import NAMES, PLAIN, known_fields
from onesystem.budget.terms.terms import Terms

Json = dict[str, Any]
_DRAFT = "https://json-schema.org/draft/2020-12/schema"
_SHARE = {
    "description": 'A share: "75%", "3/4", "0.75" or 0.75.',
    "type": ["string", "number"],
    "pattern": r"^-?[0-9]+(\.[0-9]+)?( ?%|/[0-9]+)?$",
}
_FIGURE = {
    "description": "A figure; money in minor units.",
    "type": ["integer", "string"],
    "pattern": r"^-?[0-9]+(\.[0-9]+)?(/[0-9]+)?$",
}  # fmt: skip
_DAY = {"type": "string", "pattern": r"^[0-9]{4}-[0-9]{2}(-[0-9]{2})?$"}
_MONTHS = {"type": "array", "minItems": 1, "items": _DAY}


def terms_schema() -> Json:
    """Of TERMS.json."""
    kinds: dict[str, Json] = {}
    made = _of(Terms, kinds)
    return {
        "$schema": _DRAFT,
        "title": "Terms of payment",
        **made,
        "$defs": dict(sorted(kinds.items())),
    }


def facts_schema() -> Json:
    """Of FACTS.json."""
    return {
        "$schema": _DRAFT,
        "title": "Facts of a period",
        "type": "object",
        "additionalProperties": False,
        "required": ["currency", "months", "values"],
        "properties": {
            "contract": {"type": "string"},
            "currency": {"type": "string"},
            "months": _MONTHS,
            "values": {
                "description": "A list is one value a month, a number one for the period.",
                "type": "object",
                "additionalProperties": {
                    "anyOf": [_FIGURE, _SHARE, {"type": "array", "items": _FIGURE}]
                },
            },
            "sources": {"type": "object", "additionalProperties": {"type": "string"}},
            "known_at": {"type": "string"},
        },
    }


def settlement_schema() -> Json:
    """Of what `onesystem settle --json` prints."""
    text, whole = {"type": "string"}, {"type": "integer"}
    line = {
        "rule": text,
        "words": text,
        "source": text,
        "amount": whole,
        "party": text,
        "against": text,
    }
    made = {
        "contract": text, "version": whole, "engine": text, "currency": text, "months": _MONTHS,
        "lines": {"type": "array", "items": _object(line)},
        "by_party": {"type": "object", "additionalProperties": whole},
    }  # fmt: skip
    return {"$schema": _DRAFT, "title": "Settlement", **_object(made)}


SCHEMAS = {
    "settle-terms": terms_schema,
    "settle-facts": facts_schema,
    "settle-result": settlement_schema,
}


def _object(properties: Json) -> Json:
    return {
        "type": "object", "additionalProperties": False, "required": list(properties),
        "properties": properties,
    }  # fmt: skip


def _of(kind: Any, kinds: dict[str, Json]) -> Json:
    hints, required, properties = get_type_hints(kind), [], {}
    for each in known_fields(kind):
        name = NAMES.get((kind, each.name), each.name)
        plain = (kind, each.name) in PLAIN
        properties[name] = _hint(hints[each.name], kinds, plain=plain)
        if each.default is MISSING and each.default_factory is MISSING:
            required.append(name)
    return {
        "type": "object", "additionalProperties": False, "required": required,
        "properties": properties,
    }  # fmt: skip


def _hint(hint: Any, kinds: dict[str, Json], *, plain: bool) -> Json:
    if isinstance(hint, UnionType):
        return _hint(next(a for a in get_args(hint) if a is not type(None)), kinds, plain=plain)
    if get_origin(hint) is tuple:
        args = get_args(hint)
        if args[-1] is Ellipsis:
            return {"type": "array", "items": _hint(args[0], kinds, plain=plain)}
        each = [_hint(one, kinds, plain=plain) for one in args]
        return {"type": "array", "prefixItems": each, "items": False, "minItems": len(each)}
    if is_dataclass(hint) and isinstance(hint, type):
        if hint.__name__ not in kinds:
            kinds[hint.__name__] = {}
            kinds[hint.__name__] = _of(hint, kinds)
        return {"$ref": f"#/$defs/{hint.__name__}"}
    plainly: dict[Any, Json] = {
        Fraction: _FIGURE if plain else _SHARE, date: _DAY, str: {"type": "string"},
        int: {"type": "integer"}, bool: {"type": "boolean"},
    }  # fmt: skip
    return plainly[hint]
