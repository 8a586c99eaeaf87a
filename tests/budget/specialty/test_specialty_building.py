"""A specialty's budget from the base up: pay by published scales, used and unused, old prices."""

import os
from dataclasses import replace
from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some
from specialty_built import skin

from onesystem.budget.specialty import building, codec
from onesystem.budget.specialty.checks import problems
from onesystem.budget.specialty.pay import Award, NoScale, pay
from onesystem.budget.specialty.shape import Item, Post, Step, Work

MANY = settings(max_examples=int(os.environ.get("ONESYSTEM_EXAMPLES", "200")))
APRIL = date(2025, 4, 1)


def basic(grade, point="entry", on=APRIL):
    """Basic pay of a full-time post, in pounds."""
    return pay(grade, point, Fraction(1), on).lines[0].amount / 100


class TestPublishedPay:
    @pytest.mark.parametrize(
        ("grade", "after"),
        [("f1", 38830.64), ("f2", 44438.32), ("st1", 52655.36), ("st3", 65048), ("st6", 73992)],
    )
    def test_resident_doctors_after_the_award(self, grade, after):
        """HCSA's table "Pay after award" of 2025/26; scales are in whole pounds, rounded up."""
        assert basic(grade) == -(-after // 1)

    @pytest.mark.parametrize(
        ("point", "before"), [("entry", 105504), ("middle", 114894), ("top", 139882)]
    )
    def test_consultants_are_four_per_cent_up(self, point, before):
        """DHSC, 22 May 2025: 4 per cent on the scale of 2024/25, rounded up to whole pounds."""
        assert basic("consultant", point) == -(-before * 104 // 100)

    @pytest.mark.parametrize(("grade", "top"), [("5", 37796), ("6", 46580), ("8a", 62682)])
    def test_agenda_for_change(self, grade, top):
        """NHS Employers' pay scales of 2025/26."""
        assert basic(grade, "top") == top

    def test_on_costs_of_a_nurse(self):
        """15 % above 5,000 and 23.78 % of 37,796: 4,919.40 and 8,987.89 (8,987.8888)."""
        found = pay("5", "top", Fraction(1), APRIL)
        assert {li.rule: li.amount for li in found.lines} == {
            "basic": 37796_00, "pension": 8987_89, "ni": 4919_40,
        }  # fmt: skip

    def test_half_a_post_is_half(self):
        assert pay("6", "entry", Fraction(1, 2), APRIL).lines[0].amount == 38682_00 // 2

    def test_a_date_without_a_scale_names_rate_date_and_cure(self):
        with pytest.raises(NoScale, match=r"no pay scale for '5' is known on 1 April 2026.*award"):
            pay("5", "top", Fraction(1), date(2026, 4, 1))

    def test_an_award_that_is_assumed_says_so(self):
        award = Award(percent=Fraction("2.5"), source="Proposal to the pay review body")
        found = pay("5", "top", Fraction(1), date(2026, 4, 1), award)
        assert found.lines[1].rule == "assumed award"
        assert found.lines[1].amount == 944_90


class TestABudget:
    def test_it_is_its_lines(self):
        built = building.build(skin())
        assert built.total == sum(built.part(part) for part in building.PARTS)
        assert built.part("consumables") == 12_00 * 4200
        assert built.part("overheads") == round(built.part("pay") * 0.25)

    def test_used_and_unused_are_the_posts(self):
        """Two nurses: 2 x 42 weeks x 37.5 h x 60 x 80 % = 151,200 minutes; 4,200 x 10 + 300 x 60
        = 60,000 are used."""
        nurses = next(c for c in building.build(skin()).capacity if c.group == "nurse")
        assert (nurses.minutes, nurses.needed) == (151_200, 60_000)
        assert nurses.used + nurses.unused == nurses.cost
        assert nurses.used == round(Fraction(nurses.cost * 60_000, 151_200))

    def test_more_work_than_there_are_minutes_is_said(self):
        s = skin(posts=(replace(skin().posts[1], hundredths=50),))
        short = {c.group: c.short for c in building.build(s).capacity}
        assert short["nurse"] == 60_000 - 37_800
        assert short["consultant"] == 4200 * 15 + 300 * 40

    def test_what_the_tariff_would_have_paid(self):
        """142.43 for a visit and 1,572.81 for a day case: National Cost Collection 2024/25."""
        assert building.build(skin()).would == 4200 * 142_43 + 300 * 1572_81

    def test_a_work_without_a_unit_cost_is_named_and_not_counted(self):
        s = skin(works=(replace(skin().works[0], tariff=""),))
        [line] = building.build(s).tariff
        assert (line.amount, line.words) == (None, "no unit cost stands in for it")

    def test_released_bed_days_stay_as_elective_work(self):
        """80 of 100 days, half a day each: 160 operations, if the staff have the minutes."""
        s = skin()
        found = building.kept(s, building.build(s))
        assert (found.days, found.fits) == (80, 160)
        assert found.more == 160
        few = skin(posts=(replace(s.posts[0], hundredths=70), s.posts[1]))
        limited = building.kept(few, building.build(few))
        assert limited.limited == "consultant"
        assert limited.more < 160

    def test_it_comes_back_from_json(self):
        assert codec.read(codec.written(skin())) == skin()

    @pytest.mark.parametrize(
        ("change", "what"),
        [
            ({"year": "2031/32"}, "no pay scale for"),
            ({"award": 250}, "says who says so"),
            ({"practical": 0}, "per cent are practical"),
            ({"items": (Item(words="X", kind="consumables", basis="each", amount=1),)},
             "for each piece of no work"),
            ({"posts": (Post(words="", group="nurse", grade="99", point="top", hundredths=1),)},
             "no pay scale has '99'"),
        ],
    )  # fmt: skip
    def test_what_cannot_be(self, change, what):
        assert what in str(problems(skin(**change))[0])


@some.composite
def budgets(draw):
    """Any budget that stands."""
    groups = some.sampled_from(["consultant", "nurse", "admin"])
    steps = some.builds(Step, words=some.just("s"), group=groups, minutes=some.integers(0, 300))
    works = tuple(
        Work(code=f"w{n}", name="w", volume=draw(some.integers(0, 20_000)),
             growth=draw(some.integers(-50, 50)), steps=tuple(draw(some.lists(steps, max_size=4))))
        for n in range(draw(some.integers(1, 4)))
    )  # fmt: skip
    posts = tuple(draw(some.lists(some.builds(
        Post, words=some.just(""), group=groups, grade=some.sampled_from(["2", "5", "consultant"]),
        point=some.sampled_from(["entry", "middle", "top"]), hundredths=some.integers(1, 3000),
    ), max_size=5)))  # fmt: skip
    items = tuple(draw(some.lists(some.builds(
        Item, words=some.just("i"), kind=some.sampled_from(["consumables", "overheads"]),
        basis=some.sampled_from(["year", "each", "pay"]), amount=some.integers(0, 10**6),
        work=some.just("w0"),
    ), max_size=4)))  # fmt: skip
    return skin(works=works, posts=posts, items=items, released=None)


@MANY
@given(budgets())
def test_parts_sum_to_the_whole_and_used_and_unused_to_the_posts(s):
    built = building.build(s)
    assert sum(built.part(part) for part in building.PARTS) == built.total
    assert sum(c.cost for c in built.capacity) == built.part("pay")
    for c in built.capacity:
        assert c.used + c.unused == c.cost


@MANY
@given(budgets(), some.randoms())
def test_the_order_in_which_it_is_written_changes_nothing(s, chance):
    works, posts = list(s.works), list(s.posts)
    chance.shuffle(works)
    chance.shuffle(posts)
    other = building.build(replace(s, works=tuple(works), posts=tuple(posts)))
    assert other.total == building.build(s).total
    assert other.capacity == building.build(s).capacity
