"""What lines cost by year, at the prices of one year, by who pays. Pure."""

from collections.abc import Sequence

import numpy as np

from onesystem.plan.case import levels
from onesystem.plan.case.figures import DERIVED, Figure
from onesystem.plan.case.lines import Line
from onesystem.plan.case.working import Work, ranged

_DOLLARS = 2.1  # New Zealand dollars for what a pound buys; an assumption
_Both = tuple[np.ndarray, np.ndarray]  # draws and middle


def money(work: Work) -> list[Figure]:
    """All of it, by who pays, and by line."""
    cost, sd = work.taken.real_cost
    dearer = (1 + (cost + sd * work.cost_luck)[:, None] / 100) ** work.after
    dearer_middle = (1 + cost / 100) ** work.after
    parts: dict[str, list[_Both]] = {"health": [], "council": []}
    each: list[Figure] = []
    for line in (line for line in work.told.lines if line.spend):
        of, minor = work.drawn[line.key], minor_of(work, line)
        both = of.draws * minor * dearer, of.middle * minor * dearer_middle
        parts[line.funder].append(both)
        each.append(_sum(work, f"money-{line.key}", line.name, [both], line.spend_source))
    whole = [*parts["health"], *parts["council"]]
    return [
        _sum(work, "money", "Health and social care", whole, "The sum of the lines below"),
        _sum(work, "money-health", "Health", parts["health"], "The sum of its lines"),
        _sum(work, "money-council", "Social care, whoever pays", parts["council"],
             "The sum of its lines"),
        *each,
    ]  # fmt: skip


def minor_of(work: Work, line: Line) -> float:
    """Minor units for one of a line in the first year, at the case's prices."""
    told = work.told.settings
    deflator = told[f"deflator_{line.deflate}" if line.deflate else "deflator"]
    currency = _DOLLARS if work.now.area.currency == "NZD" else 1.0
    return float(line.spend * deflator * 100 * currency / levels.england(line))


def _sum(work: Work, key: str, name: str, parts: Sequence[_Both], source: str) -> Figure:
    draws, middle = (np.sum([each[n] for each in parts], axis=0) for n in (0, 1))
    return Figure(
        key=key, name=name, group="money", unit=f"{work.now.area.currency} a year",
        values=np.rint(ranged(draws, middle)).astype(np.int64), source=source, kind=DERIVED,
    )  # fmt: skip
