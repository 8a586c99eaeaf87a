"""A year settled: every line with its source, in the ledger once, corrected by another, re-run."""

import json
from datetime import date
from fractions import Fraction

import contract_made as given
import pytest
from contract_made import REFUSED, SINCE, UNTIL, alliance, direct, prime
from django.db import connection, transaction

from onesystem import access
from onesystem.budget.contracts import posting, queries, settling
from onesystem.budget.ledger import actions as ledger
from onesystem.budget.ledger import queries as entries
from onesystem.budget.ledger.entry import Leg
from onesystem.vocabulary import UserError

pytestmark = pytest.mark.django_db


@pytest.fixture
def settle(by):
    """Work a year out; `posts` it too, with every party's signature."""

    def settles(slug, *, posts=True, number=None):
        number = number or settling.settle(slug=slug, since=SINCE, until=UNTIL, by=by)
        if posts:
            for party in settling.unsigned(slug, queries.settled(slug, number)):
                settling.sign(slug=slug, settlement=number, party=party, signatory="A", by=by)
            settling.post(slug=slug, settlement=number, by=by)
        return queries.settled(slug, number)

    return settles


def owed(slug, organisation):
    return -entries.balance(book="actual", account="owed", contract=slug,
                            organisation=organisation)  # fmt: skip


def test_an_alliance_shares_what_it_saved(live, settle):
    """4.7 of 5 million: half of 300,000 under the target, split 50, 30 and 20 (the form of the
    construction alliances: shared half, held at 5%)."""
    one = settle(live(alliance()))
    assert one.due == {
        "hospital": 3_000_000_00 + 75_000_00, "community": 1_200_000_00 + 45_000_00,
        "practice": 500_000_00 + 30_000_00, "icb": -(4_700_000_00 + 150_000_00),
    }  # fmt: skip
    assert sum(one.balance.values()) == 0
    assert owed("urgent-care-alliance", "hospital") == 3_075_000_00
    assert entries.balance(book="actual", account="spent", line="urgent") == 4_850_000_00
    assert entries.verify() == []


def test_what_is_over_is_borne_together_and_held(live, settle, told):
    """Six million: half of a million over is 500,000, held at 5% of the target, 250,000."""
    told.costs = given.costs(ed=4_300_000_00)
    one = settle(live(alliance()))
    assert one.due["hospital"] == 4_300_000_00 - 125_000_00
    assert one.due["practice"] == 500_000_00 - 50_000_00


def test_every_line_has_its_rule_and_leads_to_its_facts(live, settle):
    one = settle(live(alliance()), posts=False)
    facts = {each["fact"]: each for each in one.kept["origins"]}
    assert all(line.rule and line.words and line.source for line in one.lines)
    led = {line.fact for line in one.lines if line.fact}
    assert led == {"cost", "cost.hospital", "cost.community", "cost.practice"} == set(facts)
    parts = facts["cost.hospital"]["parts"]
    assert sum(part["minor"] for part in parts) == 3_000_000_00
    assert {part["service"] for part in parts} == {"ed"}
    line = next(line for line in one.lines if line.fact == "cost.hospital")
    assert line.amount == 3_000_000_00


def test_a_plan_varies_at_its_share(live, settle):
    """900 a month are 10,800: 800 above the plan at three quarters of 100."""
    one = settle(live(direct()))
    assert one.due["hospital"] == 1_000_000_00 + 60_000_00


def test_fewer_than_the_plan_give_their_share_back(live, settle, told):
    """800 a month are 9,600: 400 below the plan at three quarters of 100."""
    told.costs = given.costs(contacts=800)
    assert settle(live(direct())).due["hospital"] == 1_000_000_00 - 30_000_00


def test_a_prime_contractor_passes_on(live, settle):
    """10,800 contacts at 40: a quarter is passed on."""
    one = settle(live(prime()))
    assert one.due == {"community": 324_000_00, "practice": 108_000_00, "icb": -432_000_00}


def test_what_was_owed_already_is_taken_off(live, settle, by):
    slug = live(direct())
    legs = (
        Leg("spent", 900_000_00, line="urgent", organisation="icb", contract=slug),
        Leg("owed", -900_000_00, line="urgent", organisation="hospital", contract=slug),
    )
    ledger.post(book="actual", month=date(2025, 5, 1), legs=legs, words="On account", by=by)
    one = settle(slug)
    assert one.due["hospital"] == 1_060_000_00
    assert one.balance == {"hospital": 160_000_00, "icb": -160_000_00}
    assert owed(slug, "hospital") == 1_060_000_00
    [line] = [line for line in one.lines if line.rule == "owed already"]
    assert (line.amount, line.fact) == (-900_000_00, "ledger.hospital")
    [origin] = [each for each in one.kept["origins"] if each["kind"] == "ledger"]
    assert origin["parts"][0]["minor"] == 900_000_00


def test_posting_again_posts_nothing(live, settle, by):
    slug = live(direct())
    one = settle(slug)
    assert settling.post(slug=slug, settlement=1, by=by) == one.postings
    assert owed(slug, "hospital") == 1_060_000_00


