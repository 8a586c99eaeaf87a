"""Over- and underspends of a pooled fund, in the agreement's order; nothing made or lost."""

import os
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from onesystem.budget.pooled import outturn, sharing
from onesystem.budget.pooled.agreement import Agreement, Contribution, Partner, Scheme
from onesystem.vocabulary import UserError

# 10,000 were run before each release: ONESYSTEM_EXAMPLES=10000.
MANY = settings(max_examples=int(os.environ.get("ONESYSTEM_EXAMPLES", "200")))


def pool(
    schemes, *, paid=(("icb", "minimum", 7000), ("council", "additional", 3000)), most=None, **more
):
    """A fund of two partners, whose schemes are (code, paid by, amount, more)."""
    most = most or {}
    return Agreement(
        fund="pool",
        year="2025/26",
        name="Pool",
        host="icb",
        partners=tuple(
            Partner(code=c, name=c.upper(), most=most.get(c)) for c in ("icb", "council")
        ),
        contributions=tuple(
            Contribution(code=f"{partner}-{kind}", partner=partner, kind=kind, amount=amount)
            for partner, kind, amount in paid
        ),
        schemes=tuple(
            Scheme(
                code=code,
                name=code,
                owner=by.partition("-")[0],
                type="home-care",
                provider="council",
                paid_from=by,
                amount=amount,
                goal="At home",
                **extra,
            )
            for code, by, amount, extra in schemes
        ),
        **more,
    )


def settle(agreement, **spent):
    """The share-out of what each scheme spent."""
    return sharing.share(agreement, outturn.outturns(agreement, spent))


def said(result):
    """(rule, scheme or partner, amount) of each line."""
    return [(line.rule, line.scheme or line.party, line.amount) for line in result.lines]


TWO = [
    ("a", "icb-minimum", 6000, {}),
    ("b", "council-additional", 3000, {}),
    ("d", "icb-minimum", 1000, {}),
]


class TestTheOrder:
    """The clause "Over and Underspends" of Better Care Fund partnership agreements: cover from
    areas of underspend within the pool; use the risk pool; reduce uncommitted scheme allocations;
    cover from resources outside the pool (markettransfer.info/clause/over-and-underspends)."""

    def test_an_underspend_elsewhere_covers_first(self):
        result = settle(pool(TWO), a=6200, b=2800, d=1000)
        assert said(result) == [("overspend", "a", 200), ("underspends", "b", -200)]
        assert result.pays == {"icb": 0, "council": 0}

    def test_then_the_risk_pool(self):
        fund = pool(
            [("a", "icb-minimum", 6500, {}), ("b", "council-additional", 3000, {})], risk_pool=500
        )
        result = settle(fund, a=7100, b=2900)
        assert ("risk-pool", "", -500) in said(result)
        assert result.pays == {"icb": 0, "council": 0}

    def test_then_what_nobody_committed(self):
        fund = pool(
            [
                ("a", "icb-minimum", 6000, {}),
                ("b", "council-additional", 3000, {"held": 400}),
                ("d", "icb-minimum", 1000, {}),
            ]
        )
        result = settle(fund, a=6300, b=2600, d=1000)
        assert said(result)[:2] == [("overspend", "a", 300), ("uncommitted", "b", -300)]

    def test_money_in_no_scheme_was_never_committed(self):
        fund = pool([("a", "icb-minimum", 6000, {})])
        assert ("uncommitted", "", -100) in said(settle(fund, a=6100))

    def test_then_the_partners_pro_rata(self):
        """7,000 and 3,000 paid in: 400 left over is shared 280 and 120."""
        result = settle(pool(TWO), a=6600, b=2900, d=900)
        assert result.pays == {"icb": 280, "council": 120}

    def test_a_partner_pays_up_to_its_maximum(self):
        """What is beyond it goes to the others: "up to a partner's maximum"."""
        result = settle(pool(TWO, most={"icb": 150}), a=6600, b=2900, d=900)
        assert result.pays == {"icb": 150, "council": 250}

    def test_what_nobody_carries_is_refused_with_the_cure(self):
        result = settle(pool(TWO, most={"icb": 150, "council": 100}), a=6600, b=2900, d=900)
        assert result.uncovered == 150
        with pytest.raises(UserError, match=r"1\.50 .* beyond every partner's maximum.*agree"):
            sharing.require_settled(result)

    def test_another_order_is_the_agreements(self):
        fund = pool(
            [("a", "icb-minimum", 6000, {}), ("b", "council-additional", 3000, {})],
            risk_pool=500,
            order=("risk-pool", "underspends", "uncommitted"),
        )
        result = settle(fund, a=6300, b=2900)
        assert said(result)[:2] == [("overspend", "a", 300), ("risk-pool", "", -300)]


