"""`onesystem twin compare|sweep|choose|diff`: what changes to a model would do."""

import json
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from onesystem.cli.opened import say
from onesystem.cli.twin_engines import engine_of, engine_option
from onesystem.cli.twin_people import grown_of, over_years
from onesystem.vocabulary import BadConfig

if TYPE_CHECKING:
    from onesystem.twin import Model
    from onesystem.twin.scenarios.asking import Point
    from onesystem.twin.scenarios.changes import Scenario
    from onesystem.twin.scenarios.comparing import Comparison, Estimate, Row
    from onesystem.twin.scenarios.summing import Prices

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path, allow_dash=True)
_POSITIVE = click.IntRange(min=1)
_MODEL = click.argument("model", type=_FILE)
_SCENARIOS = click.argument("scenarios", metavar="[SCENARIO]...", nargs=-1, type=_FILE)


def _shared(command: Any) -> Any:
    """The options that every comparison has."""
    for option in (
        click.option("--replications", type=_POSITIVE, help="Instead of those of the model."),
        click.option("--seed", type=int, help="Instead of that of the model."),
        click.option("--workers", type=_POSITIVE, help="How many at a time.  [all cores]"),
        engine_option,
        click.option("--prices", type=_FILE, help="JSON: what contacts and hours cost."),
        click.option("--json", "as_json", is_flag=True, help="Print everything as JSON."),
    ):
        command = option(command)
    return over_years(command)


@click.command()
@_MODEL
@_SCENARIOS
@click.option("--change", "lines", multiple=True,
              help='A change in words, such as "places service=ED more=2"; all make one scenario.')  # fmt: skip  # noqa: E501
@_shared
@click.option("--csv", "as_csv", is_flag=True, help="Print every figure as CSV.")
def compare(
    model: Path, scenarios: tuple[Path, ...], *, lines: tuple[str, ...], workers: int | None,
    engine: str, prices: Path | None, as_json: bool, as_csv: bool, **instead: Any,
) -> None:  # fmt: skip
    """Set each SCENARIO (JSON or TOML) beside doing nothing, on the same random numbers."""
    from onesystem.twin.scenarios.comparing import compared

    read = _model(model, **instead)
    asked = _scenarios(scenarios, lines)
    if not asked:
        raise BadConfig("no scenario is given", "Name a file, or say --change.")
    with _bar() as progress:
        found = compared(
            read, asked, prices=_prices(prices), workers=workers, engine=engine_of(engine),
            progress=progress,
        )  # fmt: skip
    for warning in found.warnings:
        say(f"Warning: {warning}.")
    if as_json:
        click.echo(json.dumps(found.plain(), ensure_ascii=False))
    elif as_csv:
        _csv(found)
    else:
        _print(found, asked)


@click.command()
@_MODEL
@click.option("--vary", "lines", multiple=True, required=True,
              help='A change with several values: "places service=ED more=0..6:2". Once or twice.')  # fmt: skip  # noqa: E501
@click.option("--figure", default="wait", show_default=True, help="What is shown.")
@click.option("--where", default="", help="Of which service.  [the whole]")
@_shared
def sweep(
    model: Path, *, lines: tuple[str, ...], figure: str, where: str, workers: int | None,
    engine: str, prices: Path | None, as_json: bool, **instead: Any,
) -> None:  # fmt: skip
    """Run MODEL over a grid of one or two settings."""
    from onesystem.twin.scenarios.asking import Asked, swept

    read, cost = _model(model, **instead), _prices(prices)
    asked = Asked(figure, where, cost, workers, engine_of(engine))
    with _bar() as progress:
        found = swept(read, lines, asked, progress=progress)
    if as_json:
        said = [
            {"settings": list(each.settings), **asdict(each.beside)} for each in found.points
        ]  # fmt: skip
        click.echo(json.dumps({"figure": figure, "where": where, "points": said}))
        return
    say(f"{figure} {where}: doing nothing {_between(found.nothing)}.")
    _grid(found.points, list(lines))


@click.command()
@_MODEL
@_SCENARIOS
@click.option("--figure", default="wait", show_default=True, help="What is least in the best.")
@click.option("--where", default="", help="Of which service.  [the whole]")
@click.option("--highest", is_flag=True, help="The best has the most of it, not the least.")
@click.option("--matters", type=float, required=True, help="The smallest difference that does.")
@click.option("--sure", type=float, default=0.95, show_default=True)
@click.option("--most", type=_POSITIVE, default=500, show_default=True, help="Replications each.")
@click.option("--seed", type=int, help="Instead of that of the model.")
@click.option("--workers", type=_POSITIVE, help="How many at a time.  [all cores]")
@engine_option
@click.option("--prices", type=_FILE, help="JSON: what contacts and hours cost.")
@click.option("--json", "as_json", is_flag=True, help="Print as JSON.")
def choose(
    model: Path, scenarios: tuple[Path, ...], *, figure: str, where: str, highest: bool,
    matters: float, sure: float, most: int, seed: int | None, workers: int | None, engine: str,
    prices: Path | None, as_json: bool,
) -> None:  # fmt: skip
    """Say which of doing nothing and the SCENARIOs is best, with a stated confidence."""
    from onesystem.twin.scenarios.asking import Asked, best_of
    from onesystem.twin.scenarios.changes import NOTHING

    options = [NOTHING, *_scenarios(scenarios, ())]
    asked = Asked(figure, where, _prices(prices), workers, engine_of(engine))
    found = best_of(
        _model(model, seed=seed), options, asked, matters=matters, sure=sure, least=not highest,
        most=most,
    )  # fmt: skip
    if as_json:
        names = [each.name for each in options]
        click.echo(json.dumps({"options": names, **asdict(found)}, ensure_ascii=False))
        return
    _chosen(found, [each.name for each in options], f"{figure} {where}".strip())


