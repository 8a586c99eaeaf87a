"""`onesystem evaluate power`: beforehand, the smallest effect that a design would find."""

import json
from pathlib import Path
from typing import Any

import click

from onesystem.cli.evaluating import Bar, Deco, series_of, series_options, sheet, tried
from onesystem.cli.opened import say


@click.group()
def power() -> None:
    """Beforehand: the smallest effect that a design would probably find."""


def _power_options(command: Any) -> Any:
    options: list[Deco] = [
        click.option("--power", "chance", type=float, default=0.8, show_default=True),
        click.option("--alpha", type=float, default=0.05, show_default=True),
        click.option("--json", "as_json", is_flag=True, help="As JSON."),
    ]
    for option in reversed(options):
        command = option(command)
    return command


@power.command("its")
@click.argument("data", metavar="BEFORE.csv", type=click.Path(path_type=Path, allow_dash=True))
@click.option("--date", "when", default="", help="The column of the period.")
@click.option("--value", default="", help="The column of the outcome.")
@series_options
@click.option("--periods", type=click.IntRange(1), required=True, help="That will follow.")
@click.option("--slope/--no-slope", default=False, show_default=True)
@_power_options
def power_its(data: Path, *, periods: int, slope: bool, waves: int | None, chance: float,
              alpha: float, as_json: bool, **asked: Any) -> None:  # fmt: skip
    """From the periods before a change, and how many will follow."""
    from onesystem.evidence import power as powers

    series = series_of(sheet(data), {**asked, "unit_name": ""})
    _say_power(tried(powers.its, series, periods=periods, slope=slope, waves=waves, power=chance,
                      alpha=alpha), as_json=as_json)  # fmt: skip


@power.command("did")
@click.option("--treated", type=int, required=True, help="Places.")
@click.option("--untreated", type=int, required=True, help="Places.")
@click.option("--sd", type=float, required=True, help="The spread of places' changes.")
@_power_options
def power_did(*, chance: float, as_json: bool, **asked: Any) -> None:
    """From how many places there are, and how their changes spread."""
    from onesystem.evidence import power as powers

    _say_power(tried(powers.did, power=chance, **asked), as_json=as_json)


@power.command("wedge")
@click.option("--per-step", type=int, required=True, help="Clusters a step.")
@click.option("--steps", type=int, required=True)
@click.option("--size", type=float, required=True, help="People a cluster and period.")
@click.option("--sd", type=float, required=True, help="The spread of people.")
@click.option("--icc", type=float, required=True, help="The part of it between clusters.")
@_power_options
def power_wedge(*, chance: float, as_json: bool, **asked: Any) -> None:
    """From the steps, by the equation of Hussey and Hughes."""
    from onesystem.evidence import power as powers

    _say_power(tried(powers.wedge, power=chance, **asked), as_json=as_json)


@power.command("rd")
@click.option("--below", type=int, required=True, help="Cases within the bandwidth.")
@click.option("--above", type=int, required=True, help="Cases within the bandwidth.")
@click.option("--sd", type=float, required=True, help="The spread of outcomes.")
@_power_options
def power_rd(*, chance: float, as_json: bool, **asked: Any) -> None:
    """From how many cases are near the threshold."""
    from onesystem.evidence import power as powers

    _say_power(tried(powers.rd, power=chance, **asked), as_json=as_json)


@power.command("synth")
@click.argument("data", metavar="BEFORE.csv", type=click.Path(path_type=Path, allow_dash=True))
@click.option("--unit", default="", help="The column of the place.")
@click.option("--date", "when", default="", help="The column of the period.")
@click.option("--value", default="", help="The column of the outcome.")
@click.option("--periods", type=click.IntRange(1), required=True, help="That will follow.")
@_power_options
def power_synth(data: Path, *, periods: int, chance: float, alpha: float, as_json: bool,
                **asked: Any) -> None:  # fmt: skip
    """From places and periods before, by pretended treatments."""
    from onesystem.evidence import power as powers
    from onesystem.evidence.panel import panel
    from onesystem.evidence.panels import read_periods
    from onesystem.evidence.reading import number

    given = sheet(data)
    unit, when = (tried(given.column, asked[k], r) for k, r in (("unit", "unit"), ("when", "date")))
    value = tried(given.column, asked["value"], "value")
    told = tried(read_periods, given, when).told
    rows = [(r[unit], at, tried(number, r[value], value, i))
            for i, (r, at) in enumerate(zip(given.rows, told, strict=True))]  # fmt: skip
    grid = tried(panel, rows, {}).values
    _say_power(tried(powers.synth, grid, periods=periods, unit=value, power=chance, alpha=alpha),
               as_json=as_json)  # fmt: skip


@power.command("changepoint")
@click.option("--periods", type=int, required=True)
@click.option("--level", type=float, required=True, help="The level before.")
@click.option("--effect", type=float, multiple=True, required=True, help="May be repeated.")
@click.option("--sd", type=float, help="The spread of periods; without it, as Poisson counts.")
@click.option("--times", type=int, default=200, show_default=True)
@click.option("--json", "as_json", is_flag=True, help="As JSON.")
def power_changepoint(*, effect: tuple[float, ...], as_json: bool, **asked: Any) -> None:
    """By simulation: how often a step in the middle would be seen."""
    from onesystem.evidence import power as powers

    with Bar("Simulations") as bar:
        found = tried(powers.changepoint, effects=effect, progress=bar.to, **asked)
    if as_json:
        click.echo(json.dumps({"curve": found}))
        return
    for size, chance in found:
        click.echo(f"{size:g}\t{chance:.0%}")


def _say_power(found: Any, *, as_json: bool) -> None:
    from onesystem.evidence.result import plain

    if as_json:
        click.echo(json.dumps(plain(found)))
        return
    click.echo(found.words)
    for effect, chance in found.curve:
        click.echo(f"  {effect:.4g}\t{chance:.0%}")
    if warning := found.facts.get("warning"):
        say(warning)
