"""What the frame says of every page is not a page's own to say: the frame's word would win."""

import ast
from pathlib import Path

import onesystem
from onesystem.web import frame

ROOM = Path(onesystem.__file__).parent
PAGES = sorted(ROOM.rglob("*pages.py"))


def told_by_the_frame():
    """The names that the frame gives to every template."""
    tree = ast.parse(Path(frame.__file__).read_text(encoding="utf-8"))
    (told,) = [each for each in tree.body if getattr(each, "name", "") == "frame"]
    return keys(told)


def keys(tree):
    """The names of a context: keys of dictionaries, and what is handed to a `_show` by name."""
    found = set()
    sessions = {
        each.value
        for each in ast.walk(tree)
        if isinstance(each, ast.Assign) and isinstance(each.targets[0], ast.Subscript)
    }
    for each in ast.walk(tree):
        if isinstance(each, ast.Dict) and each not in sessions:
            found |= {key.value for key in each.keys if isinstance(key, ast.Constant)}
        elif isinstance(each, ast.Call) and getattr(each.func, "id", "").startswith("_show"):
            found |= {keyword.arg for keyword in each.keywords}
    return found


def test_no_page_says_what_the_frame_says():
    """A page's list of broken glass stayed empty, since `glass` is the frame's own."""
    names = told_by_the_frame()
    assert {"glass", "opened", "nav"} <= names
    assert len(PAGES) > 5
    taken = {
        f"{page.relative_to(ROOM)}: {name}"
        for page in PAGES
        for name in keys(ast.parse(page.read_text(encoding="utf-8"))) & names
    }
    assert taken == set()
