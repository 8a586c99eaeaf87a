"""`onesystem cost`: what contacts cost, from a file or of the whole log, and a month's posting."""

import json
from datetime import date
from importlib.resources import files
from pathlib import Path
from typing import Any, TextIO

import click

from onesystem.vocabulary import BadConfig, UserError


@click.group()
def cost() -> None:
    """Work out what contacts cost, line by line, and post a month of it."""


@cost.command()
@click.argument("contacts", type=click.File(encoding="utf-8"), required=False)
@click.option(
    "--rules", type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="A costs.toml to lay on the shipped rules.",
)  # fmt: skip
@click.option("--json", "as_json", is_flag=True, help="Print the lines as JSON.")
@click.option("--schema", type=click.Choice(["contacts", "lines"]), help="Print a JSON Schema.")
def lines(
    contacts: TextIO | None, rules: Path | None, *, as_json: bool, schema: str | None
) -> None:
    """The cost of each of CONTACTS (JSON; - for stdin), line by line. Needs no district."""
    if schema:
        path = files("onesystem.budget").joinpath(f"schemas/cost-{schema}.schema.json")
        click.echo(path.read_text(encoding="utf-8"), nl=False)
        return
    if contacts is None:
        raise BadConfig("no contacts were given", "Name a file, or - for stdin; see --schema.")
    from onesystem.budget.costing import codec, loading
    from onesystem.budget.costing.pricing import Book

    try:
        told = json.load(contacts)
    except (ValueError, RecursionError) as error:
        raise BadConfig(
            f"the contacts are no JSON: {error}", "See onesystem cost lines --schema contacts."
        ) from None
    made = codec.costed(told, Book(loading.read_file(rules) if rules else loading.shipped()))
    if as_json:
        click.echo(json.dumps(made, indent=2, ensure_ascii=False))
        return
    for contact in made["contacts"]:
        for portion in contact["portions"]:
            head = f"{contact['id']}\t{portion['month']}\t{portion['rule'] or portion['reason']}"
            click.echo(f"{head}\t{portion['basis']}\t{portion['minor']}")
            for line in portion["lines"]:
                of = f"{line['quantity']} x {line['price']}"
                click.echo(f"\t{line['words']}\t{of}\t{line['minor']}\t{line['source']}")


@cost.command()
@click.option("--json", "as_json", is_flag=True, help="Print what was done as JSON.")
@click.option("--verify", is_flag=True, help="Then check that nothing is costed twice.")
def log(*, as_json: bool, verify: bool) -> None:
    """Cost what is new or changed in the district's log: at night, or by hand."""
    from onesystem.cli.opened import open_district, say

    open_district()
    from dataclasses import asdict

    from onesystem.access import Actor
    from onesystem.budget.costing import actions, verifying

    done = actions.refresh(by=Actor.job("command line"), say=say)
    if as_json:
        click.echo(json.dumps(asdict(done)))
    else:
        say(f"{done.contacts:,} contacts costed in {done.months} months of the log; "
            f"{done.left} months were as before")  # fmt: skip
    wrong = list(verifying.problems()) if verify else []
    for problem in wrong:
        say(problem)
    if wrong:
        raise UserError(
            f"{len(wrong)} faults in the costs", "Delete `costs` and cost the log anew."
        )


@cost.command()
@click.argument("month")
@click.option("--into", help="An open month, where MONTH is closed.")
def post(month: str, into: str | None) -> None:
    """Post what a MONTH (2026-05) cost to the ledger; again posts only what changed."""
    of, to = _month(month), _month(into) if into else None
    from onesystem.cli.opened import open_district, say

    open_district()
    from onesystem.access import Actor
    from onesystem.budget.costing import actions

    numbers = actions.post_month(month=of, by=Actor.job("command line"), into=to)
    say(f"posted as {', '.join(map(str, numbers))}" if numbers else "nothing was to be posted")


@cost.command()
@click.argument("month")
@click.option("--json", "as_json", is_flag=True, help="Print the rows as JSON.")
def reconcile(month: str, *, as_json: bool) -> None:
    """A MONTH's costs against the ledger, by service, with what is left over."""
    of = _month(month)
    from onesystem.cli.opened import open_district

    open_district()
    from onesystem.budget.costing import queries

    told = queries.reconcile(of)
    rows = [
        {"kind": r.kind, "service": r.service, "line": r.line, "minor": r.minor,
         "posted": r.posted, "left": r.left, "why": r.why}
        for r in told.rows
    ]  # fmt: skip
    whole: dict[str, Any] = {
        "month": f"{of:%Y-%m}", "contacts": told.contacts, "unused": told.unused,
        "posted": told.posted, "left": told.left,
    }  # fmt: skip
    if as_json:
        click.echo(json.dumps({**whole, "rows": rows}, indent=2))
        return
    for row in rows:
        click.echo("\t".join(str(value) for value in row.values()))
    click.echo("\t".join(f"{key} {value}" for key, value in whole.items()))


@cost.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def check(file: Path) -> None:
    """Say whether FILE, a costs.toml, can be used: each fault with its line and its cure."""
    from onesystem.budget.costing import loading

    rules = loading.read_file(file)
    click.echo(f"{file.name}: {len(rules.rules)} rules, {len(rules.staff)} staff rates, "
               f"{len(rules.national)} national costs, {len(rules.pools)} pools")  # fmt: skip


def _month(text: str) -> date:
    try:
        return date.fromisoformat(f"{text}-01")
    except ValueError:
        raise BadConfig(f"{text!r} is no month", "Write it as 2026-05.") from None
