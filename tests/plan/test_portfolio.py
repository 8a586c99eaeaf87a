"""The optimiser of portfolios: held against every combination tried by hand-written rows."""

from dataclasses import replace

import portfolio_oracle as oracle
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from onesystem.plan.portfolio.columns import UNIT
from onesystem.plan.portfolio.matrix import matrix
from onesystem.plan.portfolio.proposing import of_starts, propose
from onesystem.plan.portfolio.shape import NEVER, Choice, Group, Problem, Service
from onesystem.plan.portfolio.solving import Solver, Stopped
from onesystem.vocabulary import BadConfig


def test_work_that_nobody_does_is_unmet():
    """Ten nurses of 1,000 minutes see 500 people at 20 minutes; 100 of 600 stay unseen."""
    found = propose(replace(oracle.small(), choices=(), moments=0, change=()), asked=False).best
    assert found.unmet["visits"] == pytest.approx((100.0,) * 4)
    assert found.undone == 4 * 100 * 50_00
    assert found.spent == 4 * 10 * 3_000_00


def test_options_start_when_they_pay_and_within_the_capacity_for_change():
    """One start at a time: calls save 40 visits at once, advice 60 from the period after.

    Calls last three periods after advice: 60 x 3 + 40 x 3 visits less; the other way round
    40 x 4 + 60 x 2, which is fewer by 20 visits at 50.00, for one period of advice less at 100.00
    and one of calls more at 50.00.
    """
    found = propose(oracle.small()).best
    assert found.starts == {"advice": 0, "calls": 1}
    assert found.unmet["visits"] == pytest.approx((100.0, 0.0, 0.0, 0.0))


def test_an_option_that_costs_more_than_it_saves_is_left():
    dear = Choice(name="dear", setup=10**9, less={"visits": 100.0})
    assert propose(oracle.small(choices=(dear,)), asked=False).best.starts == {"dear": NEVER}


def test_staff_leave_and_arrive_after_their_training():
    """Of 10, a tenth leave: 9 stay. Two hired in the first period arrive two periods later."""
    group = Group(name="nurses", minutes=1000.0, there=10.0, leaving=0.1, training=2,
                  most_hired=2.0, hiring=1)  # fmt: skip
    found = propose(oracle.small(groups=(group,), choices=(), moments=0, change=())).best
    assert found.posts["nurses"] == pytest.approx((9.0, 8.1, 9.29, 10.361))


def test_places_hold_work_back_until_an_option_adds_some():
    stays = Service(name="stays", wanted=(10.0,) * 4, undone=1_00, place="beds", takes=3.0)
    ward = Choice(name="ward", places={"beds": 9.0}, lag=1, running=1)
    problem = oracle.small(
        services=(stays,), groups=(), choices=(ward,), places={"beds": (15.0,) * 4}
    )
    assert propose(problem).best.done["stays"] == pytest.approx((5.0, 8.0, 8.0, 8.0))


def test_entries_of_the_same_place_are_added_up():
    """The solver refuses a matrix with an entry twice; two moments may fall on the same state."""
    late = Choice(name="late", less={"visits": 10.0}, lag=3)
    m = matrix(oracle.small(choices=(late,), moments=2, every=2, change=(1.0, 1.0)))
    places = [
        (row, col)
        for row, (a, b) in enumerate(zip(m.start[:-1], m.start[1:], strict=True))
        for col in m.index[a:b].tolist()
    ]
    assert len(places) == len(set(places))


def test_a_matrix_that_the_solver_refuses_is_not_run():
    m = matrix(oracle.small())
    m.index = m.index.copy()
    m.index[1] = m.index[0]
    with pytest.raises(RuntimeError, match="refused the matrix"):
        Solver(m)


def test_a_plan_keeps_every_limit_to_the_penny():
    problem = oracle.small(money=(61_234_57, 60_777_31))
    found = propose(problem, asked=False).best
    assert [found.year(y) <= problem.money[y] for y in (0, 1)] == [True, True]
    assert found.spent == sum(each.amount for each in found.lines)


