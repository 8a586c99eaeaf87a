"""Who is behind a figure, packed: persons in order, by the steps between them."""

from array import array
from collections.abc import Iterable

import zstandard

_FEW = 16  # persons, up to which there is nothing to gain by pressing them together
_PLAIN, _PRESSED = b"\0", b"\1"


def packed(people: Iterable[int]) -> bytes:
    """Persons in order, packed."""
    steps, before = array("q"), 0
    for person in people:
        steps.append(person - before)
        before = person
    return pressed(steps.tobytes())


def pressed(steps: bytes) -> bytes:
    """The steps between persons (whole numbers of 8 bytes), packed."""
    if len(steps) <= 8 * _FEW:
        return _PLAIN + steps
    return _PRESSED + zstandard.ZstdCompressor(level=1).compress(steps)


def people_in(raw: bytes) -> list[int]:
    """The persons that were packed."""
    steps = array(
        "q", raw[1:] if raw[:1] == _PLAIN else zstandard.ZstdDecompressor().decompress(raw[1:])
    )
    found, at = [], 0
    for step in steps:
        at += step
        found.append(at)
    return found


__all__ = ["packed", "people_in", "pressed"]
