"""Whose growth it is: each year's new money between the hospital and what is outside. Pure.

Canterbury's budget "grew reasonably in real terms at between 3% and 6% per year", which allowed it
to "invest the increases outside the hospital while restraining the rate of growth in hospital
spending" (Nuffield Trust note on Canterbury). The rule says how. Where money falls,
both fall alike.
"""

from dataclasses import dataclass
from fractions import Fraction

from onesystem.budget.funds.shift import split_growth
from onesystem.plan.money.labels import WHOLE
from onesystem.plan.money.shape import Rule
from onesystem.vocabulary import Money
from onesystem.vocabulary.said import say


@dataclass(frozen=True, slots=True, kw_only=True)
class Shared:
    """A year's money for the hospital and for outside, and what of the growth each got."""

    hospital: int
    outside: int
    hospital_more: int = 0
    outside_more: int = 0
    how: str = ""

    @property
    def share(self) -> Fraction | None:
        """What part of all money is outside the hospital: the shift index."""
        whole = self.hospital + self.outside
        return Fraction(self.outside, whole) if whole > 0 else None


def shared(before: Shared, money: int, rule: Rule, inflation: int) -> Shared:
    """The next year's money by the rule. `inflation` is in hundredths of a per cent."""
    was = before.hospital + before.outside
    if money <= was:
        hospital, outside, how = *_alike(before, money), say("money falls: both fall alike")
        more = hospital - before.hospital, outside - before.outside
    elif rule.kind == "ceiling":
        more, how = _ceiling(before, money - was, rule, inflation)
    else:
        more = split_growth(was, money, Fraction(rule.rate, WHOLE))
        how = say("{rate} per cent of the growth goes outside", rate=f"{rule.rate / 100:g}")
    return Shared(
        hospital=before.hospital + more[0], outside=before.outside + more[1],
        hospital_more=more[0], outside_more=more[1], how=how,
    )  # fmt: skip


def _alike(before: Shared, money: int) -> tuple[int, int]:
    if before.hospital + before.outside <= 0:
        return 0, money
    hospital, outside = Money(money, "GBP").split([before.hospital, before.outside])
    return hospital.minor, outside.minor


def _ceiling(
    before: Shared, growth: int, rule: Rule, inflation: int
) -> tuple[tuple[int, int], str]:
    dearer, real = 1 + Fraction(inflation, WHOLE), 1 + Fraction(rule.rate, WHOLE)
    most = max(0, round(before.hospital * (dearer * real - 1)))
    hospital = min(growth, most)
    how = say(
        "the hospital grows by at most {rate} per cent above inflation", rate=f"{rule.rate / 100:g}"
    )
    return (hospital, growth - hospital), how
