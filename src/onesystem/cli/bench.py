"""`onesystem bench`: the benchmarks, and one of them measured."""

import json

import click

from onesystem.bench import benchmarks
from onesystem.vocabulary import NotFound, nearest


@click.command()
@click.argument("name", required=False)
@click.option("--json", "as_json", is_flag=True, help="Print the rows as JSON.")
@click.option("--full", is_flag=True, help="The full size, which may take many minutes.")
def bench(name: str | None, as_json: bool, full: bool) -> None:
    """List the benchmarks, or measure NAME."""
    known = benchmarks()
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
