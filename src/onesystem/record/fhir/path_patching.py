"""FHIRPath Patch (fhirpatch.html of R4): a Parameters resource of operations. Pure.

The operations are add, insert, delete, replace and move. A path is made of names, indexes and
`where(name = value)`; it leads to one element, or for delete to none. A patch that cannot be
applied in full is refused and nothing of it is applied.
"""

import re
from copy import deepcopy
from typing import Any, NamedTuple

from onesystem.record.fhir.outcomes import Refusal
from onesystem.vocabulary import nearest

_MOST = 1000
_OPS = ("add", "insert", "delete", "replace", "move")
_Parts = dict[str, dict[str, Any]]
_STEP = re.compile(r"([A-Za-z][A-Za-z0-9]*)((?:\[\d{1,6}\]|\.where\([^()]*\)|\.first\(\))*)(\.|$)")
_FILTER = re.compile(r"\[(\d+)\]|\.where\(([^()]*)\)|\.first\(\)")
_EQUALS = re.compile(
    r"\s*([A-Za-z][A-Za-z0-9]*)\s*=\s*(?:'([^']*)'|(true|false|-?\d+(?:\.\d+)?))\s*"
)


class _Cannot(Exception):
    def __init__(self, what: str, cure: str, status: int = 422) -> None:
        super().__init__(what)
        self.cure, self.status = cure, status


class _Place(NamedTuple):
    """Where an element stands: in an object by its name, or in a list by its number."""

    holder: Any
    at: Any

    @property
    def value(self) -> Any:
        return self.holder[self.at]


def path_patched(document: dict[str, Any], patch: Any) -> dict[str, Any]:
    """The resource with the patch applied. Raises Refusal naming the operation."""
    said = patch.get("parameter") if isinstance(patch, dict) else None
    if not isinstance(said, list) or not said or len(said) > _MOST:
        raise Refusal(
            400, "a FHIRPath Patch is a Parameters resource of operations",
            'Send parameters named "operation", each with parts type and path.',
        )  # fmt: skip
    made = deepcopy(document)
    for i, each in enumerate(said):
        try:
            _apply(made, each)
        except _Cannot as cannot:
            raise Refusal(
                cannot.status, f"operation {i + 1} of the patch: {cannot}", cannot.cure,
                where=f"Parameters.parameter[{i}]",
            ) from cannot  # fmt: skip
    return made


def _apply(document: dict[str, Any], each: Any) -> None:
    parts = _parts(each)
    op, path = _text(parts, "type"), _text(parts, "path")
    if op not in _OPS:
        raise _Cannot(f"there is no operation {op!r}", nearest(op, _OPS), 400)
    _DOES[op](document, path, parts)


def _add(document: dict[str, Any], path: str, parts: _Parts) -> None:
    """Append to a list, or set an element that is not there yet."""
    name, value = _text(parts, "name"), _value(parts)
    to = document if path == document["resourceType"] else _one(document, path).value
    if not isinstance(to, dict):
        raise _Cannot(f"{path} is no object", "Add to an object.")
    kept = to.get(name)
    if isinstance(kept, list):
        kept.append(value)
    elif kept is not None:
        raise _Cannot(f"{path}.{name} is there already", "Use replace.")
    else:
        to[name] = value


def _replace(document: dict[str, Any], path: str, parts: _Parts) -> None:
    place = _one(document, path)
    place.holder[place.at] = _value(parts)


def _delete(document: dict[str, Any], path: str, parts: _Parts) -> None:
    """Deleting what is not there changes nothing, as R4 says."""
    del parts
    found = _found(document, path)
    if len(found) > 1:
        raise _several(path)
    for place in found:
        del place.holder[place.at]


def _insert(document: dict[str, Any], path: str, parts: _Parts) -> None:
    held = _list(document, path)
    held.insert(_index(parts, "index", len(held)), _value(parts))


def _move(document: dict[str, Any], path: str, parts: _Parts) -> None:
    held = _list(document, path)
    source = _index(parts, "source", len(held) - 1)
    to = _index(parts, "destination", len(held) - 1)
    held.insert(to, held.pop(source))


_DOES = {"add": _add, "insert": _insert, "delete": _delete, "replace": _replace, "move": _move}


def _one(document: dict[str, Any], path: str) -> _Place:
    found = _found(document, path)
    if not found:
        raise _Cannot(f"there is nothing at {path}", "Check the path against the resource.")
    if len(found) > 1:
        raise _several(path)
    return found[0]


