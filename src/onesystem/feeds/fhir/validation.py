"""Whether a resource is R4: one compiled validator for all types, and a walk that says why not.

The official schema leaves required primitives, exclusive choices and calendar days unsaid; the
schema that we ship has them written in (`tools/build_fhir_r4.py`). It is keyed by type,
`{"Patient": {...}}`, so that no resource is tried against 146 types, and leaves out resources
inside resources, which are validated one by one.

Compiled for one type it takes a twentieth of the memory that it takes for all. A practice that
sends people and consultations needs two types, a bulk export forty: the first sixteen are compiled
each by itself, and with one more comes the whole.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import islice
from typing import Any

import orjson

from onesystem.feeds.fhir.definitions import definitions, load
from onesystem.feeds.fhir.problems import Problem, problems
from onesystem.vocabulary import BadInput, nearest

_FILE = "r4.schema.json.zst"
_ALONE = 16  # types that are compiled each by itself: all at once takes the time of twelve


class _Validators:
    """The compiled schema, as far as it was needed."""

    def __init__(self) -> None:
        self._own: dict[str, Any] = {}
        self._schema = _Schema({}, {}, {})

    def of(self, kind: Any) -> Any:
        """The validator that knows a type; None where R4 has no such type."""
        found = self._own.get(kind) if isinstance(kind, str) else None
        if found is not None:
            return found
        if not self._schema.types:
            self._schema = _Schema.loaded()
        if not isinstance(kind, str) or kind not in self._schema.types:
            return None
        if len(self._own) < _ALONE:
            self._own[kind] = _compiled(self._schema.only(kind))
        else:
            whole = _compiled(load(_FILE))
            self._own = dict.fromkeys(self._schema.types, whole)
            self._schema = replace(self._schema, parts={})  # asked for no more
        return self._own[kind]


@dataclass(frozen=True)
class _Schema:
    """The schema in parts as they were written: to parse all of it takes twice the time that it
    takes to compile a type, and as objects it takes ten times the memory.
    """

    frame: dict[str, Any]  # what it says beside types and definitions
    types: dict[str, Any]
    parts: dict[str, bytes]  # the definitions

    @classmethod
    def loaded(cls) -> "_Schema":
        schema = load(_FILE)
        types, parts = schema.pop("properties"), schema.pop("definitions")
        return cls(schema, types, {name: orjson.dumps(part) for name, part in parts.items()})

    def only(self, kind: str) -> dict[str, Any]:
        """The schema of one type, with what it refers to."""
        found: dict[str, Any] = {}
        ahead = list(_referred(self.types[kind]))
        while ahead:
            name = ahead.pop()
            if name not in found:
                found[name] = orjson.loads(self.parts[name])
                ahead += _referred(found[name])
        return self.frame | {"properties": {kind: self.types[kind]}, "definitions": found}


_VALIDATORS = _Validators()


def _compiled(schema: dict[str, Any]) -> Any:
    import jsonschema_rs

    # The linear-time engine: a hostile text cannot make a pattern run for ever.
    return jsonschema_rs.Draft7Validator(schema, pattern_options=jsonschema_rs.RegexOptions())


def _referred(part: Any) -> Iterator[str]:
    """The definitions to which a part of the schema refers."""
    if isinstance(part, list):
        for each in part:
            yield from _referred(each)
    elif isinstance(part, dict):
        if isinstance(ref := part.get("$ref"), str):
            yield ref.rpartition("/")[2]
        for each in part.values():
            yield from _referred(each)


def is_valid(resource: dict[str, Any]) -> bool:
    """Whether this one resource is R4; what lies inside it is not looked at."""
    kind = resource.get("resourceType")
    validator = _VALIDATORS.of(kind)
    if validator is None:
        return False
    try:
        return bool(validator.is_valid({kind: resource}))
    except ValueError:  # made here, of words that know their message: to the validator no text
        return bool(validator.is_valid({kind: orjson.loads(orjson.dumps(resource))}))


def check(resource: dict[str, Any], where: str = "") -> None:
    """Raises BadInput, with the FHIRPath of the element and the cure, unless it is R4."""
    if not is_valid(resource):
        raise _why(resource, where)
    if "contained" in resource or "parameter" in resource:
        for place, nested in inside(resource):
            check(nested, f"{where or resource['resourceType']}.{place}")


def inside(resource: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """The resources right inside a resource, and where; entries of a Bundle are not among them."""
    for i, nested in enumerate(resource.get("contained", ())):
        yield f"contained[{i}]", nested
    if resource["resourceType"] == "Parameters":
        yield from _parameters(resource, "")


def entries(bundle: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """The resources of a Bundle, and where: those of a Bundle that is kept, or asked about."""
    for i, each in enumerate(bundle.get("entry", ())):
        if "resource" in each:
            yield f"entry[{i}].resource", each["resource"]


def _parameters(held: dict[str, Any], where: str) -> Iterator[tuple[str, dict[str, Any]]]:
    for name in ("parameter", "part"):
        for i, each in enumerate(held.get(name, ())):
            place = f"{where}{name}[{i}]"
            if "resource" in each:
                yield f"{place}.resource", each["resource"]
            yield from _parameters(each, f"{place}.")


def _why(resource: dict[str, Any], where: str) -> BadInput:
    kind = resource.get("resourceType")
    if not isinstance(kind, str) or not kind:
        return BadInput(
            "there is no resourceType",
            rule="fhir.no-type",
            cure='Say what it is, for example "resourceType": "Patient".',
            where=where or "resourceType",
        )
    if kind not in definitions().resources:
        return BadInput(
            f"FHIR R4 has no resource {kind!r}",
            rule="fhir.unknown-type",
            cure=nearest(kind, definitions().resources),
            where=where or kind,
        )
    found = list(islice(problems(resource, kind, where or kind), 100))
    first = found[0] if found else _schema_says(resource, where or kind)
    more = len(found) - 1
    what = f"{first.what} (and {more} more)" if more > 0 else first.what
    return BadInput(what, rule=first.rule, cure=first.cure, where=first.where)


def _schema_says(resource: dict[str, Any], where: str) -> Problem:
    """The schema's own words, should it refuse what the walk found nothing wrong with."""
    kind = resource["resourceType"]
    error = next(iter(_VALIDATORS.of(kind).iter_errors({kind: resource})))
    path = "".join(
        f"[{step}]" if isinstance(step, int) else f".{step}" for step in error.instance_path[1:]
    )
    return Problem(
        where + path, "fhir.invalid", error.message[:300], "Compare it with the FHIR R4 definition."
    )
