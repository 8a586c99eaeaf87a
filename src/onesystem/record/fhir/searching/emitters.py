"""What one element of a resource puts into the index: one function for each data type. Pure.

Each is called with the element, the slot's number, the entry, the part of the resource that it
lies in (0, or which component counted from 1) and the rows, and adds to the rows. An element of
the wrong shape adds nothing: whether a resource is right is not decided here.
"""

import re
from collections.abc import Callable
from functools import lru_cache
from math import inf
from typing import Any

from onesystem.record.fhir.searching.values import (
    CODE,
    FIRST,
    LAST,
    WORDS,
    date_range,
    folded,
    kept,
    plain,
    system_number,
)  # fmt: skip

SPECIAL = "http://hl7.org/fhir/special-values"
MONEY = "urn:iso:std:iso:4217"
TYPED = "\x1e"  # before an identifier's type and value, for `:of-type`
_LOCAL = re.compile(r"([A-Z][A-Za-z]+)/([A-Za-z0-9.\-]{1,64})(?:/_history/[A-Za-z0-9.\-]{1,64})?")


class Rows:
    """The rows of a batch, one list for each table. Rows may repeat; the index keeps each once."""

    __slots__ = ("dates", "quantities", "references", "strings", "tokens")

    def __init__(self) -> None:
        self.tokens: list[tuple[int, str, int, int, int]] = []  # slot, code, entry, system, part
        self.strings: list[tuple[int, str, int, str, int]] = []  # slot, plain, entry, exact, part
        self.dates: list[tuple[int, int, int, int, int]] = []  # slot, low, high, entry, part
        # slot, low, high, unit, system, entry, part
        self.quantities: list[tuple[int, float, float, str, int, int, int]] = []
        # slot, target, entry, kind, part
        self.references: list[tuple[int, str, int, str, int]] = []


