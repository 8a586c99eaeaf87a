"""From what people go to what, over the whole log: its copy by person is read once, in its order.

Where the map of chosen journeys (`maps`) holds all their steps, this holds a count for each pair of
kinds and each time between their starts, and reads a portion after the other. A time below two
days is counted by its minute, so that a median there is exact to the minute; a longer one by 64
steps of an e-fold, within 1.6 %.
"""

import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.int64]
Portion = tuple[Array, Array, Array]  # person, kind, second of the start: in order of the first

_PORTION = 2_000_000  # contacts that are counted at once
_EXACT = 2 * 24 * 60  # minutes that have a place of their own
_STEPS = 64  # of an e-fold of the time, from there on
_LONGEST = 20 * 366 * 24 * 60  # minutes: nobody's next contact is later in a log
_PLACES = _EXACT + int(_STEPS * math.log(_LONGEST / _EXACT)) + 1


@dataclass(frozen=True, slots=True)
class Transition:
    """From one kind to the next: how often, and the median minutes from start to start."""

    source: str
    target: str
    count: int
    median: float


def transitions(portions: Iterable[Portion], kinds: list[str]) -> list[Transition]:
    """The transitions of people's contacts, the most frequent first.

    A person's contacts lie together, in order of their starts but for those of one second, which
    are taken in order of their kinds. `kind` is a place in `kinds`.
    """
    found = _Counts(len(kinds))
    for portion in _joined(portions):
        found.add(*_in_order(*portion))
    return found.told(kinds)


def _joined(portions: Iterable[Portion]) -> Iterator[Portion]:
    """Portions of a useful size that begin and end with a whole person."""
    held: list[Portion] = []
    count = 0
    for part in portions:
        held.append(part)
        count += len(part[0])
        if count >= _PORTION:
            whole = _one(held)
            cut = int(np.searchsorted(whole[0], whole[0][-1]))
            yield _cut(whole, 0, cut)
            held = [_cut(whole, cut, count)]
            count -= cut
    if count:
        yield _one(held)


def _one(parts: list[Portion]) -> Portion:
    person, kind, start = (np.concatenate(each) for each in zip(*parts, strict=True))
    return person, kind, start


def _cut(part: Portion, first: int, end: int) -> Portion:
    person, kind, start = part
    return person[first:end], kind[first:end], start[first:end]


def _in_order(person: Array, kind: Array, second: Array) -> Portion:
    """Those of one person and second in order of their kinds."""
    wrong = _ties(person, kind, second)
    while len(wrong):
        apart = np.concatenate([[True], np.diff(wrong) > 1])  # of neighbours the first alone
        here = wrong[apart]
        kind[here], kind[here + 1] = kind[here + 1], kind[here]
        near = np.unique(np.concatenate([here - 1, here + 1, wrong]))
        near = near[(near >= 0) & (near < len(kind) - 1)]
        wrong = near[_tied(person, second, near) & (kind[near] > kind[near + 1])]
    return person, kind, second


def _ties(person: Array, kind: Array, second: Array) -> Array:
    return np.flatnonzero(
        (second[1:] == second[:-1]) & (kind[1:] < kind[:-1]) & (person[1:] == person[:-1])
    )


def _tied(person: Array, second: Array, at: Array) -> NDArray[np.bool_]:
    same = second[at] == second[at + 1]
    return np.asarray(same & (person[at] == person[at + 1]))


