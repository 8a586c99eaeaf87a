"""How a person on the list stands, from what was done about them. Pure.

The last of taken, left, put aside and done that was not undone counts; a note or a task changes
nothing. Whoever is put aside comes back on the day; whoever is done comes back with a newer fact.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

OPEN, TAKEN, ASIDE, DONE = "open", "taken", "put aside", "done"
STATES = (OPEN, TAKEN, ASIDE, DONE)
_BESIDE = frozenset({"noted", "asked", "did"})  # change nothing about how somebody stands


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One thing done. `at` in microseconds, `until` a day (0: none), `undoes` another's id.

    A task asks `owner` for `text` until a day; the step that did it names it in `about`.
    """

    id: int
    kind: str
    by: str
    at: int
    text: str = ""
    until: int = 0
    undoes: int = 0
    owner: str = ""
    about: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How somebody stands: the state, who made it so, when; `last` is the step that can be undone.

    `back` says that they were done or put aside, and are open again.
    """

    state: str = OPEN
    by: str = ""
    at: int = 0
    until: int = 0
    text: str = ""
    back: str = ""


def standing(steps: Sequence[Step], *, today: int, newest: int) -> Standing:
    """How somebody stands on a day, with facts up to `newest` (microseconds)."""
    some = kept(steps) if steps else ()
    last = next((s for s in reversed(some) if s.kind not in _BESIDE), None)
    if last is None or last.kind == "left":
        return Standing()
    if last.kind == "taken":
        return Standing(state=TAKEN, by=last.by, at=last.at)
    if last.kind == "put aside":
        if today >= last.until:
            return Standing(back="the day has come", by=last.by, at=last.at, text=last.text)
        return Standing(state=ASIDE, by=last.by, at=last.at, until=last.until, text=last.text)
    if newest > last.at:
        return Standing(back="something new since it was done", by=last.by, at=last.at)
    return Standing(state=DONE, by=last.by, at=last.at, text=last.text)


def kept(steps: Iterable[Step]) -> list[Step]:
    """The steps that were not undone, in order, without the undoing."""
    every = sorted(steps, key=lambda each: each.id)
    gone = {each.undoes for each in every if each.undoes}
    return [each for each in every if each.kind != "undone" and each.id not in gone]


def tasks(steps: Iterable[Step]) -> list[Step]:
    """What was asked for and nobody did yet, what is due first; without a day comes last."""
    some = kept(steps)
    did = {each.about for each in some if each.kind == "did"}
    found = [each for each in some if each.kind == "asked" and each.id not in did]
    return sorted(found, key=lambda each: (not each.until, each.until, each.id))


def undoable(steps: Iterable[Step], by: str) -> Step | None:
    """The last step that was not undone, where it is that person's own."""
    last = next(reversed(kept(steps)), None)
    return last if last is not None and last.by == by else None
