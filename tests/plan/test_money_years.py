"""Money over years: published figures first, then what must hold of any plan."""

from dataclasses import replace
from datetime import date
from fractions import Fraction

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from onesystem.plan.money.bridge import STEPS
from onesystem.plan.money.drawing import Unsure, draw, ranges, services_of
from onesystem.plan.money.examples import examples
from onesystem.plan.money.labels import labels, of_path
from onesystem.plan.money.shape import Doubled, Funder, Line, MoneyPlan, Rule
from onesystem.plan.money.sharing import Shared, shared
from onesystem.plan.money.working import work

WARD = Line(code="ward", name="Wards", setting="ward", amount=10_000, pay=70, demand=(200,))
HOME = Line(code="home", name="District nurses", setting="community", amount=5_000, pay=90)
PLAN = MoneyPlan(
    slug="plan", name="Plan", base="2026/27", pay=(400,), price=(300,), inflation=(200,),
    efficiency=(100,), lines=(WARD,),
    funders=(Funder(code="icb", name="Board", amount=10_000, growth=(300,)),),
)  # fmt: skip


def test_four_per_cent_over_five_years_is_three_figures():
    """'Added these 4% challenges all together and described a 20% cost pressure over 5 years'
    (seed article of 2014): 20.0 added, 21.67 as a compound rise, 18.46 as a compound fall."""
    assert [each.percent for each in labels(400, 5)] == [20.0, 21.67, 18.46]
    assert [each.name for each in labels(400, 5)] == [
        "Simple sum", "Compound rise", "Compound fall",
    ]  # fmt: skip
    assert labels(400, 5)[1].working == "1.04 ** 5 - 1"


def test_rates_that_differ_by_year_are_chained():
    """4 then 5 per cent: 9 added, 9.2 risen, 8.8 fallen."""
    assert [each.percent for each in of_path([400, 500])] == [9.0, 9.2, 8.8]


def test_the_bridge_of_a_year_as_its_docstring_has_it():
    """100.00 with demand 2 %, pay 4 % on 70 %, prices 3 % on 30 %, efficiency 1 %."""
    step = work(PLAN).bridges[0].whole
    assert {name: getattr(step, name) for name in STEPS} == {
        "demand": 200, "pay": 280, "price": 90, "interaction": 7, "efficiency": -106,
        "reinvested": 0, "doubled": 0,
    }  # fmt: skip
    assert step.after == 10_471


def test_real_growth_of_three_per_cent_in_cash():
    """'Grew reasonably in real terms at between 3% and 6% per year' (Nuffield note): 3 % real
    with prices up 2 % is 1.03 x 1.02 in cash, and 3 % in the prices of the base year."""
    year = work(PLAN).years[1]
    assert year.money == round(10_000 * 1.03 * 1.02)
    assert year.real(year.money) == 10_300


def test_growth_goes_outside_by_rule():
    """'Invest the increases outside the hospital while restraining the rate of growth in hospital
    spending' (Nuffield note): 70 per cent of 100 more goes outside."""
    before = Shared(hospital=600, outside=400)
    after = shared(before, 1_100, Rule(kind="share", rate=7_000), 0)
    assert (after.hospital, after.outside) == (630, 470)
    assert after.share == Fraction(470, 1_100)


def test_a_ceiling_holds_the_hospital_back():
    """At most 1 % real with 2 % inflation: 600 may grow by 3.02 % to 618; the rest is outside."""
    before = Shared(hospital=600, outside=400)
    after = shared(before, 1_100, Rule(kind="ceiling", rate=100), 200)
    assert (after.hospital_more, after.outside_more) == (18, 82)


def test_where_money_falls_both_fall_alike():
    """The rule shares growth; there is none."""
    after = shared(Shared(hospital=600, outside=400), 900, Rule(), 0)
    assert (after.hospital, after.outside) == (540, 360)


def test_the_sources_figures_are_worked_out():
    """100 at 3 % and at 6 % real for five years: 115.93 and 133.82."""
    rows = {row[0]: row[1] for example in examples() for row in example.rows}
    assert rows["Compound rise"] == "21.67 %"
    assert rows["100 m after five years at 3 %, real"] == "115.93 m"
    assert rows["100 m after five years at 6 %, real"] == "133.82 m"


