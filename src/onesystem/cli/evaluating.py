"""What the commands of `onesystem evaluate` share: their options, their data, their words."""

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, Self

import click

from onesystem.cli.opened import say
from onesystem.vocabulary import BadConfig, BadInput, NotFound, UserError

Deco = Callable[[Any], Any]


def common_options(command: Any) -> Any:
    """What every design is asked."""
    options: list[Deco] = [
        click.argument(
            "data", metavar="DATA.csv", type=click.Path(path_type=Path, allow_dash=True)
        ),
        click.option("--json", "as_json", is_flag=True, help="The whole result as JSON."),
        click.option("--date", "when", default="", help="The column of the period."),
        click.option("--value", default="", help="The column of the outcome."),
        click.option(
            "--unit-name", default="", help="What the outcome is called, such as bed-days."
        ),
        click.option(
            "--people", type=float, help="People that one unit of the outcome stands for."
        ),
        click.option("--days", type=float, help="Days that one unit of the outcome stands for."),
        click.option("--cost", type=float, help="Money that one unit of the outcome costs."),
        click.option("--currency", default="GBP", show_default=True),
        click.option("--level", type=float, default=0.95, show_default=True, help="Of intervals."),
    ]
    for option in reversed(options):
        command = option(command)
    return command


def series_options(command: Any) -> Any:
    """What designs over one series are asked besides."""
    kinds = click.Choice(["count", "share", "mean"])
    spans = click.Choice(["day", "week", "month", "quarter", "year"])
    options: list[Deco] = [
        click.option("--denominator", default="", help="The column of the population or of all."),
        click.option("--kind", type=kinds, default=None, help="Worked out where it is not said."),
        click.option("--every", type=spans, default=None, help="How far apart the rows are."),
        click.option("--gaps", is_flag=True, help="Leave missing periods out of the model."),
        click.option("--waves", type=int, help="Pairs of waves a year; 0 for no season."),
    ]
    for option in reversed(options):
        command = option(command)
    return command


def sheet(path: Path) -> Any:
    """The rows of a CSV file, or of stdin where it is -. Raises UserError."""
    from onesystem.evidence.reading import sheet as read

    if str(path) == "-":
        return tried(read, sys.stdin.buffer.read())
    try:
        return tried(read, path.read_bytes())
    except FileNotFoundError:
        raise NotFound(f"there is no file {path}", "Name a CSV file") from None
    except IsADirectoryError:
        raise BadConfig(f"{path} is a folder", "Name a CSV file") from None


def series_of(rows: Any, asked: dict[str, Any]) -> Any:
    """The series that the options name."""
    from onesystem.evidence.reading import series_of as read

    return tried(
        read, rows, when=asked["when"], value=asked["value"],
        denominator=asked["denominator"], kind=asked["kind"] or "", every=asked["every"],
        gaps=asked["gaps"], unit=asked["unit_name"],
    )  # fmt: skip


def panel_of(rows: Any, asked: dict[str, Any]) -> Any:
    """The panel that the options name."""
    from onesystem.evidence.panels import panel_of as read

    return tried(
        read, rows, unit=asked["unit"], when=asked["when"], value=asked["value"],
        start=asked["start"], cluster=asked["cluster"], treated=asked["treated"], at=asked["at"],
        post=asked["post"], without=asked["without"], complete_only=asked["complete_only"],
        outcome=asked["unit_name"],
    )  # fmt: skip


def terms(asked: dict[str, Any]) -> Any:
    """What a unit of the outcome stands for."""
    from onesystem.evidence.translating import Terms

    cost = asked["cost"]
    return Terms(
        people=asked["people"], days=asked["days"], currency=asked["currency"],
        minor=None if cost is None else round(cost * 100),
    )  # fmt: skip


def tried(work: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
    """What a file says that cannot be used is the user's to mend: one line, and an exit code."""
    try:
        return work(*args, **kwargs)
    except BadInput as error:
        what = f"{error.where}: {error.what}" if error.where else error.what
        raise UserError(what, error.cure) from error


class Bar:
    """A bar on stderr for what takes over a second, where somebody looks."""

    def __init__(self, label: str) -> None:
        self.label, self.shown = label, False

    def __enter__(self) -> Self:
        import time

        self.began = time.monotonic()
        return self

    def to(self, done: int, total: int) -> None:
        """So many of so many are done."""
        import time

        if sys.stderr.isatty() and time.monotonic() - self.began > 1:
            self.shown = True
            click.echo(f"\r{self.label}: {done} of {total}", err=True, nl=False)

    def __exit__(self, *_: object) -> None:
        if self.shown:
            click.echo("", err=True)


MARKS = {"passed": "passed  ", "doubtful": "doubtful", "failed": "FAILED  "}


def show(result: Any, asked: dict[str, Any]) -> None:
    """A result as text or as JSON."""
    if asked["as_json"]:
        click.echo(json.dumps(result.plain(), ensure_ascii=False, indent=1))
        return
    from onesystem.evidence.translating import said

    click.echo(f"{result.title}\n\n{result.words}\n")
    for effect in result.effects[:12]:
        p = "" if effect.p is None else f"  p {effect.p:.2g}"
        click.echo(
            f"  {effect.label}: {effect.estimate:.4g} ({effect.low:.4g} to {effect.high:.4g})"
            f" {effect.unit}".rstrip()
            + p
        )
    for line in said(result.translated):
        click.echo(f"  {line}")
    click.echo("\nAssumptions")
    for check in result.checks:
        click.echo(f"  {MARKS[check.verdict]}  {check.title}: {check.figure}. {check.words}")
    click.echo("\nWhat it cannot say")
    for limit in result.limits:
        click.echo(f"  - {limit}")
    click.echo(f"\n{result.method}\n{result.source}")
    if result.standing == "failed":
        say("An assumption failed: do not report this effect without saying so.")
