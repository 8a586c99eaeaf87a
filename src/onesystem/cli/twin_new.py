"""`onesystem twin new`: a first twin of an English area, from open data alone."""

import sys
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from onesystem.cli.opened import say
from onesystem.vocabulary import spreadsheets

if TYPE_CHECKING:
    from onesystem.twin.areas.building import Figure


@click.command()
@click.option("--area", help="An integrated care board: its code (QMM, E54000022) or its name.")
@click.option("--list", "listed", is_flag=True, help="Say which areas there are.")
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path),
              help="Where to put the model; its figures go beside it.  [AREA.json]")  # fmt: skip
@click.option("--least", type=click.FloatRange(0.01, 1), default=0.05, show_default=True,
              help="Model a trust if this part of its patients is from the area.")  # fmt: skip
@click.option("--force", is_flag=True, help="Write over files that are there.")
def new(*, area: str | None, listed: bool, out: Path | None, least: float, force: bool) -> None:
    """Make a first twin of an AREA of England from what is published, before its feeds are joined.

    Every figure that went in is listed with its source, and whether it was published, derived
    from what was, or assumed.
    """
    from onesystem.twin import model_text
    from onesystem.twin.areas.building import first_twin
    from onesystem.twin.areas.facts import area_of, areas

    if listed:
        for each in areas().values():
            click.echo(f"{each.short}\t{each.code}\t{sum(each.people.values()):,}\t{each.name}")
        return
    if not area:
        raise click.UsageError("Name an area with --area, or see them all with --list.")
    chosen = area_of(area)
    model, figures = first_twin(chosen, least=least)
    file = out or Path(f"{chosen.short.lower()}.json")
    beside = file.with_suffix(".figures.csv")
    for each in (file, beside):
        if each.exists() and not force:
            raise click.UsageError(f"{each} is there already: name another --out, or --force.")
    file.write_text(model_text(model) + "\n", encoding="utf-8")
    with beside.open("w", encoding="utf-8", newline="") as to:
        out_rows = spreadsheets.Writer(to)
        out_rows.writerow(["of", "what", "value", "unit", "kind", "source"])
        out_rows.writerows([f.of, f.what, f.value, f.unit, f.kind, f.source] for f in figures)
    _print(figures)
    say(f"The model is in {file}, its figures in {beside}.")
    say(f"Next: onesystem twin run {file}")


def _print(figures: Iterable["Figure"]) -> None:
    from rich.console import Console
    from rich.table import Table

    table = Table("Of", "Figure", "Value", "Unit", "How known", "Source")
    before = ""
    for each in figures:
        of = "" if each.of == before else each.of
        table.add_row(of, each.what, _said(each.value), each.unit, each.kind, each.source)
        before = each.of
    width = None if sys.stdout.isatty() else 160
    Console(width=width).print(table)


def _said(value: float) -> str:
    if value == float("inf"):
        return "no limit"
    return f"{value:,.0f}" if value >= 1000 else f"{value:.3g}"
