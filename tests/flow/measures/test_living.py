"""People in the middle of each year: counted in columns as one by one."""

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from onesystem.flow.measures import days, living
from onesystem.flow.measures.world import Somebody

HORIZON = days.day_of(days.date_of(20_500))
DAY = st.none() | st.integers(9_000, HORIZON + 10)
FACTS = st.tuples(*(st.sampled_from(["", "a", "b"]) for _ in range(4)))


@given(st.lists(st.tuples(DAY, DAY, FACTS), max_size=12))
def test_everybody_at_once_is_everybody_one_by_one(people):
    lines = [(i, born, died, *facts) for i, (born, died, facts) in enumerate(people)]
    one_by_one: Counter = Counter()
    for line in lines:
        one_by_one.update(living.lines_of(Somebody(*line), living.middles(HORIZON)))
    assert living.counts(lines, HORIZON) == [(*k, n) for k, n in sorted(one_by_one.items())]


def test_the_years_end_with_that_of_the_horizon():
    years = [year for year, _ in living.middles(HORIZON)]
    assert years[-1] == days.date_of(HORIZON).year
    assert len(years) == 10
