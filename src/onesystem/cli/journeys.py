"""`onesystem journeys FILE`: the map, the paths and an agreed way of any event log."""

import json
import sys
from dataclasses import asdict, fields
from pathlib import Path
from typing import Any

import click

from onesystem.cli.opened import open_district, say
from onesystem.vocabulary import BadConfig, BadInput, nearest, spreadsheets
from onesystem.vocabulary.words import length_of

_SECOND = 1_000_000


@click.command()
@click.argument("file", required=False,
                type=click.Path(exists=True, dir_okay=False, path_type=Path))  # fmt: skip
@click.option("--case", default="", help="The column that says which journey a row belongs to.")
@click.option("--step", default="", help="The column with the kind of step.")
@click.option("--start", default="", help="The column with the time, or the start.")
@click.option("--end", default="", help="The column with the end, where there is one.")
@click.option("--cost", default="", help="The column with the cost in whole pence or cents.")
@click.option(
    "--ask",
    "asked",
    multiple=True,
    metavar="KEY=VALUE",
    help="Of a district: a part of the page's question, such as setting=ward; repeatable.",
)
@click.option(
    "--settings",
    is_flag=True,
    help="Of a district: from which setting people go to which, over its whole log.",
)
@click.option("--through", default="", help="Only journeys with this step.")
@click.option("--way", default="", help="An agreed way: a TOML file, or a name in the district.")
@click.option("--paths", "most", default=10, show_default=True, help="How many paths to show.")
@click.option("--json", "as_json", is_flag=True, help="Everything, as JSON; times in microseconds.")
@click.option("--csv", "as_csv", is_flag=True, help="The arrows, as CSV; times in seconds.")
def journeys(
    *,
    file: Path | None,
    asked: tuple[str, ...],
    settings: bool,
    through: str,
    way: str,
    most: int,
    as_json: bool,
    as_csv: bool,
    **columns: str,
) -> None:
    """How do people really go?

    FILE is CSV or Parquet with a row for each step. Without FILE, the journeys are the district's
    own, around the contacts that --ask names: the same keys as in the address of the page.
    """
    from onesystem.flow.journeys.maps import process_map
    from onesystem.flow.journeys.paths import paths
    from onesystem.flow.journeys.paths import through as having

    if settings:
        _between_settings(file, as_json=as_json, as_csv=as_csv)
        return
    steps = _of_file(file, columns) if file else _of_district(asked)
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


def _of_file(file: Path, columns: dict[str, str]) -> Any:
    from onesystem.flow.journeys.logs import steps_of

    try:
        return steps_of(file, **columns)
    except BadInput as error:
        raise BadConfig(f"{file.name}, {error.where}: {error.what}", error.cure) from error


def _of_district(asked: tuple[str, ...]) -> Any:
    here = open_district()
    from onesystem import district
    from onesystem.flow.journeys.answer import narrowed
    from onesystem.flow.journeys.question import Question
    from onesystem.flow.journeys.reading import steps_of

    parts = dict(part.partition("=")[::2] for part in asked)
    known = [field.name for field in fields(Question)]
    for key in parts:
        if key not in known:
            raise BadConfig(f"a question has no part {key!r}", nearest(key, known))
    question = Question.of(parts, today=district.now().astimezone().date())
    return narrowed(steps_of(here, question), question)


def _between_settings(file: Path | None, *, as_json: bool, as_csv: bool) -> None:
    """Every person's contacts that have started and lie in the log, in their order."""
    if file:
        raise BadConfig("--settings is asked of a district", f"Leave {file.name} out.")
    here = open_district()
    from onesystem import people
    from onesystem.flow.journeys.transitions import of_log

    found = of_log(here.path, people.persons_of_several())
    if as_json:
        click.echo(json.dumps([asdict(each) for each in found], ensure_ascii=False))
    elif as_csv:
        out = spreadsheets.Writer(sys.stdout)
        out.writerow(["from", "to", "times", "median_min"])
        out.writerows([t.source, t.target, t.count, round(t.median, 1)] for t in found)
    else:
        _print_between(found)


def _print_between(found: list[Any]) -> None:
    from rich.console import Console
    from rich.table import Table

    if not found:
        say("Nobody has a second contact in the log yet. Take in some contacts: onesystem ingest.")
        return
    table = Table("From", "To", "Times", "Median")
    for each in found:
        table.add_row(each.source, each.target, f"{each.count:,}", length_of(each.median * 60))
    Console().print(table)


def _held(steps: Any, way: str) -> dict[str, Any]:
    from onesystem.flow.journeys.agreed import read, way_of
    from onesystem.flow.journeys.answer import held_against

    path = Path(way)
    if path.suffix == ".toml":
        if not path.is_file():
            raise BadConfig(f"there is no file {way}", "Name a TOML file that is there.")
        return held_against(steps, read(path.read_text(encoding="utf-8"), path.stem).stages)
    from onesystem import district

    return held_against(steps, way_of(way, district.folder()).stages)


def _csv(made: Any) -> None:
    out = spreadsheets.Writer(sys.stdout)
    head = ["from", "to", "times", "journeys", "median_s", "ninth_decile_s"]
    out.writerow([*head, "cost", "cost_each"])
    for arrow in made.arrows:
        times = (round(arrow.time / _SECOND, 3), round(arrow.ninth / _SECOND, 3))
        counts = (arrow.steps, arrow.journeys)
        out.writerow([arrow.source, arrow.target, *counts, *times, arrow.cost, arrow.cost_each])


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
