"""`onesystem compare`: a year under every payment form, and which way each one pulls."""

import json
import sys
from fractions import Fraction
from importlib.resources import files
from pathlib import Path
from typing import Any

import click

from onesystem.vocabulary import BadConfig, BadInput, spreadsheets

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
HEAD = ("form", "paid", "cost", "left", "more", "fewer", "each", "pull")


@click.command()
@click.argument("provider", required=False)
@click.option("--case", type=_FILE, help="A year from a JSON file, instead of a provider's.")
@click.option("--service", default="", help="One service of the provider.")
@click.option("--from", "first", default="", metavar="MONTH", help="First month, as 2025-04.")
@click.option("--set", "settings", multiple=True, metavar="NAME=VALUE",
              help="plan, price, change, extra, marginal, quality ...; repeatable.")  # fmt: skip
@click.option("--json", "as_json", is_flag=True, help="With every line of the working, as JSON.")
@click.option("--csv", "as_csv", is_flag=True, help="As CSV; money in minor units.")
@click.option("--schema", is_flag=True, help="Print the JSON Schema of a case.")
def compare(
    provider: str | None, *, case: Path | None, service: str, first: str,
    settings: tuple[str, ...], as_json: bool, as_csv: bool, schema: bool,
) -> None:  # fmt: skip
    """What would PROVIDER be paid for its last twelve months under each form of payment?

    With it: what one contact more and one fewer would move, after what it costs, and so which way
    the form pulls. The figures are exact: who may not see people should not be handed them.
    """
    if schema:
        path = files("onesystem.budget").joinpath("schemas/compare-case.schema.json")
        click.echo(path.read_text(encoding="utf-8"), nl=False)
        return
    from onesystem.budget.comparing.comparing import compared

    said = {"provider": provider or "", "service": service, "from": first, **_pairs(settings)}
    asked = _asked(said)
    year, currency = _of_case(case) if case else _of_district(asked)
    made = compared(asked, year, currency)
    rows = [
        (each.title, each.paid, each.cost, each.left, each.more, each.fewer, each.each, each.pull)
        for each in made.results
    ]
    if as_json:
        forms = [
            {**dict(zip(HEAD, row, strict=True)), "settlement": each.settlement.as_dict()}
            for row, each in zip(rows, made.results, strict=True)
        ]
        told = {"currency": currency, "plan": made.asked.plan, "price": made.asked.price}
        click.echo(json.dumps({**told, "forms": forms}, indent=2, ensure_ascii=False))
    elif as_csv:
        spreadsheets.Writer(sys.stdout).writerows([HEAD, *rows])
    else:
        _draw(rows, currency)


def _pairs(settings: tuple[str, ...]) -> dict[str, str]:
    from onesystem.budget.comparing.asked import SETTINGS
    from onesystem.vocabulary import nearest

    known = {"plan", "price", "aligned", *(each.name for each in SETTINGS)}
    found = {}
    for pair in settings:
        name, equals, value = pair.partition("=")
        if not equals or name not in known:
            cure = nearest(name, known) if equals else "Write it as NAME=VALUE."
            raise BadConfig(f"--set {pair} sets nothing that is known", cure)
        found[name] = value
    return found


def _asked(said: dict[str, str]) -> Any:
    from onesystem.budget.comparing.asked import asked

    found = asked(said)
    if found.problems:
        raise BadConfig(found.problems[0].rstrip("."), "Mend it.")
    return found


def _of_district(asked: Any) -> tuple[Any, str]:
    if not asked.provider:
        raise BadConfig("no provider is named", "Name one, or a year's file by --case.")
    from onesystem.cli.opened import open_district

    currency = open_district().currency
    from onesystem.budget.comparing import queries

    return queries.year_of(asked.provider, asked.service, asked.first), currency


def _of_case(case: Path) -> tuple[Any, str]:
    from onesystem.budget.comparing.year import Year
    from onesystem.budget.terms.codec import day_of, read

    try:
        said = read(case.read_bytes())
        year = Year(
            months=tuple(day_of(each) for each in said["months"]),
            contacts=tuple(Fraction(each) for each in said["contacts"]),
            elective=tuple(Fraction(e) for e in said.get("elective", [0] * len(said["months"]))),
            cost=tuple(int(each) for each in said["cost"]),
            people=int(said.get("people", 0)), before=int(said.get("before", 0)),
            source=said.get("source", case.name),
        )  # fmt: skip
        currency = str(said["currency"])
    except (BadInput, KeyError, TypeError, ValueError) as error:
        raise BadConfig(f"{case.name} is no year: {error}", "Look at --schema.") from None
    if len({len(year.months), len(year.contacts), len(year.elective), len(year.cost)}) > 1:
        raise BadConfig(f"{case.name} has lists of several lengths", "Give one value a month.")
    return year, currency


def _draw(rows: list[tuple[Any, ...]], currency: str) -> None:
    from rich.console import Console
    from rich.table import Table

    from onesystem.budget.comparing.comparing import PULLS
    from onesystem.vocabulary import Money

    table = Table("form")
    for name in ("paid", "left after cost", "for one more", "for one fewer"):
        table.add_column(name, justify="right")
    table.add_column("pulls")
    for title, paid, _, left, more, fewer, _, pull in rows:
        amounts = [str(Money(each, currency)) for each in (paid, left, more, -fewer)]
        table.add_row(title, *amounts, PULLS[pull])
    Console(width=110).print(table)
