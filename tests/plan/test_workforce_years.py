"""Staff over years: the figures of the article of 16 May 2014, then what must hold of any plan."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onesystem.plan.workforce.examples import TOLD, examples, nurses
from onesystem.plan.workforce.limiting import limit
from onesystem.plan.workforce.mixing import worth
from onesystem.plan.workforce.paying import costs
from onesystem.plan.workforce.pipeline import afford, intakes
from onesystem.plan.workforce.projecting import project
from onesystem.plan.workforce.roles import role, roles
from onesystem.plan.workforce.shape import Commission, Mix, Service, Staff, Workforce
from onesystem.plan.workforce.vacancies import Posts, together

PLAN = Workforce(
    slug="plan", name="Plan", base=date(2014, 4, 1),
    staff=(Staff(role="nurse", in_post=1_000_00, needed=1_000_00, turnover=0),),
)  # fmt: skip


def test_seventeen_per_cent_over_55_have_gone_after_five_years():
    """'17% of the health workforce are over the age of 55, and are expected to retire within the
    next five years': 34 of 1,000 in each year, 170 in five."""
    years = project(PLAN).years["nurse"]
    assert [round(y.retire, 6) for y in years] == [34] * 5
    assert round(years[-1].closes, 6) == 830


def test_two_thousand_nurses_are_short_by_2019():
    """'We expect to be 2,000 nurses short of requirements in Norfolk and Suffolk by 2019'."""
    assert round(project(nurses()).short("nurse", 5)) == 2_000


def test_commissions_doubled_tomorrow_reach_wards_in_the_summer_of_2018():
    """'Double the number of nursing commissions at Universities tomorrow and they will begin to
    join the wards ... in the summer of 2018' (16 May 2014)."""
    assert role("nurse").reaches(TOLD) == date(2018, 8, 1)
    once, twice = project(nurses()), project(nurses(times=2))
    eased = [once.short("nurse", y) - twice.short("nurse", y) for y in range(1, 6)]
    assert [round(each, 6) for each in eased] == [0, 0, 0, 0, 92]  # 115 places, 80 % finish


def test_doctors_come_later_than_2020():
    """'Do the same for doctors and it will be later than 2020'."""
    assert role("doctor").reaches(TOLD) > date(2020, 12, 31)


def test_an_assistant_is_ready_in_three_months():
    """'From new to ready to go can take as little as three months'."""
    first = role("support-worker")
    assert (first.months, first.reaches(TOLD)) == (3, date(2014, 9, 1))


def test_training_takes_from_three_months_to_ten_years():
    """'It takes between two and ten years to train people into these various careers'."""
    lengths = {each.months for each in roles().values()}
    assert (min(lengths), max(lengths)) == (3, 119)


def test_400_paramedics_are_471_places():
    """'We already need 400 more paramedics for the East of England': 85 % finish."""
    rows = {r.words: r.value for e in examples() for r in e.rows if e.code == "paramedics"}
    assert rows["Places in one intake that close it"] == "471"
    assert rows["They begin to work"] == "August 2018"


def test_what_is_said_and_what_follows_are_told_apart():
    """Each example says which figures are the article's, and which are assumed."""
    for example in examples():
        assert {"said", "assumed", "follows"} >= {row.kind for row in example.rows}
        assert any(row.kind == "follows" for row in example.rows)


def test_as_many_as_we_can_afford():
    """'Although we are training fewer than we need, we are training as many as we can afford'."""
    nurse, support = role("nurse").place, role("support-worker").place
    paid = afford({"nurse": 10, "support-worker": 10}, 5 * (nurse + support) + support)
    assert paid == {"nurse": 5, "support-worker": 6}
    assert afford({"nurse": 3}, None) == {"nurse": 3}
    assert afford({"nurse": 3}, 0) == {"nurse": 0}


def test_what_began_before_the_plan_still_comes():
    """Nurses who began in September 2011 work from August 2014, whatever is decided now."""
    plan = replace(PLAN, money=0, commissions=(Commission(role="nurse", places=100),))
    assert [round(y.qualify) for y in project(plan).years["nurse"]] == [80, 80, 80, 0, 0]


def test_bands_1_to_4_ease_nurses():
    """10 % of 100 nurses' hours to assistants, 5 % of that back as supervision."""
    mix = Mix(words="Help", from_role="nurse", to_role="support-worker", share=10,
              start=date(2014, 9, 1))  # fmt: skip
    pay = {"nurse": 45_000_00, "support-worker": 30_000_00}
    made = worth(mix, 100, pay)
    assert (made.eased, made.instead) == (9.5, 10)
    assert made.saves == 9.5 * 45_000_00 - 10 * 30_000_00
    plan = replace(PLAN, mixes=(mix,))
    first = project(plan).years["nurse"][0]
    assert first.eased == pytest.approx(95 * 7 / 12)  # from September


