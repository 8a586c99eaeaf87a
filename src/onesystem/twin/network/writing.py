"""A model as JSON, which `reading` reads again as the same model. Pure.

What is as it would be without being said is left out, so that a written model stays short and two
versions of it can be compared.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import MISSING, Field, fields
from typing import Any

from onesystem.twin.network.distributions import KINDS, Fixed
from onesystem.twin.network.model import (
    Attribute,
    By,
    Chances,
    Clock,
    Closed,
    Dated,
    Gaps,
    Inflow,
    Model,
    Node,
    Pathway,
    Poisson,
    Present,
    Process,
    Route,
    Schedule,
    Shares,
    Shortest,
    Staffing,
    Stay,
    Times,
    When,
)

_WORDS = {kind: word for word, kind in KINDS.items()}


def model_text(model: Model) -> str:
    """The model as a JSON text."""
    return json.dumps(model_json(model), ensure_ascii=False, indent=1)


def model_json(model: Model) -> dict[str, Any]:
    """The model as what a JSON text holds."""
    said = _said(model)
    if "starts" in said:
        said["starts"] = model.starts.isoformat()
    for key, write in _PARTS.items():
        if key in said:
            said[key] = {name: write(each) for name, each in said[key].items()}
    if "inside" in said:
        said["inside"] = [_present(each) for each in model.inside]
    return said


def _said(of: Any) -> dict[str, Any]:
    """The fields of a frozen value that say something."""
    return {field.name: getattr(of, field.name) for field in fields(of) if _told(field, of)}


def _told(field: Field[Any], of: Any) -> bool:
    """Whether a field is other than it would be without being said."""
    if field.default is not MISSING:
        return bool(getattr(of, field.name) != field.default)
    if field.default_factory is not MISSING:
        return bool(getattr(of, field.name) != field.default_factory())
    return True


def _node(node: Node) -> dict[str, Any]:
    said = _said(node)
    for key, write in _OF_NODE.items():
        if key in said:
            said[key] = write(said[key])
    return said


def _inflow(inflow: Inflow) -> dict[str, Any]:
    said: dict[str, Any] = {"node": inflow.node, "class": dict(inflow.classes)}
    if isinstance(inflow.process, Dated):
        said |= _dated(inflow.process, _process)
    else:
        said |= _process(inflow.process)
    if inflow.batch is not None:
        said["batch"] = _stay(inflow.batch)
    if inflow.begins:
        said["begins"] = inflow.begins
    if inflow.ends is not None:
        said["ends"] = inflow.ends
    if inflow.attributes:
        said["attributes"] = {name: _of_people(each) for name, each in inflow.attributes.items()}
    return said


def _process(process: Process) -> dict[str, Any]:
    match process:
        case Poisson((rate,), 1.0):
            return {"rate": rate}
        case Poisson(rates, every):
            return {"rates": list(rates)} | ({} if every is None else {"every": every})
        case Gaps(gaps):
            return {"gaps": _stay(gaps)}
        case Times(times):
            return {"times": list(times)}
        case Closed(people):
            return {"people": people}


def _stay(stay: Stay) -> Any:
    match stay:
        case By():
            return _by(stay, _stay)
        case Dated():
            return _dated(stay, _stay)
        case _:
            return _distribution(stay)


def _distribution(stay: Any) -> Any:
    if isinstance(stay, Fixed):
        return stay.value
    return {_WORDS[type(stay)]: {name: _plain(each) for name, each in _said(stay).items()}}


def _route(route: Route) -> Any:  # noqa: PLR0911 - a line for each kind
    match route:
        case Chances(shares):
            names = [other for other, _ in shares if isinstance(other, str)]
            if len(set(names)) == len(shares):
                return dict(shares)
            return [[share, _route(other)] for other, share in shares]
        case Shortest(nodes):
            return {"shortest": list(nodes)}
        case Pathway():
            return "pathway"
        case When(node, over, then, otherwise, inside):
            asked = {"node": node, "inside_over" if inside else "waiting_over": over}
            return {"when": asked, "then": _route(then), "otherwise": _route(otherwise)}
        case Clock(chances, every, then, otherwise):
            return {"clock": list(chances), "every": every, "then": _route(then),
                    "otherwise": _route(otherwise)}  # fmt: skip
        case By():
            return _by(route, _route)
        case Dated():
            return _dated(route, _route)
        case _:
            return route


def _staffing(staffing: Staffing) -> Any:
    return _dated(staffing, _schedule) if isinstance(staffing, Dated) else _schedule(staffing)


def _schedule(schedule: Schedule) -> Any:
    first, number = schedule.changes[0]
    if len(schedule.changes) == 1 and first == 0 and schedule.every is None:
        return number
    said: dict[str, Any] = {"changes": [list(change) for change in schedule.changes]}
    return said if schedule.every is None else said | {"every": schedule.every}


def _attribute(attribute: Attribute) -> dict[str, Any]:
    return {"levels": list(attribute.levels), "shares": _of_people(attribute.shares)}


def _of_people(shares: Shares) -> dict[str, Any]:
    return _by(shares, dict) if isinstance(shares, By) else dict(shares)


def _present(present: Present) -> dict[str, Any]:
    said: dict[str, Any] = {"node": present.node, "class": present.kind}
    for key in ("elapsed", "waiting"):
        if getattr(present, key) is not None:
            said[key] = getattr(present, key)
    if present.count != 1:
        said["count"] = present.count
    return said | dict(present.attributes)


def _by(by: By[Any], one: Callable[[Any], Any]) -> dict[str, Any]:
    said = {"by": by.attribute} | {name: one(each) for name, each in by.options.items()}
    return said if by.other is None else said | {"other": one(by.other)}


def _dated(dated: Dated[Any], one: Callable[[Any], Any]) -> dict[str, Any]:
    return {"from": [[when, one(what)] for when, what in dated.changes]}


def _plain(value: Any) -> Any:
    """Tuples and mappings as JSON has them."""
    if isinstance(value, Mapping):
        return {key: _plain(each) for key, each in value.items()}
    return [_plain(each) for each in value] if isinstance(value, tuple) else value


_PARTS: dict[str, Callable[[Any], Any]] = {
    "nodes": _node,
    "arrivals": _inflow,
    "pools": _staffing,
    "attributes": _attribute,
    "pathways": list,
    "classes": int,
}
_OF_NODE: dict[str, Callable[[Any], Any]] = {
    "service": _stay,
    "servers": _staffing,
    "next": _route,
    "patience": _stay,
    "leave_to": _route,
    "balk": _plain,
    "overflow": _plain,
    "uses": _plain,
    "priority": _plain,
    "becomes": _plain,
}
