"""`onesystem listen`: live HL7 v2 messages over MLLP."""

import asyncio
from pathlib import Path

import click

from onesystem.cli.opened import open_district, say
from onesystem.vocabulary import BadConfig, Busy


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on.")
@click.option("--port", default=2575, show_default=True, help="The port; 0 takes any free one.")
@click.option("--source", required=True, help="The source that sends here, from district.toml.")
@click.option("--tls-cert", type=click.Path(exists=True, path_type=Path), help="A certificate.")
@click.option("--tls-key", type=click.Path(exists=True, path_type=Path), help="Its key.")
@click.option(
    "--tls-client-ca",
    type=click.Path(exists=True, path_type=Path),
    help="The authority whose certificate every sender has to show.",
)
@click.option("--idle", default=0.0, help="Close a connection that is silent for so many seconds.")
def listen(
    host: str, port: int, source: str, tls_cert: Path | None, tls_key: Path | None,
    tls_client_ca: Path | None, idle: float,
) -> None:  # fmt: skip
    """Take in live HL7 v2 messages over MLLP until stopped.

    A message is acknowledged when it is safe on disk: AA when it was read, AE when it was set
    aside (see the Feeds page), AR when it is no HL7 v2 or too large.
    """
    if (tls_key or tls_client_ca) and not tls_cert:
        given = "--tls-key" if tls_key else "--tls-client-ca"
        raise BadConfig(f"{given} is given without --tls-cert", "Give both.")
    district = open_district()
    if source not in district.sources:
        say(f"{source} is not declared in district.toml; it is read with plain defaults")
    from onesystem.feeds.mllp import Door
    from onesystem.feeds.mllp import listen as run

    door = Door(
        host=host, port=port, source=source, tls_cert=tls_cert, tls_key=tls_key,
        tls_client_ca=tls_client_ca, idle=idle,
    )  # fmt: skip
    door.tls()  # a file that does not do is said now, not when the first sender comes
    wire = "TLS" if tls_cert else "plain text"
    say(f"listening on {host}:{port} for {source} in {wire}; stop with Ctrl-C")
    try:
        asyncio.run(run(door, district=district))
    except OSError as error:
        raise Busy(
            f"cannot listen on {host}:{port}: {error.strerror}",
            "Stop the other listener, or choose another --port.",
        ) from error
    say("stopped; everything that was acknowledged is stored")
