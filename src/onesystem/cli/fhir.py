"""`onesystem fhir`: what the FHIR server does, and what holds it to that."""

import json
from collections import Counter
from dataclasses import asdict

import click

from onesystem.cli.opened import open_district, say


@click.group()
def fhir() -> None:
    """The FHIR server."""


@fhir.command()
def errands() -> None:
    """Work on exports and subscriptions until nothing waits, where no `serve` does it.

    A district that is served does so by itself.
    """
    open_district()
    from onesystem import record

    parts = 1
    while record.run_errands():
        parts += 1
    say(f"Nothing waits any more, after {parts} part{'s'[: parts > 1]}.")


@fhir.command()
def reindex() -> None:
    """Make the index that searches use anew, from the record as it stands.

    Searches go on meanwhile in the index that was; what comes in waits until it is done.
    """
    open_district()
    from onesystem import access
    from onesystem.record.fhir.searching.index import rebuild

    count = rebuild(_told)
    access.record(by=access.Actor.job("command line"), act="fhir.index-rebuilt", what="record",
                  detail={"entries": count})  # fmt: skip
    say(f"{count:,} entries are indexed.")


def _told(count: int) -> None:
    if count % 100_000 == 0:
        say(f"{count:,} entries ...")


@fhir.command()
@click.option("--json", "as_json", is_flag=True, help="Every line as JSON.")
@click.option("--all", "every", is_flag=True, help="Every search parameter, not only their counts.")
def coverage(*, as_json: bool, every: bool) -> None:
    """Each interaction, operation and search parameter, with the test that holds it."""
    open_district()
    from onesystem.record.fhir.coverage import lines

    found = list(lines())
    if as_json:
        click.echo(json.dumps([asdict(each) for each in found], indent=1))
        return
    for each in found:
        if every or each.what != "search":
            click.echo(f"{each.what:12} {each.name:32} {', '.join(each.tests) or each.why}")
    counts = Counter((each.what, bool(each.tests)) for each in found)
    for (what, held), count in sorted(counts.items()):
        click.echo(f"{count:,} of kind {what} {'held by tests' if held else 'not supported'}")
