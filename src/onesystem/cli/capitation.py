"""`onesystem capitation`: weighted populations and what follows from them, line by line."""

import json
import sys
from importlib.resources import files
from typing import Any, TextIO

import click

from onesystem.vocabulary import BadConfig, spreadsheets


@click.command()
@click.argument("case", type=click.File(encoding="utf-8"), required=False)
@click.option("--json", "as_json", is_flag=True, help="Print the working as JSON.")
@click.option("--schema", type=click.Choice(["case", "result"]), help="Print a JSON Schema.")
@click.option("--list", "listed", is_flag=True, help="List the rules.")
@click.option("--practices", is_flag=True, help="CSV: England's practices, paid beside the rule.")
def capitation(
    case: TextIO | None, *, as_json: bool, schema: str | None, listed: bool, practices: bool
) -> None:
    """Work CASE out (JSON; - for stdin): a global sum, weighted lists, Care Plus, shares."""
    if schema:
        path = files("onesystem.budget").joinpath(f"schemas/capitation-{schema}.schema.json")
        click.echo(path.read_text(encoding="utf-8"), nl=False)
        return
    from onesystem.budget.capitation.case import RULES, work

    if listed:
        for name, words in RULES.items():
            click.echo(f"{name:24} {words}")
        return
    if practices:
        _practices()
        return
    made = work(_said(case))
    if as_json:
        click.echo(json.dumps(made.as_dict(), indent=2, ensure_ascii=False))
        return
    for line in made.lines:
        source = f"  [{line.source}]" if line.source else ""
        click.echo(f"{line.shown:>18}  {line.words}{source}")
    for name, value in made.results.items():
        click.echo(f"{name}: {float(value):,.3f}".rstrip("0").rstrip("."))
    for note in made.notes:
        click.echo(note, err=True)


def _said(case: TextIO | None) -> dict[str, Any]:
    if case is None:
        raise BadConfig("no case was given", "Name a file, or - for stdin; see --schema case")
    try:
        said = json.load(case)
    except ValueError as error:
        raise BadConfig(f"the case is no JSON: {error}", "See --schema case") from error
    if not isinstance(said, dict):
        raise BadConfig("the case is no object", "See --schema case")
    return said


def _practices() -> None:
    from onesystem.budget.capitation.practices import compared

    out = spreadsheets.Writer(sys.stdout)
    out.writerow(["practice", "name", "sub_icb", "contract", "registered", "weighted", "paid",
                  "rule", "difference", "reason"])  # fmt: skip
    for each in compared():
        of = each.practice
        out.writerow([of.practice, of.name, of.sub_icb, of.contract, of.registered / 100,
                      of.weighted / 100, of.global_sum / 100, each.expected / 100,
                      each.difference / 100, each.reason])  # fmt: skip
