"""Steps, waits and what a settlement moves, without a store."""

import os
from datetime import UTC, date, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from onesystem.budget.entitlement.moving import months, owed, settled
from onesystem.budget.entitlement.steps import Step, Wait, standing, undoable

MANY = int(os.environ.get("ONESYSTEM_EXAMPLES", "150"))
APRIL = date(2026, 4, 1)


def steps(*told):
    """(verb, said) in order, by one person."""
    return [
        Step(number=n, key=10 * n, verb=verb, by="a", said=said,
             at=datetime(2026, 4, n, tzinfo=UTC))
        for n, (verb, said) in enumerate(told, 1)
    ]  # fmt: skip


def need(starts="2026-04-01", meanwhile="council", *, eligible=True):
    said = {"eligible": eligible, "meanwhile": meanwhile, "starts": starts if eligible else ""}
    return "need", said


def test_one_purse_pays_meanwhile_from_the_day_care_starts():
    stands = standing(steps(need()))
    assert stands.waits == (Wait(purse="council", since=APRIL),)
    assert stands.settle_by == APRIL + timedelta(days=28)
    assert standing(steps(need(eligible=False))).waits == ()


def test_a_dispute_before_it_was_settled_keeps_who_paid_before():
    dispute = ("disputed", {"starts": "2026-05-01", "meanwhile": "nhs"})
    stands = standing(steps(need(), dispute))
    assert [w.purse for w in stands.waits] == ["council", "nhs"]
    assert stands.settle_by == date(2026, 5, 29)


def test_no_day_is_moved_twice():
    told = ("settled", {"until": "2026-05-01"})
    again = standing(steps(need(), told, need()))
    assert again.waits == (Wait(purse="council", since=date(2026, 5, 1)),)
    assert standing(steps(need(), told)).payer_open is False


def test_taking_back_refers_to_the_step_and_not_to_its_place():
    """Merging two records changes places, and never what was taken back."""
    told = steps(need(), ("means", {}), ("undone", {"step": 20}))
    moved = [Step(number=s.number + 3, key=s.key, verb=s.verb, by=s.by, at=s.at, said=s.said)
             for s in told]  # fmt: skip
    assert standing(moved).means is None
    assert standing(moved).need is not None
    assert undoable(told, "a").verb == "need"
    assert undoable(told, "b") is None


def test_months_sum_exactly_and_round_down_on_the_running_total():
    """10.00 a week from 1 April: 30 days owe 42.85, 61 days 87.14."""
    found = owed({"nhs": 10_00, "council": 0}, "council", APRIL, date(2026, 6, 1))
    assert [(m.month.month, m.amount) for m in found] == [(4, 42_85), (5, 44_29)]
    assert months(date(2026, 1, 31), date(2026, 2, 1)) == [(date(2026, 1, 1), 1)]
    assert months(APRIL, APRIL) == []


def test_care_that_starts_later_moves_nothing_yet():
    assert owed({"nhs": 10_00}, "council", date(2026, 6, 1), APRIL) == ()


weekly = st.fixed_dictionaries(
    {"person": st.integers(0, 2_000_00), "council": st.integers(0, 2_000_00),
     "nhs": st.integers(0, 2_000_00)}
)  # fmt: skip
days = st.dates(date(2020, 1, 1), date(2027, 1, 1))


@settings(max_examples=MANY)
@given(weekly, days, st.integers(0, 900))
def test_what_is_owed_is_its_days_and_never_a_penny_more(shares, since, length):
    found = owed(shares, "council", since, since + timedelta(days=length))
    for purse in ("person", "nhs"):
        assert sum(m.amount for m in found if m.purse == purse) == shares[purse] * length // 7
    assert all(m.amount > 0 and m.purse != "council" for m in found)


@settings(max_examples=MANY)
@given(weekly, days, st.lists(st.tuples(st.sampled_from(("council", "nhs")),
                                        st.integers(0, 200)), min_size=1, max_size=5))  # fmt: skip
def test_one_purse_after_another_owes_no_more_than_all_its_days(shares, since, lengths):
    waits, day = [], since
    for purse, length in lengths:
        waits.append((purse, day))
        day += timedelta(days=length)
    found = settled(shares, waits, day)
    for purse in ("person", "council", "nhs"):
        own = sum(n for who, n in lengths if who == purse)
        most = shares[purse] * ((day - since).days - own) // 7
        got = sum(m.amount for m in found if m.purse == purse)
        assert most - len(lengths) <= got <= most
