"""Fences hold over the whole result: no chain of moves breaks one that a single move could not."""

import os
from datetime import date
from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st

from onesystem.budget.funds.fences import (
    CONTRIBUTED,
    LAST_YEAR,
    SHARE,
    Fence,
    Holding,
    broken,
    overlapping,
    states,
    together,
)
from onesystem.budget.funds.moving import Asked, Change, refusal
from onesystem.budget.funds.shape import Fund, Line, where

MANY = int(os.environ.get("ONESYSTEM_EXAMPLES", "200"))
NHS = Fund(code="nhs", name="NHS", since=date(2026, 4, 1))


def line(code, fund="nhs", **more):
    return Line(code=code, name=code.title(), fund=fund, **more)


WARD = line("ward", programme="acute", setting="ward")
MIND = line("mind", programme="mental health", setting="community")
YOUNG = line("young", programme="mental health", setting="community", place="school")
HOME = line("home", fund="council", programme="older people", setting="home care")
LINES = (WARD, MIND, YOUNG, HOME)


def fence(kind="ring", at="programme=mental health", **more):
    return Fence(code=more.pop("code", at), name=at, kind=kind, where=where(at), **more)


def test_a_ring_keeps_what_was_given_for_something_on_its_lines():
    """Barker (Interim report 2014) asks for a "single, ring-fenced budget": money stays inside."""
    ring = fence(amount=100)
    before = Holding({"mind": 100, "ward": 500})
    assert broken([ring], LINES, before, before.after({"mind": -1, "ward": 1}))
    assert not broken([ring], LINES, before, before.after({"mind": -40, "young": 40}))


def test_a_fence_that_a_chain_of_moves_would_break_is_refused_at_the_step_that_breaks_it():
    """Out of the ring in two steps, by a line that is inside for the first one."""
    ring = fence(amount=100, at="programme=mental health")
    held = Holding({"mind": 100, "ward": 500})
    inside = asked([(MIND, -30), (YOUNG, 30)], held, [ring])
    assert refusal(inside) is None
    held = held.after({"mind": -30, "young": 30})
    out = refusal(asked([(YOUNG, -30), (WARD, 30)], held, [ring]))
    assert out.rule == "ring fence programme=mental health"
    assert "asks for at least 100" in out.what
    assert "70 would be there" in out.what
    assert "Put 30 more on lines within it" in out.cure


def test_one_step_may_take_and_give_back_what_two_steps_may_not():
    ring, held = fence(amount=100), Holding({"mind": 100, "ward": 500})
    steps = [(MIND, -30), (WARD, 30), (WARD, -30), (YOUNG, 30)]
    assert refusal(asked(steps, held, [ring])) is None


def test_what_a_rings_own_fund_has_not_allotted_is_still_inside():
    """An allocation that nobody has spread yet has not left its fence."""
    rest = line(NHS.unallotted)
    ring = fence(fund="nhs", basis=CONTRIBUTED)
    held = Holding({rest.code: 80, "mind": 20}, contributed={"nhs": 100})
    [state] = states([ring], (*LINES, rest), held)
    assert (state.level, state.held, state.missed) == (100, 100, 0)


def test_a_floor_is_at_least_last_years_spend():
    """The mental health investment standard: spend grows by at least as much as the allocation."""
    floor = fence("floor", basis=LAST_YEAR, share=Fraction(105, 100))
    held = Holding({"mind": 104}, spent_before={"mind": 60, "young": 40, "ward": 900})
    [state] = states([floor], LINES, held)
    assert (state.level, state.held, state.missed) == (105, 104, 1)


def test_a_ceiling_is_a_share_of_the_whole_plan_rounded_down():
    ceiling = fence("ceiling", at="setting=ward", basis=SHARE, share=Fraction(1, 3))
    held = Holding({"ward": 34, "mind": 66})
    [state] = states([ceiling], LINES, held)
    assert (state.level, state.missed) == (33, 1)
    worse = asked([(MIND, -1), (WARD, 1)], held, [ceiling])
    assert refusal(worse).rule == "ceiling setting=ward"
    assert "less onto lines within it" in refusal(worse).cure


def test_what_is_missed_already_may_not_get_worse_but_may_stay():
    """A year that is being allotted has not reached its floors yet."""
    floor, held = fence("floor", amount=100), Holding({"mind": 10, "ward": 90, "home": 5})
    assert refusal(asked([(WARD, -5), (HOME, 5)], held, [floor])) is None
    assert refusal(asked([(WARD, -5), (MIND, 5)], held, [floor])) is None
    assert refusal(asked([(MIND, -5), (WARD, 5)], held, [floor])) is not None


def test_a_pound_lies_within_one_ring_only():
    """Two rings over the same line cannot both count it (Hall's marriage condition)."""
    all_mind = fence(amount=60, code="mind")
    school = fence(at="place=school", amount=50, code="school")
    held = Holding({"mind": 60, "young": 50, "ward": 0})
    assert not together([all_mind, school], LINES, held)
    out = refusal(asked([(MIND, -40), (WARD, 40)], held, [all_mind, school]))
    assert out.rule == "ring fences programme=mental health, place=school"
    assert "ask for 110 together" in out.what
    assert "would hold 70" in out.what


