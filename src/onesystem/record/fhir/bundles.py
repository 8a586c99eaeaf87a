"""Batch and transaction Bundles (http.html#transaction).

A transaction is one plan and one message: all of it or nothing, in the order DELETE, POST, PUT
and PATCH, GET. A batch is as many asks as it has entries, each undone by itself where it fails.
"""

from dataclasses import replace
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import unquote

import orjson
from django.db import transaction

from onesystem.feeds.fhir.bundles import items
from onesystem.record.fhir import planning, writing
from onesystem.record.fhir.asks import JSON, Answer, Ask
from onesystem.record.fhir.case import Answerer, Case
from onesystem.record.fhir.finding import by_name
from onesystem.record.fhir.outcomes import Issue, Refusal
from onesystem.record.fhir.planning import Change, Plan
from onesystem.record.fhir.reading import absent
from onesystem.record.fhir.routing import route
from onesystem.record.fhir.serving import Shown

_MOST = 5000
_ORDER = {"DELETE": 0, "POST": 1, "PUT": 2, "PATCH": 2, "GET": 3, "HEAD": 3}
_REASONS = {200: "OK", 201: "Created", 204: "No Content", 304: "Not Modified", 400: "Bad Request",
            403: "Forbidden", 404: "Not Found", 405: "Method Not Allowed", 409: "Conflict",
            410: "Gone", 412: "Precondition Failed", 415: "Unsupported Media Type",
            422: "Unprocessable Entity"}  # fmt: skip
JSON_PATCH = "application/json-patch+json"
_HEADERS = {"ifNoneMatch": "if-none-match", "ifMatch": "if-match",
            "ifNoneExist": "if-none-exist", "ifModifiedSince": "if-modified-since"}  # fmt: skip


def bundle(case: Case, handle: Answerer) -> Answer:
    """POST to the base; `handle` answers one ask of it."""
    case.act, case.what = "fhir.bundle-sent", "Bundle"
    resource, text = planning.parsed(case, case.ask.body, "")
    if resource["resourceType"] != "Bundle":
        kind = resource["resourceType"]
        raise Refusal(400, f"this is a {kind}, not a Bundle", f"Send it to /{kind}.")
    kind = resource.get("type")
    if kind not in {"batch", "transaction"}:
        raise Refusal(
            400, f"a Bundle of type {kind!r} asks for nothing",
            "Send a batch or a transaction.", where="Bundle.type",
        )  # fmt: skip
    entries = resource.get("entry") or []
    if len(entries) > _MOST:
        raise Refusal(413, f"{len(entries)} entries in one Bundle", f"Send at most {_MOST:,}.")
    bodies = {item.index: item.body for item in items(resource, text)}
    case.detail["entries"] = len(entries)
    asks = _asks(case, entries, bodies, alone=kind == "batch")
    if kind == "transaction":
        made = _transaction(case, entries, asks, handle)  # type: ignore[arg-type]
    else:
        made = _batch(case, asks, handle)
    body = orjson.dumps({"resourceType": "Bundle", "type": f"{kind}-response", "entry": made})
    return Answer(200, body, {"Content-Type": JSON})


def _asks(
    case: Case, entries: list[Any], bodies: dict[int, bytes], *, alone: bool
) -> list[Ask | Refusal]:
    """What each entry asks. In a batch, one that makes no sense is refused `alone`."""
    made: list[Ask | Refusal] = []
    for i, each in enumerate(entries):
        try:
            made.append(_ask(case, i, each, bodies.get(i, b"")))
        except Refusal as refusal:
            if not alone:
                raise
            made.append(refusal)
    return made


def _ask(case: Case, i: int, entry: Any, body: bytes) -> Ask:
    request = entry.get("request")
    if not isinstance(request, dict):
        raise Refusal(
            400, f"entry {i + 1} has no request", "Give it request.method and request.url.",
            where=f"Bundle.entry[{i}].request", code="required",
        )  # fmt: skip
    url = str(request["url"]).removeprefix(f"{case.ask.base}/").lstrip("/")
    path, _, query = url.partition("?")
    headers = {name: str(request[leaf]) for leaf, name in _HEADERS.items() if leaf in request}
    # A Bundle holds resources: what was put into a Binary is never a part of its JSON.
    headers["accept"] = "application/fhir+json"
    if prefer := case.ask.header("prefer"):
        headers["prefer"] = prefer
    if sent := case.ask.header("x-request-id"):
        headers["x-request-id"] = f"{sent}#{i}"
    if request["method"] == "PATCH":
        body, headers["content-type"] = _patch(entry, i, body)
    return Ask(method=request["method"], path=path, query=query, headers=headers, body=body,
               base=case.ask.base, user=case.ask.user)  # fmt: skip


