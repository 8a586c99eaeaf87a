"""A table with the columns that a design needs, read with errors that name the row and the cure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from onesystem.evidence.series import Every, Timed, timed
from onesystem.flow.sheets import column_of, days_of, figure, is_figure, rows_of
from onesystem.vocabulary import BadConfig, BadInput
from onesystem.vocabulary.said import say

YES = {"1", "1.0", "true", "yes", "y", "t", "treated", "treatment", "after", "post"}
NO = {
    *("", "0", "0.0", "false", "no", "n", "f", "control", "untreated", "before", "pre"),
    *("never", "na"),
}
_PLACES = (
    *("unit", "place", "site", "practice", "organisation", "state", "cluster", "ward", "county"),
    *("region", "country", "hospital", "trust", "school", "clinic", "city", "municipality", "firm"),
    *("store", "id", say("unit id"), "name", "countyreal", "statefip", "sid", "code", "subject"),
    "person",
)
# What a column is usually called, by what it is for.
USUAL: dict[str, tuple[str, ...]] = {
    "date": ("date", "month", "week", "day", "period", "quarter", "year", "time", "t", "wave"),
    "year": ("year",),
    "value": ("value", "count", "events", "outcome", "numerator", "y", "n"),
    "denominator": ("denominator", "population", "pop", "at risk"),
    "unit": _PLACES,
    "start": (
        *("start", "began", "treated from", "first treated", "first treat", "first treatment"),
        *("cohort", "g", "gvar", "adoption", "adopted", "treatment year", "treat year", "effyear"),
    ),
    "treated": ("treated", "intervention", "treatment", "treat", "exposed", "d", "group"),
    "post": ("post", "after", "post treatment", "post intervention", "phase", "intervention"),
    "score": ("score", "running", "running variable", "forcing", "x", "margin", "age"),
    "size": ("size", "people", "cases"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Sheet:
    """Rows of text by column."""

    columns: tuple[str, ...]
    rows: tuple[dict[str, str], ...]

    def column(
        self, name: str, role: str, *, needed: bool = True, taken: Sequence[str] = ()
    ) -> str:
        """The column for a role: the one that is named, or the one that is usually called so.

        Of the outcome, the only column of figures that plays no other part (`taken`).
        """
        left = self.columns if name else [c for c in self.columns if c not in taken]
        found = column_of(left, name, USUAL[role])
        if not found and role == "value":
            figures = [c for c in left if self.is_of(c, is_figure) and not c.startswith("column ")]
            found = figures[0] if len(figures) == 1 else ""
        if found or not needed:
            return found
        raise BadConfig(
            say("no column is plainly the {role}", role=role),
            say(
                "Name it with --{role}. Columns: {columns}",
                role=role,
                columns=", ".join(self.columns),
            ),
        )

    def named(self, name: str) -> str:
        """The column that somebody named; empty where nobody did. Raises BadConfig."""
        return column_of(self.columns, name, ())

    def is_of(self, column: str, kind: object) -> bool:
        """Whether all cells of a column are of a kind."""
        return all(kind(row[column]) for row in self.rows)  # type: ignore[operator]

    def flagged(self, column: str) -> bool:
        """Whether a column says yes or no, and says both."""
        told = {row[column].lower() for row in self.rows}
        return told <= YES | NO and bool(told & YES) and bool(told & NO)

    def numbers(self, column: str) -> list[float]:
        """A column as numbers; BadInput names the row."""
        return [number(r[column], column, i) for i, r in enumerate(self.rows)]

    def days(self, column: str) -> tuple[date, ...]:
        """A column as days, or as numbers in their place; BadInput names the row."""
        year = self.column("", "year", needed=False, taken=(column,))
        years = [row[year] for row in self.rows] if year else None
        return days_of([row[column] for row in self.rows], column, years).days

    def where(self, column: str) -> "Sheet":
        """The rows in which a column is known."""
        kept = tuple(
            r for i, r in enumerate(self.rows) if figure(r[column], i + 2, column) is not None
        )
        return Sheet(self.columns, kept)


def sheet(data: bytes) -> Sheet:
    """The rows of a CSV file. Raises BadInput."""
    names, rows = rows_of(data)
    return Sheet(tuple(names), tuple(dict(zip(names, row, strict=True)) for row in rows))


def number(text: str, column: str, i: int) -> float:
    """A number that is known; `i` is the place of its row."""
    found = figure(text, i + 2, column)
    if found is None:
        raise BadInput(
            say(
                "{column} is {if_text}",
                column=column,
                if_text=say("{text}, which is not known", text=repr(text))
                if text
                else say("empty"),
            ),
            rule="evidence.no-number",
            cure="Write a number, or leave the row out (with --gaps for a series)",
            where=say("row {i}", i=i + 2),
        )
    return found


def series_of(
    data: Sheet,
    *,
    when: str = "",
    value: str = "",
    denominator: str = "",
    kind: str = "",
    every: Every | None = None,
    gaps: bool = False,
    unit: str = "",
) -> Timed:
    """The series of a sheet. With `gaps` rows without a figure are left out.

    Whole numbers beside a column that is called population or the like are counted out of it.
    """
    when = data.column(when, "date")
    below = data.column(denominator, "denominator", needed=bool(denominator), taken=(when, value))
    value = data.column(value, "value", taken=(when, below))
    for column in (value, below):
        data = data.where(column) if gaps and column else data
    figures = data.numbers(value)
    counted = bool(denominator) or (kind != "mean" and all(f.is_integer() for f in figures))
    return timed(
        data.days(when), figures, data.numbers(below) if below and counted else [],
        kind=kind or None, every=every, gaps=gaps, unit=unit or value, name=value,  # type: ignore[arg-type]
    )  # fmt: skip


def begins(data: Sheet, *, when: str = "", post: str = "") -> str:
    """The first date on which a column says yes, as it is written. Raises BadConfig, BadInput."""
    when = data.column(when, "date")
    flags = [post] if post else USUAL["post"] + USUAL["treated"]
    named = [found for flag in flags if (found := column_of(data.columns, post and flag, (flag,)))]
    column = next((c for c in named if data.flagged(c)), "")
    if not column:
        raise BadConfig(
            say("no change is named")
            if not post
            else say("{post} does not say yes and no", post=post),
            "Give its date (--at 2020-03-01), or name the column that is 1 from then on (--post)",
        )
    told = sorted(zip(data.days(when), data.rows, strict=True), key=lambda pair: pair[0])
    flags_in_order = [row[column].lower() in YES for _, row in told]
    if flags_in_order != sorted(flags_in_order):
        raise BadInput(
            say("{column} goes back to no", column=column), rule="evidence.goes-back",
            cure="Give the dates of the changes: --at, once for each",
        )  # fmt: skip
    return f"{told[flags_in_order.index(True)][0]}"
