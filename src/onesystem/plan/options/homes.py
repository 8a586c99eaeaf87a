"""Where people live: how many of them, and what a run came to for each place and fifth. Pure.

In the twin a person's place and fifth are drawn with the shares of those who come to each service,
by age: people of all places are treated alike there, and places differ in who comes to what. Who
goes from ward to ward is no new admission; the share of a ward's people who came from outside is
taken to be the same for all who lie there.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from onesystem.twin.scenarios.routes import WAY
from onesystem.twin.scenarios.summing import Values

_YEAR, _THOUSAND = 365.25, 1000.0
Places = Mapping[str, tuple[str, float]]
"""By the name that pages show: the group of the model, and how many people live there."""


def told(places: Places, settings: Mapping[str, str], values: Any, days: float
         ) -> dict[tuple[str, str], Values]:  # fmt: skip
    """By place and figure: waits, days at home a person, admissions and visits a thousand."""
    found: dict[tuple[str, str], Values] = {}
    for label, (group, people) in places.items():
        if ("wait", "", group) not in values:
            continue
        found[label, "wait"] = values["wait", "", group]
        if not people:
            continue
        a_head = _YEAR / days / people
        inside = values.get(("days in beds", "", group))
        if inside:
            found[label, "days at home a head"] = [_YEAR - (d or 0.0) * a_head for d in inside]
        came = admitted(group, settings, values)
        if came:
            found[label, "admissions a head"] = [d * a_head * _THOUSAND for d in came]
        seen = [values["came", node, group] for node, setting in settings.items()
                if setting == "ED" and ("came", node, group) in values]  # fmt: skip
        if seen:
            found[label, "attendances a head"] = [
                sum(each or 0.0 for each in some) * a_head * _THOUSAND
                for some in zip(*seen, strict=True)
            ]
    return found


def admitted(group: str, settings: Mapping[str, str], values: Any) -> list[float]:
    """People of a group who come to wards from outside wards, in each replication."""
    wards = {node for node, setting in settings.items() if setting == "ward"}
    found: list[float] = []
    for ward in sorted(wards):
        mine = values.get(("taken in", ward, group))
        if mine is None:
            continue
        share = _from_outside(ward, wards, values, len(mine))
        part = [(each or 0.0) * s for each, s in zip(mine, share, strict=True)]
        found = [a + b for a, b in zip(found, part, strict=True)] if found else part
    return found


def _from_outside(ward: str, wards: set[str], values: Any, count: int) -> list[float]:
    """The share of those who came to a ward that came from no ward; one where no way is told."""
    outside, whole = [0.0] * count, [0.0] * count
    for (figure, where, _), each in values.items():
        if figure != "went" or (ends := where.split(WAY))[-1] != ward:
            continue
        whole = [a + (b or 0.0) for a, b in zip(whole, each, strict=True)]
        if ends[0] not in wards:
            outside = [a + (b or 0.0) for a, b in zip(outside, each, strict=True)]
    return [o / w if w else 1.0 for o, w in zip(outside, whole, strict=True)]


def gap(fifths: Sequence[Values]) -> Values:
    """By replication, the figure of the most deprived fifth less that of the least."""
    first, last = fifths[0], fifths[-1]
    return [None if a is None or b is None else a - b for a, b in zip(first, last, strict=True)]


def apart(now: Mapping[str, Values], before: Mapping[str, Values]) -> Values:
    """By replication, the largest relative change of any place less the smallest."""
    made: Values = []
    for nth in range(len(next(iter(before.values()), []))):
        changes = [
            (now[place][nth] or 0.0) / was - 1 for place, values in before.items()
            if place in now and (was := values[nth] or 0.0) > 0
        ]  # fmt: skip
        made.append(max(changes) - min(changes) if changes else None)
    return made
