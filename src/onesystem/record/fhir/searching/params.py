"""From the parameters of a request to what is asked. What is not understood is named. Pure.

A client that sends `Prefer: handling=lenient` gets its search without what was not understood,
and an OperationOutcome among the results that says so; any other gets a refusal.
"""

from collections.abc import Callable, Sequence
from typing import Any

from onesystem.record.fhir.outcomes import Refusal
from onesystem.record.fhir.searching.asked import (
    Asked,
    Chain,
    Condition,
    Has,
    Include,
    Order,
    Simple,
)
from onesystem.record.fhir.searching.check import check
from onesystem.record.fhir.searching.definitions import (
    UNANSWERED,
    Parameter,
    common,
    kinds,
    known_of,
    parameters_of,
)  # fmt: skip
from onesystem.record.fhir.searching.near import near
from onesystem.record.fhir.searching.splitting import split
from onesystem.record.fhir.searching.terms import meant

MOST = 1000  # resources a page
DEEPEST = 6  # links in a chain
_IGNORED = {"_format", "_pretty"}  # of the answer's form, which the door decides
_REFUSED = {
    "_filter": "Write the conditions as parameters of their own",
    "_contained": "Contained resources are found with the resource that holds them",
    "_containedType": "Contained resources are found with the resource that holds them",
    "_score": "Results are exact matches and carry no score",
}


def read(
    kind: str | None,
    params: Sequence[tuple[str, str]],
    *,
    lenient: bool = False,
    within: tuple[str, str] | None = None,
    allowed: Sequence[str] = (),
) -> Asked:
    """What the parameters ask of a type, or of several where `kind` is None.

    `allowed` are the types of a search without one. Raises Refusal.
    """
    asked = Asked(kinds=_kinds(kind, params, allowed), within=within)
    for name, value in params:
        if name in _IGNORED or (name == "_type" and kind is None):
            if name == "_type":
                asked.understood.append((name, value))
            continue
        try:
            _take(asked, name, value)
        except Refusal as refused:
            if not lenient:
                raise
            issue = refused.issues[0]
            asked.ignored.append(f"{issue.what}. {issue.cure}")
        else:
            asked.understood.append((name, value))
    return asked


def _kinds(
    kind: str | None, params: Sequence[tuple[str, str]], allowed: Sequence[str]
) -> tuple[str, ...]:
    if kind is not None:
        if kind not in kinds():
            raise Refusal(404, f"There is no resource type {kind!r} in R4", near(kind, kinds()))
        return (kind,)
    named = [k for name, value in params if name == "_type" for k in value.split(",") if k]
    for each in named:
        if each not in kinds():
            raise Refusal(400, f"_type names no resource type of R4: {each!r}",
                          near(each, kinds()), where="_type")  # fmt: skip
    if named and allowed:
        return tuple(k for k in dict.fromkeys(named) if k in allowed)
    return tuple(dict.fromkeys(named)) or tuple(allowed) or tuple(sorted(kinds()))


def _take(asked: Asked, name: str, value: str) -> None:
    base, _, modifier = name.partition(":")
    if base in _CONTROLS:
        _CONTROLS[base](asked, value, modifier)
    elif (base, value) == ("_contained", "false"):
        return  # as it is done in any case
    elif base in _REFUSED:
        raise Refusal(400, f"This server does not support {base}", _REFUSED[base],
                      where=name, code="not-supported")  # fmt: skip
    else:
        asked.conditions.append(condition(asked.kinds, name, value, whole=name))


def condition(
    wanted: Sequence[str], name: str, value: str, *, whole: str, deep: int = 0
) -> Condition:
    """One condition on resources of these types. `whole` is the name as it was sent."""
    if deep > DEEPEST:
        raise Refusal(400, f"{whole} has more than {DEEPEST} links", "Ask in several searches",
                      where=whole)  # fmt: skip
    if name.startswith("_has:"):
        return _has(wanted, name, value, whole, deep)
    head, dot, rest = name.partition(".")
    if dot:
        return _chain(wanted, head, rest, value, whole, deep)
    code, _, modifier = name.partition(":")
    by_kind = {kind: _parameter(kind, code, whole, len(wanted) > 1) for kind in wanted}
    if len({p.type for p in by_kind.values()}) > 1:
        raise Refusal(400, f"{code} means different things in the types that are searched",
                      "Search one type at a time", where=whole)  # fmt: skip
    if next(iter(by_kind.values())).type == "token" and (told := meant(modifier, value, whole)):
        modifier, value = told
    made = Simple(by_kind, modifier, tuple(split(value, ",")), whole)
    if not any(made.values):
        raise Refusal(400, f"{whole} has no value", f"Write {whole}=VALUE or leave it out",
                      where=whole)  # fmt: skip
    made = Simple(by_kind, modifier, tuple(v for v in made.values if v), whole)
    check(made)
    return made


def _parameter(kind: str, code: str, whole: str, several: bool) -> Parameter:
    if code in UNANSWERED and code in known_of(kind).parameters:
        raise Refusal(400, f"This server does not support the search parameter {code}",
                      UNANSWERED[code], where=whole, code="not-supported")  # fmt: skip
    found = parameters_of(kind).get(code)
    if found is None and code == "_list":
        return Parameter(code="_list", type="special", url="", says="")
    if found is None:
        names = common() if several else {*parameters_of(kind), "_list", *_CONTROLS}
        raise Refusal(400, f"{kind} has no search parameter {code!r}", near(code, names),
                      where=whole, code="not-supported")  # fmt: skip
    return found


