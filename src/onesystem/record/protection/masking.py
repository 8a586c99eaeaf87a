"""A resource for a project: only what is known not to tell who somebody is stays in it.

Kept are codes with their systems, numbers, true and false, days and times, units, and the ids of
resources as pseudonyms. Every other text goes, with everything that is about names, numbers,
addresses, places, extensions or words. A birth date becomes its year, a postcode its district.
"""

import re
from collections.abc import Callable
from typing import Any

from onesystem.people.projects import outward

_GONE = frozenset((
    "meta", "text", "name", "telecom", "identifier", "contact", "photo", "contained", "extension",
    "modifierExtension", "note", "display", "implicitRules", "communication",
    "multipleBirthInteger",
))  # fmt: skip
_CODED = frozenset((
    "resourceType", "system", "code", "status", "use", "unit", "comparator", "intent", "priority",
    "gender", "type", "mode", "version", "kind", "reference",
))  # fmt: skip
_TEMPORAL = re.compile(
    r"\d{4}(-\d\d(-\d\d(T\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)?)?)?)?$|\d\d:\d\d:\d\d(\.\d+)?$"
)
_CODE = re.compile(r"[^\s]{1,200}$")
_YEARS = frozenset(("birthDate", "deceasedDateTime"))

Pseudonym = Callable[[str, str], str]


def masked(resource: dict[str, Any], pseudonym: Pseudonym) -> dict[str, Any]:
    """The resource under pseudonyms. `pseudonym` takes a type and an id."""
    kept = _object(resource, pseudonym)
    if "id" in resource:
        kept["id"] = pseudonym(resource["resourceType"], resource["id"])
    return kept


def _object(said: dict[str, Any], pseudonym: Pseudonym) -> dict[str, Any]:
    found = {}
    for key, value in said.items():
        if key in _GONE or key.startswith("_"):
            continue
        if key == "reference":
            made = _reference(value, pseudonym)
        elif key in _YEARS:
            made = str(value)[:4]
        elif key == "address":
            made = _addresses(value)
        else:
            made = _value(key, value, pseudonym)
        if made not in (None, [], {}):
            found[key] = made
    return found


def _value(key: str, value: Any, pseudonym: Pseudonym) -> Any:
    if isinstance(value, dict):
        return _object(value, pseudonym)
    if isinstance(value, list):
        made = [_value(key, each, pseudonym) for each in value]
        return [each for each in made if each not in (None, [], {})]
    if not isinstance(value, str):
        return value
    fits = _CODE.match(value) if key in _CODED else _TEMPORAL.match(value)
    return value if fits else None


def _reference(value: Any, pseudonym: Pseudonym) -> str | None:
    parts = value.partition("/_history/")[0].split("/") if isinstance(value, str) else []
    if len(parts) != 2:
        return None
    return f"{parts[0]}/{pseudonym(*parts)}"


def _addresses(value: Any) -> Any:
    every = value if isinstance(value, list) else [value]
    kept = [outward(str(each.get("postalCode", ""))) for each in every if isinstance(each, dict)]
    return [{"postalCode": each} for each in kept if each]
