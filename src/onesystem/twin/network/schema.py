"""The published JSON Schema of a model (draft 2020-12): its form; `checks` holds its sense."""

import json
from dataclasses import MISSING, fields
from typing import Any

from onesystem.twin.network.distributions import KINDS
from onesystem.twin.network.model import UNITS, WORDS

_ID = "https://onesystem.example/schemas/twin-model-1.json"
_NUMBER = {"type": "number"}
_TIME = {"type": "number", "minimum": 0}
_POSITIVE = {"type": "number", "exclusiveMinimum": 0}
_COUNT = {"type": "integer", "minimum": 0}
_NUMBERS = {"type": "array", "items": _NUMBER, "minItems": 1}
_WORD = {"type": "string"}
_WORDS = {"type": "array", "items": _WORD, "minItems": 1}
_SHARES = {"type": "object", "additionalProperties": {"type": "number", "minimum": 0}}


def text() -> str:
    """The schema as JSON."""
    return json.dumps(schema(), indent=2)


def schema() -> dict[str, Any]:
    """The schema."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": _ID,
        "title": "A network of services",
        **_object(
            {
                "$schema": _WORD,
                "name": _WORD,
                "unit": {"enum": list(UNITS)},
                "starts": _WORD,
                "horizon": _TIME,
                "warm_up": _TIME,
                "step": {"anyOf": [_POSITIVE, {"type": "null"}]},
                "replications": {"type": "integer", "minimum": 1},
                "seed": {"type": "integer"},
                "classes": {"anyOf": [_WORDS, _named({"type": "integer"})]},
                "attributes": _named(_ref("attribute")),
                "pools": _named(_ref("staffing")),
                "pathways": _named(_WORDS),
                "nodes": _named(_ref("node")),
                "arrivals": _named(_ref("inflow")),
                "inside": {"type": "array", "items": _present()},
                "living": _SHARES,
            },
            needs=("nodes", "arrivals", "horizon"),
        ),
        "$defs": {
            "distribution": {"anyOf": [_TIME, *(_distribution(kind) for kind in KINDS)]},
            "stay": {"anyOf": [_ref("distribution"), _by(_ref("stay")), _dated(_ref("stay"))]},
            "schedule": {"anyOf": [_COUNT, _schedule()]},
            "staffing": {"anyOf": [_ref("schedule"), _dated(_ref("schedule"))]},
            "route": _route(),
            "node": _node(),
            "inflow": _inflow(),
            "shares": {"anyOf": [_SHARES, _by(_SHARES)]},
            "attribute": _object(
                {"levels": _WORDS, "shares": _ref("shares")},
                needs=("levels", "shares"),
            ),
        },
    }


def _node() -> dict[str, Any]:
    return _object(
        {
            "service": _ref("stay"),
            "servers": {"anyOf": [{"const": "infinite"}, _ref("staffing")]},
            "next": _ref("route"),
            "waiting_room": {"anyOf": [_COUNT, {"type": "null"}]},
            **{key: {"enum": list(words)} for key, words in WORDS.items()},
            "priority": _named({"type": "integer"}),
            "bump_to": _WORD,
            "patience": {"anyOf": [_ref("stay"), {"type": "null"}]},
            "leave_to": _ref("route"),
            "balk": {"anyOf": [_NUMBERS, _object({"over": _COUNT}, needs=("over",))]},
            "overflow": _WORDS,
            "uses": _named({"type": "integer", "minimum": 1}),
            "becomes": _named(_named(_SHARES)),
            "place": _WORD,
            "setting": _WORD,
        },
        needs=("service",),
    )


def _inflow() -> dict[str, Any]:
    changes = {"rate": _TIME, "rates": _NUMBERS, "gaps": _ref("distribution")}
    later = {
        **_object({**changes, "every": _POSITIVE}),
        "oneOf": [{"required": [kind]} for kind in changes],
    }
    when = {**changes, "times": _NUMBERS, "people": _COUNT, **_dated(later)["properties"]}
    return {
        **_object(
            {
                "node": _WORD,
                "class": {"anyOf": [_WORD, _SHARES]},
                **when,
                "every": _POSITIVE,
                "batch": _ref("distribution"),
                "begins": _TIME,
                "ends": {"anyOf": [_TIME, {"type": "null"}]},
                "attributes": _named(_ref("shares")),
            },
            needs=("node",),
        ),
        "oneOf": [{"required": [kind]} for kind in when],
    }


def _route() -> dict[str, Any]:
    asked = _object({"node": _WORD, "waiting_over": _COUNT, "inside_over": _COUNT}, needs=("node",))
    way = _ref("route")
    pair = {"type": "array", "prefixItems": [_NUMBER, way], "minItems": 2, "maxItems": 2}
    return {
        "anyOf": [
            _WORD,
            {"type": "array", "items": pair, "minItems": 1},
            _SHARES,
            _by(way),
            _dated(way),
            _object({"shortest": _WORDS}, needs=("shortest",)),
            _object(
                {"clock": _NUMBERS, "every": _POSITIVE, "then": way, "otherwise": way},
                needs=("clock", "every", "then", "otherwise"),
            ),
            _object(
                {"when": asked, "then": way, "otherwise": way}, needs=("when", "then", "otherwise")
            ),
        ]
    }


def _schedule() -> dict[str, Any]:
    change = {"type": "array", "prefixItems": [_TIME, _COUNT], "minItems": 2, "maxItems": 2}
    return _object(
        {
            "changes": {"type": "array", "items": change, "minItems": 1},
            "every": {"anyOf": [_POSITIVE, {"type": "null"}]},
        },
        needs=("changes",),
    )


_OTHER_WAYS = {
    "exponential": [{"rate": _NUMBER}],
    "lognormal": [{"mu": _NUMBER, "sigma": _NUMBER}],
    "gamma": [{"mean": _NUMBER, "cv": _NUMBER}],
}


def _distribution(kind: str) -> dict[str, Any]:
    known = fields(KINDS[kind])
    parameters = {
        field.name: _NUMBERS if "tuple" in str(field.type) else _NUMBER for field in known
    }
    needs = [field.name for field in known if field.default is MISSING]
    forms = [_object(parameters, needs=needs)]
    forms += [_object(other, needs=list(other)) for other in _OTHER_WAYS.get(kind, [])]
    if len(needs) == 1:
        forms.append(parameters[needs[0]])
    return _object({kind: {"anyOf": forms}}, needs=(kind,))


def _by(one: dict[str, Any]) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": {"by": _WORD},
        "required": ["by"],
        "additionalProperties": one,
    }


def _dated(one: dict[str, Any]) -> dict[str, Any]:
    change = {"type": "array", "prefixItems": [_TIME, one], "minItems": 2, "maxItems": 2}
    return _object({"from": {"type": "array", "items": change, "minItems": 1}}, needs=("from",))


def _present() -> dict[str, Any]:
    """People at the start; keys beside these are attributes of the model."""
    return {
        "type": "object",
        "properties": {
            "node": _WORD,
            "class": _WORD,
            "elapsed": _TIME,
            "waiting": _TIME,
            "count": {"type": "integer", "minimum": 1},
        },
        "additionalProperties": _WORD,
        "required": ["node"],
        "oneOf": [{"required": ["elapsed"]}, {"required": ["waiting"]}],
    }


def _object(properties: dict[str, Any], *, needs: Any = ()) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": properties,
        "required": list(needs),
        "additionalProperties": False,
    }


def _named(one: dict[str, Any]) -> dict[str, Any]:
    return {"type": "object", "additionalProperties": one}


def _ref(name: str) -> dict[str, Any]:
    return {"$ref": f"#/$defs/{name}"}
