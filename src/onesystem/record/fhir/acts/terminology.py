"""$expand, $validate-code, $lookup and $subsumes over the lists that are known here.

Known are the lists that the district loaded (`onesystem codes load`), and ValueSet and CodeSystem
resources of the record that the caller may see. No terminology is shipped.
"""

import uuid
from collections.abc import Sequence
from typing import Any

import orjson

from onesystem.district import now
from onesystem.record.codes import composing, knowing
from onesystem.record.codes.composing import CannotCompose, Code
from onesystem.record.fhir import operations
from onesystem.record.fhir.acts.inputs import Given, given, one
from onesystem.record.fhir.acts.lists import Lists
from onesystem.record.fhir.asks import JSON, Answer
from onesystem.record.fhir.case import Case
from onesystem.record.fhir.finding import by_name
from onesystem.record.fhir.outcomes import Refusal
from onesystem.record.fhir.reading import absent
from onesystem.record.fhir.routing import Route

_MOST = 10_000  # codes of one answer
# Of what shape an expansion is; the one that is given has these already.
_FORM = ("includeDesignations", "includeDefinition", "activeOnly", "excludeNested",
         "excludeNotForUI", "excludePostCoordinated", "displayLanguage", "date",
         "context")  # fmt: skip
_LOAD = "Load it: onesystem codes load FILE; or create it as a resource."
Resource = dict[str, Any]


def expand(case: Case, asked: Route) -> Answer:
    """ValueSet/$expand, ValueSet/id/$expand: the codes of a list."""
    case.require("ValueSet", "r")
    said = given(case, ("url", "valueSet", "valueSetVersion", "filter", "offset", "count", *_FORM))
    head, codes = _list(case, asked, said)
    words = one(said, "filter").lower()
    found = [c for c in codes if words in c.display.lower() or words in c.code.lower()]
    offset = _number(said, "offset", 0)
    count = min(_number(said, "count", _MOST), _MOST)
    if "count" not in said and len(found) > _MOST:
        raise Refusal(422, f"the list has {len(found):,} codes", "Ask for parts: count and offset.",
                      code="too-costly")  # fmt: skip
    made: Resource = {k: v for k, v in head.items() if k not in {"compose", "expansion"}}
    made["expansion"] = {
        "identifier": f"urn:uuid:{uuid.uuid4()}",
        "timestamp": now().isoformat(timespec="seconds"),
        "total": len(found),
        "offset": offset,
    }
    if page := [_contained(each) for each in found[offset : offset + count]]:
        made["expansion"]["contains"] = page
    return Answer(200, orjson.dumps(made), {"Content-Type": JSON})


def validate_code(case: Case, asked: Route) -> Answer:
    """ValueSet or CodeSystem $validate-code: whether a code is in a list, and its word."""
    case.require(asked.kind, "r")
    said = given(case, ("url", "valueSet", "valueSetVersion", "codeSystem", "code", "system",
                        "systemVersion", "version", "display", "coding", "codeableConcept",
                        *_FORM))  # fmt: skip
    codings = _codings(said)
    if asked.kind == "CodeSystem":
        url = one(said, "url") or next((s for s, _, _ in codings if s), "")
        codes = _system(case, asked, url)
        codings = [(system or url, code, display) for system, code, display in codings]
    else:
        _, codes = _list(case, asked, said)
    by_code = {(each.system, each.code): each for each in codes}
    hits = [
        (found, display)
        for system, code, display in codings
        for found in [by_code.get((system, code)) if system else _bare(codes, code)]
        if found is not None
    ]
    if not hits:
        told = ", ".join(f"{s}|{c}" if s else c for s, c, _ in codings)
        return _parameters(("result", False), ("message", f"{told[:300]} is not in the list"))
    found, display = hits[0]
    if display and found.display and display.strip().lower() != found.display.strip().lower():
        return _parameters(("result", False), ("message", f"the word for it is {found.display!r}"),
                           ("display", found.display))  # fmt: skip
    return _parameters(("result", True), ("display", found.display))


def lookup(case: Case, asked: Route) -> Answer:  # noqa: ARG001 - every operation takes both
    """CodeSystem/$lookup: the word for a code, and what is above it."""
    case.require("CodeSystem", "r")
    said = given(case, ("system", "code", "coding", "version", "date", "property",
                        "displayLanguage"))  # fmt: skip
    system, code, _ = _codings(said)[0]
    if not system:
        raise Refusal(400, "the code has no system", "Say system and code.", where="system")
    codes = _lists(case).system(system)
    found = next((c for c in codes or () if c.code == code), None)
    told = knowing.word(system, code)
    if found is None and told is None:
        raise Refusal(404, f"{system}|{code} is in no list that is known here",
                      "Load its code system: onesystem codes load FILE.")  # fmt: skip
    display, name, version = told or ("", "", "")
    head = knowing.loaded(system, "CodeSystem")
    made: list[tuple[str, Any]] = [
        ("name", (head.name if head else "") or name or system),
        ("version", (head.version if head else "") or version),
        ("display", (found.display if found else "") or display or code),
    ]
    answer = _bundle(made)
    for each in found.above if found else ():
        part = [{"name": "code", "valueCode": "parent"}, {"name": "value", "valueCode": each}]
        answer["parameter"].append({"name": "property", "part": part})
    return Answer(200, orjson.dumps(answer), {"Content-Type": JSON})


