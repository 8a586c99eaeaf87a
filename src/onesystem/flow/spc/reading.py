"""Columns of a file into series, each cell as a date or a number. Pure.

Nothing is dropped on the way: a cell that is neither a figure nor plainly "not known" stops the
reading, with its row and what to write instead.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Any

from onesystem.flow.sheets import days_of, figure
from onesystem.flow.spc.parts import Columns, Table, settled
from onesystem.flow.spc.series import Series
from onesystem.vocabulary import BadInput
from onesystem.vocabulary.said import say

__all__ = ["Columns", "Named", "split"]
_YES = frozenset({"1", "1.0", "true", "yes", "y", "x"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """A series, what sets it apart from the others of the file, and what else the file says."""

    facets: tuple[tuple[str, str], ...]
    series: Series
    target: float | None = None
    rebase: tuple[date, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """The facets in one line; empty where there is one series."""
        return ", ".join(value for _, value in self.facets)


def split(table: Table, asked: Columns, *, events: bool = False) -> list[Named]:
    """The series of a table given by columns, in the order in which they first appear.

    With `events`, each row is an event and the value is the time in days since the one before;
    the first has none.
    """
    columns = settled(table, asked, events=events)
    groups: dict[tuple[str, ...], list[int]] = {}
    read = days_of(table[columns.date], columns.date, table.get(columns.year))
    facets = [table[name] for name in columns.facets]
    for row in range(len(read.days)):
        groups.setdefault(tuple(str(column[row]) for column in facets), []).append(row)
    return [
        _named(table, columns, read.days, rows, key, read.notes, events=events)
        for key, rows in groups.items()
    ]


def _named(
    table: Table, columns: Columns, days: Sequence[date], rows: Sequence[int],
    key: tuple[str, ...], notes: tuple[str, ...], *, events: bool,
) -> Named:  # fmt: skip
    target, said = _target(table, columns, rows)
    begins = table.get(columns.rebase, ())
    return Named(
        facets=tuple(zip(columns.facets, key, strict=True)),
        series=_series(table, columns, days, rows, events=events),
        target=target,
        rebase=tuple(days[r] for r in rows if begins and str(begins[r]).strip().lower() in _YES),
        notes=(*notes, *said),
    )


def _target(
    table: Table, columns: Columns, rows: Sequence[int]
) -> tuple[float | None, tuple[str, ...]]:
    """The last target of a column of targets, and whether it was another before."""
    if not columns.target:
        return None, ()
    told = [figure(table[columns.target][row], row + 2, columns.target) for row in rows]
    known = [each for each in told if each is not None]
    if not known:
        return None, ()
    if len(set(known)) == 1:
        return known[-1], ()
    return known[-1], (
        say(
            "The target was not always {known}: the last one is held against.",
            known=f"{known[-1]:g}",
        ),
    )


def _series(
    table: Table, columns: Columns, dates: Sequence[date], rows: Sequence[int], *, events: bool
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
    when: Sequence[date], rows: Sequence[int], table: Table, columns: Columns, *, events: bool
) -> None:
    first: dict[date, int] = {}
    for each, row in zip(when, rows, strict=True):
        if each in first:
            spare = [name for name in table if name not in columns.named]
            raise BadInput(
                say("{each} stands in row {first} already", each=each, first=first[each] + 2),
                rule="spc.duplicate-date",
                cure=_apart(spare, events=events),
                where=say("row {row}, column {date}", row=row + 2, date=columns.date),
            )
        first[each] = row


def _apart(spare: Sequence[Any], *, events: bool) -> str:
    cure = say("Give one row for each date")
    if events:
        cure = say("Give events of one day as one, or days with their counts, for a c chart")
    return (
        say("{cure}, or set the series apart: --facet {spare}", cure=cure, spare=spare[0])
        if spare
        else cure
    )
