"""Decision tables: the published cells at each edge, and nothing from what is missing."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onesystem.care.triage import library
from onesystem.care.triage.checking import edges, faults
from onesystem.care.triage.reading import read
from onesystem.care.triage.tables import problems, work_out
from onesystem.vocabulary import BadConfig

NEWS2, CRB, FALL = (library.table(key) for key in ("news2", "crb-65", "fall-at-home"))
WELL = {
    "respiration": 16, "saturation": 97, "scale": "one", "oxygen": False, "systolic": 120,
    "pulse": 70, "consciousness": "alert", "temperature": 37.0,
}  # fmt: skip

# Royal College of Physicians, NEWS2, December 2017, chart 1: each value on both sides of each edge.
CHART = """
respiration    8:3 9:1 11:1 12:0 20:0 21:2 24:2 25:3
systolic       90:3 91:2 100:2 101:1 110:1 111:0 219:0 220:3
pulse          40:3 41:1 50:1 51:0 90:0 91:1 110:1 111:2 130:2 131:3
temperature    35.0:3 35.1:1 36.0:1 36.1:0 38.0:0 38.1:1 39.0:1 39.1:2
"""
CELLS = [
    (name, float(cell.split(":")[0]), int(cell.split(":")[1]))
    for line in CHART.strip().splitlines()
    for name, *cells in [line.split()]
    for cell in cells
]
# Scale, saturation, oxygen and its points, from the same chart.
SATURATION = [
    *[("one", v, o, p) for o in (True, False)
      for v, p in ((91, 3), (92, 2), (93, 2), (94, 1), (95, 1), (96, 0), (100, 0))],
    *[("two", v, o, p) for o in (True, False)
      for v, p in ((83, 3), (84, 2), (85, 2), (86, 1), (87, 1), (88, 0), (92, 0))],
    ("two", 93, False, 0), ("two", 100, False, 0),
    ("two", 93, True, 1), ("two", 94, True, 1), ("two", 95, True, 2), ("two", 96, True, 2),
    ("two", 97, True, 3), ("two", 100, True, 3),
]  # fmt: skip


class TestNews2:
    """The chart cell by cell, and what a total means."""

    @pytest.mark.parametrize(("name", "value", "points"), CELLS)
    def test_a_cell(self, name, value, points):
        assert work_out(NEWS2, WELL | {name: value}).points[name] == points

    @pytest.mark.parametrize(("scale", "value", "oxygen", "points"), SATURATION)
    def test_saturation(self, scale, value, oxygen, points):
        told = WELL | {"scale": scale, "saturation": value, "oxygen": oxygen}
        assert work_out(NEWS2, told).points["saturation"] == points

    @pytest.mark.parametrize("word", ["confused", "voice", "pain", "none"])
    def test_consciousness(self, word):
        result = work_out(NEWS2, WELL | {"consciousness": word})
        assert (result.total, result.band.words) == (3, "Low to medium: one value scores 3")

    @pytest.mark.parametrize(
        ("more", "total", "words"),
        [
            ({}, 0, "Low"),
            ({"oxygen": True}, 2, "Low"),
            ({"oxygen": True, "pulse": 111}, 4, "Low"),
            ({"oxygen": True, "pulse": 131}, 5, "Medium"),
            ({"pulse": 131}, 3, "Low to medium: one value scores 3"),
            ({"oxygen": True, "pulse": 131, "temperature": 39.0}, 6, "Medium"),
            ({"oxygen": True, "pulse": 131, "temperature": 39.1}, 7, "High"),
            ({"oxygen": True, "pulse": 131, "systolic": 90, "respiration": 25,
              "consciousness": "none", "temperature": 35.0, "saturation": 80}, 20, "High"),
        ],
    )  # fmt: skip
    def test_a_total(self, more, total, words):
        result = work_out(NEWS2, WELL | more)
        assert (result.total, result.band.words) == (total, words)

    @pytest.mark.parametrize("name", sorted(WELL))
    def test_one_missing_value_gives_no_score(self, name):
        result = work_out(NEWS2, WELL | {name: None})
        assert (result.total, result.band, result.missing) == (None, None, (name,))

    def test_what_is_sure_already_is_said(self):
        result = work_out(NEWS2, {"pulse": 131, "systolic": 80, "respiration": 30})
        assert result.total is None
        assert result.sure.words == "High"
        assert work_out(NEWS2, {"pulse": 70}).sure is None

    @pytest.mark.parametrize(
        ("name", "value", "said"),
        [("pulse", 3, "between 10 and 300"), ("pulse", "fast", "in figures"),
         ("scale", "three", "one of Scale 1"), ("oxygen", "yes", "yes or no"),
         ("mood", 1, "not asked")],
    )  # fmt: skip
    def test_what_cannot_be_is_refused(self, name, value, said):
        assert said in problems(NEWS2, WELL | {name: value})[name]
        with pytest.raises(ValueError, match=said):
            work_out(NEWS2, WELL | {name: value})


@pytest.mark.parametrize(
    ("age", "so"), [(15, False), (16, True), (90, True), (None, True), (0, False)]
)
def test_whom_it_is_for(age, so):
    assert NEWS2.is_for(age) is so
    assert NEWS2.ages == "people of 16 years and more"
    assert FALL.is_for(age)


# Lim and others 2003: one point each.
CRB_CASES = [
    ({}, 0, "Low risk: 0"), ({"age": 65}, 1, "Intermediate risk: 1 or 2"),
    ({"respiration": 30}, 1, "Intermediate risk: 1 or 2"), ({"respiration": 29}, 0, "Low risk: 0"),
    ({"systolic": 89}, 1, "Intermediate risk: 1 or 2"), ({"systolic": 90}, 0, "Low risk: 0"),
    ({"diastolic": 60}, 1, "Intermediate risk: 1 or 2"), ({"diastolic": 61}, 0, "Low risk: 0"),
    ({"systolic": 80, "diastolic": 50}, 1, "Intermediate risk: 1 or 2"),
    ({"confusion": True, "age": 80}, 2, "Intermediate risk: 1 or 2"),
    ({"confusion": True, "age": 80, "respiration": 30}, 3, "High risk: 3 or 4"),
    ({"confusion": True, "age": 80, "respiration": 30, "systolic": 70}, 4, "High risk: 3 or 4"),
]  # fmt: skip


@pytest.mark.parametrize(("more", "total", "words"), CRB_CASES)
def test_crb_65(more, total, words):
    told = {"confusion": False, "respiration": 18, "systolic": 120, "diastolic": 80, "age": 40}
    result = work_out(CRB, told | more)
    assert (result.total, result.band.words) == (total, words)


def drawn(table):
    """Whatever may be typed into a table, with holes."""

    def one(each):
        if each.kind == "yes-no":
            return st.booleans()
        if each.kind == "choice":
            return st.sampled_from([code for code, _ in each.options])
        return st.floats(each.least, each.most, allow_nan=False)

    return st.fixed_dictionaries({each.name: st.none() | one(each) for each in table.inputs})


@pytest.mark.parametrize("table", [NEWS2, CRB, FALL], ids=lambda t: t.key)
def test_more_known_never_lowers_what_was_sure(table):
    rank = {band.words: n for n, band in enumerate(table.bands)}

    @given(drawn(table), drawn(table))
    def holds(some, more):
        first = work_out(table, some)
        filled = {k: v if v is not None else more[k] for k, v in some.items()}
        later = work_out(table, filled)
        if later.missing:
            return
        assert later.total == sum(later.points.values())
        assert later.band is not None
        if first.sure:
            assert rank[later.band.words] <= rank[first.sure.words]
        if first.missing:
            assert first.total is first.band is None

    holds()


class TestLibrary:
    """What is shipped can be used, says where it comes from, and holds nothing that is licensed."""

    @pytest.mark.parametrize("table", library.tables(), ids=lambda t: t.key)
    def test_every_table_is_whole(self, table):
        assert faults(table) == []
        assert table.source

    def test_nothing_of_manchester_or_jrcalc(self):
        for path in Path(library.__file__).parent.glob("*.toml"):
            text = path.read_text(encoding="utf-8").lower()
            assert not any(word in text for word in ("manchester", "jrcalc", "frailty scale"))

    def test_edges_are_both_sides(self):
        conditions = [c for case in NEWS2.items[0].cases for c in case.when]
        assert {8, 9, 11, 12} <= set(edges(NEWS2.input("respiration"), conditions))


GOOD = """
key = "t"
title = "T"
source = "own, 2026"
[[input]]
name = "a"
words = "A"
least = 0
most = 10
[[item]]
name = "a"
words = "A"
cases = [{ points = 2, when = ["a >= 5"] }, { points = 1, when = ["a >= 3"] }]
[[band]]
least = 2
words = "much"
[[band]]
least = 0
words = "little"
"""


class TestReading:
    """A mistake is named with its place and its cure; nobody sees a traceback."""

    def test_a_good_one(self):
        assert work_out(read(GOOD), {"a": 4}).total == 1

    @pytest.mark.parametrize(
        ("this", "by", "said"),
        [
            ('key = "t"', "key = t", "not TOML"),
            ('key = "t"', "", "no key"),
            ('source = "own, 2026"', "", "does not say its source"),
            ("a >= 5", "a ? 5", "is no condition"),
            ("a >= 5", "b >= 5", "there is no input 'b'"),
            ("a >= 5", "a >= tall", "a is a number"),
            ("a >= 5", "a >= 3", "case 2 of item 'a' (a >= 3) is never met"),
            ("least = 2", "lest = 2", "least"),
            ("points = 2", 'points = "2"', "a whole number"),
            ('words = "much"', "", "band 1 has no words"),
            ("[[band]]\nleast = 0", "[[band]]\nleast = 1", "a total of 0 has no band"),
            ("least = 2", "least = -1", "not in order"),
            ("[[input]]", "[input]", "is one thing"),
            ("most = 10", "most = 0", "has no range"),
            ("most = 10", 'most = 10\nkind = "size"', "kind 'size'"),
            ('key = "t"', 'key = "Our table/x"', "cannot stand in an address"),
            ('key = "t"', 'key = "t"\nsince = "soon"', "since cannot be 'soon'"),
            ('key = "t"', 'key = "t"\nsince = 2026-02-01\nuntil = 2026-01-01', "ends before"),
            ('key = "t"', 'key = "t"\nexample = "no"', "example cannot be 'no'"),
            ("most = 10", 'most = "ten"', "most cannot be 'ten'"),
            ("most = 10", "most = 10\nstep = 0", "steps of 0"),
            ('words = "much"', "words = 5", "words cannot be 5"),
            ('words = "much"', 'words = "much"\nkind = "pink"', "of kind 'pink'"),
            ('words = "much"', 'words = "much"\noutcome = "fly"', "proposes 'fly'"),
            ('words = "A"\nleast', 'words = "A"\ncode = ""\nlesat = 1\nleast', "least"),
        ],
    )
    def test_a_mistake(self, this, by, said):
        assert this in GOOD
        with pytest.raises(BadConfig) as told:
            read(GOOD.replace(this, by, 1))
        assert said in str(told.value)
        assert told.value.cure
