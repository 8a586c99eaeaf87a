"""`onesystem twin people`, and models that are run over many years of a changing population."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from onesystem.cli.opened import say

if TYPE_CHECKING:
    from onesystem.twin import Model
    from onesystem.twin.people.ageing import Year

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


def over_years(command: Callable[..., Any]) -> Callable[..., Any]:
    """The options of a command that runs a model over years: `years`, `people` and `country`."""
    for option in (
        click.option("--country", default="United Kingdom", show_default=True,
                     help="Whose births, deaths and moves. Or New Zealand."),
        click.option("--people", "living", type=_FILE,
                     help="CSV: age, sex, people.  [as in the country]"),
        click.option("--years", type=click.IntRange(1, 50),
                     help="Run so many years; who comes follows the people of each class."),
    ):  # fmt: skip
        command = option(command)
    return command


def lived_of(model: "Model", years: int, living: Path | None, country: str) -> list["Year"]:
    """The years of a model, from its first to the one after its last."""
    from onesystem.twin.people import ageing, known
    from onesystem.twin.people.growing import begins

    people = known.people_of(country)
    if living is not None:
        people = known.people_from(living.read_text(encoding="utf-8"), living.name)
    return list(ageing.years(people, begins(model), years, known.rates_of(country)))


def grown_of(model: "Model", years: int | None, living: Path | None, country: str) -> "Model":
    """The model over those years; as it is without them."""
    if years is None:
        return model
    from onesystem.twin.people.growing import grown

    return grown(model, lived_of(model, years, living, country))


@click.command()
@click.argument("model", type=_FILE)
@over_years
@click.option("--json", "as_json", is_flag=True, help="Print as JSON.")
def people(
    model: Path, *, years: int | None, living: Path | None, country: str, as_json: bool
) -> None:
    """Tell how many people of each class of MODEL there will be, year by year."""
    from onesystem.twin import model_of
    from onesystem.twin.people.growing import shares

    read = model_of(model.read_bytes(), model.name)
    lived = lived_of(read, 10 if years is None else years, living, country)
    of = {kind: shares(lived, kind) for kind in read.classes}
    rows = [
        {
            "year": each.year, "people": each.between(0), "born": each.born, "died": each.died,
            "moved": each.moved, "classes": {kind: parts[n] for kind, parts in of.items()},
        }
        for n, each in enumerate(lived)
    ]  # fmt: skip
    if as_json:
        click.echo(json.dumps(rows, ensure_ascii=False))
        return
    _print(rows, "" if living else f", thousands, {country}")


def _print(rows: list[dict[str, Any]], unit: str) -> None:
    from rich.console import Console
    from rich.table import Table

    kinds = list(rows[0]["classes"])
    table = Table("Year", f"People{unit}", "Born", "Died", "Moved in, on balance", *kinds)
    for row in rows:
        told = [row[key] for key in ("people", "born", "died", "moved")]
        parts = [f"{row['classes'][kind]:.1%}" for kind in kinds]
        table.add_row(str(row["year"]), *(f"{each:,.0f}" for each in told), *parts)
    Console().print(table)
    say("Classes are in relation to the first year; so are those of them who come.")
