"""What the steps of an entry's keeping come to. Pure.

Steps are only added: one that takes another back names it. What stands is the last entry that was
kept and the last time that it was confirmed, of the steps that nobody took back.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

KEPT, CONFIRMED, UNDONE = "kept", "confirmed", "undone"


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One step, as it was written."""

    number: int
    kind: str
    at: datetime
    by: str
    why: str = ""
    body: str = ""
    undoes: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What the steps come to; `number` is the last of them."""

    number: int = 0
    body: str = ""
    kept_at: datetime | None = None
    kept_by: str = ""
    confirmed_at: datetime | None = None
    confirmed_by: str = ""


def standing(steps: Sequence[Step]) -> Standing:
    """What stands after these steps, in the order of their numbers."""
    undone = {step.undoes for step in steps}
    left = [step for step in steps if step.kind != UNDONE and step.number not in undone]
    kept = next((step for step in reversed(left) if step.kind == KEPT), None)
    confirmed = next((step for step in reversed(left) if step.kind == CONFIRMED), None)
    return Standing(
        number=steps[-1].number if steps else 0,
        body=kept.body if kept else "",
        kept_at=kept.at if kept else None,
        kept_by=kept.by if kept else "",
        confirmed_at=confirmed.at if confirmed else None,
        confirmed_by=confirmed.by if confirmed else "",
    )


def undoable(steps: Sequence[Step]) -> Step | None:
    """The step that would be taken back next: the last that stands."""
    undone = {step.undoes for step in steps}
    left = [step for step in steps if step.kind != UNDONE and step.number not in undone]
    return left[-1] if left else None


def since(steps: Sequence[Step], seen: int) -> list[Step]:
    """What was done after somebody looked."""
    return [step for step in steps if step.number > seen]
