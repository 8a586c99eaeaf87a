"""A table with the columns that a design needs, read with errors that name the row and the cure."""

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from onesystem.evidence.panel import Panel, panel
from onesystem.evidence.series import Every, Timed, timed
from onesystem.evidence.wedge import Steps, steps
from onesystem.vocabulary import BadConfig, BadInput, nearest

YES = {"1", "true", "yes", "y", "treated", "after"}
NO = {"", "0", "false", "no", "n", "control", "before", "0.0"}
# What a column is usually called, by what it is for.
USUAL: dict[str, tuple[str, ...]] = {
    "date": ("date", "month", "week", "day", "period", "quarter", "year", "time"),
    "value": ("value", "count", "events", "outcome", "numerator", "n", "y"),
    "denominator": ("denominator", "population", "at risk", "total"),
    "unit": ("unit", "place", "site", "practice", "organisation", "state", "cluster", "ward"),
    "start": ("start", "began", "treated from", "first treated"),
    "treated": ("treated", "intervention", "treatment"),
    "score": ("score", "running", "age"),
    "size": ("size", "people", "cases"),
}


@dataclass(frozen=True, slots=True)
class Sheet:
    """Rows of text by column."""

    columns: tuple[str, ...]
    rows: tuple[dict[str, str], ...]

    def column(self, name: str, role: str, *, needed: bool = True) -> str:
        """The column for a role: the one that is named, or the one that is usually called so."""
        if name:
            if name not in self.columns:
                raise BadConfig(f"there is no column {name!r}", nearest(name, self.columns))
            return name
        plain = {c.strip().lower(): c for c in self.columns}
        for usual in USUAL[role]:
            if usual in plain:
                return plain[usual]
        if not needed:
            return ""
        raise BadConfig(
            f"no column is plainly the {role}",
            f"Name it with --{role}. Columns: {', '.join(self.columns)}",
        )

    def numbers(self, column: str) -> list[float]:
        """A column as numbers; BadInput names the row."""
        return [number(r[column], column, i) for i, r in enumerate(self.rows)]


def sheet(data: bytes) -> Sheet:
    """The rows of a CSV file. Raises BadInput."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = data.decode("cp1252", errors="replace")
    found = list(csv.reader(io.StringIO(text)))
    found = [r for r in found if any(c.strip() for c in r)]
    if len(found) < 2:
        raise BadInput(
            "the file has no rows" if found else "the file is empty",
            rule="evidence.empty",
            cure="Give a CSV file with a line of column names and a line a row",
        )
    names = tuple(c.strip() for c in found[0])
    if len(set(names)) < len(names):
        twice = next(n for n in names if names.count(n) > 1)
        raise BadInput(
            f"two columns are called {twice!r}", rule="evidence.columns", cure="Rename one of them"
        )
    for i, row in enumerate(found[1:]):
        if len(row) != len(names):
            raise BadInput(
                f"{len(row)} cells where the first line has {len(names)}",
                rule="evidence.ragged", where=f"row {i + 2}", cure="Mend the row; quote commas",
            )  # fmt: skip
    rows = tuple(dict(zip(names, (c.strip() for c in r), strict=True)) for r in found[1:])
    return Sheet(names, rows)


def number(text: str, column: str, i: int) -> float:
    """A number, with thousands' commas allowed."""
    try:
        return float(text.replace(",", ""))
    except ValueError:
        raise BadInput(
            f"{column} is {text!r}, which is no number" if text else f"{column} is empty",
            rule="evidence.no-number",
            cure="Write a number, or leave the row out (with --gaps for a series)",
            where=f"row {i + 2}",
        ) from None


def day(text: str, column: str, i: int) -> date:
    """A date: 2024-03-31, 31/03/2024, 2024-03 or 2024."""
    for form in (text[:10], f"{text}-01", f"{text}-01-01"):
        try:
            return date.fromisoformat(form)
        except ValueError:
            continue
    parts = text.split("/")
    if len(parts) == 3 and all(p.isdigit() for p in parts):
        try:
            return date(int(parts[2]), int(parts[1]), int(parts[0]))
        except ValueError:
            pass
    raise BadInput(
        f"{column} is {text!r}, which is no date",
        rule="evidence.no-date",
        cure="Write dates as 2024-03-31 (or 2024-03, 2024, 31/03/2024)",
        where=f"row {i + 2}",
    )


