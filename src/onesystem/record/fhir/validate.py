"""$validate (resource-operation-validate.html): whether a resource is R4, without keeping it.

`mode` asks whether it could be created, updated or deleted; `profile` names what it is held
against: the definitions of R4, and no others.
"""

from collections.abc import Sequence
from itertools import islice
from typing import Any

import orjson

from onesystem.feeds.fhir.definitions import definitions
from onesystem.feeds.fhir.problems import problems
from onesystem.feeds.fhir.validation import check, entries, inside
from onesystem.record.fhir import operations
from onesystem.record.fhir.acts.inputs import Given, one
from onesystem.record.fhir.acts.inputs import given as given_to
from onesystem.record.fhir.asks import Answer
from onesystem.record.fhir.case import Case
from onesystem.record.fhir.finding import by_name
from onesystem.record.fhir.outcomes import Issue, Refusal, fine, outcome
from onesystem.record.fhir.planning import parsed
from onesystem.record.fhir.reading import absent
from onesystem.record.fhir.routing import Route
from onesystem.vocabulary import BadInput

_BASE = "http://hl7.org/fhir/StructureDefinition/"
_KNOWN = ("resource", "mode", "profile")
_MODES = {"create": "c", "update": "u", "delete": "d", "profile": ""}
_MOST = 100  # issues
Resource = dict[str, Any]


def validate(case: Case, asked: Route) -> Answer:
    """GET or POST Type/$validate, Type/id/$validate."""
    sent, said = _sent(case)
    mode = one(said, "mode")
    if mode and mode not in _MODES:
        raise Refusal(400, f"there is no mode {mode[:40]!r}",
                      f"Use {', '.join(_MODES)}.", where="mode")  # fmt: skip
    if mode == "delete":
        return _may_go(case, asked)
    resource = _standing(case, asked) if sent is None else sent
    kind = str(resource.get("resourceType"))
    if asked.kind and kind != asked.kind:
        raise Refusal(400, f"this is a {kind}, and the address says {asked.kind}",
                      "Send it to the address of its own type.")  # fmt: skip
    issues = [*_issues(resource), *_against(said, kind), *_as_asked(case, asked, resource, mode)]
    if all(each.severity == "warning" for each in issues):
        issues.append(fine(f"this {kind} is FHIR R4"))
    return outcome(200, issues)


def _sent(case: Case) -> tuple[Resource | None, Given]:
    """The resource that came, as it is or in Parameters, and what else was said."""
    if not case.ask.body.strip():
        return None, given_to(case, _KNOWN)
    try:
        body, _ = parsed(case, case.ask.body)
    except Refusal as refusal:
        if refusal.status == 415:
            raise
        body = _unchecked(case.ask.body, refusal)
    if body.get("resourceType") != "Parameters":
        return body, given_to(case, _KNOWN, posted=False)
    said = given_to(case, _KNOWN)
    held = [each for each in said.get("resource", ()) if isinstance(each, dict)]
    if len(held) > 1:
        raise Refusal(400, "the Parameters hold several resources", "Send one at a time.")
    if not held and "mode" not in said and "profile" not in said:
        raise Refusal(400, "the Parameters hold no resource", "Name it 'resource'.")
    return (held[0] if held else None), said


def _unchecked(body: bytes, refusal: Refusal) -> Resource:
    """What is JSON and not R4 is an answer to the question, and no bad question."""
    try:
        resource = orjson.loads(body)
    except orjson.JSONDecodeError:
        raise refusal from None
    if not isinstance(resource, dict):
        raise refusal
    return resource


def _standing(case: Case, asked: Route) -> Resource:
    """The resource that the address names."""
    if not asked.logical:
        raise Refusal(400, "there is nothing to validate", "Send a resource.", code="required")
    case.require(asked.kind, "r")
    found = by_name(asked.kind, asked.logical, case.scope)
    if found is None or found.gone:
        raise absent(asked.kind, asked.logical)
    case.touches([found.identity])
    return dict(orjson.loads(found.body))


def _may_go(case: Case, asked: Route) -> Answer:
    """Whether what the address names is here to be deleted, and may be."""
    if not asked.logical:
        raise Refusal(400, "mode=delete is asked of one resource",
                      f"Ask {asked.kind}/[id]/$validate.", where="mode")  # fmt: skip
    _standing(case, asked)
    if not case.caller.allows(asked.kind, "d"):
        return outcome(200, [Issue(what=f"the token does not allow to delete {asked.kind}",
                                   code="forbidden")])  # fmt: skip
    return outcome(200, [fine(f"{asked.kind}/{asked.logical} can be deleted")])


def _issues(resource: Resource) -> list[Issue]:
    """All that is wrong with it by R4."""
    try:
        check(resource)
        for place, each in entries(resource) if resource["resourceType"] == "Bundle" else ():
            check(each, f"Bundle.{place}")
    except BadInput as error:
        kind = resource.get("resourceType")
        if isinstance(kind, str) and kind in definitions().resources:
            found = list(islice(_every(resource, kind), _MOST))
            if found:
                return found
        return [Issue(what=error.what, cure=error.cure, where=error.where, code="structure")]
    return []


def _every(resource: Resource, where: str) -> "Any":
    kind = resource["resourceType"]
    for each in problems(resource, kind, where):
        code = "required" if each.rule == "fhir.missing" else "structure"
        code = "code-invalid" if each.rule == "fhir.bad-code" else code
        yield Issue(what=each.what, cure=each.cure, where=each.where, code=code)
    try:
        nested = [*inside(resource), *(entries(resource) if kind == "Bundle" else ())]
    except (AttributeError, TypeError, KeyError):  # not shaped so; which is told above
        return
    for place, held in nested:
        if isinstance(held, dict) and held.get("resourceType") in definitions().resources:
            yield from _every(held, f"{where}.{place}")


def _against(said: Given, kind: str) -> list[Issue]:
    """What can be said of a profile: those of R4 itself are held, no others are loaded."""
    profile = one(said, "profile").partition("|")[0]
    if not profile or profile == _BASE + kind:
        return []
    if profile.startswith(_BASE) and profile.removeprefix(_BASE) in definitions().resources:
        return [Issue(what=f"this is a {kind}, and the profile is of another type",
                      cure=f"Name {_BASE}{kind}.", where="profile")]  # fmt: skip
    return [Issue(what=f"the profile {profile[:200]} is not known here, and was not held against",
                  cure="Profiles are not loaded here: what was checked is R4 itself.",
                  where="profile", code="not-supported", severity="warning")]  # fmt: skip


def _as_asked(case: Case, asked: Route, resource: Resource, mode: str) -> Sequence[Issue]:
    """Whether it could be created or updated where it was sent."""
    kind = asked.kind
    if mode in {"create", "update"} and not case.caller.allows(kind, _MODES[mode]):
        return [Issue(what=f"the token does not allow to {mode} {kind}", code="forbidden")]
    if asked.logical and mode == "update" and resource.get("id") != asked.logical:
        return [Issue(what=f"the id is {resource.get('id')!r}, and the address says "
                      f"{asked.logical!r}", cure="Write the same id into both.",
                      where=f"{kind}.id")]  # fmt: skip
    return []


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
