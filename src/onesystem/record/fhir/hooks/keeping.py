"""Subscriptions being written: checked, their headers put away, and their hook kept."""

from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qsl

import orjson

from onesystem import district
from onesystem.feeds.fhir.definitions import definitions
from onesystem.record.fhir.asks import Answer
from onesystem.record.fhir.bulk.remembering import remembered
from onesystem.record.fhir.case import Case
from onesystem.record.fhir.hooks.models import Hook, HookNotice
from onesystem.record.fhir.hooks.sending import NotSent, taken_apart
from onesystem.record.fhir.outcomes import Refusal
from onesystem.record.fhir.planning import parsed
from onesystem.record.fhir.routing import Route
from onesystem.record.fhir.searching.params import read
from onesystem.vocabulary.kept import to_micros

KIND = "Subscription"
PAYLOADS = {"", "application/fhir+json", "application/json"}
WRITES = {"create", "update", "conditional-update", "patch", "conditional-patch", "delete",
          "conditional-delete"}  # fmt: skip
_MOST = 200  # hooks of the whole district


def write(case: Case, asked: Route, through: Callable[[Case, Route], Answer]) -> Answer:
    """Write a Subscription. Raises Refusal."""
    if "patch" in asked.name:
        raise Refusal(405, "a Subscription is not patched", "Send it whole, with PUT.",
                      headers={"Allow": "GET, PUT, DELETE"})  # fmt: skip
    if "delete" in asked.name:
        made = through(case, asked)
        name = case.what.partition("/")[2] or asked.logical
        _forget(asked.logical or name.partition("/")[0])
        return made
    resource, _ = parsed(case, case.ask.body, KIND)
    kind, _ = checked(case, resource)
    case.require(kind, "s")
    headers = resource["channel"].pop("header", [])
    case.ask.body = orjson.dumps(resource)
    made = through(case, asked)
    if made.status in {200, 201}:
        logical = made.headers["Location"].split("/_history/")[0].rpartition("/")[2]
        _keep(case, logical, resource, headers)
    return made


def checked(case: Case, resource: dict[str, Any]) -> tuple[str, list[tuple[str, str]]]:
    """The type and the parameters that it watches. Raises Refusal (422)."""
    if resource.get("status") not in {"requested", "off"}:
        raise _bad("status", "only the server makes a subscription active", "Send 'requested'.")
    channel = resource.get("channel") or {}
    if channel.get("type") != "rest-hook":
        raise _bad("channel.type", "only REST hooks are told", "Use rest-hook.")
    if channel.get("payload", "") not in PAYLOADS:
        raise _bad("channel.payload", "no payload is sent in that form",
                   "Leave it out, or use application/fhir+json.")  # fmt: skip
    if any(":" not in line or "\n" in line or "\r" in line for line in channel.get("header", ())):
        raise _bad("channel.header", "a header is no header", "Write NAME: VALUE.")
    try:
        taken_apart(str(channel.get("endpoint", "")))
    except NotSent as error:
        raise _bad("channel.endpoint", str(error), "Use an https address, or ask the district "
                   "to name the host in ONESYSTEM_FHIR_HOOKS.") from error  # fmt: skip
    if Hook.objects.exclude(state="off").count() >= _MOST:
        raise Refusal(429, "there are too many subscriptions", "Delete one first.",
                      code="throttled", headers={"Retry-After": "3600"})  # fmt: skip
    return condition_of(str(resource.get("criteria", "")), base=case.ask.base)


def condition_of(criteria: str, *, base: str = "") -> tuple[str, list[tuple[str, str]]]:
    """The type and the parameters of a criteria. Raises Refusal."""
    kind, _, query = criteria.removeprefix(base + "/").partition("?")
    if kind not in definitions().resources:
        raise _bad("criteria", f"there is no type {kind[:60]!r}", "Write Observation?code=...")
    params = parse_qsl(query, keep_blank_values=True)
    made = read(kind, params)
    if made.includes or made.sort or made.elements or made.summary:
        raise _bad("criteria", "it says more than which resources", "Leave out the rest.")
    return kind, params


def _bad(leaf: str, what: str, cure: str) -> Refusal:
    return Refusal(422, what, cure, where=f"{KIND}.{leaf}", code="processing")


def _keep(case: Case, logical: str, resource: dict[str, Any], headers: list[str]) -> None:
    channel, was = resource["channel"], Hook.objects.filter(logical=logical).first()
    endpoint = channel["endpoint"]
    if not headers and was is not None and was.endpoint == endpoint:
        headers = orjson.loads(was.headers)  # a client that sends back what it read keeps them
    Hook.objects.update_or_create(
        logical=logical,
        defaults={
            "source": case.caller.source,
            "asker": remembered(case.asker),
            "headers": orjson.dumps(headers).decode(),
            "endpoint": endpoint,
            "payload": channel.get("payload", ""),
            "criteria": resource["criteria"].removeprefix(case.ask.base + "/"),
            "state": resource["status"],
            "seen": to_micros(district.now()),
            "failures": 0,
            "due": 0,
        },
    )


def _forget(logical: str) -> None:
    for hook in Hook.objects.filter(logical=logical):
        HookNotice.objects.filter(hook=hook.pk).delete()
        hook.delete()
