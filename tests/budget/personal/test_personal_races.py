"""Several at once on one budget: nothing is spent twice, and the ledger agrees with every step."""

import os
import random

import pytest
from personal_data import HOLDER, KEEPER, OTHER
from racing import at_once, on_many_connections

from onesystem.budget.ledger import queries as ledger
from onesystem.budget.personal import actions, asking, ending, queries, spending
from onesystem.budget.personal.posting import today
from onesystem.vocabulary import UserError

SEQUENCES = int(os.environ.get("ONESYSTEM_SEQUENCES", "6"))  # 10,000 and more by hand


@pytest.mark.django_db(transaction=True)
@on_many_connections
class TestAtOnce:
    def test_two_people_spend_the_last_pound_and_one_gets_it(self, live):
        def buys(by):
            spending.spend(budget=live, item="respite", way="notional", amount=50_000, day=today(),
                           by=by)  # fmt: skip

        told = at_once(lambda: buys(KEEPER), lambda: buys(OTHER), lambda: buys(KEEPER))
        assert told.count("done") == 1
        assert sum("£0.00 that is left" in each for each in told) == 2
        assert queries.statement(queries.one(live)).differences == {}

    def test_one_answer_is_given(self, live):
        number = asking.ask(budget=live, kind="spend", item="travel", amount=100, words="A taxi",
                            by=HOLDER)  # fmt: skip
        told = at_once(
            lambda: asking.agree(ask=number, by=KEEPER),
            lambda: asking.refuse(ask=number, reason="not-in-plan", words="No", by=OTHER),
        )
        assert told.count("done") == 1
        assert any("already" in each for each in told)

    def test_one_budget_is_assessed(self, purses, somebody):
        from personal_data import HEALTH, SOCIAL, a_year

        starts, ends = a_year()

        def assesses(by):
            actions.assess(person=somebody, programme="integrated", starts=starts, ends=ends,
                           needs=[], purses=[HEALTH, SOCIAL], by=by)  # fmt: skip

        told = at_once(lambda: assesses(KEEPER), lambda: assesses(OTHER))
        assert told.count("done") == 1
        assert len(queries.of_person(somebody)) == 1


def something(number, by_chance):
    """One act that somebody could try, allowed or not."""
    amount = by_chance.choice([1, 7, 333, 9_999, 25_000, 60_000])
    row = queries.one(number)
    spends = [m.pk for m in row.moves.filter(kind="spent")]
    said = {"budget": number, "by": KEEPER}
    money = said | {"amount": amount, "day": today()}
    by_chance.choice([
        lambda: spending.spend(**money, item="respite", way="notional"),
        lambda: spending.spend(**money, item="respite", way="direct"),
        lambda: spending.pay(**money),
        lambda: spending.take_back(spend=by_chance.choice(spends or [0]), why="x", by=KEEPER),
        lambda: actions.add(**said, line=by_chance.choice(["phb", "asc"]), amount=amount, why="x",
                            way=by_chance.choice(["notional", "direct"])),
        lambda: actions.pause(**said, why="hospital"),
        lambda: actions.resume(**said),
        lambda: ending.end(**said, why=by_chance.choice(["died", "moved"]), on=today())
        if by_chance.random() < 0.2 else None,
    ])()  # fmt: skip


@pytest.mark.parametrize("seed", range(SEQUENCES))
def test_whatever_is_done_nothing_is_created_or_lost(live, seed):
    """Random acts in a random order: after each, the statement and the ledger agree."""
    by_chance = random.Random(seed)
    for _ in range(25):
        try:
            something(number=live, by_chance=by_chance)
        except UserError:
            continue
        told = queries.statement(queries.one(live))
        assert told.differences == {}
        assert told.agreed == told.drawn + sum(p.set_aside + p.released for p in told.purses)
        assert all(w.left >= 0 for w in told.ways)
        assert told.lines[-1:] == () or sum(each.amount for each in told.lines) == told.left
    assert ledger.verify() == []
    row = queries.one(live)
    spent = sum(p.drawn for p in row.purses.all())
    held = sum(p.agreed - p.drawn - p.released for p in row.purses.all())
    assert ledger.available("phb") + ledger.available("asc") + spent + held == 800_000
