"""The parts that addresses of the API are made of, as OpenAPI 3.1 has them. Pure."""

from collections.abc import Sequence
from typing import Any

FHIR, FHIR_XML = "application/fhir+json", "application/fhir+xml"
JSON_PATCH, MERGE_PATCH = "application/json-patch+json", "application/merge-patch+json"
FORM = "application/x-www-form-urlencoded"
Part = dict[str, Any]


def _param(name: str, schema: Part | None = None, about: str = "", where: str = "query") -> Part:
    made = {"name": name, "in": where, "schema": schema or {"type": "string"}}
    return made | ({"description": about} if about else {})


def _one_of(*values: str) -> Part:
    return {"type": "string", "enum": list(values)}


ID: Part = {
    **_param("id", {"type": "string", "pattern": r"^[A-Za-z0-9\-.]{1,64}$"}, where="path"),
    "required": True,
}
VERSION: Part = {
    **_param("version", {"type": "string", "pattern": "^[1-9][0-9]{0,8}$"}, where="path"),
    "required": True,
}
# What every interaction takes, and what shapes the results of searches and histories.
PARAMETERS: dict[str, Part] = {
    "_format": _param("_format", _one_of("json", "xml", FHIR, FHIR_XML)),
    "_pretty": _param("_pretty", _one_of("true", "false")),
    "_summary": _param("_summary", _one_of("true", "text", "data", "count", "false")),
    "_elements": _param("_elements", about="Names of elements, by commas"),
    "_count": _param("_count", {"type": "integer", "minimum": 0}, "Resources a page"),
    "_sort": _param("_sort", about="Search parameters by commas, - for downwards"),
    "_total": _param("_total", _one_of("none", "estimate", "accurate")),
    "_include": _param("_include", {"type": "array", "items": {"type": "string"}}),
    "_revinclude": _param("_revinclude", {"type": "array", "items": {"type": "string"}}),
    "_list": _param("_list", about="The id of a List"),
    "_since": _param("_since", about="An instant: what changed since then"),
    "_at": _param("_at", about="A date or a period: what was current then"),
    "if-match": _param("If-Match", about='The ETag that was read, as W/"1"', where="header"),
    "if-none-exist": _param("If-None-Exist", about="A search: create where it finds nothing",
                            where="header"),
    "if-none-match": _param("If-None-Match", where="header"),
    "prefer": _param("Prefer", about="return=minimal, representation or OperationOutcome; "
                     "handling=lenient; respond-async", where="header"),
    "_type": _param("_type", about="Resource types by commas"),
    "_lastUpdated": _param("_lastUpdated", about="A date with a prefix"),
    "_id": _param("_id"),
}  # fmt: skip
HEADERS: dict[str, Part] = {
    "ETag": {"schema": {"type": "string"}, "description": 'The version, as W/"1"'},
    "Location": {"schema": {"type": "string"}, "description": "Type/id/_history/version"},
}  # fmt: skip


def _ref(where: str, name: str) -> Part:
    return {"$ref": f"#/components/{where}/{name}"}


def _content(kind: str) -> Part:
    schema = _ref("schemas", kind) if kind else {"type": "object"}
    return {FHIR: {"schema": schema}, FHIR_XML: {"schema": {"type": "string"}}}


def _refusal(about: str) -> Part:
    return {"description": about, "content": _content("OperationOutcome")}


RESPONSES: dict[str, Part] = {
    "400": _refusal("What is asked is not understood, or not possible; it says what and the cure"),
    "401": _refusal("Who asks is not said, or the token no longer holds"),
    "403": _refusal("The token, the role or the purpose does not allow it"),
    "404": _refusal("It is not here, or not for this caller"),
    "405": _refusal("The method is not possible there"),
    "406": _refusal("No such form of answer"),
    "409": _refusal("It contradicts what is here"),
    "410": _refusal("It was deleted"),
    "412": _refusal("A condition is met by several, or somebody was quicker"),
    "413": _refusal("Too much at once"),
    "415": _refusal("The body is of a type that is not read here"),
    "422": _refusal("The resource breaks a rule; it says which element"),
    "429": _refusal("Too many at once"),
    "503": _refusal("The store cannot be used just now"),
}
_ALWAYS = ("400", "401", "403", "404", "406", "503")
_WRITES = ("405", "409", "410", "412", "413", "415", "422")
_GENERAL = ("_format", "_pretty", "_summary", "_elements")


