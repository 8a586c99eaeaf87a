"""`onesystem plan option`: what could be done, with its evidence, its range, its cost and staff."""

import json
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from onesystem.plan.options.option import Option

_PEOPLE = 100_000


@click.command()
@click.argument("key", required=False)
@click.option("--people", type=click.IntRange(min=1), default=_PEOPLE, show_default=True,
              help="For how many people it is priced and staffed.")  # fmt: skip
@click.option("--json", "as_json", is_flag=True, help="Everything as JSON.")
@click.option("--csv", "as_csv", is_flag=True, help="A line an option as CSV.")
def option(key: str | None, *, people: int, as_json: bool, as_csv: bool) -> None:
    """What could be done: the library of options, or one of them with its evidence."""
    from onesystem.plan.options import library
    from onesystem.plan.options.option import plain

    some = [library.option(key)] if key else list(library.options().values())
    if as_json:
        said = [plain(each) | _priced(each, people) for each in some]
        click.echo(json.dumps(said, ensure_ascii=False, default=str))
    elif as_csv:
        _csv(some, people)
    elif key:
        _one(some[0], people)
    else:
        _list(some, people)


def _priced(each: "Option", people: int) -> dict[str, object]:
    from onesystem.plan.options.pricing import priced

    cost = priced(each, people)
    return {"people": people, "set_up": cost.set_up, "running": cost.running, "wte": cost.wte,
            "by_funder": cost.by_funder(), "by_group": cost.by_group()}  # fmt: skip


def _csv(some: "list[Option]", people: int) -> None:
    from onesystem.plan.options.pricing import priced
    from onesystem.vocabulary.tables import csv_text

    head = ("key", "title", "evidence", "sizes assumed", "sizes", "lag months", "ramp months",
            "people", "set-up minor", "running minor a year", "wte")  # fmt: skip
    rows = []
    for each in some:
        cost = priced(each, people)
        rows.append([each.key, each.title, each.strength, each.assumed, len(each.effects),
                     each.lag_months, each.ramp_months, people, cost.set_up, cost.running,
                     round(cost.wte, 2)])  # fmt: skip
    click.echo(csv_text(head, rows), nl=False)


def _list(some: "list[Option]", people: int) -> None:
    from onesystem.plan.options.pricing import CURRENCY, priced
    from onesystem.plan.options.wording import money_in

    money = money_in(CURRENCY)
    click.echo(f"{'':24}{'evidence':12}{'months':>8}{'set-up':>14}{'a year':>14}{'staff':>8}")
    for each in some:
        cost, months = priced(each, people), each.lag_months + each.ramp_months
        click.echo(f"{each.key:24}{each.strength:12}{months:>8}{money(cost.set_up):>14}"
                   f"{money(cost.running):>14}{cost.wte:>8.1f}")  # fmt: skip
    click.echo(f"For {people:,} people, at pay of 2025/26. See one: onesystem plan option KEY.",
               err=True)  # fmt: skip


def _one(each: "Option", people: int) -> None:
    from onesystem.plan.options import presenters
    from onesystem.plan.options.pricing import CURRENCY, priced
    from onesystem.plan.options.wording import money_in

    cost, money = priced(each, people), money_in(CURRENCY)
    click.echo(f"{each.title}\n{each.what}\n")
    for middle, words, ends, source, assumed in presenters.effects(each):
        click.echo(f"  {middle} {words} ({ends}){', assumed' if assumed else ''}: {source}")
    for found in each.evidence:
        click.echo(f"  {found.says:8} {found.words} {found.source}. [{found.quality}]")
    click.echo(f"\nSet-up {money(cost.set_up)}; {money(cost.running)} a year; {cost.wte:.1f} "
               f"whole-time staff for {people:,} people.")  # fmt: skip
    click.echo(f"First effect after {each.lag_months} months, all of it after "
               f"{each.lag_months + each.ramp_months}.")  # fmt: skip
    click.echo(each.limits)
