"""`onesystem spc`: a file of figures as SPC charts, by the rules of NHS Making Data Count."""

import gzip
import io
import json
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import click

from onesystem.vocabulary import BadConfig, BadInput, spreadsheets

_MOST = 256 << 20  # bytes of a file, unpacked
_IMPROVES = ("up", "down", "none")
_CHARTS = ("xmr", "p", "pp", "u", "up", "c", "t", "g")
_SHARES = frozenset({"p", "pp"})
_OF_ANY = frozenset({"xmr", "p", "pp", "u", "up"})  # the others are of counts or of times alone


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--chart", type=click.Choice(_CHARTS), help="How limits are made.  [what fits]")
@click.option(
    "--improve", type=click.Choice(_IMPROVES), default="none", help="Which way is better."
)
@click.option("--target", help="In the unit of the values; of a share 0 to 1, or 95%.")
@click.option("--baseline", type=int, help="Limits from so many points at the start, 12 or more.")
@click.option("--rebase", multiple=True, help="A new phase from this date; repeatable.")
@click.option("--screen/--no-screen", default=None, help="Drop outlying moving ranges.  [as usual]")
@click.option("--date", "date_column", default="", help="The column of dates.")
@click.option("--value", default="", help="The column of values.")
@click.option("--numerator", default="", help="The column of counts.")
@click.option("--denominator", default="", help="The column of what they are counted out of.")
@click.option("--facet", multiple=True, help="A column that sets series apart; repeatable.")
@click.option("--json", "as_json", is_flag=True, help="Print all of it as JSON.")
@click.option("--csv", "as_csv", is_flag=True, help="Print the points as CSV.")
@click.option("--svg", type=click.Path(path_type=Path), help="Draw: a file, or a folder for many.")
def spc(
    file: Path,
    *,
    chart: str | None,
    improve: str,
    target: str | None,
    baseline: int | None,
    rebase: tuple[str, ...],
    screen: bool | None,
    date_column: str,
    value: str,
    numerator: str,
    denominator: str,
    facet: tuple[str, ...],
    as_json: bool,
    as_csv: bool,
    svg: Path | None,
) -> None:
    """Charts of FILE (CSV, Excel or Parquet), with a column for dates and one for values.

    With columns numerator and denominator, the figures are shares or rates. With --chart t and no
    value, each row is an event, and the days between events are charted. Without --json or --csv
    a line for each series is printed.
    """
    from onesystem.flow.spc import reading

    columns = reading.Columns(
        date=date_column, value=value, numerator=numerator, denominator=denominator, facets=facet
    )
    asked: dict[str, Any] = {
        "chart": chart, "improve": improve, "target": target, "baseline": baseline,
        "rebase": rebase, "screen": screen,
    }  # fmt: skip
    try:
        table = _table(file)
        alone = not (value or numerator or "value" in {name.lower() for name in table})
        named = reading.split(table, columns, events=chart == "t" and alone)
        made = [(each, _drawn(each, **asked)) for each in named]
    except BadInput as error:
        where = f"{file.name}, {error.where}" if error.where else file.name
        raise BadConfig(f"{where}: {error.what}", error.cure) from None
    if svg is not None:
        _draw(made, svg, file.stem)
    if as_json:
        _json(file, made)
    elif as_csv:
        _csv(made)
    elif svg is None:
        _lines(made)


def _table(file: Path) -> dict[str, Any]:
    """The file's columns."""
    from onesystem.flow.sheets import rows_of

    if file.suffix == ".parquet":
        import pyarrow.parquet

        read = pyarrow.parquet.read_table(file)
        return {name: read.column(name).to_pylist() for name in read.column_names}
    data = file.read_bytes()
    names, rows = rows_of(_unpacked(data) if file.suffix == ".gz" else data)
    return {name: [row[i] for row in rows] for i, name in enumerate(names)}


def _unpacked(data: bytes) -> bytes:
    with gzip.open(io.BytesIO(data)) as packed:
        found = packed.read(_MOST + 1)
    if len(found) > _MOST:
        raise BadInput(
            "unpacked, this is far larger than any file of figures",
            rule="sheet.bomb", cure="Do not open it; ask whoever sent it what it is",
        )  # fmt: skip
    return found