def test_efficiency_is_reinvested_as_elective_work():
    """'Efficiency improvements in hospitals did not lead to the removal of funds from hospitals -
    rather they allowed more elective work to be done' (Nuffield note)."""
    kept = replace(PLAN, lines=(replace(WARD, keeps=100, unit=25),))
    step = work(kept).bridges[0].whole
    assert (step.efficiency, step.reinvested, step.more) == (-106, 106, 4)
    assert step.after == 10_577  # as if nothing had been released


def test_double_running_ends_with_its_month():
    """'A transformation fund' of so long and no longer: half a year of 1,200, then nothing but
    what goes on."""
    both = Doubled(code="both", name="Both", amount=1_200, first=date(2027, 4, 1),
                   last=date(2028, 9, 1), after=120)  # fmt: skip
    years = work(replace(PLAN, doubled=(both,))).years
    assert [dict(y.by_line)["both"] for y in years] == [0, 1_200, 600 + 60, 120, 120, 120]


def test_money_on_top_ends_with_what_it_is_for():
    """'An extra £2bn "transformation fund"' to 'ease the short term disruption': it pays for both
    ways while both run, and is nobody's growth."""
    both = Doubled(code="both", name="Both", amount=1_200, first=date(2027, 4, 1),
                   last=date(2028, 9, 1), top=True)  # fmt: skip
    bare, more = work(PLAN).years, work(replace(PLAN, doubled=(both,))).years
    assert [y.extra for y in more] == [0, 1_200, 600, 0, 0, 0]
    assert [y.gap for y in more] == [y.gap for y in bare]
    assert [y.shared for y in more] == [y.shared for y in bare]


def test_doing_nothing_costs_what_pressures_do():
    """Neither efficiency nor double running is in it."""
    last = work(PLAN).last
    assert last.nothing > last.cost
    assert last.nothing == work(replace(PLAN, efficiency=(0,))).last.cost


rates = st.lists(st.integers(-2_000, 3_000), min_size=1, max_size=4).map(tuple)
some_lines = st.lists(
    st.builds(
        Line, code=st.uuids().map(str), name=st.just("x"),
        setting=st.sampled_from(["ward", "community"]), amount=st.integers(0, 10**11),
        pay=st.integers(0, 100), demand=rates, keeps=st.integers(0, 100),
    ),
    min_size=1, max_size=4,
)  # fmt: skip
plans = st.builds(
    replace, st.just(PLAN), lines=some_lines.map(tuple), pay=rates, price=rates, inflation=rates,
    efficiency=rates, years=st.sampled_from([5, 20]),
    rule=st.builds(Rule, kind=st.sampled_from(["share", "ceiling"]), rate=st.integers(0, 10_000)),
)  # fmt: skip


@given(plans)
def test_every_bridge_sums_to_the_penny(plan):
    """Steps lead from each year to the next, whole and line by line; money shared is all money."""
    worked = work(plan)
    for bridge, before, after in zip(worked.bridges, worked.years, worked.years[1:], strict=False):
        assert bridge.whole.before == before.cost
        assert bridge.whole.after == after.cost == sum(line.after for line in bridge.lines)
        assert after.shared.hospital + after.shared.outside == after.money


def test_draws_lie_around_the_plan():
    """With no luck at all each draw is the plan, but for rounding."""
    sure = Unsure(demand=0, demand_each_year=0, pay=0, price=0, delivered=(1, 1))
    plan = replace(PLAN, lines=(replace(WARD, amount=10**10), replace(HOME, amount=10**9)))
    made = draw(services_of(plan), draws=3, unsure=sure)
    assert made.shape == (3, 6, 2)
    exact = [year.cost for year in work(plan).years]
    assert np.allclose(made.sum(axis=2)[0], exact, rtol=1e-5)


def test_draws_are_the_same_for_the_same_seed_and_grow_wider():
    """A range that narrows with time would be false comfort."""
    plan = replace(PLAN, lines=(replace(WARD, amount=10**10),))
    one, again = (draw(services_of(plan), draws=200, seed=5) for _ in range(2))
    assert (one == again).all()
    made = ranges(one, more=[0] * 6, money=[10**11] * 6)
    widths = [each.high - each.low for each in made]
    assert widths == sorted(widths)
    assert made[-1].enough == 1.0
