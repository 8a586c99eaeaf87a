"""`onesystem plan run`: a plan's options in the district's twin, beside doing nothing."""

import json
import sys
import time
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from onesystem.plan.options.weighing import Comparison


@click.command()
@click.argument("plan", required=False)
@click.option("--option", "keys", multiple=True, metavar="KEY",
              help="Only these of its options; repeatable.  [all]")  # fmt: skip
@click.option("--years", type=click.Choice(["0", "5", "20"]), default="0", show_default=True,
              help="Over so many years of a changing population; 0 is a year.")  # fmt: skip
@click.option("--json", "as_json", is_flag=True, help="Everything as JSON.")
@click.option("--csv", "as_csv", is_flag=True, help="Every figure as CSV.")
def run(
    plan: str | None, *, keys: tuple[str, ...], years: str, as_json: bool, as_csv: bool
) -> None:  # fmt: skip
    """Run each option of a plan by itself, and all together; the run is kept with the plan."""
    from onesystem.access import Actor
    from onesystem.cli.opened import open_district, say

    open_district()
    from onesystem.plan.options import queries, running  # its rows need Django to be ready

    if plan is None:
        for row in queries.plans():
            click.echo(f"{row.slug:40}{row.stage:16}{row.name}")
        return
    mine = queries.plan(plan)
    chosen = list(keys) or [each.key for each in mine.options]
    sets = running.alone_and_together(chosen)
    made = running.ask(plan=plan, sets=sets, by=Actor.job("plan run"), years=int(years))
    began = time.perf_counter()
    if made.found is None:
        running.answer(made, _told)
        made = queries.run(plan, made.number)
    found = made.found
    assert found is not None  # noqa: S101 - it was just kept
    _show(found, as_json=as_json, as_csv=as_csv)
    say(f"Run {made.number} of {mine.name}: {len(found.sets)} sets, {found.replications} "
        f"replications, {time.perf_counter() - began:.1f} s.")  # fmt: skip


def _told(done: int, of: int) -> None:
    if sys.stderr.isatty():
        click.echo(f"\r{done} of {of} replications", nl=done == of, err=True)


def _show(found: "Comparison", *, as_json: bool, as_csv: bool) -> None:
    from onesystem.district import current
    from onesystem.plan.options import presenters, weighing, wording
    from onesystem.vocabulary.tables import csv_text

    if as_json:
        said = {"sets": [weighing.kept(each) for each in found.sets], "model": found.model,
                "replications": found.replications, "seed": found.seed, "people": found.people,
                "missing": found.missing, "warnings": found.warnings}  # fmt: skip
        click.echo(json.dumps(said, ensure_ascii=False))
    elif as_csv:
        click.echo(csv_text(presenters.HEAD, list(presenters.rows(found))), nl=False)
    else:
        for each in found.sets:
            click.echo(f"\n{each.name}")
            for label, difference, interval, ends in wording.headlines(each, current().currency):
                click.echo(f"  {label:50}{difference:>12}  ({interval}; by the evidence {ends})")
    for words in (*found.missing, *found.warnings):
        click.echo(words, err=True)
