"""FHIRPath Patch (fhirpatch.html of R4): a Parameters resource of operations. Pure.

The operations are add, insert, delete, replace and move. A path leads to one element, or for
delete to none. A patch that cannot be applied in full is refused and nothing of it is applied.
"""

from collections.abc import Callable
from copy import deepcopy
from typing import Any

from onesystem.record.fhir.outcomes import Refusal
from onesystem.record.fhir.patch_places import (
    choice_of,
    element_of,
    list_of,
    only,
    places,
    stem_of,
)
from onesystem.record.fhir.patching import Cannot
from onesystem.vocabulary import nearest

_MOST = 1000
_Parts = dict[str, dict[str, Any]]


def path_patched(document: dict[str, Any], patch: Any) -> dict[str, Any]:
    """The resource with the patch applied. Raises Refusal naming the operation."""
    said = patch.get("parameter", []) if isinstance(patch, dict) else None
    if not isinstance(said, list) or len(said) > _MOST:
        raise Refusal(
            400, "a FHIRPath Patch is a Parameters resource of operations",
            'Send parameters named "operation", each with parts type and path.',
        )  # fmt: skip
    made = deepcopy(document)
    for i, each in enumerate(said):
        try:
            _apply(made, each)
        except Cannot as cannot:
            raise Refusal(
                cannot.status, f"operation {i + 1} of the patch: {cannot}", cannot.cure,
                where=f"Parameters.parameter[{i}]",
            ) from cannot  # fmt: skip
    return made


def _apply(document: dict[str, Any], each: Any) -> None:
    parts = _parts(each)
    op, path = _text(parts, "type"), _text(parts, "path")
    if op not in _DOES:
        raise Cannot(f"there is no operation {op!r}", nearest(op, _DOES), 400)
    _DOES[op](document, path, parts)


def _add(document: dict[str, Any], path: str, parts: _Parts) -> None:
    """Append to a list, or set an element that is not there yet."""
    to, name = only(places(document, path), path), _text(parts, "name")
    if not isinstance(to.value, dict):
        raise Cannot(f"{path} is no object", "Add to an object.")
    _put_into(to.value, to.kind, name, _part(parts), path)


def _put_into(holder: dict[str, Any], kind: str, name: str, part: Any, path: str) -> None:
    key = _key(kind, name, part)
    element = element_of(kind, key)
    there = next((k for k in (key, *choice_of(kind, name)) if k in holder), None)
    value = _value_of(part, element.kind if element else "")
    if isinstance(holder.get(key), list) or (there is None and element and element.many):
        holder.setdefault(key, []).append(value)
    elif there is not None:
        raise Cannot(f"{path}.{there} is there already", "Use replace.")
    else:
        holder[key] = value


def _key(kind: str, name: str, part: Any) -> str:
    """The element's key: of a choice, with the type that the value has."""
    typed = [name + k.removeprefix("value") for k in part if k.startswith("value")]
    return next((k for k in typed if k in choice_of(kind, name)), name)


def _replace(document: dict[str, Any], path: str, parts: _Parts) -> None:
    place, part = only(places(document, path), path), _part(parts)
    stem = stem_of(place)
    if stem and (key := _key(place.within, stem, part)) not in {stem, place.key}:
        place.take_out()  # a choice may become one of another type
        place.owner[key] = _value_of(part, "")
    else:
        place.put(_value_of(part, place.kind))


def _delete(document: dict[str, Any], path: str, parts: _Parts) -> None:
    """Deleting what is not there changes nothing, as R4 says."""
    del parts
    if found := places(document, path):
        only(found, path).take_out()


def _insert(document: dict[str, Any], path: str, parts: _Parts) -> None:
    owner, key, kind = list_of(document, path)
    held = owner.setdefault(key, [])
    held.insert(_index(parts, "index", len(held)), _value_of(_part(parts), kind))


def _move(document: dict[str, Any], path: str, parts: _Parts) -> None:
    owner, key, _ = list_of(document, path)
    last = len(owner.get(key, ())) - 1
    source, to = _index(parts, "source", last), _index(parts, "destination", last)
    for held in (owner[key], owner.get(f"_{key}")):
        if isinstance(held, list) and len(held) > last:
            held.insert(to, held.pop(source))


_Does = Callable[[dict[str, Any], str, _Parts], None]
_DOES: dict[str, _Does] = {
    "add": _add, "insert": _insert, "delete": _delete, "replace": _replace, "move": _move,
}  # fmt: skip


def _parts(each: Any) -> _Parts:
    held = each.get("part") if isinstance(each, dict) and each.get("name") == "operation" else None
    if not isinstance(held, list) or not all(isinstance(p, dict) for p in held):
        raise Cannot(
            "it is not named operation, or has no parts", "Give it parts type and path.", 400
        )
    return {str(part.get("name")): part for part in held}


def _text(parts: _Parts, name: str) -> str:
    part = parts.get(name, {})
    found = next((part[k] for k in ("valueString", "valueCode") if k in part), None)
    if not isinstance(found, str) or not found:
        raise Cannot(f"it has no {name}", f"Give it a part {name} with a valueString.", 400)
    return found


def _index(parts: _Parts, name: str, last: int) -> int:
    found = parts.get(name, {}).get("valueInteger")
    if not isinstance(found, int) or isinstance(found, bool):
        raise Cannot(f"it has no {name}", f"Give it a part {name} with a valueInteger.", 400)
    if not 0 <= found <= last:
        raise Cannot(f"there is no place {found} in that list", f"It may be 0 to {last}.")
    return found


def _part(parts: _Parts) -> dict[str, Any]:
    if "value" not in parts:
        raise Cannot("it has no value", "Give it a part value.", 400)
    return parts["value"]


def _value_of(part: dict[str, Any], kind: str) -> Any:
    """A value[x], or an object of a type without a name, that its parts say element by element."""
    told = [v for k, v in part.items() if k.startswith("value") or k == "resource"]
    if len(told) == 1:
        return told[0]
    made: dict[str, Any] = {}
    for each in part.get("part") or []:
        name = str(each.get("name"))
        if element_of(kind, name) is None and isinstance(made.get(name), list | str | dict):
            made[name] = [*_listed(made.pop(name)), _value_of(each, "")]  # said again: a list
        else:
            _put_into(made, kind, name, each, name)
    if not made:
        raise Cannot("a value says nothing", "Give it a value[x] or parts.", 400)
    return made


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]
