"""`onesystem ingest`: files and folders of messages and extracts."""

import json
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from threading import Event
from typing import Any

import click

from onesystem.cli.opened import open_district, say
from onesystem.vocabulary import BadInput


@click.command()
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--source", required=True, help="The source that these come from.")
@click.option("--json", "as_json", is_flag=True, help="Print the counts as JSON.")
@click.option("--report", is_flag=True, help="Print what was read and set aside, by folder.")
@click.option("--dry-run", is_flag=True, help="Show what extracts would make, and make nothing.")
@click.option("--mapping", default="", help="The mapping to use for extracts (with --dry-run).")
def ingest(
    paths: tuple[Path, ...], source: str, as_json: bool, report: bool, dry_run: bool, mapping: str
) -> None:
    """Take in files and folders of messages and extracts from one source.

    Sending the same again changes nothing. Ctrl-C stops between batches; what was done stays.
    """
    district = open_district()
    if source not in district.sources:
        say(f"{source} is not declared in district.toml; it is read with plain defaults")
    if dry_run:
        _dry_run(paths, source, mapping, as_json=as_json)
        return
    from onesystem.feeds.intake import take_in

    with stopping() as stopped, _showing() as show:
        done = take_in(paths, source, district=district, progress=show, cancel=stopped.is_set)
    if as_json:
        click.echo(json.dumps(_as_json(done), indent=2))
    else:
        _print(done)
    if report:
        _print_report(done)
    if done.cancelled:
        say("stopped; what was taken in stays, and the rest can be sent again")
        sys.exit(130)


def _as_json(done: Any) -> dict[str, Any]:
    made = {name: getattr(done, name) for name in ("persons", "contacts", "entries", "requests")}
    return {**asdict(done.total), **made, "cancelled": done.cancelled}


def _print(done: Any) -> None:
    total = done.total
    click.echo(
        f"messages: {total.landed:,} landed = {total.read:,} read + "
        f"{total.quarantined:,} quarantined; {total.duplicates:,} duplicates"
    )
    if total.rows_read or total.rows_refused:
        click.echo(f"rows: {total.rows_read:,} read, {total.rows_refused:,} refused")
    click.echo(
        f"made: {done.persons:,} persons, {done.contacts:,} contacts, "
        f"{done.entries:,} entries, {done.requests:,} requests"
    )
    if total.quarantined:
        say("What was quarantined, why, and the cure: add --report, or see the Feeds page.")


def _print_report(done: Any) -> None:
    from rich.console import Console
    from rich.table import Table

    console = Console(width=140, soft_wrap=False)
    table = Table("folder", "files", "landed", "read", "quarantined", "rows read", "rows refused")
    for folder, (files, counts) in sorted(done.by_folder().items()):
        table.add_row(
            folder, f"{files:,}", f"{counts.landed:,}", f"{counts.read:,}",
            f"{counts.quarantined:,}", f"{counts.rows_read:,}", f"{counts.rows_refused:,}",
        )  # fmt: skip
    console.print(table)
    reasons = Table("rule", "messages", "for example", "reason", "cure")
    for rule, (count, example) in sorted(done.by_rule().items()):
        reasons.add_row(rule, f"{count:,}", example.name, example.reason, example.cure)
    if done.quarantined:
        console.print(reasons)


def _dry_run(paths: tuple[Path, ...], source: str, mapping: str, *, as_json: bool) -> None:
    from onesystem.feeds.extract import dry_run
    from onesystem.feeds.files import walk

    tried: dict[str, Any] = {}
    for path, label in walk(paths):
        try:
            made = dry_run(path, source=source, name=label, mapping=mapping)
        except BadInput as refusal:
            tried[label] = {"rule": refusal.rule, "refused": str(refusal)}
            lines = [f"would be quarantined: {refusal}"]
        else:
            tried[label], lines = made.as_dict(), list(made)
        if not as_json:
            click.echo("\n".join([label, *(f"  {line}" for line in lines)]))
    if as_json:
        click.echo(json.dumps(tried, indent=2, default=str))


@contextmanager
def stopping() -> Iterator[Event]:
    """Ctrl-C asks to stop; a second one stops at once."""
    stop = Event()

    def ask(_signal: int, _frame: object) -> None:
        if stop.is_set():
            raise KeyboardInterrupt
        stop.set()
        say("stopping after this batch; Ctrl-C again stops at once")

    before = signal.signal(signal.SIGINT, ask)
    try:
        yield stop
    finally:
        signal.signal(signal.SIGINT, before)


@contextmanager
def _showing() -> Iterator[Any]:
    """Progress on stderr where someone watches; silence elsewhere."""
    if not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn
    from rich.progress import Progress as Bar

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Bar(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("", total=None)

        def show(progress: Any) -> None:
            words = f"{progress.file[-50:]}  {progress.messages:,} messages"
            if progress.rows_of:
                words += f"  row {progress.rows:,} of {progress.rows_of:,}"
            bar.update(task, description=words, completed=progress.done, total=progress.of)

        yield show
