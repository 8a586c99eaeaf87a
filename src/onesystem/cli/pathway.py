"""`onesystem pathway`: the pathways of the district, and their files."""

import json
from pathlib import Path
from typing import Any

import click

from onesystem.cli.opened import open_district, say
from onesystem.vocabulary import BadConfig, NotFound, nearest

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
_FORMS = {"toml": "TOML, as one writes it", "json": "JSON of ours", "fhir": "a FHIR R4 Bundle"}


@click.group()
def pathway() -> None:
    """Pathways: list, show and check them, and carry them as TOML or FHIR."""


@pathway.command("list")
@click.option("--starters", is_flag=True, help="The starter set that comes with the product.")
@click.option("--json", "as_json", is_flag=True, help="As JSON.")
def list_pathways(*, starters: bool, as_json: bool) -> None:
    """The pathways: key, version in force, what is being written, title."""
    rows = _starters() if starters else _listed()
    if as_json:
        click.echo(json.dumps(rows, indent=1))
        return
    for row in rows:
        click.echo("\t".join(str(value) for value in row.values()))
    if not rows:
        say("No pathway was begun yet. The starter set: onesystem pathway list --starters")


def _starters() -> list[dict[str, Any]]:
    from onesystem.care.pathways.library import library

    return [
        {"key": p.key, "steps": len(p.steps), "mark": p.mark, "title": p.title}
        for p in library().values()
    ]


def _listed() -> list[dict[str, Any]]:
    open_district()
    from onesystem.care.pathways import queries

    return [
        {"key": each.slug, "in force": each.in_force.number if each.in_force else "",
         "open": f"{each.open.number} {each.open.state}" if each.open else "",
         "title": each.title}
        for each in queries.listed()
    ]  # fmt: skip


@pathway.command("show")
@click.argument("key")
@click.option("--version", type=int, default=0, help="A version by its number; else in force.")
def show(key: str, version: int) -> None:
    """What a pathway says, as text."""
    made = _found(key, version)
    click.echo(f"{made.title}\n{'=' * len(made.title)}\n")
    for line in filter(None, (made.mark, made.notice, made.summary)):
        click.echo(f"{line}\n")
    for title, part in (("Red flags", made.flags), ("Background", made.background)):
        _section(title, [each.words for each in part])
    for title, steps in (("Assessment", made.assessment), ("Management", made.management)):
        _section(title, [f"{n}. {_told(step)}" for n, step in enumerate(steps, 1)])
    _section("Request", [f"{each.urgency}: {_told(each)}" for each in made.requests])
    _section("Information", [each.title for each in made.information])
    _section("References", [f"{each.title}. {each.by} ({each.date})" for each in made.references])


def _section(title: str, lines: list[str]) -> None:
    if lines:
        click.echo(title)
        for line in lines:
            click.echo(f"  {line}")
        click.echo()


def _told(each: Any) -> str:
    return f"{each.words}  [{each.when}]" if each.when else str(each.words)


@pathway.command("check")
@click.argument("file", type=_FILE)
def check(file: Path) -> None:
    """Read a pathway's file; says each mistake with its place and its cure."""
    made = _read(file)
    problems = _problems(made)
    for each in problems:
        click.echo(str(each))
    if problems:
        raise BadConfig(f"{file.name} has {len(problems)} mistakes", "Mend them, and check again.")
    say(f"{made.title}: {len(made.steps)} steps, {len(made.requests)} requests, no mistake.")


@pathway.command("export")
@click.argument("key")
@click.option("--as", "form", type=click.Choice(list(_FORMS)), default="toml", show_default=True)
@click.option("--version", type=int, default=0, help="A version by its number; else in force.")
def export(key: str, form: str, version: int) -> None:
    """Write a pathway to stdout; one of the starter set where the district has none of that key."""
    from onesystem.care.pathways.codec import to_json, to_toml
    from onesystem.care.pathways.fhir import to_fhir

    made = _found(key, version)
    click.echo({"toml": to_toml, "json": to_json, "fhir": to_fhir}[form](made))


@pathway.command("import")
@click.argument("file", type=_FILE)
def import_(file: Path) -> None:
    """Begin a draft out of a file: TOML, JSON of ours, or FHIR R4; it is signed like any other."""
    made = _read(file)
    open_district()
    from onesystem.access import Actor
    from onesystem.care.pathways import actions
    from onesystem.care.pathways.fhir import kept

    number = actions.begin(pathway=made, by=Actor.job("command line"))
    for each in _problems(made):
        say(str(each))
    for place in kept(made):
        say(f"kept as it was, and not understood: {place}")
    say(f"{made.title}: version {number} is a draft. Open it at /pathways/{made.key}/edit/")


def _found(key: str, version: int) -> Any:
    open_district()
    from onesystem.care.pathways import queries
    from onesystem.care.pathways.library import library

    if version:
        return queries.version(key, version).pathway
    try:
        return queries.published(key).pathway
    except NotFound:
        if key in library():
            return library()[key]
        known = {*library(), *(each.slug for each in queries.listed())}
        raise NotFound(f"there is no pathway {key!r}", nearest(key, known)) from None


def _read(file: Path) -> Any:
    from onesystem.care.pathways.carrying import carried

    return carried(file.read_bytes(), file.name)


def _problems(made: Any) -> tuple[Any, ...]:
    open_district()
    from onesystem.care.pathways import choices
    from onesystem.care.pathways.checking import check as problems
    from onesystem.care.pathways.library import library

    known = {*choices.pathways(), *library(), made.key}
    return problems(made, services=choices.services(), pathways=known)
