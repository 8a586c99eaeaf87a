"""Several at once about one person: one is first, the others are told; no money moves twice."""

import pytest
from racing import at_once, on_many_connections

from onesystem.budget.entitlement import actions, queries
from onesystem.budget.ledger import queries as books

pytestmark = [
    pytest.mark.django_db(transaction=True),
    on_many_connections,
]


def test_of_many_who_agree_need_one_does(somebody, asker, needy):
    def agree():
        actions.agree_need(person=somebody, by=asker, finding=needy, scheme="care act", seen=0)

    told = at_once(*[agree] * 4)
    assert told.count("done") == 1
    assert sum("somebody else was quicker" in each for each in told) == 3
    assert queries.stands(somebody).steps == 1


def test_of_many_who_settle_one_does_and_money_moves_once(somebody, asker, needy, case):
    from datetime import timedelta

    actions.agree_need(person=somebody, by=asker, finding=needy, scheme="care act", seen=0,
                       starts=actions.today() - timedelta(days=14))  # fmt: skip
    actions.say_means(person=somebody, by=asker, case=case, seen=1)
    actions.sign(person=somebody, by=asker, seen=2)

    def settle():
        actions.settle(person=somebody, by=asker, words="Agreed", seen=3,
                       weekly={"person": 244_35, "council": 705_65})  # fmt: skip

    told = at_once(*[settle] * 4)
    assert told.count("done") == 1
    assert -books.balance(book="actual", account="charged") == 2 * 244_35
