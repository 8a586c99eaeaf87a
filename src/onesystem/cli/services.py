"""`onesystem services`: the directory of services as a file, out and in."""

import sys
from pathlib import Path
from typing import Any

import click

from onesystem.cli.opened import open_district, say
from onesystem.vocabulary import BadConfig

_FILE = click.Path(dir_okay=False, path_type=Path, allow_dash=True)


@click.group()
def services() -> None:
    """Carry the directory of services to others, and theirs in."""


def _formed(command: Any) -> Any:
    """The two options that name the form and the file."""
    for name, words in (
        ("hsds", "Open Referral HSDS 3 as JSON."),
        ("fhir", "A FHIR R4 Bundle: HealthcareService, Location, Schedule, Slot."),
    ):
        command = click.option(f"--{name}", name, type=_FILE, metavar="FILE", help=words)(command)
    return command


def _chosen(fhir: Path | None, hsds: Path | None) -> tuple[str, Path]:
    if (fhir is None) == (hsds is None):
        raise BadConfig("no form was named", "Say --fhir FILE or --hsds FILE; - is the terminal.")
    return ("fhir", fhir) if fhir is not None else ("hsds", hsds)  # type: ignore[return-value]


@services.command("export")
@_formed
def export(fhir: Path | None, hsds: Path | None) -> None:
    """Write every service to FILE, so that others can read it and we can read it again."""
    form, file = _chosen(fhir, hsds)
    open_district()
    import orjson

    from onesystem.care.services.exchange import taking

    made = taking.exported(form)
    data = orjson.dumps(made, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)
    if str(file) == "-":
        sys.stdout.buffer.write(data)
    else:
        file.write_bytes(data)
        say(f"{len(made.get('entry') or made.get('contents') or []):,} things were written.")


@services.command("import")
@_formed
@click.option("--dry-run", is_flag=True, help="Say what would become of it, and change nothing.")
def import_(fhir: Path | None, hsds: Path | None, *, dry_run: bool) -> None:
    """Take the services of FILE in. Those that the district does not run are listed only."""
    form, file = _chosen(fhir, hsds)
    open_district()
    from onesystem.access import Actor
    from onesystem.care.services.exchange import taking

    text = sys.stdin.buffer.read() if str(file) == "-" else _bytes(file)
    report = taking.imported(form, text, name=file.name, by=Actor.job("command line"), dry=dry_run)
    for line in taking.lines_of(report):
        click.echo(line)
    if dry_run:
        say("Nothing was changed.")
    if report.errors:
        raise SystemExit(9)


@services.command("publish")
def publish_() -> None:
    """Let the FHIR API tell of every service, place and organisation as they stand now."""
    open_district()
    from onesystem.access import Actor
    from onesystem.care.services.publishing import publish

    new = publish(by=Actor.job("command line"))
    say("The FHIR API tells it now." if new else "The FHIR API tells it already.")


def _bytes(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        raise BadConfig(f"{file} cannot be read: {error.strerror}", "Name another file.") from None
