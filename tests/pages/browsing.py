"""A real browser, and what holds for every page in it."""

import os
import shutil

CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium") or "/usr/bin/chromium"
FLAGS = (
    "--no-sandbox --headless --disable-gpu --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync"
).split()
# All that axe looks at by itself, and the one rule of WCAG 2.2 AA that it leaves off.
RULES = {"rules": {"target-size": {"enabled": True}}}
_NARROW, _WIDE = {"width": 320, "height": 800}, {"width": 1366, "height": 900}


def violations(page):
    """What axe finds against WCAG 2.2 AA and its best practices."""
    from axe_playwright_python.sync_playwright import Axe

    found = Axe().run(page, options=RULES).response["violations"]
    return [(v["id"], [n["html"][:200] for n in v["nodes"][:3]]) for v in found]


def sideways(page):
    """By how much the page is wider than a window of 320 px."""
    _resize(page, _NARROW)
    wide = page.evaluate(
        "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    )
    _resize(page, _WIDE)
    return wide


def _resize(page, size):
    """Give the window that size, and wait until the page is drawn in it.

    Without a screen, a browser that is resized again before it drew may never draw any more, and
    the next click waits for ever. Being resized once more is what wakes it.
    """
    from playwright.sync_api import TimeoutError as NothingDrawn

    for further in (0, 1, 0):
        page.set_viewport_size({**size, "height": size["height"] + further})
        try:
            page.wait_for_function("() => true", polling="raf", timeout=4000)
            page.wait_for_function("() => true", polling="raf", timeout=4000)
        except NothingDrawn:
            continue
        return
    raise AssertionError(f"The browser draws no page of {size['width']} px")
