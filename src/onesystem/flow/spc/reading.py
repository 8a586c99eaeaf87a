"""Columns of a file into series: which column is what, and each cell as a date or a number. Pure.

Nothing is dropped on the way: a cell that is neither a figure nor plainly "not known" stops the
reading, with its row and what to write instead.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Any

from onesystem.flow.spc.cells import day, figure
from onesystem.flow.spc.series import Series
from onesystem.vocabulary import BadInput, nearest

_DATES = ("date", "period", "month", "week", "day", "quarter", "year", "time")


@dataclass(frozen=True, slots=True, kw_only=True)
class Columns:
    """Which column is what; empty for the one that the names give away."""

    date: str = ""
    value: str = ""
    numerator: str = ""
    denominator: str = ""
    facets: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """A series, and what sets it apart from the others of the file."""

    facets: tuple[tuple[str, str], ...]
    series: Series

    @property
    def name(self) -> str:
        """The facets in one line; empty where there is one series."""
        return ", ".join(value for _, value in self.facets)


def split(
    table: Mapping[str, Sequence[Any]], columns: Columns, *, events: bool = False
) -> list[Named]:
    """The series of a table given by columns, in the order in which they first appear.

    With `events`, each row is an event and the value is the time in days since the one before;
    the first has none.
    """
    columns = _settle(table, columns, events=events)
    groups: dict[tuple[str, ...], list[int]] = {}
    dates = [day(cell, row, columns.date) for row, cell in enumerate(table[columns.date], 2)]
    facets = [table[name] for name in columns.facets]
    for row in range(len(dates)):
        groups.setdefault(tuple(str(column[row]) for column in facets), []).append(row)
    return [
        Named(
            facets=tuple(zip(columns.facets, key, strict=True)),
            series=_series(table, columns, dates, rows, events=events),
        )
        for key, rows in groups.items()
    ]


def _series(
    table: Mapping[str, Sequence[Any]],
    columns: Columns,
    dates: Sequence[date],
    rows: Sequence[int],
    *,
    events: bool,
) -> Series:
    when = [dates[row] for row in rows]
    _once(when, rows, table, columns, events=events)
    if columns.numerator:
        above, below = (
            [figure(table[name][row], row + 2, name) for row in rows]
            for name in (columns.numerator, columns.denominator)
        )
        return Series.of_counts(when, above, below)
    if events:
        when.sort()
        gaps = [float((b - a).days) for a, b in pairwise(when)]
        return Series.of(when, [None, *gaps][: len(when)])
    return Series.of(when, [figure(table[columns.value][r], r + 2, columns.value) for r in rows])


def _once(
    when: Sequence[date], rows: Sequence[int], table: Mapping[str, Any], columns: Columns, *,
    events: bool,
) -> None:  # fmt: skip
    first: dict[date, int] = {}
    for each, row in zip(when, rows, strict=True):
        if each in first:
            spare = [n for n in table if n not in _named(columns)]
            cure = "Give one row for each date"
            if events:
                cure = "Give events of one day as one, or days with their counts, for a c chart"
            if spare:
                cure += f", or set the series apart: --facet {spare[0]}"
            raise BadInput(
                f"{each} stands in row {first[each] + 2} already",
                rule="spc.duplicate-date",
                cure=cure,
                where=f"row {row + 2}, column {columns.date}",
            )
        first[each] = row


def _named(columns: Columns) -> set[str]:
    return {columns.date, columns.value, columns.numerator, columns.denominator, *columns.facets}


def _settle(table: Mapping[str, Sequence[Any]], asked: Columns, *, events: bool) -> Columns:
    """The columns by name, where they were not named."""
    for name in _named(asked) - {""}:
        if name not in table:
            raise BadInput(
                f"there is no column {name!r}", rule="spc.no-column", cure=nearest(name, table)
            )
    lower = {name.strip().lower(): name for name in table}
    when = asked.date or next((lower[n] for n in _DATES if n in lower), "")
    if not when:
        raise BadInput(
            "no column is called date",
            rule="spc.no-column",
            cure=f"Say which it is: --date NAME. There are: {', '.join(table)}",
        )
    value, above, below = asked.value, asked.numerator, asked.denominator
    if not value and not above and not events:
        if "numerator" in lower and "denominator" in lower:
            above, below = lower["numerator"], lower["denominator"]
        else:
            value = lower.get("value") or _only(table, {when, *asked.facets})
    if bool(above) != bool(below):
        raise BadInput(
            "a numerator wants a denominator, and a denominator a numerator",
            rule="spc.no-column",
            cure="Name both: --numerator NAME --denominator NAME",
        )
    facets = asked.facets or tuple(lower[n] for n in ("facet",) if n in lower)
    return Columns(date=when, value=value, numerator=above, denominator=below, facets=facets)


def _only(table: Mapping[str, Sequence[Any]], taken: set[str]) -> str:
    left = [name for name in table if name not in taken]
    if len(left) != 1:
        raise BadInput(
            "no column is called value",
            rule="spc.no-column",
            cure=(
                f"Say which it is: --value NAME. There are: {', '.join(left)}"
                if left
                else "Add a column of figures; of events by their dates alone, ask for --chart t"
            ),
        )
    return left[0]


def table_of(head: Sequence[str], rows: Iterable[Sequence[str]]) -> dict[str, list[str]]:
    """Rows of text under a head, as columns. Raises BadInput for a row of another width."""
    names = [name.strip().removeprefix("\ufeff") for name in head]
    twice = sorted({n for n in names if names.count(n) > 1})
    if twice:
        raise BadInput(
            f"two columns are called {twice[0]!r}",
            rule="spc.column-twice",
            cure="Give each column a name of its own",
        )
    table: dict[str, list[str]] = {name: [] for name in names}
    filled = list(rows)
    while filled and not any(filled[-1]):
        filled.pop()
    if not filled:
        raise BadInput(
            "no rows stand under the head", rule="spc.empty", cure="Give a row for each date"
        )
    for number, row in enumerate(filled, 2):
        if len(row) != len(names):
            raise BadInput(
                f"{len(row)} cells stand under {len(names)} columns",
                rule="spc.row-width",
                cure="Put quotes around cells that hold commas",
                where=f"row {number}",
            )
        for name, cell in zip(names, row, strict=True):
            table[name].append(cell)
    return table
