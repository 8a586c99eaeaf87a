"""What people give to measures day by day, in columns; of one person, packed to be kept.

A line is a person's sums for one measure, day, service and band of age.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import orjson
import zstandard

from onesystem.flow.measures.columns.giving import Ready
from onesystem.flow.measures.columns.histories import Histories
from onesystem.flow.measures.columns.values import Array

_BANDS = 20  # of five years, and one for unknown
_PACKED = (
    ("kept", np.dtype("<i4")), ("day", np.dtype("<i4")), ("service", np.dtype("<i4")),
    ("band", np.dtype("<i1")), ("numerator", np.dtype("<i8")), ("denominator", np.dtype("<i8")),
)  # fmt: skip
_WIDTH = sum(kind.itemsize for _, kind in _PACKED)


@dataclass(frozen=True, slots=True)
class Given:
    """Lines in order of person, measure, day, service and band; each combination once.

    `person` is a place among some people, `service` a place among `services`.
    """

    person: Array
    kept: Array
    day: Array
    service: Array
    band: Array
    numerator: Array
    denominator: Array
    services: tuple[str, ...]

    def __len__(self) -> int:
        return len(self.person)

    def take(self, at: Array) -> "Given":
        """Some of the lines."""
        return _made([getattr(self, name)[at] for name in _NAMES], self.services)


def _made(columns: Sequence[Array], services: tuple[str, ...]) -> Given:
    person, kept, day, service, band, numerator, denominator = columns
    return Given(person, kept, day, service, band, numerator, denominator, services)


def given(engine: Mapping[int, Ready], histories: Histories, services: Sequence[str]) -> Given:
    """What people give to all measures; their services are told by their places in `services`."""
    each = [(number, ready.gives(histories)) for number, ready in engine.items()]
    places = {word: at for at, word in enumerate(services)}
    theirs: dict[int, Array] = {}  # by the list of services, which most measures have in common
    parts: dict[str, list[Array]] = {n: [] for n in _NAMES}
    for number, lines in each:
        if not len(lines):
            continue
        there = theirs.get(id(lines.services))
        if there is None:
            words = lines.services
            there = np.fromiter((places[word] for word in words), np.int64, len(words))
            theirs[id(words)] = there
        parts["kept"].append(np.full(len(lines), number))
        parts["service"].append(there[lines.service])
        for name in ("person", "day", "band", "numerator", "denominator"):
            parts[name].append(getattr(lines, name))
    joined = {n: np.concatenate(p) if p else np.zeros(0, np.int64) for n, p in parts.items()}
    return summed(joined, tuple(services))


_NAMES = ("person", "kept", "day", "service", "band", "numerator", "denominator")


def summed(lines: Mapping[str, Array], services: tuple[str, ...]) -> Given:
    """Lines in order, those that agree in everything but their sums as one."""
    if not len(lines["person"]):
        return _made([np.zeros(0, np.int64) for _ in _NAMES], services)
    code = coded(
        [lines["person"], lines["kept"], lines["day"], lines["service"], lines["band"] // 5]
    )
    order, code = in_order(code)
    first = np.flatnonzero(np.concatenate([[True], code[1:] != code[:-1]]))
    one = order[first]
    sums = [np.add.reduceat(lines[n][order], first) for n in ("numerator", "denominator")]
    return _made([*(lines[n][one] for n in _NAMES[:5]), *sums], services)


def coded(columns: Sequence[Array]) -> Array:
    """Rows of whole numbers as one number each, in their order."""
    code = np.zeros(len(columns[0]), np.int64)
    size = 1
    for column in columns:
        low = int(column.min()) if len(column) else 0
        width = int(column.max()) - low + 1 if len(column) else 1
        size *= width
        code *= width
        code += column
        code -= low
    if size >= 1 << 62:
        raise OverflowError("too many people and services at once")
    return code


def in_order(code: Array) -> tuple[Array, Array]:
    """The places of numbers from 0 on in their order, as they come where they agree; and these.

    Sorting numbers that hold their own places takes a sixth of what sorting places does.
    """
    bits = len(code).bit_length()
    if not len(code) or int(code.max()) >> (62 - bits):
        order = np.argsort(code, kind="stable")
        return order, code[order]
    both = code << bits
    both |= np.arange(len(code))
    both.sort()
    return both & ((1 << bits) - 1), both >> bits


# -- as it is kept ---------------------------------------------------------------------------------


def bodies(given: Given, count: int) -> list[bytes | None]:
    """What each of so many people gave, packed; None of those who gave nothing."""
    first = np.searchsorted(given.person, np.arange(count + 1))
    columns = {name: getattr(given, name).astype(kind) for name, kind in _PACKED}
    places = np.zeros(len(given.services), np.dtype(_PACKED[2][1]))
    press = zstandard.ZstdCompressor(level=1).compress
    found: list[bytes | None] = []
    for start, end in zip(first[:-1].tolist(), first[1:].tolist(), strict=True):
        if start == end:
            found.append(None)
            continue
        mine = {name: column[start:end] for name, column in columns.items()}
        there = np.zeros(len(places), bool)
        there[mine["service"]] = True
        used = np.flatnonzero(there)
        places[used] = np.arange(len(used))
        mine["service"] = places[mine["service"]]
        words = orjson.dumps([given.services[at] for at in used.tolist()])
        found.append(press(b"".join([words, b"\n", *(each.tobytes() for each in mine.values())])))
    return found


def unpacked(raw: Iterable[tuple[int, bytes]], places: dict[str, int]) -> Given:
    """What people gave: (place of the person, body), in order of these places.

    `places` of services grows by what is met; a person's lines are in the order of their own.
    """
    parts: dict[str, list[Array]] = {n: [] for n in _NAMES}
    opened = zstandard.ZstdDecompressor().decompress
    for person, body in raw:
        plain = opened(body)
        end = plain.index(b"\n")
        words = orjson.loads(plain[:end])
        there = np.array([places.setdefault(word, len(places)) for word in words], np.int64)
        count, at = (len(plain) - end - 1) // _WIDTH, end + 1
        parts["person"].append(np.full(count, person))
        for name, kind in _PACKED:
            column = np.frombuffer(plain, kind, count, at)
            parts[name].append(there[column] if name == "service" else column)
            at += count * kind.itemsize
    joined = {
        n: np.concatenate(p).astype(np.int64) if p else np.zeros(0, np.int64)
        for n, p in parts.items()
    }
    return _made([joined[n] for n in _NAMES], tuple(places))
