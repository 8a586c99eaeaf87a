"""Whoever follows a link in the documents arrives somewhere."""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
DOCUMENTS = [*ROOT.glob("*.md"), *sorted((ROOT / "docs").rglob("*.md"))]
CODE = re.compile(r"^```.*?^```|`[^`\n]*`", re.DOTALL | re.MULTILINE)
LINK = re.compile(r"\]\(([^()\s]+)\)")


def links(document):
    """The files and headings of ours that a document leads to."""
    text = CODE.sub("", document.read_text(encoding="utf-8"))
    return [link for link in LINK.findall(text) if "://" not in link and ":" not in link]


def anchors(document):
    """What the headings of a document are called in an address."""
    text = CODE.sub("", document.read_text(encoding="utf-8"))
    heads = re.findall(r"^#+ (.+)$", text, re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", head).strip().lower().replace(" ", "-") for head in heads}


def dead(document):
    for link in links(document):
        path, _, heading = link.partition("#")
        target = (document.parent / path).resolve() if path else document
        if not target.exists() or (heading and heading not in anchors(target)):
            yield link


def test_no_link_is_dead():
    assert [(doc.name, link) for doc in DOCUMENTS for link in dead(doc)] == []


def test_a_dead_link_is_found(tmp_path):
    page = tmp_path / "page.md"
    page.write_text("# A head\n[](nowhere.md) [here](#a-head) [](page.md#tail)", encoding="utf-8")
    assert list(dead(page)) == ["nowhere.md", "page.md#tail"]
