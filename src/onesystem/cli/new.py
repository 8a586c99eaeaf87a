"""`onesystem new`: a district folder that works as it is and says what to change."""

from importlib.resources import files
from pathlib import Path

import click

from onesystem.cli.opened import say
from onesystem.district import load
from onesystem.district.secret import keep_secret
from onesystem.vocabulary import BadConfig, Setting, UserError

_COUNTRIES = {
    "england": {"zone": "Europe/London", "currency": "GBP", "number": "nhs"},
    "wales": {"zone": "Europe/London", "currency": "GBP", "number": "nhs"},
    "new-zealand": {"zone": "Pacific/Auckland", "currency": "NZD", "number": "nhi"},
}


@click.command()
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--name", help="What people call the district.  [default: from the folder]")
@click.option("--country", type=click.Choice(sorted(_COUNTRIES)), default="england")
def new(folder: Path, name: str | None, country: str) -> None:
    """Make the district folder FOLDER."""
    name = name or folder.resolve().name.replace("-", " ").title()
    make_folder(folder, template(name=name, **_COUNTRIES[country]))
    district = load(folder)
    say(f"Made {district.name} in {folder}.")
    say(f"Next: edit {folder / 'district.toml'}, then")
    say(f"  onesystem -d {folder} doctor")
    say(f"  onesystem -d {folder} user add NAME --role administrator")
    say(f"  onesystem -d {folder} serve")


def template(**values: str) -> str:
    """A first `district.toml` with comments that say what each part is for."""
    text = (files("onesystem.cli") / "templates" / "district.toml").read_text(encoding="utf-8")
    values["code"] = "-".join(values["name"].lower().split())
    values["settings"] = ", ".join(Setting)
    for key, value in values.items():
        if '"' in value or "\\" in value or "\n" in value:
            raise BadConfig(f"the {key} has a quote or a line break in it", "Leave that out.")
        text = text.replace(f"@{key}@", value)
    return text


def make_folder(folder: Path, toml: str) -> None:
    """The folder with its parts. Raises UserError where something is in the way."""
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise UserError(f"{folder} is there and not empty", "Name a new folder.")
    for part in ("inbox/pas", "inbox/practice", "mappings"):
        (folder / part).mkdir(parents=True, exist_ok=True)
    (folder / "district.toml").write_text(toml, encoding="utf-8")
    keep_secret(folder)
