"""Take the pictures of the README's tour from a served demo whose story has been told.

Up to the verdict: with it the next review is opened, of which nothing is drawn yet.

python tools/picture_tour.py http://localhost:8000 4    # address, number of the decision
"""

import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

from onesystem.demo.signins import PASSWORD

IMAGES = Path(__file__).resolve().parent.parent / "docs" / "images"
PLACES = (
    ("tour-gridlock", "planner", "/measures/gridlock-days/?every=month", ""),
    ("tour-flow", "planner", "/opportunities/ambulatory-sensitive/", "By condition"),
    ("tour-options", "planner", "/plan/winter-without-gridlock/options/", ""),
    ("tour-money", "chair", "/alliance/decisions/{n}/money/", ""),
    ("tour-chart", "chair", "/measures/ambulance-conveyed/?every=month", ""),
    ("tour-proof", "chair", "/alliance/decisions/{n}/review/", ""),
)


def take(address: str, number: str) -> None:
    """A picture of the top of each page."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path="/usr/bin/chromium", args=["--no-sandbox", "--disable-gpu"]
        )
        for name, who, path, words in PLACES:
            page = browser.new_context(viewport={"width": 1280, "height": 900}).new_page()
            page.goto(f"{address}/account/login/")
            page.fill("input[name=login]", who)
            page.fill("input[name=password]", PASSWORD)
            page.press("input[name=password]", "Enter")
            page.wait_for_url(lambda url: "/account/login" not in url)
            page.goto(address + path.format(n=number))
            page.wait_for_load_state("load")
            if words:  # that stands further down, once it is worked out
                page.get_by_text(words).first.scroll_into_view_if_needed(timeout=120_000)
                page.mouse.wheel(0, 250)
                page.wait_for_timeout(500)
            page.screenshot(path=str(IMAGES / f"{name}.png"))
        browser.close()


if __name__ == "__main__":
    take(*sys.argv[1:3])