def test_departing_costs_what_deciding_otherwise_costs():
    """Each departure is held against the best of the combinations in which that choice is so."""
    problem = oracle.small()
    found = propose(problem)
    best = oracle.best(problem)
    for each in found.departures:
        totals = [
            oracle.total(problem, starts) for starts in oracle.every_start(problem)
            if starts[each.option] == each.start
        ]  # fmt: skip
        assert each.cost == pytest.approx(min(t for t in totals if t is not None) - best, abs=2)


def test_a_price_is_what_a_little_more_brings():
    """A dual, a unit of it, agrees with the plan solved again with that unit more."""
    problem = oracle.small(choices=(), moments=0, change=(), money=())
    agency = replace(problem.groups[0], agency=4_000_00, most_agency=1.0)
    problem = replace(problem, groups=(agency,))
    (price,) = (each for each in propose(problem).prices if each.kind == "staff")
    more = propose(replace(problem, groups=(replace(agency, there=11.0),))).best
    before = propose(problem).best
    # The nurse who is there is paid; one more post at no pay brings that much more.
    assert price.margin == price.worth == before.total - more.total + 4 * agency.pay


def test_money_that_binds_has_its_price():
    """Work at 10.00 a unit; a year's money for 900 of 1,200. A penny more does a thousandth of a
    unit: 60.00 - 10.00 for each 10.00, five pence for a penny, in each of two years.
    """
    bought = Service(name="bought", wanted=(600.0,) * 4, undone=60_00, cost=10_00)
    problem = Problem(periods=4, a_year=2, services=(bought,), money=(9_000_00,) * 2)
    (price,) = propose(problem).prices
    assert price.by_row == (5_000, 5_000)
    assert (price.binds, price.tight, price.worth) == (True, 2, 5 * 2 * 90_00)


def test_what_clashes_is_said_with_the_least_that_has_to_give_way():
    """600 wanted, 90% to be done: 540; ten nurses do 500, and nobody can be hired. Short by 40
    visits a period, or by 0.8 posts (40 x 20 minutes of 1,000); money is no part of the clash.
    """
    problem = oracle.small(choices=(), moments=0, change=())
    problem = replace(
        problem, services=(replace(problem.services[0], floor=0.9),),
        groups=(replace(problem.groups[0], most_hired=0.0),),
    )  # fmt: skip
    found = propose(problem).clash
    told = {(each.kind, each.of): each.least for each in found.short}
    assert told == {
        ("floor", "visits"): pytest.approx(160),
        ("staff", "nurses"): pytest.approx(3.2),
    }
    assert [t for t, _ in found.short[0].where] == [0, 1, 2, 3]


def test_money_that_does_not_pay_the_staff_says_by_how_much():
    """Ten nurses at 3,000.00 in two periods a year: 60,000.00. The envelope is 55,000.00."""
    found = propose(oracle.small(money=(55_000_00, 80_000_00))).clash
    (short,) = found.short
    assert (short.kind, short.least) == ("money", pytest.approx(5_000_00))
    assert short.where == ((0, pytest.approx(5_000_00)),)


def test_options_that_must_start_clash_with_the_capacity_for_change():
    """Two must have started by the first moment that bears one start: one more start, or one of
    the two a moment late.
    """
    problem = oracle.small()
    problem = replace(problem, choices=tuple(replace(e, by=0) for e in problem.choices))
    found = propose(problem).clash
    assert {(e.kind, e.of): e.least for e in found.short} == {
        ("must", "advice"): pytest.approx(1), ("must", "calls"): pytest.approx(1),
        ("change", ""): pytest.approx(1),
    }  # fmt: skip


