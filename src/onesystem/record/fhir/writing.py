"""create, update, patch, delete and their conditional forms (http.html). Writes are messages."""

import json
from collections.abc import Sequence
from typing import Any

from django.db import connection

from onesystem.district import current
from onesystem.feeds.fhir.text import plain
from onesystem.feeds.fhir.xml import to_json
from onesystem.feeds.intake import pipeline_of
from onesystem.feeds.landing import Arrival, Landed, NotLanded
from onesystem.record.fhir import finding, planning
from onesystem.record.fhir.asks import JSON, Answer
from onesystem.record.fhir.case import Case
from onesystem.record.fhir.conditions import if_match, if_none_match, matching, same
from onesystem.record.fhir.envelopes import FORMAT, Envelope, packed
from onesystem.record.fhir.finding import EveryRow
from onesystem.record.fhir.negotiating import GENERAL, wanted
from onesystem.record.fhir.outcomes import Refusal, fine, outcome
from onesystem.record.fhir.patching import MERGE, merged, patched, tidied
from onesystem.record.fhir.path_patching import path_patched
from onesystem.record.fhir.planning import Change, Exact, Plan
from onesystem.record.fhir.reading import absent, heads, only
from onesystem.record.fhir.serving import Shown
from onesystem.vocabulary import BadInput

_PATCHES = {"application/json-patch+json", MERGE, "application/json", "application/fhir+json",
            "application/fhir+xml", ""}  # fmt: skip


def create(case: Case, kind: str) -> Answer:
    """POST Type, with If-None-Exist a conditional create."""
    case.act, case.what = "fhir.created", kind
    only(case, GENERAL, "A condition of a create is sent in the header If-None-Exist.")
    lock()
    change = plan_create(case, kind, case.ask.body, case.ask.header("if-none-exist"))
    return one(case, change)


def plan_create(case: Case, kind: str, body: bytes, condition: str) -> Change:
    """What a create will do."""
    resource, text = planning.parsed(case, body, kind)
    if condition:
        case.require(kind, "s")
        found = matching(case, kind, condition.partition("?")[2] or condition, what="If-None-Exist")
        if found is not None:
            return _standing(found)
    return planning.create(case, kind, resource, text)


def _standing(found: Shown) -> Change:
    owner, key, _ = planning.owners({(found.kind, found.logical)})[found.kind, found.logical]
    return Change(
        act="create", kind=found.kind, logical=found.logical, owner=owner, key=key, was=found,
        same=True,
    )  # fmt: skip


def update(case: Case, kind: str, logical: str) -> Answer:
    """PUT Type/id."""
    case.act, case.what = "fhir.updated", f"{kind}/{logical}"
    only(case, GENERAL)
    lock()
    resource, text = planning.parsed(case, case.ask.body, kind)
    return one(case, plan_update(case, kind, logical, resource, text, case.ask.headers))


def plan_update(
    case: Case, kind: str, logical: str, resource: Any, text: bytes, headers: Any
) -> Change:
    """What an update will do."""
    change = planning.update(case, kind, logical, resource, text)
    if_match(headers.get("if-match", ""), change.was)
    if_none_match(headers.get("if-none-match", ""), change.was)
    if change.was is not None and not change.was.gone and same(change.was.body, text):
        change.same = True
    return change


def conditional_update(case: Case, kind: str) -> Answer:
    """PUT Type?condition."""
    case.act, case.what = "fhir.updated", f"{kind}?"
    lock()
    resource, text = planning.parsed(case, case.ask.body, kind)
    change = plan_conditional_update(case, kind, case.ask.query, resource, text, case.ask.headers)
    return one(case, change)


def plan_conditional_update(
    case: Case, kind: str, query: str, resource: Any, text: bytes, headers: Any
) -> Change:
    """What a conditional update will do: http.html#cond-update."""
    case.require(kind, "s")
    found = matching(case, kind, query, what="the condition")
    said = resource.get("id")
    if found is None:
        if said:
            return plan_update(case, kind, said, resource, text, headers)
        return planning.create(case, kind, resource, text)
    if said and said != found.logical:
        raise Refusal(
            400, f"the id is {said!r}, and {found.name} meets the condition",
            "Leave the id out, or write that one.", where=f"{kind}.id",
        )  # fmt: skip
    return plan_update(case, kind, found.logical, {**resource, "id": found.logical}, text, headers)


def patch(case: Case, kind: str, logical: str) -> Answer:
    """PATCH Type/id with a JSON Patch or a FHIRPath Patch."""
    case.act, case.what = "fhir.patched", f"{kind}/{logical}"
    only(case, GENERAL)
    lock()
    found = finding.by_name(kind, logical, case.scope)
    if found is None or found.gone:
        raise absent(kind, logical)
    return one(case, plan_patch(case, found, case.ask.body, case.ask.headers))


def conditional_patch(case: Case, kind: str) -> Answer:
    """PATCH Type?condition."""
    case.act, case.what = "fhir.patched", f"{kind}?"
    lock()
    return one(case, plan_conditional_patch(case, kind))


def plan_conditional_patch(case: Case, kind: str) -> Change:
    """What a conditional patch will do."""
    case.require(kind, "s")
    found = matching(case, kind, case.ask.query, what="the condition")
    if found is None:
        raise absent(kind, f"?{case.ask.query}")
    return plan_patch(case, found, case.ask.body, case.ask.headers)


