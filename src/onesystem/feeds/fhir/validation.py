"""Whether a resource is R4: one compiled validator for all types, and a walk that says why not.

The official schema leaves required primitives, exclusive choices and calendar days unsaid; the
schema that we ship has them written in (`tools/build_fhir_r4.py`). It is keyed by type,
`{"Patient": {...}}`, so that no resource is tried against 146 types, and leaves out resources
inside resources, which are validated one by one.

Compiled for one type it takes a twentieth of the memory that it takes for all. A practice that
sends people and consultations needs two types, a bulk export forty: the first few are compiled
each by itself, and with one more comes the whole.
"""

from collections.abc import Iterator
from itertools import islice
from typing import Any

from onesystem.feeds.fhir.definitions import definitions, load
from onesystem.feeds.fhir.problems import Problem, problems
from onesystem.vocabulary import BadInput, nearest

_NESTING = ("contained", "entry", "parameter")


_ALONE = 8  # types that are compiled each by itself


class _Validators:
    """The compiled schema, as far as it was needed."""

    def __init__(self) -> None:
        self._own: dict[str, Any] = {}
        self._types: frozenset[str] = frozenset()

    def of(self, kind: Any) -> Any:
        """The validator that knows a type; None where R4 has no such type."""
        found = self._own.get(kind) if isinstance(kind, str) else None
        if found is not None:
            return found
        schema = None
        if not self._types:
            schema = load("r4.schema.json.zst")
            self._types = frozenset(schema["properties"])
        if not isinstance(kind, str) or kind not in self._types:
            return None
        if len(self._own) < _ALONE:
            self._own[kind] = _compiled(_only(schema or load("r4.schema.json.zst"), kind))
        else:
            self._own = dict.fromkeys(self._types, _compiled(schema or load("r4.schema.json.zst")))
        return self._own[kind]


_VALIDATORS = _Validators()


def _compiled(schema: dict[str, Any]) -> Any:
    import jsonschema_rs

    # The linear-time engine: a hostile text cannot make a pattern run for ever.
    return jsonschema_rs.Draft7Validator(schema, pattern_options=jsonschema_rs.RegexOptions())


def _only(schema: dict[str, Any], kind: str) -> dict[str, Any]:
    """The schema of one type, with what it refers to."""
    every, needed = schema["definitions"], set()
    ahead = list(_referred(schema["properties"][kind]))
    while ahead:
        name = ahead.pop()
        if name not in needed:
            needed.add(name)
            ahead += _referred(every[name])
    return schema | {
        "properties": {kind: schema["properties"][kind]},
        "definitions": {name: every[name] for name in needed},
    }


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
    return validator is not None and bool(validator.is_valid({kind: resource}))


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