def test_rings_that_share_no_line_are_not_looked_at_together():
    rings = [fence(amount=1), fence(at="setting=ward", amount=1), fence(at="place=school")]
    assert [[f.name for f in g] for g in overlapping(rings, LINES)] == [
        ["programme=mental health", "place=school"]
    ]


def test_money_that_comes_in_is_never_turned_away():
    """A tenth of a larger whole is a larger sum: the floor is shown as missed, not the gift."""
    floor = fence("floor", basis=SHARE, share=Fraction(1, 10))
    held = Holding({"mind": 10, "ward": 90})
    given = Asked(
        changes=[Change(WARD, 100)], lines=LINES, fences=[floor], holding=held, gives={"nhs": 100}
    )
    assert refusal(given) is None


def test_what_is_promised_or_spent_stays():
    held = Holding({"ward": 100, "mind": 0})
    out = refusal(asked([(WARD, -50), (MIND, 50)], held, [], bound={"ward": 70}))
    assert out.rule == "what is promised or spent stays"
    assert out.cure.startswith("Move 30 at most")
    none = refusal(asked([(WARD, -50), (MIND, 50)], held, [], bound={"ward": 170}))
    assert none.cure.startswith("Choose another line")


def test_nothing_is_made_or_lost():
    out = refusal(asked([(WARD, -50), (MIND, 51)], Holding({"ward": 100}), []))
    assert (out.rule, out.what.rsplit(" ", 1)[1]) == ("nothing is made or lost", "1")


def asked(steps, held, fences, bound=None):
    changes = [Change(each, amount) for each, amount in steps]
    return Asked(changes=changes, lines=LINES, fences=fences, holding=held, bound=bound or {})


# Properties: whatever is tried, in whatever order.
amounts = st.integers(0, 200)
moves = st.lists(
    st.tuples(st.sampled_from(LINES), st.sampled_from(LINES), st.integers(1, 120)), max_size=12
)
fences = st.lists(
    st.builds(
        lambda at, kind, amount, n: fence(kind, at, amount=amount, code=f"{kind}-{at}-{n}"),
        st.sampled_from(["programme=mental health", "setting=ward|home care", "fund=nhs",
                         "place=school", "setting=community"]),
        st.sampled_from(["ring", "floor", "ceiling"]), amounts, st.integers(0, 99),
    ),
    max_size=5, unique_by=lambda f: f.code,
)  # fmt: skip
plans = st.fixed_dictionaries({each.code: amounts for each in LINES})


@settings(max_examples=MANY)
@given(plans, fences, moves)
def test_no_chain_of_moves_breaks_or_worsens_a_fence_and_no_penny_is_lost(plan, rules, chain):
    begun = held = Holding(plan)
    missed = {s.fence.code: s.missed for s in states(rules, LINES, begun)}
    for source, to, amount in chain:
        if refusal(asked([(source, -amount), (to, amount)], held, rules)) is None:
            held = held.after({source.code: -amount} | {to.code: amount} if source != to else {})
    assert sum(held.plan.values()) == sum(begun.plan.values())
    assert min(held.plan.values()) >= 0
    for state in states(rules, LINES, held):
        assert state.missed <= missed[state.fence.code]
    if not together(rules, LINES, begun):
        assert not together(rules, LINES, held)


@settings(max_examples=MANY)
@given(plans, fences, moves)
def test_the_order_of_steps_within_one_act_does_not_matter(plan, rules, chain):
    steps = [(at, n) for s, t, amount in chain for at, n in ((s, -amount), (t, amount))]
    one, other = (
        refusal(asked(each, Holding(plan), rules)) for each in (steps, list(reversed(steps)))
    )
    assert (one is None) == (other is None)


@settings(max_examples=MANY)
@given(plans, fences)
def test_rings_can_all_be_met_exactly_where_no_set_of_them_asks_too_much(plan, rules):
    """Hall: compared with a plain search that hands out each line's pounds to rings."""
    rings = [f for f in rules if f.kind == "ring"]
    held = Holding(plan)
    fair = all(not s.missed for s in states(rings, LINES, held)) and not together(
        rings, LINES, held
    )
    assert fair == _handed_out(rings, dict(plan))


def _handed_out(rings, left):
    """Max flow by augmenting paths, a pound's worth of a path at a time."""
    need = {f.code: f.amount for f in rings}
    gave = {(f.code, each.code): 0 for f in rings for each in LINES if f.covers(each)}
    for ring in rings:
        while need[ring.code]:
            path = _path(ring.code, gave, left)
            if path is None:
                return False
            flow = min([need[ring.code], left[path[-1][1]], *(gave[p] for p in path[1::2])])
            for n, step in enumerate(path):
                gave[step] += -flow if n % 2 else flow
            left[path[-1][1]] -= flow
            need[ring.code] -= flow
    return True


def _path(code, gave, left):
    """Ring to line (give), line to a ring that has it (give back), until a line has some left."""
    seen, todo = {code}, [(code, [])]
    while todo:
        at, path = todo.pop(0)
        for ring, place in gave:
            if ring != at or (at, place) in path:
                continue
            if left[place]:
                return [*path, (ring, place)]
            for other, where_ in gave:
                if where_ == place and gave[other, place] and other not in seen:
                    seen.add(other)
                    todo.append((other, [*path, (ring, place), (other, place)]))
    return None
