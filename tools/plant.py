"""Plant markup in every word that somebody could have written, and read every page for it.

    python tools/plant.py DISTRICT [--pages 1500] [--json FILE]

DISTRICT is a demo district. In a copy of it each name, address, note, reason, title and sentence of
the store and of district.toml gets markup behind it, addresses of the web become `javascript:`, and
everybody of the demo reads what they may, from link to link. A page in which the markup stands as
markup, or an address as a link, is a hole. The exit code is 1 where there is one.
"""

import argparse
import json
import logging
import os
import random
import re
import shutil
import sqlite3
import sys
import tempfile
import warnings
from collections import Counter, deque
from contextlib import closing, suppress
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import urljoin, urlsplit

MARK = "'\" onplant=x ></script></style></title></textarea><plant>{{1337*3}}"
LINK = "javascript:plant()"
_PROSE = re.compile(
    r"^(family|given|name|title|words|word|reason|note|notes|text|label|why|plain|about|summary|"
    r"comment|what|goals|bed|mode|outcome|display|line|address|city|caption|owner|said|headline)$"
)
_KEPT = {"django_", "sqlite_", "access_audit", "access_user", "auth_", "account_", "mfa_"}
_LINKS = ("href", "src", "action", "formaction", "xlink:href", "data", "poster")