def _reference(kind: str, code: str, whole: str) -> Parameter:
    found = _parameter(kind, code, whole, several=False)
    if found.type != "reference":
        raise Refusal(400, f"{code} of {kind} is a {found.type} and refers to nothing",
                      "Only a reference can be followed", where=whole)  # fmt: skip
    return found


def _chain(wanted: Sequence[str], head: str, rest: str, value: str, whole: str, deep: int) -> Chain:
    code, _, only = head.partition(":")
    by_kind = {kind: _reference(kind, code, whole) for kind in wanted}
    if only and only not in kinds():
        raise Refusal(400, f"There is no resource type {only!r} in R4", near(only, kinds()),
                      where=whole)  # fmt: skip
    possible = {t for p in by_kind.values() for t in _targets(p)}
    if only and possible and only not in possible:
        raise Refusal(400, f"{code} does not refer to {only}", near(only, possible), where=whole)
    targets: dict[str, Condition] = {}
    refused: list[Refusal] = []
    for target in sorted({only} if only else possible):
        try:
            targets[target] = condition([target], rest, value, whole=whole, deep=deep + 1)
        except Refusal as error:
            refused.append(error)
    if not targets:
        raise (
            refused[0]
            if refused
            else Refusal(
                400, f"Say what {code} refers to", f"Write {code}:TYPE.{rest}", where=whole
            )
        )
    return Chain(by_kind, targets, whole)


def _targets(parameter: Parameter) -> tuple[str, ...]:
    if parameter.kind_of_target:
        return (parameter.kind_of_target,)
    if "Resource" in parameter.targets:
        return tuple(sorted(kinds()))
    return tuple(t for t in parameter.targets if t in kinds())


def _has(wanted: Sequence[str], name: str, value: str, whole: str, deep: int) -> Has:
    parts = name.split(":", 3)
    if len(parts) != 4:
        raise Refusal(400, f"{whole} is not complete",
                      "Write _has:TYPE:REFERENCE:PARAMETER=VALUE", where=whole)  # fmt: skip
    _, kind, code, rest = parts
    if kind not in kinds():
        raise Refusal(400, f"There is no resource type {kind!r} in R4", near(kind, kinds()),
                      where=whole)  # fmt: skip
    parameter = _reference(kind, code, whole)
    if not set(_targets(parameter)) & set(wanted):
        raise Refusal(400, f"{code} of {kind} does not refer to {wanted[0]}",
                      near(wanted[0], _targets(parameter)), where=whole)  # fmt: skip
    return Has(kind, parameter, condition([kind], rest, value, whole=whole, deep=deep + 1), whole)


def _count(asked: Asked, value: str, _modifier: str) -> None:
    if not (value.isascii() and value.isdigit()):
        raise Refusal(400, f"_count is not a whole number: {value!r}",
                      f"Write a number from 0 to {MOST}", where="_count")  # fmt: skip
    asked.count = min(int(value[:9]), MOST)


def _one_of(field: str, known: tuple[str, ...]) -> Callable[[Asked, str, str], None]:
    def take(asked: Asked, value: str, _modifier: str) -> None:
        if value not in known:
            raise Refusal(400, f"_{field} has no value {value!r}", near(value, known),
                          where=f"_{field}")  # fmt: skip
        setattr(asked, field, value)

    return take


def _elements(asked: Asked, value: str, _modifier: str) -> None:
    asked.elements += tuple(e.strip() for e in value.split(",") if e.strip())


def _sort(asked: Asked, value: str, _modifier: str) -> None:
    for each in value.split(","):
        code = each.strip().removeprefix("-")
        for kind in asked.kinds:
            found = _parameter(kind, code, "_sort", len(asked.kinds) > 1)
            if found.type in {"composite", "special"}:
                raise Refusal(400, f"{code} has no order to sort by", "Sort by another parameter",
                              where="_sort", code="not-supported")  # fmt: skip
        asked.sort.append(Order(code, each.strip().startswith("-")))


def _include(reverse: bool) -> Callable[[Asked, str, str], None]:
    name = "_revinclude" if reverse else "_include"

    def take(asked: Asked, value: str, modifier: str) -> None:
        if modifier not in {"", "iterate", "recurse"}:
            raise Refusal(400, f"{name} has no modifier {modifier!r}", "Did you mean 'iterate'?",
                          where=name)  # fmt: skip
        source, code, target = [*value.split(":"), "", ""][:3]
        made = Include(source, code or "*", target, reverse, bool(modifier))
        _check_include(made, name)
        asked.includes.append(made)

    return take


def _check_include(made: Include, name: str) -> None:
    for each in (made.source, made.target):
        if each and each != "*" and each not in kinds():
            raise Refusal(400, f"{name} names no resource type of R4: {each!r}",
                          near(each, kinds()), where=name)  # fmt: skip
    if made.source == "*":
        if made.parameter != "*":
            raise Refusal(400, f"{name}=*:{made.parameter} names no type",
                          f"Write {name}=TYPE:{made.parameter}", where=name)  # fmt: skip
    elif made.parameter != "*":
        _reference(made.source, made.parameter, name)


_CONTROLS: dict[str, Any] = {
    "_count": _count,
    "_total": _one_of("total", ("none", "estimate", "accurate")),
    "_summary": _one_of("summary", ("true", "text", "data", "count", "false")),
    "_elements": _elements,
    "_sort": _sort,
    "_include": _include(reverse=False),
    "_revinclude": _include(reverse=True),
}
