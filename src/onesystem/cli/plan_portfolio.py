"""`onesystem plan portfolio`: what to do when, which limits bind, and what each is worth."""

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from onesystem.plan.portfolio.proposing import Proposal


@click.command()
@click.argument("plan", required=False)
@click.option("--problem", type=click.Path(exists=True, dir_okay=False, path_type=Path),
              help="Solve a problem of your own, in JSON, without a district.")  # fmt: skip
@click.option("--years", type=click.Choice(["5", "20"]), default="5", show_default=True)
@click.option("--starts", type=float, help="Options that can start in a quarter.")
@click.option("--money", type=float, help="How much money grows, % a year over prices.")
@click.option("--demand", type=float, help="How much need grows, % a year.")
@click.option("--extra", type=float, help="Money on top in each year.")
@click.option("--floor", type=float, help="At least this % of each kind of care is done.")
@click.option("--must", multiple=True, metavar="KEY:QUARTER",
              help="An option has to have started by that quarter, 1 the first.")  # fmt: skip
@click.option("--staff", default="", metavar="PLAN",
              help="Keep to the training places and money of a plan of staff.")  # fmt: skip
@click.option("--not", "banned", multiple=True, metavar="KEY", help="An option may not start.")
@click.option("--json", "as_json", is_flag=True, help="Everything as JSON.")
@click.option("--csv", "as_csv", is_flag=True, help="When each option starts, as CSV.")
def portfolio(  # noqa: PLR0913, RUF100 - each is an option of the command
    plan: str | None, *, problem: Path | None, as_json: bool, as_csv: bool, **said: Any
) -> None:  # fmt: skip
    """Propose when the options of PLAN start; the proposal is kept with the plan."""
    if problem is not None:
        _own(problem, as_json=as_json)
        return
    from onesystem.access import Actor
    from onesystem.cli.opened import open_district, say

    open_district()
    from onesystem.plan.options import queries as plans
    from onesystem.plan.portfolio import actions, queries, working

    if plan is None:
        for row in plans.plans():
            click.echo(f"{row.slug:40}{row.name}")
        return
    mine = plans.plan(plan)
    kept = actions.ask(plan=plan, may=_may(said), by=Actor.job("plan portfolio"), anew=True,
                       staff=said["staff"])  # fmt: skip
    if kept.said is None:
        working.keep(kept.digest, working.found_for(kept.asked, _told))
        kept = queries.proposal(plan, kept.number)
    if as_json:
        click.echo(json.dumps(kept.said, ensure_ascii=False))
    elif as_csv:
        _csv(kept)
    else:
        _show(kept)
    say(f"Proposal {kept.number} of {mine.name}.")


def _may(said: dict[str, Any]) -> dict[str, Any]:
    """The question's limits, as the pages have them. Raises BadConfig."""
    from onesystem.plan.portfolio import forms
    from onesystem.vocabulary import BadConfig

    typed = {k: f"{v:g}" for k, v in said.items() if isinstance(v, float)}
    may = forms.may_of(typed | {"years": said["years"]}, ())
    for each in said["must"]:
        key, _, quarter = each.partition(":")
        if not quarter.isdecimal() or int(quarter) < 1:
            raise BadConfig(f"{each!r} says no quarter", "Write KEY:QUARTER, such as beds:4.")
        may["must"][key] = int(quarter) - 1
    return may | {"banned": list(said["banned"])}


def _told(share: float, said: str) -> None:
    if sys.stderr.isatty():
        click.echo(f"\r\033[K{share:4.0%} {said}", nl=False, err=True)


def _csv(kept: Any) -> None:
    from onesystem.plan.portfolio import showing, telling
    from onesystem.vocabulary.tables import csv_text, plain

    if kept.found.best is None:
        listing = showing.shown(kept, [])["clash"]
    else:
        problem, _ = telling.built(kept.said, kept.asked)
        from datetime import date

        begins = date.fromisoformat(kept.asked["begins"])
        listing = showing.tables(kept.found, problem, begins)["options"]
    rows = [[plain(cell) for cell in row] for row in listing.all_rows]
    click.echo(csv_text([c.label for c in listing.columns], rows), nl=False)


def _show(kept: Any) -> None:
    from onesystem.plan.portfolio import showing
    from onesystem.vocabulary.tables import plain

    context = showing.shown(kept, [])
    if kept.found.best is None:
        click.echo("No plan keeps to all limits. These clash; any one of them may give way:")
        listings = [context["clash"]]
    else:
        for each in context["figures"]:
            click.echo(f"{each['label']}: {each['value']} ({each['note']})")
        listings = [context["tables"]["options"], context["tables"]["limits"]]
    for listing in listings:
        click.echo(f"\n{listing.caption}")
        for row in listing.all_rows:
            click.echo("  " + " | ".join(_word(cell, plain) for cell in row))


def _word(cell: Any, plain: Any) -> str:
    return str(getattr(cell, "text", plain(cell)))


def _own(path: Path, *, as_json: bool) -> None:
    """Solve somebody's own problem."""
    from dataclasses import asdict

    from onesystem.plan.portfolio.proposing import propose
    from onesystem.plan.portfolio.reading import problem_of

    found = propose(problem_of(path.read_bytes(), path.name), told=_told)
    if as_json:
        click.echo(json.dumps(asdict(found), ensure_ascii=False))
        return
    _plainly(found)


def _plainly(found: "Proposal") -> None:
    if found.best is None:
        click.echo("No plan keeps to all limits. These clash; any one of them may give way:")
        for each in found.clash.short if found.clash else ():
            least = "does not help alone" if each.least is None else f"{each.least:,.6g}"
            click.echo(f"  {each.kind} {each.of}: {least}")
        return
    for name, at in found.best.starts.items():
        click.echo(f"{name}: {'not at all' if at < 0 else f'from moment {at + 1}'}")
    for price in found.prices:
        if price.binds:
            click.echo(f"{price.kind} {price.of} binds; a step of {price.step:g} brings "
                       f"{price.worth / 100:,.2f}")  # fmt: skip
