"""What holds for any terms and facts. The everyday run takes a hundred random examples each;
`ONESYSTEM_EXAMPLES=10000` takes as many as the figures of the project ask for.
"""

import os
from dataclasses import replace
from datetime import date
from fractions import Fraction

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from terms_drawn import MONTHS, Drawn, draws
from terms_made import PARTIES, rate, terms_of

from onesystem.budget.terms import (
    Element,
    Facts,
    Measured,
    Order,
    Step,
    Weight,
    largest_remainder,
    problems,
    read,
    settle,
    spread,
    terms_json,
    terms_toml,
)  # fmt: skip
from onesystem.budget.terms import terms_of as terms_from
from onesystem.budget.terms.many import settle_many
from onesystem.budget.terms.numbers import share_of, share_words

many = settings(
    max_examples=int(os.environ.get("ONESYSTEM_EXAMPLES", "100")),
    deadline=None, suppress_health_check=list(HealthCheck),
)  # fmt: skip
shares = st.fractions(min_value=0, max_value=1, max_denominator=200)
money = st.integers(min_value=0, max_value=10**11)
seeds = st.integers(0, 2**64 - 1)


@many
@given(seeds)
def test_nothing_is_created_or_lost(seed):
    """What the parties have sums to zero, and every pot is divided to the last penny."""
    found = settle(Drawn(seed).terms(), draws(seed, 1).one(0))
    assert sum(found.by_party.values()) == 0
    pot = [line for line in found.lines if "pot:pot" in (line.party, line.against)]
    assert sum(x.amount if x.party == "pot:pot" else -x.amount for x in pot) == 0


@many
@given(seeds)
def test_columns_give_what_the_exact_path_gives(seed):
    """The vectorised path, draw by draw, to the penny."""
    terms, given_ = Drawn(seed).terms(), draws(seed, 3)
    columns = settle_many(terms, given_)
    for at in range(3):
        exact = settle(terms, given_.one(at)).by_party
        assert {k: v for k, v in exact.items() if v} == {
            k: int(v[at]) for k, v in columns.items() if v[at]
        }


@many
@given(seeds)
def test_the_same_again_gives_the_same_lines(seed):
    """Also when the terms went through a file in between."""
    terms, facts = Drawn(seed).terms(), draws(seed, 1).one(0)
    first = settle(terms, facts)
    assert settle(terms_from(terms_json(terms)), facts).lines == first.lines
    kept = terms_from(read(terms_toml(terms), suffix=".toml"))
    assert kept == terms
    assert settle(kept, facts).lines == first.lines