class TestFixedLines:
    """Luton's pooled budget (lawinsider.com/clause/risk-share): where a line is fixed, any over-
    or underspend by the host will not alter what the other partner contributes."""

    def test_the_owner_carries_what_is_over(self):
        fund = pool([("a", "icb-minimum", 7000, {"fixed": True}), TWO[1]])
        assert settle(fund, a=7500, b=3000).pays == {"icb": 500, "council": 0}

    def test_the_owner_keeps_what_is_under(self):
        """And it covers nobody else's overspend."""
        fund = pool([("a", "icb-minimum", 7000, {"fixed": True}), TWO[1]])
        assert settle(fund, a=6500, b=3100).pays == {"icb": -500 + 70, "council": 30}


class TestWhatIsLeft:
    def test_it_goes_back_pro_rata(self):
        result = settle(pool(TWO), a=5990, b=3000, d=1000)
        assert result.pays == {"icb": -7, "council": -3}

    def test_or_stays_for_next_year(self):
        result = settle(pool(TWO, left="carry"), a=5990, b=3000, d=1000)
        assert (result.carried, result.pays) == (10, {"icb": 0, "council": 0})

    def test_capital_never_pays_for_revenue(self):
        paid = (("icb", "minimum", 7000), ("council", "capital", 3000))
        fund = pool([("a", "icb-minimum", 7000, {}), ("k", "council-capital", 3000, {})], paid=paid)
        assert settle(fund, a=7100, k=2800).pays == {"icb": 100, "council": -200}

    def test_what_is_in_kind_is_no_money(self):
        paid = (("icb", "minimum", 7000), ("council", "in-kind", 3000))
        fund = pool([("a", "icb-minimum", 7000, {}), ("k", "council-in-kind", 3000, {})], paid=paid)
        assert settle(fund, a=7100, k=2800).pays == {"icb": 100, "council": 0}


_KINDS = some.sampled_from(["minimum", "additional", "capital", "in-kind"])
_POUNDS = some.integers(1, 10**9)
_SHARE = some.integers(0, 100)


@some.composite
def years(draw):
    """Any agreement that stands, and any year."""
    paid = [
        (draw(some.sampled_from(["icb", "council"])), draw(_KINDS), draw(_POUNDS))
        for _ in range(draw(some.integers(1, 5)))
    ]
    contributions = tuple(
        Contribution(code=f"c{n}", partner=partner, kind=kind, amount=amount)
        for n, (partner, kind, amount) in enumerate(paid)
    )
    schemes, spent = [], {}
    for each in contributions:
        left = each.amount
        for n in range(draw(some.integers(0, 3))):
            amount = left * draw(_SHARE) // 100
            left -= amount
            code = f"{each.code}s{n}"
            schemes.append(
                Scheme(
                    code=code,
                    name=code,
                    owner=draw(some.sampled_from(["icb", "council"])),
                    type="home-care",
                    provider="x",
                    paid_from=each.code,
                    amount=amount,
                    held=amount * draw(_SHARE) // 100,
                    fixed=draw(some.booleans()),
                    goal="g",
                )
            )
            spent[code] = draw(some.integers(0, 2 * amount + 5))
    fund = replace(
        pool([], left=draw(some.sampled_from(["return", "carry"]))),
        contributions=contributions,
        schemes=tuple(schemes),
        host="icb",
        partners=tuple(
            Partner(code=c, name=c, most=draw(some.none() | some.integers(0, 10**8)))
            for c in ("icb", "council")
        ),
        order=tuple(draw(some.permutations(["underspends", "risk-pool", "uncommitted"]))),
    )
    free = fund.total("minimum", "additional") - sum(
        s.amount for s in fund.cash_schemes if fund.kind_of(s) != "capital"
    )
    return replace(fund, risk_pool=max(0, free) * draw(_SHARE) // 100), spent


class TestNothingIsCreatedOrLost:
    @MANY
    @given(years())
    def test_what_was_paid_in_and_on_top_is_what_was_spent_and_is_left(self, year):
        fund, spent = year
        result = settle(fund, **spent)
        out = sum(spent[s.code] for s in fund.cash_schemes)
        assert fund.in_cash + sum(result.pays.values()) + result.uncovered == out + result.carried

    @MANY
    @given(years())
    def test_the_lines_come_to_what_each_partner_pays(self, year):
        fund, spent = year
        result = settle(fund, **spent)
        told = {
            code: sum(li.amount for li in result.lines if li.party == code)
            for code in ("icb", "council")
        }
        assert told == result.pays

    @MANY
    @given(years())
    def test_no_partner_pays_more_from_outside_than_it_agreed(self, year):
        fund, spent = year
        for partner in fund.partners:
            paid = sum(
                li.amount
                for li in settle(fund, **spent).lines
                if li.party == partner.code and li.rule == "partners"
            )
            assert partner.most is None or paid <= partner.most

    @MANY
    @given(years(), some.randoms())
    def test_the_order_of_schemes_changes_no_partners_money(self, year, chance):
        """But for the last penny of each split."""
        fund, spent = year
        mixed = list(fund.schemes)
        chance.shuffle(mixed)
        one, other = settle(fund, **spent), settle(replace(fund, schemes=tuple(mixed)), **spent)
        assert one.pays == other.pays
