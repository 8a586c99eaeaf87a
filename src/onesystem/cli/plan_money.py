"""`onesystem plan money`: cost and money of a plan by year, and what moves it."""

import json
import sys
from pathlib import Path
from typing import Any

import click

from onesystem.cli.opened import open_district, say
from onesystem.vocabulary import UserError


@click.command()
@click.argument("slug", required=False)
@click.option("--file", "given", type=click.Path(path_type=Path, exists=True, dir_okay=False),
              help="A plan as JSON, instead of one that is kept; needs no district.")  # fmt: skip
@click.option("--area", default="", help="Begin a plan with the costs of an area's case.")
@click.option("--years", type=click.Choice(["5", "20"]), default="5", show_default=True,
              help="How far ahead a plan of an area goes.")  # fmt: skip
@click.option("--bridge", is_flag=True, help="The bridges from year to year instead.")
@click.option("--real", is_flag=True, help="In the prices of the base year.")
@click.option("--pay", default="", help="Try another rate, as 4 or 4,3.5,3 per cent a year.")
@click.option("--price", default="", help="The same of prices.")
@click.option("--efficiency", default="", help="The same of efficiency.")
@click.option("--demand", default="", help="The same of demand, for all lines.")
@click.option("--growth", default="", help="The same of the money's real growth.")
@click.option("--workbook", type=click.Path(path_type=Path, dir_okay=False), help="An .xlsx too.")
@click.option("--json", "as_json", is_flag=True, help="Print as JSON, amounts in minor units.")
@click.option("--csv", "as_csv", is_flag=True, help="Print as CSV.")
def money(
    slug: str | None, *, given: Path | None, area: str, years: str, bridge: bool, real: bool,
    workbook: Path | None, as_json: bool, as_csv: bool, **rates: str,
) -> None:  # fmt: skip
    """What a plan costs by year, what there is, and how sure that is. SLUG: one that is kept."""
    plan = _plan(slug, given, area, int(years))
    from onesystem.plan.money import telling, trying
    from onesystem.plan.money.working import work

    plan, _, wrong = trying.tried(plan, rates)
    if wrong:
        raise UserError(wrong, "Write 4, or 4,3.5,3 where it differs by year")
    worked = work(plan)
    found = telling.ranged(worked)
    if workbook:
        from onesystem.plan.money.workbook import workbook_of

        workbook.write_bytes(workbook_of(worked, found))
        say(f"Written: {workbook}")
    rows = telling.bridges(worked) if bridge else telling.years(worked, found, real=real)
    if as_json:
        click.echo(json.dumps({"plan": plan.slug, "efficiency": telling.labels(worked),
                               "rows": rows}, ensure_ascii=False))  # fmt: skip
    elif as_csv:
        click.echo(telling.csv_of(rows), nl=False)
    else:
        _draw(plan.name, rows, telling.labels(worked))


def _plan(slug: str | None, given: Path | None, area: str, years: int) -> Any:
    if given:
        from onesystem.plan.money import checks, codec

        plan = codec.read(given.read_text("utf-8"))
        if found := checks.problems(plan):
            raise UserError(found[0].what, found[0].cure)
        return plan
    if area:
        from onesystem.budget.months import Year
        from onesystem.plan.areas.catalogue import find
        from onesystem.plan.money import beginning

        here = find(area)
        return beginning.of_case(slug=here.code.casefold(), name=here.name, area=here.code,
                                 year=Year.of(beginning.BASE), years=years)  # fmt: skip
    open_district()
    from onesystem.plan.money import queries

    if not slug:
        kept = ", ".join(sorted(queries.slugs())) or "none is kept yet"
        raise UserError("no plan is named", f"Name one ({kept}), or an --area, or a --file")
    return queries.standing(slug).plan


def _draw(name: str, rows: list[dict[str, Any]], labels: list[dict[str, Any]]) -> None:
    from rich.console import Console
    from rich.table import Table

    table = Table(title=name, title_justify="left", box=None)
    for head in rows[0]:
        table.add_column(head.replace("_", " "), justify="left" if head == "year" else "right")
    for row in rows:
        table.add_row(*(_cell(head, value) for head, value in row.items()))
    console = Console(file=sys.stdout, width=None if sys.stdout.isatty() else 160)
    console.print(table)
    told = "; ".join(f"{x['name'].lower()} {x['percent']:.2f} %" for x in labels)
    console.print(f"Efficiency over all years: {told}")


def _cell(head: str, value: Any) -> str:
    if head in ("year", "enough", "more_elective_work") or value is None:
        return str(value)
    return f"{value / 100:,.0f}"