def _drawn(
    named: Any,
    *,
    chart: str | None,
    improve: str,
    target: str | None,
    baseline: int | None,
    rebase: tuple[str, ...],
    screen: bool | None,
) -> Any:
    from dataclasses import replace

    from onesystem.flow.sheets import at
    from onesystem.flow.spc import Asked, ChartKind, Improve, draw, usual

    kind = ChartKind(chart) if chart else usual(named.series)
    series = named.series if kind in _OF_ANY else named.series.counts
    asked = Asked(
        kind=kind,
        improve=Improve(improve),
        target=_target(kind, target if target is not None else named.target),
        baseline=baseline,
        rebase=tuple(at(day, named.series.dates, "--rebase") for day in rebase) or named.rebase,
        screen=screen,
    )
    try:
        drawn = draw(series, asked)
    except BadInput as error:
        error.where = named.name
        raise
    return replace(drawn, warnings=(*named.notes, *drawn.warnings))


def _target(kind: str, said: str | float | None) -> float | None:
    """A target in the unit of what is plotted: of a share, 95% is 0.95. Raises BadConfig."""
    from onesystem.flow.sheets import figure, is_figure

    if said is None:
        return None
    found = figure(said, 0, "--target") if is_figure(said) else None
    if found is None:
        raise BadConfig(f"the target {said!r} is no number", "Give --target 95, or 95%")
    if kind in _SHARES and str(said).strip().endswith("%"):
        return found / 100
    if kind in _SHARES and found > 1:
        raise BadConfig(
            f"a share cannot reach a target of {found:g}",
            f"Write --target {found / 100:g}, or {found:g}%",
        )
    return found


def _json(file: Path, made: Iterable[Any]) -> None:
    from onesystem.flow.spc.telling import told

    charts = [{"facets": dict(named.facets), **told(chart)} for named, chart in made]
    click.echo(json.dumps({"file": file.name, "charts": charts}, indent=2, ensure_ascii=False))


def _csv(made: Any) -> None:
    from onesystem.flow.spc.telling import HEAD, rows

    facets = [name for name, _ in made[0][0].facets] if made else []
    writer = spreadsheets.Writer(sys.stdout)
    writer.writerow([*facets, *HEAD])
    for named, chart in made:
        values = [value for _, value in named.facets]
        writer.writerows([*values, *row] for row in rows(chart))


def _unit(chart: Any) -> Any:
    from onesystem.flow.charts import words

    return words.SHARE if chart.asked.kind in _SHARES else words.PLAIN


def _draw(made: Any, target: Path, stem: str) -> None:
    from onesystem.flow.charts import svg

    if len(made) > 1:
        if target.suffix and not target.is_dir():
            raise BadConfig(
                f"--svg names one file, and there are {len(made)} series", "Name a folder"
            )
        target.mkdir(parents=True, exist_ok=True)
    for named, chart in made:
        title = named.name or stem
        drawn = svg.large(chart, title=title, unit=_unit(chart), alone=True)
        safe = "".join(c if c.isalnum() or c in "-_" else "-" for c in title)
        path = target / f"{safe}.svg" if target.is_dir() else target
        path.write_text(str(drawn), encoding="utf-8")


def _lines(made: Any) -> None:
    """For people: a line for each series, those with a signal first."""
    from rich.console import Console
    from rich.table import Table

    from onesystem.flow.charts import words

    table = Table(
        "series", "points", "latest", "mean", "limits", "variation", "assurance", "marked"
    )
    for named, chart in sorted(made, key=lambda each: each[1].variation == "common"):
        unit, last = _unit(chart), chart.last
        if last is None:
            table.add_row(
                named.name, str(len(chart.series)), "", "", "", "nothing is known", "", ""
            )
            continue
        lower, upper = chart.line("lower")[last], chart.line("upper")[last]
        icon, met = words.VARIATIONS[chart.variation], chart.assurance
        table.add_row(
            named.name,
            f"{len(chart.series):,}",
            unit.said(chart.series.values[last]),
            unit.said(chart.line("centre")[last]),
            "none" if upper is None else f"{unit.said(lower)} to {unit.said(upper)}",
            f"{icon.title} {icon.letter}".strip(),
            "" if met is None else words.ASSURANCES[met].title,
            str(chart.special),
        )
    Console(width=None if sys.stdout.isatty() else 160).print(table)
    for named, chart in made[:20]:
        for said in chart.warnings:
            click.echo(f"{named.name}: {said}" if named.name else said, err=True)