def subsumes(case: Case, asked: Route) -> Answer:  # noqa: ARG001
    """CodeSystem/$subsumes: whether one code is above another."""
    case.require("CodeSystem", "r")
    said = given(case, ("system", "version", "codeA", "codeB", "codingA", "codingB"))
    (system, a), (other, b) = _side(said, "A"), _side(said, "B")
    codes = _lists(case).system(system or other)
    if codes is None:
        raise Refusal(404, f"the code system {system} is not known here",
                      "Load it: onesystem codes load FILE.")  # fmt: skip
    for each in (a, b):
        if each not in {c.code for c in codes}:
            raise Refusal(404, f"{each} is not in {system}", "Check the code.")
    outcome = "not-subsumed"
    if a == b:
        outcome = "equivalent"
    elif a in composing.above(codes, b):
        outcome = "subsumes"
    elif b in composing.above(codes, a):
        outcome = "subsumed-by"
    made = {"resourceType": "Parameters", "parameter": [{"name": "outcome", "valueCode": outcome}]}
    return Answer(200, orjson.dumps(made), {"Content-Type": JSON})


def _side(said: Given, letter: str) -> tuple[str, str]:
    coding = next((c for c in said.get(f"coding{letter}", ()) if isinstance(c, dict)), {})
    code = one(said, f"code{letter}") or str(coding.get("code", ""))
    if not code:
        raise Refusal(400, f"code{letter} is missing", "Name both codes.", where=f"code{letter}")
    return one(said, "system") or str(coding.get("system", "")), code


def _lists(case: Case) -> Lists:
    return Lists(case.scope, case.asker)


def _list(case: Case, asked: Route, said: Given) -> tuple[Resource, Sequence[Code]]:
    """The ValueSet that is meant and its codes. Raises Refusal where it is not known."""
    sent = next((v for v in said.get("valueSet", ()) if isinstance(v, dict)), None)
    lists = _lists(case)
    try:
        if sent is not None:
            return sent, composing.composed(sent, lists.known())
        if asked.logical:
            shown = by_name("ValueSet", asked.logical, case.scope)
            if shown is None or shown.gone:
                raise absent("ValueSet", asked.logical)
            resource = dict(orjson.loads(shown.body))
            return resource, composing.composed(resource, lists.known())
        url = one(said, "url")
        if not url:
            raise Refusal(400, "no list is named", "Name it: url=ADDRESS.", code="required")
        version = one(said, "valueSetVersion")
        found = lists.value_set(f"{url}|{version}" if version else url)
    except CannotCompose as error:
        raise Refusal(422, error.what, error.cure, code="not-supported") from error
    if found is None:
        raise Refusal(404, f"the ValueSet {url} is not known here",
                      _LOAD)  # fmt: skip
    return found


def _system(case: Case, asked: Route, url: str) -> Sequence[Code]:
    if asked.logical:
        shown = by_name("CodeSystem", asked.logical, case.scope)
        if shown is None or shown.gone:
            raise absent("CodeSystem", asked.logical)
        return composing.of_codesystem(orjson.loads(shown.body))
    found = _lists(case).system(url)
    if found is None:
        raise Refusal(404, f"the code system {url or '(none)'} is not known here",
                      _LOAD)  # fmt: skip
    return found


def _codings(said: Given) -> list[tuple[str, str, str]]:
    """System, code and display of each code that is asked about."""
    told = [v for v in said.get("coding", ()) if isinstance(v, dict)]
    for each in said.get("codeableConcept", ()):
        told += each.get("coding", ()) if isinstance(each, dict) else ()
    if code := one(said, "code"):
        told.append({"code": code, "system": one(said, "system"), "display": one(said, "display")})
    found = [(str(c.get("system", "")), str(c["code"]), str(c.get("display", "")))
             for c in told if c.get("code")]  # fmt: skip
    if not found:
        raise Refusal(400, "no code is named", "Say code and system, or coding.", code="required")
    return found


def _bare(codes: Sequence[Code], code: str) -> Code | None:
    return next((each for each in codes if each.code == code), None)


def _contained(each: Code) -> Resource:
    made = {"system": each.system, "code": each.code, "display": each.display}
    return {k: v for k, v in made.items() if v}


def _number(said: Given, name: str, usual: int) -> int:
    text = one(said, name)
    if text and not (text.isascii() and text.isdigit()):
        raise Refusal(400, f"{name}={text[:40]!r} is no whole number", "Write for example 100.",
                      where=name)  # fmt: skip
    return int(text[:9]) if text else usual


def _bundle(pairs: Sequence[tuple[str, Any]]) -> Resource:
    made = [
        {"name": name, "valueBoolean" if isinstance(value, bool) else "valueString": value}
        for name, value in pairs
        if value != ""
    ]
    return {"resourceType": "Parameters", "parameter": made}


def _parameters(*pairs: tuple[str, Any]) -> Answer:
    return Answer(200, orjson.dumps(_bundle(pairs)), {"Content-Type": JSON})


def connect() -> None:
    """Make them known. Safe to call again."""
    base = "http://hl7.org/fhir/OperationDefinition/"
    operations.register(operations.Operation(
        "expand", expand, kinds=("ValueSet",), type=True, instance=True, reads=True,
        definition=f"{base}ValueSet-expand",
    ))  # fmt: skip
    operations.register(operations.Operation(
        "validate-code", validate_code, kinds=("ValueSet", "CodeSystem"), type=True, instance=True,
        reads=True, definition=f"{base}ValueSet-validate-code",
        definitions={"CodeSystem": f"{base}CodeSystem-validate-code"},
    ))  # fmt: skip
    operations.register(operations.Operation(
        "lookup", lookup, kinds=("CodeSystem",), type=True, reads=True,
        definition=f"{base}CodeSystem-lookup",
    ))  # fmt: skip
    operations.register(operations.Operation(
        "subsumes", subsumes, kinds=("CodeSystem",), type=True, reads=True,
        definition=f"{base}CodeSystem-subsumes",
    ))  # fmt: skip