def _several(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


Emit = Callable[[Any, int, int, int, Rows], None]


def _code(value: Any, slot: int, entry: int, part: int, rows: Rows) -> None:
    if isinstance(value, str):
        rows.tokens.append((slot, folded(value), entry, 0, part))


def implied(system: str) -> Emit:
    """A plain code, of the system that its binding implies."""
    number = system_number(system)

    def emit(value: Any, slot: int, entry: int, part: int, rows: Rows) -> None:
        if isinstance(value, str):
            rows.tokens.append((slot, folded(value), entry, number, part))

    return emit


def _boolean(value: Any, slot: int, entry: int, part: int, rows: Rows) -> None:
    if isinstance(value, bool):
        code = "true" if value else "false"
        rows.tokens.append((slot, code, entry, system_number(SPECIAL), part))


def _words(text: Any, slot: int, entry: int, part: int, rows: Rows) -> None:
    if isinstance(text, str) and text:
        said, exact = _compared(text)
        rows.strings.append((slot, said, entry, exact, part))


@lru_cache(maxsize=4096)
def _compared(text: str) -> tuple[str, str]:
    return plain(text), kept(text)[:WORDS]


_folded_often = lru_cache(maxsize=4096)(folded)  # codes come again, identifiers do not


def _coding(value: Any, slot: int, entry: int, part: int, rows: Rows) -> None:
    if not isinstance(value, dict):
        return
    code, system = value.get("code"), value.get("system")
    if isinstance(code, str) or isinstance(system, str):
        number = system_number(system) if isinstance(system, str) else 0
        text = _folded_often(code) if isinstance(code, str) else ""
        rows.tokens.append((slot, text, entry, number, part))
    if "display" in value:
        _words(value["display"], slot, entry, part, rows)


def _concept(value: Any, slot: int, entry: int, part: int, rows: Rows) -> None:
    if not isinstance(value, dict):
        return
    for each in _several(value.get("coding")):
        _coding(each, slot, entry, part, rows)
    if "text" in value:
        _words(value["text"], slot, entry, part, rows)


def _identifier(value: Any, slot: int, entry: int, part: int, rows: Rows) -> None:
    if not isinstance(value, dict):
        return
    said, system, kind = value.get("value"), value.get("system"), value.get("type")
    if isinstance(said, str) or isinstance(system, str):
        text = folded(said) if isinstance(said, str) else ""
        number = system_number(system) if isinstance(system, str) else 0
        rows.tokens.append((slot, text, entry, number, part))
    if not isinstance(kind, dict):
        return
    _words(kind.get("text"), slot, entry, part, rows)
    for each in _several(kind.get("coding")):
        if isinstance(each, dict) and isinstance(said, str) and isinstance(each.get("code"), str):
            text = folded(TYPED + each["code"] + "|" + said)
            system = each.get("system")
            number = system_number(system) if isinstance(system, str) else 0
            rows.tokens.append((slot, text, entry, number, part))


def _contact(value: Any, slot: int, entry: int, part: int, rows: Rows) -> None:
    if isinstance(value, dict) and isinstance(value.get("value"), str):
        rows.tokens.append((slot, folded(value["value"]), entry, 0, part))


def _uri(value: Any, slot: int, entry: int, part: int, rows: Rows) -> None:
    if isinstance(value, str):
        text = kept(value)[:CODE]
        rows.tokens.append((slot, text, entry, 0, part))
        bare, bar, _ = text.partition("|")
        if bar:  # a canonical with its version answers to the URL alone as well
            rows.tokens.append((slot, bare, entry, 0, part))


def _name(value: Any, slot: int, entry: int, part: int, rows: Rows) -> None:
    _parts(value, ("family", "given", "prefix", "suffix", "text"), slot, entry, part, rows)


def _address(value: Any, slot: int, entry: int, part: int, rows: Rows) -> None:
    names = ("line", "city", "district", "state", "country", "postalCode", "text")
    _parts(value, names, slot, entry, part, rows)


def _parts(
    value: Any, names: tuple[str, ...], slot: int, entry: int, part: int, rows: Rows
) -> None:
    if not isinstance(value, dict):
        return
    for name in names:
        said = value.get(name)
        for text in said if isinstance(said, list) else (said,):
            _words(text, slot, entry, part, rows)


def _concept_words(value: Any, slot: int, entry: int, part: int, rows: Rows) -> None:
    if isinstance(value, dict):
        _words(value.get("text"), slot, entry, part, rows)


def _date(value: Any, slot: int, entry: int, part: int, rows: Rows) -> None:
    found = date_range(value) if isinstance(value, str) else None
    if found:
        rows.dates.append((slot, *found, entry, part))


def _period(value: Any, slot: int, entry: int, part: int, rows: Rows) -> None:
    if not isinstance(value, dict):
        return
    start, end = value.get("start"), value.get("end")
    low = date_range(start) if isinstance(start, str) else None
    high = date_range(end) if isinstance(end, str) else None
    if low or high:
        first, last = low[0] if low else FIRST, high[1] if high else LAST
        rows.dates.append((slot, first, last, entry, part))


def _timing(value: Any, slot: int, entry: int, part: int, rows: Rows) -> None:
    """Only the outer limits count: the events, or the bounds of what repeats."""
    if not isinstance(value, dict):
        return
    said = [date_range(e) for e in _several(value.get("event")) if isinstance(e, str)]
    times = [each for each in said if each]
    if times:
        first, last = min(t[0] for t in times), max(t[1] for t in times)
        rows.dates.append((slot, first, last, entry, part))
    repeat = value.get("repeat")
    if isinstance(repeat, dict):
        _period(repeat.get("boundsPeriod"), slot, entry, part, rows)


def _figure(value: Any) -> float | None:
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None


def _number(value: Any, slot: int, entry: int, part: int, rows: Rows) -> None:
    figure = _figure(value)
    if figure is not None:
        rows.quantities.append((slot, figure, figure, "", 0, entry, part))


def _quantity(value: Any, slot: int, entry: int, part: int, rows: Rows) -> None:
    if not isinstance(value, dict):
        return
    figure = _figure(value.get("value"))
    if figure is None:
        return
    comparator = str(value.get("comparator", ""))
    low = -inf if comparator.startswith("<") else figure
    high = inf if comparator.startswith(">") else figure
    _measured(value, low, high, slot, entry, part, rows)


def _range(value: Any, slot: int, entry: int, part: int, rows: Rows) -> None:
    if not isinstance(value, dict):
        return
    ends = [e if isinstance(e, dict) else {} for e in (value.get("low"), value.get("high"))]
    low, high = _figure(ends[0].get("value")), _figure(ends[1].get("value"))
    if low is None and high is None:
        return
    measured = ends[0] if low is not None else ends[1]
    _measured(measured, -inf if low is None else low, inf if high is None else high,
              slot, entry, part, rows)  # fmt: skip


def _measured(
    value: dict[str, Any], low: float, high: float, slot: int, entry: int, part: int, rows: Rows
) -> None:
    """One row by the unit's code, and one by its name where that is another word."""
    code, unit, system = value.get("code"), value.get("unit"), value.get("system")
    number = system_number(system) if isinstance(system, str) else 0
    first = kept(code)[:WORDS] if isinstance(code, str) else ""
    if first or not isinstance(unit, str):
        rows.quantities.append((slot, low, high, first, number, entry, part))
    if isinstance(unit, str) and unit != code:
        rows.quantities.append((slot, low, high, kept(unit)[:WORDS], 0, entry, part))


def _money(value: Any, slot: int, entry: int, part: int, rows: Rows) -> None:
    if isinstance(value, dict) and (figure := _figure(value.get("value"))) is not None:
        code, number = kept(str(value.get("currency", "")))[:WORDS], system_number(MONEY)
        rows.quantities.append((slot, figure, figure, code, number, entry, part))


def _sampled(value: Any, slot: int, entry: int, part: int, rows: Rows) -> None:
    """What was sampled lies between its limits, in the unit of its origin."""
    if isinstance(value, dict) and isinstance(value.get("origin"), dict):
        low, high = _figure(value.get("lowerLimit")), _figure(value.get("upperLimit"))
        if low is not None and high is not None:
            _measured(value["origin"], low, high, slot, entry, part, rows)


def named(reference: str) -> tuple[str, str]:
    """The type and id that a reference names here; for any other the type is empty."""
    match = _LOCAL.fullmatch(reference)
    return (match[1], match[2]) if match else ("", kept(reference)[:CODE])


def _reference(value: Any, slot: int, entry: int, part: int, rows: Rows) -> None:
    if not isinstance(value, dict):
        return
    said = value.get("reference")
    if isinstance(said, str) and said and said[0] != "#":
        kind, target = named(said)
        rows.references.append((slot, target, entry, kind, part))
    if "identifier" in value:
        _identifier(value["identifier"], slot, entry, part, rows)


def _canonical(value: Any, slot: int, entry: int, part: int, rows: Rows) -> None:
    if isinstance(value, str) and value and value[0] != "#":
        kind, target = named(value)
        rows.references.append((slot, target, entry, kind, part))
        bare, bar, _ = target.partition("|")
        if bar:
            rows.references.append((slot, bare, entry, "", part))


EMITTERS: dict[tuple[str, str], Emit] = {
    **{("token", held): _code for held in ("code", "string", "id", "uri", "url", "canonical",
                                            "oid")},
    ("token", "boolean"): _boolean,
    ("token", "Coding"): _coding,
    ("token", "CodeableConcept"): _concept,
    ("token", "Identifier"): _identifier,
    ("token", "ContactPoint"): _contact,
    **{("uri", held): _uri for held in ("uri", "url", "canonical", "oid", "uuid")},
    **{("string", held): _words for held in ("string", "markdown", "code")},
    ("string", "HumanName"): _name,
    ("string", "Address"): _address,
    ("string", "CodeableConcept"): _concept_words,
    **{("date", held): _date for held in ("date", "dateTime", "instant")},
    ("date", "Period"): _period,
    ("date", "Timing"): _timing,
    **{("number", held): _number for held in ("integer", "positiveInt", "unsignedInt", "decimal")},
    ("number", "Range"): _range,
    **{("quantity", held): _quantity for held in ("Quantity", "Age", "Duration", "Count",
                                                   "Distance")},
    ("quantity", "Range"): _range,
    ("quantity", "Money"): _money,
    ("quantity", "SampledData"): _sampled,
    ("reference", "Reference"): _reference,
    ("reference", "canonical"): _canonical,
    ("reference", "uri"): _canonical,
}  # fmt: skip
