"""Which column of a file is what: by its name, by what it is usually called, or as the only one
left. Pure.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from onesystem.flow.sheets import column_of, days_of, is_figure
from onesystem.vocabulary import BadInput
from onesystem.vocabulary.said import say

Table = Mapping[str, Sequence[Any]]
_DATES = (
    *("date", "period", "month", "week", "day", "quarter", "time", "datetime", "ds"),
    *(
        say("reporting period"),
        say("month ending"),
        say("week ending"),
        say("week commencing"),
        say("week beginning"),
    ),
    *(
        say("period end"),
        say("period start"),
        say("effective snapshot date"),
        "year",
        say("financial year"),
    ),
    *(
        "sample",
        say("sample number"),
        "subgroup",
        "observation",
        "obs",
        "lot",
        "batch",
        "case",
        "index",
    ),
    "t",
)
_VALUES = (
    "value",
    "values",
    "y",
    say("measure value"),
    say("metric value"),
    "figure",
    "performance",
    "rate",
)
_ABOVE = (
    *("numerator", "num", "events", "defectives", "nonconforming", "defects", "breaches"),
    *("infections", "falls", "cases", "count", "counts"),
)  # fmt: skip
_BELOW = (
    *("denominator", "denom", "den", "n", say("sample size"), "size", "population", "attendances"),
    *(say("bed days"), say("occupied bed days"), "exposure", say("at risk")),
)  # fmt: skip
_FACETS = (
    *(
        "facet",
        "series",
        "measure",
        "metric",
        "indicator",
        say("measure name"),
        "organisation",
        "org",
    ),
    *(
        say("org code"),
        "provider",
        "trust",
        "site",
        "hospital",
        "ward",
        "service",
        "unit",
        "practice",
    ),
    *("place", "area", "name", "category", "group"),
)
_YEARS = ("year",)


@dataclass(frozen=True, slots=True, kw_only=True)
class Columns:
    """Which column is what; empty for the one that the names give away."""

    date: str = ""
    value: str = ""
    numerator: str = ""
    denominator: str = ""
    facets: tuple[str, ...] = ()
    year: str = ""  # where the dates are numbers of months, weeks or quarters
    target: str = ""
    rebase: str = ""

    @property
    def named(self) -> set[str]:
        """The columns that play a part."""
        return {
            self.date, self.value, self.numerator, self.denominator, self.year, self.target,
            self.rebase, *self.facets,
        }  # fmt: skip


def settled(table: Table, asked: Columns, *, events: bool) -> Columns:
    """The columns by name, where they were not named. Raises BadInput, or BadConfig for a name."""
    facets = tuple(column_of(table, name, ()) for name in asked.facets)
    when = column_of(table, asked.date, _DATES) or _dated(table, facets)
    year = column_of([n for n in table if n != when], "", _YEARS)
    found = replace(
        asked, date=when, facets=facets, year=year,
        target=column_of(table, "", ("target",)), rebase=column_of(table, "", ("rebase",)),
    )  # fmt: skip
    return _facets(table, found if events else _figures(table, found))


def _figures(table: Table, found: Columns) -> Columns:
    """What is plotted: one column, or one over another."""
    value, above = column_of(table, found.value, ()), column_of(table, found.numerator, ())
    below = column_of(table, found.denominator, ())
    if bool(above) != bool(below):
        raise BadInput(
            "a numerator wants a denominator, and a denominator a numerator",
            rule="spc.no-column",
            cure="Name both: --numerator NAME --denominator NAME",
        )
    if not value and not above:
        left = [name for name in table if name not in found.named]
        above, below = column_of(left, "", _ABOVE), column_of(left, "", _BELOW)
        if not (above and below):
            above, below, value = "", "", column_of(left, "", _VALUES) or _only(table, left)
    return replace(found, value=value, numerator=above, denominator=below)


def _facets(table: Table, found: Columns) -> Columns:
    """What sets series apart: a column called so, or one that usually does where dates repeat."""
    if found.facets:
        return found
    left = [name for name in table if name not in found.named]
    called = column_of(left, "", ("facet",))
    dates = list(table[found.date])
    if not called and len(set(zip(dates, table.get(found.year, dates), strict=True))) < len(dates):
        called = column_of(left, "", _FACETS)
    return replace(found, facets=(called,) if called else ())


def _dated(table: Table, facets: Sequence[str]) -> str:
    """The only column that holds dates, whatever it is called; or the first, where it may."""
    left = [name for name in table if name not in facets]
    dated = [name for name in left if _reads_as_days(table[name])]
    found = [name for name in dated if not _figured(table[name])] or dated[:1]
    if len(found) == 1 and (found[0] == left[0] or not _figured(table[found[0]])):
        return found[0]
    raise BadInput(
        "no column is called date",
        rule="spc.no-column",
        cure=say("Say which it is: --date NAME. There are: {table}", table=", ".join(table)),
    )


def _reads_as_days(cells: Sequence[Any]) -> bool:
    try:
        days_of(cells, "")
    except BadInput:
        return False
    return True


def _only(table: Table, left: Sequence[str]) -> str:
    """The only column that holds figures; or the only one, whose cells then say what is wrong."""
    figures = [name for name in left if _figured(table[name])]
    if len(figures) == 1 or len(left) == 1:
        return (figures or left)[0]
    raise BadInput(
        "no column is called value",
        rule="spc.no-column",
        cure=(
            say("Say which it is: --value NAME. There are: {left}", left=", ".join(left))
            if left
            else say("Add a column of figures; of events by their dates alone, ask for --chart t")
        ),
    )


def _figured(cells: Sequence[Any]) -> bool:
    return all(is_figure(cell) for cell in cells)
