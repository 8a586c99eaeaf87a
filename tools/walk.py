"""Walk a served demo as every sign-in, and say by route what is wrong, and for whom.

python tools/walk.py http://localhost:8000                  # everybody
python tools/walk.py http://localhost:8000 --as gp,chair --pictures /tmp/walk

Every link of the product is followed breadth first by the name of its route; downloads are not
opened, and nothing is sent but why a person's record is opened. Of each page: axe in light and in
dark, 320 px, paper, focus, headings, title, breadcrumb, empty tables, requests elsewhere or failed,
errors of the console, and more than a second.
"""

import argparse
import os
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from playwright.sync_api import Page, sync_playwright

if TYPE_CHECKING:
    from walking import Walk

_LOOKS = (
    ("wide", "screen", "light", 1366, 900), ("dark", "screen", "dark", 1366, 900),
    ("phone", "screen", "light", 320, 900), ("print", "print", "light", 718, 1040),
)  # fmt: skip
TESTS = Path(__file__).resolve().parent.parent / "tests" / "pages"


def main() -> int:
    """Walk, and print the table; 1 where anything is wrong."""
    args = _args()
    sys.path.insert(0, str(TESTS))
    _know_the_routes()
    from browsing import CHROMIUM, FLAGS
    from walking import Walk

    from onesystem.demo.signins import SIGN_INS

    names = args.names.split(",") if args.names else [each.username for each in SIGN_INS]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        schemes = ("light",) if args.light else ("light", "dark")
        walk = Walk(browser, args.address.rstrip("/"), args.examples, args.deep, schemes)
        for name in names:
            found = walk.as_role(name, _pictures(args.pictures))
            _say(f"{name}: {sum(found.values())} pages of {len(found)} routes")
        browser.close()
    _table(walk)
    return 1 if walk.wrong else 0


def _args() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("address", help="such as http://localhost:8000")
    parser.add_argument("--as", dest="names", default="", help="sign-ins, by commas; all if left")
    parser.add_argument("--examples", type=int, default=1, help="pages of a route for each")
    parser.add_argument("--deep", type=int, default=1, help="how many look closely at a route")
    parser.add_argument(
        "--light", action="store_true", help="leave the dark page out: half the time"
    )
    parser.add_argument("--pictures", type=Path, help="a folder for pictures of each route")
    return parser.parse_args()


def _know_the_routes() -> None:
    """The table of addresses is the product's own; it asks for a district, and any will do."""
    import django

    folder = Path(tempfile.mkdtemp())
    (folder / "district.toml").write_text('[district]\ncode = "w"\nname = "W"\nzone = "UTC"\n')
    os.environ.setdefault("ONESYSTEM_DISTRICT", str(folder))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "onesystem.web.settings")
    django.setup()


def _pictures(folder: Path | None) -> Callable[..., None]:
    """What takes each route's pictures: wide, in the dark, on a phone, and printed."""
    if folder is None:
        return lambda *_: None
    folder.mkdir(parents=True, exist_ok=True)

    def takes(page: Page, route: str, name: str) -> None:
        stem = str(folder / f"{route.replace(':', '_')}.{name}")
        for called, media, scheme, width, height in _LOOKS:
            page.emulate_media(media=media, color_scheme=scheme)
            page.set_viewport_size({"width": width, "height": height})
            page.screenshot(path=f"{stem}.{called}.png", full_page=True)
        page.emulate_media(media="screen", color_scheme="light")
        page.set_viewport_size({"width": 1366, "height": 900})

    return takes


def _table(walk: "Walk") -> None:
    for (route, words), names in sorted(walk.wrong.items()):
        _say(f"{route:34} {words}  [{', '.join(sorted(names))}]")
    _say(f"{len(walk.seen)} routes, {len(walk.wrong)} things wrong")


def _say(words: str) -> None:
    sys.stdout.write(f"{words}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