def test_a_crash_leaves_nothing_half_done(live, settle, by, monkeypatch):
    """The ledger has posted, and the settlement's state is not written: both are gone."""
    slug = live(direct())
    one = settle(slug, posts=False)
    for party in settling.unsigned(slug, one):
        settling.sign(slug=slug, settlement=1, party=party, signatory="A", by=by)
    real = posting.posted

    def crashes(*args, **kwargs):
        real(*args, **kwargs)
        raise RuntimeError("the power went")

    monkeypatch.setattr(posting, "posted", crashes)
    with pytest.raises(RuntimeError), transaction.atomic():
        settling.post(slug=slug, settlement=1, by=by)
    assert owed(slug, "hospital") == 0
    assert queries.settled(slug, 1).row.state == "signed"
    monkeypatch.setattr(posting, "posted", real)
    settling.post(slug=slug, settlement=1, by=by)
    assert owed(slug, "hospital") == 1_060_000_00


def test_a_correction_reverses_and_stands_instead(live, settle, by, told):
    slug = live(direct())
    settle(slug)
    told.costs = given.costs(contacts=1000)
    number = settling.correct(slug=slug, settlement=1, by=by, why="Late contacts")
    assert owed(slug, "hospital") == 1_060_000_00
    one = settle(slug, number=number)
    assert one.balance["hospital"] == one.due["hospital"] == 1_150_000_00
    assert owed(slug, "hospital") == 1_150_000_00
    assert queries.settled(slug, 1).row.reversed_by == 2
    assert queries.money(slug) == 1_150_000_00
    assert entries.verify() == []
    with pytest.raises(UserError, match="does not stand"):
        settling.correct(slug=slug, settlement=1, by=by, why="Again")


def test_years_later_the_same_lines_come_out(live, settle, told, monkeypatch):
    slug = live(alliance())
    settle(slug)
    told.costs = []  # whatever the log says by then
    monkeypatch.setattr("onesystem.district.now", lambda: None)
    assert settling.rerun(slug, 1) == []


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE budget_settlement SET facts = '{}'",
        "UPDATE budget_settlement SET state = 'draft', posted = 0",
        "DELETE FROM budget_settlement",
        "UPDATE budget_settled_line SET amount = 1",
        "DELETE FROM budget_settled_line",
    ],
)
def test_the_database_refuses_to_change_what_was_settled(live, settle, sql):
    settle(live(direct()))
    with pytest.raises(REFUSED), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)


def test_what_cannot_be_settled_is_refused_with_its_cure(live, settle, by, told):
    slug = live(direct())
    with pytest.raises(UserError, match="no version of Stays on Ward A is in force in April 2026"):
        settling.settle(slug=slug, since=SINCE, until=date(2026, 5, 1), by=by)
    with pytest.raises(UserError, match="no span of whole months"):
        settling.settle(slug=slug, since=UNTIL, until=SINCE, by=by)
    one = settle(slug, posts=False)
    with pytest.raises(UserError, match="settlement 1 is open"):
        settling.settle(slug=slug, since=SINCE, until=UNTIL, by=by)
    with pytest.raises(UserError, match="it is not signed by hospital, icb"):
        settling.post(slug=slug, settlement=1, by=by)
    settling.withdraw(slug=slug, settlement=1, by=by, why="A test")
    with pytest.raises(UserError, match="it is withdrawn"):
        settling.post(slug=slug, settlement=1, by=by)
    with pytest.raises(UserError, match="settlement 1 is withdrawn"):
        settling.sign(slug=slug, settlement=1, party="icb", signatory="A", by=by)
    settle(slug)
    with pytest.raises(UserError, match="settlement 2 has settled April 2025 already"):
        settling.settle(slug=slug, since=SINCE, until=date(2025, 7, 1), by=by)
    assert one.row.settlement == 1


def test_a_settlement_is_of_one_version(live, by):
    from onesystem.budget.contracts import actions

    slug = live(direct())
    later = direct(since=date(2025, 10, 1), name="Stays on Ward A, renewed")
    actions.keep(slug=slug, agreement=later, seen=queries.contract(slug).steps, by=by)
    for party in ("icb", "hospital"):
        actions.sign(slug=slug, party=party, signatory="A", by=by,
                     seen=queries.contract(slug).steps)  # fmt: skip
    actions.publish(slug=slug, seen=queries.contract(slug).steps, by=by)
    with pytest.raises(UserError, match=r"2 versions of .* are in force"):
        settling.settle(slug=slug, since=SINCE, until=UNTIL, by=by)
    number = settling.settle(slug=slug, since=SINCE, until=date(2025, 10, 1), by=by)
    assert queries.settled(slug, number).row.version == 1


def test_a_closed_month_takes_nothing_more(live, settle):
    ledger.close(month=date(2026, 3, 1), by=access.Actor.job("test"))
    one = settle(live(direct()))
    assert entries.posting(one.postings[0]).month == date(2026, 4, 1)


def test_nothing_to_pay_is_posted_without_an_entry(live, settle, told):
    told.costs = []
    one = settle(live(prime()))
    assert one.postings == []
    assert one.row.state == "posted"


def test_what_is_kept_is_in_the_words_of_the_engine(live, settle):
    """`onesystem settle TERMS FACTS` gives the same from what a settlement keeps."""
    from onesystem.budget.terms import codec
    from onesystem.budget.terms.settling import settle as engine

    one = settle(live(alliance()), posts=False)
    kept = json.loads(one.row.facts)
    found = engine(codec.terms_of(kept["terms"]), codec.facts_of(kept["facts"]))
    assert found.by_party["hospital"] == one.due["hospital"]
    assert codec.facts_of(kept["facts"]).whole == {}
    assert Fraction(kept["terms"]["pots"][0]["weights"][0]["share"].rstrip("%")) == 50
