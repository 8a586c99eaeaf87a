"""What every command begins with: the district opened, and a voice for the terminal."""

import click

from onesystem.wiring import open_district

__all__ = ["open_district", "say"]


def say(text: str) -> None:
    """A line for the person at the terminal; data goes to stdout, talk to stderr."""
    click.echo(text, err=True)
