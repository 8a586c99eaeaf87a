"""What comes next for somebody, who owes it, and since when. Pure.

A step is what was said on the board, a bed that was asked for, transport, an ordered test, or any
other request that is open. Only what was asked for during the stay, or up to half a day before it
began, is a step of it: a referral of last spring is not what they wait for in the ED today.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from onesystem.flow.now import HOUR

BEFORE = 12 * HOUR


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A step. `id` is the request's or contact's number, empty for what the board said."""

    words: str
    owner: str = ""
    since: int | None = None
    source: str = ""
    id: str = ""
    by: str = ""


def next_steps(
    steps: Iterable[Step], *, began: int | None, at: int, done: frozenset[str] = frozenset()
) -> list[Step]:
    """Those of this stay that are not done: the board's own first, then the longest owed."""

    def of_this_stay(step: Step) -> bool:
        if not step.id:
            return True
        if step.id in done or step.since is None or step.since > at:
            return False
        return began is None or step.since >= began - BEFORE

    kept = [step for step in steps if of_this_stay(step)]
    return sorted(kept, key=lambda step: (bool(step.id), step.since or 0, step.words))
