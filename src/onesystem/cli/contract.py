"""`onesystem contract`: the district's contracts, their files, and settling them."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import click

from onesystem.cli.opened import open_district, say
from onesystem.vocabulary import BadConfig
from onesystem.vocabulary.wording import counted

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.group()
def contract() -> None:
    """Contracts: list, show and check them, and settle their months."""


def _actor() -> Any:
    from onesystem.access import Actor

    return Actor.job("command line")


@contract.command("list")
@click.option("--json", "as_json", is_flag=True, help="As JSON.")
def list_contracts(*, as_json: bool) -> None:
    """The contracts: slug, kind, how each stands, until when, what is settled (pence), name."""
    open_district()
    from onesystem.budget.contracts import presenters, queries
    from onesystem.budget.contracts.pages import today

    rows = [
        {"contract": each.slug, "kind": made.kind,
         "state": presenters.STATES[presenters.state_of(each, today())][0],
         "until": str(made.until), "settled": queries.money(each.slug), "name": each.name}
        for each in queries.contracts()
        for made in ((each.in_force(today()) or each.last).agreement,)
    ]  # fmt: skip
    if as_json:
        click.echo(json.dumps(rows, indent=1, ensure_ascii=False))
        return
    for row in rows:
        click.echo("\t".join(str(value) for value in row.values()))
    if not rows:
        say("No contract was written yet. Write one at /contracts/new/")


@contract.command("show")
@click.argument("slug")
@click.option("--version", type=int, default=0, help="A version by its number; else in force.")
@click.option("--as", "form", type=click.Choice(["text", "toml", "json"]), default="text",
              show_default=True)  # fmt: skip
def show(slug: str, version: int, form: str) -> None:
    """What a contract says: as sentences, or as a file to carry."""
    here = open_district()
    from onesystem.budget.contracts import codec, queries, wording
    from onesystem.budget.contracts.knowing import around
    from onesystem.budget.contracts.pages import today

    known = queries.contract(slug)
    chosen = known.version(version) if version else known.in_force(today()) or known.last
    made = chosen.agreement
    if form != "text":
        click.echo((codec.to_toml if form == "toml" else codec.to_json)(made), nl=False)
        return
    click.echo(f"{made.name}, version {chosen.number}\n")
    for each in wording.clauses(made, around(), here.currency):
        click.echo(each.title)
        for line in each.lines:
            click.echo(f"  {line}")
        click.echo()


@contract.command("check")
@click.argument("file", type=_FILE)
def check(file: Path) -> None:
    """Read a contract's file; says each mistake with its place, and what its gate still asks."""
    open_district()
    from onesystem.budget.contracts import actions, codec, gating
    from onesystem.budget.contracts.knowing import around

    made = codec.read(file.read_bytes(), file.name)
    found = actions.problems(made, around())
    for each in found:
        click.echo(f"{each.where}: {each}")
    for each in gating.missing(made):
        say(f"Before it goes live, {each.where}: {each}")
    if found:
        many = counted(len(found), "mistake")
        raise BadConfig(f"{file.name} has {many}", "Mend them, and check again.")
    say(f"{made.name}: no mistake.")


@contract.command("import")
@click.argument("file", type=_FILE)
def import_(file: Path) -> None:
    """Begin a contract out of a file, as the draft of its first version."""
    open_district()
    from onesystem.budget.contracts import actions, codec

    made = codec.read(file.read_bytes(), file.name)
    slug = actions.begin(agreement=made, by=_actor(), why=f"Read from {file.name}")
    click.echo(slug)


def _month(said: str, option: str) -> date:
    try:
        return date.fromisoformat(f"{said}-01")
    except ValueError:
        raise BadConfig(f"{option} is {said!r}", "Write a month like 2026-03.") from None


@contract.command("settle")
@click.argument("slug")
@click.option("--from", "since", required=True, metavar="MONTH", help="The first month: 2025-04.")
@click.option("--to", "until", required=True, metavar="MONTH", help="The last month: 2026-03.")
@click.option("--keep", is_flag=True, help="Keep it as a draft, which the parties sign.")
@click.option("--json", "as_json", is_flag=True, help="All that is kept: terms, facts, origins.")
def settle(slug: str, *, since: str, until: str, keep: bool, as_json: bool) -> None:
    """Work some months out, and print the working line by line."""
    here = open_district()
    from onesystem.budget.contracts import codec, settling
    from onesystem.vocabulary import Money

    first, last = _month(since, "--from"), _month(until, "--to")
    end = date(last.year + last.month // 12, last.month % 12 + 1, 1)
    made = settling.preview(slug=slug, since=first, until=end)
    if keep:
        number = settling.settle(slug=slug, since=first, until=end, by=_actor())
        say(f"Settlement {number} is kept as a draft: /contracts/{slug}/settlements/{number}/")
    if as_json:
        click.echo(json.dumps(codec.loads(made.said), indent=1, ensure_ascii=False))
        return
    for line in made.worked.lines:
        amount = Money(line.amount, here.currency)
        click.echo(f"{line.rule}\t{line.words}\t{line.source}\t{line.party}\t{amount}")
    for party, minor in made.worked.due.items():
        click.echo(f"due\t\t\t{party}\t{Money(minor, here.currency)}")