class _Counts:
    """How often each pair of kinds follows each other after each time."""

    def __init__(self, kinds: int) -> None:
        self.kinds = kinds
        self.counts = np.zeros(kinds * kinds * _PLACES, np.int64)

    def add(self, person: Array, kind: Array, second: Array) -> None:
        """Take people in, each whole."""
        same = person[1:] == person[:-1]
        gap = (second[1:] - second[:-1])[same] // 60
        # A step is longer than ten minutes, so a table by tens of minutes tells it.
        place = np.where(gap < _EXACT, gap, _places()[np.minimum(gap // 10, _LONGEST // 10)])
        pair = (kind[:-1] * self.kinds + kind[1:])[same]
        found = np.bincount(pair * _PLACES + place, minlength=len(self.counts))
        self.counts += found

    def told(self, kinds: list[str]) -> list[Transition]:
        """The transitions that occur."""
        table = self.counts.reshape(self.kinds, self.kinds, _PLACES)
        found = [
            Transition(source, target, int(each.sum()), _median(each))
            for source, row in zip(kinds, table, strict=True)
            for target, each in zip(kinds, row, strict=True)
            if each.any()
        ]
        return sorted(found, key=lambda t: (-t.count, t.source, t.target))


@lru_cache
def _places() -> Array:
    """The places of times of two days and more, by tens of minutes."""
    tens = np.maximum(np.arange(_LONGEST // 10 + 1) * 10.0, _EXACT)
    return np.asarray(_EXACT + (_STEPS * np.log(tens / _EXACT)).astype(np.int64))


def _median(counts: Array) -> float:
    """The median minutes of counts by places: the middle of what lies in a place."""
    upto = np.cumsum(counts)
    low, high = (int(np.searchsorted(upto, at)) for at in ((upto[-1] + 1) // 2, upto[-1] // 2 + 1))
    return (_minutes(low) + _minutes(high)) / 2


def _minutes(place: int) -> float:
    if place < _EXACT:
        return place
    return _EXACT * math.exp((place - _EXACT + 0.5) / _STEPS)


def of_log(folder: Path, persons: Mapping[int, int] | None = None) -> list[Transition]:
    """The transitions between settings in a district folder's log, without what is not in it yet.

    `persons` says of identities whose they are where a person has several; without it, each is
    its own person.
    """
    from onesystem.contacts.log import ordered
    from onesystem.contacts.log.manifest import read_from

    kinds: dict[str, int] = {}
    tables = ordered.portions(read_from(folder / "log"), folder / "log")
    found = transitions(_portions(tables, kinds, persons or {}), _KINDS)
    names = list(kinds)
    return sorted(
        (replace(t, source=names[int(t.source)], target=names[int(t.target)]) for t in found),
        key=lambda t: (-t.count, t.source, t.target),
    )


_KINDS = [str(at) for at in range(32)]  # settings that there may be


def _portions(
    tables: Iterable[tuple[Any, int]], kinds: dict[str, int], persons: Mapping[int, int]
) -> Iterator[Portion]:
    """What tables of the log hold; last those who have several identities, put together."""
    several = np.array(sorted(persons), np.int64)
    aside: list[Portion] = []
    for table, unit in tables:
        part = _columns(table, unit, kinds)
        if len(several):
            apart = np.isin(part[0], several)
            if apart.any():
                aside.append(_some(part, apart))
                part = _some(part, ~apart)
        yield part
    if aside:
        identity, kind, start = (np.concatenate(each) for each in zip(*aside, strict=True))
        whose = np.array([persons[each] for each in several.tolist()], np.int64)
        person = whose[np.searchsorted(several, identity)]
        order = np.lexsort((start, person))
        yield person[order], kind[order], start[order]


def _some(part: Portion, which: NDArray[np.bool_]) -> Portion:
    person, kind, start = part
    return person[which], kind[which], start[which]


def _columns(table: Any, unit: int, kinds: dict[str, int]) -> Portion:
    """A table's columns as numbers; `kinds` grows by the settings that are met."""
    setting = table.select(["setting"]).unify_dictionaries()["setting"]
    words = setting.chunk(0).dictionary.to_pylist() if setting.num_chunks else []
    places = np.array([kinds.setdefault(word, len(kinds)) for word in words], np.int64)
    codes = [chunk.indices.to_numpy() for chunk in setting.chunks]
    kind = places[np.concatenate(codes)] if codes else np.zeros(0, np.int64)
    start = table["started"].to_numpy()
    if start.dtype.kind == "M":
        start = start.astype("datetime64[ms]").astype(np.int64)
    unit = unit or 1
    second = start * (unit // 1000) if unit >= 1000 else start * unit // 1000
    return table["identity"].to_numpy(), kind, second
