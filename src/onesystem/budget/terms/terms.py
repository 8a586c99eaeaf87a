"""What was agreed, as dated data, and what happened. Pure words; `settle` puts them together."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from functools import cached_property

from onesystem.budget.terms.numbers import ONE, ZERO
from onesystem.budget.terms.rates import Table
from onesystem.budget.terms.schedule import Schedule

ENGINE = "1"  # raised when the same terms and facts would give other lines
FUNDER, PROVIDER, MEMBER, PRIME, SUBCONTRACTOR, HOST = ROLES = (
    "funder", "provider", "member", "prime", "subcontractor", "host",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Party:
    """Who is bound: the code of an organisation and what it is here."""

    code: str
    name: str = ""
    role: str = PROVIDER


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """An amount in minor units: a fact, a fact at a rate, or a rate by itself (a plan).

    `whose` names the member whose own activity or cost the fact is. A rate by itself is `per`
    month or year; a year's amount is phased so that twelve months sum to it exactly.
    """

    fact: str = ""
    rate: str = ""
    per: str = "month"
    whose: str = ""
    words: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Adjustment:
    """A factor or a deduction, in the order written. `when`: on `price` (before the slices), on
    `share` (after them, before the limits) or at the `end`. `on`: both, gain or loss.

    MRET came after the others: 70% on the price, then the 30% slice, is 21%.
    """

    rule: str
    words: str
    source: str = ""
    factor: Fraction | None = None
    deduct: str = ""  # a fact: so much nearer to zero, never past it
    when: str = "price"
    on: str = "both"


@dataclass(frozen=True, slots=True, kw_only=True)
class Element:
    """One rule of payment: `base` of the baseline whatever happens, and what the schedule moves.

    `pays` is a party, or a pot that is split by its weights. What is negative is owed back.
    `scope` names the alliance pot that the rule belongs to ("" where it stands outside).
    """

    rule: str
    words: str
    pays: str
    source: str = ""
    payer: str = ""
    scope: str = ""
    since: date | None = None
    until: date | None = None
    base: Fraction = ZERO
    baseline: Measured | None = None
    outturn: Measured | None = None
    schedule: Schedule | None = None
    adjustments: tuple[Adjustment, ...] = ()
    goal: str = ""  # the shared goal that it is tied to


@dataclass(frozen=True, slots=True, kw_only=True)
class Weight:
    """A party's part. `most` is a fact or a rate: no more than that from this party."""

    party: str
    share: Fraction
    most: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pot:
    """What is computed once for all and divided: the collective result of an alliance."""

    code: str
    weights: tuple[Weight, ...]
    words: str = ""
    source: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One source of an order: filled up to its limit before the next is asked.

    `limit` is a fact in minor units; without one the step takes all that is left.
    """

    rule: str
    words: str
    weights: tuple[Weight, ...]
    source: str = ""
    limit: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """Who bears an overspend, or has an underspend, and in which order (section 75).

    `of` is `over` or `saving`. The steps pay to (or are paid by) the `host` of the pool.
    """

    rule: str
    words: str
    host: str
    baseline: Measured
    outturn: Measured
    steps: tuple[Step, ...]
    of: str = "over"
    source: str = ""
    since: date | None = None
    until: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Subcontract:
    """What a prime contractor passes on: a share of what it has under some rules (all if none is
    named), or an amount of its own.
    """

    rule: str
    words: str
    prime: str
    party: str
    source: str = ""
    of: tuple[str, ...] = ()
    share: Fraction | None = None
    amount: Measured | None = None


@dataclass(frozen=True, kw_only=True)
class Terms:
    """One version of an agreement. Later versions are other `Terms`; none is ever edited."""

    code: str
    name: str
    currency: str
    payer: str
    parties: tuple[Party, ...]
    version: int = 1
    since: date | None = None
    until: date | None = None
    elements: tuple[Element, ...] = ()
    pots: tuple[Pot, ...] = ()
    orders: tuple[Order, ...] = ()
    subcontracts: tuple[Subcontract, ...] = ()
    funders: tuple[Weight, ...] = ()  # who bears what the payer pays where no rule says who
    rates: tuple[Table, ...] = ()
    year_starts: int = 4  # the month in which the contract's year begins
    engine: str = ENGINE
    form: str = ""  # which payment form it was written from
    source: str = ""

    @cached_property
    def table(self) -> Mapping[str, Table]:
        """The rates by name."""
        return {each.name: each for each in self.rates}

    @cached_property
    def pot(self) -> Mapping[str, Pot]:
        """The pots by code."""
        return {each.code: each for each in self.pots}

    @cached_property
    def codes(self) -> frozenset[str]:
        """The parties."""
        return frozenset(each.code for each in self.parties)


Values = tuple[int | Fraction, ...]


@dataclass(frozen=True, kw_only=True)
class Facts:
    """What happened in the months asked for.

    `monthly` has one value a month (counts, or money in minor units); `whole` one for the period
    (a score, a risk pool, a population). `sources` says where each comes from.
    """

    months: tuple[date, ...]
    currency: str
    monthly: Mapping[str, Values] = field(default_factory=dict)
    whole: Mapping[str, int | Fraction] = field(default_factory=dict)
    sources: Mapping[str, str] = field(default_factory=dict)
    contract: str = ""
    known_at: str = ""  # as the log knew it at that time


__all__ = [
    "ENGINE", "FUNDER", "HOST", "MEMBER", "ONE", "PRIME", "PROVIDER", "ROLES", "SUBCONTRACTOR",
    "Adjustment", "Element", "Facts", "Measured", "Order", "Party", "Pot", "Step", "Subcontract",
    "Terms", "Weight",
]  # fmt: skip
