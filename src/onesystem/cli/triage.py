"""`onesystem triage`: tables of scores and triage, before a district loads them."""

from pathlib import Path

import click

_FILES = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.group()
def triage() -> None:
    """Check tables of scores and triage, licensed ones that you load included."""


@triage.command()
@click.argument("files", nargs=-1, required=True, type=_FILES)
def check(files: tuple[Path, ...]) -> None:
    """Say whether the tables in FILES can be used: every name, every edge, every total."""
    from onesystem.care.triage.reading import read

    for file in files:
        table = read(file.read_text(encoding="utf-8"), name=file.name)
        click.echo(
            f"{file.name}: {table.title}. {len(table.inputs)} inputs, {len(table.items)} items,"
            f" {len(table.bands)} bands; every edge was tried. Source: {table.source}"
        )


@triage.command()
@click.argument("key")
def show(key: str) -> None:
    """A shipped table as its file, to begin another from: news2, crb-65, fall-at-home."""
    from onesystem.care.triage import library

    click.echo(library.text(key), nl=False)