@many
@given(seeds, money, money, money, shares)
def test_more_is_never_less(seed, agreed, one, other, quality):
    """Pay never falls as the outturn rises (for savings, as it falls): no share is negative."""
    schedule = Drawn(seed).schedule()
    element = Element(
        rule="r", words="r", pays="hospital", baseline=Measured(rate="plan", per="period"),
        outturn=Measured(fact="spend"), schedule=schedule,
    )  # fmt: skip
    terms = terms_of(element, rates=(rate("plan", agreed),))
    low, high = sorted([one, other], reverse=schedule.of == "saving")

    def paid(spend):
        whole = {"spend": spend, "quality": quality, "met": 1, "minimum": Fraction(1, 50),
                 "people": 9_000, "revenue": agreed // 2}  # fmt: skip
        facts = Facts(months=MONTHS[:1], currency="GBP", whole=whole)
        return settle(terms, facts).by_party.get("hospital", 0)

    assert paid(low) <= paid(high)


@many
@given(st.integers(-(10**12), 10**12), st.lists(shares, min_size=1, max_size=8).filter(any))
def test_a_split_is_exact_and_fair(whole, parts):
    """The parts sum to the whole, and each is within one unit of its exact share."""
    found = [part + over for part, over in largest_remainder(whole, parts)]
    assert sum(found) == whole
    total = sum(parts)
    assert all(abs(got - whole * part / total) < 1 for got, part in zip(found, parts, strict=True))


@many
@given(
    st.integers(0, 10**10),
    st.lists(
        st.tuples(st.integers(0, 50), st.none() | st.integers(0, 10**9)), min_size=1, max_size=4
    ),
)
def test_an_order_of_overspends_never_takes_more_than_agreed(wanted, partners):
    """Each partner up to its most; all of it is borne where they can."""
    facts = Facts(
        months=MONTHS[:1], currency="GBP",
        whole={f"m{at}": most for at, (_, most) in enumerate(partners) if most is not None},
    )  # fmt: skip
    those = tuple(
        Weight(party=str(at), share=Fraction(share), most="" if most is None else f"m{at}")
        for at, (share, most) in enumerate(partners)
    )
    taken = dict.fromkeys(range(len(partners)), 0)
    for weight, amount, _ in spread(those, wanted, facts):
        taken[int(weight.party)] += amount
    able = [most for share, most in partners if share]
    room = wanted if None in able else sum(able)
    assert sum(taken.values()) == min(wanted, room)
    assert all(taken[at] <= most for at, (_, most) in enumerate(partners) if most is not None)


@many
@given(
    st.integers(0, 10**9), st.integers(0, 10**9), st.integers(0, 10**8), st.permutations([0, 1, 2])
)
def test_an_order_bears_the_whole_overspend_in_any_order(agreed, spent, limit, order):
    """Whatever the order of the steps, as much is borne as was overspent."""
    partners = tuple(
        Weight(party=each.code, share=Fraction(part))
        for each, part in zip(PARTIES[1:], (5, 3, 2), strict=True)
    )
    own = (Weight(party="hospital", share=Fraction(1)),)
    steps = [Step(rule=f"s{at}", words="s", weights=own, limit="pool") for at in range(3)]
    steps = [steps[at] for at in order] + [Step(rule="rest", words="rest", weights=partners)]
    terms = terms_of(
        orders=(
            Order(rule="over", words="over", host="community", steps=tuple(steps),
                  baseline=Measured(fact="agreed"), outturn=Measured(fact="spent")),
        ),
    )  # fmt: skip
    facts = Facts(
        months=MONTHS[:1], currency="GBP",
        whole={"agreed": agreed, "spent": spent, "pool": limit},
    )  # fmt: skip
    found = settle(terms, facts)
    assert sum(x.amount for x in found.lines if x.party) == max(0, spent - agreed)
    assert sum(found.by_party.values()) == 0


@many
@given(money, st.integers(1, 12))
def test_a_year_by_months_is_the_year(amount, starts):
    """Twelve monthly payments of a block sum to the year's amount to the penny."""
    element = Element(
        rule="r",
        words="r",
        pays="hospital",
        base=Fraction(1),
        baseline=Measured(rate="plan", per="year"),
    )
    terms = terms_of(element, rates=(rate("plan", amount),), year_starts=starts)
    paid = [
        settle(terms, Facts(months=(date(2026, month, 1),), currency="GBP")).by_party["hospital"]
        for month in range(1, 13)
    ]
    assert sum(paid) == amount
    assert max(paid) - min(paid) <= 1


@many
@given(st.fractions(max_denominator=10**6))
def test_a_share_comes_back_as_it_was_written(share):
    assert share_of(share_words(share)) == share


@many
@given(seeds)
def test_terms_that_join_up_have_no_problems(seed):
    """But for what the pot says, where no rule pays into it."""
    terms = Drawn(seed).terms()
    used = [each for each in problems(terms) if each.rule not in ("pot-empty", "empty")]
    assert used == []


@many
@given(seeds, st.integers(0, 10**6))
def test_a_slice_taken_away_is_found(seed, at):
    """A gap between slices, whichever slice is missing."""
    schedule = Drawn(seed).schedule(of="over")
    if len(schedule.slices) < 2:
        return
    at %= len(schedule.slices)
    less = replace(schedule, slices=schedule.slices[:at] + schedule.slices[at + 1 :])
    element = Element(
        rule="r", words="r", pays="hospital", baseline=Measured(rate="plan"),
        outturn=Measured(fact="spend"), schedule=less,
    )  # fmt: skip
    found = problems(terms_of(element, rates=(rate("plan", 1),)))
    assert {each.rule for each in found} == {"gap"}