def test_support_workers_cost_less_than_nurses():
    """At the middle of bands 5 and 3, scales of 2025/26, with what employers pay besides."""
    paid = costs("nurse", "support-worker")
    assert paid["nurse"] > paid["support-worker"] > 30_000_00
    assert costs("nurse", "gp") is None


SERVICES = (
    Service(code="ed", name="Emergency", tier=1, volume=100, minutes={"nurse": 60, "doctor": 30}),
    Service(code="hip", name="Hips", tier=3, volume=50, minutes={"nurse": 100}),
)
WANTED = {"ed": 100.0, "hip": 50.0}


def test_shortages_limit_what_can_wait_first():
    """Nurses for 8,000 minutes: emergencies take their 6,000, hips get 2,000 of 5,000."""
    ed, hip = limit(SERVICES, WANTED, {"nurse": 8_000, "doctor": 9_000})
    assert (ed.done, ed.binds) == (100, "")
    assert (hip.done, hip.binds, hip.undone) == (20, "nurse", 30)


def test_the_scarcest_role_binds():
    """Doctors for half of the emergencies: nurses that they leave over do hips."""
    ed, hip = limit(SERVICES, WANTED, {"nurse": 8_000, "doctor": 1_500})
    assert (ed.done, ed.binds) == (50, "doctor")
    assert hip.done == 50


def test_a_vacancy_in_almost_half_of_surgeries():
    """'Almost half of all surgeries in Norfolk have at least one GP vacancy'."""
    rows = [
        Posts(kind="practice", place=f"p{n}", name=f"Practice {n}", role="gp", posts=300,
              filled=200 if n < 47 else 300, counted=TOLD)
        for n in range(100)
    ]  # fmt: skip
    (found,) = together(rows)
    assert found.places_share == 0.47
    assert found.rate == pytest.approx(47 / 300)


@pytest.mark.parametrize(
    ("name", "hard"),
    [("A&E", True), ("Stroke", True), ("Medicine for the elderly", True), ("Eyes", False)],
)
def test_departments_that_are_hard_to_recruit_for(name, hard):
    """'A&E, Stroke, Medicine for the Elderly'."""
    row = Posts(kind="specialty", place="x", name=name, role="consultant", posts=1, filled=0,
                counted=TOLD)  # fmt: skip
    assert row.hard is hard


staffs = st.builds(
    Staff, role=st.sampled_from(sorted(roles())), in_post=st.integers(0, 10**7),
    needed=st.integers(0, 10**7), growth=st.integers(-500, 500), joiners=st.integers(0, 10**5),
    turnover=st.integers(0, 10_000), over_55=st.integers(0, 100),
)  # fmt: skip


@given(staffs, st.integers(0, 500), st.integers(1, 10), st.sampled_from([5, 20]))
def test_nobody_is_lost_and_nobody_made(staff, places, retire, years):
    """What a year closes with is what it opened with, less who went, and who came."""
    plan = replace(PLAN, staff=(staff,), retire=retire, years=years,
                   commissions=(Commission(role=staff.role, places=places),))  # fmt: skip
    for y in project(plan).years[staff.role]:
        assert y.closes == pytest.approx(y.opens - y.retire - y.leave + y.qualify + y.join)
        assert sum(y.by_age) == pytest.approx(y.opens)
        assert min(*y.by_age, y.closes) >= -1e-9


@given(st.dictionaries(st.sampled_from(sorted(roles())), st.integers(0, 500), min_size=1),
       st.integers(0, 10**10))  # fmt: skip
def test_places_never_cost_more_than_there_is(wanted, money):
    """And never are more than wanted."""
    paid = afford(wanted, money)
    assert sum(paid[code] * role(code).place for code in paid) <= money or paid == wanted
    assert all(0 <= paid[code] <= wanted[code] for code in wanted)


def test_a_years_places_are_divided_over_its_intakes_whole():
    """Twenty-five a year in two intakes: 13 and 12, none lost."""
    plan = replace(PLAN, staff=(), commissions=(Commission(role="nursing-associate", places=25),))
    made = [each.places for each in intakes(plan) if each.month.year == 2014]
    assert sum(made) == 25


def test_draws_give_a_range_around_the_middle():
    """Eight draws in ten; the same for the same seed."""
    found, again = project(PLAN, draws=200), project(PLAN, draws=200)
    assert found.ranges == again.ranges
    low, high = found.ranges["nurse"][-1]
    assert low < found.short("nurse", 5) < high
