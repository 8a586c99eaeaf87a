"""`onesystem serve`: pages, live stream and feeds of one district, from one command."""

import asyncio
import os
import socket
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext

import click

from onesystem.cli import lean, warming
from onesystem.cli.opened import open_district, say
from onesystem.cli.supervisor import Child, hold, keep
from onesystem.district import District
from onesystem.vocabulary import BadConfig


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option(
    "--port", default=8000, show_default=True, help="The pages; the stream is next to it."
)
@click.option("--workers", default=2, show_default=True, help="Processes that answer pages.")
@click.option("--no-feeds", is_flag=True, help="Leave live messages and folders to `listen`.")
@click.option(
    "--further", is_flag=True,
    help="Pages and stream alone, beside the `serve` of another machine (PostgreSQL).",
)  # fmt: skip
@click.option("--demo", is_flag=True, help="Let the demo's messages go on arriving.")
def serve(host: str, port: int, workers: int, no_feeds: bool, further: bool, demo: bool) -> None:
    """Serve the district until Ctrl-C.

    Live HL7 v2 comes in at the `listen` port of each source in district.toml, files in its
    `watch` folder.
    """
    if further and (demo or not os.environ.get("DATABASE_URL")):
        raise BadConfig(
            "--further serves the pages of a district that another `serve` feeds",
            "Set DATABASE_URL to the PostgreSQL of both, and leave --demo to the other.",
        )
    os.environ.setdefault("ONESYSTEM_STREAM_PORT", str(port + 1))
    os.environ.setdefault("ONESYSTEM_PAGES_PORT", str(port))
    os.environ.setdefault("ONESYSTEM_PAGES_HOST", host)
    warming.prepare()
    district = open_district(migrate=not further)
    with nullcontext() if further else _held(district):
        feeds = not (no_feeds or further)
        listening = [s.listen for s in district.sources.values() if s.listen and feeds]
        for each in (port, port + 1, *listening):
            _check_free(host, each)
        warming.warm(district)
        children = [
            Child("pages", lambda: _pages(host, port, workers)),
            Child("stream", lambda: _stream(host, port + 1)),
        ]
        if feeds:
            children.append(Child("feeds", lambda: _feeds(district, host)))
            children.append(Child("folders", lambda: _folders(district)))
        elif not further:
            children.append(Child("errands", _errands))
        if demo:
            children.append(Child("demo", lambda: _demo(district, wire=not no_feeds)))
        children.append(Child("templates", _compile, once=True))
        children.append(Child("ready", lambda: _tell(district, host, port, demo), once=True))
        keep(children, settled=lean.let_go_of_files)
    say("Stopped. Everything that was acknowledged is on disk.")


@contextmanager
def _held(district: District) -> Iterator[None]:
    """The lock of the one `serve` that feeds the district and does its jobs."""
    lock = hold(district.path)
    try:
        yield
    finally:
        os.close(lock)


def _check_free(host: str, port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise BadConfig(
                f"port {port} on {host} cannot be used: {error.strerror}",
                "Choose another --port, or another `listen` in district.toml.",
            ) from error


def _pages(host: str, port: int, workers: int) -> None:
    from onesystem.cli.pages import Pages

    Pages(host, port, workers).run()


def _stream(host: str, port: int) -> None:
    import uvicorn

    from onesystem.web.stream import app

    uvicorn.run(app, host=host, port=port, log_level="warning", access_log=False, lifespan="on")


def _feeds(district: District, host: str) -> None:
    from onesystem.cli.feeding import feed

    asyncio.run(feed(district, host=host))


def _folders(district: District) -> None:
    from onesystem.cli.jobs import all_jobs
    from onesystem.cli.tending import tend

    tend(all_jobs(district))


def _errands() -> None:
    from onesystem.cli.jobs import errands
    from onesystem.cli.tending import tend

    tend(errands())


def _demo(district: District, *, wire: bool) -> None:
    from onesystem.demo import live

    live.run(district.path, wire=wire)


def _compile() -> None:
    from onesystem.cli.tending import BEHIND

    os.nice(BEHIND)  # whoever opens a page meanwhile goes before it
    warming.compile_templates()


def _tell(district: District, host: str, port: int, demo: bool) -> None:
    address = f"http://{'localhost' if host == '127.0.0.1' else host}:{port}/"
    for _ in range(300):
        try:
            urllib.request.urlopen(address + "health/", timeout=5).close()  # noqa: S310
            break
        except urllib.error.HTTPError:
            break
        except OSError:
            time.sleep(0.1)
    click.echo(f"\n{district.name} is served at {address}")
    if demo:
        from onesystem.demo.signins import PASSWORD, SIGN_INS

        click.echo("\nDemo sign-ins (synthetic people; never use these on a real district):")
        for sign_in in SIGN_INS:
            click.echo(f"  {sign_in.username:22} {PASSWORD}   {sign_in.about}")
    click.echo("\nCtrl-C stops it.")
