"""A summary as a FHIR document: International Patient Summary 2.0.0 (HL7, October 2025). Pure.

A document stands alone: whoever receives it can resolve every reference in it. What the sections
name is inside; a reference to anything else is written as an absolute address at our server.
What two sources said alike is one entry, the leading statement; the page shows the others.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from html import escape
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from onesystem.record.summary.assembling import Summary
from onesystem.record.summary.folding import Folded
from onesystem.record.summary.patient import UNKNOWN
from onesystem.record.summary.statements import Statement
from onesystem.record.summary.wording import concept
from onesystem.vocabulary.codes import LOINC

PROFILE = "http://hl7.org/fhir/uv/ips/StructureDefinition/"
_EMPTY = "http://terminology.hl7.org/CodeSystem/list-empty-reason"
_TIMED = {  # by kind: the time that the guide asks for
    "MedicationStatement": "effective", "Immunization": "occurrence", "Procedure": "performed",
    "Observation": "effective",
}  # fmt: skip
_SUBJECTS = ("subject", "patient", "beneficiary")
_RELATIVE = re.compile(r"[A-Z][A-Za-z]+/[A-Za-z0-9\-.]{1,64}(/_history/\S+)?")
_VITAL = "vital"
_MAKER = "onesystem"


@dataclass(frozen=True, slots=True)
class _Part:
    """A section of the document: its LOINC code, what it lists, and what a reader sees above."""

    code: str
    words: str  # as LOINC has them
    lines: Sequence[Folded]
    title: str
    needed: bool = False


def parts_of(said: Summary, resources: Mapping[int, Mapping[str, Any]]) -> list[_Part]:
    """The sections in the order of the guide; those that it asks for are there even when empty."""
    medicines = [m.prescribed or m.dispensed for m in said.medicines]
    allergies = said.allergies or ((said.none_known,) if said.none_known else ())
    newest = [trend.latest for trend in said.results]
    vitals = [each for each in newest if _is_vital(resources.get(each.first.entry, {}))]
    results = [each for each in newest if each not in vitals]
    # A document holds one Composition, its own; a wish that came as one is on the page.
    wishes = [w for w in said.wishes if w.first.kind in {"Consent", "DocumentReference"}]
    plans = [p for p in said.plans if p.first.kind == "CarePlan"]
    parts = [
        _Part("11450-4", "Problem list - Reported", said.problems, "Problems", needed=True),
        _Part("48765-2", "Allergies and adverse reactions Document", allergies,
              "Allergies and intolerances", needed=True),
        _Part("10160-0", "History of Medication use Narrative", [m for m in medicines if m],
              "Medicines", needed=True),
        _Part("104605-1", "Alert", said.alerts, "Alerts"),
        _Part("11369-6", "History of Immunization note", said.immunisations, "Immunisations"),
        _Part("30954-2", "Relevant diagnostic tests/laboratory data note", results, "Results"),
        _Part("8716-3", "Vital signs note", vitals, "Vital signs"),
        _Part("47519-4", "History of Procedures Document", said.procedures, "Procedures"),
        _Part("11348-0", "History of Past illness note", said.past_problems, "Past problems"),
        _Part("42348-3", "Advance healthcare directives", wishes, "Wishes"),
        _Part("18776-5", "Plan of care note", plans, "Care plan"),
    ]  # fmt: skip
    return [part for part in parts if part.lines or part.needed]


def entries_of(said: Summary) -> list[int]:
    """The entries whose resources the document holds."""
    return list(dict.fromkeys(f.first.entry for part in parts_of(said, {}) for f in part.lines))


def document(
    said: Summary,
    *,
    patient: Mapping[str, Any],
    resources: Mapping[int, Mapping[str, Any]],
    base: str,
    author: str,
    at: datetime,
) -> dict[str, Any]:
    """The document Bundle. `resources` by entry, as they are served; `base` is our server."""
    parts = parts_of(said, resources)
    held: dict[str, dict[str, Any]] = {}
    urls: dict[str, str] = {}
    names: dict[int, str] = {}
    for line in (each for part in parts for each in part.lines):
        first = line.first
        resource = dict(resources.get(first.entry) or made_of(first))
        address = f"{resource['resourceType']}/{resource.get('id', first.entry)}"
        names[first.entry] = urls[address] = full_url(base, address)
        held[urls[address]] = resource
    person = full_url(base, f"Patient/{patient['id']}")
    maker, keeper = full_url(base, "Device/summary"), full_url(base, "Organization/district")
    entries = [
        {"fullUrl": url, "resource": _settled(resource, person, urls, base)}
        for url, resource in held.items()
    ]
    composition = _composition(parts, names, person, (maker, keeper), author, at)
    return {
        "resourceType": "Bundle",
        "meta": {"profile": [f"{PROFILE}Bundle-uv-ips"]},
        "identifier": {"system": "urn:ietf:rfc:3986", "value": _own_number(base, patient, at)},
        "type": "document",
        "timestamp": at.isoformat(),
        "entry": [
            {"fullUrl": full_url(base, "Composition/summary"), "resource": composition},
            {"fullUrl": person, "resource": dict(patient)},
            {"fullUrl": maker, "resource": _device(keeper)},
            {"fullUrl": keeper, "resource": _organization(author)},
            *entries,
        ],
    }


def full_url(base: str, address: str) -> str:
    """The name of a resource inside the document: the same each time for the same resource."""
    return f"urn:uuid:{uuid5(NAMESPACE_URL, f'{base}/{address}')}"


def _own_number(base: str, patient: Mapping[str, Any], at: datetime) -> str:
    return full_url(base, f"summary/{patient['id']}/{at.isoformat()}")


def _device(keeper: str) -> dict[str, Any]:
    """Who wrote it: no human did, and the guide tells the two apart by this."""
    return {
        "resourceType": "Device",
        "id": "summary",
        "deviceName": [{"name": _MAKER, "type": "user-friendly-name"}],
        "owner": {"reference": keeper},
    }


def _organization(author: str) -> dict[str, Any]:
    return {"resourceType": "Organization", "id": "district", "name": author}


def _composition(
    parts: Iterable[_Part],
    names: Mapping[int, str],
    person: str,
    makers: tuple[str, str],
    author: str,
    at: datetime,
) -> dict[str, Any]:
    maker, keeper = makers
    return {
        "resourceType": "Composition",
        "id": "summary",
        "meta": {"profile": [f"{PROFILE}Composition-uv-ips"]},
        "text": _text(f"<p>Summary of a person's record, made by {escape(author)}.</p>"),
        "status": "final",
        "type": {"coding": [_loinc("60591-5", "Patient summary Document")]},
        "subject": {"reference": person},
        "date": at.isoformat(),
        "author": [{"reference": maker, "display": _MAKER}],
        "custodian": {"reference": keeper, "display": author},
        "title": "International Patient Summary",
        "section": [_section(part, names) for part in parts],
    }


def _section(part: _Part, names: Mapping[int, str]) -> dict[str, Any]:
    section: dict[str, Any] = {
        "title": part.title,
        "code": {"coding": [_loinc(part.code, part.words)]},
        "text": _text(_table(part)),
    }
    if part.lines:
        section["entry"] = [{"reference": names[each.first.entry]} for each in part.lines]
    else:
        # No source has said that there is none, so the document does not say it either.
        section["emptyReason"] = {"coding": [{"system": _EMPTY, "code": "unavailable"}]}
    return section


def _table(part: _Part) -> str:
    if not part.lines:
        return "<p>No information is available.</p>"
    rows = "".join(
        f"<tr><td>{escape(s.words)}</td><td>{escape(f'{s.value} {s.unit}'.strip())}</td>"
        f"<td>{s.moment.date().isoformat()}</td><td>{escape(', '.join(each.sources))}</td></tr>"
        for each in part.lines
        for s in (each.first,)
    )
    head = "<tr><th>What</th><th>Value</th><th>When</th><th>Source</th></tr>"
    return f"<table><thead>{head}</thead><tbody>{rows}</tbody></table>"


def _text(html: str) -> dict[str, str]:
    return {
        "status": "generated",
        "div": f'<div xmlns="http://www.w3.org/1999/xhtml">{_without_controls(html)}</div>',
    }


def _without_controls(text: str) -> str:
    """XHTML allows no control characters but tab and line ends."""
    return "".join(c for c in text if c >= " " or c in "\t\n\r")


def _loinc(code: str, words: str) -> dict[str, str]:
    return {"system": LOINC, "code": code, "display": words}


def _is_vital(resource: Mapping[str, Any]) -> bool:
    return concept(resource.get("category")).casefold().startswith(_VITAL)


def made_of(said: Statement) -> dict[str, Any]:
    """A resource for a statement that came without one, as an HL7 v2 result does."""
    coding = {"system": said.system, "code": said.code, "display": said.words}
    code: dict[str, Any] = {"text": said.words}
    if said.code and ":" in said.system:
        code["coding"] = [coding]
    made: dict[str, Any] = {"resourceType": said.kind, "id": f"e{said.entry:x}", "code": code}
    if said.kind == "Observation":
        made["status"] = said.status if said.status in _RESULT_STATES else "unknown"
        made["effectiveDateTime"] = said.moment.isoformat()
        if said.value:
            made["valueString"] = f"{said.value} {said.unit}".strip()
    elif said.kind == "DiagnosticReport":
        made["status"] = said.status if said.status in _RESULT_STATES else "unknown"
    return made


_RESULT_STATES = frozenset(
    {"registered", "preliminary", "final", "amended", "corrected", "cancelled", "unknown"}
)


def _settled(
    resource: Mapping[str, Any], person: str, urls: Mapping[str, str], base: str
) -> dict[str, Any]:
    """The resource with references that hold inside the document."""
    settled: dict[str, Any] = {k: _referring(v, urls, base) for k, v in resource.items()}
    settled |= _unsaid(settled)
    named = [leaf for leaf in _SUBJECTS if leaf in settled]
    for leaf in named or [_subject_of(str(resource["resourceType"]))]:
        settled[leaf] = {"reference": person}
    return settled


def _unsaid(resource: Mapping[str, Any]) -> dict[str, Any]:
    """That a time which the guide asks for is not known, where the source said none."""
    leaf = _TIMED.get(str(resource["resourceType"]))
    if leaf is None or any(name.lstrip("_").startswith(leaf) for name in resource):
        return {}
    return {f"_{leaf}DateTime": UNKNOWN}


def _subject_of(kind: str) -> str:
    return "patient" if kind in {"AllergyIntolerance", "Immunization", "Consent"} else "subject"


def _referring(value: Any, urls: Mapping[str, str], base: str) -> Any:
    if isinstance(value, list):
        return [_referring(each, urls, base) for each in value]
    if not isinstance(value, dict):
        return value
    found = {k: _referring(v, urls, base) for k, v in value.items()}
    said = found.get("reference")
    if isinstance(said, str):
        if said in urls:
            found["reference"] = urls[said]
        elif _RELATIVE.fullmatch(said):
            found["reference"] = f"{base}/{said}"
    return found
