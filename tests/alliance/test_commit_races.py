"""Several funders at once: one is first, the others are told, nothing is half made."""

from datetime import UTC, datetime

import pytest
from funded import ASKS, FUNDERS, TRUST, asked, confirm, everybody, running_from, signed_pathway
from racing import at_once, on_many_connections

from onesystem.alliance.commit import actions, queries
from onesystem.alliance.commit.rows import ReservedMonth, Resourced
from onesystem.alliance.meeting import queries as meeting
from onesystem.budget.ledger import queries as ledger

pytestmark = [pytest.mark.django_db(transaction=True), on_many_connections]


@pytest.fixture
def number(district):
    """A decision that waits for three funders, with all that it lets go live ready."""
    running_from(datetime(2026, 11, 20, 12, tzinfo=UTC))
    made = asked(everybody())
    signed_pathway()
    return made


def test_three_confirm_at_once_and_it_goes_live_once(number):
    at_once(*(lambda n=n, by=by: confirm(number, n, by) for n, by in enumerate(FUNDERS)))
    assert Resourced.objects.count() == 1
    assert ReservedMonth.objects.count() == 12
    assert ledger.verify() == []


def test_two_confirm_while_a_third_withdraws(number):
    """Whoever comes first: either all of it went live and stays, or none of it did."""
    confirm(number, 2, TRUST)
    at_once(
        lambda: confirm(number, 0, FUNDERS[0]),
        lambda: confirm(number, 1, FUNDERS[1]),
        lambda: actions.withdraw(decision=number, nth=2, reason="Winter", by=TRUST),
    )
    went = meeting.decision(number).state == "resourced"
    words = queries.words(number)
    assert went == all(word.said == "confirmed" for word in words)
    assert ReservedMonth.objects.count() == (12 if went else 0)
    promised = -ledger.balance(book="commitment", account="promised")
    assert promised == (sum(ask.amount for ask in ASKS) if went else 0)
    assert ledger.verify() == []
