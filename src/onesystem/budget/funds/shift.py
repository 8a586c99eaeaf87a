"""Where growth goes: the shift index, a budget that grows in real terms, and cost pressure.

Canterbury's money grew by 3 to 6 per cent a year in real terms; it put the growth outside the
hospital and held the growth of the hospital back. These three say whether a district does so.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from onesystem.vocabulary import BadConfig
from onesystem.vocabulary.money import Money
from onesystem.vocabulary.said import say

HOSPITAL = frozenset({"ED", "ward", "outpatient", "diagnostics"})


@dataclass(frozen=True, slots=True)
class Shift:
    """Growth of hospital and community spend, and what share of the growth went outside.

    `outside` is None where nothing grew. Above `share_before`, money shifts to the community.
    """

    hospital: tuple[int, int]
    community: tuple[int, int]

    @property
    def hospital_growth(self) -> Fraction | None:
        """By what part of itself hospital spend grew."""
        return _growth(*self.hospital)

    @property
    def community_growth(self) -> Fraction | None:
        """By what part of itself spend outside the hospital grew."""
        return _growth(*self.community)

    @property
    def index(self) -> Fraction | None:
        """Community growth less hospital growth: above zero, money shifts outside."""
        ours, theirs = self.community_growth, self.hospital_growth
        return None if ours is None or theirs is None else ours - theirs

    @property
    def share_before(self) -> Fraction | None:
        """What part of all spend was outside the hospital before."""
        whole = self.hospital[0] + self.community[0]
        return Fraction(self.community[0], whole) if whole > 0 else None

    @property
    def outside(self) -> Fraction | None:
        """What part of the growth went outside the hospital."""
        more = sum(self.hospital) + sum(self.community) - 2 * (self.hospital[0] + self.community[0])
        return Fraction(self.community[1] - self.community[0], more) if more > 0 else None


def _growth(before: int, after: int) -> Fraction | None:
    return Fraction(after - before, before) if before > 0 else None


def shift(spent: Sequence[tuple[str, int, int]]) -> Shift:
    """From lines of setting, spend before and spend after."""
    inside = [(b, a) for setting, b, a in spent if setting in HOSPITAL]
    outside = [(b, a) for setting, b, a in spent if setting not in HOSPITAL]
    return Shift(
        (sum(b for b, _ in inside), sum(a for _, a in inside)),
        (sum(b for b, _ in outside), sum(a for _, a in outside)),
    )


@dataclass(frozen=True, slots=True)
class Envelope:
    """A year's money: in cash, and in the prices of the first year."""

    year: int
    cash: int
    real: int


def envelope(base: int, growth: Sequence[Fraction], prices: Sequence[Fraction]) -> list[Envelope]:
    """The years after a first: each grows in real terms by `growth` and in prices by `prices`.

    Each year is worked out from the exact figure of the year before; only what is shown is rounded,
    to the nearest minor unit (a half to the even one). Raises BadConfig.
    """
    if len(growth) != len(prices):
        raise BadConfig(
            say(
                "there are {growth} years of growth and {prices} of prices",
                growth=len(growth),
                prices=len(prices),
            ),
            "Say both for each year.",
        )
    made, real, deflator = [Envelope(0, base, base)], Fraction(base), Fraction(1)
    for year, (more, dearer) in enumerate(zip(growth, prices, strict=True), 1):
        real, deflator = real * (1 + more), deflator * (1 + dearer)
        made.append(Envelope(year, round(real * deflator), round(real)))
    return made


def split_growth(before: int, after: int, outside: Fraction) -> tuple[int, int]:
    """What of a year's growth is for the hospital, and what for outside; they sum to it exactly."""
    if not 0 <= outside <= 1:
        raise BadConfig(
            say("{outside} of the growth is no share", outside=outside), "Say a share from 0 to 1."
        )
    hospital, community = Money(after - before, "GBP").split([1 - outside, outside])
    return hospital.minor, community.minor


@dataclass(frozen=True, slots=True)
class Pressure:
    """Cost against money over years of the same rates: what is short at the end, by two sums."""

    years: int
    added: Fraction
    compounded: Fraction
    gap: int


def pressure(base: int, costs: Fraction, uplift: Fraction, years: int) -> Pressure:
    """Costs that grow by `costs` a year, money by `uplift`: the gap of the last year.

    `added` is the rate of saving taken so many times over, as it is often said; `compounded` is
    what it comes to when each year's saving is of a larger sum.
    """
    need = costs - uplift
    gap = Fraction(base) * ((1 + costs) ** years - (1 + uplift) ** years)
    return Pressure(years, need * years, (1 + need) ** years - 1, round(gap))
