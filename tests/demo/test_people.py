"""The synthetic people: nobody real, and as many of each age as there are."""

import numpy as np
import pytest

from onesystem.demo import keeping
from onesystem.demo.frames import frame
from onesystem.demo.numbers import numbers
from onesystem.demo.people import inward_code
from onesystem.demo.progress import Made
from onesystem.demo.rates import survival
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


def test_the_living_are_as_old_as_those_of_the_areas(imagined):
    """Those who died on the way are further people, not missing ones."""
    here, people = frame("norfolk-waveney"), imagined.world.people
    today = keeping.today_of(imagined.made).toordinal() - 719163
    ages = np.minimum(people.age(today), 90)[people.died > today * 86_400]
    expected = here.areas.counts.sum(axis=0) / here.areas.people
    for first, last, apart in ((0, 18, 0.025), (18, 65, 0.025), (65, 91, 0.025), (85, 91, 0.008)):
        share = ((ages >= first) & (ages < last)).mean()
        assert share == pytest.approx(expected[first:last].sum(), abs=apart)


def test_the_past_takes_more_of_the_old():
    alive = survival(np.array([10, 70, 90]), 3)
    assert alive[0] == pytest.approx(1, abs=0.001)
    assert alive[0] > alive[1] > alive[2] > 0.5
    assert survival(np.array([90]), 0) == 1


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
