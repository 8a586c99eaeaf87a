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
    page.set_viewport_size(_NARROW)
    wide = page.evaluate(
        "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    )
    page.set_viewport_size(_WIDE)
    return wide