class Found(HTMLParser):
    """What of ours stands in a page as markup, and where its links lead."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.holes: list[str] = []
        self.links: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """A tag or an attribute of ours; a link that runs something."""
        if tag == "plant" or any(name == "onplant" for name, _ in attrs):
            self.holes.append(f"<{tag}> at line {self.getpos()[0]}")
        for name, value in attrs:
            if name in _LINKS and value:
                if value.strip().lower().startswith("javascript:"):
                    self.holes.append(f"{name}={value[:40]} at line {self.getpos()[0]}")
                elif tag == "a" and name == "href":
                    self.links.append(value)


def holes_of(text: str) -> tuple[list[str], list[str]]:
    """What of ours stands in a page as markup; its links."""
    found = Found()
    found.feed(text)
    if "4011" in text and "{{1337*3}}" not in text and "plant" in text:
        found.holes.append("a template ran what somebody wrote")
    return found.holes, found.links


def _planted(value: str, *, prose: bool) -> str:
    if value.startswith(("http://", "https://")):
        return LINK
    if value[:1] in "{[":
        with suppress(ValueError):
            return json.dumps(_within(json.loads(value)), ensure_ascii=False)
    written = prose or value.strip().count(" ") > 1
    return value + MARK if value and written and not _is_code(value) else value


def _is_code(value: str) -> bool:
    return bool(re.fullmatch(r"[\d\s.:,+TZ-]+", value)) or value.startswith(("sha", "pbkdf2"))


def _within(held: Any) -> Any:
    if isinstance(held, dict):
        return {key: _inner(value, prose=bool(_PROSE.match(key))) for key, value in held.items()}
    if isinstance(held, list):
        return [_inner(value, prose=False) for value in held]
    return held


def _inner(value: Any, *, prose: bool) -> Any:
    return _planted(value, prose=prose) if isinstance(value, str) else _within(value)


def plant(here: Path) -> int:
    """Plant in the store and in district.toml; how many cells."""
    count = 0
    with closing(sqlite3.connect(here / "store.sqlite3")) as store:
        for (name,) in store.execute(
            "SELECT name FROM sqlite_master WHERE type = 'trigger'"
        ).fetchall():
            store.execute(f'DROP TRIGGER "{name}"')
        known = store.execute("SELECT name, sql FROM sqlite_master WHERE type = 'table'").fetchall()
        # Those without rowid hold keys and numbers.
        tables = [name for name, sql in known if "without rowid" not in sql.lower()]
        for table in tables:
            if not any(table.startswith(kept) for kept in _KEPT):
                count += _plant_table(store, table)
        store.commit()
    text = (here / "district.toml").read_text(encoding="utf-8")
    escaped = MARK.replace('"', '\\"')
    text, more = re.subn(
        r'^(name|about) = "([^"\n]+)"$',
        lambda m: f'{m[1]} = "{m[2]}{escaped}"',
        text,
        flags=re.MULTILINE,
    )
    (here / "district.toml").write_text(text, encoding="utf-8")
    return count + more


def _plant_table(store: sqlite3.Connection, table: str) -> int:
    columns = [(row[1], row[2].lower()) for row in store.execute(f'PRAGMA table_info("{table}")')]
    count = 0
    for column, kind in columns:
        if not kind.startswith(("varchar", "text")):
            continue
        for rowid, value in store.execute(
            f'SELECT rowid, "{column}" FROM "{table}" WHERE typeof("{column}") = \'text\''
            f" AND \"{column}\" <> '' LIMIT 20000"
        ).fetchall():
            new = _planted(value, prose=bool(_PROSE.match(column)))
            if new != value:
                with suppress(sqlite3.IntegrityError):
                    store.execute(
                        f'UPDATE "{table}" SET "{column}" = ? WHERE rowid = ?', [new, rowid]
                    )
                    count += 1
    return count


def crawl(most: int) -> tuple[dict[str, Any], Counter[str], dict[str, int]]:
    """Let everybody of the demo read from link to link; holes by address, and what was read."""
    from django.contrib.auth import get_user_model
    from django.test import Client
    from django.urls import Resolver404, resolve

    from onesystem.demo.signins import SIGN_INS

    seeds = ["/", "/people/?q=a", *_indexes()]
    random.seed(1)
    holes: dict[str, Any] = {}
    read: Counter[str] = Counter()
    faults: dict[str, int] = {}
    for sign_in in SIGN_INS:
        client = Client(raise_request_exception=False)
        client.force_login(
            get_user_model().objects.get(username=sign_in.username),
            "django.contrib.auth.backends.ModelBackend",
        )
        queue, seen, views = (
            deque([*seeds[:2], *random.sample(seeds, len(seeds))]),
            set(),
            Counter(),
        )
        while queue and sum(views.values()) < most / len(SIGN_INS):
            address = queue.popleft()
            path = urlsplit(address).path
            try:
                view = resolve(path).view_name
            except Resolver404:
                continue
            if address in seen or views[view] >= 3 or "logout" in path:
                continue
            if read[view] >= 8 and address != "/":  # others have read enough of these
                continue
            seen.add(address)
            views[view] += 1
            answer = _opened(client, address, path)
            read[view] += 1
            if answer.status_code >= 500:
                faults[address] = answer.status_code
            if answer.streaming or not answer.get("Content-Type", "").startswith(
                ("text/html", "image/svg")
            ):
                continue
            found, links = holes_of(answer.content.decode("utf-8", "replace"))
            if found:
                holes.setdefault(view, (address, sign_in.username, found[:3]))
            queue += [
                urljoin(address, link).split("#")[0] for link in links if not urlsplit(link).netloc
            ]
    return holes, read, faults


def _indexes(patterns: Any = None, before: str = "/") -> list[str]:
    """Every address that takes nothing: where a reader can begin."""
    from django.urls import URLResolver, get_resolver

    found = []
    for each in get_resolver().url_patterns if patterns is None else patterns:
        at = before + str(each.pattern)
        if isinstance(each, URLResolver):
            found += _indexes(each.url_patterns, at)
        elif "<" not in at and "^" not in at:
            found.append(at)
    return found


def _opened(client: Any, address: str, path: str) -> Any:
    """A page; of a person, after the purpose was said."""
    answer = client.get(address, follow=False)
    if (person := re.search(r"/(\d+)/", path)) and b'name="purpose"' in getattr(
        answer, "content", b""
    ):
        choice = re.search(
            rb'name="purpose"[^>]*value="([^"]+)"|<option value="([^"]+)"', answer.content
        )
        purpose = next(filter(None, choice.groups()), b"").decode() if choice else "direct care"
        client.post(
            f"/purpose/{person[1]}/", {"purpose": purpose, "reason": "planting", "to": path}
        )
        answer = client.get(address)
    return answer


def main() -> int:
    """Plant, read, tell."""
    asked = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    asked.add_argument("district", type=Path)
    asked.add_argument("--pages", type=int, default=1500)
    asked.add_argument("--json", type=Path)
    asked = asked.parse_args()
    warnings.simplefilter("ignore")
    logging.disable(logging.CRITICAL)
    with tempfile.TemporaryDirectory(prefix="plant-") as folder:
        here = Path(folder) / "district"
        shutil.copytree(asked.district, here)
        os.environ["ONESYSTEM_DISTRICT"] = str(here)
        os.environ["DJANGO_SETTINGS_MODULE"] = "onesystem.web.settings"
        os.environ["ONESYSTEM_HOSTS"] = "testserver,localhost"
        from onesystem.wiring import open_district

        count = plant(here)
        open_district()
        holes, read, faults = crawl(asked.pages)
    kinds = f"{sum(read.values()):,} pages of {len(read)} kinds"
    told = [f"planted in {count:,} cells; {kinds} were read"]
    told += [f"HOLE   {v}: {at} as {who}: {w}" for v, (at, who, w) in sorted(holes.items())]
    told += [f"FAULT  {address}: {status}" for address, status in faults.items()]
    told.append(f"holes: {len(holes)}; pages that failed: {len(faults)}")
    sys.stdout.write("\n".join(told) + "\n")
    if asked.json:
        asked.json.write_text(
            json.dumps({"holes": holes, "read": read, "faults": faults}, indent=1)
        )
    return 1 if holes else 0


if __name__ == "__main__":
    sys.exit(main())
