"""`onesystem project`: pseudonyms for analysis, keyed by project."""

from typing import Any

import click

from onesystem.cli.opened import open_district, say
from onesystem.vocabulary import NotFound


@click.group()
def project() -> None:
    """Analyse people under pseudonyms that only this district can turn back."""


@project.command()
@click.argument("name")
def new(name: str) -> None:
    """Make the project NAME and its key."""
    open_district()
    from onesystem.people import projects

    say(f"The key of {name} is {projects.new(name, by=_job())}: keep it, and show it to nobody.")


@project.command("list")
def list_projects() -> None:
    """The projects."""
    open_district()
    from onesystem.people import projects

    for name in projects.names():
        click.echo(name)


@project.command()
@click.argument("name")
@click.option("--by", "groups", multiple=True, default=("service",), show_default=True)
def counts(name: str, groups: tuple[str, ...]) -> None:
    """Contacts and persons by group, as CSV; groups of too few persons say so instead."""
    district = open_district()
    from onesystem.contacts import masking
    from onesystem.contacts.exporting import Asked

    click.echo(",".join([*groups, "contacts", "persons"]))
    few = f"<{district.suppress_below}"
    for row in masking.counts(Asked(), by=_job(), project=name, groups=groups):
        said = [few if v is None and i >= len(groups) else str(v) for i, v in enumerate(row)]
        click.echo(",".join(said))


@project.command()
@click.argument("name")
@click.argument("pseudonym")
@click.option("--user", required=True, help="Who asks: a privacy officer.")
@click.option("--purpose", required=True, help="What for, such as 'safety recall'.")
@click.option("--reason", required=True, help="Why this person has to be known.")
def reidentify(*, name: str, pseudonym: str, user: str, purpose: str, reason: str) -> None:
    """The person behind PSEUDONYM in the project NAME. Audited."""
    open_district()
    from onesystem.access import Actor
    from onesystem.access.models import User
    from onesystem.people import projects

    found = User.objects.filter(username=user, is_active=True).first()
    if found is None:
        raise NotFound(f"there is no user {user!r}", "See: onesystem user list")
    click.echo(
        projects.reidentify(name, pseudonym, by=Actor.of(found), purpose=purpose, reason=reason)
    )


def _job() -> Any:
    from onesystem.access import Actor

    return Actor.job("command line")
