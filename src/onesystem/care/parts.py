"""The parts of the room that keep acts: each takes its own, and forgets its own.

A part registers itself once (`register` in the wiring), takes its acts in the transaction of
their message in whatever order they come, and forgets all before a replay says it anew.
"""

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from onesystem.vocabulary import CareAct


class Taken(NamedTuple):
    """One act as it is taken: the source whose thing it is of, whose identity, which message."""

    owner: str
    identity: int
    message: int
    act: CareAct


@dataclass(frozen=True, slots=True)
class Part:
    """What a part does. `take` is idempotent and does not depend on the order of acts.

    `forget` destroys what is kept of some identities, and gives how many rows that were.
    """

    take: Callable[[Sequence[Taken]], object]
    erase: Callable[[], object]
    forget: Callable[[Sequence[int]], int]


_PARTS: dict[str, Part] = {}


def register(name: str, part: Part) -> None:
    """Let a part of the room take the acts that are named after it. Again replaces."""
    _PARTS[name] = part


def take(items: Sequence[tuple[str, int, int, CareAct]], known_at: datetime) -> None:
    """Hand acts to the parts whose they are. An act of a part that is gone is kept unread."""
    del known_at  # what stands follows from when things were done, not from when they arrived
    told: dict[str, list[Taken]] = defaultdict(list)
    for item in items:
        told[item[3].part].append(Taken(*item))
    for name, acts in told.items():
        if name in _PARTS:
            _PARTS[name].take(acts)


def erase() -> None:
    """Forget all that was done, before a replay does it anew."""
    for part in _PARTS.values():
        part.erase()


def forget(identities: Sequence[int]) -> int:
    """Forget what was done for people whose record is destroyed; gives how many rows."""
    return sum(part.forget(identities) for part in _PARTS.values()) if identities else 0
