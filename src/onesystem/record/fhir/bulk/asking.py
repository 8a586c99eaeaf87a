"""What an export is asked for: types, filters, elements and since when. Raises Refusal."""

import re
from dataclasses import asdict, dataclass
from urllib.parse import parse_qsl

import orjson

from onesystem.feeds.fhir.definitions import definitions
from onesystem.record.fhir.acts.inputs import Given, given, kinds, one
from onesystem.record.fhir.case import Case
from onesystem.record.fhir.moments import span
from onesystem.record.fhir.outcomes import Refusal
from onesystem.record.fhir.routing import Route
from onesystem.record.fhir.searching.definitions import compartment
from onesystem.record.fhir.searching.params import read

_KNOWN = ("_outputFormat", "_since", "_type", "_typeFilter", "_elements")
_FORMATS = {"application/fhir+ndjson", "application/ndjson", "ndjson"}
_NEXT = re.compile(r",(?=[A-Z][A-Za-z]+\?)")  # a comma may also stand within a filter
_ABSTRACT = {"Resource", "DomainResource", "Parameters", "Bundle", "OperationOutcome"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Export:
    """One export. `level` is empty, `Patient` or `Group`; `since` microseconds since 1970."""

    level: str
    group: str
    kinds: tuple[str, ...]
    filters: dict[str, list[str]]
    elements: dict[str, list[str]]
    since: int | None

    def text(self) -> str:
        """As it is kept."""
        return orjson.dumps(asdict(self)).decode()

    @classmethod
    def of(cls, text: str) -> "Export":
        """What `text` made."""
        said = orjson.loads(text)
        return cls(**said | {"kinds": tuple(said["kinds"])})


def export_of(case: Case, asked: Route) -> Export:
    """What the kick-off asks for."""
    _prefers(case)
    said = given(case, _KNOWN)
    format_ = one(said, "_outputFormat").replace(" ", "+")
    if format_ and format_ not in _FORMATS:
        raise Refusal(400, f"_outputFormat={format_[:60]!r} is not made here",
                      "Leave it out, or ask for application/fhir+ndjson.",
                      where="_outputFormat", code="not-supported")  # fmt: skip
    since = one(said, "_since")
    wanted = _types(case, asked.kind, kinds(said))
    return Export(
        level=asked.kind,
        group=asked.logical,
        kinds=wanted,
        filters=_filters(said, wanted),
        elements=_elements(said),
        since=span(since, "_since")[0] if since else None,
    )


def _prefers(case: Case) -> None:
    prefer = {part.strip().lower() for part in case.ask.header("prefer").split(",")}
    if "respond-async" not in prefer:
        raise Refusal(400, "an export is not answered at once", "Send Prefer: respond-async.",
                      code="not-supported")  # fmt: skip


def _types(case: Case, level: str, asked: tuple[str, ...]) -> tuple[str, ...]:
    for kind in asked:
        case.require(kind, "r")
    every = sorted(definitions().resources - _ABSTRACT)
    if level:
        every = [kind for kind in every if kind == "Patient" or compartment(kind)]
    able = [kind for kind in asked or every if case.caller.allows(kind, "r")]
    if not able:
        raise Refusal(403, "the token allows to read no type",
                      "Ask for a token with scopes such as system/*.rs.")  # fmt: skip
    return tuple(able)


def _filters(said: Given, wanted: tuple[str, ...]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for value in said.get("_typeFilter", ()):
        for each in _NEXT.split(str(value)):
            kind, mark, query = each.partition("?")
            if not mark or kind not in wanted:
                raise Refusal(400, f"the filter {each[:80]!r} is of no type that is exported",
                              "Write it as Observation?code=SYSTEM|CODE.",
                              where="_typeFilter")  # fmt: skip
            made = read(kind, parse_qsl(query, keep_blank_values=True))
            if made.includes or made.sort or not made.conditions:
                raise Refusal(400, f"the filter {each[:80]!r} says more than which, or nothing",
                              "Leave out _include and _sort, and say a condition.",
                              where="_typeFilter")  # fmt: skip
            found.setdefault(kind, []).append(query)
    return found


def _elements(said: Given) -> dict[str, list[str]]:
    """By type; those of every type under an empty name."""
    found: dict[str, list[str]] = {}
    for value in said.get("_elements", ()):
        for each in filter(None, (e.strip() for e in str(value).split(","))):
            kind, dot, leaf = each.rpartition(".")
            if dot and kind not in definitions().resources:
                raise Refusal(400, f"_elements={each[:60]!r} names no element of a type",
                              "Write Patient.name, or name.", where="_elements")  # fmt: skip
            found.setdefault(kind, []).append(leaf)
    return found
