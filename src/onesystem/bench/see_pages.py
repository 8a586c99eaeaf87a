"""Pages of charts and boards of a served demo, asked for over 16 connections at once.

BENCH_DEMO   the folder of a demo that was made before; otherwise one is made and thrown away

Each connection asks for one page after another as quickly as it gets them, each page with another
address, so that none is answered from a copy. That is sixteen people who never read.
"""

import http.client
import time
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor

from onesystem.bench.browsing import Browser
from onesystem.bench.processes import SETTLED, cpu_of_all, served
from onesystem.bench.serve import demo
from onesystem.bench.shape import Row, register
from onesystem.demo.signins import PASSWORD

CONNECTIONS = 16
_ASKED = 20  # pages of each connection
_PAGES = {
    "a chart page": "/measures/days-at-home/?every=month&from=2024-01-{day:02}",
    "the Now board": "/?service=&n={day}-{who}",
    "the board of beds": "/now/board/beds/?n={day}-{who}",
}
_TARGETS = {"a chart page": 150.0}


@register("see-pages", "pages of charts and boards of a demo, at 16 connections")
def run(*, full: bool) -> Iterable[Row]:
    """Every page in turn, on a demo of 5,000 people, or 50,000 when full."""
    with demo(50_000 if full else 5_000) as (folder, _), served(folder) as (root, port):
        time.sleep(SETTLED)
        browser = Browser(port)
        browser.sign_in("nurse", PASSWORD)
        for name, address in _PAGES.items():
            yield from _of(root, port, browser.cookies, name, address)


def _of(root: int, port: int, cookie: str, name: str, address: str) -> Iterator[Row]:
    def asks(who: int, pages: int) -> list[float]:
        line, took = http.client.HTTPConnection("127.0.0.1", port, timeout=60), []
        for n in range(pages):
            begun = time.perf_counter()
            line.request("GET", address.format(day=n + 1, who=who), headers={"Cookie": cookie})
            answer = line.getresponse()
            answer.read()
            took.append(time.perf_counter() - begun)
            if answer.status != http.client.OK:
                raise RuntimeError(f"{name} answered {answer.status}")
        line.close()
        return took

    asks(0, 3)  # the workers have their templates
    before = cpu_of_all(root)
    with ThreadPoolExecutor(CONNECTIONS) as people:
        all_asked = [people.submit(asks, who, _ASKED) for who in range(CONNECTIONS)]
        seconds = sorted(took for asked in all_asked for took in asked.result())
    spent = cpu_of_all(root) - before
    yield Row(
        name=f"{name}, 95th percentile at {CONNECTIONS} connections", unit="ms",
        value=seconds[int(len(seconds) * 0.95)] * 1000, target=_TARGETS.get(name),
        lower_is_better=True,
    )  # fmt: skip
    yield Row(name="CPU of the server, a page", value=spent / len(seconds) * 1000, unit="ms")
