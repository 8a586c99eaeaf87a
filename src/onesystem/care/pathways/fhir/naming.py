"""The names that both ways share: addresses, extensions, and the words of R4 for ours."""

import re
from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import quote, unquote

OURS = "https://onesystem.example/fhir/"
PATHWAY, ASK, FORM = f"{OURS}pathway/", f"{OURS}request/", f"{OURS}form/"
PART, DOES, STAFF = f"{OURS}part", f"{OURS}action", f"{OURS}staff"
KEY = f"{OURS}key"
FOCUS = "http://terminology.hl7.org/CodeSystem/usage-context-type"
PREFILL = "http://hl7.org/fhir/uv/sdc/StructureDefinition/sdc-questionnaire-initialExpression"
UNIT = "http://hl7.org/fhir/StructureDefinition/questionnaire-unit"
LANGUAGE = "text/fhirpath"
PRIORITY = {"routine": "routine", "soon": "urgent", "urgent": "asap", "emergency": "stat"}
UNITS = {"minute": "min", "hour": "h", "day": "d", "week": "wk", "month": "mo", "year": "a"}
Resource = dict[str, Any]
_TIME = re.compile(r"([1-9]\d{0,3}) ((minute|hour|day|week|month|year)s?)")
_ID = re.compile(r"[A-Za-z0-9\-.]{1,64}")


def address(base: str, *keys: str) -> str:
    """An address that keys can be read from again."""
    return base + "/".join(quote(key, safe="") for key in keys)


def keys_of(base: str, url: object) -> list[str] | None:
    """The keys of an address of ours; None where it is another's."""
    if not isinstance(url, str) or not url.startswith(base):
        return None
    return [unquote(part) for part in url.removeprefix(base).split("/")]


def ids_for(keys: Iterable[str]) -> dict[str, str]:
    """An id that R4 allows for each key, the key itself where it is one."""
    found: dict[str, str] = {}
    for key in keys:
        plain = re.sub(r"[^A-Za-z0-9\-.]", "-", key)[:60] or "step"
        made, n = plain, 1
        while made in found.values():
            n += 1
            made = f"{plain}-{n}"
        found[key] = made
    return found


def is_id(text: str) -> bool:
    """Whether R4 takes it as an id."""
    return bool(_ID.fullmatch(text))


def time_of(text: str) -> tuple[int, str, str] | None:
    """`4 hours` as a number, its word and the unit of UCUM; None where it is no such text."""
    found = _TIME.fullmatch(text)
    return (int(found[1]), found[2], UNITS[found[3]]) if found else None


def extension(name: str, value: str | int) -> Resource:
    """An extension of ours: a text or a whole number."""
    return {"url": OURS + name, "valueInteger" if isinstance(value, int) else "valueString": value}


def extensions(said: Mapping[str, str | int]) -> list[Resource]:
    """Extensions of what is not empty."""
    return [extension(name, value) for name, value in said.items() if value != ""]


def expression(text: str) -> Resource:
    """A condition as R4 writes it."""
    return {"language": LANGUAGE, "expression": text}


def filled(made: Mapping[str, Any]) -> Resource:
    """Without what is empty, which R4 does not allow."""
    return {name: value for name, value in made.items() if value not in ("", [], {}, None)}
