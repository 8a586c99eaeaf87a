"""What lines take: beds, time, places and people; and the list that grows meanwhile. Pure."""

import numpy as np

from onesystem.plan.case import levels
from onesystem.plan.case.figures import ASSUMED, DERIVED, PUBLISHED, Figure
from onesystem.plan.case.lines import Need
from onesystem.plan.case.working import Drawn, Work, ranged

_TREATED = 0.85  # of who is referred, in England in the year to August 2024
_LIST = (
    "NHS England, incomplete pathways at the end of August 2024; as many are treated a year as in "
    "the first year, and who is referred beyond that waits"
)


def needs(work: Work) -> list[Figure]:
    """Everything that lines take, with what there is today where that is told."""
    return [_need(work, need, work.drawn[need.of]) for need in work.told.needs]


def _need(work: Work, need: Need, of: Drawn) -> Figure:
    now = levels.published(need.now, of.line, work.now) if need.now else None
    factor, told = _factor(work, need, of)
    there = None if now is None else now.value
    if need.times and (beds := levels.published("beds", of.line, work.now)):
        there = beds.value * factor / need.each
    return Figure(
        key=need.key, name=need.name, group=need.group, unit=need.unit, now=there,
        values=of.range(factor), source=need.source, kind=DERIVED if told else ASSUMED,
    )  # fmt: skip


def _factor(work: Work, need: Need, of: Drawn) -> tuple[float, bool]:
    """What one of a line takes, and whether the area's own figures say so."""
    if need.ratio:
        found = levels.published(need.ratio, of.line, work.now)
        if found and of.used:
            return found.value / of.used, True
        plain = need.rate * work.everybody / of.used if of.used else need.rate
        plain = _TREATED if need.ratio == "treated" else plain
        return plain, False
    if need.times:
        ratio = levels.ratio(need.times, work.now)
        return need.each * (ratio or need.rate), ratio is not None
    return need.each, bool(need.now and of.level.published)


def waiting(work: Work) -> Figure:
    """The list, where as many are treated a year as in the first and the rest wait."""
    of = work.drawn["planned"]
    need = next(each for each in work.told.needs if each.key == "treatments")
    factor, _ = _factor(work, need, of)
    begin = levels.published("waiting", of.line, work.now)
    now = begin.value if begin else of.level.value / 2

    def list_of(flow: np.ndarray) -> np.ndarray:
        """The list at the beginning of each year."""
        short = (flow - of.middle[0]) * factor
        grown: np.ndarray = np.maximum(now + np.cumsum(short, axis=-1) - short, 0)
        return grown

    kind = PUBLISHED if begin and begin.published else DERIVED if begin else ASSUMED
    return Figure(
        key="waiting", name="Waiting list, with today's treatments", group="clinic",
        unit="people waiting",
        values=ranged(list_of(of.draws), list_of(of.middle)), now=now, kind=kind, source=_LIST,
    )  # fmt: skip
