"""`onesystem view`: a SQL on FHIR v2 ViewDefinition run over the record."""

import json
from pathlib import Path
from typing import Any

import click

from onesystem.cli.opened import open_district, say
from onesystem.vocabulary import BadConfig, NotFound


@click.command()
@click.argument("definition", metavar="VIEW.json", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--csv", "form", flag_value="csv", help="The default.")
@click.option("--json", "form", flag_value="json", help="One array.")
@click.option("--ndjson", "form", flag_value="ndjson", help="An object a line.")
@click.option("--parquet", "form", flag_value="parquet", help="Needs --out.")
@click.option("--out", type=click.Path(dir_okay=False), default="-", help="A file.")
@click.option("--user", default="", help="Run it within what this user may see.")
@click.option("--purpose", default="", help="What for; asked with --user.")
@click.option("--project", default="", help="Pseudonyms of this project, and no names or texts.")
@click.option("--check", is_flag=True, help="Only say whether the view is right.")
def view(
    *,
    definition: Path,
    form: str | None,
    out: str,
    user: str,
    purpose: str,
    project: str,
    check: bool,
) -> None:
    """Make a table of the record, as VIEW.json describes it."""
    said = _read(definition)
    open_district()
    from onesystem.cli.contacts import _opened
    from onesystem.feeds.fhir.definitions import definitions
    from onesystem.record.protection.pseudonyms import mask_of
    from onesystem.record.views.definition import view_of
    from onesystem.record.views.running import Run
    from onesystem.record.views.writing import FORMS, write

    made = view_of(said, known=definitions().resources)
    if check:
        say(f"{made.name}: {len(made.columns)} columns of {made.resource}")
        return
    suffix = Path(out).suffix[1:]
    form = form or (suffix if suffix in FORMS else "csv")
    if form == "parquet" and out == "-":
        raise BadConfig("Parquet is not written to the terminal", "Name a file with --out.")
    run = Run(made, _asker(user, purpose))
    if project:
        run.mask = mask_of(project)
    with _opened(out) as file:
        write(form, made.columns, run.rows(), file)
        run.done(form=form, project=project)
    where = "" if out == "-" else f" in {out}"
    say(f"{run.made:,} rows of {run.resources:,} resources{where}")


def _asker(user: str, purpose: str) -> Any:
    """The command line itself, as a named job; or a user, with the purpose that they state."""
    from onesystem import access
    from onesystem.access.models import User

    if not user:
        return access.asker_of(access.Actor.job("command line"), purpose or "view")
    found = User.objects.filter(username=user, is_active=True).first()
    if found is None:
        raise NotFound(f"there is no user {user!r}", "See: onesystem user list")
    if not purpose:
        raise BadConfig("no purpose is stated", "Write --purpose 'records management'.")
    return access.asker_of(access.Actor.of(found), purpose)


def _read(path: Path) -> Any:
    try:
        return json.loads(path.read_bytes())
    except FileNotFoundError:
        raise NotFound(f"there is no file {path}", "Name a ViewDefinition in JSON.") from None
    except ValueError as error:
        raise BadConfig(f"{path} is no JSON: {error}", "Mend it, or export it again.") from None
