"""`onesystem coordination`: how many people's care is un-coordinated, by flag; who, for a job."""

import json
import sys
from collections.abc import Sequence
from typing import Any

import click

from onesystem.cli.opened import open_district, say
from onesystem.vocabulary import spreadsheets


@click.command()
@click.option("--refresh", is_flag=True, help="Work the list out first; a served one does nightly.")
@click.option("--by", type=click.Choice(["", "practice", "area"]), default="", show_default=True,
              help="Count by this; the whole district where nothing is said.")  # fmt: skip
@click.option("--people", is_flag=True, help="The ranked list instead: person numbers, no names.")
@click.option("--definitions", is_flag=True, help="What each flag means, its weight and source.")
@click.option("--json", "as_json", is_flag=True, help="As JSON.")
@click.option("--csv", "as_csv", is_flag=True, help="As CSV.")
def coordination(
    *, refresh: bool, by: str, people: bool, definitions: bool, as_json: bool, as_csv: bool
) -> None:
    """Whose care is un-coordinated? Counts by flag, or the ranked list with its working."""
    open_district()
    from onesystem.flow.coordination import store, working

    if definitions:
        _print(_flags(), as_json=as_json, as_csv=as_csv)
        return
    if refresh:
        found = working.refresh(say=lambda share, said: say(f"{share:4.0%} {said}"))
        say(f"{found['people']:,} people are on the list.")
    elif not store.worked()[0]:
        say("The list was never worked out. Add --refresh.")
    _print(_people() if people else _counts(by), as_json=as_json, as_csv=as_csv)


def _flags() -> list[dict[str, Any]]:
    from onesystem import district
    from onesystem.flow.coordination.definitions import definitions
    from onesystem.flow.coordination.presenters import flag_words
    from onesystem.vocabulary import to_local

    here = district.current()
    today = to_local(district.now(), here.zone).date()
    kept = ("name", "title", "words", "weight", "since", "source", "source_date")
    return [
        {key: str(each[key]) for key in kept}
        for each in flag_words(definitions(here.path), today)
    ]  # fmt: skip


def _counts(by: str) -> list[dict[str, Any]]:
    from onesystem.access import Actor
    from onesystem.flow.coordination import queries

    return [
        {by or "group": each.group or "all", "flag": each.flag or "on the list",
         "people": each.people}
        for each in queries.counts(Actor.job("command line"), by)
    ]  # fmt: skip


def _people() -> list[dict[str, Any]]:
    from onesystem import access
    from onesystem.flow.coordination import queries

    actor = access.Actor.job("command line")
    rows = queries.worklist(access.asker_of(actor, "care coordination"))
    access.record(by=actor, act="worklist.listed", what="", detail={"people": len(rows)})
    return [
        {
            "person": row.person, "score": row.score, "practice": row.practice, "age": row.age,
            "state": row.standing.state,
            "working": "; ".join(f"{t.flag}: {t.count} = {t.points}" for t in row.lines),
            **row.indices,
        }
        for row in rows
    ]  # fmt: skip


def _print(rows: Sequence[dict[str, Any]], *, as_json: bool, as_csv: bool) -> None:
    if as_json:
        click.echo(json.dumps(rows, ensure_ascii=False))
        return
    if not rows:
        return
    if as_csv:
        out = spreadsheets.Writer(sys.stdout)
        out.writerow(rows[0])
        out.writerows(row.values() for row in rows)
        return
    from rich.console import Console
    from rich.table import Table

    table = Table(*rows[0])
    for row in rows:
        table.add_row(*(_said(value) for value in row.values()))
    Console().print(table)


def _said(value: Any) -> str:
    if value is None:
        return ""
    return f"{value:.2f}" if isinstance(value, float) else str(value)
