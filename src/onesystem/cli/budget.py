"""`onesystem budget`: the whole position, budget lines, and moving money between them."""

import json
import sys
from pathlib import Path
from typing import Any

import click

from onesystem.access import Actor
from onesystem.cli.opened import open_district, say
from onesystem.vocabulary import spreadsheets
from onesystem.vocabulary.words import plural

_BY = click.Choice(
    ["programme", "organisation", "setting", "place", "fund", "fence", "goal", "line"]
)
_HEAD = (
    "key", "lines", "contributed", "plan", "plan_to_date", "actual", "committed", "available",
    "forecast", "forecast_low", "forecast_high", "variance",
)  # fmt: skip
# What a terminal has room for; the rest is in the files.
_DRAWN = {
    "key", "plan", "actual", "committed", "forecast", "variance", "code", "name", "fund", "goal",
    "programme",
}  # fmt: skip


@click.group()
def budget() -> None:
    """Funds and their lines: how they stand, and moving money. Amounts are minor units."""


@budget.command()
@click.option(
    "--by", type=_BY, default="programme", show_default=True, help="What it is summed by."
)
@click.option("--month", default="", help="To the end of a month, as 2026-10 (default: the last).")
@click.option("--forecast", type=click.Choice(["run-rate", "twin"]), default="run-rate",
              show_default=True, help="How the year is foreseen.")  # fmt: skip
@click.option("--json", "as_json", is_flag=True, help="Everything, as JSON.")
@click.option("--csv", "as_csv", is_flag=True, help="As CSV.")
def position(*, by: str, month: str, forecast: str, as_json: bool, as_csv: bool) -> None:
    """Where does the whole system stand: given, planned, spent, promised, foreseen?"""
    open_district()
    from onesystem.budget.funds import queries
    from onesystem.budget.months import month_in

    found = queries.position(by, month=month_in(month) if month else None, method=forecast)
    rows = [_row(each) for each in found.rows]
    if as_json:
        told = {
            "year": found.year.name, "month": f"{found.month:%Y-%m}", "by": by,
            "forecast_by": forecast, "why_not": found.why_not, "contributed": found.contributed,
            "on_no_line": found.off_line, "total": _row(found.total), "rows": rows,
        }  # fmt: skip
        click.echo(json.dumps(told, ensure_ascii=False))
        return
    _tell(_HEAD, rows, as_csv, f"{found.year.name} to the end of {found.month:%B %Y}")
    for line in (found.why_not, f"{found.off_line} on no line" if found.off_line else ""):
        if line:
            say(line)


@budget.command()
@click.option("--goalless", is_flag=True, help="Only those that serve no shared goal.")
@click.option("--json", "as_json", is_flag=True, help="Everything, as JSON.")
@click.option("--csv", "as_csv", is_flag=True, help="As CSV.")
def lines(*, goalless: bool, as_json: bool, as_csv: bool) -> None:
    """The lines of all budgets, and what each is for."""
    open_district()
    from onesystem.budget.funds import queries

    some = queries.goalless() if goalless else queries.lines()
    head = (
        "code", "name", "fund", "programme", "organisation", "service", "setting", "place", "goal",
    )  # fmt: skip
    rows = [{name: getattr(each, name) for name in head} for each in some]
    if as_json:
        click.echo(json.dumps(rows, ensure_ascii=False))
        return
    _tell(head, rows, as_csv, f"{len(rows)} lines")


@budget.command()
@click.argument("source")
@click.argument("to")
@click.argument("amount")
@click.option("--month", required=True, help="From which month on, as 2026-11.")
@click.option("--one-month", is_flag=True, help="In that month alone, not to the year's end.")
@click.option("--why", required=True, help="The reason: it stands in the ledger.")
@click.option("--key", default="", help="The same key again moves nothing.")
def move(
    *, source: str, to: str, amount: str, month: str, one_month: bool, why: str, key: str
) -> None:
    """Move AMOUNT (as 1,234.56) from the line SOURCE to the line TO.

    Refused with the rule and the cure where a fence forbids it.
    """
    open_district()
    from onesystem.budget.funds import actions
    from onesystem.budget.funds.presenters import amount_in
    from onesystem.budget.months import month_in

    number = actions.move(
        source=source, to=to, amount=amount_in(amount), month=month_in(month), words=why, key=key,
        months=1 if one_month else None, by=Actor.job("command line"),
    )  # fmt: skip
    click.echo(number)


@budget.command()
def example() -> None:
    """Print a file of opening budgets to begin from."""
    from importlib.resources import files

    told = files("onesystem.budget.funds").joinpath("example.toml").read_text(encoding="utf-8")
    click.echo(told, nl=False)


@budget.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def load(file: Path) -> None:
    """Open funds and lines, give and allot their money, and set fences, as FILE says.

    All of it or nothing; loading it again adds nothing.
    """
    open_district()
    from onesystem.budget.funds.loading import load as loaded

    done = loaded(file.read_text(encoding="utf-8"), by=Actor.job("command line"))
    say(", ".join(plural(many, part.removesuffix("s")) for part, many in done.items()))


def _row(each: Any) -> dict[str, Any]:
    foreseen = each.forecast
    return {
        "key": each.key, "lines": each.of, "contributed": each.contributed, "plan": each.plan,
        "plan_to_date": each.plan_to_date, "actual": each.actual, "committed": each.committed,
        "available": each.available, "forecast": foreseen.amount if foreseen else None,
        "forecast_low": foreseen.low if foreseen else None,
        "forecast_high": foreseen.high if foreseen else None, "variance": each.variance,
    }  # fmt: skip


def _tell(head: tuple[str, ...], rows: list[dict[str, Any]], as_csv: bool, title: str) -> None:
    if as_csv:
        spreadsheets.Writer(sys.stdout).write_named(rows, head)
        return
    from rich.console import Console
    from rich.table import Table

    say(title)
    some = [name for name in head if name in _DRAWN]
    drawn = Table(*(name.replace("_", " ") for name in some))
    for row in rows:
        drawn.add_row(*(_said(row[name]) for name in some))
    Console().print(drawn)


def _said(value: Any) -> str:
    if value is None:
        return ""
    return f"{value:,}" if isinstance(value, int) else str(value)
