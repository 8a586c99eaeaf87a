"""People that somebody brings: what is read, and each fault with its file, line and cure."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from onesystem.plan.areas import own
from onesystem.plan.case.building import case_of
from onesystem.vocabulary import UserError

PEOPLE = """area,age,sex,people
E01026782,0,female,200
E01026782,65,female,120
E01026782,0,male,210
E01026782,65,male,100
"""


def brought(people=PEOPLE, country="United Kingdom", **files):
    texts = {f"{name}.csv": text for name, text in files.items()} | {"people.csv": people}
    return own.Brought(
        code="own-here", name="Here", country=country, year=2024, source="The council", files=texts
    )


def test_bands_become_single_ages_and_sum_to_what_was_brought():
    now = own.read(brought())
    assert now.total == pytest.approx(630)
    assert now.ages[0, 65:].sum() == pytest.approx(120)
    assert now.counts.shape == (1, 2, 19)
    assert now.decile[0] > 0  # the English small area's own


def test_both_sexes_may_come_together():
    now = own.read(brought("area,age,people\nx,0-64,1000\nx,65+,300\n"))
    assert now.total == pytest.approx(1300)
    assert now.ages[0, 65:].sum() > now.ages[1, 65:].sum()  # women live longer
    assert now.decile[0] == 0


def test_small_areas_of_either_year_are_known():
    """E01034473 is a part of E01000010 since 2021: its deprivation is that of the older area."""
    now = own.read(brought("area,age,people\nE01034473,0,1000\nE01000001,0,900\n"))
    assert (now.decile > 0).all()


def test_what_the_district_knows_of_itself_takes_the_place_of_what_is_published():
    figures = "figure,value\nattendances,90000\n"
    trusts = "trust,share,beds,occupied\nRM1,0.5,1000,960\nRGP,1,300,280\n"
    known = own.read(brought(figures=figures, trusts=trusts)).known
    assert (known.attendances, known.beds, known.occupied) == (90_000, 800, 760)


@settings(max_examples=15)
@given(
    st.dictionaries(st.integers(0, 100), st.integers(0, 10**6), min_size=1, max_size=8),
    st.dictionaries(st.sampled_from(("beds", "attendances", "waiting")), st.integers(0, 10**6)),
)
def test_whoever_lives_there_has_a_case_without_nonsense(ages, told):
    """Only children, only the old, nobody at all of an age: every figure is a number."""
    people = "area,age,people\nx,0,1\n" + "".join(
        f"x,{age},{count}\n" for age, count in ages.items() if age
    )
    figures = "figure,value\n" + "".join(f"{k},{v}\n" for k, v in told.items())
    files = {"figures": figures} if told else {}
    case = case_of(own.read(brought(people, **files)), years=3, draws=4)
    for each in case.figures.values():
        assert np.isfinite(each.values.astype(float)).all(), each.key
        assert (each.values >= 0).all(), each.key


MERGED = "trust,share,beds\nRAJ,1,1000\nRQ8,1,400\n"  # Mid Essex is a part of RAJ since 2020


@pytest.mark.parametrize(
    ("files", "words"),
    [
        ({"people": ""}, "people.csv is not there"),
        ({"people": "area,people\nx,1\n"}, "no column age"),
        ({"people": "area,age,people\n"}, "0 lines"),
        ({"people": "area,age,people\nx,-1,5\n"}, "line 2: the age -1"),
        ({"people": "area,age,people\nx,0,many\n"}, "line 2: people 'many'"),
        ({"people": "area,age,people\nx,0,-4\n"}, "Give a number of zero or more"),
        ({"people": "area,age,people\nx,0,nan\n"}, "line 2: people 'nan'"),
        ({"people": "area,age,people\nx,130,4\n"}, "Give 0 to 100"),
        ({"people": "area,age,sex,people\nx,0,unknown,4\n"}, "Give female or male"),
        ({"people": "area,age,people\nx,0,4\nx,0,5\n"}, "a second time"),
        ({"people": "area,age,people\nx,0,\n"}, "line 2: no people"),
        ({"people": "area,age,people\nE01999999,0,4\n"}, "neither 2011 nor 2021"),
        ({"people": "area,age,people\nE01000010,0,9\nE01034473,0,4\n"}, "counted twice"),
        ({"people": "area,age,sex,people\nx,0,male,4\n"}, "nobody of one sex"),
        ({"areas": "area,deprivation\nE01026782,11\n"}, "a deprivation of 11"),
        ({"figures": "figure,value\nbedz,4\n"}, "Did you mean 'beds'"),
        ({"trusts": MERGED}, "RQ8 has been a part of RAJ"),
        ({"trusts": "trust,share,beds\nRM1,87,1000\n"}, "0.87 for 87 %"),
        ({"trusts": "trust,share\nRM1,1\nRM1,1\n"}, "a second time"),
        ({"country": "France"}, "no rates are known"),
    ],
)
def test_what_is_wrong_is_named_with_its_cure(files, words):
    with pytest.raises(UserError) as raised:
        own.read(brought(**files))
    assert words in str(raised.value)
    assert raised.value.cure
