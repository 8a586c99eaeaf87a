"""A real browser, and what holds for every page in it."""

import os
import shutil
import socket
import time
from contextlib import contextmanager

# The headless shell does what the whole browser does here, in a fifth less of the processor's time.
_BROWSERS = ("chromium-headless-shell", "chromium")
_FOUND = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, _BROWSERS)), None)
CHROMIUM = _FOUND or "/usr/bin/chromium"
FLAGS = (
    "--no-sandbox --headless --disable-gpu --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync"
).split()
PATIENCE = 60_000  # no test may fail because the machine is busy; in milliseconds
# All that axe looks at by itself, and the one rule of WCAG 2.2 AA that it leaves off.
# What passes is not sent back: on a page with a long table that takes as long as looking.
RULES = {"rules": {"target-size": {"enabled": True}}, "resultTypes": ["violations"]}
_NARROW, _WIDE = {"width": 320, "height": 800}, {"width": 1366, "height": 900}


@contextmanager
def looking(chromium, home, client, at="/"):
    """A page of whoever has signed in with that client."""
    context = chromium.new_context(viewport=_WIDE)
    cookie = client.cookies["sessionid"].value
    context.add_cookies([{"name": "sessionid", "value": cookie, "url": home}])
    context.set_default_timeout(PATIENCE)
    page = context.new_page()
    page.goto(f"{home}{at}")
    try:
        yield page
    finally:
        context.close()


def is_for_everybody(page):
    """No axe violation, in light and in dark, and no sideways scrolling at 320 px.

    In the dark colours alone are other than in the light.
    """
    page.emulate_media(color_scheme="dark")
    assert violations(page, runOnly=["color-contrast"]) == []
    page.emulate_media(color_scheme="light")
    assert violations(page) == []
    assert sideways(page) <= 0


def wait_for(port):
    """Until somebody answers there."""
    for _ in range(600):
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise TimeoutError(port)


def violations(page, **options):
    """What axe finds against WCAG 2.2 AA and its best practices; `options` are axe's own."""
    from axe_playwright_python.sync_playwright import Axe

    found = Axe().run(page, options={**RULES, **options}).response["violations"]
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
