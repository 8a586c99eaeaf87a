"""From a message on the MLLP port to an open page: how long, with 500 pages open.

A real listener, a real stream process, real sockets: each open page is a connection that reads
server-sent events as a browser does. The time runs from the first byte of the message to the
event that carries its row, at the last of the pages to get it. Pages and servers share the cores,
so the figure holds the cost of 500 browsers' network side as well. Once with the Now board open,
and once with a board that the district lays out.
"""

import asyncio
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from onesystem.bench.scratch import HOSPITAL
from onesystem.bench.shape import Row, register

PAGES = 500
_TOML = (
    HOSPITAL
    + """
{services}
[sources.pas]
name = "Patient administration"
organisation = "hospital"
format = "hl7v2"
[sources.pas.services]
{places}
"""
)
_SERVICE = """
[services.ward-{n}]
name = "Ward {n}"
setting = "ward"
organisation = "hospital"
capacity = 30
"""
_WARDS = 40
_STREAM = """
import sys, django
django.setup()
import uvicorn
from onesystem.web.stream import app
uvicorn.run(app, host="127.0.0.1", port=int(sys.argv[1]), log_level="warning", access_log=False)
"""


@register("now", "from a message on the MLLP port to 500 open pages")
def run(*, full: bool) -> Iterable[Row]:
    """Send one message at a time, then a burst, and time each to every open page."""
    with tempfile.TemporaryDirectory(prefix="onesystem-bench-") as folder:
        cookie = _prepare(Path(folder))
        ports = [_free_port(), _free_port()]
        with _served(Path(folder), *ports) as children:
            for board in ("", "beds"):
                before = [_cpu(child) for child in children]
                times = _measure(*ports, cookie, messages=300 if full else 60, board=board)
                seconds = asyncio.run(times)
                spent = [_cpu(child) - was for child, was in zip(children, before, strict=True)]
                yield from _rows(seconds, spent, f"page of the board {board}" if board else "page")


def _rows(seconds: list[float], spent: list[float], page: str) -> Iterable[Row]:
    every = sorted(seconds)
    lasts = sorted(max(seconds[i : i + PAGES]) for i in range(0, len(seconds), PAGES))
    total = len(seconds) / PAGES
    yield Row(name=f"message to {page}, median", value=_at(every, 0.5), unit="s")
    yield Row(
        name=f"message to {page}, 99th percentile of {PAGES} pages",
        value=_at(every, 0.99),
        unit="s",
        target=1.0,
        lower_is_better=True,
    )
    yield Row(name=f"message to the last {page}, worst", value=lasts[-1], unit="s")
    for name, used in zip(("stream", "listener"), spent, strict=True):
        yield Row(
            name=f"CPU of the {name}, a message to a {page}", value=used / total * 1000, unit="ms"
        )


def _at(ordered: list[float], share: float) -> float:
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]


def _environment(folder: Path) -> dict[str, str]:
    # A benchmark never writes to a district's own store: an empty one has to be named for it.
    return {
        **os.environ,
        "DATABASE_URL": os.environ.get("BENCH_DATABASE_URL", ""),
        "ONESYSTEM_DISTRICT": str(folder),
        "DJANGO_SETTINGS_MODULE": "onesystem.web.settings",
    }


def _prepare(folder: Path) -> str:
    """Make a district with a user who signed in; gives the session's key."""
    (folder / "district.toml").write_text(
        _TOML.format(
            services="".join(_SERVICE.format(n=n) for n in range(_WARDS)),
            places="".join(f'"W{n}" = "ward-{n}"\n' for n in range(_WARDS)),
        ),
        encoding="utf-8",
    )
    (folder / "secret").write_text(os.urandom(32).hex(), encoding="ascii")
    made = subprocess.run(  # noqa: S603  # our own code, on this machine
        [sys.executable, "-c", _SIGN_IN],
        env=_environment(folder),
        check=True,
        capture_output=True,
        text=True,
    )
    return made.stdout.split()[-1]


_SIGN_IN = """
from onesystem.wiring import open_district
open_district()
import secrets
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from onesystem.access import Actor, actions
name, password = "bench", secrets.token_urlsafe(24)
actions.add_user(
    username=name, password=password, roles=["ed-nurse"], by=Actor.job("bench"), name="Bench"
)
user, session = actions.find(name), SessionStore()
session[SESSION_KEY] = str(user.pk)
session[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
session[HASH_SESSION_KEY] = user.get_session_auth_hash()
session.save()
print(session.session_key)
"""


