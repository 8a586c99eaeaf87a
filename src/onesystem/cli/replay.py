"""`onesystem replay`: read messages again from the landing."""

import sys

import click

from onesystem.cli.opened import open_district, say
from onesystem.vocabulary import BadConfig


@click.command()
@click.option("--message", "messages", type=int, multiple=True, help="A message by its number.")
@click.option("--source", default="", help="The messages of a source.")
@click.option("--quarantined", is_flag=True, help="The messages in quarantine.")
@click.option("--all", "everything", is_flag=True, help="Wipe all but the landing, and rebuild.")
def replay(messages: tuple[int, ...], source: str, quarantined: bool, everything: bool) -> None:
    """Read messages again from the landing, after a mapping was mended or a reader learnt more.

    --all wipes persons, contacts, entries and requests and builds them again; it gives the same
    result, keeps what people decided, and goes on where it was when it is stopped.
    """
    if not (messages or source or quarantined or everything):
        raise BadConfig(
            "it is not said what to replay",
            "Use --message N, --source NAME, --quarantined, or --all.",
        )
    district = open_district()
    from onesystem.cli.ingest import stopping
    from onesystem.feeds.again import replay as again

    with stopping() as stopped:
        done = again(
            list(messages) or None,
            source=source,
            quarantined=quarantined,
            everything=everything,
            district=district,
            progress=lambda at, of: say(f"{at:,} of {of:,}"),
            cancel=stopped.is_set,
        )
    click.echo(f"messages: {done.read:,} read, {done.quarantined:,} quarantined")
    if done.stopped:
        say("stopped; the same command goes on with it")
        sys.exit(130)
