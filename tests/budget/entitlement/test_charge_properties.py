"""What holds for every case: nothing is lost, nobody is asked for more than they have.

10,000 examples each: ONESYSTEM_EXAMPLES=10000 pytest tests/budget/entitlement.
"""

import os
from dataclasses import replace
from datetime import date

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from onesystem.budget.entitlement import bulk
from onesystem.budget.entitlement.case import (
    BANDS,
    HOUSEHOLDS,
    PREMIUMS,
    Capital,
    Case,
    Income,
    Property,
)
from onesystem.budget.entitlement.kinds import CAPITAL, HOME, INCOME, kinds
from onesystem.budget.entitlement.local import with_local
from onesystem.budget.entitlement.rates import england, read
from onesystem.budget.entitlement.rule_sets import RULE_SETS, charge

MANY = int(os.environ.get("ONESYSTEM_EXAMPLES", "150"))
ENGLISH = [name for name, each in RULE_SETS.items() if each.currency == "GBP"]
pence = st.integers(0, 2_000_00)
incomes = st.builds(Income, kind=st.sampled_from(sorted(kinds(INCOME))), amount=pence)
capitals = st.builds(
    Capital, kind=st.sampled_from(sorted(kinds(CAPITAL))), amount=st.integers(0, 60_000_00),
    share=st.fractions(min_value="1/5", max_value=1, max_denominator=5),
)  # fmt: skip
homes = st.builds(
    Property, value=st.integers(0, 900_000_00), secured=st.integers(0, 100_000_00),
    lives=st.sampled_from(sorted(kinds(HOME))), deferred=st.integers(0, 200_000_00),
)  # fmt: skip


@st.composite
def cases(draw):
    setting = draw(st.sampled_from(("home", "care home", "nhs")))
    return Case(
        day=draw(st.dates(date(2021, 1, 1), date(2026, 12, 31))), setting=setting,
        cost=draw(st.integers(0, 3_000_00)), age=draw(st.integers(18, 105)),
        household=draw(st.sampled_from(HOUSEHOLDS)), children=draw(st.integers(0, 3)),
        premiums=tuple(draw(st.sets(st.sampled_from(PREMIUMS)))), eligible=draw(st.booleans()),
        band=draw(st.sampled_from(BANDS[1:])), end_of_life=draw(st.booleans()),
        chc=draw(st.booleans()), weeks=draw(st.integers(0, 60)),
        nursing=draw(st.sampled_from(("", "standard", "higher"))) if setting == "care home" else "",
        income=tuple(draw(st.lists(incomes, max_size=4))),
        capital=tuple(draw(st.lists(capitals, max_size=3))), home=draw(st.none() | homes),
        dre=draw(st.integers(0, 80_00)), housing=draw(st.integers(0, 150_00)),
        metered=draw(st.integers(0, 120_000_00)), start_assets=draw(st.integers(0, 400_000_00)),
    )  # fmt: skip


@settings(max_examples=MANY)
@given(cases(), st.sampled_from(ENGLISH))
def test_the_parts_sum_exactly_and_none_is_below_nothing(case, rules):
    made = charge(case, rules)
    assert made.pays + made.council + made.nhs == made.cost
    assert min(made.pays, made.council, made.nhs) >= 0
    assert type(made.pays) is type(made.council) is type(made.nhs) is int
    last = {line.rule: line.amount for line in made.lines}
    assert last["pays.person"] == made.pays
    assert all(line.words and line.source for line in made.lines)


@settings(max_examples=MANY)
@given(cases())
def test_who_is_not_above_the_limit_keeps_what_the_law_leaves(case):
    made = charge(case)
    if made.full or case.chc or case.free or case.setting == "nhs" or not case.eligible:
        return
    said = {rule: sum(x.amount or 0 for x in made.lines if x.rule == rule)
            for rule in ("income.sum", "capital.tariff")}  # fmt: skip
    keeps = -sum(x.amount or 0 for x in made.lines if x.about == "keep")
    assert said["income.sum"] + said["capital.tariff"] - made.pays >= min(
        keeps, said["income.sum"] + said["capital.tariff"]
    )


@settings(max_examples=MANY)
@given(cases(), st.integers(0, 500_00))
def test_more_income_or_capital_never_pays_less(case, more):
    richer = replace(case, income=(*case.income, Income(kind="state pension", amount=more)))
    assert charge(richer).pays >= charge(case).pays
    saved = replace(case, capital=(*case.capital, Capital(kind="savings", amount=more * 100)))
    assert charge(saved).pays >= charge(case).pays


@settings(max_examples=MANY)
@given(cases(), st.randoms(use_true_random=False))
def test_the_order_of_what_is_said_does_not_matter(case, random):
    def shuffled(some):
        some = list(some)
        random.shuffle(some)
        return tuple(some)

    other = replace(case, income=shuffled(case.income), capital=shuffled(case.capital))
    for rules in ENGLISH:
        one, two = charge(case, rules), charge(other, rules)
        assert (one.pays, one.council, one.nhs) == (two.pays, two.council, two.nhs)


@settings(max_examples=MANY)
@given(cases(), st.integers(0, 100_00))
def test_a_kinder_local_table_never_asks_for_more(case, kinder):
    tables = read(f"""
[[table]]
name = "minimum income guarantee"
since = 2015-04-01
source = "local"
[table.amounts]
pension = {24_145 + kinder}
adult = {12_040 + kinder}
""", "charges.toml", local=True)  # fmt: skip
    assert charge(case, rates=with_local(england(), tables)).pays <= charge(case).pays


@settings(max_examples=MANY)
@given(cases())
def test_what_somebody_has_never_changes_their_need(case):
    """Need comes first: the lines on need are the same for the poor and the rich."""
    rich = replace(case, capital=(Capital(kind="savings", amount=9_000_000_00),))
    for rules in ENGLISH:
        one, two = (
            [x.rule for x in charge(each, rules).lines if x.about == "need"]
            for each in (case, rich)
        )
        assert one == two


@settings(max_examples=MANY)
@given(cases())
def test_no_stage_of_barker_asks_for_more_than_the_one_before(case):
    first, second, third = (charge(case, f"barker-v{n}").pays for n in (1, 2, 3))
    if case.band != "substantial":
        assert second == first
    assert third <= second


@settings(max_examples=max(20, MANY // 100))
@given(st.integers(0, 2**32 - 1), st.dates(date(2020, 1, 1), date(2026, 12, 31)))
def test_the_columns_equal_the_exact_path(seed, day):
    people = bulk.made_up(100, day, seed)
    columns = bulk.charges(people, england())
    for row in range(len(people)):
        made = charge(bulk.case_at(people, row))
        got = tuple(int(columns[key][row]) for key in ("pays", "council", "nhs"))
        assert got == (made.pays, made.council, made.nhs)
        assert bool(columns["full"][row]) is made.full
        lines = {x.rule: x.amount for x in made.lines}
        for rule in ("capital.tariff", "income.sum", "capital.sum"):
            assert lines.get(rule, 0) == columns[rule][row]
    assert np.all(columns["pays"] + columns["council"] + columns["nhs"] == columns["cost"])
