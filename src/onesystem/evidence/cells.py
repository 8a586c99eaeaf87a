"""A sheet as the cells of a stepped wedge, and as predictors by place. Pure."""

from collections.abc import Sequence
from typing import Any

from onesystem.evidence.panels import read_periods, starts
from onesystem.evidence.reading import NO, YES, Sheet, number
from onesystem.evidence.steps import Steps, steps
from onesystem.vocabulary import BadConfig, BadInput
from onesystem.vocabulary.said import say


def steps_of(
    data: Sheet, *, unit: str = "", when: str = "", value: str = "", treated: str = "",
    start: str = "", size: str = "", outcome: str = "",
) -> Steps:  # fmt: skip
    """The cells of a stepped wedge: a row a cluster and period, or a row a person.

    Who is treated stands in a column of yes and no, or follows from each cluster's start.
    """
    name, when = data.column(unit, "unit"), data.column(when, "date", taken=(unit,))
    periods = read_periods(data, when)
    flag = "" if start else data.column(treated, "treated", needed=False)
    first, size = "" if flag else data.column(start, "start"), data.named(size)
    value = data.column(value, "value", taken=(name, when, flag, first, size))
    begins = starts(data, name, first, periods) if first else {}
    sizes = data.numbers(size) if size else [1.0] * len(data.rows)
    rows = []
    for i, (row, at) in enumerate(zip(data.rows, periods.told, strict=True)):
        begun = begins.get(row[name])
        on = _yes(row[flag], flag, i) if flag else begun is not None and at >= begun
        rows.append((row[name], at, on, number(row[value], value, i), sizes[i]))
    return steps(rows, unit=outcome or value)


def _yes(cell: str, column: str, i: int) -> bool:
    told = cell.lower()
    if told not in YES | NO or not told:
        raise BadInput(
            say("{column} is {cell}", column=column, cell=repr(cell)),
            rule="evidence.yes-no",
            where=say("row {i}", i=i + 2),
            cure="Write 1 where the change is in place, 0 where not",
        )
    return told in YES


def means_of(
    data: Sheet, units: Sequence[str], said: str, *, unit: str = "", when: str = ""
) -> list[float]:
    """The mean of a column by unit, said as `column`, `column=1975` or `column=1980:1988`.

    Empty cells are left out. Raises BadInput where a unit has none, BadConfig for no such column.
    """
    name, when = data.column(unit, "unit"), data.column(when, "date", taken=(unit,))
    column, _, span = said.partition("=")
    column = data.named(column)
    if not column:
        raise BadConfig(
            say("{said} names no column", said=repr(said)), "Give COLUMN, or COLUMN=FIRST:LAST"
        )
    periods = read_periods(data, when)
    first, _, last = span.partition(":")
    low, high = (periods.read(text, column) if text else None for text in (first, last or first))
    found: dict[str, list[float]] = {each: [] for each in units}
    for i, (row, at) in enumerate(zip(data.rows, periods.told, strict=True)):
        if _inside(at, low, high) and row[name] in found and row[column].lower() not in {"", "na"}:
            found[row[name]].append(number(row[column], column, i))
    lacks = next((each for each, values in found.items() if not values), None)
    if lacks is not None:
        raise BadInput(
            say("{lacks} has no {said}", lacks=lacks, said=said), rule="evidence.predictor",
            cure="Choose other periods, or leave the predictor out",
        )  # fmt: skip
    return [sum(values) / len(values) for values in found.values()]


def _inside(at: Any, low: Any, high: Any) -> bool:
    return (low is None or at >= low) and (high is None or at <= high)
