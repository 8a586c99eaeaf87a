"""`onesystem doctor`: what is configured, reachable, behind or broken, and the cure."""

import json
import sys
from dataclasses import asdict

import click

from onesystem.cli.opened import open_district


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print the findings as JSON.")
def doctor(as_json: bool) -> None:
    """Examine the district. Ends with 1 where something is broken."""
    district = open_district(migrate=False)
    from onesystem.cli.checks import Level, examine

    findings = list(examine(district))
    if as_json:
        click.echo(json.dumps([asdict(f) for f in findings], indent=2))
    else:
        colours = {Level.WELL: "green", Level.LOOK: "yellow", Level.BROKEN: "red"}
        for f in findings:
            click.echo(f"{click.style(f'{f.level:7}', fg=colours[f.level])} {f.about}: {f.what}")
            if f.cure:
                click.echo(f"        -> {f.cure}")
    if any(f.level is Level.BROKEN for f in findings):
        sys.exit(1)
