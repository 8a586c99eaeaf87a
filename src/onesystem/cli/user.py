"""`onesystem user`: who may sign in, and as what."""

import click

from onesystem.cli.opened import open_district, say


@click.group()
def user() -> None:
    """Add people who sign in, and give them roles."""


@user.command("add")
@click.argument("username")
@click.option("--name", default="", help="The name that others see.")
@click.option("--role", "roles", multiple=True, required=True, help="May be given again.")
@click.option("--organisation", default="", help="Whose people they look after: a code.")
@click.password_option(envvar="ONESYSTEM_PASSWORD", help="Asked for when not given.")
def add(username: str, name: str, roles: tuple[str, ...], organisation: str, password: str) -> None:
    """Add USERNAME with one or more roles."""
    open_district()
    from onesystem.access import Actor, actions

    actions.add_user(
        username=username,
        password=password,
        roles=list(roles),
        name=name or username,
        organisation=organisation,
        by=Actor.job("command line"),
    )
    say(f"Added {username} as {', '.join(roles)}. They sign in on the page and may add a passkey.")


@user.command("move")
@click.argument("username")
@click.argument("organisation")
def move(username: str, organisation: str) -> None:
    """Let USERNAME work for ORGANISATION: its ties are theirs from the next page on."""
    open_district()
    from onesystem.access import Actor, actions

    actions.set_organisation(
        username=username, organisation=organisation, by=Actor.job("command line")
    )
    say(f"{username} works for {organisation or 'no organisation'}.")


@user.command("email")
@click.argument("username")
@click.argument("address")
def email(username: str, address: str) -> None:
    """Set the ADDRESS by which an organisation's sign-in knows USERNAME."""
    open_district()
    from onesystem.access import Actor, actions

    actions.set_email(username=username, email=address, by=Actor.job("command line"))
    say(f"{username} is known as {address}.")


@user.command("list")
def list_users() -> None:
    """Who may sign in."""
    open_district()
    from onesystem.access.models import User

    for each in User.objects.order_by("username"):
        click.echo(f"{each.username}\t{each.roles}\t{'' if each.is_active else 'inactive'}")
