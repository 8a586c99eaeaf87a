"""`onesystem policy`: the Barker package year by year, with what is set and where it comes from."""

import json

import click

from onesystem.budget.policy.asked import asked, of_pairs
from onesystem.budget.policy.checks import checks
from onesystem.budget.policy.drawing import billions
from onesystem.budget.policy.model import LATER, Model, model
from onesystem.budget.policy.presenters import as_json, definitions, heads, table
from onesystem.budget.policy.working import Year, years
from onesystem.vocabulary.tables import csv_text


@click.command()
@click.option("--set", "pairs", multiple=True, metavar="NAME=VALUE",
              help="Set something, such as prescriptions=3; repeatable.")  # fmt: skip
@click.option("--settings", "listed", is_flag=True, help="List what can be set, and stop.")
@click.option("--json", "as_data", is_flag=True, help="All of it as JSON, in whole pounds.")
@click.option("--csv", "as_csv", is_flag=True, help="The years as CSV, in whole pounds.")
def policy(pairs: tuple[str, ...], *, listed: bool, as_data: bool, as_csv: bool) -> None:
    """What free care by need would cost and bring in, by year.

    The sources' own figures come out of the model as they are published; what sources disagree
    about is an assumption that can be set.
    """
    package = model()
    wanted = asked(package, of_pairs(pairs), strict=True)
    told = years(package, wanted)
    if listed:
        for name, title, value, *_ in definitions(package, wanted):
            click.echo(f"{name}={value}  {title}")
    elif as_data:
        data = as_json(package, wanted, told, checks(package))
        click.echo(json.dumps(data, indent=1, ensure_ascii=False))
    elif as_csv:
        click.echo(csv_text(heads(package), table(package, told)).lstrip("\ufeff"), nl=False)
    else:
        _say(package, told)


def _say(package: Model, told: tuple[Year, ...]) -> None:
    click.echo("year  comes in  costs  over or short  of the economy")
    for each in told:
        click.echo(
            f"{each.year}  {billions(each.comes_in):>8}  {billions(each.costs):>5}"
            f"  {billions(each.result):>13}  {float(each.share):>12.1f} %"
        )
    wrong = [each.about for each in checks(package) if not each.holds]
    then = next(each for each in told if each.year == LATER)
    click.echo(f"In {LATER}: {billions(then.result)} billion pounds at 2014 prices.")
    click.echo("Every figure of the sources is reproduced." if not wrong else f"Not: {wrong}")
