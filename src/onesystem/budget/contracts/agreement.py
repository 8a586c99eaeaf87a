"""What a contract says. Pure words, and what follows from them.

An agreement is between parties, for a scope, from a day on (inclusive) to a day (exclusive). How
it pays is in its parts, of which a contract has those that it needs:

    target, slices, cap, collar     the members' cost against a target, and who bears what of it
    payments                        to one party: a block, a price for each, a plan with variation
    passes                          what a prime contractor hands on to whom it subcontracts

Money is whole minor units; shares are fractions of 1.
"""

from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction

from onesystem.vocabulary.said import say_each

ALLIANCE, DIRECT, PRIME = "alliance", "direct", "prime"
KINDS = say_each(
    {
        ALLIANCE: "An alliance: the members share what is gained and lost together",
        DIRECT: "A contract with one provider: a block, prices, or a plan with variation",
        PRIME: "A prime contractor, who subcontracts others",
    }
)
FUNDER, MEMBER, PROVIDER, SUBCONTRACTOR = "funder", "member", "provider", "subcontractor"
ROLES = say_each({
    FUNDER: "pays", MEMBER: "is a member of the alliance", PROVIDER: "provides",
    SUBCONTRACTOR: "is subcontracted",
})  # fmt: skip
BLOCK, EACH, PLAN = "block", "each", "plan"
WAYS = say_each(
    {
        BLOCK: "a fixed sum, whatever is done",
        EACH: "a price for each contact",
        PLAN: "a fixed sum for a plan, and a share of the price for each contact above or below it",
    }
)
UNDER, OVER = "under", "over"
TAXES = say_each(
    {
        "": "not yet settled",
        "exempt": "exempt: no VAT is charged",
        "recovered": "VAT is charged, and recovered",
        "borne": "VAT is charged, is not recovered, and is in the price",
    }
)
ONE = Fraction(1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Party:
    """Who has agreed, as what; `share` is a member's part of what the members gain and lose, or a
    funder's part of what the funders pay together (none: the first pays it).
    """

    organisation: str
    role: str
    share: Fraction = Fraction(0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """Which services it is about: those named, else all that fit the other lists. For whom.

    `whom` is words; ages and practices say whose contacts count (0: no such bound).
    """

    services: tuple[str, ...] = ()
    settings: tuple[str, ...] = ()
    organisations: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    whom: str = ""
    from_age: int = 0
    below_age: int = 0
    practices: tuple[str, ...] = ()

    @property
    def limited(self) -> bool:
        """Whether only contacts of some people count."""
        return bool(self.from_age or self.below_age or self.practices)


@dataclass(frozen=True, slots=True, kw_only=True)
class Slice:
    """Of what lies between two shares of the target, under or over it, the members' part."""

    side: str
    low: Fraction
    high: Fraction | None = None  # None: all that lies beyond
    share: Fraction


@dataclass(frozen=True, slots=True, kw_only=True)
class Quality:
    """A measure that has to be reached; `weight` is its part of the whole quality."""

    measure: str
    most: bool  # whether it may be at most the bound; else at least
    bound: Fraction  # in the measure's unit
    weight: Fraction = ONE
    words: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Payment:
    """What one party is paid for services of its own."""

    organisation: str
    way: str
    services: tuple[str, ...] = ()
    amount: int = 0  # a year: of a block, or for the plan
    units: int = 0  # contacts a year that the plan holds
    price: int = 0  # of a contact
    above: Fraction = ONE  # part of the price for each contact above the plan
    below: Fraction = ONE  # part of the price given back for each contact below it
    payer: str = ""  # of several funders; else the first
    goal: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pass:
    """What the prime contractor hands on: a share of what it is paid, or a price for each."""

    organisation: str
    under: str  # the prime contractor, or a subcontractor that subcontracts in turn
    services: tuple[str, ...] = ()
    share: Fraction | None = None
    price: int = 0
    words: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Gate:
    """What has to be known before anything goes live."""

    cost_low: int | None = None
    cost_high: int | None = None
    cost_words: str = ""
    price: str = ""  # who agreed it, and where that is written
    tax: str = ""
    guarantees: str = ""
    exit_months: int = 0
    exit: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreement:
    """A contract as it is written, from a day on to a day."""

    name: str
    kind: str
    since: date
    until: date
    words: str = ""
    parties: tuple[Party, ...] = ()
    scope: Scope = field(default_factory=Scope)
    goals: tuple[str, ...] = ()
    line: str = ""  # the budget line that it is paid from
    open_book: str = ""  # which costs count, and who may look
    reimbursed: bool = True  # whether members are paid what their open books show

    target: int = 0  # a year
    slices: tuple[Slice, ...] = ()
    threshold: Fraction = Fraction(0)  # of the target: nothing is shared below it
    first: bool = True  # once beyond the threshold, from the first penny
    cap: Fraction | None = None  # of the target: the most that the members gain
    collar: Fraction | None = None  # of the target: the most that they lose
    quality: tuple[Quality, ...] = ()
    full: Fraction = Fraction(0)  # of the quality: from it on a gain counts in full
    scaled: Fraction | None = None  # from it on in proportion; below both not at all
    payments: tuple[Payment, ...] = ()
    passes: tuple[Pass, ...] = ()
    gate: Gate = field(default_factory=Gate)
    notes: str = ""

    def of(self, *roles: str) -> tuple[Party, ...]:
        """The parties of these roles."""
        return tuple(party for party in self.parties if party.role in roles)

    @property
    def funders(self) -> tuple[str, ...]:
        """Who pays."""
        return tuple(party.organisation for party in self.of(FUNDER))

    @property
    def funder(self) -> str:
        """Who pays where nothing else is said; empty where there is none."""
        return next(iter(self.funders), "")

    @property
    def contributions(self) -> tuple[Party, ...]:
        """The funders, where they share what they pay."""
        funders = self.of(FUNDER)
        return funders if any(party.share for party in funders) else ()

    @property
    def members(self) -> tuple[str, ...]:
        """Who shares gain and loss."""
        return tuple(party.organisation for party in self.of(MEMBER))

    def on(self, day: date) -> bool:
        """Whether it is in force on that day."""
        return self.since <= day < self.until
