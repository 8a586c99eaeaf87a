"""Who is behind a figure, packed: persons in order, by the steps between them."""

import zlib
from array import array
from collections.abc import Iterable

_FEW = 16  # persons, up to which there is nothing to gain by pressing them together
_PLAIN, _PRESSED = b"\0", b"\1"


def packed(people: Iterable[int]) -> bytes:
    """Persons in order, packed."""
    steps, before = array("q"), 0
    for person in people:
        steps.append(person - before)
        before = person
    raw = steps.tobytes()
    return _PLAIN + raw if len(steps) <= _FEW else _PRESSED + zlib.compress(raw, 1)


def people_in(raw: bytes) -> list[int]:
    """The persons that were packed."""
    steps = array("q", raw[1:] if raw[:1] == _PLAIN else zlib.decompress(raw[1:]))
    found, at = [], 0
    for step in steps:
        at += step
        found.append(at)
    return found


__all__ = ["packed", "people_in"]