@click.command()
@_MODEL
@click.argument("other", type=_FILE)
def diff(model: Path, other: Path) -> None:
    """Tell MODEL from OTHER, a model or a scenario of it, line by line."""
    from onesystem.twin.network.writing import model_json
    from onesystem.twin.scenarios import reading, wording
    from onesystem.twin.scenarios.applying import applied

    before = _model(model)
    said = other.read_bytes()
    if other.suffix == ".toml" or "nodes" not in json.loads(said):
        after = applied(before, reading.scenario_of(said, other.name))
    else:
        after = _model(other)
    for line in wording.diff(model_json(before), model_json(after)):
        click.echo(line)


def _model(
    path: Path, *, years: int | None = None, living: Path | None = None, country: str = "",
    **instead: Any,
) -> "Model":  # fmt: skip
    """The model of a file with other numbers, over many years where they are asked for."""
    from onesystem.twin import model_of

    text = sys.stdin.read() if str(path) == "-" else path.read_bytes()
    given = {key: each for key, each in instead.items() if each is not None}
    return grown_of(replace(model_of(text, path.name), **given), years, living, country)


def _scenarios(paths: Sequence[Path], lines: Sequence[str]) -> list["Scenario"]:
    from onesystem.twin.scenarios.changes import Scenario
    from onesystem.twin.scenarios.reading import change_of, line_of, scenario_of
    from onesystem.twin.scenarios.wording import sentence

    found = [scenario_of(path.read_bytes(), path.name) for path in paths]
    if lines:
        changes = tuple(change_of(line_of(line)) for line in lines)
        found.append(Scenario(name="; ".join(map(sentence, changes)), changes=changes))
    return found


def _prices(path: Path | None) -> "Prices | None":
    from onesystem.twin.scenarios.summing import prices_of

    return None if path is None else prices_of(path.read_bytes(), path.name)


@contextmanager
def _bar() -> Iterator[Callable[[int, int], None]]:
    """Progress on a terminal."""
    from rich.console import Console
    from rich.progress import Progress

    from onesystem.twin.network.compiled import there

    console = Console(stderr=True)
    if not there():
        say("Compiling the engine; once on this machine, about a quarter of a minute.")
    with Progress(console=console, disable=not console.is_terminal) as bar:
        task = bar.add_task("Replications", total=None)
        yield lambda done, of: bar.update(task, completed=done, total=of)


def _csv(found: "Comparison") -> None:
    from onesystem.twin.scenarios.telling import csv_rows
    from onesystem.vocabulary import spreadsheets

    spreadsheets.Writer(sys.stdout).writerows(csv_rows(found))


def _print(found: "Comparison", asked: Sequence["Scenario"]) -> None:
    from rich.console import Console
    from rich.table import Table

    from onesystem.twin.scenarios.comparing import why
    from onesystem.twin.scenarios.telling import HEADLINES
    from onesystem.twin.scenarios.wording import sentence

    say(f"{found.model}: {found.replications} replications of {found.days:g} days.")
    for scenario in asked:
        for change in scenario.changes:
            say(f"  {scenario.name}: {sentence(change)}.")
    table = Table("Figure", "Where", "Do nothing", *found.scenarios)
    shown = [
        row for row in found.rows
        if row.kind == "all" and row.figure in HEADLINES and row.nothing.mean is not None
    ]  # fmt: skip
    differing = [row for row in shown if any(each.difference.mean for each in row.scenarios)]
    for row in differing:
        table.add_row(*_line(row))
    Console().print(table)
    if same := len(shown) - len(differing):
        say(f"{same} figures are the same as with doing nothing; --csv has all.")
    for n, name in enumerate(found.scenarios):
        for moved in why(found, n):
            way = f"{moved.figure} {_signed(moved.difference)} beside {_said(moved.nothing)}"
            click.echo(f"{name}: {moved.where}: {way}")


def _line(row: "Row") -> list[str]:
    return [
        f"{row.figure}{f' ({row.unit})' if row.unit and row.unit != '%' else ''}", row.where,
        _said(row.nothing.mean),
        *(f"{_said(each.value.mean)}  {_signed(each.difference)}" for each in row.scenarios),
    ]  # fmt: skip


def _grid(points: Sequence["Point"], lines: Sequence[str]) -> None:
    from rich.console import Console
    from rich.table import Table

    table = Table(*lines, "Value", "Beside doing nothing")
    for each in points:
        beside = each.beside
        table.add_row(*each.settings, _between(beside.value), _signed(beside.difference))
    Console().print(table)


def _chosen(found: Any, names: Sequence[str], what: str) -> None:
    for n, name in enumerate(names):
        dropped = found.dropped[n]
        end = f"put aside after {dropped}" if dropped else "remained"
        click.echo(f"{name}: {what} {_said(found.means[n])} ({found.replications[n]} runs), {end}")
    sure = f"with {found.sure:.0%} confidence the best, or within {found.matters:g} of it"
    click.echo(f"{names[found.best]}: {sure if found.decided else 'leads, but it is not decided'}.")


def _said(value: float | None) -> str:
    if value is None:
        return ""
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.4g}"


def _between(each: "Estimate") -> str:
    if each.low is None:
        return _said(each.mean)
    return f"{_said(each.mean)} ({_said(each.low)} to {_said(each.high)})"


def _signed(each: "Estimate") -> str:
    if each.mean is None:
        return ""
    sign = "+" if each.mean > 0 else ""
    inside = f" ({_said(each.low)} to {_said(each.high)})" if each.low is not None else ""
    return f"{sign}{_said(each.mean)}{inside}"
