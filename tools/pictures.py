"""Take the README's pictures from a served demo district, of people enough to fill its wards.

    onesystem demo make DIR && onesystem -d DIR serve --demo --port 8000 &
    python tools/pictures.py http://localhost:8000

The pictures show synthetic people only: nothing but a demo district may be asked for them.
"""

import shutil
import sys
from pathlib import Path
from typing import Any

IMAGES = Path(__file__).resolve().parent.parent / "docs" / "images"
WINDOW = {"width": 1280, "height": 800}
PASSWORD = "demo-district-2026"  # noqa: S105 - that of every demo district
PICTURES = {"now": ("nurse", "/")}


def main(address: str) -> None:
    """Write every picture anew."""
    from playwright.sync_api import sync_playwright

    found = shutil.which("chromium-headless-shell") or shutil.which("chromium")
    with sync_playwright() as player:
        browser = player.chromium.launch(
            executable_path=found, args=["--no-sandbox", "--disable-gpu"]
        )
        for name, (user, path) in PICTURES.items():
            page = browser.new_page(viewport=WINDOW, color_scheme="light")
            sign_in(page, address, user)
            page.goto(address + path)
            page.wait_for_load_state("load")
            page.screenshot(path=IMAGES / f"{name}.png")
            page.close()
        browser.close()


def sign_in(page: Any, address: str, user: str) -> None:
    """Sign in as one of the demo's users. Raises SystemExit where this is no demo."""
    page.goto(f"{address}/account/login/")
    page.fill("input[name=login]", user)
    page.fill("input[name=password]", PASSWORD)
    page.click("main button[type=submit]")
    page.wait_for_load_state("load")
    if "/login/" in page.url:
        raise SystemExit(f"{address} does not know {user}: is it a demo district?")


if __name__ == "__main__":
    main(sys.argv[1].rstrip("/") if len(sys.argv) > 1 else "http://localhost:8000")
