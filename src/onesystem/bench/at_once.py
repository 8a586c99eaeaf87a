"""Pages asked for over 16 connections at once: sixteen people who never read.

Each connection asks for one page after another as quickly as it gets them, each page with another
address, so that none is answered from a copy.
"""

import http.client
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

from onesystem.bench.processes import cpu_of_all
from onesystem.bench.shape import Row

CONNECTIONS = 16
_WARM = 4  # turns before the clock runs: every worker has its templates


def at_once(
    root: int, port: int, cookie: str, name: str, address: Callable[[int, int], str], *,
    asked: int, target: float | None = None,
) -> Iterator[Row]:  # fmt: skip
    """The 95th percentile in milliseconds, and the server's CPU a page.

    `address` gives the page from its number and the connection's; each connection asks for
    `asked` of them. `root` is the process of the server. Raises RuntimeError on a page with an
    error.
    """

    def asks(who: int, pages: int) -> list[float]:
        line, took = http.client.HTTPConnection("127.0.0.1", port, timeout=60), []
        for n in range(pages):
            begun = time.perf_counter()
            line.request("GET", address(n, who), headers={"Cookie": cookie})
            answer = line.getresponse()
            answer.read()
            took.append(time.perf_counter() - begun)
            if answer.status != http.client.OK:
                raise RuntimeError(f"{name} answered {answer.status}")
        line.close()
        return took

    for _ in range(_WARM):
        asks(0, 3)
    before = cpu_of_all(root)
    with ThreadPoolExecutor(CONNECTIONS) as people:
        every = [people.submit(asks, who, asked) for who in range(CONNECTIONS)]
        seconds = sorted(took for each in every for took in each.result())
    spent = cpu_of_all(root) - before
    yield Row(
        name=f"{name}, 95th percentile at {CONNECTIONS} connections", unit="ms",
        value=seconds[int(len(seconds) * 0.95)] * 1000, target=target, lower_is_better=True,
    )  # fmt: skip
    yield Row(name="CPU of the server, a page", value=spent / len(seconds) * 1000, unit="ms")
