"""`onesystem bench`: the benchmarks, one of them measured, or all of them on one page."""

import json
import time
from datetime import UTC, datetime
from pathlib import Path

import click

from onesystem.bench import benchmarks
from onesystem.bench.whole import measured, otherwise, page
from onesystem.vocabulary import NotFound, nearest


@click.command()
@click.argument("name", required=False)
@click.option("--json", "as_json", is_flag=True, help="Print the rows as JSON.")
@click.option("--full", is_flag=True, help="The full size, which may take many minutes.")
@click.option("--all", "whole", is_flag=True, help="All of them, one after another.")
@click.option("--page", "to", type=click.Path(dir_okay=False, path_type=Path),
              help="With --all: write a page of documentation.")  # fmt: skip
def bench(name: str | None, as_json: bool, full: bool, whole: bool, to: Path | None) -> None:
    """List the benchmarks, or measure NAME."""
    known = benchmarks()
    if to and not whole:
        raise click.UsageError("--page is of all benchmarks: say --all too")
    if whole:
        _all(name, as_json=as_json, full=full, to=to)
        return
    if name is None:
        for each, (about, _) in known.items():
            click.echo(f"{each:10} {about}")
        return
    if name not in known:
        raise NotFound(f"there is no benchmark {name!r}", nearest(name, known))
    rows = list(known[name][1](full=full))
    if as_json:
        click.echo(json.dumps([row.as_dict() for row in rows], indent=2))
        return
    from rich.console import Console
    from rich.table import Table

    table = Table("what", "value", "unit", "target", "peer", "peer's value", "")
    for row in rows:
        sign = "≤" if row.lower_is_better else "≥"
        target = "" if row.target is None else f"{sign} {row.target:,g}"
        peer = "" if row.peer_value is None else f"{row.peer_value:,g}"
        verdict = {True: "ok", False: "missed", None: ""}[row.ok]
        table.add_row(row.name, f"{row.value:,.4g}", row.unit, target, row.peer, peer, verdict)
    Console(width=140).print(table)


def _all(name: str | None, *, as_json: bool, full: bool, to: Path | None) -> None:
    """Measure all, each in a process of its own; what cannot be measured here says why."""
    if name:
        raise click.UsageError(f"--all takes no name: leave out {name!r}")
    found, today = [], datetime.now(tz=UTC).date()
    kept = otherwise(to.read_text(encoding="utf-8")) if to and to.is_file() else ""
    for each in measured((), full=full, clock=time.monotonic, tell=_tell):
        found.append(each)
        if to:  # what was measured is kept, whatever comes
            to.write_text(page(found, day=today, full=full, kept=kept), encoding="utf-8")
    if as_json:
        rows = [{"benchmark": m.name, "failed": m.failed, "rows": [r.as_dict() for r in m.rows]}
                for m in found]  # fmt: skip
        click.echo(json.dumps(rows, indent=2))
    elif not to:
        click.echo(page(found, day=today, full=full))


def _tell(name: str) -> None:
    click.echo(f"measuring {name}", err=True)
