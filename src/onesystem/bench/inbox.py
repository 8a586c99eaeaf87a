"""`bench inbox`: an inbox of 5,000 open requests, and an act on it as 500 other pages see it.

The district is made through the feeds, and served as users are served. Sixteen people ask for one
page of the inbox after another, each with another address; then 500 pages of it are open, and one
person accepts a request at a time, by the form of their page: the time runs from the press until
each of the pages has the row. People, pages and servers share the cores.
"""

import asyncio
import http.client
import os
import re
import subprocess
import sys
import tempfile
import time
import urllib.parse
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from onesystem.bench import inbox_fill
from onesystem.bench.at_once import at_once
from onesystem.bench.browsing import Browser
from onesystem.bench.processes import SETTLED, cpu_of_all, served
from onesystem.bench.shape import Row, register
from onesystem.bench.watchers import Watchers

PAGES = 500
_OPEN = 5_000
_ASKED = 25  # pages of each connection
_INBOX = f"/inbox/{inbox_fill.SERVICE}/"
_PAGES = {  # name, and what the n-th page of a person asks for
    "inbox, a page of a tab": "tab={tab}&sort={sort}&n={n}-{who}",
    "inbox, narrowed by urgency, practice and age": "tab=open&urgency=soon&age=80&n={n}-{who}",
    "inbox, by words": "tab=open&q=leg+archer0{n}&n={n}-{who}",
}
_TARGETS = {"inbox, a page of a tab": 150.0}
_PICK = re.compile(r'name="r" value="((\d+)\.\d+)"')
_TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')
_FILL = """
import sys
from pathlib import Path
from onesystem.wiring import open_district
open_district()
from onesystem.bench.inbox_fill import fill
fill(Path("."), int(sys.argv[1]))
"""


@register("inbox", "an inbox of 5,000 open requests at 16 connections; an act on 500 open pages")
def run(*, full: bool) -> Iterable[Row]:
    """Pages first, then acts; `full` asks for more of both."""
    with tempfile.TemporaryDirectory(prefix="onesystem-bench-") as scratch:
        folder = Path(scratch)
        _make(folder)
        with served(folder) as (root, port):
            _settle(root)
            browser = Browser(port)
            browser.sign_in(inbox_fill.USER, inbox_fill.PASSWORD)
            for name, query in _PAGES.items():
                yield from _of(
                    root, port, browser.cookies, name, query, _ASKED * (3 if full else 1)
                )
            yield from _acts(port, browser, 200 if full else 60)


def _make(folder: Path) -> None:
    (folder / "district.toml").write_text(inbox_fill.toml(), encoding="utf-8")
    (folder / "secret").write_text(os.urandom(32).hex(), encoding="ascii")
    subprocess.run(  # noqa: S603 - our own code, on this machine
        [sys.executable, "-c", _FILL, str(_OPEN)],
        check=True,
        capture_output=True,
        env={
            **os.environ,
            # A benchmark never writes to a district's own store: an empty one has to be named.
            "DATABASE_URL": os.environ.get("BENCH_DATABASE_URL", ""),
            "ONESYSTEM_DISTRICT": str(folder),
            "DJANGO_SETTINGS_MODULE": "onesystem.web.settings",
        },
    )


def _settle(root: int) -> None:
    """Wait until the server has done what it begins with: jobs ask louder where time ran out."""
    for _ in range(60):
        before = cpu_of_all(root)
        time.sleep(SETTLED)
        if cpu_of_all(root) - before < SETTLED / 10:
            return


def _of(root: int, port: int, cookie: str, name: str, query: str, asked: int) -> Iterator[Row]:
    def address(n: int, who: int) -> str:
        tab = ("new", "open", "overdue", "accepted", "booked")[n % 5]
        sort = ("due", "oldest", "newest")[n % 3]
        return f"{_INBOX}?{query.format(n=n, who=who, tab=tab, sort=sort)}"

    yield from at_once(
        root, port, cookie, name, address, asked=asked, target=_TARGETS.get(name)
    )  # fmt: skip


def _acts(port: int, browser: Browser, acts: int) -> Iterator[Row]:
    page = browser.get(f"{_INBOX}?tab=new")
    picks, token = _PICK.findall(page), _TOKEN.search(page)
    further = browser.get(f"{_INBOX}?tab=new&sort=newest")
    picks = list(dict(picks + _PICK.findall(further)).items())[:acts]
    assert token is not None  # noqa: S101 - a page with rows has a form

    def press(pick: str) -> None:
        line = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        body = urllib.parse.urlencode({"one": f"accept:{pick}", "csrfmiddlewaretoken": token[1]})
        head = {"Cookie": browser.cookies, "X-Inbox": "1",
                "Content-Type": "application/x-www-form-urlencoded"}  # fmt: skip
        line.request("POST", f"{_INBOX}act/", body, head)
        answer = line.getresponse()
        said = answer.read()
        if answer.status != http.client.OK or b"1 accepted" not in said:
            raise RuntimeError(f"accepting answered {answer.status}")
        line.close()

    seconds, presses = asyncio.run(_seen(port + 1, browser.cookies, picks, press))
    every = sorted(seconds)
    yield Row(
        name=f"an act on another open page, 99th percentile of {PAGES} pages", unit="s",
        value=every[int(len(every) * 0.99)], target=1.0, lower_is_better=True,
    )  # fmt: skip
    yield Row(name="the same, median", value=every[len(every) // 2], unit="s")
    yield Row(name="an act, until its answer, median",
              value=sorted(presses)[len(presses) // 2] * 1000, unit="ms")  # fmt: skip


async def _seen(
    port: int, cookie: str, picks: list[tuple[str, str]], press: Callable[[str], None]
) -> tuple[list[float], list[float]]:
    """Seconds from each press to each open page, and to its answer."""
    pages, loop = Watchers(PAGES), asyncio.get_running_loop()
    await pages.open(port, f"/live/?inbox={inbox_fill.SERVICE}", cookie)
    seconds: list[float] = []
    presses: list[float] = []
    for pick, request in picks:
        waiting = pages.expect(f'"{request}":'.encode())
        begun = time.perf_counter()
        await loop.run_in_executor(None, press, pick)
        presses.append(time.perf_counter() - begun)
        try:
            await asyncio.wait_for(waiting, 30)
        except TimeoutError:
            told = f"{len(pages.seen)} of {PAGES} pages saw it, {pages.lost} were let go"
            raise RuntimeError(told) from None
        seconds += [at - begun for at in pages.seen]
        await asyncio.sleep(0.05)
    pages.close()
    return seconds, presses