def test_a_clash_of_options_with_each_other_has_no_way_but_one_of_them():
    one, other = oracle.small().choices
    problem = oracle.small(choices=(replace(one, by=1, apart=("calls",)), replace(other, by=1)))
    told = {(each.kind, each.of): each.least for each in propose(problem).clash.short}
    assert told == {("must", "advice"): pytest.approx(3), ("must", "calls"): pytest.approx(3)}


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ({"services": ()}, "no services"),
        ({"money": (1,)}, "money has 1 numbers, not 2"),
        ({"moments": 0, "change": ()}, "nothing may start at any time"),
        ({"choices": (Choice(name="x", less={"visit": 1.0}),)}, "Did you mean 'visits'"),
        ({"choices": (Choice(name="x", by=0, earliest=1),)}, "before it may start"),
        ({"choices": (Choice(name="x"), Choice(name="x"))}, "'x' is there twice"),
        ({"groups": (Group(name="nurses", minutes=0, there=1),)}, "works no minutes"),
    ],
)
def test_a_problem_that_cannot_be_is_refused_with_its_cure(said, told):
    with pytest.raises(BadConfig, match=told):
        propose(oracle.small(**said))


def test_a_solver_that_nobody_waits_for_stops():
    from threading import Event

    stop = Event()
    stop.set()
    with pytest.raises(Stopped):
        propose(oracle.small(), stop=stop)


_amounts = st.integers(0, 300)


@st.composite
def problems(draw):
    groups = tuple(
        Group(
            name=name, minutes=1000.0, there=draw(st.integers(0, 8)), pay=draw(_amounts) * 1000,
            leaving=draw(st.sampled_from((0.0, 0.1))), training=draw(st.integers(0, 2)),
            most_hired=draw(st.integers(0, 3)), hiring=draw(_amounts) * 100,
            agency=500_000, most_agency=draw(st.integers(0, 2)),
        )
        for name in ("nurses", "doctors")
    )  # fmt: skip
    services = tuple(
        Service(
            name=name, wanted=tuple(draw(st.lists(_amounts, min_size=3, max_size=3))),
            undone=draw(_amounts) * 50, cost=draw(_amounts), place=place, takes=1.0,
            minutes={} if not able else dict(zip(able, (20.0, 15.0), strict=False)),
            also={"doctors": 2.0} if name == "visits" else {},
            floor=draw(st.sampled_from((0.0, 0.0, 0.2))),
        )
        for name, able, place in (
            ("visits", ("nurses", "doctors"), ""), ("stays", ("doctors",), "beds"),
            ("calls", (), ""),
        )
    )  # fmt: skip
    choices = tuple(
        Choice(
            name=name, setup=draw(_amounts) * 100, running=draw(_amounts) * 10,
            lag=draw(st.integers(0, 2)), staff={"nurses": draw(st.sampled_from((0.0, 0.5)))},
            less={service: float(draw(st.integers(-5, 90)))}, places={"beds": 5.0},
            needs=needs, apart=apart, by=draw(st.sampled_from((None, None, None, 1))),
        )
        for name, service, needs, apart in (
            ("a", "visits", (), ()), ("b", "stays", ("a",), ()), ("c", "calls", (), ("b",)),
        )
    )  # fmt: skip
    return Problem(
        periods=3, a_year=2, services=services, groups=groups, choices=choices, every=1, moments=2,
        money=tuple(draw(st.integers(0, 12)) * 1_000_000 for _ in range(2)),
        change=(1.0, draw(st.sampled_from((1.0, 2.0)))), places={"beds": (100.0,) * 3},
    )  # fmt: skip


@settings(max_examples=40, deadline=None)
@given(problems())
def test_no_combination_that_keeps_to_the_limits_is_better(problem):
    """And what is proposed is one of them; where there is none, the clash is told."""
    found, best = propose(problem, asked=False), oracle.best(problem)
    if best is None:
        assert found.best is None
        assert found.clash.short
    else:
        assert found.best.total == pytest.approx(best, abs=UNIT * 1e-4)
        assert oracle.total(problem, found.best.starts) == pytest.approx(best, abs=UNIT * 1e-4)
        fixed = of_starts(problem, found.best.starts)
        assert fixed.total == pytest.approx(best, abs=UNIT * 1e-4)
        for year, money in enumerate(problem.money):
            assert found.best.year(year) <= money
