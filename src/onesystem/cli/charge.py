"""`onesystem charge`: what somebody pays for care, line by line, under a rule set at a date."""

import json
import os
import sys
from datetime import date
from importlib.resources import files
from pathlib import Path
from typing import Any, TextIO

import click

from onesystem.vocabulary import BadConfig, UserError


@click.command()
@click.argument("case", type=click.File(encoding="utf-8"), required=False)
@click.option("--rules", "names", multiple=True, help="A rule set; repeatable.  [law; nz in NZD]")
@click.option("--all", "every", is_flag=True, help="Under every rule set that fits the case.")
@click.option("--date", "day", metavar="DATE", help="By the rates of this day, not of the case's.")
@click.option("--json", "as_json", is_flag=True, help="Print the lines as JSON.")
@click.option("--schema", type=click.Choice(["case", "result"]), help="Print a JSON Schema.")
@click.option("--list", "listed", is_flag=True, help="List the rule sets.")
def charge(
    case: TextIO | None, names: tuple[str, ...], *, every: bool, day: str | None, as_json: bool,
    schema: str | None, listed: bool,
) -> None:  # fmt: skip
    """What the person of CASE (JSON; - for stdin) pays, and who pays the rest.

    Tables in charges.toml of the district folder come before those of the law.
    """
    if schema:
        click.echo(_schema(schema), nl=False)
        return
    if listed:
        _list()
        return
    if case is None:
        raise BadConfig("no case was given", "Name a file, or - for stdin; see --schema case.")
    made = _charges(_said(case, day), names, every=every)
    if as_json:
        click.echo(json.dumps([each.as_dict() for each in made] if every or len(names) > 1
                              else made[0].as_dict(), indent=2, ensure_ascii=False))  # fmt: skip
        return
    for each in made:
        _print(each)


def _schema(name: str) -> str:
    path = files("onesystem.budget").joinpath(f"schemas/charge-{name}.schema.json")
    return path.read_text(encoding="utf-8")


def _list() -> None:
    from onesystem.budget.entitlement.rule_sets import RULE_SETS

    for each in RULE_SETS.values():
        click.echo(f"{each.name:10} {each.status:24} {each.title}. {each.source}")


def _said(case: TextIO, day: str | None) -> dict[str, Any]:
    try:
        said = json.load(case)
    except (ValueError, RecursionError) as error:
        raise BadConfig(
            f"the case is no JSON: {error}", "See onesystem charge --schema case."
        ) from None
    if isinstance(said, dict) and day:
        said["day"] = day
    return said  # type: ignore[no-any-return]


def _charges(said: dict[str, Any], names: tuple[str, ...], *, every: bool) -> list[Any]:
    from onesystem.budget.entitlement.here import rates_for
    from onesystem.budget.entitlement.reading import case_of
    from onesystem.budget.entitlement.rule_sets import charge as work
    from onesystem.budget.entitlement.rule_sets import fitting, rule_set

    found = case_of(said)
    folder = Path(os.environ.get("ONESYSTEM_DISTRICT", "."))
    chosen = names or (("nz",) if found.currency == "NZD" else ("law",))
    if every:
        chosen = fitting(found)
    made = []
    for name in chosen:
        try:
            made.append(work(found, name, rates_for(rule_set(name), folder)))
        except UserError as error:
            if not every:
                raise
            click.echo(f"{name}: {error}", err=True)  # the others are still worth seeing
    if not made:
        sys.exit(UserError.exit_code)
    return made


def _print(made: Any) -> None:
    from rich.console import Console
    from rich.table import Table

    from onesystem.vocabulary.money import Money

    day = date.fromisoformat(made.day)
    table = Table("what", "amount", "rule", "source", title=f"{made.rules}, {day:%-d %B %Y}",
                  title_justify="left")  # fmt: skip
    for line in made.lines:
        amount = "" if line.amount is None else str(Money(line.amount, made.currency))
        table.add_row(line.words, amount, line.rule, line.source)
    Console(width=None if sys.stdout.isatty() else 160).print(table)
    for words in made.assumptions:
        click.echo(f"Assumed: {words}.")
