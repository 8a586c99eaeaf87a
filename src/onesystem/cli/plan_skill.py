"""`onesystem plan skill`: what projections said before, beside what came and naive forecasts."""

import json

import click


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Every figure as JSON.")
def skill(*, as_json: bool) -> None:
    """Hold out the last years of published series, and print the errors beside naive ones."""
    from onesystem.plan.case.skilled import canterbury, lists, nations

    people, came, foresaw = nations(), lists(), canterbury()
    if as_json:
        click.echo(json.dumps({"people": people, "series": came, "canterbury": foresaw}, indent=1))
        return
    click.echo("People of 2020 by age, 17 countries, mean absolute error (per cent)")
    click.echo("from  ages      here  growth goes on  nothing changes")
    for row in people:
        click.echo(
            f"{row['since']}  {row['ages']:<8} {100 * row['here']:>5.1f} "
            f"{100 * row['naive']:>15.1f} {100 * row['still']:>16.1f}"
        )
    click.echo("The year to August 2024, month by month (per cent)")
    click.echo("measure        series   here  a year before  last month")
    for row in came:
        click.echo(
            f"{row['measure']:<14} {row['series']:>6}  {100 * row['here']:>5.1f} "
            f"{100 * row['naive']:>14.1f} {100 * row['last']:>11.1f}"
        )
    click.echo("Canterbury's case of 2007 for 2020, and use by age on New Zealand's people since")
    for name, foreseen, here in foresaw:
        click.echo(f"{name:<22} foreseen {foreseen:+.0%}, here {here:+.1%}")
