"""`onesystem publish`: lay the district's figures where a national view reads them."""

from pathlib import Path

import click
import orjson

from onesystem.cli.opened import open_district, say

_AUDIENCES = ("nation", "districts")


@click.command()
@click.option("--audience", type=click.Choice(_AUDIENCES), default="nation", show_default=True,
              help="Who may read it: national planners alone, or other districts too.")  # fmt: skip
@click.option("--note", default="", help="Said beside the figures.")
@click.option("--dry-run", is_flag=True, help="Print what would be published, and publish nothing.")
@click.option("--withdraw", "why", default="", help="Take what is published away: the reason.")
def publish(audience: str, note: str, why: str, *, dry_run: bool) -> None:
    """Publish the district's measures by month, with small numbers taken out.

    They lie in the folder that ONESYSTEM_NATION names, else in `nation` of the district's folder;
    a national view reads nothing else.
    """
    open_district()
    from onesystem.access import Actor
    from onesystem.alliance.comparing import actions, gathering, publication, shelf

    by = Actor.job("command line")
    if dry_run:
        made = gathering.gathered(by=by, number=0, audience=audience, note=note)
        click.echo(publication.written(made).decode())
        return
    if why:
        actions.withdraw(by=by, why=why)
        say("Withdrawn.")
        return
    made = actions.publish(by=by, audience=audience, note=note)
    months = sum(len(each.months) for each in made.measures)
    hidden = sum(m.hidden for each in made.measures for m in each.months)
    path = Path(shelf.place()) / f"{made.code}.json"
    told = {"number": made.number, "measures": len(made.measures), "months": months,
            "hidden": hidden, "file": str(path)}  # fmt: skip
    click.echo(orjson.dumps(told).decode())
