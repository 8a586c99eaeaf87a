"""`onesystem twin`: run a network of services, and say whether a model holds together."""

import json
import sys
from collections.abc import Iterator
from dataclasses import asdict, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from onesystem.cli.opened import say
from onesystem.cli.twin_calibrate import backtest, calibrate
from onesystem.cli.twin_engines import engine_of, engine_option
from onesystem.cli.twin_forecast import forecast
from onesystem.cli.twin_lives import lives
from onesystem.cli.twin_new import new
from onesystem.cli.twin_people import grown_of, over_years, people
from onesystem.cli.twin_scenarios import choose, compare, diff, sweep

if TYPE_CHECKING:
    from onesystem.twin import Model, Result
    from onesystem.twin.spreading import Engine

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path, allow_dash=True)
_POSITIVE = click.IntRange(min=1)


@click.group()
def twin() -> None:
    """Try a change on a model before anybody is moved."""


for _command in (backtest, calibrate, choose, compare, diff, forecast, lives, new, people, sweep):
    twin.add_command(_command)


@twin.command()
@click.argument("model", type=_FILE)
@click.option("--replications", type=_POSITIVE, help="Instead of those of the model.")
@click.option("--seed", type=int, help="Instead of that of the model.")
@click.option("--horizon", type=float, help="How long to run, in the model's unit.")
@click.option("--step", type=float, help="Tell each step of time too: its length.")
@click.option("--workers", type=_POSITIVE, help="How many at a time.  [all cores]")
@engine_option
@over_years
@click.option("--contacts", type=click.Path(dir_okay=False, path_type=Path),
              help="Write every contact to this Parquet file.")  # fmt: skip
@click.option("--json", "as_json", is_flag=True, help="Print everything as JSON.")
@click.option("--csv", "as_csv", is_flag=True, help="Print nodes by classes as CSV.")
def run(
    model: Path, *, contacts: Path | None, workers: int | None, engine: str, as_json: bool,
    as_csv: bool, years: int | None, living: Path | None, country: str, **instead: Any,
) -> None:  # fmt: skip
    """Run MODEL, a JSON file, and say what happens at each node and to each class of people."""
    from onesystem.twin import result_of

    read = replace(_read(model), **{key: each for key, each in instead.items() if each is not None})
    read = grown_of(read, years, living, country)
    result = result_of(read, _runs(read, contacts, workers, engine_of(engine)))
    for warning in result.warnings:
        say(f"Warning: {warning}.")
    if as_json:
        click.echo(json.dumps(asdict(result), ensure_ascii=False))
    elif as_csv:
        _csv(result)
    else:
        _print(result)


@twin.command()
@click.argument("model", type=_FILE)
def check(model: Path) -> None:
    """Say whether MODEL holds together, and how hard each node would be worked."""
    from onesystem.twin.network.checks import checked
    from onesystem.twin.network.loads import loads, staff_loads
    from onesystem.twin.network.results import warnings

    read = checked(_read(model))
    click.echo(f"{read.name}: {len(read.nodes)} nodes, {len(read.arrivals)} inflows.")
    for name, load in (loads(read) | staff_loads(read)).items():
        click.echo(f"{name}\t{load:.1%} of capacity")
    for warning in warnings(read):
        say(f"Warning: {warning}.")


@twin.command()
def schema() -> None:
    """Print the JSON Schema of a model."""
    from onesystem.twin.network.schema import text

    click.echo(text())


def _read(path: Path) -> "Model":
    from onesystem.twin import model_of

    if str(path) == "-":
        return model_of(sys.stdin.read())
    return model_of(path.read_bytes(), path.name)


def _runs(
    model: "Model", contacts: Path | None, workers: int | None, engine: "Engine"
) -> Iterator[Any]:
    """The replications, written down where asked for, with progress on a terminal."""
    from contextlib import ExitStack

    from rich.console import Console
    from rich.progress import Progress

    from onesystem.twin.network.compiled import there
    from onesystem.twin.network.contacts import Writer

    console = Console(stderr=True)
    if not there():
        say("Compiling the engine; once on this machine, about a quarter of a minute.")
    with ExitStack() as held:
        writer = held.enter_context(Writer(contacts, model)) if contacts else None
        bar = held.enter_context(Progress(console=console, disable=not console.is_terminal))
        task = bar.add_task("Replications", total=model.replications)
        taken = writer.take if writer else False
        for each in engine(model, contacts=taken, workers=workers):
            bar.advance(task)
            yield each
        if writer:
            say(f"{writer.written:,} contacts are in {contacts}.")


def _csv(result: "Result") -> None:
    from onesystem.vocabulary import spreadsheets

    out = spreadsheets.Writer(sys.stdout)
    counts = ("arrived", "started", "finished", "no_room", "turned_away", "left_waiting",
              "interrupted", "waited", "service", "blocked", "throughput")  # fmt: skip
    out.writerow(["node", "class", *counts, "wait", "wait_low", "wait_high", "wait_median",
                  "wait_p90", "wait_p95"])  # fmt: skip
    for name, node in result.nodes.items():
        for kind, visits in node.classes.items():
            wait = visits.wait
            out.writerow([
                name, kind, *(getattr(visits, key).mean for key in counts),
                wait.mean.mean, wait.mean.low, wait.mean.high, wait.median, wait.p90, wait.p95,
            ])  # fmt: skip


def _print(result: "Result") -> None:
    from rich.console import Console
    from rich.table import Table

    say(f"{result.name}: {result.replications} replications of {result.span:g} {result.unit}s.")
    table = Table("Node", "Class", *(
        ("Arrived", "Wait", "Nine in ten", "Waiting", "Occupied", "Blocked", "No room", "Left")
    ))  # fmt: skip
    for name, node in result.nodes.items():
        for kind, visits in node.classes.items():
            whole = kind == "all"
            table.add_row(
                name if whole else "", kind, _said(visits.arrived.mean), _between(visits.wait.mean),
                _said(visits.wait.p90), _between(node.waiting) if whole else "",
                _share(node.occupancy) if whole else "", _said(node.blocked.mean) if whole else "",
                _said(visits.no_room.mean), _said(visits.left_waiting.mean),
            )  # fmt: skip
    Console().print(table)
    times = Table("Class", "Entered", "Left", f"Time inside ({result.unit}s)", "Nine in ten")
    for kind, each in result.classes.items():
        times.add_row(kind, _said(each.entered.mean), _said(each.left.mean),
                      _between(each.time.mean), _said(each.time.p90))  # fmt: skip
    Console().print(times)


def _said(value: float | None) -> str:
    if value is None:
        return ""
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.4g}"


def _between(each: Any) -> str:
    if each.low is None:
        return _said(each.mean)
    return f"{_said(each.mean)} ({_said(each.low)} to {_said(each.high)})"


def _share(each: Any) -> str:
    return "" if each is None or each.mean is None else f"{each.mean:.1%}"
