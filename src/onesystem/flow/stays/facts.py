"""What can be said of a stay on a board, which of it stands, and where a source says otherwise.

Pure. The last word on a fact stands, in the order in which they were said; a word that was taken
back does not. Whoever spoke last, source or board, is what the contact shows: where a source went
back on what a board said, both are shown until somebody settles it.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from onesystem.vocabulary.said import say, say_each

READY, DELAY, LEAVE = "ready", "delay", "leave"
NEXT, DONE, BED, MOVED, LEFT = "next", "done", "bed", "moved", "left"
SETTLED, UNDO = "settled", "undo"
FACTS = (READY, DELAY, LEAVE, NEXT, DONE, BED, MOVED, LEFT, SETTLED, UNDO)
# These are of the whole visit; the others of the contact that they were said of.
OF_VISIT = frozenset({LEAVE, MOVED, LEFT})
NAMES = say_each({
    READY: "ready to leave", DELAY: "why not gone", LEAVE: "expected to leave", NEXT: "next step",
    DONE: "step done", BED: "bed", MOVED: "place", LEFT: "left", SETTLED: "settled",
    UNDO: "taken back",
})  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """One fact as it was said. `at` is whole microseconds since 1970 UTC."""

    act: str
    visit: int
    contact: int
    fact: str
    by: str
    at: int
    value: str = ""
    note: str = ""
    before: str = ""
    undoes: str = ""

    @property
    def about(self) -> tuple[int, str, str]:
        """What it is a word on: a contact's or a visit's fact, or one of several steps."""
        owner = self.visit if self.fact in OF_VISIT else self.contact
        return owner, self.fact, self.value if self.fact == DONE else ""


def standing(said: Iterable[Said]) -> list[Said]:
    """The last word on each fact that was not taken back, in the order in which they were said.

    A gesture that takes another one back takes back all that it said. One that was taken back
    while it took another one back never did.
    """
    every = sorted(said, key=lambda each: (each.at, each.act, each.fact))
    gone: set[str] = set()
    for each in reversed(every):
        if each.undoes and each.act not in gone:
            gone.add(each.undoes)
    last = {each.about: each for each in every if each.act not in gone and each.fact != UNDO}
    return sorted(last.values(), key=lambda each: (each.at, each.act, each.fact))


@dataclass(frozen=True, slots=True, kw_only=True)
class Now:
    """The part of a contact that a board can put right, as it stands."""

    contact: int
    service: str
    bed: str = ""
    ready: bool = False
    ended: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Conflict:
    """A fact of which a source says otherwise since; `source` in words, as the contact stands."""

    said: Said
    kind: Literal["ready", "bed", "moved", "left"]
    source: str


def conflicts(stand: Iterable[Said], now: Now) -> list[Conflict]:
    """Where the contact went back to what it was before the board's word, or denies it.

    A source that says something new of a bed or a place has moved the person on: that is no
    conflict, it is the next fact. One that says again what was put right is.
    """
    stand = list(stand)
    settled_at = max((s.at for s in stand if s.fact == SETTLED), default=0)
    found = []
    for said in stand:
        source = _contradiction(said, now) if said.at > settled_at else None
        if source is not None:
            found.append(Conflict(said=said, kind=said.fact, source=source))  # type: ignore[arg-type]
    return found


def _contradiction(said: Said, now: Now) -> str | None:
    """What the contact says against it, in words; None where it agrees."""
    here = said.contact == now.contact
    if said.fact == READY and here and bool(said.value) != now.ready:
        return say("ready to leave") if now.ready else say("not ready to leave")
    if said.fact == BED and here and said.before != said.value and now.bed == said.before:
        return now.bed or say("no bed")
    if said.fact == MOVED and not now.ended and now.service == said.before != said.value:
        return now.service
    if said.fact == LEFT and said.value and not now.ended:
        return say("still here")
    return None
