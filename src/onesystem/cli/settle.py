"""`onesystem settle`: the lines of an agreement for a period, from files alone."""

import json
from collections.abc import Callable
from importlib.resources import files
from pathlib import Path
from typing import Any

import click

from onesystem.vocabulary import BadConfig, BadInput

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command()
@click.argument("terms_file", metavar="TERMS", type=_FILE, required=False)
@click.argument("facts_file", metavar="[FACTS]", type=_FILE, required=False)
@click.option("--json", "as_json", is_flag=True, help="Print the settlement as JSON.")
@click.option("--check", is_flag=True, help="Only say what is wrong with the terms.")
@click.option("--schema", type=click.Choice(["terms", "facts", "result"]), help="Print a schema.")
@click.option("--example", type=click.Choice(["terms", "facts"]), help="Print an example.")
def settle(
    terms_file: Path | None, facts_file: Path | None, *, as_json: bool, check: bool,
    schema: str | None, example: str | None,
) -> None:  # fmt: skip
    """Settle TERMS (JSON or TOML) by FACTS (JSON or TOML): each line with rule, source and amount.

    Amounts are whole minor units (pence, cents) in the files; --schema prints what the files may
    hold. With --check and no FACTS, gaps and overlaps between slices, shares that do not sum, rates
    missing at a date and the like are listed, and the exit code is 9 if there are any.
    """
    from onesystem.budget.terms import facts_of, problems, require_sound, terms_of
    from onesystem.budget.terms import settle as settled

    if schema:
        path = files("onesystem.budget").joinpath(f"schemas/settle-{schema}.schema.json")
        click.echo(path.read_text(encoding="utf-8"), nl=False)
        return
    if example:
        name = {"terms": "example-terms.toml", "facts": "example-facts.json"}[example]
        path = files("onesystem.budget.terms").joinpath(f"data/{name}")
        click.echo(path.read_text(encoding="utf-8"), nl=False)
        return
    if terms_file is None:
        raise BadConfig("no terms are given", "Name a file of terms; see --schema terms.")
    terms = _read(terms_file, terms_of)
    if check:
        found = problems(terms)
        for each in found:
            click.echo(f"{each.rule}: {each}")
        require_sound(terms)
        click.echo("Nothing is wrong with these terms.")
        return
    require_sound(terms)
    if facts_file is None:
        raise BadConfig("no facts are given", "Name a file of facts, or ask for --check.")
    made = settled(terms, _read(facts_file, facts_of))
    if as_json:
        click.echo(json.dumps(made.as_dict(), indent=2, ensure_ascii=False))
        return
    _draw(made)


def _read(file: Path, make: Callable[[dict[str, Any]], Any]) -> Any:
    from onesystem.budget.terms import read

    try:
        return make(read(file.read_bytes(), suffix=file.suffix))
    except BadInput as error:
        where = f"{file.name}{error.where}" if error.where else file.name
        raise BadConfig(f"{where}: {error.what}", error.cure) from None


def _draw(made: Any) -> None:
    from rich.console import Console
    from rich.table import Table

    from onesystem.vocabulary import Money

    console = Console(width=150)
    table = Table("rule", "words", "source", "to", "from", title=f"{made.contract} v{made.version}")
    table.add_column("amount", justify="right")
    for line in made.lines:
        amount = str(Money(line.amount, made.currency))
        style = None if line.party else "dim"
        table.add_row(
            line.rule, line.words, line.source, line.party, line.against, amount, style=style
        )
    console.print(table)
    sums = Table("party", title="what each party has")
    sums.add_column("amount", justify="right")
    for party, amount in made.by_party.items():
        sums.add_row(party, str(Money(amount, made.currency)))
    console.print(sums)
