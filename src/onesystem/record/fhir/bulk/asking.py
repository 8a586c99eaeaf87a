"""What an export is asked for: types, filters, elements and since when. Raises Refusal."""

import re
from dataclasses import asdict, dataclass
from urllib.parse import parse_qsl

import orjson

from onesystem.feeds.fhir.definitions import definitions
from onesystem.record.fhir.acts.inputs import Given, given, kinds, one
from onesystem.record.fhir.case import Case
from onesystem.record.fhir.finding import by_name
from onesystem.record.fhir.moments import span
from onesystem.record.fhir.outcomes import Refusal
from onesystem.record.fhir.routing import Route
from onesystem.record.fhir.searching.definitions import compartment
from onesystem.record.fhir.searching.params import read

_KNOWN = ("_outputFormat", "_since", "_type", "_typeFilter", "_elements", "patient")
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
    patients: tuple[str, ...] = ()  # the names of Patients, where not everybody is wanted

    def text(self) -> str:
        """As it is kept."""
        return orjson.dumps(asdict(self)).decode()

    @classmethod
    def of(cls, text: str) -> "Export":
        """What `text` made."""
        said = orjson.loads(text)
        lists = {name: tuple(said.get(name, ())) for name in ("kinds", "patients")}
        return cls(**said | lists)


def export_of(case: Case, asked: Route) -> Export:
    """What the kick-off asks for."""
    _prefers(case)
    said = given(case, _KNOWN, lenient="handling=lenient" in _preferences(case))
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
        patients=_patients(case, asked.kind, said),
    )


def _patients(case: Case, level: str, said: Given) -> tuple[str, ...]:
    """The Patients that are named. Raises Refusal for one that is not here for this caller."""
    told = [str(each) for value in said.get("patient", ()) for each in str(value).split(",")]
    names = [each.strip().removeprefix(f"{case.ask.base}/").removeprefix("Patient/")
             for each in told if each.strip()]  # fmt: skip
    if names and not level:
        raise Refusal(400, "an export of the system has no patient",
                      "Ask Patient/$export or Group/[id]/$export.", where="patient")  # fmt: skip
    for each in names:
        if by_name("Patient", each, case.scope) is None:
            raise Refusal(404, f"there is no Patient/{each[:64]} here", "Leave it out.",
                          where="patient")  # fmt: skip
    return tuple(dict.fromkeys(names))


def _preferences(case: Case) -> set[str]:
    said = case.ask.header("prefer").replace(";", ",").split(",")
    return {part.strip().lower().replace(" ", "") for part in said}


def _prefers(case: Case) -> None:
    if "respond-async" not in _preferences(case):
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
