"""The synthetic people: nobody real, and as many of each age as there are."""

import numpy as np
import pytest

from onesystem.demo import keeping
from onesystem.demo.frames import frame
from onesystem.demo.numbers import numbers
from onesystem.demo.people import inward_code
from onesystem.demo.progress import Made
from onesystem.demo.registers import slip
from onesystem.vocabulary.identifiers import passes_nhi, passes_nhs


def test_nhs_numbers_are_of_the_test_range_and_pass():
    made = numbers("nhs", 20_000, np.random.default_rng(1)).tolist()
    assert len(set(made)) == 20_000
    assert all(passes_nhs(n) and n.startswith("999") for n in made)


def test_the_test_range_ends():
    """909,091 of a million pass; who comes after has none."""
    made = numbers("nhs", 950_000, np.random.default_rng(1))
    assert 908_000 < np.count_nonzero(made != "") < 910_000


def test_nhis_are_of_the_test_range_and_pass():
    made = numbers("nhi", 560_000, np.random.default_rng(1)).tolist()
    assert len(set(made)) == 560_000
    some = made[:5000] + made[-5000:]
    assert all(passes_nhi(n) and n.startswith("Z") for n in some)


def test_ages_are_those_of_the_areas(imagined):
    here, people = frame("norfolk-waveney"), imagined.world.people
    ages = np.minimum(people.age(keeping.today_of(imagined.made).toordinal() - 719163), 90)
    expected = here.areas.counts.sum(axis=0) / here.areas.people
    for first, last in ((0, 18), (18, 65), (65, 91)):
        share = ((ages >= first) & (ages < last)).mean()
        assert share == pytest.approx(expected[first:last].sum(), abs=0.025)


def test_children_live_with_an_adult(imagined):
    people = imagined.world.people
    age = people.age(keeping.today_of(imagined.made).toordinal() - 719163)
    oldest = np.zeros(int(people.household.max()) + 1)
    np.maximum.at(oldest, people.household, age)
    assert (oldest >= 17).all()


def test_the_same_seed_makes_the_same_people():
    one, again, other = (
        keeping.fresh(Made("canterbury", 800, 1, seed, 1_790_000_000)).people for seed in (1, 1, 2)
    )
    assert (one.number == again.number).all()
    assert (one.surname == again.surname).all()
    assert (one.number != other.number).any()


def test_no_real_postcode_ends_like_ours():
    """The second half never holds C, I, K, M, O or V (Royal Mail); ours holds nothing else."""
    assert all(set(code[1:]) <= set("CIKMOV") for code in inward_code(np.arange(360)).tolist())


def test_a_slip_of_the_pen_is_small():
    for which in range(40):
        assert abs(len(slip("Waveneyholme", which)) - len("Waveneyholme")) <= 1
    assert slip("Łąkowska", 3) == "Lakowska"
    assert slip("Ada", 1) == "Ada"
