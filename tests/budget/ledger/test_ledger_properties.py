"""What holds of every ledger, whatever is done to it, in whatever order.

Each is tried on 150 drawn ledgers in the everyday run. `ONESYSTEM_EXAMPLES=10000` tries as many
as the issue asks for, on SQLite or on the PostgreSQL that DATABASE_URL names.
"""

import os
from collections import Counter
from contextlib import contextmanager
from datetime import date

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from ledger_words import ANN

from onesystem.access import quick
from onesystem.budget.ledger import actions, queries
from onesystem.budget.ledger.entry import ACCOUNTS, Leg, Posting
from onesystem.vocabulary import Money, UserError

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("district")]
EXAMPLES = int(os.environ.get("ONESYSTEM_EXAMPLES", "150"))
many = settings(
    max_examples=EXAMPLES,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
MONTHS = [date(2026, month, 1) for month in (4, 5, 6)]
LINES = ["ed", "ward", "nursing"]


@contextmanager
def afresh():
    """An empty ledger, for one drawn example: what is posted to it is rolled back at the end."""
    with transaction.atomic():
        yield
        connection.check_constraints()
        transaction.set_rollback(True)


@st.composite
def postings(draw, lines=LINES):
    """A posting of two to five legs, the last of which takes what is left."""
    book = draw(st.sampled_from(sorted(ACCOUNTS)))
    accounts = st.sampled_from(sorted(ACCOUNTS[book]))
    amounts = draw(st.lists(st.integers(-(10**9), 10**9).filter(bool), min_size=1, max_size=4))
    rest = -sum(amounts)
    legs = [
        Leg(draw(accounts), amount, line=draw(st.sampled_from([*lines, ""])),
            organisation=draw(st.sampled_from(["a", "b", ""])))
        for amount in [*amounts, *([rest] if rest else [5, -5])]
    ]  # fmt: skip
    return Posting(book, draw(st.sampled_from(MONTHS)), tuple(legs), "Drawn")


def whole():
    """Every balance of the ledger."""
    rows = queries.balances(by=("book", "account", "line", "organisation", "month"))
    return {tuple(row.values())[:-2]: row["amount"] for row in rows if row["amount"]}


@many
@given(drawn=st.lists(postings(), min_size=1, max_size=6))
def test_nothing_is_created_and_nothing_lost(drawn):
    """Each book sums to nothing in each month, and each balance is the sum of its legs."""
    exact = Counter()
    for each in drawn:
        for leg in each.legs:
            exact[(each.book, leg.account, leg.line, leg.organisation, each.month)] += leg.amount
    with afresh():
        actions.post_many(drawn, by=ANN)
        assert all(row["amount"] == 0 for row in queries.balances(by=("book", "month")))
        assert whole() == {key: amount for key, amount in exact.items() if amount}
        assert queries.verify() == []


@many
@given(drawn=st.lists(postings(), min_size=2, max_size=6), shuffled=st.randoms())
def test_the_order_of_postings_does_not_matter_to_balances(drawn, shuffled):
    with afresh():
        actions.post_many(drawn, by=ANN)
        before = whole()
    shuffled.shuffle(drawn)
    with afresh():
        for each in drawn:
            actions.post(book=each.book, month=each.month, legs=each.legs, words="Drawn", by=ANN)
        assert whole() == before


@many
@given(drawn=st.lists(postings(), min_size=1, max_size=4), data=st.data())
def test_a_correction_leaves_what_was_there_without_it(drawn, data):
    wrong = data.draw(st.integers(0, len(drawn) - 1))
    with afresh():
        actions.post_many(drawn[:wrong] + drawn[wrong + 1 :], by=ANN)
        without = whole()
    with afresh():
        numbers = actions.post_many(drawn, by=ANN)
        if drawn[wrong].book != "commitment":
            actions.correct(posting=numbers[wrong], by=ANN, why="Wrong")
            assert whole() == without
            assert queries.verify() == []


ACTS = st.lists(
    st.tuples(st.sampled_from(["reserve", "draw", "release", "spend", "correct"]),
              st.integers(0, 3), st.integers(1, 400)), max_size=12,
)  # fmt: skip


@many
@given(budget=st.integers(1, 1_000), acts=ACTS)
def test_what_is_left_is_budget_less_reserved_less_spent_whatever_is_done(budget, acts):
    """A model in three numbers goes beside the ledger: refusals and balances are the same."""
    with afresh():
        _beside_a_model(budget, acts)


def _beside_a_model(budget, acts):
    legs = (Leg("budget", budget, line="ed"), Leg("contributed", -budget))
    actions.post(book="plan", month=MONTHS[0], legs=legs, words="Opening", by=ANN)
    holds, left, draws = {}, budget, []
    orders = []
    for act, which, amount in acts:
        order = orders[which % len(orders)] if orders else None
        try:
            if act == "reserve":
                made = actions.reserve(
                    line="ed", amount=amount, month=MONTHS[0], words="Order", by=ANN
                )
                assert amount <= left
                orders.append(made)
                holds[made], left = amount, left - amount
            elif act == "spend":
                spent = (Leg("spent", amount, line="ed"), Leg("owed", -amount))
                actions.post(book="actual", month=MONTHS[1], legs=spent, words="Bill", by=ANN)
                left -= amount
            elif order and act == "draw":
                draws.append((actions.draw(reservation=order, amount=amount, month=MONTHS[1],
                                           words="Bill", by=ANN), order, amount))  # fmt: skip
                assert amount <= holds[order]
                holds[order] -= amount
            elif order and act == "release":
                actions.release(reservation=order, amount=amount, words="Less", by=ANN)
                assert amount <= holds[order]
                holds[order], left = holds[order] - amount, left + amount
            elif draws and act == "correct":
                number, of, taken = draws.pop(which % len(draws))
                actions.correct(posting=number, by=ANN, why="Wrong")
                holds[of] += taken
        except UserError:
            assert (amount > left) if act == "reserve" else (amount > holds[order])
    assert queries.available("ed") == left
    assert {number: queries.held(number) for number in orders} == holds
    assert queries.balance(book="commitment", account="reserved") == sum(holds.values())
    assert queries.verify() == []


@many
@given(
    amount=st.integers(0, 10**12),
    weights=st.lists(st.integers(0, 1_000), min_size=1, max_size=8).filter(any),
)
def test_a_split_that_is_posted_sums_to_the_penny(amount, weights):
    parts = [each.minor for each in Money(amount, "GBP").split(weights)]
    legs = [Leg("spent", part, line=f"line-{n}") for n, part in enumerate(parts) if part]
    if legs:
        legs.append(Leg("owed", -amount))
        with afresh():
            actions.post(book="actual", month=MONTHS[0], legs=legs, words="Split", by=ANN)
            assert queries.balance(account="spent") == amount
            assert int(quick.rows("SELECT SUM(amount) FROM budget_leg")[0][0]) == 0
