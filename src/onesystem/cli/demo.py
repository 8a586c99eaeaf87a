"""`onesystem demo`: make a demo district, let it go on, set its clock, check its figures."""

import json
import os
import time
from pathlib import Path

import click

from onesystem.vocabulary import BadConfig, NotFound


@click.group()
def demo() -> None:
    """A demo district: real places and rates, synthetic people."""


@demo.command()
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
@click.option("--district", default="norfolk-waveney", show_default=True,
              help="norfolk-waveney or canterbury.")  # fmt: skip
@click.option("--people", default=50_000, show_default=True, help="How many synthetic people.")
@click.option("--years", default=3, show_default=True, help="How much history.")
@click.option("--seed", default=1, show_default=True, help="Another seed, other people.")
@click.option("--quiet", is_flag=True, help="Do not end with how to serve it.")
def make(folder: Path, district: str, people: int, years: int, seed: int, quiet: bool) -> None:
    """Make a demo district in FOLDER, and take all of it in through its feeds.

    Run it again after it was broken off, and it goes on where it was.
    """
    from onesystem.demo import make as making
    from onesystem.demo.frames import frame
    from onesystem.demo.progress import Made, complete

    here = frame(district)
    if not 500 <= people <= here.areas.people:
        raise BadConfig(f"--people is {people:,}", f"Give 500 to {here.areas.people:,}.")
    if not 1 <= years <= 10:
        raise BadConfig(f"--years is {years}", "Give 1 to 10.")
    if not complete(folder):
        _tell_making(folder, Made(district, people, years, seed, int(time.time())))
    else:
        making.make(folder, Made(district, people, years, seed, int(time.time())), say=_quiet)
    if quiet:
        return
    from onesystem.demo.signins import PASSWORD, SIGN_INS

    click.echo(f"{here.facts['district']['name']} is in {folder}. Serve it:", err=True)
    click.echo(f"  onesystem -d {folder} serve --demo", err=True)
    click.echo("Sign-ins (synthetic people; never use these on a real district):", err=True)
    for each in SIGN_INS:
        click.echo(f"  {each.username:16} {PASSWORD}   {each.about}", err=True)


def _quiet(_text: str) -> None:
    pass


def _tell_making(folder: Path, made: object) -> None:
    """Each step on its own line, with how long it took."""
    from rich.console import Console

    from onesystem.demo import make as making

    console = Console(stderr=True)
    begun = time.monotonic()
    with console.status("Making the demo district") as status:
        latest: list[str] = []

        def say(text: str) -> None:
            if latest:
                console.print(f"[dim]{time.monotonic() - begun:6.1f} s[/]  {latest[-1]}")
            latest.append(text)
            status.update(text)

        making.make(folder, made, say=say)  # type: ignore[arg-type]
        say("")


@demo.command()
@click.option("--wire/--straight", default=True, help="Over MLLP to a served district, or not.")
def live(wire: bool) -> None:
    """Let the demo's messages go on arriving, until Ctrl-C. `serve --demo` does so by itself."""
    from onesystem.cli.opened import open_district
    from onesystem.demo import live as living

    district = open_district()
    living.run(district.path, wire=wire)


@demo.command()
@click.argument("folder", required=False, type=click.Path(path_type=Path, file_okay=False))
@click.option("--months", default=6, show_default=True, help="How many months pass, 1 to 24.")
def forward(folder: Path | None, months: int) -> None:
    """Let months pass in the demo: all that its sources would send arrives through its feeds.

    Decisions that are in force change what happens. Run it again after it was broken off, and it
    goes on where it was. A demo that is served goes on from there.
    """
    if folder is not None:
        os.environ["ONESYSTEM_DISTRICT"] = str(folder.resolve())
    from onesystem.cli.opened import open_district

    district = open_district()
    from onesystem.demo import passing
    from onesystem.demo.forward import forward as go_on

    begun = time.monotonic()

    def say(text: str) -> None:
        click.echo(f"{time.monotonic() - begun:6.1f} s  {text}", err=True)

    go_on(district.path, months, say=say)
    passing.catch_up(say)


@demo.command()
@click.option("--speed", type=float, help="1, 10, 60 or 600 times real time.")
@click.option("--pause/--go", "pause", default=None, help="Stop the demo's clock, or let it go on.")
def clock(speed: float | None, pause: bool | None) -> None:
    """Show the demo's clock, or change it."""
    from onesystem.demo import clock as clocks
    from onesystem.district import current

    district = current()
    _demo_of(district.path)
    if speed is None and pause is None:
        held = clocks.clock_of(district.path)
    else:
        held = clocks.change(district.path, speed=speed, paused=pause)
    from datetime import UTC, datetime

    from onesystem.vocabulary import to_local

    now = to_local(datetime.fromtimestamp(held.at(time.time()), UTC), district.zone)
    state = "paused" if held.paused else f"at {held.speed:g} times real time"
    click.echo(f"{now:%A %d %B %Y %H:%M:%S}, {state}")


@demo.command()
@click.option("--json", "as_json", is_flag=True, help="Print the rows as JSON.")
def check(as_json: bool) -> None:
    """Published figures against those of the demo's own contact log."""
    from onesystem.cli.opened import open_district
    from onesystem.demo import check as checking

    district = open_district()
    rows = checking.check(district.path, _demo_of(district.path))
    if as_json:
        click.echo(json.dumps([row.as_dict() for row in rows], indent=2))
    else:
        from rich.console import Console
        from rich.table import Table

        table = Table("where", "what", "published", "made", "off by", "within", "")
        for row in rows:
            table.add_row(row.where, row.what, f"{row.published:,.3g}", f"{row.made:,.3g}",
                          f"{row.off:+.1%}", f"{row.tolerance:.0%}",
                          "ok" if row.ok else "missed")  # fmt: skip
        Console(width=120).print(table)
        if not checking.published(_demo_of(district.path)):
            click.echo("No open hospital series for this district: `published` holds Norfolk and "
                       "Waveney's rates a head.", err=True)  # fmt: skip
    if not all(row.ok for row in rows):
        raise SystemExit(1)


def _demo_of(folder: Path):  # noqa: ANN202 - a Made, which needs numpy to import
    from onesystem.demo.progress import read

    progress = read(folder)
    if progress is None:
        raise NotFound(f"{folder} is no demo district", "Make one: onesystem demo make DIR")
    return progress.made
