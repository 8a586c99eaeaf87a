"""Contributing, allotting and moving: judged, spread over months, in the ledger, undone."""

from datetime import date
from fractions import Fraction
from threading import Thread

import pytest
from django.db import DatabaseError, connection, transaction
from funds_data import APRIL, FERN, MIND, fence_off, give

from onesystem.access import Actor
from onesystem.budget.funds import actions, queries
from onesystem.budget.funds.acts import Transfer, spread
from onesystem.budget.funds.planning import Refused
from onesystem.budget.funds.rows import ActRow
from onesystem.budget.ledger import actions as ledger
from onesystem.budget.ledger import queries as ledger_queries
from onesystem.vocabulary import BadConfig, NotFound, NotPermitted, UserError

NOVEMBER = date(2026, 11, 1)


def plan(line, month=None):
    return ledger_queries.balance(
        book="plan", account="budget", line=line, month_from=month or APRIL,
        month_to=month or date(2027, 3, 1),
    )  # fmt: skip


def move(source="wards", to="nurses", amount=1_000, month=NOVEMBER, **more):
    said = {"words": "More people are looked after at home", "by": FERN}
    return actions.move(source=source, to=to, amount=amount, month=month, **(said | more))


def test_a_contribution_is_spread_over_the_year_to_the_penny(funded):
    months = [plan("nhs.unallotted", month) for month in (APRIL, NOVEMBER)]
    assert (months, plan("nhs.unallotted")) == ([1_000, 1_000], 12_000)
    give(fund="nhs", organisation="hospital", amount=100, month=date(2027, 1, 1))
    rest = [plan("nhs.unallotted", date(2027, n, 1)) for n in (1, 2, 3)]
    assert rest == [1_034, 1_033, 1_033]


def test_a_move_is_in_the_ledger_and_in_the_trail_with_its_reason(funded):
    number = move()
    assert (plan("wards"), plan("nurses")) == (59_000, 13_000)
    assert plan("nurses", date(2026, 10, 1)) == 1_000  # what is past stays as it was planned
    entries = ledger_queries.entries(cause=f"funds:{number}")
    assert {e.words for e in entries} == {"More people are looked after at home"}
    assert sum(e.leg.amount for e in entries) == 0
    [act] = queries.acts(line="nurses")[:1]
    assert (act.number, act.kind, act.amount, act.by) == (number, "move", 1_000, "fern")
    assert not ledger_queries.verify()


def test_a_move_that_a_fence_forbids_is_refused_with_the_rule_and_nothing_is_done(funded):
    fence_off()
    with pytest.raises(Refused, match=r"asks for at least £120\.00") as refused:
        move(source="mind", to="wards")
    assert refused.value.rule == "ring fence Mental health"
    assert "Put £10.00 more on lines within it" in refused.value.cure
    assert plan("mind") == 12_000
    assert queries.acts(line="wards")[0].kind == "allot"


def test_a_chain_of_moves_cannot_break_a_fence(funded):
    """By another line inside the fence, by another fund, and back by what is not allotted."""
    fence_off()
    inside = MIND.__class__(code="young", name="Young minds", fund="council",
                            programme="mental health")  # fmt: skip
    actions.open_line(line=inside, by=FERN)
    move(source="mind", to="young")
    for to in ("home", "council.unallotted", "nhs.unallotted"):
        with pytest.raises(Refused):
            move(source="young", to=to)
    assert plan("mind") + plan("young") == 12_000


def test_several_moves_at_once_are_judged_by_what_they_come_to(funded):
    fence_off()
    both = [Transfer("mind", "wards", 500), Transfer("nurses", "mind", 500)]
    actions.move_many(transfers=both, month=NOVEMBER, words="A swap", by=FERN)
    assert (plan("mind"), plan("nurses"), plan("wards")) == (12_000, 11_500, 60_500)


def test_undoing_a_move_is_a_contrary_move(funded):
    number = move()
    back = actions.undo(act=number, by=FERN, words="The ward stays open")
    assert (plan("wards"), plan("nurses")) == (60_000, 12_000)
    [again, first] = queries.acts(line="nurses")[:2]
    assert (again.undoes, first.undone) == (number, back)
    with pytest.raises(UserError, match="undone by fern already"):
        actions.undo(act=number, by=FERN, words="Twice")
    with pytest.raises(UserError, match="step back itself"):
        actions.undo(act=back, by=FERN, words="Back again")


def test_a_contribution_that_was_spent_cannot_be_taken_back(funded):
    [given] = [a for a in queries.acts() if a.kind == "contribute" and a.fund == "council"]
    with pytest.raises(Refused) as refused:
        actions.undo(act=given.number, by=FERN, words="Not ours")
    assert refused.value.rule == "what is promised or spent stays"


def test_what_is_reserved_cannot_be_moved_away(funded):
    ledger.reserve(line="nurses", amount=11_500, month=NOVEMBER, words="Agreed", by=FERN, key="r")
    with pytest.raises(Refused, match=r"of which £115\.00 is promised or spent"):
        move(source="nurses", to="wards")
    move(source="nurses", to="wards", amount=500)