@contextmanager
def _served(folder: Path, mllp: int, stream: int) -> Iterator[list["subprocess.Popen[bytes]"]]:
    """The stream process and the listener, ready."""
    onesystem = [sys.executable, "-m", "onesystem.cli"]
    listen = [*onesystem, "listen", "--port", str(mllp), "--source", "pas"]
    commands = [[sys.executable, "-c", _STREAM, str(stream)], listen]
    children = [
        subprocess.Popen(  # noqa: S603
            command, env=_environment(folder), stderr=subprocess.DEVNULL
        )
        for command in commands
    ]
    try:
        for port in (stream, mllp):
            _wait_for(port)
        yield children
    finally:
        for child in children:
            child.terminate()
        for child in children:
            child.wait(timeout=20)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_for(port: int) -> None:
    for _ in range(300):
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise TimeoutError(f"nothing listens on port {port}")


def _cpu(child: "subprocess.Popen[bytes]") -> float:
    """CPU seconds of a running child, user and system; 0 where the system does not say."""
    try:
        fields = Path(f"/proc/{child.pid}/stat").read_text().rsplit(")", 1)[1].split()
    except OSError:
        return 0.0
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


async def _measure(
    mllp: int, stream: int, cookie: str, *, messages: int, board: str
) -> list[float]:
    """Seconds from each message to each page that got it."""
    pages = _Pages(board)
    await pages.open(stream, cookie)
    reader, writer = await asyncio.open_connection("127.0.0.1", mllp)
    seconds: list[float] = []
    first = messages if board else 0  # people who are not there yet
    for number in range(first, first + messages):
        waiting = pages.expect(number % _WARDS)
        sent = time.perf_counter()
        writer.write(b"\x0b" + _admission(number).encode() + b"\x1c\r")
        await reader.readuntil(b"\x1c\r")
        await asyncio.wait_for(waiting, 30)
        seconds += [at - sent for at in pages.seen]
        await asyncio.sleep(0.05)
    writer.close()
    pages.close()
    return seconds


class _Page(asyncio.Protocol):
    """One open page: a socket that notes when it saw what it waits for."""

    def __init__(self, pages: "_Pages", request: bytes) -> None:
        self.pages, self.request, self.joined, self.tail = pages, request, False, b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Ask for the stream."""
        self.pages.transports.append(transport)
        transport.write(self.request)  # type: ignore[attr-defined]

    def data_received(self, data: bytes) -> None:
        """Look for the row, across the edges of what arrives together."""
        data = self.tail + data
        self.tail = data[-64:]
        if not self.joined:
            self.joined = b"retry" in data
            self.pages.joined += self.joined
        if self.pages.word in data:
            self.tail = b""
            self.pages.saw()


class _Pages:
    """All open pages, and when each saw the row that is waited for."""

    def __init__(self, board: str) -> None:
        self.board = board  # one of the district's own; empty for the Now board
        self.transports: list[asyncio.BaseTransport] = []
        self.seen: list[float] = []
        self.word = b"\xff"
        self.all_saw: asyncio.Future[None] | None = None
        self.joined = 0

    async def open(self, port: int, cookie: str) -> None:
        """Connect them all, and wait until each has its stream."""
        loop = asyncio.get_running_loop()
        request = (
            f"GET /live/?board={self.board} HTTP/1.1\r\nHost: 127.0.0.1\r\n"
            f"Cookie: sessionid={cookie}\r\n\r\n"
        ).encode()
        for wanted in range(50, PAGES + 1, 50):
            for _ in range(50):
                await loop.create_connection(lambda: _Page(self, request), "127.0.0.1", port)
            async with asyncio.timeout(60):
                while self.joined < wanted:  # noqa: ASYNC110  # a benchmark may look again
                    await asyncio.sleep(0.02)

    def expect(self, ward: int) -> "asyncio.Future[None]":
        """A future that is done when every page has seen the row of that ward."""
        from onesystem.flow.presenters import row_id

        row = f'"services-{row_id(f"ward-{ward}")}"'
        self.word, self.seen = (row if self.board else f">Ward {ward}<").encode(), []
        self.all_saw = asyncio.get_running_loop().create_future()
        return self.all_saw

    def saw(self) -> None:
        """One more page has it."""
        self.seen.append(time.perf_counter())
        if len(self.seen) == PAGES and self.all_saw and not self.all_saw.done():
            self.all_saw.set_result(None)

    def close(self) -> None:
        """Close every page."""
        for transport in self.transports:
            transport.close()


def _admission(number: int) -> str:
    """An admission of a new person to one of the wards, now."""
    at = datetime.now(UTC).strftime("%Y%m%d%H%M%S+0000")
    return "\r".join(
        (
            f"MSH|^~\\&|PAS|H|ONE|D|{at}||ADT^A01^ADT_A01|B{number}|P|2.5",
            f"EVN|A01|{at}",
            f"PID|1||P{number}^^^H^MR||Person^Bench{number}||19500101|F",
            f"PV1|1|I|W{number % _WARDS}^1^{number}^H||||||||||||||||V{number}{'|' * 25}{at}",
            "",
        )
    )
