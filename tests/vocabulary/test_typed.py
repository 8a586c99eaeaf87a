"""Numbers that forms and addresses hold: whatever was typed, one of the store, or none."""

import re
from fractions import Fraction
from pathlib import Path

import pytest

import onesystem
from onesystem.vocabulary import typed
from onesystem.vocabulary.typed import fraction_of, ticked, whole_or

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
    every = list(source.rglob("*.py"))
    assert len(every) > 900
    assert not [str(path) for path in every if own.search(path.read_text(encoding="utf-8"))]


@pytest.mark.parametrize("text", ["0.6", "3/5", "60/100", " +.6 ", "6e-1", "0.60000"])
def test_a_number_is_exactly_what_was_written(text):
    assert fraction_of(text) == Fraction(3, 5)


@pytest.mark.parametrize(
    "text",
    ["", "x", "1/0", "1e999999999", "1e-999999999", "nan", "inf", "\u0663", "9" * 5000],
)
def test_what_would_take_all_memory_is_no_number(text):
    """To write out `1e999999999` takes a billion digits: one field of a form stopped a process."""
    with pytest.raises(ValueError, match=r"is no number|divides by nought"):
        fraction_of(text)


def test_no_typed_text_goes_to_fraction_by_itself():
    """Where pages read what somebody typed."""
    own = re.compile(r"\bFraction\((?:text|said|str\(|row\[|value\))")
    source = Path(onesystem.__file__).parent
    names = ("pages.py", "editing.py", "forms.py", "typed.py", "trying.py")
    wrong = [
        f"{path.name}: {line.strip()}"
        for path in sorted(set(source.rglob("*.py")) - {Path(typed.__file__)})
        if path.name.endswith(names)
        for line in path.read_text(encoding="utf-8").splitlines() if own.search(line)
    ]  # fmt: skip
    assert not wrong
