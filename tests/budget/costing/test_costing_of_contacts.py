"""What contacts cost, by one and by many; what is refused."""

import os
from datetime import date
from fractions import Fraction

import pytest
from cost_facts import at, by_month, contacts, costed, ground, on
from hypothesis import given, settings
from hypothesis import strategies as st

from onesystem.budget.costing.amounts import rounded
from onesystem.budget.costing.cells import month_of, number_of
from onesystem.budget.costing.pools import used
from onesystem.budget.costing.pricing import Book
from onesystem.budget.costing.rates import NoRate
from onesystem.budget.costing.working import Facts, worked
from onesystem.flow.measures import days

CLOCK = days.clock("Europe/London")
DAY = date(2026, 11, 1)
MANY = int(os.environ.get("ONESYSTEM_EXAMPLES", "100"))  # 10,000 of each before a release


def test_a_visit_line_by_line():
    """31 minutes of a nurse at 100 a minute, 12 on the way, dressings of 250, overhead of 12.5 %:
    3,100 + 1,200 + 250 = 4,550, and 568.75 is 569.
    """
    facts = Facts(service="n", setting="community", mode="", started=at("2026-05-01 09:00"),
                  ended=at("2026-05-01 09:31"))  # fmt: skip
    [portion] = worked(facts, Book(ground()), CLOCK, days.day_of(DAY))
    assert [line.minor for line in portion.lines] == [3100, 1200, 250, 569]
    assert next(line.source for line in portion.lines) == "a nurse"
    assert (portion.minor, portion.basis, portion.rule) == (5119, "own", "visit")


def test_a_line_counts_no_more_than_its_most():
    made = costed(
        contacts(("n", "community", "", "2026-05-01 09:00", "2026-05-01 19:00")), ground()
    )
    assert made.minor == 9000 + 1200 + 250 + 1306


def test_a_stay_is_told_month_by_month():
    """From 30 March to 2 April 2026: two nights begin in March, at the prices of 2025-26, one in
    April at those of 2026-27; tests once, in the month in which it began.
    """
    made = costed(contacts(("w", "ward", "", "2026-03-30 10:00", "2026-04-02 09:00")), ground())
    assert by_month(made) == {
        (1, "2026-03"): round(2 * 70_001 * Fraction(103, 100)) + 900,
        (1, "2026-04"): round(70_001 * Fraction(105, 100)),
    }
    assert made.table["began"].to_pylist() == [True, False]


def test_a_stay_within_a_day_counts_as_one():
    made = costed(contacts(("w", "ward", "", "2024-05-01 10:00", "2024-05-01 15:00")), ground())
    assert made.minor == 70_901


def test_months_are_those_of_the_district():
    """Half past eleven by UTC on 31 March is 1 April by the clocks of London."""
    table = contacts(("g", "general practice", "", "2026-03-31 23:30", "2026-03-31 23:40"))
    assert list(by_month(costed(table, ground()))) == [(1, "2026-04")]


def test_who_is_still_there_is_costed_up_to_the_day():
    table = contacts(("w", "ward", "", "2026-10-28 10:00", None))
    assert costed(table, ground(), date(2026, 10, 30)).table["minor"].to_pylist() == [
        round(2 * 70_001 * Fraction(105, 100)) + 900
    ]
    assert costed(table, ground(), date(2026, 10, 28)).minor == 0


def test_where_no_rule_is_the_reason_is_said():
    facts = Facts(service="m", setting="meals", mode="", started=at("2026-05-01 12:00"), ended=None)
    [portion] = worked(facts, Book(ground()), CLOCK, days.day_of(DAY))
    assert (portion.basis, portion.minor) == ("none", 0)
    assert portion.reason == "Nobody has said what a meal costs."


