"""`onesystem plan shock`: what a shock does in the first week, month and year; what softens it."""

import json
import sys
from typing import Any

import click


@click.command()
@click.argument("key", required=False)
@click.option("--number", "numbers", multiple=True, metavar="NAME=VALUE",
              help="Another size: beds=50. Repeatable.")  # fmt: skip
@click.option("--ward", default="", help="Which ward closes.  [the largest]")
@click.option("--people", type=click.IntRange(min=1), help="People of the district.  [as counted]")
@click.option("--runs", type=click.IntRange(2, 200), default=20, show_default=True,
              help="Replications of each.")  # fmt: skip
@click.option("--by", "figure", default="waiting", show_default=True,
              help="The figure that levers are ranked by.")  # fmt: skip
@click.option("--levers/--no-levers", default=True, help="Try what would soften it.")
@click.option("--json", "as_json", is_flag=True, help="Everything as JSON.")
@click.option("--csv", "as_csv", is_flag=True, help="What it does, as CSV.")
def shock(
    key: str | None, *, numbers: tuple[str, ...], ward: str, people: int | None, runs: int,
    figure: str, levers: bool, as_json: bool, as_csv: bool,
) -> None:  # fmt: skip
    """Run a shock on the district's twin; without KEY, say which there are."""
    from onesystem.plan.shocks.kinds import shocks

    if key is None:
        for each in shocks().values():
            sizes = ", ".join(f"{s.name}={s.value:g}" for s in each.sizes)
            click.echo(f"{each.key:12} {each.title} ({sizes})")
        return
    from onesystem.cli.opened import open_district, say

    here = open_district()
    from onesystem.plan.shocks import queries, working
    from onesystem.twin.standing import standing

    held = standing(here.path)
    asked = working.question(
        held, key, dict(map(_number, numbers)), people=people or queries.people(),
        practices=queries.practices(), ward=ward, figure=figure, levers=levers, runs=runs,
    )  # fmt: skip
    found = working.found_for(held.model, asked, _told)
    if as_json:
        click.echo(json.dumps({"asked": asked, **found}, ensure_ascii=False))
        return
    _show(found, figure, as_csv=as_csv)
    for each in (*found["scaled"], *found["missing"]):
        say(each)
    if not held.own:
        say("This is the example, not your district: onesystem twin calibrate --keep makes yours.")


def _number(said: str) -> tuple[str, float]:
    from onesystem.vocabulary import BadConfig

    name, _, value = said.partition("=")
    try:
        return name, float(value)
    except ValueError:
        raise BadConfig(f"{said!r} is no NAME=VALUE", "Write one, such as beds=50.") from None


def _told(done: int, of: int) -> None:
    if sys.stderr.isatty():
        click.echo(f"\r{done} of {of} replications", nl=done == of, err=True)


def _show(found: dict[str, Any], figure: str, *, as_csv: bool) -> None:
    from onesystem.plan.shocks import presenters
    from onesystem.vocabulary.tables import csv_text, plain

    effects, levers = presenters.effects(found), presenters.levers(found, figure)
    if as_csv:
        rows = [[plain(cell) for cell in row] for row in effects.all_rows]
        click.echo(csv_text([c.label for c in effects.columns], rows), nl=False)
        return
    for listing in (effects, levers):
        click.echo(f"{listing.caption}")
        click.echo("  " + " | ".join(c.label for c in listing.columns))
        for row in listing.all_rows:
            click.echo("  " + " | ".join(_word(cell) for cell in row))


def _word(cell: Any) -> str:
    return f"{cell.text} {cell.note}".strip() if hasattr(cell, "text") else str(cell)
