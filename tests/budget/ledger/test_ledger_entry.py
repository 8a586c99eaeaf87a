"""What a posting is, before any store sees it."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onesystem.budget.ledger import chain, months
from onesystem.budget.ledger.entry import Leg, Posting, Unbalanced, check, minor
from onesystem.vocabulary import Money

APRIL = date(2026, 4, 1)


def posting(*legs, book="actual", month=APRIL, words="Agency nurses"):
    return Posting(book, month, legs, words)


class TestRefused:
    @pytest.mark.parametrize(
        ("wrong", "rule", "cure"),
        [
            (posting(Leg("spent", 500), Leg("owed", -499)), "sum to 1", "taken from another"),
            (posting(Leg("spent", 10.5), Leg("owed", -10.5)), "not a whole number", "1234"),
            (posting(Leg("spent", True), Leg("owed", -1)), "not a whole number", "pence"),
            (posting(Leg("spent", 0), Leg("owed", 0)), "moves nothing", "Leave it out"),
            (posting(Leg("spent", 10**16), Leg("owed", -(10**16))), "more than any", "slip"),
            (posting(Leg("spent", 500)), "two legs or more", "where the money comes from"),
            (posting(Leg("spend", 5), Leg("owed", -5)), "no account 'spend'", "'spent'"),
            (posting(Leg("budget", 5), Leg("owed", -5)), "no account 'budget'", "spent"),
            (posting(Leg("spent", 5), Leg("owed", -5), book="actuals"), "no book", "'actual'"),
            (posting(Leg("spent", 5), Leg("owed", -5), month=date(2026, 4, 2)), "no month",
             "2026-04-01"),
            (posting(Leg("spent", 5), Leg("owed", -5), words="  "), "needs words", "one line"),
            (posting(Leg("spent", 5, line="a\0b"), Leg("owed", -5)), "no code", "control"),
            (posting(Leg("spent", 5), Leg("owed", -5), words="x" * 501), "longer than 500",
             "shorter"),
        ],
    )  # fmt: skip
    def test_with_the_rule_and_the_cure(self, wrong, rule, cure):
        with pytest.raises(Unbalanced) as told:
            check(wrong)
        assert rule in told.value.what
        assert cure in told.value.cure

    def test_a_currency_mixed_in(self):
        with pytest.raises(Unbalanced, match="is in NZD, and the ledger is in GBP"):
            minor(Money(500, "NZD"), "GBP")

    def test_half_a_penny(self):
        """beancount takes a transaction that is half a penny out; django-hordak rounds 10.005."""
        with pytest.raises(Unbalanced):
            minor(1000.5, "GBP")


class TestChain:
    SEALED = chain.Sealed(1, 5, "ann", "person", "actual", 202604, "GBP", "w", "k", "c", 1, None,
                          None)  # fmt: skip
    LEGS = (Leg("spent", 5, line="ed"), Leg("owed", -5))

    @given(st.data())
    def test_every_field_is_in_the_digest(self, data):
        before = chain.digest(self.SEALED, self.LEGS, chain.START)
        name = data.draw(st.sampled_from(chain.Sealed._fields))
        old = getattr(self.SEALED, name)
        new = old + "x" if isinstance(old, str) else (old or 0) + 1
        assert chain.digest(self.SEALED._replace(**{name: new}), self.LEGS, chain.START) != before

    @given(st.lists(st.tuples(*[st.sampled_from(["", "a", "b", "ab"])] * 3), min_size=2, max_size=2,
                    unique=True))  # fmt: skip
    def test_two_headings_do_not_meet(self, two):
        one, other = (Leg("spent", 1, line=a, fund=b, organisation=c) for a, b, c in two)
        assert chain.heading("actual", one) != chain.heading("actual", other)
        assert chain.heading("plan", one) != chain.heading("actual", one)


class TestMonths:
    def test_a_year_begins_in_april(self):
        assert months.year(202603) == "2025/26"
        assert months.year(202604) == "2026/27"

    @given(st.dates(min_value=date(1990, 1, 1), max_value=date(2100, 1, 1)))
    def test_after_and_before_undo_each_other(self, day):
        month = months.number(day)
        assert months.before(months.after(month)) == month
        assert months.after(months.before(month)) == month
        assert months.first(month) == day.replace(day=1)
