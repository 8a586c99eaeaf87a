"""`onesystem codes`: lists of codes that the district loads."""

import json
from pathlib import Path

import click

from onesystem.cli.opened import open_district, say


@click.group()
def codes() -> None:
    """Local value sets and code systems."""


@codes.command("load")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--url", default="", help="Its address, where the file does not say one.")
@click.option("--version", default="", help="Its version, where the file does not say one.")
def load(*, file: Path, url: str, version: str) -> None:
    """Load FILE: a ValueSet or CodeSystem as FHIR JSON, or CSV (system, code, display, parent).

    What you load has to be yours to use: terminologies carry licences.
    """
    open_district()
    from onesystem.access import Actor
    from onesystem.record.codes.loading import load as loads

    made, count = loads(file, by=Actor.job("command line"), url=url, version=version)
    say(f"{count:,} codes of {made.url}{f' version {made.version}' if made.version else ''}")


@codes.command("list")
@click.option("--json", "as_json", is_flag=True)
def list_(*, as_json: bool) -> None:
    """The lists that are loaded."""
    open_district()
    from onesystem.record.codes.rows import CodeRow, CodeSet

    rows = [
        {"url": s.url, "version": s.version, "kind": s.kind, "source": s.source,
         "codes": CodeRow.objects.filter(codeset=s.pk).count(), "current": s.current}
        for s in CodeSet.objects.order_by("url", "-loaded_at")
    ]  # fmt: skip
    if as_json:
        click.echo(json.dumps(rows, indent=1))
        return
    for each in rows:
        state = "" if each["current"] else "  (replaced)"
        click.echo(
            f"{each['codes']:>8,}  {each['kind']:10}  {each['url']} {each['version']}{state}"
        )