def test_before_costing_begins_nothing_costs():
    table = contacts(
        ("g", "general practice", "", "2024-03-30 10:00", "2024-03-30 10:10"),
        ("w", "ward", "", "2024-03-30 10:00", "2024-04-02 10:00"),
    )
    assert by_month(costed(table, ground())) == {(2, "2024-04"): 70_001}


def test_the_narrower_rule_wins():
    rules = on("""
        [[rule]]
        name = "own"
        words = "Our own nurses"
        service = "n1"
        since = 2025-04-01
        source = "counted"
        lines = [{ kind = "consumables", minor = 1 }]
        """)
    table = contacts(
        ("n1", "community", "", "2026-05-01 09:00", "2026-05-01 09:30"),
        ("n2", "community", "", "2026-05-01 09:00", "2026-05-01 09:30"),
        ("n1", "community", "", "2025-03-01 09:00", "2025-03-01 09:30"),
    )
    assert sorted(by_month(costed(table, rules)).values()) == [1, 5006, 5006]


def test_a_missing_rate_is_refused_with_the_cure():
    """A staff group whose rate ended, and a deflator that does not reach so far."""
    rules = on("""
        [[staff]]
        group = "gp"
        words = "doctor"
        since = 2024-04-01
        until = 2025-04-01
        cost = 100
        minutes = 3
        source = "ended"
        """)
    table = contacts(("g", "general practice", "", "2026-05-01 09:00", "2026-05-01 09:10"))
    with pytest.raises(NoRate, match=r"no rate of the staff group 'gp' in May 2026.*costs\.toml"):
        costed(table, rules)
    late = contacts(("w", "ward", "", "2027-05-01 09:00", "2027-05-03 09:10"))
    with pytest.raises(NoRate, match=r"'prices' says nothing of 2027-28.*Add '2027-28'"):
        costed(late, ground(), date(2027, 6, 1))


def test_a_pool_is_the_price_of_its_services_minutes_and_reconciles():
    """10,001 a month and 3,000 practical minutes: contacts use what they use, the rest is left,
    and what is left is shared among the services to the penny.
    """
    rules = on("""
        [[pool]]
        code = "team"
        words = "The team"
        group = "gp"
        services = ["g1", "g2", "g3"]
        since = 2026-05-01
        cost = 10_001
        minutes = 3_000
        source = "payroll"
        """)
    table = contacts(
        *(("g1", "general practice", "", "2026-05-01 09:00", "2026-05-01 09:07"),) * 50,
        *(("g2", "general practice", "", "2026-05-02 09:00", "2026-05-02 09:11"),) * 20,
        ("g9", "general practice", "", "2026-05-02 09:00", "2026-05-02 09:11"),
    )
    made = costed(table, rules)
    [use] = used(rules, made.cells, [number_of(date(2026, 5, 1))])
    assert use.minutes == 50 * 7 + 20 * 11
    assert use.used + use.unused == 10_001
    assert use.used == 50 * 23 + 20 * 37  # 23.33 and 36.67
    assert sum(use.left_to().values()) == use.unused
    assert set(use.left_to()) == {"g1", "g2", "g3"}
    assert by_month(made)[71, "2026-05"] == round(Fraction(1100, 3))


SERVICES = [("a", "community"), ("b", "general practice"), ("c", "ward"), ("d", "home care"),
            ("e", "meals"), ("f", "ED")]  # fmt: skip
_MINUTES = st.integers(0, 1_300_000)
CONTACT = st.tuples(
    st.sampled_from(SERVICES), st.sampled_from(["", "telephone"]), _MINUTES,
    st.one_of(st.none(), st.integers(0, 300), st.integers(0, 200_000)), st.booleans(),
)  # fmt: skip
_FIRST = at("2024-03-01 00:00")


