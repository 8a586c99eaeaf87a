"""Who has confirmed what, month by month, and what may go live: pure."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onesystem.alliance.commit.standing import Word, by_month, stand
from onesystem.alliance.meeting import changes
from onesystem.alliance.meeting.proposal import Ask, Change
from onesystem.budget.months import later

JANUARY, MARCH = date(2027, 1, 1), date(2027, 3, 1)
ASKS = (
    Ask(funder="board", amount=100, since=JANUARY, until=MARCH),
    Ask(funder="council", amount=50, since=JANUARY, until=MARCH),
)


def word(nth, said="confirmed", **more):
    whole = {"amount": ASKS[nth].amount, "since": JANUARY, "until": MARCH, "line": "a"}
    return Word(nth=nth, said=said, **(whole | more))


class TestStanding:
    """money-and-care.md 7.2: it moves to resourced only when all are confirmed."""

    def test_all_have_to_confirm(self):
        assert stand(ASKS, [word(0)]).missing == ("council",)
        assert stand(ASKS, [word(0), word(1)]).complete

    def test_the_last_word_counts(self):
        said = [word(0), word(1), word(0, "withdrawn")]
        assert [line.state for line in stand(ASKS, said).lines] == ["withdrawn", "confirmed"]
        assert stand(ASKS, [*said, word(0)]).complete

    @pytest.mark.parametrize("less", [{"amount": 99}, {"until": JANUARY}, {"line": ""}])
    def test_less_is_not_confirmed(self, less):
        assert stand(ASKS, [word(0, **less), word(1)]).missing == ("board",)

    def test_what_is_promised_so_far(self):
        there = stand(ASKS, [word(1)])
        assert (there.promised, there.asked) == (50, 150)


@given(st.integers(1, 10**12), st.integers(1, 60))
def test_months_sum_to_the_whole(amount, many):
    ask = Ask(funder="board", amount=amount, since=JANUARY, until=later(JANUARY, many - 1))
    parts = by_month(ask, "GBP")
    assert sum(part for _, part in parts) == amount
    assert len(parts) == many
    assert max(p for _, p in parts) - min(p for _, p in parts) <= 1


@pytest.mark.parametrize(
    ("change", "what"),
    [
        (Change(kind="magic", code="a"), "no kind of change"),
        (Change(kind="pathway", code=" "), "not said what"),
        (Change(kind="service", code="nursing", number="many", since=JANUARY), "number of people"),
        (Change(kind="service", code="nursing", number="0", since=JANUARY), "number of people"),
        (Change(kind="service", code="nursing", number="4"), "from when"),
        (Change(kind="goal", code="ed-attendances", number="90"), "no goal"),
        (Change(kind="terms", code="well", number="two"), "no version"),
    ],
)
def test_what_cannot_be_carried_out_is_told(change, what):
    [problem] = changes.problems([change])
    assert what in problem.what
    assert problem.cure


def test_what_can_is_not():
    assert changes.problems([
        Change(kind="service", code="nursing", number="4", since=JANUARY),
        Change(kind="goal", code="ed-attendances", number="At  most 12.5"),
        Change(kind="other", code="", words="A letter to all practices"),
    ]) == []  # fmt: skip


def test_care_is_put_in_force_before_what_is_paid_for_it():
    some = [Change(kind=kind, code="a") for kind in ("terms", "goal", "pathway")]
    assert [each.kind for each in changes.in_order(some)] == ["pathway", "goal", "terms"]
