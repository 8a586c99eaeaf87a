"""`onesystem opportunities`: what to improve next, ranked, from the contacts as they are now."""

import json
import sys
from datetime import date, datetime
from typing import Any

import click

from onesystem.cli.opened import open_district, say
from onesystem.vocabulary import spreadsheets

_DAY = click.DateTime(["%Y-%m-%d"])


@click.command()
@click.option("--from", "start", type=_DAY, help="First day (default: twelve whole months).")
@click.option("--to", "last", type=_DAY, help="Last day (default: the end of last month).")
@click.option("--sort", type=click.Choice(["days", "money", "people"]), default="days",
              show_default=True, help="What they are ranked by.")  # fmt: skip
@click.option("--split", is_flag=True, help="Each by cause, service, organisation and practice.")
@click.option("--json", "as_json", is_flag=True, help="Everything, as JSON; times in ms.")
@click.option("--csv", "as_csv", is_flag=True, help="As CSV; money in minor units.")
def opportunities(
    *, start: datetime | None, last: datetime | None, sort: str, split: bool, as_json: bool,
    as_csv: bool,
) -> None:  # fmt: skip
    """What next bit to improve? Opportunities by avoidable days, money or people.

    Money is at a standing-in price list. The figures are exact: who may not see people should not
    be handed them.
    """
    district = open_district()
    from onesystem.flow.chances.reading import found
    from onesystem.flow.chances.seeing import Eyes
    from onesystem.flow.chances.showing import Showing
    from onesystem.flow.chances.state import State
    from onesystem.flow.chances.tables import HEAD, rows
    from onesystem.flow.chances.wording import period_words

    said = {"from": _iso(start), "to": _iso(last), "sort": sort}
    state = State.of(said, today=_today(district))
    made = found(district, state.period, say=lambda _share, what: say(f"{what} ..."))
    if as_json:
        click.echo(json.dumps(made.shown, ensure_ascii=False))
        return
    showing = Showing(found=made.shown, state=state, eyes=Eyes(below=0), district=district)
    kinds = sorted(made.shown["kinds"], key=lambda kind: -_size(showing, kind, sort))
    table = list(rows(showing, kinds, split=split))
    if as_csv:
        out = spreadsheets.Writer(sys.stdout)
        out.writerow(HEAD)
        out.writerows(table)
        return
    say(f"{period_words(state)}; {made.shown['contacts']:,} contacts read")
    _print(table)


def _print(table: list[list[Any]]) -> None:
    from rich.console import Console
    from rich.table import Table

    from onesystem.flow.chances.wording import days, money

    drawn = Table("Opportunity", "Contacts", "People", "Avoidable days", "Money")
    for title, split, group, contacts, people, lost, minor, _ in table:
        name = f"  {split}: {group}" if split else title
        drawn.add_row(name, f"{contacts:,}", f"{people:,}", days(lost), money(minor))
    Console().print(drawn)


def _size(showing: Any, kind: Any, sort: str) -> float:
    return float(getattr(showing.sums(kind), sort) or 0)


def _iso(day: datetime | None) -> str:
    return day.date().isoformat() if day else ""


def _today(district: Any) -> date:
    from onesystem import district as districts
    from onesystem.vocabulary import to_local

    return to_local(districts.now(), district.zone).date()
