"""Small numbers: what is hidden, what is moved, and what two shown numbers give away."""

from hypothesis import given
from hypothesis import strategies as st

from onesystem.flow.measures.standard import ESP_2013, direct, indirect
from onesystem.flow.measures.suppression import BASE, moved, shown


def see(numerator, denominator, people, **more):
    said = {"key": "k", "below": 5, "counts": True, "over": True} | more
    return shown(numerator, denominator, people, **said)


class TestHiding:
    def test_a_few_people_are_hidden(self):
        assert see(2, 40, 30).hidden
        assert see(0, 4, 4).hidden

    def test_all_but_a_few_are_hidden_too(self):
        """38 of 40 says who the other two are as well as 2 of 40 would."""
        assert see(38, 40, 30).hidden

    def test_nothing_is_told(self):
        assert not see(0, 40, 30).hidden
        assert not see(0, 0, 0).hidden

    @given(st.integers(0, 10_000), st.text(max_size=9))
    def test_a_count_moves_to_a_neighbour_and_stays_there(self, count, key):
        once = moved(count, key)
        assert once % BASE == 0
        assert abs(once - count) < BASE
        assert once == moved(count, key)

    @given(st.integers(20, 400), st.integers(20, 400), st.integers(0, 99))
    def test_a_total_less_its_parts_gives_no_exact_count(self, a, b, seed):
        """The hidden part is known only to within what chance may have moved."""
        total, part = moved(a + b, f"all{seed}"), moved(a, f"part{seed}")
        assert abs((total - part) - b) < 2 * BASE

    def test_chance_has_no_side(self):
        """Over many cells the moved numbers sum to what they were, within a small part."""
        total = sum(moved(10, f"cell {i}") for i in range(3_000))
        assert abs(total - 30_000) < 300


class TestStandards:
    """The worked example of the national care-shift tracker: reference 80, 10 and 10 of 100."""

    PEOPLE = {0: 400_000, 65: 60_000, 75: 40_000}
    EVENTS = {0: 8_000, 65: 6_000, 75: 10_000}

    def test_direct(self):
        rate = direct(self.EVENTS, self.PEOPLE, {0: 80, 65: 10, 75: 10})
        assert round(rate * 1000, 1) == 51.0

    def test_indirect(self):
        rates = {0: 0.022, 65: 0.11, 75: 0.30}
        standard = sum(rates[b] * w for b, w in {0: 0.8, 65: 0.1, 75: 0.1}.items())
        rate = indirect(24_000, self.PEOPLE, rates, standard)
        assert round(24_000 / 27_400, 3) == 0.876
        assert round(rate * 1000, 1) == 51.3

    def test_the_standard_population_is_whole(self):
        assert sum(ESP_2013.values()) == 100_000
