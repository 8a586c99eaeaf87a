"""Growth outside the hospital, growth in real terms, and pressure of costs."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onesystem.budget.funds.shift import envelope, pressure, shift, split_growth
from onesystem.vocabulary import BadConfig


def test_growth_that_goes_outside_the_hospital_shows_in_the_index():
    """Nuffield on Canterbury: increases outside the hospital, growth of the hospital restrained."""
    found = shift(
        [("ward", 600, 606), ("ED", 200, 202), ("community", 150, 180), ("meals", 50, 56)]
    )
    assert found.hospital_growth == Fraction(1, 100)
    assert found.community_growth == Fraction(36, 200)
    assert found.index == Fraction(17, 100)
    assert (found.share_before, found.outside) == (Fraction(1, 5), Fraction(36, 44))


def test_where_nothing_was_spent_or_nothing_grew_nothing_is_said():
    found = shift([("ward", 100, 90)])
    assert (found.community_growth, found.index, found.outside) == (None, None, None)
    assert shift([]).share_before is None


def test_a_budget_grows_in_real_terms_and_in_prices():
    """Canterbury grew by 3 to 6 per cent a year in real terms (Nuffield); prices by 2 here."""
    years = envelope(1_000_000, [Fraction(3, 100), Fraction(6, 100)], [Fraction(2, 100)] * 2)
    assert [(y.year, y.real, y.cash) for y in years] == [
        (0, 1_000_000, 1_000_000), (1, 1_030_000, 1_050_600), (2, 1_091_800, 1_135_909),
    ]  # fmt: skip
    with pytest.raises(BadConfig, match="2 years of growth and 1 of prices"):
        envelope(1, [Fraction(0)] * 2, [Fraction(0)])


def test_four_per_cent_a_year_is_twenty_added_and_21_67_compounded():
    """The seed adds "these 4% challenges all together" to "a 20% cost pressure over 5 years"."""
    found = pressure(100_000_000, Fraction(5, 100), Fraction(1, 100), 5)
    assert found.added == Fraction(20, 100)
    assert round(float(found.compounded), 4) == 0.2167
    assert found.gap == round(Fraction(100_000_000) * (Fraction(105**5 - 101**5, 100**5)))


@given(st.integers(0, 10**12), st.integers(0, 10**12), st.fractions(0, 1))
def test_a_years_growth_is_split_to_the_penny(before, after, outside):
    assert sum(split_growth(before, after, outside)) == after - before


def test_more_than_all_of_the_growth_cannot_go_outside():
    with pytest.raises(BadConfig, match="no share"):
        split_growth(0, 1, Fraction(3, 2))
