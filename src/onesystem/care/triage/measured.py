"""What a crew measured and scored, as observations of the record. Pure.

NEWS2's total has a code of SNOMED CT (1104051000000101, the Royal College of Physicians' NEWS 2
total score); another table's total goes by the table's own title. A table that gave no total,
because something was missing, tells the record what was measured, and no score.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

import orjson

from onesystem.vocabulary import Code, Entry
from onesystem.vocabulary.said import say

if TYPE_CHECKING:
    from onesystem.care.triage.deciding import Scored

_UCUM = "http://unitsofmeasure.org"
_UNITS = {"/min": "/min", "%": "%", "mmHg": "mm[Hg]", "°C": "Cel"}
_TOTALS: Mapping[str, Code] = {
    "news2": Code(
        "http://snomed.info/sct",
        "1104051000000101",
        say("Royal College of Physicians NEWS (National Early Warning Score) 2 total score"),
    ),
}


def entries_of(scored: "Scored", act: str, at: datetime) -> Iterator[Entry]:
    """The observations of a table that was filled in."""
    for each in scored.table.inputs:
        value = scored.given.get(each.name)
        if each.code and isinstance(value, int | float) and not isinstance(value, bool):
            system, _, code = each.code.partition("|")
            yield _entry(
                f"crew:{act}:{scored.table.key}:{each.name}", Code(system, code, each.words),
                value, each.unit, at,
            )  # fmt: skip
    if scored.result.total is not None:
        total = _TOTALS.get(scored.table.key, Code("", "", scored.table.title))
        yield _entry(f"crew:{act}:{scored.table.key}", total, scored.result.total, "", at)


def _entry(key: str, code: Code, value: float, unit: str, at: datetime) -> Entry:
    told: dict[str, Any] = {"text": code.display}
    if code.code:
        told["coding"] = [{"system": code.system, "code": code.code, "display": code.display}]
    ucum = _UNITS.get(unit, unit) or "{score}"
    body = {
        "resourceType": "Observation", "status": "final", "code": told,
        "category": [{"coding": [{
            "system": "http://terminology.hl7.org/CodeSystem/observation-category",
            "code": "vital-signs" if unit else "survey",
        }]}],
        "subject": {"type": "Patient"},
        "effectiveDateTime": at.isoformat(timespec="seconds"),
        "valueQuantity": {"value": value, "unit": unit or "score", "system": _UCUM, "code": ucum},
    }  # fmt: skip
    return Entry(
        kind="Observation", key=key, subject="", at=at, recorded=at, code=code, status="final",
        value=f"{value:g}", unit=unit, body=orjson.dumps(body),
    )  # fmt: skip
