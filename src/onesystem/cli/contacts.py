"""`onesystem contacts`: read, export, count, check and compact the contacts."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any, BinaryIO

import click

from onesystem.cli.opened import open_district, say
from onesystem.vocabulary import BadConfig, Setting, nearest, to_utc

_DAY = click.DateTime(["%Y-%m-%d"])
_MOMENT = click.DateTime(["%Y-%m-%d", "%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"])
_FILE = click.Path(dir_okay=False)
_WHERE = "To a file; without a name, or with -, to the output."
_SHOWN = (
    "source", "service", "identity", "requested", "started", "ready", "ended", "outcome",
)  # fmt: skip


def _actor() -> Any:
    from onesystem.access import Actor

    return Actor.job("command line")


class _Default(click.Group):
    """A group that exports where no other verb is named."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        if not args or (args[0] not in self.commands and args[0] not in {"--help", "-h"}):
            args = ["export", *args]
        return super().parse_args(ctx, args)


@click.group(cls=_Default)
def contacts() -> None:
    """Read, export and check the contacts. Without a verb: export."""


@contacts.command()
@click.option("--from", "since", type=_DAY, help="First day, in the district's zone.")
@click.option("--to", "until", type=_DAY, help="Day after the last.")
@click.option("--service", "services", multiple=True, help="A service's code; may be repeated.")
@click.option("--setting", "settings", multiple=True, help="A setting, such as ED.")
@click.option("--source", "sources", multiple=True, help="A source's code.")
@click.option("--identity", "identities", type=int, multiple=True, help="A source identity.")
@click.option("--person", type=int, help="A person: all identities of theirs.")
@click.option("--as-of", type=_MOMENT, help="What was known then, in the district's zone.")
@click.option("--cancelled", is_flag=True, help="Cancelled contacts as well.")
@click.option("--csv", "csv_file", type=_FILE, is_flag=False, flag_value="-", help=_WHERE)
@click.option("--parquet", type=_FILE, is_flag=False, flag_value="-", help=_WHERE)
@click.option("--bom", is_flag=True, help="Begin the CSV so that Excel reads it as UTF-8.")
@click.option("--project", default="", help="Pseudonyms of this project, and no names or texts.")
@click.option("--limit", default=50, show_default=True, help="Rows of the table.")
def export(
    *,
    csv_file: str | None,
    parquet: str | None,
    bom: bool,
    project: str,
    limit: int,
    person: int | None,
    **asked: Any,
) -> None:
    """Print contacts as a table, or write them to a file. Times: which day it started."""
    district = open_district()
    from onesystem.contacts import exporting

    for setting in asked["settings"]:
        if setting not in set(Setting):
            raise BadConfig(f"there is no setting {setting!r}", nearest(setting, Setting))
    what = _asked(person, district.zone, **asked)
    if csv_file and parquet:
        raise BadConfig("--csv and --parquet were both given", "Ask for one at a time.")
    if project and (person is not None or asked["identities"]):
        raise BadConfig("a project holds pseudonyms, and a person was named", "Leave one out.")
    if project and not (csv_file or parquet):
        raise BadConfig("a project's contacts go to a file", "Add --csv FILE, or --csv -")
    if not (csv_file or parquet):
        names, rows = exporting.first(what, by=_actor(), limit=limit, person=person)
        _print(names, rows, limit)
        return
    target = csv_file or parquet or ""
    if parquet == "-" and sys.stdout.isatty():
        raise BadConfig("Parquet is nothing to read on a screen", "Name a file: --parquet FILE")
    if project:
        from onesystem.contacts import masking

        with _opened(target) as out:
            rows_written = masking.export(
                what, by=_actor(), out=out, form="csv" if csv_file else "parquet", project=project
            )
        say(f"{rows_written:,} contacts{'' if target == '-' else f' in {target}'}")
        return
    with _opened(target) as out:
        rows_written = exporting.export(
            what,
            by=_actor(),
            out=out,
            form="csv" if csv_file else "parquet",
            bom=bom,
            person=person,
            progress=_every(1_000_000),
        )
    say(f"{rows_written:,} contacts{'' if target == '-' else f' in {target}'}")


def _asked(person: int | None, zone: str, **said: Any) -> Any:
    from onesystem.contacts.exporting import Asked

    identities = list(said.pop("identities"))
    if person is not None:
        from onesystem import people

        identities += people.identity_ids_of(person)
        if not identities:
            raise BadConfig(f"there is no person {person}", "Look them up: onesystem people")
    as_of = said.pop("as_of")
    return Asked(
        since=_date(said.pop("since")),
        until=_date(said.pop("until")),
        identities=identities,
        as_of=as_of and to_utc(as_of, zone),
        **said,
    )


def _date(moment: datetime | None) -> Any:
    return moment and moment.date()


@contextmanager
def _opened(target: str) -> Iterator[BinaryIO]:
    """Standard output, or a file that appears under its name only when it is whole."""
    if target == "-":
        yield sys.stdout.buffer
        sys.stdout.buffer.flush()
        return
    path = Path(target)
    part = path.with_name(f"{path.name}.part")
    try:
        with part.open("wb") as out:
            yield out
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


def _every(step: int) -> Any:
    last = 0

    def tell(rows: int) -> None:
        nonlocal last
        if rows // step > last // step:
            say(f"{rows:,} contacts")
        last = rows

    return tell


def _print(names: list[str], rows: list[tuple[Any, ...]], limit: int) -> None:
    from rich.console import Console
    from rich.table import Table

    table = Table(*_SHOWN)
    places = [names.index(name) for name in _SHOWN]
    for row in rows:
        table.add_row(*(_short(row[i]) for i in places))
    Console(width=None if sys.stdout.isatty() else 160).print(table)
    if len(rows) == limit:
        say(f"the newest {limit}; --csv FILE writes all, --limit N shows more")


def _short(value: object) -> str:
    """A cell: times to the minute."""
    text = "" if value is None else str(value)
    return text[:16].replace("T", " ") if text[4:5] == "-" and text[10:11] == "T" else text


@contacts.command()
def count() -> None:
    """How many contacts there are, and where they are kept."""
    open_district()
    from onesystem.contacts import queries

    for name, number in queries.count().items():
        click.echo(f"{name:12}{number:>14,}")


@contacts.command()
@click.option("--quick", is_flag=True, help="Only whether the files are there and whole in size.")
def verify(*, quick: bool) -> None:
    """Prove that log, landing and store agree. Ends with exit code 1 where they do not."""
    open_district()
    from onesystem import contacts as room

    report = room.verify(quick=quick, progress=say)
    click.echo(
        f"{report.rows:,} versions in {report.files:,} files of the log,"
        f" {report.contacts:,} contacts in the operational store"
    )
    if not quick:
        click.echo(f"{report.refolded:,} visits folded again, {report.messages:,} messages found")
    for problem in report.problems:
        click.echo(f"WRONG: {problem}")
    if report.problems:
        say("The landing has every message: onesystem replay makes the contacts anew.")
        raise SystemExit(1)
    click.echo("Everything agrees.")


@contacts.command()
def compact() -> None:
    """Carry contacts that ended long ago to the log, and merge its small files."""
    open_district()
    from onesystem import contacts as room

    done = room.compact(by=_actor(), progress=say)
    click.echo(
        f"{done.contacts:,} contacts carried to the log ({done.versions:,} versions),"
        f" {done.merged_files:,} small files merged, {done.swept_files:,} left-over files removed"
    )