def test_a_closed_month_takes_no_move_and_no_contribution(funded):
    ledger.close(month=date(2026, 10, 1), by=FERN)
    with pytest.raises(Refused, match="October 2026 is closed") as refused:
        move(month=date(2026, 10, 1))
    assert refused.value.rule == "closed months"
    with pytest.raises(Refused, match="April 2026 is closed"):
        give(fund="nhs", organisation="hospital", amount=5)
    move()


def test_undoing_after_months_were_closed_takes_the_open_ones(funded):
    number = move(month=date(2026, 9, 1), amount=700)
    ledger.close(month=date(2026, 10, 1), by=FERN)
    actions.undo(act=number, by=FERN, words="Back")
    assert (plan("wards"), plan("nurses")) == (60_000, 12_000)
    assert plan("nurses", NOVEMBER) == 1_000 + 100 - 140


def test_who_moves_second_is_told(funded):
    seen = queries.seen("wards", "nurses")
    move(seen=seen)
    with pytest.raises(actions.Overtaken, match="fern moved money on"):
        move(seen=seen)


def test_the_same_key_again_moves_nothing(funded):
    assert move(key="once") == move(key="once")
    assert plan("nurses") == 13_000


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"amount": 0}, "no amount to move"),
        ({"amount": 1.5}, "no amount to move"),
        ({"to": "wards"}, "cannot give to itself"),
        ({"words": " "}, "needs its reason"),
        ({"month": date(2026, 11, 2)}, "is no month"),
    ],
)
def test_what_is_no_move_is_refused_with_the_cure(funded, said, words):
    with pytest.raises(BadConfig, match=words) as refused:
        move(**said)
    assert refused.value.cure


def test_what_is_misspelt_is_answered_with_the_nearest(funded):
    with pytest.raises(NotFound, match="Did you mean 'nurses'"):
        move(to="nurse")
    with pytest.raises(BadConfig, match="core allocation"):
        give(fund="nhs", organisation="hospital", amount=1, kind="core alocation")
    with pytest.raises(NotFound, match="no organisation"):
        give(fund="nhs", organisation="nobody", amount=1)
    with pytest.raises(BadConfig, match="several funds"):
        actions.allot(amounts={"ed": 1, "home": 1}, month=NOVEMBER, words="Both", by=FERN)


def test_who_may_not_move_money_is_told_who_may(funded):
    with pytest.raises(NotPermitted, match="Finance manager"):
        move(by=Actor(name="anna", roles=frozenset({"analyst"})))


def test_a_fund_that_is_closed_takes_nothing(funded):
    actions.open_fund(
        code="old", name="Old", since=date(2020, 4, 1), until=date(2021, 3, 31), by=FERN
    )
    with pytest.raises(UserError, match="Old is not open in April 2026"):
        give(fund="old", organisation="hospital", amount=1)


def test_acts_and_steps_are_never_changed(funded):
    with pytest.raises(DatabaseError, match="contrary act"), transaction.atomic():
        ActRow.objects.update(amount=1)
    with pytest.raises(DatabaseError, match="contrary act"), transaction.atomic():
        ActRow.objects.all()[0].planactline_set.all()._raw_delete("default")


def test_both_sides_of_a_spread_are_the_same_each_month():
    months = [date(2026, n, 1) for n in (4, 5, 6)]
    parts = list(spread([Transfer("a", "b", 100), Transfer("c", "d", 2)], months))
    assert [[t.amount for t in some] for _, some in parts] == [[34, 1], [33, 1], [33]]


def test_a_floor_of_last_years_spend_is_read_from_the_ledger(funded):
    legs = [ledger_leg("spent", 11_000, line="mind"), ledger_leg("owed", -11_000)]
    ledger.post(book="actual", month=date(2026, 3, 1), legs=legs, words="Last year", by=FERN)
    actions.set_fence(code="floor", name="At least last year", kind="floor", basis="last year",
                      at="programme=mental health", share=Fraction(21, 20), by=FERN,
                      source="Alliance decision 4")  # fmt: skip
    [state], _ = queries.fence_states(queries.year_at("2026-11"))
    assert (state.level, state.held, state.missed) == (11_550, 12_000, 0)
    with pytest.raises(Refused, match=r"floor “At least last year” asks for at least £115\.50"):
        move(source="mind", to="wards", amount=500)
    move(source="mind", to="wards", amount=450)


def ledger_leg(account, amount, **more):
    from onesystem.budget.ledger.entry import Leg

    return Leg(account, amount, **more)


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif("connection.vendor == 'sqlite'", reason="one writer at a time by itself")
def test_two_who_move_at_once_cannot_break_a_fence_together(funded):
    """Each move by itself would leave the floor; both together would not."""
    actions.set_fence(code="floor", name="Floor", kind="floor", at="programme=mental health",
                      amount=11_000, source="Test", by=FERN)  # fmt: skip
    came = []

    def tries():
        try:
            came.append(move(source="mind", to="wards", amount=900))
        except Refused as refused:
            came.append(refused.rule)
        finally:
            connection.close()

    both = [Thread(target=tries) for _ in range(2)]
    [each.start() for each in both]
    [each.join() for each in both]
    assert "floor Floor" in came
    assert plan("mind") == 11_100