def _answers(able: Sequence[str], kind: str, also: Sequence[str] = ()) -> Part:
    made: Part = {}
    for status in able:
        about = {"200": "OK", "201": "Created", "202": "It has begun", "204": "Done"}[status]
        made[status] = {"description": about}
        if status != "204":
            made[status]["content"] = _content(kind)
    return made | {s: _ref("responses", s) for s in (*_ALWAYS, *also)}


def _made(label: str, params: Sequence[Part], answers: Part, body: Part | None = None) -> Part:
    made: Part = {"operationId": label, "parameters": list(params), "responses": answers}
    return made | ({"requestBody": {"content": body, "required": True}} if body else {})


def _params(*names: str) -> list[Part]:
    return [_ref("parameters", name) for name in names]


EVERY_TYPE = _params("_type", "_id", "_lastUpdated")


def plain(label: str) -> Part:
    """What is answered as JSON that is no resource."""
    content = {"application/json": {"schema": {"type": "object"}}}
    return _made(label, (), {"200": {"description": "OK", "content": content}})


def search_parameter(said: Part) -> Part:
    """A search parameter of a type, as its CapabilityStatement names it; it may be given again."""
    about = said.get("documentation") or said["type"]
    return _param(said["name"], {"type": "array", "items": {"type": "string"}}, about)


def read(label: str, kind: str) -> Part:
    """The resource."""
    answers = _answers(("200",), kind, ("410",)) | {"304": {"description": "As it was read"}}
    return _made(label, _params(*_GENERAL, "if-none-match"), answers)


def history(label: str) -> Part:
    """A Bundle of versions."""
    names = ("_count", "_since", "_at", *_GENERAL)
    return _made(label, _params(*names), _answers(("200",), "Bundle"))


def search(label: str, params: Sequence[Part]) -> Part:
    """A Bundle of what is found."""
    shape = ("_count", "_sort", "_total", "_include", "_revinclude", "_list", *_GENERAL)
    answers = _answers(("200",), "Bundle")
    return _made(label, [*params, *_params(*shape, "prefer")], answers)


def search_form(label: str) -> Part:
    """The same search with its parameters in the body."""
    schema = {"type": "object", "additionalProperties": {"type": "string"}}
    answers = _answers(("200",), "Bundle", ("413", "415"))
    return _made(f"{label}-by-post", (), answers, {FORM: {"schema": schema}})


def write(
    label: str, kind: str, *, statuses: Sequence[str], answers: str = "", create: bool = False
) -> Part:
    """A resource that is sent."""
    names = ("if-none-exist", "prefer") if create else ("if-match", "prefer")
    body = _content(kind)
    return _made(label, _params(*names), _answers(statuses, answers, _WRITES), body)


def patch(label: str, kind: str) -> Part:
    """JSON Patch, FHIRPath Patch as Parameters, or JSON Merge Patch."""
    steps = {"type": "array", "items": {
        "type": "object", "required": ["op", "path"], "properties": {
            "op": _one_of("add", "remove", "replace", "move", "copy", "test"),
            "path": {"type": "string"}, "from": {"type": "string"}, "value": {}}}}  # fmt: skip
    body = {JSON_PATCH: {"schema": steps}, FHIR: {"schema": _ref("schemas", "Parameters")},
            MERGE_PATCH: {"schema": {"type": "object"}}}  # fmt: skip
    answers = _answers(("200",), kind, _WRITES)
    return _made(label, _params("if-match", "prefer"), answers, body)


def delete(label: str) -> Part:
    """Its history stays."""
    return _made(label, _params("if-match", "prefer"), _answers(("200", "204"), "", _WRITES))


def operation(label: str, *, body: bool, later: bool) -> Part:
    """`$name`: its parameters stand in its OperationDefinition."""
    params = _params("prefer") if later else ()
    answers = _answers(("202",) if later else ("200",), "", (*_WRITES, "429"))
    return _made(label, params, answers, _content("Parameters") if body else None)
