"""What the intake answers: OperationOutcomes with a cure, and responses to Bundles."""

from collections.abc import Sequence
from typing import Any

import orjson
from django.http import HttpResponse

from onesystem.feeds.fhir.bundles import items
from onesystem.feeds.fhir.frame import Resource

JSON = "application/fhir+json; charset=utf-8"


def outcome(
    status: int, what: str, cure: str = "", *, code: str = "invalid", where: str = "",
    severity: str = "error",
) -> HttpResponse:  # fmt: skip
    """An OperationOutcome: `diagnostics` says what, `details.text` what to do about it."""
    issue: dict[str, Any] = {"severity": severity, "code": code, "diagnostics": what}
    if cure:
        issue["details"] = {"text": cure}
    if where:
        issue["expression"] = [where]
    return answer(status, {"resourceType": "OperationOutcome", "issue": [issue]})


def answer(status: int, body: Resource) -> HttpResponse:
    """A FHIR answer."""
    return HttpResponse(orjson.dumps(body), status=status, content_type=JSON)


def bundle_response(bundle: Resource, body: bytes, *, again: bool) -> Resource:
    """The response to a transaction or batch: a place for each entry, in their order."""
    keys = {item.index: item.key for item in items(bundle, body)}
    entries = [
        {"response": _response(entry, keys.get(i, ""), again=again)}
        for i, entry in enumerate(bundle.get("entry") or [])
    ]
    kind = f"{bundle.get('type', 'batch')}-response"
    made: Resource = {"resourceType": "Bundle", "type": kind}
    if entries:
        made["entry"] = entries
    return made


def _response(entry: Resource, key: str, *, again: bool) -> Resource:
    method = (entry.get("request") or {}).get("method", "POST")
    if method in {"GET", "HEAD"}:
        return {"status": "501 Not Implemented"}
    if method == "DELETE":
        return {"status": "204 No Content"}
    return {"status": "200 OK" if again or method == "PUT" else "201 Created", "location": key}


def lines_response(outcomes: Sequence[Any]) -> Resource:
    """The response to NDJSON: how many lines were read, and the first that were not."""
    refused = [(i, each) for i, each in enumerate(outcomes, start=1) if each.state == "quarantined"]
    issues: list[dict[str, Any]] = [
        {
            "severity": "information",
            "code": "informational",
            "diagnostics": f"{len(outcomes):,} lines are safe; {len(refused):,} were quarantined",
        }
    ]
    issues += [
        {
            "severity": "warning",
            "code": "invalid",
            "diagnostics": f"line {i}: {each.reason}",
            "details": {"text": f"{each.cure} It is kept as message {each.message}."},
        }
        for i, each in refused[:100]
    ]
    return {"resourceType": "OperationOutcome", "issue": issues}
