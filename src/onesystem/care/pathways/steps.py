"""What happened to a person on a pathway, as events, and what they come to.

A case is the fold of its events by when they were done, so it is the same in whatever order they
arrived and however often. Nothing else of a case is kept: what is next follows (`engine`).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

VERBS = ("started", "done", "skipped", "moved", "left")


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One thing that happened. `act` names the gesture, so that the same again is no event."""

    verb: str
    at: datetime
    act: str
    by: str = ""
    step: str = ""
    version: int = 0
    reason: str = ""
    answers: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Walked:
    """What became of one step: how often it was done, and what was last."""

    verb: str
    at: datetime
    by: str
    times: int
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A person on a pathway as they stand after the events."""

    version: int = 0
    started: datetime | None = None
    left: datetime | None = None
    reason: str = ""  # why they left
    walked: Mapping[str, Walked] = field(default_factory=dict)
    answers: Mapping[str, Any] = field(default_factory=dict)
    seen: int = 0  # how many events there are: whoever acts says how many they saw

    @property
    def open(self) -> bool:
        """Whether the person is on it now."""
        return self.started is not None and self.left is None


def fold(events: Iterable[Event]) -> Case:
    """The case that events come to."""
    told = sorted({each.act: each for each in events}.values(), key=lambda e: (e.at, e.act))
    version, reason = 0, ""
    started = left = None
    walked: dict[str, Walked] = {}
    answers: dict[str, Any] = {}
    for each in told:
        answers |= each.answers
        if each.verb in {"started", "moved"}:
            version = each.version
            started = started or each.at
            if each.verb == "started":
                left, reason = None, ""
        elif each.verb == "left":
            left, reason = each.at, each.reason
        else:
            before = walked.get(each.step)
            walked[each.step] = Walked(
                verb=each.verb, at=each.at, by=each.by, reason=each.reason,
                times=(before.times if before else 0) + 1,
            )  # fmt: skip
    return Case(version=version, started=started, left=left, reason=reason, walked=walked,
                answers=answers, seen=len(told))  # fmt: skip
