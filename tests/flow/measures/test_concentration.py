"""How unevenly people have something: worked by hand, and against every person one by one."""

import math
import random
from collections import defaultdict

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onesystem.flow.measures.concentration import STEPS, gini, interval, top
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


def by_hand(people):
    """Gini's index of people one by one."""
    ranked = sum((2 * at - len(people) - 1) * each for at, each in enumerate(sorted(people), 1))
    return ranked / (len(people) * sum(people))


@pytest.mark.parametrize(
    ("amounts", "nothing"),
    [([100, 200, 300, 400, 500], 0), ([100, 100, 800], 2), ([7, 90, 90, 4_000], 5)],
)
def test_the_interval_leaves_each_person_out_in_turn(amounts, nothing):
    people = [0] * nothing + amounts
    without = [by_hand(people[:at] + people[at + 1 :]) for at in range(len(people))]
    mean = sum(without) / len(people)
    spread = sum((each - mean) ** 2 for each in without) * (len(people) - 1) / len(people)
    low, high = interval(sizes(amounts), len(people))
    middle, wide = by_hand(people), 1.959964 * spread**0.5
    assert low == pytest.approx(max(0.0, middle - wide), abs=1e-6)
    assert high == pytest.approx(min(1.0, middle + wide), abs=1e-6)


def test_an_interval_needs_two_who_have_something():
    assert interval({}, 9) is None
    assert interval(sizes([5]), 9) is None
    assert interval(sizes([5, 5]), 2) == pytest.approx((0.0, 0.0))


@given(st.lists(st.integers(1, 1_000_000), min_size=2, max_size=60), st.integers(0, 60))
def test_the_index_lies_within_its_interval(amounts, nothing):
    found, people = sizes(amounts), len(amounts) + nothing
    low, high = interval(found, people)
    assert 0 <= low <= gini(found, people) + 1e-9
    assert gini(found, people) - 1e-9 <= high <= 1


def test_most_intervals_of_drawn_people_hold_the_truth():
    """Of people who have anything up to a limit alike the index is a third."""
    draw = random.Random(4)
    inside, widths = 0, []
    for _ in range(400):
        low, high = interval(sizes(draw.randrange(1, 1_000_000) for _ in range(250)), 250)
        widths.append(high - low)
        inside += low <= 1 / 3 <= high
    assert 0.92 <= inside / 400 <= 0.98
    low, high = interval(sizes(draw.randrange(1, 1_000_000) for _ in range(4_000)), 4_000)
    assert (high - low) * 4 == pytest.approx(sum(widths) / 400, rel=0.1)  # sixteen times the people
