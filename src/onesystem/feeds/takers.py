"""Rooms above that take readings: who takes what is wired outside, so feeds knows none of them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from onesystem.vocabulary import CareAct, Entry, Reading, RequestSeen, StayFact

Item = tuple[str, int, int, Reading]  # source, identity, message, reading
Take = Callable[[Sequence[Item], datetime], object]


@dataclass(frozen=True, slots=True)
class Taker:
    """`take` runs inside the transaction of its messages; `erase` forgets all before a replay.

    `announces` where open pages are told of what is taken: see `contacts.line_up`.
    """

    take: Take
    erase: Callable[[], object] | None = None
    announces: bool = False


_TAKERS: dict[type, Taker] = {}


def register_taker(
    reading: type, take: Take, *, erase: Callable[[], object] | None = None, announces: bool = False
) -> None:
    """Let a room above take one type of reading. Again replaces."""
    if reading not in {Entry, RequestSeen, StayFact, CareAct}:
        msg = f"{reading.__name__} is taken by people and contacts"
        raise TypeError(msg)
    _TAKERS[reading] = Taker(take, erase, announces)


def takers() -> dict[type, Taker]:
    """Who takes what."""
    return _TAKERS
