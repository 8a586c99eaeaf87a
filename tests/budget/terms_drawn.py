"""Random terms and facts from a seed: every part of the words, with edges among them.

Hypothesis draws the seed. Building by `random` instead of by its strategies takes a twentieth of
the time, so that 10,000 examples take minutes; a failing seed is small enough to tell.
"""

import random
from datetime import date
from fractions import Fraction
from itertools import pairwise

import numpy as np
from terms_made import PARTIES, rate, terms_of

from onesystem.budget.terms import (
    Adjustment,
    Element,
    Gate,
    Limit,
    Measured,
    Pot,
    Rate,
    Schedule,
    Slice,
    Subcontract,
    Table,
    Threshold,
    Weight,
)  # fmt: skip
from onesystem.budget.terms.columns import Scaled
from onesystem.budget.terms.many import Draws

MONTHS = tuple(date(2026, month, 1) for month in (4, 5, 6, 7))
CODES = [each.code for each in PARTIES[1:]]


class Drawn:
    """What is drawn from one seed."""

    def __init__(self, seed):
        self.by = random.Random(seed)

    def money(self):
        return self.by.choice([0, 1, self.by.randint(0, 1000), self.by.randint(0, 10**11)])

    def share(self, most=1):
        """Between 0 and `most`, the ends more often than chance would."""
        bottom = self.by.randint(1, 200)
        free = Fraction(self.by.randint(0, bottom), bottom) * most
        return self.by.choice([Fraction(0), Fraction(1) * most, free, free, free])

    def maybe(self, make):
        return make() if self.by.random() < 0.5 else None

    def some(self, make, most=2):
        return tuple(make() for _ in range(self.by.randint(0, most)))

    def schedule(self, of=None):
        """Slices that join up, with anything that may stand around them."""
        unit = self.by.choice(["baseline", "amount"])
        bounds = sorted(set(self.some(lambda: self.edge(unit), 4)))
        return Schedule(
            slices=tuple(
                Slice(start=a, end=b, share=self.share())
                for a, b in pairwise([None, *bounds, None])
            ),
            of=of or self.by.choice(["outturn", "over", "saving"]), unit=unit,
            threshold=self.maybe(self.threshold), gate=self.maybe(self.gate),
            cap=self.some(self.limit), collar=self.some(self.limit),
        )  # fmt: skip

    def edge(self, unit):
        if unit == "amount":
            return Fraction(self.by.randint(-(10**9), 10**9))
        return Fraction(self.by.randint(-40, 40), self.by.randint(20, 40))

    def limit(self):
        if self.by.random() < 0.3:
            return Limit(amount=self.money())
        return Limit(share=self.share(), of=self.by.choice(["", "revenue"]))

    def threshold(self):
        first = self.by.random() < 0.5
        said = {
            "first_dollar": first,
            "below": self.by.choice([Fraction(0), Fraction(1, 2)]) if first else Fraction(0),
        }
        points = ((Fraction(1000), Fraction(4, 100)), (Fraction(7000), Fraction(3, 100)),
                  (Fraction(20_000), Fraction(1, 50)))  # fmt: skip
        return self.by.choice([
            Threshold(share=self.share(Fraction(1, 10)), **said),
            Threshold(fact="minimum", **said),
            Threshold(by="people", points=points, **said),
        ])  # fmt: skip

    def gate(self):
        low, high = sorted([self.share(), self.share()])
        return Gate(
            score="quality", full=self.maybe(self.share), scaled=self.maybe(self.share),
            met=self.by.choice(["", "met"]), slope=self.maybe(self.share), low=low, high=high,
        )  # fmt: skip

    def adjustment(self):
        return Adjustment(
            rule="a", words="adjusted", factor=self.maybe(self.share),
            deduct=self.by.choice(["", "disaster"]), when=self.by.choice(["price", "share", "end"]),
            on=self.by.choice(["both", "gain", "loss"]),
        )  # fmt: skip

    def element(self, at):
        plan = self.by.choice([
            Measured(rate="plan", per="year"), Measured(rate="plan", per="month"),
            Measured(fact="agreed"), Measured(rate="plan", per="period"),
        ])  # fmt: skip
        outturn = self.by.choice([Measured(fact="spend"), Measured(fact="units", rate="price")])
        return Element(
            rule=f"r{at}", words="rule", pays=self.by.choice([*CODES, "pot"]), base=self.share(),
            baseline=plan, outturn=outturn, schedule=self.maybe(self.schedule),
            adjustments=self.some(self.adjustment),
        )  # fmt: skip

    def weights(self):
        parts = [self.by.randint(0, 20) for _ in CODES]
        parts[0] += not any(parts)
        return tuple(
            Weight(party=code, share=Fraction(part, sum(parts)))
            for code, part in zip(CODES, parts, strict=True)
        )

    def terms(self):
        """Any terms of elements, a pot and subcontracts."""
        tree = (
            Subcontract(rule="s1", words="passed on", prime="hospital", party="community",
                        share=self.share()),
            Subcontract(rule="s2", words="passed on", prime="community", party="practice",
                        share=self.share(), of=("s1",)),
        )  # fmt: skip
        price = Table(name="price", rates=(
            Rate(value=self.share(10**6), until=MONTHS[2]),
            Rate(value=self.share(10**6), since=MONTHS[2]),
        ))  # fmt: skip
        return terms_of(
            *(self.element(at) for at in range(self.by.randint(1, 3))),
            pots=(Pot(code="pot", weights=self.weights()),),
            rates=(rate("plan", self.money()), price),
            subcontracts=self.by.choice([(), tree, tree[:1]]),
        )  # fmt: skip


def draws(seed, count):
    """Facts of so many draws, small and large, with edges among them."""
    drawn = np.random.default_rng(seed)
    size = 10 ** int(drawn.integers(1, 12))

    def whole(top, *shape):
        found = drawn.integers(0, top + 1, size=(count, *shape))
        return found * (drawn.random((count, *shape)) > 0.1)

    return Draws(
        months=MONTHS, currency="GBP", count=count,
        values={
            "spend": whole(size, len(MONTHS)), "units": whole(10**5, len(MONTHS)),
            "agreed": whole(size), "revenue": whole(size), "people": whole(30_000),
            "disaster": whole(10**9), "met": whole(1),
            "quality": Scaled(whole(1000), 1000), "minimum": Scaled(whole(100), 1000),
        },
    )  # fmt: skip
