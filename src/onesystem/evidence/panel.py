"""A panel: several units over the same periods, and when each began to be treated."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from onesystem.vocabulary import BadInput

Array = Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Panel:
    """Values by unit and period. `start` is the first treated period of a unit, None for never."""

    units: tuple[str, ...]
    periods: tuple[Any, ...]
    values: Array  # units x periods
    start: tuple[Any | None, ...]
    clusters: tuple[str, ...] = ()
    unit: str = ""

    @property
    def begins(self) -> Array:
        """The place of each unit's first treated period; the number of periods for never."""
        last = len(self.periods)
        return np.array([last if s is None else _at(self.periods, s) for s in self.start])

    def mean_of(self, rows: Array) -> Array:
        """The mean of some units by period."""
        return self.values[rows].mean(axis=0)


def _at(periods: Sequence[Any], start: Any) -> int:
    return sum(p < start for p in periods)


def panel(
    rows: Sequence[tuple[str, Any, float]],
    start: Mapping[str, Any | None],
    *,
    clusters: Mapping[str, str] | None = None,
    complete_only: bool = False,
    unit: str = "",
    where: str = "row",
) -> Panel:
    """A checked panel of (unit, period, value) rows. Raises BadInput naming the row and the cure.

    complete_only leaves out units that lack a period; otherwise they are refused.

    >>> told = panel([("A", 2025, 4.0), ("A", 2026, 3.0), ("B", 2025, 4.0), ("B", 2026, 4.5)],
    ...              {"A": 2026, "B": None})
    >>> told.units, told.values.shape, told.begins.tolist()
    (('A', 'B'), (2, 2), [1, 2])
    """
    if not rows:
        raise BadInput("there are no rows", rule="evidence.empty", cure="Check the file")
    cells: dict[tuple[str, Any], float] = {}
    for i, (name, period, value) in enumerate(rows):
        if (name, period) in cells:
            raise BadInput(
                f"{name} has {period} twice",
                rule="evidence.twice",
                cure="Keep one row a unit and period: sum or average them first",
                where=f"{where} {i + 2}",
            )
        if value is None or not np.isfinite(value):
            raise BadInput(
                f"{name} has no value in {period}",
                rule="evidence.missing",
                cure="Fill it in, or leave the unit out: --complete-only",
                where=f"{where} {i + 2}",
            )
        cells[name, period] = float(value)
    periods = in_order([p for _, p, _ in rows], where)
    units = tuple(dict.fromkeys(n for n, _ in cells))
    lacking = {n: p for n in units for p in periods if (n, p) not in cells}
    if lacking and not complete_only:
        name, period = next(iter(lacking.items()))
        raise BadInput(
            f"{name} lacks {period}; {len(lacking)} units lack a period",
            rule="evidence.gaps",
            cure="Fill them in, or leave these units out: --complete-only",
        )
    units = tuple(n for n in units if n not in lacking)
    if len(units) < 2 or len(periods) < 2:
        raise BadInput(
            f"{len(units)} units over {len(periods)} periods cannot be compared",
            rule="evidence.too-small",
            cure="Give at least two units and two periods",
        )
    grid = np.array([[cells[n, p] for p in periods] for n in units])
    groups = tuple((clusters or {}).get(n, n) for n in units)
    return Panel(
        units=units, periods=periods, values=grid, clusters=groups, unit=unit,
        start=tuple(_start(start.get(n), periods) for n in units),
    )  # fmt: skip


def in_order(told: Sequence[Any], where: str) -> tuple[Any, ...]:
    """The periods, oldest first. Raises BadInput where some are dates and some are numbers."""
    kind = type(told[0])
    for i, period in enumerate(told):
        if not isinstance(period, kind):
            raise BadInput(
                f"the period {period!r} is written in another way than {told[0]!r}",
                rule="evidence.periods-differ",
                cure="Write all periods as dates, or all as numbers",
                where=f"{where} {i + 2}",
            )
    return tuple(sorted(set(told)))


def _start(start: Any | None, periods: Sequence[Any]) -> Any | None:
    return None if start is None or start > periods[-1] else start


def treated_before(data: Panel) -> tuple[str, ...]:
    """Units that were treated from the first period on: they show no before."""
    return tuple(n for n, b in zip(data.units, data.begins, strict=True) if b == 0)
