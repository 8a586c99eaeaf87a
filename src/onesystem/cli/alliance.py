"""`onesystem alliance`: the register of decisions, read, exported and checked; open decisions."""

import json
import sys
from pathlib import Path
from typing import Any

import click


@click.group()
def alliance() -> None:
    """What the alliance decided: its register, and whether it is as it was written."""


@alliance.command()
@click.option("--json", "as_json", is_flag=True, help="Lines that `verify` checks anywhere.")
@click.option("--csv", "as_csv", is_flag=True, help="A row an entry, with reasons.")
@click.option("--workbook", type=click.Path(path_type=Path), help="Write an Excel workbook.")
def register(*, as_json: bool, as_csv: bool, workbook: Path | None) -> None:
    """Every entry of the register, the oldest first."""
    from onesystem.cli.opened import open_district, say

    open_district()
    from onesystem.alliance.meeting import exporting, store

    entries = list(store.entries())
    if workbook is not None:
        workbook.write_bytes(exporting.workbook(entries))
        say(f"{workbook}: {len(entries):,} entries, with what each column means.")
    elif as_json:
        click.echo(exporting.lines(entries), nl=False)
    elif as_csv:
        click.echo(exporting.table(entries), nl=False)
    else:
        for each in entries:
            number, when, kind, decision, title, *_ = exporting.row(each)
            told = f" decision {decision}" if decision else ""
            click.echo(f"{number:>4}  {when}  {kind:<15}{told:<14} {title}")
        say(f"{len(entries):,} entries.")


@alliance.command()
@click.argument("file", required=False, type=click.Path(exists=True, path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Faults as JSON.")
def verify(file: Path | None, *, as_json: bool) -> None:
    """Is the register as it was written? Of this district, or of an exported FILE of lines.

    A FILE is checked by itself, without the district that it came from. Exit code 1 where something
    is wrong.
    """
    from onesystem.cli.opened import say

    faults, many = _of_file(file) if file else _of_store()
    if as_json:
        click.echo(json.dumps({"faults": faults, "entries": many}, indent=2))
    else:
        for fault in faults:
            click.echo(fault)
    say(f"{len(faults)} faults." if faults else f"It holds: {many:,} entries.")
    sys.exit(1 if faults else 0)


def _of_store() -> tuple[list[str], int]:
    from onesystem.cli.opened import open_district

    open_district()
    from onesystem.alliance.meeting import store

    return store.verify(), sum(1 for _ in store.entries())


def _of_file(file: Path) -> tuple[list[str], int]:
    from onesystem.alliance.meeting.register import faults, read_line
    from onesystem.vocabulary import BadConfig

    try:
        lines = file.read_text(encoding="utf-8").splitlines()
        chain = [read_line(line) for line in lines if line.strip()]
    except (ValueError, UnicodeDecodeError) as error:
        raise BadConfig(
            f"{file} is no exported register: {error}",
            "Export one: onesystem alliance register --json > FILE",
        ) from None
    return faults(chain), len(chain)


@alliance.command()
@click.option("--open", "waits", is_flag=True, help="Those alone that are agreed, not resourced.")
@click.option("--json", "as_json", is_flag=True, help="As JSON.")
@click.option("--csv", "as_csv", is_flag=True, help="As CSV.")
def decisions(*, waits: bool, as_json: bool, as_csv: bool) -> None:
    """What was agreed, where it stands, what it asks for, and when it is looked at again."""
    from onesystem.cli.opened import open_district, say

    open_district()
    from onesystem.alliance.meeting import queries
    from onesystem.vocabulary.tables import csv_text

    found = [d for d in queries.decisions() if d.waits_for_money or not waits]
    if as_json:
        click.echo(json.dumps([_plain(each) for each in found], ensure_ascii=False, indent=1))
    elif as_csv:
        rows = [list(_plain(each).values()) for each in found]
        click.echo(csv_text(tuple(_plain(found[0])) if found else (), rows), nl=False)
    else:
        from onesystem.alliance.meeting.presenters import money, state_of

        for each in found:
            total = sum(ask.amount for ask in each.asks)
            asks = f", {money(total)} asked" if total else ""
            click.echo(f"{each.number:>4}  {each.title} ({state_of(each)[0]}{asks})")
        say(f"{len(found):,} decisions.")


def _plain(each: Any) -> dict[str, Any]:
    return {
        "number": each.number, "title": each.title, "state": each.state, "funding": each.funding,
        "agreed": each.agreed_at.date().isoformat(),
        "amount": sum(ask.amount for ask in each.asks), "measure": each.measure,
        "review": each.review.isoformat() if each.review else "",
        "waits": each.waits_for_money,
    }  # fmt: skip
