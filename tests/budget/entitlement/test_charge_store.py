"""Steps as they are kept: need first, versions, one turn at a time, money moved, forgotten."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from onesystem.access import Actor
from onesystem.budget.entitlement import actions, queries, store
from onesystem.budget.entitlement.needs import Finding
from onesystem.budget.ledger import actions as ledger
from onesystem.budget.ledger import queries as books
from onesystem.vocabulary import NotPermitted, UserError


def agreed(somebody, asker, needy, days=0, **more):
    start = actions.today() - timedelta(days=days)
    return actions.agree_need(person=somebody, by=asker, finding=needy, scheme="care act",
                              starts=start, **{"seen": 0, **more})  # fmt: skip


def signed(somebody, asker, needy, case, days=0):
    agreed(somebody, asker, needy, days)
    actions.say_means(person=somebody, by=asker, case=case, seen=1)
    return actions.sign(person=somebody, by=asker, seen=2)


def test_care_starts_when_need_is_agreed_and_the_payer_is_settled_behind_it(somebody, asker, needy):
    stands = agreed(somebody, asker, needy)
    assert stands.starts == actions.today()
    assert stands.payer_open
    assert stands.settle_by == actions.today() + timedelta(days=28)
    assert stands.state == "to assess"


def test_means_cannot_be_said_before_need(somebody, asker, case):
    with pytest.raises(UserError, match="need was not assessed"):
        actions.say_means(person=somebody, by=asker, case=case, seen=0)


def test_what_is_not_eligible_starts_no_care(somebody, asker):
    none = Finding(eligible=False, source="test")
    stands = agreed(somebody, asker, none)
    assert (stands.starts, stands.payer_open, stands.state) == (None, False, "not eligible")
    with pytest.raises(UserError, match="no care was agreed"):
        actions.dispute(person=somebody, by=asker, words="who pays", seen=1)


def test_a_signed_charge_keeps_every_line(somebody, asker, needy, case):
    stands = signed(somebody, asker, needy, case)
    result = stands.letter.said["result"]
    assert (result["pays"], result["council"]) == (244_35, 705_65)
    assert [line["rule"] for line in result["lines"]][-2:] == ["pays.person", "pays.council"]
    assert stands.state == "to settle"
    assert stands.review == actions.today() + timedelta(days=365)


def test_versions_stand_beside_each_other(somebody, asker, needy, case):
    signed(somebody, asker, needy, case)
    actions.say_means(person=somebody, by=asker, case={**case, "capital": []}, seen=3)
    assert queries.stands(somebody).stale
    stands = actions.sign(person=somebody, by=asker, seen=4)
    assert [s.said["result"]["pays"] for s in stands.signed] == [244_35, 229_35]


def test_means_say_nothing_of_need(somebody, asker, needy, case):
    """What was found with the need holds, whatever a form of means sends."""
    agreed(somebody, asker, needy)
    actions.say_means(person=somebody, by=asker, case={**case, "eligible": False, "chc": True},
                      seen=1)  # fmt: skip
    result = actions.sign(person=somebody, by=asker, seen=2).letter.said["result"]
    assert (result["pays"], result["nhs"]) == (244_35, 0)


@pytest.mark.parametrize("rules", ["barker-v1", "cap-86000", "last-year"])
def test_nobody_is_charged_by_rules_that_are_not_law(somebody, asker, needy, case, rules):
    agreed(somebody, asker, needy)
    actions.say_means(person=somebody, by=asker, case=case, seen=1)
    with pytest.raises(UserError, match="nobody is charged by it"):
        actions.sign(person=somebody, by=asker, seen=2, rules=rules)


def test_who_comes_second_is_told_who_was_first(somebody, asker, needy):
    agreed(somebody, asker, needy)
    with pytest.raises(UserError, match="somebody else was quicker") as error:
        agreed(somebody, asker, needy)
    assert "assessor did: need" in error.value.cure
    assert queries.stands(somebody).steps == 1


def test_settling_moves_what_was_paid_meanwhile(somebody, asker, needy, case):
    signed(somebody, asker, needy, case, days=35)
    weekly = {"person": 244_35, "council": 705_65, "nhs": 0}
    stands = actions.settle(person=somebody, by=asker, weekly=weekly, words="Agreed", seen=3)
    assert stands.state == "settled"
    assert -books.balance(book="actual", account="charged") == 5 * 244_35
    assert books.balance(book="actual", account="owed") == 5 * 244_35
    assert books.verify() is None or not books.verify()


def test_between_purses_the_ledger_is_corrected(somebody, asker, needy, case):
    signed(somebody, asker, needy, case, days=14)
    weekly = {"person": 0, "council": 0, "nhs": 950_00}
    actions.settle(person=somebody, by=asker, weekly=weekly, words="NHS continuing", seen=3)
    assert books.balance(book="actual", account="spent", organisation="nhs") == 2 * 950_00
    assert books.balance(book="actual", account="spent", organisation="council") == -2 * 950_00


def test_a_closed_month_takes_no_correction(somebody, asker, needy, case):
    signed(somebody, asker, needy, case, days=70)
    start = (actions.today() - timedelta(days=70)).replace(day=1)
    boss = Actor(name="boss", roles=frozenset({"finance"}))
    ledger.close(month=start, by=boss)
    weekly = {"person": 0, "council": 0, "nhs": 950_00}
    actions.settle(person=somebody, by=asker, weekly=weekly, words="NHS", seen=3)
    assert books.balance(book="actual", account="spent", organisation="nhs") == 10 * 950_00
    assert books.balance(book="actual", account="spent", month_to=start) == 0


def test_a_dispute_reopens_the_payer_and_never_stops_care(somebody, asker, needy, case):
    signed(somebody, asker, needy, case, days=14)
    weekly = {"person": 244_35, "council": 705_65, "nhs": 0}
    actions.settle(person=somebody, by=asker, weekly=weekly, words="Agreed", seen=3)
    stands = actions.dispute(person=somebody, by=asker, words="It is health care", seen=4,
                             meanwhile="nhs")  # fmt: skip
    assert (stands.payer_open, stands.meanwhile, stands.eligible) == (True, "nhs", True)
    before = books.balance(book="actual", account="charged")
    actions.settle(person=somebody, by=asker, weekly={"nhs": 950_00}, words="NHS", seen=5)
    assert books.balance(book="actual", account="charged") == before  # no day is moved twice


@pytest.mark.parametrize(
    ("weekly", "words", "said"),
    [
        ({"person": 1, "council": 0, "nhs": 0}, "x", "the care costs 95000"),
        ({"king": 950_00}, "x", "no purse 'king'"), ({"council": 950_00}, " ", "nothing was said"),
        ({"council": -1}, "x", "is -1"),
    ],
)  # fmt: skip
def test_a_settlement_sums_exactly_and_says_why(somebody, asker, needy, case, weekly, words, said):
    signed(somebody, asker, needy, case)
    with pytest.raises(UserError, match=said):
        actions.settle(person=somebody, by=asker, weekly=weekly, words=words, seen=3)
    assert queries.stands(somebody).steps == 3


def test_undoing_is_for_ones_own_last_step(somebody, asker, needy, case):
    signed(somebody, asker, needy, case)
    other = replace(asker, actor=replace(asker.actor, name="other"))
    with pytest.raises(UserError, match="nothing of yours"):
        actions.undo(person=somebody, by=other, seen=3)
    stands = actions.undo(person=somebody, by=asker, seen=3)
    assert (stands.letter, stands.state, stands.steps) == (None, "to sign", 4)


def test_what_moved_money_is_not_undone(somebody, asker, needy, case):
    signed(somebody, asker, needy, case)
    weekly = {"person": 244_35, "council": 705_65, "nhs": 0}
    actions.settle(person=somebody, by=asker, weekly=weekly, words="Agreed", seen=3)
    with pytest.raises(UserError, match="nothing of yours"):
        actions.undo(person=somebody, by=asker, seen=4)


def test_the_trail_names_the_act_and_no_amount(somebody, asker, needy, case):
    from onesystem.access.models import Audit

    signed(somebody, asker, needy, case)
    rows = Audit.objects.filter(act__startswith="charges.").order_by("pk")
    assert [r.act for r in rows] == ["charges.need", "charges.means", "charges.signed"]
    assert "24435" not in str([r.detail for r in rows])
    assert all(r.person == somebody for r in rows)


def test_the_ledger_knows_a_key_and_no_person(somebody, asker, needy, case):
    signed(somebody, asker, needy, case, days=14)
    weekly = {"person": 244_35, "council": 705_65, "nhs": 0}
    actions.settle(person=somebody, by=asker, weekly=weekly, words="Agreed", seen=3)
    key = store.ChargePerson.objects.get().person_key
    with connection.cursor() as cursor:
        cursor.execute("SELECT DISTINCT person FROM budget_leg")
        assert [row[0] for row in cursor.fetchall()] == [key]


def test_who_waits_is_listed_by_number(somebody, asker, needy, case):
    agreed(somebody, asker, needy, days=3)
    [row] = queries.waiting(actions.today())
    assert (row.person, row.state) == (somebody, "to assess")
    assert row.settle_by == actions.today() + timedelta(days=25)
    assert queries.counts() == {"to assess": 1}


def test_it_is_forgotten_with_the_person(somebody, asker, needy, case):
    from onesystem import people

    signed(somebody, asker, needy, case)
    assert store.forget(people.identity_ids_of(somebody)) == 4
    assert queries.steps(somebody) == []


def test_another_role_may_not(somebody, asker, needy):
    nurse = replace(asker, actor=Actor(name="nurse", roles=frozenset({"ed-nurse"})))
    with pytest.raises(NotPermitted):
        agreed(somebody, nurse, needy)


def test_the_database_holds_one_step_of_a_number(somebody, asker, needy):
    agreed(somebody, asker, needy)
    one = store.ChargeStep.objects.get()
    with pytest.raises(IntegrityError), transaction.atomic():
        store.ChargeStep.objects.create(identity=one.identity, number=one.number, verb="need",
                                        by="x", at=0, said="{}")  # fmt: skip
    with pytest.raises(IntegrityError), transaction.atomic():
        store.ChargeStep.objects.create(identity=one.identity, number=9, verb="guess", by="x",
                                        at=0, said="{}")  # fmt: skip