def plan_patch(case: Case, found: Shown, body: bytes, headers: Any) -> Change:
    """What a patch will do."""
    case.require(found.kind, "u")
    said = case.ask.header("content-type").partition(";")[0].strip().lower()
    if said not in _PATCHES:
        raise Refusal(415, f"{said} is no patch that is read here",
                      "Send application/json-patch+json, or a Parameters resource as "
                      "application/fhir+json.")  # fmt: skip
    if_match(headers.get("if-match", ""), found)
    operations = _operations(body, xml=said.endswith("xml"))
    by_path = isinstance(operations, dict) and operations.get("resourceType") == "Parameters"
    merges = isinstance(operations, dict) and said in {MERGE, "application/json"}
    apply = path_patched if by_path else merged if merges else patched
    made = tidied(apply(json.loads(found.body, parse_float=Exact), operations))
    if not isinstance(made, dict) or made.get("resourceType") != found.kind:
        raise Refusal(422, "a patch cannot change the type", "Create another resource.")
    if made.get("id") != found.logical:
        raise Refusal(422, "a patch cannot change the id", "Leave /id as it is.", where="/id")
    text = planning.as_json(made)
    resource = json.loads(text)
    planning.checked(resource, found.kind)
    change = planning.update(case, found.kind, found.logical, resource, text)
    change.act, change.same = "patch", same(found.body, text)
    return change


def _operations(body: bytes, *, xml: bool) -> Any:
    """What a patch says to do: JSON, or a FHIRPath Patch in XML. Raises Refusal."""
    try:
        return json.loads(to_json(plain(body)) if xml else body, parse_float=Exact)
    except BadInput as error:
        raise Refusal.of(error, 400) from error
    except (ValueError, RecursionError) as error:
        raise Refusal(
            400, f"the patch is not JSON: {error}", "Send a list of operations."
        ) from error


def delete(case: Case, kind: str, logical: str) -> Answer:
    """DELETE Type/id."""
    case.act, case.what = "fhir.deleted", f"{kind}/{logical}"
    only(case, GENERAL)
    lock()
    found = finding.by_name(kind, logical, case.scope)
    if_match(case.ask.header("if-match"), found)
    return _delete(case, kind, logical, found)


def conditional_delete(case: Case, kind: str) -> Answer:
    """DELETE Type?condition."""
    case.act, case.what = "fhir.deleted", f"{kind}?"
    lock()
    case.require(kind, "s")
    found = matching(case, kind, case.ask.query, what="the condition")
    return _delete(case, kind, found.logical if found else "", found)


def _delete(case: Case, kind: str, logical: str, found: Shown | None) -> Answer:
    change = planning.delete(case, kind, found, logical)
    if change is None:
        return Answer(204, b"", {"ETag": found.etag} if found else {})
    done = carry_out(case, Plan([change]))[0]
    if wanted(case.ask).prefer == "OperationOutcome":
        return outcome(200, [fine(f"{change.kind}/{change.logical} is deleted")])
    return Answer(204, b"", {"ETag": done.etag})


def one(case: Case, change: Change) -> Answer:
    """Carry out one change and say what became of it."""
    if change.same and change.was is not None:
        case.touches([change.was.identity])
        case.detail["same"] = True
        return said(case, change, change.was)
    return said(case, change, carry_out(case, Plan([change]))[0])


def carry_out(case: Case, plan: Plan) -> list[Shown]:
    """Land the writes, take them in, and give what stands. All of it or nothing."""
    planning.settle(case, plan)
    at, ask = planning.clock(), case.ask
    changes = [each for each in plan.changes if not each.same]
    if changes:
        envelope = Envelope(
            at=at, client=case.asker.client, by=case.asker.actor.name, method=ask.method,
            url=f"{ask.path}?{ask.query}" if ask.query else ask.path, sent=ask.body,
            writes=tuple(each.write(at) for each in changes), links=plan.links,
            request=ask.header("x-request-id")[:200],
        )  # fmt: skip
        _take(case, packed(envelope))
    found = finding.by_entries([each.entry for each in changes], EveryRow())
    case.touches(each.identity for each in found.values())
    return [found[c.entry] if not c.same else c.was for c in plan.changes]  # type: ignore[misc]


def _take(case: Case, message: bytes) -> None:
    source = case.caller.source
    pipeline = pipeline_of(current()).refreshed()
    try:
        landed = pipeline.landing.land([Arrival(source=source, data=message, name="rest",
                                                format=FORMAT)])[0]  # fmt: skip
    except NotLanded as error:
        raise Refusal(503, "it could not be made safe", "Send it again later.") from error
    case.landed.append(landed)
    read, _ = pipeline.write_one(landed)
    if read.refusal is not None:
        raise Refusal.of(read.refusal)


def set_aside(landed: Sequence[Landed]) -> None:
    """Keep what was landed and then undone from being done later, in the caller's transaction."""
    if landed:
        pipeline = pipeline_of(current())
        for each in landed:
            pipeline.set_aside(each)


def said(case: Case, change: Change, found: Shown) -> Answer:
    """The answer to a write: the resource, nothing, or an outcome, as is preferred."""
    new = change.again or (found.version == 1 and not change.same)
    status = 201 if new else 200
    made = change.was is None or change.was.gone
    if change.act == "update" and made and not new:
        status = 201  # brought back after it was deleted
    location = f"{case.ask.base}/{found.name}/_history/{found.version}"
    headers = {"Location": location, **heads(found)}
    prefer = wanted(case.ask).prefer
    if prefer == "minimal":
        return Answer(status, b"", headers)
    if prefer == "OperationOutcome":
        return outcome(status, [fine(f"{found.name} is version {found.version}")], headers)
    return Answer(status, found.body, {"Content-Type": JSON, **headers})


def lock() -> None:
    """One write through the API at a time, so that conditions hold until they are acted on.

    On SQLite the transaction holds the one write lock already.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(761002)")
