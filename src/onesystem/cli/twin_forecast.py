"""`onesystem twin forecast`: the next days from who is in the district now."""

import json
import sys
from datetime import datetime
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import click

from onesystem.cli.opened import open_district, say
from onesystem.vocabulary import spreadsheets

if TYPE_CHECKING:
    from onesystem.twin.forecast import Forecast


@click.command()
@click.option("--hours", type=click.IntRange(1, 336), default=72, show_default=True)
@click.option("--replications", type=click.IntRange(min=2), default=200, show_default=True)
@click.option("--from", "since", type=click.DateTime(["%Y-%m-%dT%H:%M"]),
              help="Another moment than now, by the district's clocks.")  # fmt: skip
@click.option("--workers", type=click.IntRange(min=1), help="How many at a time.  [all cores]")
@click.option("--json", "as_json", is_flag=True, help="Everything as JSON.")
@click.option("--csv", "as_csv", is_flag=True, help="Every service and hour as CSV.")
def forecast(
    *, hours: int, replications: int, since: datetime | None, workers: int | None, as_json: bool,
    as_csv: bool,
) -> None:  # fmt: skip
    """Say what is coming, from who is in the district now, by its own twin.

    The same is made every quarter of an hour while the district is served, and kept for its page.
    """
    from onesystem import District

    described = open_district()
    at = since.replace(tzinfo=ZoneInfo(described.zone)) if since else None
    with District.open(described.path) as opened:
        made = opened.forecast(at=at, hours=hours, replications=replications, workers=workers)
    if as_json:
        click.echo(json.dumps(made.plain(), ensure_ascii=False))
    elif as_csv:
        _csv(made)
    else:
        _print(made)


def _csv(made: "Forecast") -> None:
    from onesystem.twin.forecast import showing

    spreadsheets.Writer(sys.stdout).writerows(showing.rows(made, showing.small(0, exact=True)))


def _print(made: "Forecast") -> None:
    from rich.console import Console

    from onesystem.twin.forecast import showing

    say(f"From {made.people:,} people at {made.at:%Y-%m-%d %H:%M}, {made.replications} runs.")
    for note in made.notes:
        say(note)
    shown = showing.small(0, exact=True)
    for sentence in showing.headline(made, shown):
        click.echo(sentence)
    for listing in (
        showing.hospitals(made, shown),
        showing.levers(made),
        *(showing.services(made, figure, {}, shown) for figure in showing.FIGURES),
    ):
        Console().print(_table(listing))


def _table(listing: Any) -> Any:
    from rich.table import Table

    table = Table(title=listing.caption, title_justify="left")
    for column in listing.columns:
        table.add_column(column.label, justify="right" if column.right else "left")
    for row in listing.all_rows:
        table.add_row(*(str(getattr(each, "text", "" if each is None else each)) for each in row))
    return table
