"""FHIR search as the specification words it, over resources in a list: slow, plain, and ours twice.

It shares no line with the server's search: no index, no SQL, no compiled paths, moments as
`datetime` and figures as `Decimal`.
"""

import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

Resource = Mapping[str, Any]
EVER = (datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC))


def find(world: Sequence[Resource], kind: str, params: Iterable[tuple[str, str]]) -> list[str]:
    """The ids of the resources of a type that meet all parameters, sorted."""
    pairs = list(params)
    return sorted(
        r["id"]
        for r in world
        if r["resourceType"] == kind and all(meets(world, r, n, v) for n, v in pairs)
    )


def meets(world: Sequence[Resource], resource: Resource, name: str, value: str) -> bool:
    """Whether a resource meets one parameter."""
    if name.startswith("_has:"):
        _, kind, by, rest = name.split(":", 3)
        mine = f"{resource['resourceType']}/{resource['id']}"
        return any(
            mine in REFERENCES[kind, by](r) and meets(world, r, rest, value)
            for r in world
            if r["resourceType"] == kind
        )
    head, dot, rest = name.partition(".")
    if dot:
        by, _, only = head.partition(":")
        named = REFERENCES[resource["resourceType"], by](resource)
        return any(
            f"{r['resourceType']}/{r['id']}" in named and meets(world, r, rest, value)
            for r in world
            if only in {"", r["resourceType"]}
        )
    code, _, modifier = name.partition(":")
    said, test = _asked(resource, code)
    if modifier == "missing":
        return (not said) == (value == "true")
    if modifier == "not":
        return not any(test(each, v, "") for each in said for v in value.split(","))
    return any(test(each, v, modifier) for each in said for v in value.split(","))


def _asked(resource: Resource, code: str) -> tuple[list[Any], Callable[[Any, str, str], bool]]:
    kind = resource["resourceType"]
    if (kind, code) in REFERENCES:
        return list(REFERENCES[kind, code](resource)), _refers
    getter, test = PARAMETERS[kind, code]
    return [each for each in getter(resource) if each is not None], test


def _refers(said: str, asked: str, _modifier: str) -> bool:
    return said == asked or said.rpartition("/")[2] == asked


def _token(said: tuple[str, str], asked: str, _modifier: str) -> bool:
    system, bar, code = asked.rpartition("|")
    if bar and system != said[0]:
        return False
    return not code or code.lower() == said[1].lower()


def _plain(text: str) -> str:
    parts = unicodedata.normalize("NFKD", text.casefold())
    kept = (c for c in parts if unicodedata.category(c)[0] not in "PM")
    return " ".join("".join(kept).split())


def _string(said: str, asked: str, modifier: str) -> bool:
    if modifier == "exact":
        return said == asked
    if modifier == "contains":
        return _plain(asked) in _plain(said)
    return _plain(said).startswith(_plain(asked))


def _prefix(text: str) -> tuple[str, str]:
    return (text[:2], text[2:]) if text[:2].isalpha() else ("eq", text)


def _span(text: str) -> tuple[datetime, datetime]:
    """From the first moment that a date covers to the first that it does not."""
    if "T" in text:
        start = datetime.fromisoformat(text)
        return start, start + timedelta(seconds=1)
    parts = [int(p) for p in text.split("-")]
    start = datetime(*[*parts, 1, 1][:3], tzinfo=UTC)
    if len(parts) == 1:
        return start, start.replace(year=start.year + 1)
    if len(parts) == 2:
        return start, (start.replace(day=28) + timedelta(days=4)).replace(day=1)
    return start, start + timedelta(days=1)


def _date(said: tuple[datetime, datetime], asked: str, _modifier: str) -> bool:
    prefix, text = _prefix(asked)
    (start, end), (first, beyond) = _span(text), said
    inside = start <= first and beyond <= end
    return {
        "eq": inside,
        "ne": not inside,
        "gt": beyond > end,
        "lt": first < start,
        "ge": beyond > end or inside,
        "le": first < start or inside,
        "sa": first >= end,
        "eb": beyond <= start,
    }[prefix]


def _quantity(said: tuple[Decimal, str], asked: str, _modifier: str) -> bool:
    number, *unit = asked.split("|")
    prefix, text = _prefix(number)
    value, half = Decimal(text), Decimal(5).scaleb(Decimal(text).as_tuple().exponent - 1)
    equal = value - half <= said[0] < value + half
    right = {
        "eq": equal,
        "ne": not equal,
        "gt": said[0] > value,
        "lt": said[0] < value,
        "ge": said[0] >= value,
        "le": said[0] <= value,
        "sa": said[0] > value,
        "eb": said[0] < value,
    }[prefix]
    return right and (not unit or unit[-1] in {"", said[1]})


def _codes(concept: Mapping[str, Any] | None) -> list[tuple[str, str]]:
    return [(c.get("system", ""), c["code"]) for c in (concept or {}).get("coding", ())]


def _names(resource: Resource) -> list[str]:
    found = []
    for name in resource.get("name", ()):
        found += [name.get("family"), *name.get("given", ())]
    return found


def _when(resource: Resource) -> list[tuple[datetime, datetime]]:
    if "effectiveDateTime" in resource:
        return [_span(resource["effectiveDateTime"])]
    period = resource.get("effectivePeriod")
    if period is None:
        return []
    first = _span(period["start"])[0] if "start" in period else EVER[0]
    return [(first, _span(period["end"])[1] if "end" in period else EVER[1])]


def _measured(resource: Resource) -> list[tuple[Decimal, str]]:
    held = resource.get("valueQuantity")
    return [(Decimal(str(held["value"])), held.get("unit", ""))] if held else []


def _one(resource: Resource, key: str) -> list[str]:
    return [resource[key]["reference"]] if key in resource else []


REFERENCES: dict[tuple[str, str], Callable[[Resource], list[str]]] = {
    ("Observation", "subject"): lambda r: _one(r, "subject"),
    ("Observation", "patient"): lambda r: [
        n for n in _one(r, "subject") if n.startswith("Patient/")
    ],
    ("Observation", "performer"): lambda r: [p["reference"] for p in r.get("performer", ())],
    ("Patient", "link"): lambda r: [p["other"]["reference"] for p in r.get("link", ())],
}
GENDERS = "http://hl7.org/fhir/administrative-gender"
PARAMETERS: dict[tuple[str, str], tuple[Callable[[Resource], list[Any]], Any]] = {
    ("Patient", "_id"): (lambda r: [("", r["id"])], _token),
    ("Patient", "gender"): (lambda r: [(GENDERS, r["gender"])] if "gender" in r else [], _token),
    ("Patient", "family"): (lambda r: [n.get("family") for n in r.get("name", ())], _string),
    ("Patient", "name"): (_names, _string),
    ("Patient", "birthdate"): (
        lambda r: [_span(r["birthDate"])] if "birthDate" in r else [],
        _date,
    ),
    ("Patient", "identifier"): (
        lambda r: [(i.get("system", ""), i["value"]) for i in r.get("identifier", ())],
        _token,
    ),
    ("Observation", "code"): (lambda r: _codes(r.get("code")), _token),
    ("Observation", "date"): (_when, _date),
    ("Observation", "value-quantity"): (_measured, _quantity),
}
