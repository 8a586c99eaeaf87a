"""Costs beside the log: all of it, what was touched alone, once each; and a month in the ledger."""

from datetime import UTC, date, datetime

import pyarrow as pa
import pytest
from cost_facts import STAY, VISITS, told
from funds_data import fund_it

from onesystem import access, contacts
from onesystem.budget.costing import actions, loading, queries, refreshing, store
from onesystem.budget.costing.rates import NoRate
from onesystem.budget.funds import actions as funds
from onesystem.budget.ledger import actions as ledger
from onesystem.budget.ledger import queries as books
from onesystem.budget.ledger.entry import Unbalanced
from onesystem.vocabulary import NotPermitted, UserError

DAY = date(2026, 10, 15)
JOB = access.Actor.job("costing")
FINANCE = access.Actor(name="fay", roles=frozenset({"finance"}))
MAY, JUNE = date(2026, 5, 1), date(2026, 6, 1)


@pytest.fixture
def funded(joined):
    fund_it()
    return joined


def total(month=MAY):
    return sum(cost.minor for cost in queries.costs(month, month))


def anew():
    """What it comes to when all of it is costed from nothing."""
    for each in store.place().glob("*"):
        each.unlink()
    store._cached.clear()
    actions.refresh(by=JOB, day=DAY)
    return {m: total(m) for m in queries.months()}


def test_the_log_is_costed_by_service_and_month(joined):
    told(*VISITS, STAY)
    done = actions.refresh(by=JOB, day=DAY)
    assert (done.contacts, done.rows) == (61, 63)
    by = {(c["service"], c["month"]): c for c in queries.costs(date(2026, 4, 1), JUNE)}
    assert by["nursing", MAY].contacts == 60
    assert by["ward-a", MAY].minor == round(31 * 82586 * 105 / 100)
    assert by["ward-a", date(2026, 4, 1)].contacts == 1
    [whole] = [c for c in queries.costs(date(2026, 4, 1), JUNE, by=("setting",))
               if c["setting"] == "ward"]  # fmt: skip
    assert whole.contacts == 1  # in three months, and once


def test_a_contact_counts_once_however_many_lines_it_has(joined):
    """A visit has two lines of staff, one of consumables, one of overheads."""
    told(*VISITS, STAY)
    actions.refresh(by=JOB, day=DAY)
    many = {c["kind"]: c.contacts for c in queries.costs(MAY, MAY, by=("kind",))}
    assert many == {"staff": 60, "consumables": 60, "overhead": 60, "national": 1}
    [nurses] = queries.costs(MAY, MAY, by=("service",), name="district-nurse")
    assert nurses.contacts == 60
    [whole] = queries.costs(MAY, MAY, by=())
    assert whole.contacts == 61


def test_again_nothing_is_costed_and_nothing_changes(joined):
    told(*VISITS, STAY)
    actions.refresh(by=JOB, day=DAY)
    before = total()
    done = actions.refresh(by=JOB, day=DAY)
    assert (done.contacts, done.months, done.left) == (0, 0, 2)
    assert total() == before


def test_a_correction_costs_what_it_touches_and_no_more(joined):
    told(*VISITS, STAY)
    actions.refresh(by=JOB, day=DAY)
    visit = ("v3", "nursing", "community", "2026-05-04 09:00", "2026-05-04 10:00", False)
    told(visit, message=2)
    moved = ("v4", "nursing", "community", "2026-07-04 09:00", "2026-07-04 10:00", False)
    told(moved, message=3)
    gone = ("v5", "nursing", "community", "2026-05-06 09:00", "2026-05-06 10:00", True)
    told(gone, message=4)
    done = actions.refresh(by=JOB, day=DAY)
    assert done.contacts == 2
    after = {m: total(m) for m in queries.months()}
    assert date(2026, 7, 1) in after
    assert after == anew()


def test_merged_files_of_the_log_cost_nothing_anew(joined):
    from onesystem.contacts.log import merge

    for n in range(0, 60, 10):
        told(*VISITS[n : n + 10], message=n + 1)
    actions.refresh(by=JOB, day=DAY)
    before = total()
    assert merge.merge_months(lambda _: None, many=2)
    done = actions.refresh(by=JOB, day=DAY)
    assert (done.contacts, total()) == (0, before)


