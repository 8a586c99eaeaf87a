"""Paths: the sequences that journeys take, how many take each, and which journeys to look at. Pure.

A path is the whole sequence of kinds of step of a journey (a *variant* in process mining).
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from onesystem.flow.journeys.costing import each
from onesystem.flow.journeys.maps import lengths
from onesystem.flow.journeys.steps import Mask, Steps, Whole

_BASE = np.uint64(0x9E3779B97F4A7C15)  # odd, so that every power of it is a whole 64 bits


@dataclass(frozen=True, slots=True, kw_only=True)
class Path:
    """One sequence, how many journeys took it, and their median length in microseconds."""

    names: tuple[str, ...]
    journeys: int
    share: float
    length: float
    cost: int  # of a journey on average, whole minor units


@dataclass(frozen=True, slots=True, kw_only=True)
class Paths:
    """The most used paths, and how many there are in all."""

    top: tuple[Path, ...]
    different: int
    journeys: int

    @property
    def shown(self) -> float:
        """The share of the journeys that the paths in `top` hold."""
        return sum(path.share for path in self.top)


def paths(steps: Steps, *, most: int = 20) -> Paths:
    """The most used paths, busiest first; of two used as often, the one seen first comes first."""
    if not len(steps):
        return Paths(top=(), different=0, journeys=0)
    _, seen, group, counts = np.unique(
        digests(steps), return_index=True, return_inverse=True, return_counts=True
    )
    took, first, last = lengths(steps), steps.first, steps.last
    spent = np.add.reduceat(steps.cost, first)
    order = np.lexsort((seen, -counts))[:most]
    top = []
    for i in order:
        example, mine = seen[i], group == i
        kinds = steps.kind[first[example] : last[example] + 1]
        top.append(
            Path(
                names=tuple(steps.names[kind] for kind in kinds),
                journeys=int(counts[i]),
                share=int(counts[i]) / steps.journeys,
                length=float(np.median(took[mine])),
                cost=each(int(spent[mine].sum()), int(counts[i])),
            )
        )
    return Paths(top=tuple(top), different=len(counts), journeys=steps.journeys)


def digests(steps: Steps) -> "np.ndarray":
    """64 bits of each journey's sequence: two journeys of one path have the same.

    A polynomial of the mixed codes of its steps; among a million paths the chance that any two
    share a digest is below one in ten million.
    """
    first = steps.first
    position = np.arange(len(steps)) - first[steps.journey]
    powers = np.full(int(position.max(initial=0)) + 1, _BASE)
    powers[0] = np.uint64(1)
    powers = np.cumprod(powers, dtype=np.uint64)
    codes = _mixed(len(steps.names))
    return np.add.reduceat(codes[steps.kind] * powers[position], first)


def _mixed(size: int) -> "np.ndarray":
    """A large odd number for each kind, spread by the finaliser of splitmix64 (Steele 2014)."""
    x = np.arange(1, size + 1, dtype=np.uint64) * _BASE
    x = (x ^ (x >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    x = (x ^ (x >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return x ^ (x >> np.uint64(31))


def through(steps: Steps, name: str) -> Mask:
    """Journeys that have a step of this kind."""
    return _any(steps, steps.kind == steps.place(name))


def directly(steps: Steps, source: str, target: str) -> Mask:
    """Journeys in which `target` was once the next step after `source`."""
    here = steps.kind[:-1] == steps.place(source)
    there = steps.kind[1:] == steps.place(target)
    same = steps.journey[1:] == steps.journey[:-1]
    return _any(steps, np.append(here & there & same, False))


def eventually(steps: Steps, source: str, target: str) -> Mask:
    """Journeys in which `target` came at some time after `source`."""
    after = _first_place(steps, steps.place(source)) < _last_place(steps, steps.place(target))
    return np.asarray(after)


def beginning(steps: Steps, name: str) -> Mask:
    """Journeys whose first step is of this kind."""
    return np.asarray(steps.kind[steps.first] == steps.place(name))


def ending(steps: Steps, name: str) -> Mask:
    """Journeys whose last step is of this kind."""
    return np.asarray(steps.kind[steps.last] == steps.place(name))


def along(steps: Steps, names: Sequence[str]) -> Mask:
    """Journeys that took exactly this path."""
    kinds = np.array([steps.place(name) for name in names], np.int64)
    first, last = steps.first, steps.last
    chosen = (last - first + 1) == len(kinds)
    for i, kind in enumerate(kinds):
        chosen[chosen] = steps.kind[first[chosen] + i] == kind
    return np.asarray(chosen)


def _any(steps: Steps, found: Mask) -> Mask:
    made = np.zeros(steps.journeys, np.bool_)
    made[steps.journey[found]] = True
    return made


def _first_place(steps: Steps, kind: int) -> Whole:
    made = np.full(steps.journeys, len(steps), np.int64)
    places = np.flatnonzero(steps.kind == kind)
    made[steps.journey[places[::-1]]] = places[::-1]
    return made


def _last_place(steps: Steps, kind: int) -> Whole:
    made = np.full(steps.journeys, -1, np.int64)
    places = np.flatnonzero(steps.kind == kind)
    made[steps.journey[places]] = places
    return made
