"""`bench crew`: what an ambulance crew's screens weigh, how soon they are seen, whether they fit.

BENCH_DEMO   the folder of a demo that was made before; otherwise one is made and thrown away
CHROMIUM     the browser, where it is not found by its name

A real browser with an empty cache opens each page as a phone of 320 px does, signed in and with the
purpose said. Weight is what came over the wire, heads and all: page, styles, scripts, pictures.
Useful is the largest thing of the first screen, which is never later than the first.
"""

import os
import shutil
import time
from collections.abc import Iterable, Iterator
from statistics import median
from typing import Any

from onesystem.bench.processes import SETTLED, served
from onesystem.bench.serve import demo
from onesystem.bench.shape import Row, register
from onesystem.demo.signins import PASSWORD
from onesystem.vocabulary import UserError

_PHONE = {"width": 320, "height": 640}
_TURNS = 7
_PAGES = {
    "whom one is with": "/crew/", "the person": "/crew/{person}/",
    "a check (NEWS2)": "/crew/{person}/score/news2/",
    "ringing the practice": "/crew/{person}/decide/ring/",
}  # fmt: skip
_PAINTS = """() => new Promise((done) => new PerformanceObserver((list) => {
  const first = performance.getEntriesByName("first-contentful-paint")[0];
  done([first ? first.startTime : -1, list.getEntries().at(-1).startTime]);
}).observe({ type: "largest-contentful-paint", buffered: true }))"""

_BROWSERS = ("chromium-headless-shell", "chromium")


@register("crew", "an ambulance crew's screens on a phone: weight, first paint, width")
def run(*, full: bool) -> Iterable[Row]:
    """Each page with an empty cache, on a demo of 3,000 people, or 50,000 when full."""
    try:
        from playwright.sync_api import sync_playwright
    except ImportError as error:
        raise UserError("there is no playwright to open pages with", "Run `make bench`.") from error
    with demo(50_000 if full else 3_000) as (folder, _), served(folder) as (_, port):
        time.sleep(SETTLED)
        with sync_playwright() as p:
            found = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, _BROWSERS)))
            flags = ["--no-sandbox", "--disable-gpu"]
            browser = p.chromium.launch(executable_path=found, args=flags)
            base = f"http://localhost:{port}"
            cookies, person = _open_one(browser, base)
            for name, address in _PAGES.items():
                yield from _of(browser, name, base + address.format(person=person), cookies)
            browser.close()


def _open_one(browser: Any, base: str) -> tuple[Any, str]:
    """Sign a paramedic in, open whom they saw last, say why; gives the session and the person."""
    context = browser.new_context(viewport=_PHONE)
    page = context.new_page()
    page.goto(f"{base}/account/login/?next=/crew/mine/")
    page.fill("[name=login]", "paramedic")
    page.fill("[name=password]", PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.locator("tbody th a").first.click()
    if page.locator("input[name=purpose]").count():
        page.locator("input[name=purpose]").first.check()
        page.fill("[name=reason]", "with them now")
        page.locator("main form:has([name=reason]) button[type=submit]").click()
    page.get_by_role("heading", name="Decide", exact=True).wait_for()
    person, state = page.url.rstrip("/").rsplit("/", 1)[1], context.storage_state()
    context.close()
    return state, person


def _of(browser: Any, name: str, address: str, state: Any) -> Iterator[Row]:
    weights, firsts, useful, wider = [], [], [], 0
    for _ in range(_TURNS):
        context = browser.new_context(viewport=_PHONE, storage_state=state)
        page, bytes_ = context.new_page(), list[float]()
        wire = context.new_cdp_session(page)
        wire.send("Network.enable")
        wire.on("Network.loadingFinished", lambda e, b=bytes_: b.append(e["encodedDataLength"]))
        page.goto(address, wait_until="load")
        first, largest = page.evaluate(_PAINTS)
        page.wait_for_timeout(300)
        wide = "document.documentElement.scrollWidth - innerWidth"
        wider = max(wider, int(page.evaluate(wide)))
        weights.append(sum(bytes_))
        firsts.append(first)
        useful.append(largest)
        context.close()
    yield Row(name=f"{name}: first load, all in", value=max(weights) / 1000, unit="kB",
              target=100, lower_is_better=True)  # fmt: skip
    yield Row(name=f"{name}: first paint, median of {_TURNS}", value=median(firsts) / 1000,
              unit="s", target=1, lower_is_better=True)  # fmt: skip
    yield Row(name=f"{name}: useful paint, the slowest of {_TURNS}", value=max(useful) / 1000,
              unit="s", target=1, lower_is_better=True)  # fmt: skip
    yield Row(name=f"{name}: wider than 320 px by", value=wider, unit="px", target=0,
              lower_is_better=True)  # fmt: skip