def _several(path: str) -> _Cannot:
    return _Cannot(f"{path} is more than one element", "Say which: [0], or where(name = 'value').")


def _list(document: dict[str, Any], path: str) -> list[Any]:
    """The list that a path without a filter at its end leads to."""
    front, _, name = path.rpartition(".")
    holder = document if front == document["resourceType"] else _one(document, front).value
    held = holder.get(name) if isinstance(holder, dict) else None
    if not isinstance(held, list):
        raise _Cannot(f"{path} is no list", "Insert and move work on elements that repeat.")
    return held


def _found(document: dict[str, Any], path: str) -> list[_Place]:
    """The elements that a path leads to."""
    kind = document["resourceType"]
    if not path.startswith(f"{kind}."):
        raise _Cannot(f"the path {path!r} does not begin with {kind}.", f"Write {kind}.name ...")
    at, holders, found = len(kind) + 1, [document], []
    while at < len(path):
        step = _STEP.match(path, at)
        if step is None or (step[3] and step.end() == len(path)):
            raise _Cannot(
                f"the path {path!r} is not read here",
                "Use names, [number], first() and where(name = 'value').",
            )
        found = [p for holder in holders for p in _filtered(_places(holder, step[1]), step[2])]
        holders = [place.value for place in found]
        at = step.end()
    return found


def _places(holder: Any, name: str) -> list[_Place]:
    if not isinstance(holder, dict):
        return []
    # A choice is named without its type in FHIRPath: value, not valueQuantity.
    key = name if name in holder else _choice(holder, name)
    if key is None:
        return []
    held = holder[key]
    return (
        [_Place(held, i) for i in range(len(held))]
        if isinstance(held, list)
        else [_Place(holder, key)]
    )


def _choice(holder: dict[str, Any], name: str) -> str | None:
    named = [k for k in holder if k.startswith(name) and k[len(name) :][:1].isupper()]
    return named[0] if len(named) == 1 else None


def _filtered(places: list[_Place], filters: str) -> list[_Place]:
    for each in _FILTER.finditer(filters):
        if each[1] is not None:
            places = places[int(each[1]) : int(each[1]) + 1]
        elif each[2] is None:
            places = places[:1]
        else:
            places = [place for place in places if _meets(place.value, each[2])]
    return places


def _meets(value: Any, condition: str) -> bool:
    said = _EQUALS.fullmatch(condition)
    if said is None:
        raise _Cannot(f"where({condition}) is not read here", "Write where(name = 'value').")
    kept = value.get(said[1]) if isinstance(value, dict) else None
    if said[2] is not None:
        return bool(kept == said[2])
    return str(kept).lower() == said[3] if kept is not None else False


def _parts(each: Any) -> _Parts:
    held = each.get("part") if isinstance(each, dict) and each.get("name") == "operation" else None
    if not isinstance(held, list) or not all(isinstance(p, dict) for p in held):
        raise _Cannot(
            "it is not named operation, or has no parts", "Give it parts type and path.", 400
        )
    return {str(part.get("name")): part for part in held}


def _text(parts: _Parts, name: str) -> str:
    part = parts.get(name, {})
    found = next((part[k] for k in ("valueString", "valueCode") if k in part), None)
    if not isinstance(found, str) or not found:
        raise _Cannot(f"it has no {name}", f"Give it a part {name} with a valueString.", 400)
    return found


def _index(parts: _Parts, name: str, last: int) -> int:
    found = parts.get(name, {}).get("valueInteger")
    if not isinstance(found, int) or isinstance(found, bool):
        raise _Cannot(f"it has no {name}", f"Give it a part {name} with a valueInteger.", 400)
    if not 0 <= found <= last:
        raise _Cannot(f"there is no place {found} in that list", f"It may be 0 to {last}.")
    return found


def _value(parts: _Parts) -> Any:
    """The value of an operation: a value[x], or an object that its parts say element by element."""
    if "value" not in parts:
        raise _Cannot("it has no value", "Give it a part value.", 400)
    return _value_of(parts["value"])


def _value_of(part: dict[str, Any]) -> Any:
    told = [v for k, v in part.items() if k.startswith("value") or k == "resource"]
    if len(told) == 1:
        return told[0]
    made: dict[str, Any] = {}
    for each in part.get("part") or []:
        name, value = str(each.get("name")), _value_of(each)
        if name in made:  # said again, it is a list
            made[name] = [*(made[name] if isinstance(made[name], list) else [made[name]]), value]
        else:
            made[name] = value
    if not made:
        raise _Cannot("a value says nothing", "Give it a value[x] or parts.", 400)
    return made
