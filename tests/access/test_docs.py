"""The page on roles is made from the table of rights, and cannot drift from it."""

import os
from datetime import date
from pathlib import Path

from onesystem.access.roles import PURPOSES, RIGHTS, lines_on

PAGE = Path(__file__).resolve().parents[2] / "docs/reference/roles.md"


def page(day=date(2026, 11, 22)):
    """The page as it should be."""
    lines = lines_on(day).values()
    out = [
        "# Roles",
        "",
        "Who may do what. A change is a new dated line of the table in `onesystem.access.roles`;",
        "this page is made from it: `WRITE=1 pytest tests/access/test_docs.py`.",
        "",
    ]
    for line in lines:
        out += [f"## {line.name} (`{line.role}`)", "", f"{line.about}.", ""]
        out += [f"- {words}" for right, words in RIGHTS.items() if right in line.rights]
        if line.purposes:
            opens = [p for p in PURPOSES if p in line.purposes]
            out += ["", f"Opens people for: {', '.join(opens)}."]
        out.append("")
    out += ["## Purposes", ""]
    out += [f"- {purpose}: {about}" for purpose, about in PURPOSES.items()]
    return "\n".join(out) + "\n"


def test_the_page_says_what_the_table_says():
    if os.environ.get("WRITE"):
        PAGE.write_text(page(), encoding="utf-8")
    assert PAGE.read_text(encoding="utf-8") == page()
