"""`onesystem pooled`: pooled funds: their position, the share-out of any agreement, returns."""

import json
import sys
from importlib.resources import files
from pathlib import Path
from typing import Any, TextIO

import click

from onesystem.vocabulary import BadConfig


@click.group()
def pooled() -> None:
    """Pooled funds: where they stand, who pays what is spent over, returns as files."""


@pooled.command("list")
@click.option("--json", "as_json", is_flag=True, help="Print as JSON.")
def listed(*, as_json: bool) -> None:
    """The latest year of each fund."""
    queries, by = _open()
    made = []
    for each in queries.funds():
        a = each.agreement
        at = queries.position(a.fund, a.year, by=by)
        made.append({"fund": a.fund, "name": a.name, "year": a.year, "paid_in": at.planned,
                     "received": at.received, "spent": at.spent,
                     "settled": bool(each.settled)})  # fmt: skip
    if as_json:
        click.echo(json.dumps(made, indent=2, ensure_ascii=False))
        return
    for row in made:
        state = "settled" if row["settled"] else "open"
        click.echo(f"{row['fund']:24} {row['year']}  {row['paid_in'] / 100:>16,.2f} paid in "
                   f"{row['spent'] / 100:>16,.2f} spent  {state}")  # fmt: skip


@pooled.command()
@click.argument("agreement", type=click.File(encoding="utf-8"), required=False)
@click.argument("spent", type=click.File(encoding="utf-8"), required=False)
@click.option("--json", "as_json", is_flag=True, help="Print the lines as JSON.")
@click.option("--schema", type=click.Choice(["agreement", "spent", "result"]),
              help="Print a JSON Schema.")  # fmt: skip
def share(
    agreement: TextIO | None, spent: TextIO | None, *, as_json: bool, schema: str | None
) -> None:
    """Who pays what when SPENT (JSON: scheme to minor units) is spent under AGREEMENT (JSON).

    Needs no district: anybody can check a share-out by it.
    """
    if schema:
        name = f"schemas/pooled-{schema}.schema.json"
        click.echo(files("onesystem.budget").joinpath(name).read_text("utf-8"), nl=False)
        return
    if agreement is None or spent is None:
        raise BadConfig("two files are wanted", "Name the agreement and what was spent, as JSON")
    from onesystem.budget.pooled import checks, codec, returning, sharing
    from onesystem.budget.pooled.outturn import outturns

    a = codec.read(agreement.read())
    if found := checks.problems(a):
        raise checks.Wrong(found)
    result = sharing.share(a, outturns(a, _spent(spent, {s.code for s in a.schemes})))
    if as_json:
        click.echo(json.dumps(returning.packed_share(result), indent=2, ensure_ascii=False))
        return
    for line in result.lines:
        click.echo(f"{line.amount / 100:>16,.2f}  {line.rule:12} {line.words}")
    for code, amount in result.pays.items():
        click.echo(f"{amount / 100:>16,.2f}  {code} {'pays' if amount >= 0 else 'gets back'}")


def _spent(file: TextIO, schemes: set[str]) -> dict[str, int]:
    try:
        said = json.load(file)
    except json.JSONDecodeError as error:
        raise BadConfig(f"{file.name} is no JSON: {error}", "See --schema spent") from error
    if not isinstance(said, dict) or any(type(v) is not int for v in said.values()):
        raise BadConfig("what was spent is whole minor units by scheme", "See --schema spent")
    if unknown := sorted(set(said) - schemes):
        raise BadConfig(f"the agreement has no scheme {unknown[0]!r}", "Write its code as there")
    return said


@pooled.command("return")
@click.argument("fund")
@click.argument("year")
@click.argument("quarter", type=click.IntRange(1, 4))
@click.option("--format", "form", type=click.Choice(["xlsx", "csv", "json"]), default="json")
@click.option("--output", "-o", type=click.Path(path_type=Path), help="The file.  [stdout]")
def returned(fund: str, year: str, quarter: int, *, form: str, output: Path | None) -> None:
    """The return of a QUARTER of a YEAR (2026/27) of a FUND, as it was made last."""
    _open()
    from onesystem.budget.pooled import reading
    from onesystem.budget.pooled.return_pages import content_of

    standing = reading.standing(fund, year)
    last = reading.made(fund, year, quarter)
    if last is None:
        raise BadConfig(f"no return of quarter {quarter} was made yet", "Make it on its page")
    content = content_of(standing.agreement, last, form)
    data = content.encode() if isinstance(content, str) else content
    if output:
        output.write_bytes(data)
    else:
        sys.stdout.buffer.write(data)


def _open() -> tuple[Any, Any]:
    from onesystem.access import Actor
    from onesystem.wiring import open_district

    open_district()
    from onesystem.budget.pooled import queries

    return queries, Actor.job("command line")
