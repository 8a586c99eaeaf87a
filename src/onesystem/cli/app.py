"""`onesystem app`: applications that may ask for records over FHIR (SMART App Launch 2)."""

from pathlib import Path

import click

from onesystem.cli.opened import open_district, say


@click.group()
def app() -> None:
    """Let an application in, list them, or let one out."""


@app.command("add")
@click.argument("name")
@click.option("--public", "kind", flag_value="public", help="With a user; keeps no secret.")
@click.option(
    "--confidential", "kind", flag_value="confidential", default=True,
    help="With a user; keeps a secret, or a key with --jwks.  [default]",
)  # fmt: skip
@click.option("--backend", "kind", flag_value="backend", help="By itself; signs with a key.")
@click.option("--scopes", required=True, help="The most that it is given, between quotes.")
@click.option("--redirect", multiple=True, help="An address that it returns to; may be repeated.")
@click.option("--launch", default="", help="The address at which the record page launches it.")
@click.option(
    "--jwks", type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="A file with its public keys, as a JWK Set.",
)  # fmt: skip
@click.option("--organisation", default="", help="Of a backend service: whom it asks for.")
@click.option("--purpose", default="direct care", show_default=True, help="Of a backend service.")
def add(
    name: str, kind: str, scopes: str, redirect: tuple[str, ...], launch: str,
    jwks: Path | None, organisation: str, purpose: str,
) -> None:  # fmt: skip
    """Let an application in; prints its client_id, and a secret that is shown once."""
    open_district()
    from onesystem.access import Actor
    from onesystem.record.fhir.smart import registry

    made, secret = registry.add(
        name=name, kind=kind, scopes=scopes, redirects=redirect, launch=launch,
        jwks=jwks.read_text(encoding="utf-8") if jwks else "", organisation=organisation,
        purpose=purpose, by=Actor.job("command line"),
    )  # fmt: skip
    click.echo(f"client_id\t{made.client}")
    if secret:
        click.echo(f"client_secret\t{secret}")
        say("The secret is not shown again.")


@app.command("list")
def list_apps() -> None:
    """The applications that are let in: client_id, kind, name and scopes."""
    open_district()
    from onesystem.record.fhir.smart import registry

    for each in registry.apps():
        click.echo(f"{each.client}\t{each.kind}\t{each.name}\t{each.scopes}")


@app.command("remove")
@click.argument("name")
def remove(name: str) -> None:
    """Let an application out, by its name or client_id; its tokens end at once."""
    open_district()
    from onesystem.access import Actor
    from onesystem.record.fhir.smart import registry

    registry.remove(client=name, by=Actor.job("command line"))
    say(f"{name} is let out.")