def _patch(entry: Any, i: int, body: bytes) -> tuple[bytes, str]:
    """A FHIRPath Patch is a resource; a JSON Patch travels in a Binary (http.html#patch)."""
    import base64
    import binascii

    held = entry.get("resource") or {}
    if held.get("resourceType") == "Parameters":
        return body or orjson.dumps(held), JSON
    if held.get("resourceType") == "Binary" and "json-patch" in str(held.get("contentType")):
        try:
            return base64.b64decode(held.get("data", ""), validate=True), JSON_PATCH
        except binascii.Error:
            pass
    raise Refusal(
        400, f"entry {i + 1} holds no patch that is read here",
        "Send Parameters, or a Binary of application/json-patch+json.",
        where=f"Bundle.entry[{i}].resource",
    )  # fmt: skip


def _batch(case: Case, asks: list[Ask | Refusal], handle: Answerer) -> list[dict[str, Any]]:
    made = []
    for ask in asks:
        if isinstance(ask, Refusal):
            made.append(_response(ask.answer()))
            continue
        inner, before = case.beside(ask), len(case.landed)
        try:
            asked = route(ask)
            if asked.name == "bundle":
                raise Refusal(400, "a Bundle holds no Bundle", "Send it by itself.")  # noqa: TRY301 - answered below, as any other
            with transaction.atomic():
                found = handle(inner, asked)
        except Refusal as refusal:
            found = refusal.answer()
            writing.set_aside(case.landed[before:])
        case.touches(inner.identities)
        made.append(_response(found, ask))
    return made


def _response(found: Answer, ask: Ask | None = None) -> dict[str, Any]:
    response: dict[str, Any] = {
        "status": f"{found.status} {_REASONS.get(found.status, '')}".strip()
    }
    if "Location" in found.headers:
        response["location"] = found.headers["Location"]
    if "ETag" in found.headers:
        response["etag"] = found.headers["ETag"]
    if "Last-Modified" in found.headers:
        at = parsedate_to_datetime(found.headers["Last-Modified"])
        response["lastModified"] = at.isoformat()
    body = orjson.Fragment(found.body) if found.body else None
    if ask is not None and ask.method == "HEAD":
        body = None
    if body is not None and (found.status >= 400 or _told(found, ask)):
        response["outcome"] = body
        return {"response": response}
    return {"resource": body, "response": response} if body is not None else {"response": response}


def _told(found: Answer, ask: Ask | None) -> bool:
    """Whether what came back is how a write went, and no resource that was asked for."""
    wrote = ask is not None and ask.method not in {"GET", "HEAD"} and "$" not in ask.path
    return wrote and found.body.startswith(b'{"resourceType":"OperationOutcome"')


def _transaction(
    case: Case, entries: list[Any], asks: list[Ask], handle: Answerer
) -> list[dict[str, Any]]:
    writing.lock()
    order = sorted(range(len(asks)), key=lambda i: _ORDER.get(asks[i].method, 0))
    plan, changes = Plan(whole=True), dict[int, Change | None]()
    conditions: _Conditions = {}
    _named_once(entries)
    for i in order:
        if asks[i].method in {"GET", "HEAD"}:
            continue
        full_url = str(entries[i].get("fullUrl", ""))
        with _at(i):
            alike = _alike(asks[i], conditions, i)
            change = replace(alike, index=i, same=True) if alike else _planned(case, asks[i])
        changes[i] = change
        if alike:
            plan.links[full_url] = (alike.owner, alike.key)
        elif change is not None:
            change.full_url, change.index = full_url, i
            plan.changes.append(change)
            case.ending.update({change.entry} if change.act == "delete" else ())
            if condition := _condition(asks[i]):
                conditions[condition] = change
    _once(plan)
    if any(change.again for change in plan.changes):
        # The whole of it was done when it was sent first, and may have been changed since.
        for change in plan.changes:
            change.same = change.same or change.was is not None
    done = dict(zip((c.index for c in plan.changes), writing.carry_out(case, plan), strict=True))
    for i in changes.keys() - done.keys():
        condition = _condition(asks[i])
        if condition in conditions:
            done[i] = done[conditions[condition].index]
    return [_done(case, i, asks[i], changes.get(i), done.get(i), handle) for i in range(len(asks))]


def _named_once(entries: list[Any]) -> None:
    """Raises Refusal where two entries have one address (bdl-7): which would a reference mean?"""
    seen: dict[str, int] = {}
    for i, each in enumerate(entries):
        name = str(each.get("fullUrl", ""))
        if name and name in seen:
            raise Refusal(
                400, f"entries {seen[name] + 1} and {i + 1} have the same fullUrl",
                "Give each entry an address of its own.", where=f"Bundle.entry[{i}].fullUrl",
            )  # fmt: skip
        seen[name] = i


