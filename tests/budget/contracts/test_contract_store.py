"""Contracts in the store: written, signed, published; who is second; what the database refuses."""

from datetime import date

import pytest
from contract_made import GATE, REFUSED, alliance, direct, prime
from django.db import connection, transaction

from onesystem import access
from onesystem.budget.contracts import actions, queries
from onesystem.budget.contracts.agreement import Gate
from onesystem.budget.contracts.keeping import NotYet, Overtaken, Wrong
from onesystem.vocabulary import NotFound, NotPermitted, UserError

pytestmark = pytest.mark.django_db


def seen(slug):
    return queries.contract(slug).steps


def test_a_contract_is_written_signed_and_published(told, by):
    slug = actions.begin(agreement=direct(gate=Gate()), by=by)
    assert slug == "stays-on-ward-a"
    number = actions.keep(slug=slug, agreement=direct(), seen=1, by=by, why="The gate")
    assert (number, queries.contract(slug).open.state) == (1, "draft")
    actions.sign(slug=slug, party="icb", signatory="Ina Icke, chief officer", seen=2, by=by)
    assert queries.contract(slug).open.state == "signing"
    with pytest.raises(UserError, match="it is not signed by hospital"):
        actions.publish(slug=slug, seen=3, by=by)
    actions.sign(slug=slug, party="hospital", signatory="Hal Hay, chief executive", seen=3, by=by)
    actions.publish(slug=slug, seen=4, by=by)
    known = queries.contract(slug)
    assert known.in_force(date(2025, 4, 1)).number == 1
    assert known.in_force(date(2026, 4, 1)) is None
    assert [each.kind for each in queries.steps(slug)] == [
        "published", "signed", "signed", "kept", "begun",
    ]  # fmt: skip


def test_what_is_signed_never_changes(live, by):
    slug = live(direct())
    with pytest.raises(Wrong, match="A version is in force from 1 April 2025 on"):
        actions.keep(slug=slug, agreement=direct(name="Other"), seen=seen(slug), by=by)
    later = direct(since=date(2025, 10, 1), name="Stays on Ward A, renewed")
    assert actions.keep(slug=slug, agreement=later, seen=seen(slug), by=by) == 2
    actions.sign(slug=slug, party="icb", signatory="I", seen=seen(slug), by=by)
    with pytest.raises(UserError, match="has been signed by 1 of its parties"):
        actions.keep(slug=slug, agreement=later, seen=seen(slug), by=by)
    actions.withdraw(slug=slug, seen=seen(slug), by=by, why="The price was wrong")
    assert actions.keep(slug=slug, agreement=later, seen=seen(slug), by=by) == 3


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE budget_contract_version SET body = '{}'",
        "UPDATE budget_contract_version SET since = '2020-01-01'",
        "UPDATE budget_contract_version SET state = 'draft', published = 0",
        "DELETE FROM budget_contract_version",
        "UPDATE budget_contract_signature SET signatory = 'Nobody'",
        "DELETE FROM budget_contract_signature",
        "UPDATE budget_contract_step SET why = 'other'",
        "DELETE FROM budget_contract_step",
    ],
)
def test_the_database_refuses_to_change_what_was_signed(live, sql):
    live(direct())
    with pytest.raises(REFUSED), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)


def test_nothing_goes_live_before_the_gate_is_passed(told, by):
    slug = actions.begin(agreement=direct(gate=Gate()), by=by)
    for party in ("icb", "hospital"):
        actions.sign(slug=slug, party=party, signatory="A", seen=seen(slug), by=by)
    with pytest.raises(NotYet) as refused:
        actions.publish(slug=slug, seen=seen(slug), by=by)
    assert "The VAT of it is not settled" in [p.what for p in refused.value.problems]
    actions.publish(slug=slug, seen=seen(slug), by=by, override="The board decided on 3 March.")
    version = queries.contract(slug).in_force(date(2025, 5, 1))
    assert (version.row.override_by, version.row.override) == (
        "connor", "The board decided on 3 March.",
    )  # fmt: skip
    assert queries.steps(slug)[0].kind == "overridden"


def test_an_override_is_not_named_where_nothing_is_missing(told, by):
    slug = actions.begin(agreement=direct(gate=GATE), by=by)
    for party in ("icb", "hospital"):
        actions.sign(slug=slug, party=party, signatory="A", seen=seen(slug), by=by)
    actions.publish(slug=slug, seen=seen(slug), by=by, override="In haste")
    assert queries.contract(slug).in_force(date(2025, 5, 1)).row.override == ""


def test_the_second_of_two_is_told_who_was_first(told, by):
    slug = actions.begin(agreement=direct(), by=by)
    actions.keep(slug=slug, agreement=direct(name="Mine"), seen=1, by=by)
    with pytest.raises(Overtaken, match="connor changed it at"):
        actions.keep(slug=slug, agreement=direct(name="Theirs"), seen=1, by=by)
    assert queries.contract(slug).name == "Mine"


def test_who_may_not_keep_contracts_does_not(told):
    other = access.Actor(name="fern", roles=frozenset({"finance"}))
    with pytest.raises(NotPermitted):
        actions.begin(agreement=direct(), by=other)


def test_faults_are_refused_with_their_cure(told, by):
    slug = actions.begin(agreement=alliance(), by=by)
    assert actions.begin(agreement=alliance(), by=by) == f"{slug}-2"
    with pytest.raises(Wrong, match="shares sum to 80%"):
        actions.begin(agreement=alliance(parties=alliance().parties[:-1]), by=by)
    with pytest.raises(UserError, match="no party of it"):
        actions.sign(slug=slug, party="nobody", signatory="A", seen=1, by=by)
    with pytest.raises(UserError, match="not said who signed"):
        actions.sign(slug=slug, party="icb", signatory=" ", seen=1, by=by)
    with pytest.raises(UserError, match="not said why"):
        actions.withdraw(slug=slug, seen=1, by=by, why="")
    actions.withdraw(slug=slug, seen=1, by=by, why="A test")
    with pytest.raises(UserError, match=r"no version of .* is being written"):
        actions.sign(slug=slug, party="icb", signatory="A", seen=2, by=by)
    with pytest.raises(NotFound, match="Did you mean"):
        queries.contract("urgent-care-allianc")
    with pytest.raises(NotFound, match="no version 9"):
        queries.contract(slug).version(9)


def test_the_same_again_is_no_step(told, by):
    slug = actions.begin(agreement=direct(), by=by)
    actions.keep(slug=slug, agreement=direct(), seen=1, by=by)
    assert seen(slug) == 1


def test_a_contact_is_paid_by_one_contract(live, told, by):
    """The fault of a contact that is paid for twice: two contracts in the same months."""
    live(alliance())
    slug = actions.begin(agreement=prime(name="Nursing"), by=by)
    with pytest.raises(Wrong, match="Urgent care alliance pays for District nursing in these"):
        actions.sign(slug=slug, party="icb", signatory="A", seen=1, by=by)
    later = prime(name="Nursing", since=date(2026, 4, 1), until=date(2027, 4, 1))
    actions.keep(slug=slug, agreement=later, seen=1, by=by)
    assert actions.sign(slug=slug, party="icb", signatory="A", seen=2, by=by) == 3
