"""`onesystem backup`, `restore` and `move`: the district as a whole, kept and carried."""

from pathlib import Path

import click

from onesystem.cli.opened import open_district, say
from onesystem.vocabulary import UserError


@click.command()
@click.argument("to", type=click.Path(path_type=Path, dir_okay=False))
def backup(to: Path) -> None:
    """Write the whole district to the new file TO. Feeds and pages may go on meanwhile."""
    district = open_district()
    from onesystem.cli import backups

    size = backups.write(district.path, to, copy_store=_copy_store, progress=_say_large)
    say(f"Wrote {to}: {size / 1e6:,.1f} MB. Read it back with: onesystem restore {to} FOLDER")


@click.command()
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
def restore(file: Path, folder: Path) -> None:
    """Read the backup FILE into the new district FOLDER, and check every part.

    With DATABASE_URL set, the store goes into that (empty) database.
    """
    import os

    from onesystem.cli import backups

    made = backups.read(file, folder, progress=_say_large)
    os.environ["ONESYSTEM_DISTRICT"] = str(folder.resolve())
    if os.environ.get("DATABASE_URL"):
        open_district(migrate=False)
        _carry_from_sqlite(folder / "store.sqlite3")
    say(f"Restored the backup of {made['made']} into {folder}.")
    say(f"Next: onesystem -d {folder} doctor")


@click.command()
@click.option("--to", "url", required=True, help="postgresql://user:password@host:port/name")
def move(url: str) -> None:
    """Carry the operational store to another, empty database.

    The old store is left as it is. Stop `serve` and `listen` first, and start them again with
    DATABASE_URL set to the new one.
    """
    district = open_district()
    from onesystem.cli.carry import carry
    from onesystem.cli.supervisor import serving

    if serving(district.path):
        raise UserError("the district is being served", "Stop `onesystem serve` first.")
    _connect_as("target", url, district.path)
    counts = carry("default", "target", progress=_say_rows)
    say(f"Carried {sum(counts.values()):,} rows of {len(counts)} tables.")
    say("Next: set DATABASE_URL to the new database for every onesystem command.")


def _connect_as(alias: str, url: str, folder: Path) -> None:
    from django.db import connections

    from onesystem.web.database import database_from

    defaults = {**connections.settings["default"], "OPTIONS": {}}
    connections.settings[alias] = {**defaults, **database_from(url, folder)}


def _copy_store(to: Path) -> None:
    from django.conf import settings
    from django.db import connection

    if connection.vendor == "sqlite":
        from onesystem.cli.backups import copy_sqlite

        copy_sqlite(Path(settings.DATABASES["default"]["NAME"]), to)
        return
    from onesystem.cli.carry import carry

    _connect_as("copy", "", to.parent)
    carry("default", "copy")
    from django.db import connections

    connections["copy"].close()


def _carry_from_sqlite(file: Path) -> None:
    from onesystem.cli.carry import carry

    _connect_as("copy", "", file.parent)
    carry("copy", "default", progress=_say_rows)
    file.unlink()


def _say_large(name: str, size: int) -> None:
    if size > 10_000_000:
        say(f"  {name}  {size / 1e6:,.0f} MB")


def _say_rows(table: str, rows: int) -> None:
    if rows:
        say(f"  {table}  {rows:,} rows")