def period(text: str) -> Any:
    """A period of a panel: a whole number, a date, or else the text."""
    if text.lstrip("-").isdigit():
        return int(text)
    try:
        return date.fromisoformat(text[:10])
    except ValueError:
        return text


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
    """The series of a sheet."""
    when, value = data.column(when, "date"), data.column(value, "value")
    denominators = data.numbers(denominator) if denominator else []
    if denominator and denominator not in data.columns:
        data.column(denominator, "denominator")
    days = [day(r[when], when, i) for i, r in enumerate(data.rows)]
    return timed(
        days, data.numbers(value), denominators, kind=kind or None,  # type: ignore[arg-type]
        every=every, gaps=gaps, unit=unit or value, name=value,
    )  # fmt: skip


def panel_of(
    data: Sheet,
    *,
    unit: str = "",
    when: str = "",
    value: str = "",
    start: str = "",
    cluster: str = "",
    treated: Sequence[str] = (),
    at: str = "",
    complete_only: bool = False,
    outcome: str = "",
) -> Panel:
    """The panel of a sheet: who began when stands in a column, or is named."""
    name, when = data.column(unit, "unit"), data.column(when, "date")
    value = data.column(value, "value")
    rows = [(r[name], period(r[when]), number(r[value], value, i)) for i, r in enumerate(data.rows)]
    begins: Mapping[str, Any | None]
    if treated:
        known = {r[0] for r in rows}
        for who in treated:
            if who not in known:
                raise BadConfig(f"there is no {name} {who!r}", nearest(who, known))
        if not at:
            raise BadConfig("no start is said", "Say the first treated period: --at 1989")
        begins = dict.fromkeys(treated, period(at))
    else:
        column = data.column(start, "start")
        begins = _starts(data, name, column)
    groups = {r[name]: r[cluster] for r in data.rows} if cluster else None
    return panel(rows, begins, clusters=groups, complete_only=complete_only, unit=outcome or value)


def _starts(data: Sheet, name: str, column: str) -> dict[str, Any | None]:
    found: dict[str, Any | None] = {}
    for i, row in enumerate(data.rows):
        begins = None if row[column].lower() in NO | {"never", "na"} else period(row[column])
        if found.setdefault(row[name], begins) != begins:
            raise BadInput(
                f"{row[name]} begins at {begins} here and at {found[row[name]]} above",
                rule="evidence.two-starts",
                cure="A unit has one start; write the same in each of its rows",
                where=f"row {i + 2}",
            )
    return found


def steps_of(
    data: Sheet, *, unit: str = "", when: str = "", value: str = "", treated: str = "",
    size: str = "", outcome: str = "",
) -> Steps:  # fmt: skip
    """The cells of a stepped wedge."""
    name, when = data.column(unit, "unit"), data.column(when, "date")
    value, treated = data.column(value, "value"), data.column(treated, "treated")
    sizes = data.numbers(size) if size else [1.0] * len(data.rows)
    rows = []
    for i, row in enumerate(data.rows):
        said = row[treated].lower()
        if said not in YES | NO | {"1.0"}:
            raise BadInput(
                f"{treated} is {row[treated]!r}", rule="evidence.yes-no", where=f"row {i + 2}",
                cure="Write 1 where the change is in place, 0 where not",
            )  # fmt: skip
        rows.append(
            (row[name], period(row[when]), said not in NO, number(row[value], value, i), sizes[i])
        )
    return steps(rows, unit=outcome or value)


def means_of(
    data: Sheet, units: Sequence[str], said: str, *, unit: str = "", when: str = ""
) -> list[float]:
    """The mean of a column by unit, said as `column`, `column=1975` or `column=1980:1988`.

    Empty cells are left out. Raises BadInput where a unit has none, BadConfig for no such column.
    """
    name, when = data.column(unit, "unit"), data.column(when, "date")
    column, _, span = said.partition("=")
    if column not in data.columns:
        raise BadConfig(f"there is no column {column!r}", nearest(column, data.columns))
    first, _, last = span.partition(":")
    low, high = (period(text) if text else None for text in (first, last or first))
    found: dict[str, list[float]] = {each: [] for each in units}
    for i, row in enumerate(data.rows):
        at = period(row[when])
        inside = (low is None or at >= low) and (high is None or at <= high)
        if inside and row[column] and row[name] in found:
            found[row[name]].append(number(row[column], column, i))
    lacks = next((each for each, values in found.items() if not values), None)
    if lacks is not None:
        raise BadInput(
            f"{lacks} has no {said}", rule="evidence.predictor",
            cure="Choose other periods, or leave the predictor out",
        )  # fmt: skip
    return [sum(values) / len(values) for values in found.values()]
