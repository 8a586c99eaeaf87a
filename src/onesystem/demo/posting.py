"""The practices' system of the demo sends FHIR to the district's REST intake, as a real one would.

It sends with a token that the district issued to it; the token lies beside the demo's other
papers, for nobody else to read. Where the pages do not answer or refuse, what it has to send goes
to the folder that the district watches instead, and a line in the log says why.
"""

import os
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from http.client import HTTPConnection, HTTPException
from pathlib import Path

import structlog

from onesystem.demo.sent import Sent

SOURCE = "practices"
TOKEN = Path("live") / "fhir-token"
_MOST = 100  # messages of one request: a page that somebody waits for goes in between
_PATIENCE = 30.0  # seconds
_log = structlog.get_logger(__name__)


def left_over(sent: Iterable[Sent], folder: Path) -> list[Sent]:
    """Send what is to be sent by REST, where pages are served; what is left goes another way."""
    port = os.environ.get("ONESYSTEM_PAGES_PORT", "")
    every = list(sent)
    mine = [each for each in every if each.source == SOURCE and each.name.endswith(".ndjson")]
    if not (port and mine):
        return every
    host = os.environ.get("ONESYSTEM_PAGES_HOST", "127.0.0.1")
    done = set(_door(folder, host, int(port)).send(mine))
    return [each for each in every if each not in done]


@cache
def _door(folder: Path, host: str, port: int) -> "Door":
    return Door(folder, "127.0.0.1" if host in {"", "0.0.0.0"} else host, port)  # noqa: S104


class Door:
    """The REST intake of the district in that folder, at that address."""

    def __init__(self, folder: Path, host: str, port: int) -> None:
        self._address, self._folder = (host, port), folder
        self._open: bool | None = None  # not tried yet

    def send(self, sent: Sequence[Sent]) -> Iterator[Sent]:
        """Post in order; gives what the district has taken. Ends at the first that it has not."""
        try:
            token = _token(self._folder)
            for first in range(0, len(sent), _MOST):
                some = sent[first : first + _MOST]
                self._post(b"".join(each.data for each in some), token)
                self._say(is_open=True)
                yield from some
        except (OSError, HTTPException) as error:
            self._say(is_open=False, why=str(error) or type(error).__name__)

    def _post(self, lines: bytes, token: str) -> None:
        line = HTTPConnection(*self._address, timeout=_PATIENCE)
        try:
            line.request("POST", "/fhir", body=lines, headers={
                "Authorization": f"Bearer {token}", "Content-Type": "application/fhir+ndjson",
            })  # fmt: skip
            answer = line.getresponse()
            answer.read()
        finally:
            line.close()
        if answer.status >= 300:
            raise HTTPException(f"status {answer.status}")

    def _say(self, *, is_open: bool, why: str = "") -> None:
        """A line in the log when it changes, not at every message."""
        if is_open is self._open:
            return
        self._open = is_open
        address = "http://{}:{}/fhir".format(*self._address)
        if is_open:
            _log.info("the practices send FHIR by REST", address=address)
        else:
            _log.warning(
                "the practices cannot send FHIR by REST: their messages go to the watched folder",
                address=address,
                why=why,
            )


def _token(folder: Path) -> str:
    """The token of the practices' system; a new one where the district has issued none yet."""
    path = folder / TOKEN
    try:
        return path.read_text(encoding="ascii").strip()
    except FileNotFoundError:
        return _issued(path)


def _issued(path: Path) -> str:
    from django.db import connection

    from onesystem.access import Actor
    from onesystem.feeds.fhir import tokens

    token = tokens.issue(source=SOURCE, by=Actor.job("demo"))
    connection.close()  # the one thing for which this process needs the store
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_suffix(f".{os.getpid()}")
    part.touch(mode=0o600)
    part.write_text(token + "\n", encoding="ascii")
    part.replace(path)
    return token