def test_what_is_in_the_store_and_in_the_log_costs_once(transactional_db, joined):
    """A contact of the log that a message opens again is told by the store."""
    told(*VISITS)
    actions.refresh(by=JOB, day=DAY)
    again = ("v7", "nursing", "community", "2026-05-08 09:00", None, False)
    told(again, message=2)
    actions.refresh(by=JOB, day=DAY)
    assert queries.costs(MAY, MAY, by=())[0].contacts == 60
    assert total() == anew()[MAY]
    told(("v7", "nursing", "community", "2026-05-08 09:00", "2026-05-08 09:30", False), message=3)
    contacts.compact(by=JOB, at=datetime(2027, 6, 1, tzinfo=UTC))
    actions.refresh(by=JOB, day=DAY)
    assert queries.costs(MAY, MAY, by=())[0].contacts == 60
    assert total() == anew()[MAY]


def test_who_is_still_there_costs_more_every_day(joined):
    told(("s2", "ward-a", "ward", "2026-10-01 10:00", None, False))
    actions.refresh(by=JOB, day=date(2026, 10, 10))
    before = total(date(2026, 10, 1))
    actions.refresh(by=JOB, day=date(2026, 10, 12))
    assert total(date(2026, 10, 1)) - before == 2 * round(82586 * 105 / 100)


def test_one_contact_shows_its_working_and_its_cost_is_that_of_the_column(joined):
    told(*VISITS, STAY)
    actions.refresh(by=JOB, day=DAY)
    [stay] = [c for c in contacts.of_identities([61]) if c.service == "ward-a"]
    portions = queries.working(stay)
    assert queries.cost_of([stay.contact]) == {stay.contact: sum(p.minor for p in portions)}
    assert [p.month.month for p in portions] == [4, 5, 6]
    assert "National Cost Collection" in portions[0].lines[0].source


def test_other_prices_cost_the_months_they_hold_for_and_those_alone(joined):
    told(*VISITS, ("j1", "nursing", "community", "2026-06-04 09:00", "2026-06-04 09:30", False))
    actions.refresh(by=JOB, day=DAY)
    before = total(MAY)
    (joined.path / loading.FILE).write_text(
        """
        [[rule]]
        name = "ours"
        words = "Our nurses"
        service = "nursing"
        since = 2026-06-01
        source = "counted"
        lines = [{ kind = "consumables", minor = 100 }]
        """
    )
    done = actions.refresh(by=JOB, day=DAY)
    assert (done.contacts, done.months, done.left) == (1, 1, 1)
    assert (total(MAY), total(JUNE)) == (before, 100)


def test_a_missing_rate_changes_nothing(joined):
    told(*VISITS)
    actions.refresh(by=JOB, day=DAY)
    before = store.current()
    (joined.path / loading.FILE).write_text(
        """
        [[staff]]
        group = "district-nurse"
        words = "district nurse"
        since = 2014-04-01
        until = 2026-05-01
        cost = 1
        minutes = 1
        source = "ended"
        """
    )
    with pytest.raises(NoRate, match="no rate of the staff group 'district-nurse' in May 2026"):
        actions.refresh(by=JOB, day=DAY)
    assert store.current() == before


def test_a_contact_that_the_log_has_twice_is_refused(joined, monkeypatch):
    """The log never has one twice; if it had, nothing would be costed rather than that."""
    told(*VISITS)
    monkeypatch.setattr(
        refreshing, "_read", lambda names, read=refreshing._read: pa.concat_tables(
            [read(names), read(names)]
        ).combine_chunks(),
    )  # fmt: skip
    with pytest.raises(UserError, match="twice in 2026-05: it would be costed twice"):
        actions.refresh(by=JOB, day=DAY)
    assert not store.current().number


def test_a_crash_before_the_last_step_leaves_what_was(joined, monkeypatch):
    told(*VISITS)
    actions.refresh(by=JOB, day=DAY)
    before = total()
    told(("v3", "nursing", "community", "2026-05-04 09:00", "2026-05-04 10:00", False), message=2)

    def dies(manifest):
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(store, "put", dies)
        with pytest.raises(KeyboardInterrupt):
            actions.refresh(by=JOB, day=DAY)
    assert total() == before
    actions.refresh(by=JOB, day=DAY)
    assert total() != before
    assert total() == anew()[MAY]


def _line(code, service, organisation):
    funds.open_line(
        code=code, name=code, fund="nhs", service=service, organisation=organisation, by=JOB
    )


