"""Numbers that forms and addresses hold: whatever was typed, one of the store, or none."""

import re
from pathlib import Path

import pytest

import onesystem
from onesystem.vocabulary.typed import ticked, whole_or

# A raised two and Arabic digits pass for digits in Python; forms hold neither.
NONE_OF_THEM = ["", "-1", "+1", " 1", "1.0", "1e3", "\u00b2", "\u0663", "9" * 19, "9" * 5000, None]


@pytest.mark.parametrize("text", NONE_OF_THEM)
def test_what_is_no_whole_number_is_taken_otherwise(text):
    assert whole_or(text, -7) == -7
    assert whole_or(text, None) is None


def test_a_whole_number_is_read():
    assert whole_or("0", 5) == 0
    assert whole_or("0012", 5) == 12
    assert whole_or(str(2**63 - 1), 5) == 2**63 - 1  # as ids of contacts may be
    assert whole_or(str(2**63), 5) == 5


def test_boxes_that_were_ticked_have_numbers():
    assert ticked(["7", "-3", "--3", "-", *filter(None, NONE_OF_THEM)]) == [7, -3, -1]


def test_no_page_reads_a_number_by_itself():
    """`int` behind `isdigit` failed on a raised two, and on more digits than a store holds."""
    own = re.compile(r"int\((\w+)\) if [^\n]*\b\1\.is(digit|decimal)\(\)")
    source = Path(onesystem.__file__).parent
    pages = [path for path in source.rglob("*.py") if path.name.endswith(("pages.py", "asking.py"))]
    assert len(pages) > 100
    assert not [str(path) for path in pages if own.search(path.read_text(encoding="utf-8"))]
