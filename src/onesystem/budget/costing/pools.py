"""Pools: what a group of staff costs in a month, what contacts used of it, and what is left. Pure.

A minute of the pool costs its cost over its practical minutes. What contacts used, each rounded to
whole minor units, and what nobody used sum to the pool, to the penny: the rest is what is left.
What is left is no contact's. It is shared among the pool's services as they used it, by largest
remainder; where nobody used it, in equal parts.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

from onesystem.budget.costing.cells import Cell, month_of, number_of
from onesystem.budget.costing.pricing import COUNTED
from onesystem.budget.costing.rates import Line, Pool, Rules
from onesystem.vocabulary import Money


@dataclass(frozen=True, slots=True, kw_only=True)
class Used:
    """A pool in a month. `unused` is below nothing where contacts used more than there is."""

    pool: Pool
    month: int
    used: int
    minutes: Fraction
    by_service: dict[str, int]

    @property
    def unused(self) -> int:
        """What is left of its cost."""
        return self.pool.cost - self.used

    @property
    def share(self) -> float:
        """The share of its practical minutes that contacts used."""
        return float(self.minutes / self.pool.minutes)

    def left_to(self) -> dict[str, int]:
        """What is left, by service: sums exactly to it."""
        services = self.pool.services
        weights = [max(0, self.by_service.get(service, 0)) for service in services]
        if not any(weights):
            weights = [1] * len(services)
        sign = -1 if self.unused < 0 else 1
        parts = Money(abs(self.unused), "").split(weights)
        return {s: sign * p.minor for s, p in zip(services, parts, strict=True)}


def used(rules: Rules, cells: Iterable[Cell], months: Iterable[int]) -> list[Used]:
    """Every pool in every one of these months, with what contacts used of it."""
    minor: dict[tuple[str, int], dict[str, int]] = defaultdict(lambda: defaultdict(int))
    minutes: dict[tuple[str, int], Fraction] = defaultdict(Fraction)
    for cell in cells:
        if cell.pool:
            key = cell.pool, cell.month
            minor[key][cell.service] += cell.minor
            line = _line(rules, cell)
            if line is not None:  # rules may be newer than the last costing
                minutes[key] += cell.quantity * line.minutes / COUNTED[line.per][1]
    return [
        Used(pool=pool, month=month, used=sum(minor[pool.code, month].values()),
             minutes=minutes[pool.code, month], by_service=dict(minor[pool.code, month]))
        for month in months
        for pool in rules.pools
        if pool.on(month_of(month)) and month >= number_of(rules.since)
    ]  # fmt: skip


def _line(rules: Rules, cell: Cell) -> Line | None:
    """The line that a cell is of, as the rule says it in that month."""
    month = month_of(cell.month)
    rule = next((r for r in rules.rules if r.name == cell.rule and r.on(month)), None)
    return rule.lines[cell.line] if rule and cell.line < len(rule.lines) else None
