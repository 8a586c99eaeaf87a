"""A resource put right, or with the person's own statement in it. Pure.

Both lie in the resource itself, as an extension and a tag of its meta, so that whoever may see
the one sees the other: over FHIR, in an export, and in what the person is given.
"""

import json
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from onesystem.record.fhir.planning import Exact, as_json
from onesystem.vocabulary import BadConfig
from onesystem.vocabulary.said import say

CORRECTION = "urn:onesystem:correction"
STATEMENT = "urn:onesystem:statement-of-correction-sought"
_TAGS = {
    CORRECTION: ("corrected", say("Corrected by a records officer")),
    STATEMENT: ("statement", say("Carries the person's own statement")),
}
_CONCEPTS = ("code", "vaccineCode", "medicationCodeableConcept", "type", "category", "description")
_TIMES = ("effectiveDateTime", "effectiveInstant", "performedDateTime", "occurrenceDateTime",
          "onsetDateTime", "start", "whenHandedOver", "whenPrepared", "servicedDate", "sent",
          "authoredOn", "dateTime", "authored", "recordedDate", "dateAsserted", "startDate",
          "date", "created", "issued")  # fmt: skip
_PERIODS = ("effectivePeriod", "performedPeriod", "occurrencePeriod", "onsetPeriod", "period")
_STATES = {
    "Condition": ("http://terminology.hl7.org/CodeSystem/condition-clinical",
                  "http://terminology.hl7.org/CodeSystem/condition-ver-status"),
    "AllergyIntolerance": (
        "http://terminology.hl7.org/CodeSystem/allergyintolerance-clinical",
        "http://terminology.hl7.org/CodeSystem/allergyintolerance-verification"),
}  # fmt: skip
_VERIFIED = {"entered-in-error", "refuted", "unconfirmed", "confirmed"}


def parsed(body: bytes) -> dict[str, Any]:
    """A body with its decimals as they are written, without what the server says itself."""
    resource: dict[str, Any] = json.loads(body, parse_float=Exact)
    meta = resource.get("meta")
    if isinstance(meta, dict):
        for leaf in ("versionId", "lastUpdated", "source"):
            meta.pop(leaf, None)
        if not meta:
            del resource["meta"]
    return resource


def corrected(body: bytes, change: Mapping[str, str], *, day: date, by: str, why: str) -> bytes:
    """The body with those facts, and who put it right. Raises BadConfig."""
    resource = parsed(body)
    if "status" in change:
        _status(resource, change["status"])
    if change.keys() & {"words", "code", "system"}:
        _concept(resource, change)
    if change.keys() & {"value", "unit"}:
        _value(resource, change)
    if "at" in change:
        _at(resource, change["at"])
    _extend(resource, CORRECTION, {"when": day, "by": by, "why": why,
                                   "what": ", ".join(sorted(change))})  # fmt: skip
    return as_json(resource)


def stated(body: bytes, statement: str, *, day: date) -> bytes:
    """The body with the person's own statement."""
    resource = parsed(body)
    _extend(resource, STATEMENT, {"when": day, "statement": statement})
    return as_json(resource)


def unstated(body: bytes) -> bytes:
    """The body without statements."""
    resource = parsed(body)
    kept = [e for e in resource.get("extension", ()) if e.get("url") != STATEMENT]
    resource["extension"] = kept
    if not kept:
        del resource["extension"]
    meta = resource.get("meta", {})
    meta["tag"] = [t for t in meta.get("tag", ()) if t.get("code") != _TAGS[STATEMENT][0]]
    if not meta["tag"]:
        del meta["tag"]
    if not meta:
        resource.pop("meta", None)
    return as_json(resource)


def _extend(resource: dict[str, Any], url: str, parts: Mapping[str, Any]) -> None:
    inner = [
        {"url": name, "valueDate": value.isoformat()}
        if isinstance(value, date)
        else {"url": name, "valueString": value}
        for name, value in parts.items()
        if value
    ]
    resource.setdefault("extension", []).append({"url": url, "extension": inner})
    code, display = _TAGS[url]
    tag = {"system": CORRECTION, "code": code, "display": display}
    tags = resource.setdefault("meta", {}).setdefault("tag", [])
    if tag not in tags:
        tags.append(tag)


def _status(resource: dict[str, Any], status: str) -> None:
    states = _STATES.get(resource["resourceType"])
    if states is None:
        resource["status"] = status
        return
    clinical, verification = states
    if status in _VERIFIED:
        resource["verificationStatus"] = {"coding": [{"system": verification, "code": status}]}
        if status == "entered-in-error":  # con-5, ait-2: then it has no clinical status
            resource.pop("clinicalStatus", None)
    else:
        resource["clinicalStatus"] = {"coding": [{"system": clinical, "code": status}]}


def _concept(resource: dict[str, Any], change: Mapping[str, str]) -> None:
    made: dict[str, Any] = {}
    if code := change.get("code"):
        coding = {"system": change.get("system", ""), "code": code,
                  "display": change.get("words", "")}  # fmt: skip
        made["coding"] = [{k: v for k, v in coding.items() if v}]
    if change.get("words"):
        made["text"] = change["words"]
    if not made:
        raise BadConfig("nothing would be left of what it is", "Write words, or a code.")
    if "medicationReference" in resource:
        del resource["medicationReference"]
        resource["medicationCodeableConcept"] = made
        return
    leaf = next((each for each in _CONCEPTS if each in resource), "code")
    resource[leaf] = [made] if isinstance(resource.get(leaf), list) else made


def _value(resource: dict[str, Any], change: Mapping[str, str]) -> None:
    was = resource.get("valueQuantity") or {}
    if not was and any(name.startswith("value") for name in resource):
        for name in [n for n in resource if n.startswith("value")]:
            del resource[name]
    elif not was and resource.get("component"):
        raise BadConfig("its value has several parts", "Enter it in error, and have it sent again.")
    value, unit = change.get("value", str(was.get("value", ""))), change.get("unit")
    number = _number(value)
    if number is None:
        if was:
            raise BadConfig(
                say("{value} is no number, and the value is one", value=repr(value)),
                "Write a number.",
            )
        resource["valueString"] = value
        return
    made = {**was, "value": number}
    if unit is not None and unit != was.get("unit", ""):
        made = {"value": number} | ({"unit": unit} if unit else {})
    resource["valueQuantity"] = made


def _number(text: str) -> Any:
    try:
        return Exact(text) if Decimal(text).is_finite() and "e" not in text.lower() else None
    except InvalidOperation:
        return None


def _at(resource: dict[str, Any], text: str) -> None:
    try:
        datetime.fromisoformat(text)
    except ValueError as error:
        raise BadConfig(
            say("{text} is no date", text=repr(text)), "Write it as 2026-03-04."
        ) from error
    leaf = next((each for each in _TIMES if isinstance(resource.get(each), str)), None)
    if leaf is not None:
        resource[leaf] = text
        return
    for each in _PERIODS:
        if isinstance(resource.get(each), dict):
            resource[each] = {**resource[each], "start": text}
            return
    raise BadConfig("it says no time that could be put right", "Correct something else of it.")
