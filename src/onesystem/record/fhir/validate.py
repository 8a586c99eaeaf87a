"""$validate (resource-operation-validate.html): whether a resource is R4, without keeping it."""

from typing import Any

import orjson

from onesystem.feeds.fhir.validation import check
from onesystem.record.fhir import operations
from onesystem.record.fhir.asks import Answer
from onesystem.record.fhir.case import Case
from onesystem.record.fhir.finding import by_name
from onesystem.record.fhir.outcomes import Issue, Refusal, fine, outcome
from onesystem.record.fhir.planning import parsed
from onesystem.record.fhir.reading import absent
from onesystem.record.fhir.routing import Route
from onesystem.vocabulary import BadInput


def validate(case: Case, asked: Route) -> Answer:
    """GET or POST Type/$validate, Type/id/$validate."""
    resource = _meant(case, asked)
    kind = resource.get("resourceType")
    if asked.kind and kind != asked.kind:
        raise Refusal(400, f"this is a {kind}, and the address says {asked.kind}",
                      "Send it to the address of its own type.")  # fmt: skip
    try:
        check(resource)
    except BadInput as error:
        return outcome(
            200, [Issue(what=error.what, cure=error.cure, where=error.where, code="structure")]
        )
    return outcome(200, [fine(f"this {kind} is FHIR R4")])


def _meant(case: Case, asked: Route) -> dict[str, Any]:
    if case.ask.body.strip():
        try:
            resource, _ = parsed(case, case.ask.body)
        except Refusal as refusal:
            if refusal.status == 415:
                raise
            return _unchecked(case.ask.body, refusal)
        if resource["resourceType"] != "Parameters":
            return resource
        for each in resource.get("parameter") or ():
            if each.get("name") == "resource" and "resource" in each:
                return dict(each["resource"])
        raise Refusal(400, "the Parameters hold no resource", "Name it 'resource'.")
    if asked.logical:
        case.require(asked.kind, "r")
        found = by_name(asked.kind, asked.logical, case.scope)
        if found is None or found.gone:
            raise absent(asked.kind, asked.logical)
        case.touches([found.identity])
        return dict(orjson.loads(found.body))
    raise Refusal(400, "there is nothing to validate", "Send a resource.", code="required")


def _unchecked(body: bytes, refusal: Refusal) -> dict[str, Any]:
    """What is JSON and not R4 is an answer to the question, and no bad question."""
    try:
        resource = orjson.loads(body)
    except orjson.JSONDecodeError:
        raise refusal from None
    if not isinstance(resource, dict):
        raise refusal
    if resource.get("resourceType") == "Parameters":
        inner = [p.get("resource") for p in resource.get("parameter") or () if isinstance(p, dict)]
        return next((r for r in inner if isinstance(r, dict)), resource)
    return resource


def connect() -> None:
    """Make it known. Safe to call again."""
    operations.register(
        operations.Operation(
            "validate",
            validate,
            kinds=("*",),
            type=True,
            instance=True,
            definition="http://hl7.org/fhir/OperationDefinition/Resource-validate",
        )
    )
