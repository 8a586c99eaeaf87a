"""`onesystem people retention` and `onesystem people hold`: how long records are kept."""

import json
from dataclasses import asdict
from datetime import date
from typing import Any

import click

from onesystem.cli.opened import open_district, say
from onesystem.vocabulary import BadConfig


@click.command("retention")
@click.option("--dry-run", is_flag=True, help="Only list who falls due; the officer's list stays.")
@click.option("--json", "as_json", is_flag=True, help="As JSON.")
@click.option("--on", default="", help="As of a day, such as 2027-01-31; with --dry-run.")
def retention(*, dry_run: bool, as_json: bool, on: str) -> None:
    """Whose record falls due, and why; puts them on the officer's list.

    Nothing is destroyed here: the officer decides on each. What a crash left of an earlier
    decision is finished.
    """
    open_district()
    from onesystem.record.keeping import destroying, finding

    if on and not dry_run:
        raise BadConfig("--on is for looking ahead", "Use it with --dry-run.")
    found = finding.look(on=_day(on) if on else None)
    if not dry_run:
        finished = destroying.finish()
        if finished:
            say(f"{finished} earlier decisions were finished")
        finding.renew(by=_actor())
    if as_json:
        rows = [
            {"person": f.person, "due": f.due.isoformat(), "rule": f.kept.rule.code,
             "why": f.kept.why, "source": f.kept.rule.source, "held": f.held}
            for f in found
        ]  # fmt: skip
        click.echo(json.dumps(rows, indent=1))
        return
    for each in found:
        held = "  legal hold" if each.held else ""
        click.echo(
            f"{each.person:>10}  {each.due}  {each.kept.rule.code:16}  {each.kept.why}{held}"
        )
    say(f"{len(found):,} records fall due" + (" (dry run)" if dry_run else ""))


@click.group("hold")
def hold() -> None:
    """Legal holds: put one on a record, list them, release one."""


@hold.command("put")
@click.argument("person", type=int)
@click.option("--reason", required=True)
@click.option("--reference", required=True, help="Of the claim, inquiry or order.")
@click.option("--review", required=True, help="The day on which to ask whether it is needed.")
@click.option("--entry", "entries", multiple=True, type=int, help="Only that entry; repeatable.")
def put(*, person: int, reason: str, reference: str, review: str, entries: tuple[int, ...]) -> None:
    """Put a legal hold on PERSON: nothing of their record is destroyed until its release."""
    open_district()
    from onesystem.record.keeping import holds

    number = holds.put(person=person, reason=reason, reference=reference, review=_day(review),
                       entries=entries, by=_actor())  # fmt: skip
    say(f"hold {number} stands on person {person}")


@hold.command("list")
@click.option("--all", "ended", is_flag=True, help="Those that were released too.")
@click.option("--json", "as_json", is_flag=True)
def list_(*, ended: bool, as_json: bool) -> None:
    """The holds that stand, the next review first."""
    open_district()
    from onesystem.record.keeping import holds

    found = holds.listed(by=_actor(), ended=ended)
    if as_json:
        click.echo(json.dumps([asdict(each) for each in found], indent=1, default=str))
        return
    for each in found:
        state = "released" if each.until else f"review {each.review}"
        click.echo(f"{each.number:>6}  person {each.person}  {each.reference}  {state}")
    say(f"{len(found)} holds")


@hold.command("release")
@click.argument("number", type=int)
@click.option("--reason", required=True)
def release(*, number: int, reason: str) -> None:
    """Release hold NUMBER; the rules of retention hold again."""
    open_district()
    from onesystem.record.keeping import holds

    holds.release(hold=number, reason=reason, by=_actor())
    say(f"hold {number} is released")


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise BadConfig(f"{text!r} is no day", "Write it as 2027-01-31.") from error


def _actor() -> Any:
    from onesystem.access import Actor

    return Actor.job("command line")
