"""Sums of costs by service, setting, mode, month, rule and line: what pages and the ledger ask."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any, NamedTuple

from onesystem.budget.costing.pricing import PricedRule
from onesystem.flow.measures import days

Array = Any
TEXTS = (
    "service", "setting", "mode", "rule", "basis", "kind", "name", "pool", "unit",
)  # fmt: skip
NUMBERS = ("month", "line", "portions", "begun", "quantity", "minor")


class Cell(NamedTuple):
    """One line of one rule, of the contacts of a service and mode in a month (see `month_of`)."""

    service: str
    setting: str
    mode: str
    rule: str
    basis: str
    kind: str
    name: str
    pool: str
    unit: str
    month: int
    line: int
    portions: int
    begun: int
    quantity: int
    minor: int


def schema() -> Any:
    """The Arrow schema of cells."""
    import pyarrow as pa

    return pa.schema(
        [(n, pa.string()) for n in TEXTS]
        + [(n, pa.int32() if n in {"month", "line"} else pa.int64()) for n in NUMBERS]
    )


def table(cells: Iterable[Cell]) -> Any:
    """Cells as an Arrow table."""
    import pyarrow as pa

    rows = list(cells)
    columns = zip(*rows, strict=True) if rows else ([] for _ in schema())
    arrays = [pa.array(list(c), f.type) for c, f in zip(columns, schema(), strict=True)]
    return pa.table(arrays, schema=schema())


def number_of(month: date) -> int:
    """A month as the columns have it: months since January 1970."""
    return (month.year - 1970) * 12 + month.month - 1


def month_of(number: int) -> date:
    """The first of a month by its number."""
    return date(1970 + number // 12, number % 12 + 1, 1)


def first_day(number: int) -> int:
    """The first day of a month, counted as `flow.measures.days` does."""
    return days.day_of(month_of(number))


def summed(
    groups: Sequence[tuple[str, str, str]], group: Array, began: Array, plan: PricedRule | None,
    month: int, lines: Sequence[tuple[Array, Array]],
) -> Iterable[Cell]:  # fmt: skip
    """The cells of contacts of one rule in one month, with what their lines came to."""
    import numpy as np

    size = len(groups)
    many = np.bincount(group, minlength=size)
    begun = np.bincount(group[began], minlength=size)
    there = np.flatnonzero(many)
    if plan is None:
        for g in there.tolist():
            yield Cell(*groups[g], "", "none", "none", "", "", "contact", month, 0,
                       int(many[g]), int(begun[g]), int(many[g]), 0)  # fmt: skip
        return
    # Sums of whole numbers below 2 to the 53 are exact in the floats that bincount adds.
    basis = plan.basis
    for number, (line, (quantity, amount)) in enumerate(zip(plan.lines, lines, strict=True)):
        counted = np.bincount(group, quantity, size).astype(np.int64)
        minor = np.bincount(group, amount, size).astype(np.int64)
        for g in there.tolist():
            yield Cell(*groups[g], plan.rule.name, basis, line.kind, line.name, line.pool,
                       line.unit, month, number, int(many[g]), int(begun[g]), int(counted[g]),
                       int(minor[g]))  # fmt: skip


def merged(cells: Iterable[Cell]) -> list[Cell]:
    """Cells of the same thing added up."""
    sums: dict[tuple[Any, ...], list[int]] = {}
    for cell in cells:
        held = sums.setdefault(cell[:11], [0, 0, 0, 0])
        for at, value in enumerate(cell[11:]):
            held[at] += value
    return [Cell(*key, *values) for key, values in sums.items()]
