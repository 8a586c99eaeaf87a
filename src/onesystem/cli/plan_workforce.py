"""`onesystem plan workforce`: who is short by year, who is trained, what is not done."""

import json
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

from onesystem.cli.opened import open_district, say
from onesystem.vocabulary import UserError


@click.command()
@click.argument("slug", required=False)
@click.option("--file", "given", type=click.Path(path_type=Path, exists=True, dir_okay=False),
              help="A plan as JSON, instead of one that is kept; needs no district.")  # fmt: skip
@click.option("--area", default="", help="Begin a plan with what is published of an area.")
@click.option("--years", type=click.IntRange(1, 20), default=5, show_default=True,
              help="How far ahead a plan of an area goes.")  # fmt: skip
@click.option("--role", default="", help="One role, year by year.")
@click.option("--times", default="", help="With --role: so many times its training places.")
@click.option("--training", is_flag=True, help="The training places instead.")
@click.option("--examples", is_flag=True, help="The figures of May 2014, worked out.")
@click.option("--workbook", type=click.Path(path_type=Path, dir_okay=False), help="An .xlsx too.")
@click.option("--json", "as_json", is_flag=True, help="Print as JSON.")
@click.option("--csv", "as_csv", is_flag=True, help="Print as CSV.")
def workforce(
    slug: str | None, *, given: Path | None, area: str, years: int, role: str, times: str,
    training: bool, examples: bool, workbook: Path | None, as_json: bool, as_csv: bool,
) -> None:  # fmt: skip
    """Who is in post, who leaves and comes, and who is short. SLUG: a plan that is kept."""
    from onesystem.plan.workforce import telling, trying
    from onesystem.plan.workforce.projecting import project

    if examples:
        _print("The figures of 16 May 2014", telling.examples(), as_json=as_json, as_csv=as_csv)
        return
    plan = _plan(slug, given, area, years)
    tried = trying.tried(plan, {"role": role, "times": times}, datetime.now(UTC).date())
    if tried:
        plan = tried.plan
        say(f"{tried.places} places a year; they begin to work in {tried.reaches:%B %Y}")
    found = project(plan, draws=400)
    if workbook:
        from onesystem.plan.workforce.workbook import workbook_of

        workbook.write_bytes(workbook_of(found))
        say(f"Written: {workbook}")
    if training:
        rows = telling.training(found)
    else:
        rows = telling.years(found, role) if role else telling.short(found)
    _print(plan.name, rows, as_json=as_json, as_csv=as_csv)


def _plan(slug: str | None, given: Path | None, area: str, years: int) -> Any:
    if given:
        from onesystem.plan.workforce import checks, codec

        plan = codec.read(given.read_text("utf-8"))
        if found := checks.problems(plan):
            raise UserError(found[0].what, found[0].cure)
        return plan
    if area:
        from onesystem.budget.months import Year
        from onesystem.plan.areas.catalogue import find
        from onesystem.plan.money.beginning import BASE
        from onesystem.plan.workforce import basis

        here = find(area)
        return basis.begun(slug=here.code.casefold(), name=here.name, area=here.code,
                           base=Year.of(BASE).first, years=years)  # fmt: skip
    open_district()
    from onesystem.plan.workforce import queries

    if not slug:
        kept = ", ".join(sorted(queries.slugs())) or "none is kept yet"
        raise UserError("no plan is named", f"Name one ({kept}), or an --area, or a --file")
    return queries.standing(slug).plan


def _print(title: str, rows: list[dict[str, Any]], *, as_json: bool, as_csv: bool) -> None:
    from onesystem.plan.money.telling import csv_of

    if as_json:
        click.echo(json.dumps(rows, ensure_ascii=False))
        return
    if as_csv:
        click.echo(csv_of(rows), nl=False)
        return
    from rich.console import Console
    from rich.table import Table

    table = Table(title=title, title_justify="left", box=None)
    for head, value in (rows[0] if rows else {}).items():
        table.add_column(
            head.replace("_", " "), justify="left" if isinstance(value, str) else "right"
        )
    for row in rows:
        table.add_row(*("" if v is None else f"{v:,}" if isinstance(v, int) else str(v)
                        for v in row.values()))  # fmt: skip
    Console(file=sys.stdout, width=None if sys.stdout.isatty() else 160).print(table)