def _table(drawn):
    made = contacts(*((s, k, m, None, None) for (s, k), m, *_ in drawn))
    import pyarrow as pa

    times = pa.timestamp("ms", tz="UTC")
    start = [_FIRST + minute * 60_000 for _, _, minute, _, _ in drawn]
    end = [None if long is None else begun + long * 60_000
           for begun, (*_, long, _) in zip(start, drawn, strict=True)]  # fmt: skip
    made = made.set_column(5, "started", pa.array(start, times))
    made = made.set_column(6, "ended", pa.array(end, times))
    return made.set_column(7, "cancelled", pa.array([out for *_, out in drawn])), start, end


@settings(max_examples=MANY)
@given(st.lists(CONTACT, min_size=1, max_size=40), st.integers(0, 900))
def test_many_at_once_cost_what_each_costs_by_itself(drawn, later):
    """The columns give what the working gives, row by row; sums by line are those of the lines."""
    table, start, end = _table(drawn)
    day = days.date_of(days.day_of(date(2024, 4, 1)) + later)
    book = Book(ground())
    made = costed(table, book, day)
    expected, lines = {}, {}
    for number, ((service, setting), mode, *_, out) in enumerate(drawn, 1):
        facts = Facts(service=service, setting=setting, mode=mode, started=start[number - 1],
                      ended=end[number - 1], cancelled=out)  # fmt: skip
        for portion in worked(facts, book, CLOCK, days.day_of(day)):
            key = number, number_of(portion.month)
            expected[key] = portion.minor, portion.basis, portion.rule, portion.began
            for place, line in enumerate(portion.lines):
                cell = service, portion.rule, key[1], place
                lines[cell] = lines.get(cell, 0) + line.minor
    rows = made.table.to_pylist()
    assert {
        (r["contact"], r["month"]): (r["minor"], r["basis"], r["rule"], r["began"]) for r in rows
    } == expected
    assert len(rows) == len(expected)  # no contact twice in a month
    summed = {}
    for cell in made.cells:
        if cell.rule:
            key = cell.service, cell.rule, cell.month, cell.line
            summed[key] = summed.get(key, 0) + cell.minor
    assert summed == lines
    assert made.minor == sum(minor for minor, *_ in expected.values())


@settings(max_examples=MANY)
@given(
    st.lists(st.integers(0, 10**7), min_size=1, max_size=30),
    st.fractions(0, 10**6, max_denominator=10**5),
)
def test_amounts_are_rounded_as_python_rounds(quantities, price):
    import numpy as np

    got = rounded(np.array(quantities, np.int64), price)
    assert got.tolist() == [round(quantity * price) for quantity in quantities]


def test_amounts_too_large_for_the_quick_way_are_exact_too():
    import numpy as np

    price = Fraction(10**15 + 1, 3)
    assert rounded(np.array([7, 10**3]), price).tolist() == [round(7 * price), round(1000 * price)]


@settings(max_examples=MANY)
@given(st.lists(CONTACT, min_size=1, max_size=30), st.integers(1, 10**8), st.integers(1, 10**5))
def test_pools_always_reconcile(drawn, cost, minutes):
    """Used and unused sum to the pool in every month, and what is left sums by service."""
    rules = on(f"""
        [[pool]]
        code = "p"
        words = "Pool"
        group = "nurse"
        services = ["a", "d", "z"]
        since = 2024-04-01
        cost = {cost}
        minutes = {minutes}
        source = "s"
        """)
    made = costed(_table(drawn)[0], rules, date(2026, 10, 1))
    months = range(number_of(date(2024, 3, 1)), number_of(date(2026, 10, 1)))
    every = used(rules, made.cells, months)
    assert len(every) == 30
    for use in every:
        assert use.used + use.unused == cost
        assert sum(use.left_to().values()) == use.unused
    in_pool = sum(c.minor for c in made.cells if c.pool)
    assert sum(use.used for use in every) == in_pool


def test_months_are_numbered_both_ways():
    assert [month_of(number_of(date(y, m, 1))) for y, m in ((1970, 1), (2026, 12))] == [
        date(1970, 1, 1), date(2026, 12, 1)
    ]  # fmt: skip