def test_a_month_is_posted_once_and_then_only_what_changed(funded):
    told(*VISITS, STAY)
    actions.refresh(by=JOB, day=DAY)
    lines = {row.service: row.line for row in queries.reconcile(MAY).rows}
    assert lines["nursing"]
    numbers = actions.post_month(month=MAY, by=FINANCE)
    assert len(numbers) == 1
    assert actions.post_month(month=MAY, by=FINANCE) == []
    told_of = queries.reconcile(MAY)
    spent = books.balance(book="actual", account="spent", month_from=MAY, month_to=MAY)
    assert spent == told_of.posted == told_of.contacts - told_of.left
    assert {row.why for row in told_of.rows if row.left} <= {"no budget line pays for this service"}
    told(("v3", "nursing", "community", "2026-05-04 09:00", "2026-05-04 10:00", False), message=2)
    actions.refresh(by=JOB, day=DAY)
    [changed] = [row for row in queries.reconcile(MAY).rows if row.service == "nursing"]
    assert changed.why == "changed since it was posted"
    assert changed.left > 0
    actions.post_month(month=MAY, by=FINANCE)
    [changed] = [row for row in queries.reconcile(MAY).rows if row.service == "nursing"]
    assert changed.left == 0


def test_a_closed_month_takes_its_difference_in_an_open_one(funded):
    told(*VISITS)
    actions.refresh(by=JOB, day=DAY)
    actions.post_month(month=MAY, by=FINANCE)
    ledger.close(month=MAY, by=FINANCE)
    told(("v3", "nursing", "community", "2026-05-04 09:00", "2026-05-04 10:00", False), message=2)
    actions.refresh(by=JOB, day=DAY)
    with pytest.raises(UserError, match="May 2026 is closed, and its costs changed since"):
        actions.post_month(month=MAY, by=FINANCE)
    with pytest.raises(Unbalanced, match="closed"):
        actions.post_month(month=MAY, by=FINANCE, into=date(2026, 4, 1))
    assert actions.post_month(month=MAY, by=FINANCE, into=JUNE)
    assert queries.reconcile(MAY).left == 0


def test_what_was_reversed_in_the_ledger_is_left_again(funded):
    told(*VISITS)
    actions.refresh(by=JOB, day=DAY)
    [number] = actions.post_month(month=MAY, by=FINANCE)
    ledger.correct(posting=number, by=FINANCE, why="posted to try it")
    assert queries.reconcile(MAY).posted == 0
    actions.post_month(month=MAY, by=FINANCE)
    assert queries.reconcile(MAY).left == 0


def test_a_month_that_is_not_over_or_not_costed_is_not_posted(funded):
    with pytest.raises(UserError, match="nothing is costed yet"):
        actions.post_month(month=MAY, by=FINANCE)
    told(*VISITS)
    actions.refresh(by=JOB, day=DAY)
    with pytest.raises(UserError, match="October 2026 is not over"):
        actions.post_month(month=date(2026, 10, 1), by=FINANCE)
    with pytest.raises(NotPermitted):
        actions.post_month(month=MAY, by=access.Actor(name="c", roles=frozenset({"commissioner"})))


def test_a_pool_is_posted_with_what_nobody_used(funded):
    (funded.path / loading.FILE).write_text(
        """
        [[pool]]
        code = "team"
        words = "District nurses"
        group = "district-nurse"
        services = ["nursing"]
        since = 2026-05-01
        cost = 1_500_001
        minutes = 9_000
        source = "payroll"
        """
    )
    told(*VISITS)
    actions.refresh(by=JOB, day=DAY)
    [use] = queries.pool_use(MAY, MAY)
    assert use.used + use.unused == 1_500_001
    assert len(actions.post_month(month=MAY, by=FINANCE)) == 2
    told_of = queries.reconcile(MAY)
    assert (told_of.left, told_of.unused) == (0, use.unused)
    other = sum(c.minor for c in queries.cells(MAY, MAY) if not c.pool)
    assert told_of.posted == 1_500_001 + other


def test_what_contacts_cost_is_a_measure(joined):
    """The same sums as pages show, by month: 60 visits and a stay."""
    from onesystem.flow.measures import telling

    told(*VISITS, STAY)
    actions.refresh(by=JOB, day=DAY)
    assert "contact-cost" in telling.bring_up()
    events = [e for e in telling._TELLERS["contact-cost"].events() if e.service == "nursing"]
    [cost] = queries.costs(MAY, MAY, by=("service",), service="nursing")
    assert sum(e.numerator for e in events) == cost.minor
    assert sum(e.denominator for e in events) == 60
    own = [e for e in telling._TELLERS["cost-by-own-minutes"].events() if e.service == "ward-a"]
    assert sum(e.numerator for e in own) == 0
