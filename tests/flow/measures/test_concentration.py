"""How unevenly people have something: worked by hand, and against every person one by one."""

import math
from collections import defaultdict

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onesystem.flow.measures.concentration import STEPS, gini, top
from onesystem.flow.measures.declaration import read
from onesystem.flow.measures.library import shipped
from onesystem.vocabulary import BadConfig


def sizes(amounts):
    """Amounts of people by size, as cells hold them."""
    found = defaultdict(lambda: (0, 0))
    for each in amounts:
        size = math.floor(math.log2(each) * STEPS)
        found[size] = found[size][0] + each, found[size][1] + 1
    return found


@pytest.mark.parametrize(
    ("amounts", "nothing", "index"),
    [
        ([100, 100, 100, 100], 0, 0.0),
        ([100, 200, 300, 400, 500], 0, 4 / 15),
        ([1_000], 3, 0.75),
        ([100, 300], 2, 0.625),
        ([7], 0, 0.0),
    ],
)
def test_the_index_by_hand(amounts, nothing, index):
    """Sum of (2 rank - people - 1) times what each has, over people times all."""
    assert gini(sizes(amounts), len(amounts) + nothing) == pytest.approx(index)


def test_the_shares_by_hand():
    """Of ten people one has 91 of 100 and nine have 1: the tenth has 91 %, half of it 45.5 %."""
    found = sizes([1] * 9 + [91])
    assert top(found, 10, 0.1) == pytest.approx(0.91)
    assert top(found, 10, 0.05) == pytest.approx(0.455)
    assert top(found, 10, 1.0) == pytest.approx(1.0)


def test_who_has_nothing_counts_and_nobody_has_no_index():
    assert top(sizes([50, 50]), 100, 0.01) == pytest.approx(0.5)
    assert gini({}, 100) is None
    assert top({}, 100, 0.1) is None
    assert gini({}, 0) is None
    assert gini(sizes([5, 5]), 0) == 0.0  # who has something is there, register or not


@given(st.lists(st.integers(1, 10_000_000), min_size=1, max_size=200), st.integers(0, 300))
def test_as_of_every_person_but_for_the_third_digit(amounts, nothing):
    people = sorted([0] * nothing + amounts)
    ranked = sum((2 * rank - len(people) - 1) * each for rank, each in enumerate(people, 1))
    exact = ranked / (len(people) * sum(people))
    assert gini(sizes(amounts), len(people)) == pytest.approx(exact, abs=0.011)
    assert gini(sizes(amounts), len(people)) <= exact + 1e-9
    tenth = len(people) / 10
    whole = int(tenth)
    mine = sum(people[len(people) - whole :]) + (tenth - whole) * people[-1 - whole]
    assert top(sizes(amounts), len(people), 0.1) == pytest.approx(mine / sum(people), rel=0.023)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (('of = "person-year"', 'of = "contact"'), "gini is of people, not of a contact"),
        (('unit = "index"', 'unit = "percent"'), "gini is no percent"),
        (('dimensions = ["practice"', 'dimensions = ["service"'), "not told apart by service"),
    ],
)
def test_a_file_that_asks_for_what_is_not_there(change, said):
    text = shipped()["cost-gini"].text
    with pytest.raises(BadConfig, match=said):
        read(text.replace(*change))
