"""`onesystem journeys FILE`: the map, the paths and an agreed way of any event log."""

import csv
import json
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click

from onesystem.cli.opened import say
from onesystem.vocabulary import BadConfig, BadInput
from onesystem.vocabulary.words import length_of

_SECOND = 1_000_000


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--case", default="", help="The column that says which journey a row belongs to.")
@click.option("--step", default="", help="The column with the kind of step.")
@click.option("--start", default="", help="The column with the time, or the start.")
@click.option("--end", default="", help="The column with the end, where there is one.")
@click.option("--through", default="", help="Only journeys with this step.")
@click.option("--way", type=click.Path(exists=True, dir_okay=False, path_type=Path),
              help="An agreed way, as a TOML file, to hold them against.")  # fmt: skip
@click.option("--paths", "most", default=10, show_default=True, help="How many paths to show.")
@click.option("--json", "as_json", is_flag=True, help="Everything, as JSON; times in microseconds.")
@click.option("--csv", "as_csv", is_flag=True, help="The arrows, as CSV; times in seconds.")
def journeys(
    *,
    file: Path,
    through: str,
    way: Path | None,
    most: int,
    as_json: bool,
    as_csv: bool,
    **columns: str,
) -> None:
    """How do people really go? FILE is CSV or Parquet with a row for each step."""
    from onesystem.flow.journeys.logs import steps_of
    from onesystem.flow.journeys.maps import process_map
    from onesystem.flow.journeys.paths import paths
    from onesystem.flow.journeys.paths import through as having

    try:
        steps = steps_of(file, **columns)
    except BadInput as error:
        raise BadConfig(f"{file.name}, {error.where}: {error.what}", error.cure) from error
    if through:
        steps = steps.only(having(steps, through))
    made, taken = process_map(steps), paths(steps, most=most)
    held = _held(steps, way) if way else None
    if as_json:
        found = {
            "map": asdict(made),
            "paths": asdict(taken),
            **({"adherence": held} if held else {}),
        }
        click.echo(json.dumps(found, ensure_ascii=False))
        return
    if as_csv:
        _csv(made)
        return
    _print(made, taken, held)


def _held(steps: Any, way: Path) -> dict[str, Any]:
    from onesystem.flow.journeys.agreed import read
    from onesystem.flow.journeys.answer import held_against

    return held_against(steps, read(way.read_text(encoding="utf-8"), way.stem).stages)


def _csv(made: Any) -> None:
    out = csv.writer(sys.stdout)
    out.writerow(["from", "to", "times", "journeys", "median_s", "ninth_decile_s"])
    for arrow in made.arrows:
        times = (round(arrow.time / _SECOND, 3), round(arrow.ninth / _SECOND, 3))
        out.writerow([arrow.source, arrow.target, arrow.steps, arrow.journeys, *times])


def _print(made: Any, taken: Any, held: dict[str, Any] | None) -> None:
    from rich.console import Console
    from rich.table import Table

    say(f"{made.journeys:,} journeys, {made.steps:,} steps, {taken.different:,} different paths.")
    table = Table("From", "To", "Times", "Journeys", "Median", "Nine in ten within")
    for arrow in made.arrows[:20]:
        times = (length_of(arrow.time / _SECOND), length_of(arrow.ninth / _SECOND))
        table.add_row(arrow.source, arrow.target, f"{arrow.steps:,}", f"{arrow.journeys:,}", *times)
    Console().print(table)
    for path in taken.top:
        click.echo(f"{path.journeys:>8,}  {path.share:>6.1%}  {' > '.join(path.names)}")
    if held:
        click.echo(f"\n{held['kept']:,} of {held['entered']:,} kept the agreed way")
        for stage in held["stages"]:
            click.echo(
                f"{stage['name']}: {stage['reached']:,} reached, {stage['late']:,} late,"
                f" {stage['left']:,} left before it"
            )