_Conditions = dict[tuple[str, str], Change]


def _condition(ask: Ask) -> tuple[str, str] | None:
    """The condition on which an entry creates; None where there is none."""
    if ask.method == "POST" and (said := ask.header("if-none-exist")):
        return ask.path, said.partition("?")[2] or said
    return (ask.path, ask.query) if ask.method == "PUT" and ask.query else None


def _alike(ask: Ask, conditions: _Conditions, index: int) -> Change | None:
    """What another entry does on the same condition: a create is done once, for both.

    Raises Refusal for two updates: both would be of one resource.
    """
    condition = _condition(ask)
    found = conditions.get(condition) if condition else None
    if found is not None and ask.method == "PUT":
        raise Refusal(
            400, f"entries {found.index + 1} and {index + 1} are on the same condition",
            "Change each resource once in a transaction.",
        )  # fmt: skip
    return found


class _at:  # noqa: N801 - reads as a word: with _at(entry)
    """Says in a refusal which entry it is about."""

    def __init__(self, index: int) -> None:
        self.index = index

    def __enter__(self) -> None:
        """Nothing to do."""

    def __exit__(self, _kind: object, error: object, _trace: object) -> None:
        if isinstance(error, Refusal):
            place = f"Bundle.entry[{self.index}]"
            error.issues = [
                Issue(what=f"entry {self.index + 1}: {each.what}", cure=each.cure, code=each.code,
                      where=f"{place}.resource.{each.where}" if each.where else place)
                for each in error.issues
            ]  # fmt: skip


def _planned(case: Case, ask: Ask) -> Change | None:  # noqa: PLR0911 - a table
    """What one entry of a transaction will do."""
    asked = route(ask)
    inner = case.beside(ask)
    if asked.name == "create":
        return writing.plan_create(inner, asked.kind, ask.body, ask.header("if-none-exist"))
    if asked.name in {"update", "conditional-update"}:
        resource, text = planning.parsed(inner, ask.body, asked.kind)
        if asked.name == "update":
            return writing.plan_update(
                inner, asked.kind, asked.logical, resource, text, ask.headers
            )
        return writing.plan_conditional_update(
            inner, asked.kind, ask.query, resource, text, ask.headers
        )
    if asked.name == "delete":
        found = by_name(asked.kind, asked.logical, case.scope)
        writing.if_match(ask.header("if-match"), found)
        return planning.delete(inner, asked.kind, found, asked.logical)
    if asked.name == "conditional-delete":
        case.require(asked.kind, "s")
        found = writing.matching(inner, asked.kind, unquote(ask.query), what="the condition")
        return planning.delete(inner, asked.kind, found, found.logical if found else "")
    if asked.name == "patch":
        found = by_name(asked.kind, asked.logical, case.scope)
        if found is None or found.gone:
            raise absent(asked.kind, asked.logical)
        return writing.plan_patch(inner, found, ask.body, ask.headers)
    if asked.name == "conditional-patch":
        return writing.plan_conditional_patch(inner, asked.kind)
    raise Refusal(
        400, f"{ask.method} {ask.path} is not possible in a transaction", "Send it by itself.",
        code="not-supported",
    )  # fmt: skip


def _once(plan: Plan) -> None:
    """Raises Refusal where two entries change the same resource."""
    seen: dict[tuple[str, str], int] = {}
    for change in plan.changes:
        name = (change.kind, change.logical)
        if name in seen and not change.same:
            raise Refusal(
                400,
                f"entries {seen[name] + 1} and {change.index + 1} both change "
                f"{change.kind}/{change.logical}",
                "Change each resource once in a transaction.",
                where=f"Bundle.entry[{change.index}]",
            )
        seen[name] = change.index


def _done(
    case: Case, i: int, ask: Ask, change: Change | None, found: Shown | None, handle: Answerer
) -> dict[str, Any]:
    if ask.method in {"GET", "HEAD"}:
        inner = case.beside(ask)
        try:
            with _at(i):
                made = _response(handle(inner, route(ask)), ask)
        except Refusal as refusal:
            # What is not there fails alone: everything else was asked for and done.
            made = _response(refusal.answer())
        case.touches(inner.identities)
        return made
    if change is None or found is None:
        return {"response": {"status": "204 No Content"}}
    if found.gone:
        return {"response": {"status": "204 No Content", "etag": found.etag}}
    return _response(writing.said(case.beside(ask), change, found), ask)
