"""Small numbers: what is hidden, what is moved, and what two shown numbers give away."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onesystem.flow.measures import library, suppression
from onesystem.flow.measures.standard import ESP_2013, direct, indirect
from onesystem.flow.measures.suppression import BASE, moved, shown


def see(numerator, denominator, people, **more):
    said = {"key": "k", "below": 5, "counts": True, "over": True} | more
    return shown(numerator, denominator, people, **said)


def attacked(seed, rows, columns, *, below=5, nobody=0):
    """Small numbers of a made-up table that subtraction finds, and how many there are.

    Whoever looks knows the rules: what is shown was at most two away, what is hidden is `nobody`
    up to one over the threshold. They narrow each cell by every total, again and again.
    """
    chance = random.Random(seed)
    table = {
        (r, c): int(chance.expovariate(1 / 8)) for r in range(rows) for c in range(columns)
    }  # fmt: skip

    def limits(count, name):
        told = shown(count, count, count, key=f"{seed}", label=f"{seed} {name}", below=below,
                     counts=False, over=True)  # fmt: skip
        if told.hidden:
            return [nobody, below + 1]
        return [0, 0] if not told.people else [max(below, told.people - 2), told.people + 2]

    known = {place: limits(count, place) for place, count in table.items()}
    lines = [[(r, c) for c in range(columns)] for r in range(rows)]
    lines += [[(r, c) for r in range(rows)] for c in range(columns)] if rows > 1 else []
    totals = [limits(sum(table[p] for p in line), f"line {i}") for i, line in enumerate(lines)]
    for _ in range(5):
        for line, (least, most) in zip(lines, totals, strict=True):
            for place in line:
                rest = [known[other] for other in line if other != place]
                low, high = known[place]
                known[place] = [max(low, least - sum(h for _, h in rest)),
                                min(high, most - sum(w for w, _ in rest))]  # fmt: skip
    small = [place for place, count in table.items() if 0 < count < below]
    return sum(known[place][0] == known[place][1] for place in small), len(small)


class TestHiding:
    def test_a_few_people_are_hidden(self):
        assert see(2, 40, 30).hidden
        assert see(0, 4, 4).hidden

    def test_all_but_a_few_are_hidden_too(self):
        """38 of 40 says who the other two are as well as 2 of 40 would."""
        assert see(38, 40, 30).hidden

    def test_nobody_is_told_but_not_always(self):
        """Were it told always, what is hidden would be known to be somebody."""
        for numerator, denominator, people in ((0, 40, 30), (0, 0, 0), (40, 40, 30)):
            hidden = [see(numerator, denominator, people, label=str(i)).hidden for i in range(400)]
            assert 20 < sum(hidden) < 90

    def test_what_is_just_over_the_threshold_is_not_shown_under_it(self):
        assert {see(5, 40, 30, key=str(i), label="open").numerator for i in range(40)} == {6}

    def test_a_mean_of_nights_may_be_above_one(self):
        """Nights are no units: a mean delay of four nights was once shown as one."""
        measure = library.shipped()["discharge-delay"]
        assert not measure.counts_units
        found = see(400, 100, 90, counts=measure.counts_units)
        assert 3.9 < found.numerator / found.denominator < 4.1

    def test_what_is_a_share_counts_its_units(self):
        """Only there may the numerator be held under the denominator."""
        for measure in library.shipped().values():
            if measure.counts_units and not measure.over:
                assert measure.unit == "percent", measure.name

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

    def test_the_same_people_by_another_name_give_the_same_number(self):
        """Asked by service, by place and by organisation, one ward is one ward."""
        told = {see(20, 40, 31, key="district, week", label=name).numerator for name in "abcdef"}
        assert len(told) == 1

    @pytest.mark.parametrize(("rows", "columns"), [(1, 2), (1, 4), (2, 2), (3, 3)])
    def test_no_small_number_follows_from_those_around_it(self, rows, columns):
        """Tables with their totals, and somebody who subtracts wherever it helps."""
        found = [attacked(seed, rows, columns) for seed in range(400)]
        small = sum(of for _, of in found)
        assert small > 100
        assert sum(known for known, _ in found) <= small / 1_000

    def test_the_attack_finds_what_a_weaker_rule_gives_away(self, monkeypatch):
        """Without the empty cells that are hidden too, subtraction does find people."""
        monkeypatch.setattr(suppression, "_HIDDEN_TOO", 0)
        assert sum(attacked(seed, 2, 2, nobody=1)[0] for seed in range(400)) > 0

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
