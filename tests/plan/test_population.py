"""Who will live somewhere: cohorts by age and sex, their range, and their small areas."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from onesystem.plan.areas import catalogue
from onesystem.plan.areas.people import people_of, reference
from onesystem.plan.population import cohorts, nations, places
from onesystem.plan.population.projecting import project
from onesystem.plan.population.skill import tried
from onesystem.twin.people import ageing
from onesystem.twin.people.known import rates_of
from onesystem.vocabulary import BadConfig


@pytest.fixture(scope="module")
def norfolk():
    return project(people_of(catalogue.find("QMM")), since=2026, years=20)


def of_country(name):
    now = people_of(catalogue.find("QMM"))
    ages = nations.people_of(name, 2020)
    return replace(now, area=replace(now.area, country=name), ages=ages)


def test_a_year_is_that_of_the_twin():
    """The same method as `twin.people.ageing`, which is checked on the United Nations' own."""
    ages = nations.people_of("United Kingdom", 2020)
    start = dict(zip(("female", "male"), map(tuple, ages), strict=True))
    told = list(ageing.years(start, 2030, 5, rates_of("United Kingdom")))[-1]
    people = ages[None]
    for year in range(2030, 2035):
        rates = rates_of("United Kingdom")(year)
        deaths = np.array([rates.deaths["female"], rates.deaths["male"]])[None]
        given_ = cohorts.Rates(deaths, np.array([rates.births]), np.array([rates.moves]))
        people = cohorts.step(people, given_, cohorts.Peculiar.none())
    assert people[0][0] == pytest.approx(np.array(told.people["female"]))
    assert people[0].sum() == pytest.approx(told.between(0))


def test_life_expectancy_is_the_united_nations():
    """United Kingdom 2015 to 2020: 81.3 years (World Population Prospects 2024)."""
    deaths = nations.deaths_of("United Kingdom")[2015]
    told = np.mean([nations.years_of("United Kingdom")[y].e0 for y in range(2015, 2020)])
    assert cohorts.life_expectancy(deaths).mean() == pytest.approx(told, abs=0.35)


def test_lives_in_the_most_deprived_tenth_are_nine_years_shorter():
    """Gap of 9.7 years for men and 7.9 for women (Office for National Statistics, 2018-20)."""
    deaths = nations.deaths_of("United Kingdom")[2015]
    poor, rich = (
        cohorts.life_expectancy(deaths * cohorts.relative(np.array([decile]))) for decile in (1, 10)
    )
    women, men = rich - poor
    assert men == pytest.approx(9.7, abs=0.5)
    assert women == pytest.approx(7.9, abs=0.5)


@pytest.mark.parametrize("country", ["United Kingdom", "New Zealand"])
def test_the_range_is_as_wide_as_the_united_nations(country):
    """80 % bounds of the total in 2046 (World Population Prospects 2024)."""
    made = project(of_country(country), since=2026, years=20, own=cohorts.Peculiar.none())
    low, middle, high = made.between(0)[:, -1]
    least, most = nations.bounds(country, 2046)
    assert (high - low) / (most - least) == pytest.approx(1, abs=0.2)
    assert least < middle < most


def test_old_people_are_foreseen_better_than_by_growth_that_goes_on():
    """Hold-out of 2005 to 2020 over 17 countries (World Population Prospects 2019)."""
    tries = [t for country in nations.countries() for t in tried(country, 2005)]
    old = [t for t in tries if t.ages[0] >= 65]
    here, naive = (np.mean([t.error(of) for t in old]) for of in ("said", "naive"))
    assert here < 0.04
    assert naive > 4 * here


def test_students_come_and_go():
    """A city of students has them in twenty years, and not a bulge of people of forty."""
    made = project(people_of(catalogue.find("Norwich")), since=2026, years=20)
    first, last = made.middle[0], made.middle[-1]
    young, forties = (slice(20, 25), slice(40, 45))
    part = [each[:, young].sum() / each.sum() for each in (first, last)]
    assert part[1] == pytest.approx(part[0], rel=0.1)
    assert last[:, forties].sum() < last[:, young].sum()


def test_moves_within_the_country_cancel():
    """What boards win others lose: together they are the country, within one in a hundred."""
    boards = [people_of(board) for board in catalogue.areas("board")]
    made = [project(now, since=2026, years=10, draws=2) for now in boards]
    whole = replace(boards[0], ages=reference("United Kingdom"))
    alone = project(whole, since=2026, years=10, draws=2, own=cohorts.Peculiar.none())
    together = sum(each.middle[-1].sum() for each in made)
    assert together == pytest.approx(alone.middle[-1].sum(), rel=0.012)


def test_small_areas_sum_to_the_area(norfolk):
    found = places.places(norfolk, 2026, 2036, 2046)
    for at, year in enumerate((2026, 2036, 2046)):
        assert found[at].sum(axis=0) == pytest.approx(norfolk.bands[norfolk.at(year)])
    assert (found >= 0).all()


def test_the_same_seed_draws_the_same(norfolk):
    again = project(norfolk.now, since=2026, years=20)
    assert (again.drawn == norfolk.drawn).all()
    other = project(norfolk.now, since=2026, years=20, seed=1)
    assert not np.allclose(other.drawn[:, -1], norfolk.drawn[:, -1])


@pytest.mark.parametrize(
    ("years", "since", "words"), [(0, 2026, "1 to 40"), (99, 2026, "1 to 40"), (5, 1999, "2020 on")]
)
def test_what_cannot_be_projected_is_refused(norfolk, years, since, words):
    with pytest.raises(BadConfig, match=words):
        project(norfolk.now, years=years, since=since)


@given(
    st.integers(0, 100), st.floats(0, 1e6), st.floats(0, 0.1), st.floats(-0.02, 0.02),
)  # fmt: skip
def test_nobody_appears_but_by_birth_and_moves(age, count, births, moves):
    """Of people of any age: nobody is older than they can be, and no number is below zero."""
    people = np.zeros((1, 2, 101))
    people[0, :, age] = count
    deaths = nations.deaths_of("United Kingdom")[2015][None]
    rates = cohorts.Rates(deaths, np.array([births]), np.array([moves]))
    after = cohorts.step(people, rates, cohorts.Peculiar.none())
    assert (after >= 0).all()
    assert after[:, :, age + 1 :].sum() <= 2 * count + 1e-6 + max(moves, 0) * 2 * count
    born = births * count if 15 <= age < 50 else 0
    assert after[:, :, 0].sum() == pytest.approx(born)
