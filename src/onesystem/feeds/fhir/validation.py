"""Whether a resource is R4: one compiled validator for all types, and a walk that says why not.

The official schema leaves required primitives, exclusive choices and calendar days unsaid; the
schema that we ship has them written in (`tools/build_fhir_r4.py`). It is keyed by type,
`{"Patient": {...}}`, so that no resource is tried against 146 types, and leaves out resources
inside resources, which are validated one by one.
"""

from collections.abc import Iterator
from functools import cache
from itertools import islice
from typing import Any

from onesystem.feeds.fhir.definitions import definitions, load
from onesystem.feeds.fhir.problems import Problem, problems
from onesystem.vocabulary import BadInput, nearest

_NESTING = ("contained", "entry", "parameter")


@cache
def _validator() -> Any:
    import jsonschema_rs

    # The linear-time engine: a hostile text cannot make a pattern run for ever.
    return jsonschema_rs.Draft7Validator(
        load("r4.schema.json.zst"), pattern_options=jsonschema_rs.RegexOptions()
    )


def is_valid(resource: dict[str, Any]) -> bool:
    """Whether this one resource is R4; what lies inside it is not looked at."""
    return bool(_validator().is_valid({resource.get("resourceType", ""): resource}))


def check(resource: dict[str, Any], where: str = "") -> None:
    """Raises BadInput, with the FHIRPath of the element and the cure, unless it is R4."""
    if not _validator().is_valid({resource.get("resourceType", ""): resource}):
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
    error = next(iter(_validator().iter_errors({resource["resourceType"]: resource})))
    path = "".join(
        f"[{step}]" if isinstance(step, int) else f".{step}" for step in error.instance_path[1:]
    )
    return Problem(
        where + path, "fhir.invalid", error.message[:300], "Compare it with the FHIR R4 definition."
    )
