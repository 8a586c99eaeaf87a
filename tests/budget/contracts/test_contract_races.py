"""Several at once on one contract: one is first, the others are told, nothing is paid twice."""

import pytest
from contract_made import SINCE, UNTIL, direct
from racing import at_once, on_many_connections

from onesystem.budget.contracts import actions, queries, settling
from onesystem.budget.ledger import queries as ledger

pytestmark = [
    pytest.mark.django_db(transaction=True),
    on_many_connections,
]


def test_of_many_who_settle_a_year_one_does(live, by):
    slug = live(direct())
    told = at_once(
        *(lambda: settling.settle(slug=slug, since=SINCE, until=UNTIL, by=by) for _ in range(4))
    )
    assert told.count("done") == 1
    assert sum("settlement 1 is open" in each for each in told) == 3
    assert len(queries.settlements(slug)) == 1


def test_of_many_who_post_a_settlement_the_ledger_has_one(live, by):
    slug = live(direct())
    settling.settle(slug=slug, since=SINCE, until=UNTIL, by=by)
    for party in ("icb", "hospital"):
        settling.sign(slug=slug, settlement=1, party=party, signatory="A", by=by)
    told = at_once(*(lambda: settling.post(slug=slug, settlement=1, by=by) for _ in range(4)))
    assert told == ["done"] * 4  # the same again is the same posting
    paid = ledger.balance(book="actual", account="owed", contract=slug, organisation="hospital")
    assert paid == -1_060_000_00
    assert ledger.verify() == []


def test_of_two_who_sign_for_a_party_one_does(told, by):
    slug = actions.begin(agreement=direct(), by=by)
    said = at_once(
        *(lambda: actions.sign(slug=slug, party="icb", signatory="A", seen=1, by=by),) * 2
    )
    assert said.count("done") == 1
    assert sum("while you were looking" in each for each in said) == 1
