"""The stages of a plan: its clock, and what each gate asks for."""

from datetime import date, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from onesystem.plan.options.gates import STAGES, Facts, after, asked, clock, lacking, late


def test_ten_weeks_are_shared_out_two_three_three_two():
    """Four work streams over about ten weeks (England, 2014); the shares are ours."""
    dues = clock(date(2026, 11, 2), 10)
    assert [each.stage for each in dues] == list(STAGES)
    assert [(each.last - each.first).days + 1 for each in dues] == [14, 21, 21, 14]
    assert dues[-1].last == date(2027, 1, 10)


@given(st.dates(date(2000, 1, 1), date(2100, 1, 1)), st.integers(1, 104))
def test_a_clock_leaves_no_day_out_and_ends_with_its_weeks(begins, weeks):
    dues = clock(begins, weeks)
    assert dues[0].first == begins
    for one, other in pairwise(dues):
        assert other.first == one.last + timedelta(days=1)
    assert dues[-1].last == begins + timedelta(days=7 * weeks - 1)


def test_a_stage_is_late_by_the_days_since_its_last():
    assert late("diagnosis", date(2026, 11, 2), 10, date(2026, 11, 15)) == 0
    assert late("diagnosis", date(2026, 11, 2), 10, date(2026, 11, 18)) == 3
    assert late("closed", date(2026, 11, 2), 10, date(2030, 1, 1)) == 0


def test_each_gate_is_passed_by_all_that_it_asks_for():
    whole = {
        "diagnosis": Facts(opportunities=1, measures=1, case=True),
        "solutions": Facts(options=3, alone=3, together=1),
        "plan": Facts(chosen=2),
        "implementation": Facts(actions=4),
    }
    for stage, facts in whole.items():
        assert not lacking(stage, facts)
        assert lacking(stage, Facts(unscored=("money",), unowned=("Beds",), unanswered=1))


def test_what_is_missing_comes_with_its_cure():
    found = lacking("plan", Facts(chosen=1, unscored=("money", "staff"), unowned=("Beds",)))
    assert [each.cure for each in found] == [
        "Ask for a score of: money, staff.",
        "Write an action with an owner and a date for: Beds.",
    ]


def test_stages_follow_each_other_to_the_end():
    assert [after(stage) for stage in STAGES] == ["solutions", "plan", "implementation", "closed"]
    assert asked("closed", Facts()) == []
