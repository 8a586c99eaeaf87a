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

NEED, MEANS, SIGNED, SETTLED, DISPUTED, UNDONE = VERBS = (
    "need", "means", "signed", "settled", "disputed", "undone",
)  # fmt: skip
PURSES: Mapping[str, str] = {
    "person": "The person", "council": "The council", "nhs": "The NHS",
}  # fmt: skip
SETTLE_WITHIN = 28  # days from the start of care, as for NHS continuing healthcare
REVIEW_AFTER = 365
STATES: Mapping[str, str] = {
    "": "Nothing assessed", "not eligible": "Needs are not eligible",
    "to assess": "Means to be assessed", "to sign": "To be signed",
    "to settle": "Payer to be settled", "settled": "Settled",
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One step as it was taken."""

    number: int
    verb: str
    by: str
    at: datetime
    said: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How it stands for one person."""

    need: Step | None = None
    means: Step | None = None
    signed: tuple[Step, ...] = ()
    settled: Step | None = None
    disputed: Step | None = None
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
        if not self.eligible:
            return False
        last = max((s.number for s in (self.need, self.disputed) if s), default=0)
        return self.settled is None or self.settled.number < last

    @property
    def settle_by(self) -> date | None:
        """Until when who pays is to be settled."""
        if not self.payer_open or self.need is None:
            return None
        from_ = self.disputed or self.need
        day = date.fromisoformat(str(from_.said.get("starts") or from_.at.date().isoformat()))
        return day + timedelta(days=SETTLE_WITHIN)

    @property
    def meanwhile(self) -> str:
        """The purse that pays until it is settled."""
        from_ = self.disputed or self.need
        return str(from_.said.get("meanwhile", "council")) if from_ else "council"

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
            return "not eligible"
        if self.means is None:
            return "to assess"
        if self.letter is None or self.stale:
            return "to sign"
        return "to settle" if self.payer_open else "settled"


def standing(steps: Iterable[Step]) -> Standing:
    """How it stands after these steps; what was undone is as if it had not been."""
    taken = sorted(steps, key=lambda s: s.number)
    gone = {s.said["number"] for s in taken if s.verb == UNDONE}
    held = [s for s in taken if s.verb != UNDONE and s.number not in gone]

    def last(verb: str) -> Step | None:
        return next((s for s in reversed(held) if s.verb == verb), None)

    return Standing(
        need=last(NEED), means=last(MEANS), signed=tuple(s for s in held if s.verb == SIGNED),
        settled=last(SETTLED), disputed=last(DISPUTED),
        steps=taken[-1].number if taken else 0,
    )  # fmt: skip


def undoable(steps: Iterable[Step], by: str) -> Step | None:
    """The last step, if it is one's own and moved no money."""
    taken = sorted(steps, key=lambda s: s.number)
    gone = {s.said["number"] for s in taken if s.verb == UNDONE}
    held = [s for s in taken if s.verb != UNDONE and s.number not in gone]
    if not held or held[-1].by != by or held[-1].verb == SETTLED:
        return None
    return held[-1]
