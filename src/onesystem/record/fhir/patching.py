"""JSON Patch (RFC 6902) over JSON Pointer (RFC 6901), and JSON Merge Patch (RFC 7396). Pure.

Small and whole: add, remove, replace, move, copy, test. A patch that cannot be applied in full is
refused and nothing of it is applied.
"""

from copy import deepcopy
from typing import Any

from onesystem.record.fhir.outcomes import Refusal

MERGE = "application/merge-patch+json"
_MOST = 1000
_NEEDS = {"add": "value", "replace": "value", "test": "value", "move": "from", "copy": "from"}


def patched(document: Any, patch: Any) -> Any:
    """The document with the patch applied. Raises Refusal naming the operation."""
    if not isinstance(patch, list) or len(patch) > _MOST:
        raise Refusal(
            400, "a JSON Patch is a list of operations", 'Write [{"op": "replace", ...}].'
        )
    made = deepcopy(document)
    for i, each in enumerate(patch):
        try:
            made = _applied(made, each)
        except Cannot as cannot:
            raise Refusal(
                cannot.status, f"operation {i + 1} of the patch: {cannot}", cannot.cure,
                where=f"[{i}]",
            ) from cannot  # fmt: skip
    return made


def merged(document: Any, patch: Any) -> Any:
    """The document with a merge patch (RFC 7396): what is null goes, objects are merged.

    Not of FHIR R4; clients in use send it all the same.
    """
    if not isinstance(patch, dict):
        return patch
    made = dict(document) if isinstance(document, dict) else {}
    for name, value in patch.items():
        if value is None:
            made.pop(name, None)
        else:
            made[name] = merged(made.get(name), value)
    return made


def tidied(value: Any) -> Any:
    """Without the lists and objects that a patch has emptied: FHIR has none."""
    if isinstance(value, dict):
        kept = {name: tidied(each) for name, each in value.items()}
        return {name: each for name, each in kept.items() if each not in ({}, [])}
    if isinstance(value, list):
        return [each for each in map(tidied, value) if each not in ({}, [])]
    return value


class Cannot(Exception):
    """Why an operation of a patch cannot be applied."""

    def __init__(self, what: str, cure: str, status: int = 422) -> None:
        super().__init__(what)
        self.cure, self.status = cure, status


def _applied(document: Any, each: Any) -> Any:  # noqa: C901 - six operations
    if not isinstance(each, dict) or not isinstance(each.get("path"), str):
        raise Cannot("it has no path", "Give each operation op and path.", 400)
    op, path = each.get("op"), each["path"]
    if op not in {"add", "remove", "replace", "move", "copy", "test"}:
        raise Cannot(f"there is no op {op!r}", "Use add, remove, replace, move, copy or test.", 400)
    need = _NEEDS.get(op)
    if need and need not in each:
        raise Cannot(f"{op} needs {need!r}", f"Give it {need!r}.", 400)
    if op == "test":
        if not _equal(_get(document, path), each["value"]):
            raise Cannot(f"{path} is not what it was tested for", "Read the resource again.", 422)
        return document
    if op == "move":
        if path.startswith(each["from"] + "/"):
            raise Cannot("a value cannot move into itself", "Choose another path.")
        value = _get(document, each["from"])
        return _add(_remove(document, each["from"]), path, value)
    if op == "copy":
        return _add(document, path, deepcopy(_get(document, each["from"])))
    if op == "remove":
        return _remove(document, path)
    if op == "replace":
        _get(document, path)
        return _put(document, path, each["value"], insert=False)
    return _add(document, path, each["value"])


def _add(document: Any, path: str, value: Any) -> Any:
    return _put(document, path, value, insert=True)


def _steps(path: Any) -> list[str]:
    if path == "":
        return []
    if not isinstance(path, str) or not path.startswith("/"):
        raise Cannot(f"{path!r} is no JSON Pointer", "Begin it with a slash.", 400)
    return [step.replace("~1", "/").replace("~0", "~") for step in path[1:].split("/")]


def _get(document: Any, path: str) -> Any:
    at = document
    for step in _steps(path):
        at = _child(at, step, path)
    return at


def _child(at: Any, step: str, path: str) -> Any:
    if isinstance(at, dict) and step in at:
        return at[step]
    if isinstance(at, list):
        return at[_index(step, len(at) - 1, path)]
    raise _nothing(path)


def _index(step: str, last: int, path: str) -> int:
    whole = step.isascii() and step.isdigit() and (step == "0" or step[0] != "0")
    if not whole or len(step) > 9 or int(step) > last:
        raise _nothing(path)
    return int(step)


def _nothing(path: str) -> Cannot:
    return Cannot(f"there is nothing at {path}", "Check the path against the resource.")


def _put(document: Any, path: str, value: Any, *, insert: bool) -> Any:
    steps = _steps(path)
    if not steps:
        return value
    at = document
    for step in steps[:-1]:
        at = _child(at, step, path)
    last = steps[-1]
    if isinstance(at, dict):
        at[last] = value
    elif isinstance(at, list) and insert:
        at.insert(len(at) if last == "-" else _index(last, len(at), path), value)
    elif isinstance(at, list):
        at[_index(last, len(at) - 1, path)] = value
    else:
        raise _nothing(path)
    return document


def _remove(document: Any, path: str) -> Any:
    steps = _steps(path)
    if not steps:
        raise Cannot("the whole resource cannot be removed", "Use DELETE.")
    _get(document, path)
    at = document
    for step in steps[:-1]:
        at = _child(at, step, path)
    if isinstance(at, dict):
        del at[steps[-1]]
    else:
        del at[int(steps[-1])]
    return document


def _equal(one: Any, other: Any) -> bool:
    """Equal as JSON is: true is not 1, and 1.0 is 1."""
    if isinstance(one, bool) or isinstance(other, bool):
        return one is other
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(_equal, one, other))
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(_equal(one[k], other[k]) for k in one)
    return bool(one == other)
