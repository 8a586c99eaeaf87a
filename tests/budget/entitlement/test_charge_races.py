"""Several at once about one person: one is first, the others are told; no money moves twice."""

from threading import Barrier, Thread

import pytest
from django.db import connection

from onesystem.budget.entitlement import actions, queries
from onesystem.budget.ledger import queries as books
from onesystem.vocabulary import UserError

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(
        connection.vendor == "sqlite", reason="a store in memory has one writer and no queue"
    ),
]


def at_once(*doing):
    """Do these at one moment; what came of each."""
    told, together = [], Barrier(len(doing))

    def run(do):
        together.wait()
        try:
            do()
            told.append("done")
        except UserError as error:
            told.append(str(error))
        finally:
            connection.close()

    threads = [Thread(target=run, args=(do,)) for do in doing]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    return sorted(told)


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
