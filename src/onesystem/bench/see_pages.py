"""Pages of charts and boards of a served demo, asked for over 16 connections at once.

BENCH_DEMO   the folder of a demo that was made before; otherwise one is made and thrown away
"""

import time
from collections.abc import Iterable
from functools import partial

from onesystem.bench.at_once import at_once
from onesystem.bench.browsing import Browser
from onesystem.bench.processes import SETTLED, calm, served
from onesystem.bench.serve import demo
from onesystem.bench.shape import Row, register
from onesystem.demo.signins import PASSWORD

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
        calm(root)
        browser = Browser(port)
        browser.sign_in("nurse", PASSWORD)
        for name, address in _PAGES.items():
            yield from at_once(
                root, port, browser.cookies, name, asked=_ASKED, target=_TARGETS.get(name),
                address=partial(_address, address),
            )  # fmt: skip


def _address(page: str, number: int, who: int) -> str:
    return page.format(day=number + 1, who=who)
