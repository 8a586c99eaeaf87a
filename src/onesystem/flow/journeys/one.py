"""One person's journey: its steps, held against the map of many and against an agreed way. Pure.

The same rules as for many, in plain Python: a page that shows one journey needs no columns.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

from onesystem.flow.journeys.stage import Stage

_MICRO = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One contact of the journey. `why` is what its source says of it; `cost` in minor units."""

    kind: str
    service: str
    start: datetime
    end: datetime | None = None
    contact: int = 0
    why: str = ""
    cost: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Beside:
    """A step beside the same step of many. Times in microseconds, None where not known.

    `since` is from the start of the step before, `usual` its median and `ninth` its ninth decile
    over many; `stay` is this step's own, `usual_stay` the median of its kind. `others` counts how
    often anybody went so: 0 where nobody else did.
    """

    step: Step
    since: int | None
    usual: float | None
    ninth: float | None
    others: int
    stay: int | None
    usual_stay: float | None

    @property
    def slow(self) -> bool:
        """Whether it took longer to come than in nine of ten."""
        return self.since is not None and self.ninth is not None and self.since > self.ninth


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """A stage of an agreed way in one journey. `took` in microseconds since what it counts from.

    `instead` is the step that came where this stage should have, None where nothing more came.
    """

    stage: Stage
    step: Step | None
    took: int | None
    late: bool
    left: bool
    instead: Step | None


def journeys(
    moments: Iterable[datetime], *, before: int, after: int
) -> list[tuple[datetime, datetime, datetime]]:
    """The journeys around a person's anchors: the first anchor, the opening, the close.

    Anchors that lie at most `after` days apart are one journey, as for many.
    """
    made: list[tuple[datetime, datetime]] = []
    for moment in sorted(moments):
        if made and moment - made[-1][1] <= timedelta(days=after):
            made[-1] = (made[-1][0], moment)
        else:
            made.append((moment, moment))
    return [
        (first, first - timedelta(days=before), last + timedelta(days=after))
        for first, last in made
    ]


def beside(
    steps: Sequence[Step], found: Mapping[str, Any], *, within: bool = False
) -> list[Beside]:
    """Each step beside the map of many, as it is kept (`answer.answer`'s `map`).

    `within` says that the map holds this very journey, which is not counted among others then.
    """
    own = Counter((a.kind, b.kind) for a, b in pairwise(steps)) if within else Counter()
    nodes = {n["name"]: n for n in found["nodes"]}
    arrows = {(a["source"], a["target"]): a for a in found["arrows"]}
    made = []
    for earlier, step in zip((None, *steps[:-1]), steps, strict=True):
        pair = (earlier.kind, step.kind) if earlier else ("", "")
        arrow = arrows.get(pair)
        node = nodes.get(step.kind)
        made.append(
            Beside(
                step=step,
                since=(step.start - earlier.start) // _MICRO if earlier else None,
                usual=arrow["time"] if arrow else None,
                ninth=arrow["ninth"] if arrow else None,
                others=max(0, arrow["steps"] - own[pair]) if arrow else 0,
                stay=(step.end - step.start) // _MICRO if step.end else None,
                usual_stay=node["stay"] if node else None,
            )
        )
    return made


def held(steps: Sequence[Step], way: Sequence[Stage]) -> list[Kept]:
    """One journey against an agreed way, by the rules of `adherence`.

    A stage after the one at which the journey left has neither step nor time.
    """
    at: dict[str, int] = {}
    here, going = -1, True
    made = []
    for i, stage in enumerate(way):
        reached = (n for n in range(here + 1, len(steps)) if steps[n].kind in stage.kinds)
        place = next(reached, None) if going else None
        since = at.get(stage.since or (way[i - 1].name if i else ""))
        took = None
        if place is not None and since is not None:
            took = (steps[place].start - steps[since].start) // _MICRO
        left = going and place is None and not stage.optional
        after = here + 1 if left and i and here + 1 < len(steps) else None
        made.append(
            Kept(
                stage=stage,
                step=None if place is None else steps[place],
                took=took,
                late=took is not None and stage.within is not None and took > stage.within,
                left=left,
                instead=None if after is None else steps[after],
            )
        )
        going = going and not left
        if place is not None:
            here = at[stage.name] = place
    return made
