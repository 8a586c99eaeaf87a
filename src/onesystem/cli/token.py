"""`onesystem token`: which sources may send FHIR over REST, and which clients may ask over it."""

import click

from onesystem.cli.opened import open_district, say
from onesystem.vocabulary import BadConfig


@click.group()
def token() -> None:
    """Let a source send FHIR, or a client ask for it, or end that."""


@token.command("issue")
@click.option("--source", default="", help="The source that sends its own records with it.")
@click.option("--client", default="", help="The application that asks with it.")
@click.option("--scopes", default="system/*.rs", show_default=True, help="What the client may do.")
@click.option("--purpose", default="direct care", show_default=True)
@click.option("--user", default="", help="The user whom the client asks as.")
@click.option("--roles", default="", help="Without a user: the roles that the client has.")
@click.option("--organisation", default="", help="Without a user: whom the client asks for.")
def issue(
    source: str, client: str, scopes: str, purpose: str, user: str, roles: str, organisation: str
) -> None:
    """Make a token; it is printed once and kept nowhere."""
    if bool(source) == bool(client):
        raise BadConfig("a token is for a source or for a client", "Use --source or --client.")
    open_district()
    from onesystem.access import Actor

    by = Actor.job("command line")
    if source:
        from onesystem.feeds.fhir import tokens

        click.echo(tokens.issue(source=source, by=by))
    else:
        from onesystem.record.fhir import clients

        made = clients.issue(
            client=client,
            scopes=scopes,
            purpose=purpose,
            username=user,
            roles=roles,
            organisation=organisation,
            by=by,
        )
        click.echo(made)
    say("Send it as the header Authorization: Bearer TOKEN. It is not shown again.")


@token.command("list")
def list_tokens() -> None:
    """The tokens, without what they are."""
    open_district()
    from onesystem.feeds.fhir import tokens
    from onesystem.record.fhir import clients

    for each in tokens.tokens():
        ended = f"revoked {each.revoked:%Y-%m-%d}" if each.revoked else "in use"
        last = f"{each.used:%Y-%m-%d %H:00}" if each.used else "never used"
        click.echo(f"{each.pk}\t{each.source}\t{ended}\t{last}")
    for app in clients.tokens():
        ended = f"revoked {app.revoked:%Y-%m-%d}" if app.revoked else "in use"
        who = app.username or app.roles
        click.echo(f"{app.pk}\tclient {app.client}\t{ended}\t{app.scopes} as {who}")


@token.command("revoke")
@click.argument("number", type=int)
@click.option("--client", is_flag=True, help="The number is that of a client's token.")
def revoke(number: int, client: bool) -> None:
    """End the token of that number."""
    open_district()
    from onesystem.access import Actor
    from onesystem.feeds.fhir import tokens
    from onesystem.record.fhir import clients

    (clients if client else tokens).revoke(token=number, by=Actor.job("command line"))
    say(f"Token {number} has ended.")
