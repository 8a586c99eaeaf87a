"""What holds of every contract: nothing is created or lost, and what is written reads back.

ONESYSTEM_EXAMPLES says how many random examples each is tried on; 10,000 were, before release.
"""

import json
import os
from fractions import Fraction

from contract_made import AROUND, MONTHS, alliance, direct, prime
from hypothesis import given, settings
from hypothesis import strategies as st

from onesystem.budget.contracts import agreement as of
from onesystem.budget.contracts import checks, codec, editing, terming, working
from onesystem.budget.contracts.agreement import Party, Pass, Payment, Slice
from onesystem.budget.terms import checks as terms_checks
from onesystem.budget.terms.terms import Facts

many = settings(max_examples=int(os.environ.get("ONESYSTEM_EXAMPLES", "60")))
shares = st.fractions(min_value=0, max_value=1, max_denominator=1000)
amounts = st.integers(min_value=1, max_value=10**12)


@st.composite
def members(draw):
    weights = draw(st.lists(st.integers(1, 1000), min_size=3, max_size=3))
    names = ("hospital", "community", "practice")
    return (
        Party(organisation="icb", role=of.FUNDER),
        *(
            Party(organisation=name, role=of.MEMBER, share=Fraction(weight, sum(weights)))
            for name, weight in zip(names, weights, strict=True)
        ),
    )


@st.composite
def slices(draw):
    found = []
    for side in (of.UNDER, of.OVER):
        cuts = sorted(draw(st.sets(shares.filter(bool), max_size=3)))
        for low, high in zip((Fraction(0), *cuts), (*cuts, None), strict=True):
            found.append(Slice(side=side, low=low, high=high, share=draw(shares)))
    return tuple(found)


@st.composite
def agreements(draw):
    kind = draw(st.sampled_from(list(of.KINDS)))
    if kind == of.ALLIANCE:
        limit = st.none() | shares.filter(bool)
        return alliance(
            parties=draw(members()), slices=draw(slices()), target=draw(amounts),
            cap=draw(limit), collar=draw(limit), reimbursed=draw(st.booleans()),
            threshold=draw(st.sampled_from([Fraction(0), Fraction(1, 50)])),
            first=draw(st.booleans()),
        )  # fmt: skip
    if kind == of.DIRECT:
        payment = Payment(
            organisation="hospital", way=draw(st.sampled_from(list(of.WAYS))),
            services=("ward-a",), amount=draw(amounts), units=draw(st.integers(1, 10**6)),
            price=draw(st.integers(1, 10**6)), above=draw(shares), below=draw(shares),
        )  # fmt: skip
        return direct(payments=(payment,))
    share = draw(st.none() | shares.filter(bool))
    each = Pass(organisation="practice", under="community", services=("gp",), share=share,
                price=draw(st.integers(1, 10**6)))  # fmt: skip
    return prime(passes=(each,))


@st.composite
def facts(draw, made):
    def months(most):
        return tuple(draw(st.lists(st.integers(0, most), min_size=12, max_size=12)))

    monthly = {terming.cost_of(m): months(10**11) for m in made.members}
    monthly[terming.COST] = tuple(map(sum, zip(*monthly.values(), strict=True))) or (0,) * 12
    for nth in range(len(made.payments)):
        monthly[terming.contacts_of(nth)] = months(10**6)
    for nth in range(len(made.passes)):
        monthly[terming.passed_of(nth)] = months(10**6)
    return Facts(months=tuple(MONTHS), currency="GBP", monthly=monthly)


@st.composite
def cases(draw):
    made = draw(agreements())
    already = draw(
        st.lists(
            st.builds(
                working.Already, amount=st.integers(-(10**11), 10**11), source=st.just("a ledger"),
                party=st.sampled_from([p.organisation for p in made.parties[1:]]),
            ), max_size=3,
        )
    )  # fmt: skip
    return made, draw(facts(made)), already


def terms(made):
    return terming.terms_of(made, code="x", version=1, currency="GBP")


@many
@given(cases())
def test_nothing_is_created_or_lost(case):
    """What the parties have sums to nothing, due and still to be paid, whatever was owed."""
    made, found, already = case
    done = working.worked(terms(made), found, already)
    assert sum(done.due.values()) == 0
    assert sum(done.balance.values()) == 0
    assert all(type(line.amount) is int for line in done.lines)
    moved = sum(line.amount for line in done.lines if line.party == "pot:alliance")
    shared = sum(
        line.amount for line in done.lines if line.party and line.against == "pot:alliance"
    )
    assert moved == shared


@many
@given(cases())
def test_what_is_kept_gives_the_same_lines_again(case):
    made, found, already = case
    done = working.worked(terms(made), found, already)
    text = json.dumps(working.kept(terms(made), found, already, (), done))
    assert working.again(json.loads(text)) == done


@many
@given(cases())
def test_members_gain_no_more_than_the_cap_and_lose_no_more_than_the_collar(case):
    made, found, _ = case
    if made.kind != of.ALLIANCE:
        return
    done = working.worked(terms(made), found, [])
    cost = sum(sum(found.monthly[terming.cost_of(m)]) for m in made.members)
    gain = sum(done.due[m] for m in made.members) - (cost if made.reimbursed else 0)
    if made.cap is not None:
        assert gain <= made.cap * made.target + 1
    if made.collar is not None:
        assert -gain <= made.collar * made.target + 1


@many
@given(agreements())
def test_sound_agreements_are_sound_terms_and_read_back(made):
    assert checks.problems(made, AROUND) == []
    assert terms_checks.problems(terms(made)) == []
    assert codec.read(codec.to_toml(made)) == made
    assert codec.read(codec.to_json(made)) == made
    again, wrong = editing.agreement_of(editing.raw_of(made, AROUND), made, AROUND)
    assert wrong == []
    assert again == made
