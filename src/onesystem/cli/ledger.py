"""`onesystem ledger`: postings in from files, balances, the check of the chain, months, text."""

import json
import sys
from pathlib import Path
from typing import Any

import click

from onesystem.vocabulary import BadConfig, BadInput, UserError, spreadsheets

_FILE = click.Path(exists=True, dir_okay=False, allow_dash=True, path_type=Path)
_OUT = click.Path(dir_okay=False, path_type=Path)
_DIMENSIONS = ("line", "fund", "organisation", "service", "setting", "contract", "decision")


@click.group()
def ledger() -> None:
    """The district's ledger: double entry, append-only, to the penny."""


@ledger.command()
@click.argument("file", type=_FILE)
@click.option("--json", "json_", is_flag=True, help="FILE is JSON; else its name says so.")
@click.option("--check", is_flag=True, help="Only say whether it could be posted.")
def post(file: Path, *, json_: bool, check: bool) -> None:
    """Post what is in FILE, CSV or JSON (- for stdin): all of it, or nothing.

    CSV has a line a leg: book, month, words, account, amount, and line, fund, organisation ...;
    lines with the same `posting` are one. A `key` makes sending the file again harmless.
    """
    from onesystem.budget.ledger.reading import read
    from onesystem.cli.opened import open_district, say

    district = open_district()
    text = sys.stdin.read() if str(file) == "-" else file.read_text(encoding="utf-8-sig")
    try:
        found = read(text, currency=district.currency, json_=json_ or file.suffix == ".json")
    except BadInput as error:
        raise UserError(f"{error.where}: {error.what}" if error.where else error.what,
                        error.cure) from error  # fmt: skip
    if check:
        say(f"{len(found):,} postings, each sums to nothing.")
        return
    from onesystem.access import Actor
    from onesystem.budget.ledger import actions

    numbers = actions.post_many(found, by=Actor.job("command line"))
    say(f"{len(numbers):,} postings, the last is {numbers[-1]}." if numbers else "No postings.")


@ledger.command()
@click.option("--by", default="book,account,line", show_default=True,
              help="Columns, with commas: book, account, line, fund, ..., month.")  # fmt: skip
@click.option("--book", default="")
@click.option("--account", default="")
@click.option("--from", "month_from", default="", help="2026-04")
@click.option("--to", "month_to", default="", help="2026-09")
@click.option("--where", multiple=True, metavar="NAME=VALUE", help="line=ed; may be repeated.")
@click.option("--json", "as_json", is_flag=True, help="JSON, with minor units; else CSV.")
def balances(
    *, by: str, book: str, account: str, month_from: str, month_to: str, where: tuple[str, ...],
    as_json: bool,
) -> None:  # fmt: skip
    """Sums of entries by the columns that are named."""
    from onesystem.cli.opened import open_district

    open_district()
    from onesystem.budget.ledger import queries
    from onesystem.budget.ledger.asked import month_of

    columns = [each.strip() for each in by.split(",") if each.strip()]
    rows = queries.balances(
        by=columns, book=book, account=account, month_from=month_of(month_from),
        month_to=month_of(month_to), **dict(map(_pair, where)),
    )  # fmt: skip
    told = [{**row, "month": f"{row['month']:%Y-%m}"} if "month" in row else row for row in rows]
    if as_json:
        click.echo(json.dumps(told, indent=2))
        return
    out = spreadsheets.Writer(sys.stdout)
    out.writerow([*columns, "amount", "legs"])
    out.writerows([*(row[c] for c in columns), f"{row['amount'] / 100:.2f}", row["legs"]]
                  for row in told)  # fmt: skip


def _pair(text: str) -> tuple[str, Any]:
    name, sign, value = text.partition("=")
    if not sign or name not in _DIMENSIONS:
        raise BadConfig(f"--where {text!r} says nothing", f"One of {', '.join(_DIMENSIONS)}, = ...")
    return name, value


@ledger.command()
@click.option("--json", "as_json", is_flag=True)
def verify(*, as_json: bool) -> None:
    """Read every posting again: digests, sums, balances. Exit code 1 where something is wrong."""
    from onesystem.cli.opened import open_district, say

    open_district()
    from onesystem.budget.ledger import queries

    faults = queries.verify()
    if as_json:
        click.echo(json.dumps({"faults": faults, "entries": queries.many()}, indent=2))
    else:
        for fault in faults:
            click.echo(fault)
    say(f"{len(faults)} faults." if faults else f"It holds: {queries.many():,} entries.")
    sys.exit(1 if faults else 0)


@ledger.command()
@click.argument("month")
@click.option("--yes", is_flag=True, help="Close it without asking.")
@click.option("--override", default="", help="What stops it and is known: costs-unposted.")
@click.option("--why", default="", help="Why it closes all the same; kept in the trail.")
def close(month: str, *, yes: bool, override: str, why: str) -> None:
    """Close MONTH (2026-04) and every month before it. It cannot be undone."""
    from onesystem.cli.opened import open_district, say

    open_district()
    from onesystem.access import Actor
    from onesystem.budget.ledger import actions, checklist
    from onesystem.budget.ledger.asked import month_of

    wanted = month_of(month)
    if wanted is None:
        raise BadConfig("there is no month", "Write it as 2026-04")
    for item in checklist.items(wanted):
        say(f"{'right' if item.done else 'look ':5}  {item.words}  {item.note}")
        if item.stops and item.override != (override or None):
            raise UserError(f"this must be right first: {item.words.lower()}", item.note)
    if not yes:
        click.confirm(f"Close {wanted:%B %Y}?", abort=True, err=True)
    actions.close(month=wanted, by=Actor.job("command line"), override=override, why=why)
    say(f"{wanted:%B %Y} is closed.")


@ledger.command()
@click.argument("to", type=_OUT, required=False)
@click.option("--from", "month_from", default="", help="2026-04")
@click.option("--to", "month_to", default="", help="2026-09")
def export(to: Path | None, *, month_from: str, month_to: str) -> None:
    """The ledger as plain text in Beancount's syntax, or as a workbook where TO ends in .xlsx."""
    from onesystem.cli.opened import open_district, say

    open_district()
    from onesystem.budget.ledger import exporting
    from onesystem.budget.ledger.asked import month_of

    months = {"month_from": month_of(month_from), "month_to": month_of(month_to)}
    if to is None:
        click.echo(exporting.as_text(**months), nl=False)
        return
    if to.suffix == ".xlsx":
        to.write_bytes(exporting.as_workbook(months))
    else:
        to.write_text(exporting.as_text(**months), encoding="utf-8")
    say(f"Wrote {to}. Check a text with: bean-check {to}")
