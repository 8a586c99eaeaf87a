"""`onesystem token`: who may send FHIR over REST."""

import click

from onesystem.cli.opened import open_district, say


@click.group()
def token() -> None:
    """Let a source send FHIR over REST, or end that."""


@token.command("issue")
@click.option("--source", required=True, help="The source that sends with it.")
def issue(source: str) -> None:
    """Make a token for a source; it is printed once and kept nowhere."""
    open_district()
    from onesystem.access import Actor
    from onesystem.feeds.fhir import tokens

    click.echo(tokens.issue(source=source, by=Actor.job("command line")))
    say("Send it as the header Authorization: Bearer TOKEN. It is not shown again.")


@token.command("list")
def list_tokens() -> None:
    """The tokens, without what they are."""
    open_district()
    from onesystem.feeds.fhir import tokens

    for each in tokens.tokens():
        ended = f"revoked {each.revoked:%Y-%m-%d}" if each.revoked else "in use"
        last = f"{each.used:%Y-%m-%d %H:00}" if each.used else "never used"
        click.echo(f"{each.pk}\t{each.source}\t{ended}\t{last}")


@token.command("revoke")
@click.argument("number", type=int)
def revoke(number: int) -> None:
    """End the token of that number."""
    open_district()
    from onesystem.access import Actor
    from onesystem.feeds.fhir import tokens

    tokens.revoke(token=number, by=Actor.job("command line"))
    say(f"Token {number} has ended.")
