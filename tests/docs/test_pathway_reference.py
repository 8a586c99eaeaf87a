"""What the reference says of conditions is so: every function is in it, every example compiles."""

import re
from pathlib import Path

from onesystem.care.pathways.conditions import _GIVEN, _KINDS, names_of
from onesystem.care.pathways.document import ACTIONS, ASKS, TYPES, URGENCIES, CodeList, Pathway
from onesystem.care.pathways.helpers import HELPERS
from onesystem.care.pathways.more import MORE
from onesystem.record.views.closures import FUNCTIONS
from onesystem.vocabulary import Code

TEXT = (Path(__file__).resolve().parents[2] / "docs/reference/pathways.md").read_text("utf-8")
NAMES = names_of(
    Pathway(key="p", title="P", lists=(CodeList(key="list", words="L", codes=(Code("s", "1"),)),))
)
OF_VIEWS = {"getResourceKey", "getReferenceKey", "lowBoundary", "highBoundary"}


def test_every_function_is_told():
    for name in HELPERS:
        assert f"{name}(" in TEXT, name
    for name in {*MORE, *FUNCTIONS} - OF_VIEWS:
        assert f"`{name}`" in TEXT, name
    for name in [*_GIVEN, *_KINDS]:
        assert name == "patient" or f"`%{name}`" in TEXT, name


def test_every_word_to_choose_is_told():
    for word in [*ACTIONS, *ASKS, *TYPES, *URGENCIES]:
        assert re.search(rf"\b{word}\b", TEXT), word


def test_every_example_compiles():
    cells = [c for row in re.findall(r"^\| (`.*?) \| [^|]*\|$", TEXT, re.MULTILINE)
             for c in re.findall(r"`([^`]+)`", row) if "(" in c]  # fmt: skip
    [score] = re.findall(r"```\n(.*?)\n```", TEXT, re.DOTALL)
    assert len(cells) > 10
    for example in [*cells, score]:
        plain = example.replace("\\|", "|")  # as a table writes it
        assert NAMES.condition(plain).text == plain
