"""The steps by which it is settled who pays for somebody's care, and how it stands. Pure.

    need      what the person needs, and that care starts; who pays is to be settled from then on
    means     what the person has
    signed    what the person pays, as of both, under the law; the letter says every line
    settled   which purse pays how much from when; what another paid meanwhile has been moved
    disputed  who pays is to be settled once more, and care goes on
    undone    a step was taken back by who took it

Need comes first and stands alone: nothing of means is in it. A dispute between purses never stops
care: one of them pays meanwhile.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from onesystem.vocabulary.said import say, say_each

NEED, MEANS, SIGNED, SETTLED, DISPUTED, UNDONE = VERBS = (
    "need", "means", "signed", "settled", "disputed", "undone",
)  # fmt: skip
PURSES: Mapping[str, str] = say_each({
    "person": "The person", "council": "The council", "nhs": "The NHS",
})  # fmt: skip
PURSES_NZ: Mapping[str, str] = say_each({
    "person": "The person", "council": "The district", "nhs": "The health service",
})  # fmt: skip
SETTLE_WITHIN = 28  # days from the start of care, as for NHS continuing healthcare
REVIEW_AFTER = 365
STATES: Mapping[str, str] = say_each({
    "": "Nothing assessed", "not eligible": "Needs are not eligible",
    "to assess": "Means to be assessed", "to sign": "To be signed",
    "to settle": "Payer to be settled", "settled": "Settled",
})  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One step as it was taken. `number` is its place among a person's; `key` never changes."""

    number: int
    key: int
    verb: str
    by: str
    at: datetime
    said: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Wait:
    """From a day on one purse pays all of it, until who pays is settled."""

    purse: str
    since: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How it stands for one person. `waits`: who paid meanwhile since when, not settled yet."""

    need: Step | None = None
    means: Step | None = None
    signed: tuple[Step, ...] = ()
    settled: Step | None = None
    disputed: Step | None = None
    waits: tuple[Wait, ...] = ()
    steps: int = 0

    @property
    def letter(self) -> Step | None:
        """The charge that holds: the last that was signed."""
        return self.signed[-1] if self.signed else None

    @property
    def eligible(self) -> bool:
        """Whether care starts, or has."""
        return self.need is not None and bool(self.need.said["eligible"])

    @property
    def starts(self) -> date | None:
        """The day from which care is given."""
        said = self.need.said.get("starts") if self.need and self.eligible else None
        return date.fromisoformat(said) if said else None

    @property
    def stale(self) -> bool:
        """Whether need or means were said anew since the charge was signed."""
        last = self.letter
        return last is not None and any(
            each is not None and each.number > last.number for each in (self.need, self.means)
        )

    @property
    def payer_open(self) -> bool:
        """Whether who pays is still to be settled."""
        return self.eligible and bool(self.waits)

    @property
    def settle_by(self) -> date | None:
        """Until when who pays is to be settled."""
        if not self.payer_open:
            return None
        return self.waits[-1].since + timedelta(days=SETTLE_WITHIN)

    @property
    def meanwhile(self) -> str:
        """The purse that pays until it is settled."""
        return self.waits[-1].purse if self.waits else "council"

    @property
    def review(self) -> date | None:
        """When what the person pays is looked at again."""
        said = self.letter.said.get("review") if self.letter else None
        return date.fromisoformat(said) if said else None

    @property
    def state(self) -> str:
        """In one word, a key of STATES."""
        if self.need is None:
            return ""
        if not self.eligible:
            return say("not eligible")
        if self.means is None:
            return say("to assess")
        if self.letter is None or self.stale:
            return say("to sign")
        return say("to settle") if self.payer_open else say("settled")


def standing(steps: Iterable[Step]) -> Standing:
    """How it stands after these steps; what was undone is as if it had not been."""
    taken = sorted(steps, key=lambda s: s.number)
    held = _held(taken)

    def last(verb: str) -> Step | None:
        return next((s for s in reversed(held) if s.verb == verb), None)

    return Standing(
        need=last(NEED), means=last(MEANS), signed=tuple(s for s in held if s.verb == SIGNED),
        settled=last(SETTLED), disputed=last(DISPUTED), waits=_waits(held),
        steps=taken[-1].number if taken else 0,
    )  # fmt: skip


def _held(taken: list[Step]) -> list[Step]:
    gone = {s.said["step"] for s in taken if s.verb == UNDONE}
    return [s for s in taken if s.verb != UNDONE and s.key not in gone]


def _waits(held: Iterable[Step]) -> tuple[Wait, ...]:
    """Who paid meanwhile since the last settlement; what was settled is never moved twice."""
    waits: list[Wait] = []
    until = date.min
    for each in held:
        if each.verb == SETTLED:
            waits, until = [], date.fromisoformat(each.said["until"])
        elif each.verb in {NEED, DISPUTED} and each.said.get("starts"):
            since = max(until, date.fromisoformat(each.said["starts"]))
            if not waits or each.said["meanwhile"] != waits[-1].purse:
                begun = waits[-1].since if waits else since
                waits.append(Wait(purse=each.said["meanwhile"], since=max(since, begun)))
            elif each.verb == DISPUTED:  # the same purse goes on, and the clock begins anew
                waits.append(Wait(purse=each.said["meanwhile"], since=max(since, waits[-1].since)))
    return tuple(waits)


def undoable(steps: Iterable[Step], by: str) -> Step | None:
    """The last step, if it is one's own and moved no money."""
    held = _held(sorted(steps, key=lambda s: s.number))
    if not held or held[-1].by != by or held[-1].verb == SETTLED:
        return None
    return held[-1]
