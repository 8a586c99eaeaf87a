"""From a resource to its rows: one reader for each type, made once of the compiled slots. Pure.

A reader looks at the keys that a resource has, not at those that it could have, so what is absent
costs nothing.
"""

from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

from onesystem.record.fhir.searching.definitions import Slot, known_of, parted
from onesystem.record.fhir.searching.emitters import EMITTERS, SPECIAL, Emit, Rows, implied
from onesystem.record.fhir.searching.values import system_number

Walk = Callable[[Any, int, int, Rows], None]  # value, entry, part, rows


def extract(kind: str, entry: int, resource: Mapping[str, Any], rows: Rows) -> None:
    """Add the rows of one resource."""
    walks, parted = _reader(kind)
    for key, value in resource.items():
        if key not in walks:
            continue
        for walk in walks[key]:
            if key in parted and isinstance(value, list):
                for part, each in enumerate(value, 1):
                    walk(each, entry, part, rows)
            else:
                walk(value, entry, 0, rows)
    if kind == "Patient":
        _deceased(resource, entry, rows)


@cache
def _reader(kind: str) -> tuple[dict[str, list[Walk]], frozenset[str]]:
    walks: dict[str, list[Walk]] = {}
    for slot in known_of(kind).slots:
        if slot.holds == "deceased" or slot.path == "meta.source":  # the server says its own
            continue
        first, *rest = slot.path.split(".")
        name, _, condition = first.partition("[")
        walks.setdefault(name, []).append(_walk(condition, tuple(rest), _end(slot)))
    return walks, parted(kind)


def _end(slot: Slot) -> Walk:
    emit: Emit = implied(slot.system) if slot.system else EMITTERS[slot.asked, slot.holds]
    number = slot.number

    def end(value: Any, entry: int, part: int, rows: Rows) -> None:
        if isinstance(value, list):
            for each in value:
                emit(each, number, entry, part, rows)
        else:
            emit(value, number, entry, part, rows)

    return end


def _walk(condition: str, rest: tuple[str, ...], end: Walk) -> Walk:
    """From an element on: what it must say, then the steps below it."""
    inner = _below(rest, end) if rest else end
    if not condition:
        return inner
    key, _, wanted = condition.rstrip("]").partition("=")

    def only(value: Any, entry: int, part: int, rows: Rows) -> None:
        for each in value if isinstance(value, list) else (value,):
            if isinstance(each, dict) and each.get(key) == wanted:
                inner(each, entry, part, rows)

    return only


def _below(rest: tuple[str, ...], end: Walk) -> Walk:
    name, _, condition = rest[0].partition("[")
    deeper = _walk(condition, rest[1:], end)

    def inner(value: Any, entry: int, part: int, rows: Rows) -> None:
        if isinstance(value, dict):
            below = value.get(name)
            if below is not None:
                deeper(below, entry, part, rows)
        elif isinstance(value, list):
            for each in value:
                inner(each, entry, part, rows)

    return inner


@cache
def _deceased_slot() -> int:
    return next(s.number for s in known_of("Patient").slots if s.holds == "deceased")


def _deceased(resource: Mapping[str, Any], entry: int, rows: Rows) -> None:
    """`Patient.deceased.exists() and Patient.deceased != false`: true for a date as well."""
    dead = resource.get("deceasedBoolean") is True or "deceasedDateTime" in resource
    code = "true" if dead else "false"
    rows.tokens.append((_deceased_slot(), code, entry, system_number(SPECIAL), 0))
