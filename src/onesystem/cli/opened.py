"""Opening the district of a command: checked, with Django set up and the store up to date."""

import os

import click

from onesystem.district import District, current


def open_district(*, migrate: bool = True) -> District:
    """The district of this command. Raises BadConfig where there is none."""
    district = current()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "onesystem.web.settings")
    import django

    django.setup()
    from onesystem import wiring

    wiring.connect()
    if migrate:
        from django.core.management import call_command

        call_command("migrate", verbosity=0, interactive=False)
    return district


def say(text: str) -> None:
    """A line for the person at the terminal; data goes to stdout, talk to stderr."""
    click.echo(text, err=True)
