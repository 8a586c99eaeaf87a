"""Adherence: do journeys go the agreed way, where do they leave it, and into what. Pure.

An agreed way is a list of stages in order. A journey reaches a stage with its first step of one of
the stage's kinds after it reached the stage before; what lies between is a detour and no fault.
A journey *leaves* the way at the first stage that it does not reach, and is *late* where a stage
was reached after its limit.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from onesystem.flow.journeys.stage import Stage
from onesystem.flow.journeys.steps import Mask, Steps, Whole

_NEVER = -1


@dataclass(frozen=True, slots=True, kw_only=True)
class Reached:
    """A stage over many journeys: reached, in time, late, left before it, and into what.

    `time` is the median from the stage that the limit counts from, in microseconds. `instead`
    counts the kind of step that came next in journeys that left here ("" where none came).
    """

    stage: Stage
    reached: int
    late: int
    left: int
    time: float | None
    instead: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Adherence:
    """How many journeys entered the way, kept to it to the end, and kept it in time."""

    journeys: int
    entered: int
    kept: int
    in_time: int
    stages: tuple[Reached, ...]
    left_at: Whole  # per journey: the stage at which it left; the number of stages where it kept
    late: Mask  # per journey: whether any stage was late


def adherence(steps: Steps, way: Sequence[Stage]) -> Adherence:
    """Hold journeys against an agreed way.

    Raises ValueError where the way is empty, or a limit counts from a stage that is not before.
    """
    _check(way)
    count = steps.journeys
    at: dict[str, Whole] = {}
    here = np.full(count, _NEVER, np.int64)
    going = np.ones(count, np.bool_)
    left_at = np.full(count, len(way), np.int64)
    late = np.zeros(count, np.bool_)
    found = []
    for i, stage in enumerate(way):
        place = _next_place(steps, stage, here)
        got = going & (place != _NEVER)
        lost = going & ~got if not stage.optional else np.zeros(count, np.bool_)
        since = at.get(stage.since or (way[i - 1].name if i else ""))
        took, measured = _took(steps, place, since, got)
        over = np.zeros(count, np.bool_)
        if stage.within is not None:
            over[measured] = took > stage.within
        found.append(
            Reached(
                stage=stage,
                reached=int(got.sum()),
                late=int(over.sum()),
                left=int(lost.sum()),
                time=float(np.median(took)) if len(took) else None,
                instead=_instead(steps, here, lost) if i else (),
            )
        )
        left_at[lost] = i
        late |= over
        going &= ~lost
        here = np.where(got, place, here)
        at[stage.name] = np.where(got, place, _NEVER)
    kept = left_at == len(way)
    return Adherence(
        journeys=count,
        entered=int((left_at > 0).sum()),
        kept=int(kept.sum()),
        in_time=int((kept & ~late).sum()),
        stages=tuple(found),
        left_at=left_at,
        late=late,
    )


def _check(way: Sequence[Stage]) -> None:
    if not way:
        raise ValueError("an agreed way needs at least one stage")
    seen: set[str] = set()
    for stage in way:
        if stage.since and stage.since not in seen:
            raise ValueError(f"the limit of {stage.name!r} counts from {stage.since!r}, not before")
        if stage.name in seen:
            raise ValueError(f"two stages are called {stage.name!r}")
        seen.add(stage.name)


def _next_place(steps: Steps, stage: Stage, here: Whole) -> Whole:
    """Per journey: its first step of the stage's kinds after `here`."""
    fits = np.array([name in stage.kinds for name in steps.names], np.bool_)
    places = np.flatnonzero(fits[steps.kind]) if len(fits) else np.zeros(0, np.int64)
    places = places[places > here[steps.journey[places]]]
    made = np.full(steps.journeys, _NEVER, np.int64)
    made[steps.journey[places[::-1]]] = places[::-1]  # the earliest is written last, and stays
    return made


def _took(steps: Steps, place: Whole, since: Whole | None, got: Mask) -> tuple[Whole, Mask]:
    """The time from the stage that counts, and for which journeys it is known."""
    if since is None:
        return np.zeros(0, np.int64), np.zeros(len(got), np.bool_)
    measured = got & (since != _NEVER)
    return steps.start[place[measured]] - steps.start[since[measured]], measured


def _instead(steps: Steps, here: Whole, lost: Mask) -> tuple[tuple[str, int], ...]:
    """What came next in the journeys that left, the most frequent first."""
    if not lost.any():
        return ()
    after = here[lost] + 1
    ended = here[lost] == steps.last[lost]
    kinds = steps.kind[after[~ended]]
    counts = [(steps.names[k], int(n)) for k, n in enumerate(np.bincount(kinds)) if n]
    if ended.any():
        counts.append(("", int(ended.sum())))
    return tuple(sorted(counts, key=lambda pair: (-pair[1], pair[0])))
