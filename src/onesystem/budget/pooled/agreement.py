"""What partners agree for one year of a pooled fund: who pays in what, and what it is for. Pure.

Money is whole minor units. A contribution is the partner's *minimum* (set for the year), what it
*adds*, *capital* (for what lasts), or *in-kind* (people, rooms: valued, never cash).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from onesystem.vocabulary.said import say_each

KINDS: Mapping[str, str] = say_each(
    {
        "minimum": "Minimum, set for the year",
        "additional": "Additional",
        "capital": "Capital",
        "in-kind": "In kind",
    }
)
BODIES: Mapping[str, str] = say_each({"nhs": "NHS", "council": "Council", "other": "Another body"})
TYPES: Mapping[str, str] = say_each(
    {
        "home-care": "Home care",
        "reablement": "Reablement at home",
        "intermediate-beds": "Beds between hospital and home",
        "community-health": "Community health services",
        "discharge": "Leaving hospital",
        "falls": "Falls and prevention",
        "carers": "Carers",
        "equipment": "Equipment and technology",
        "adaptations": "Adaptations of homes",
        "urgent": "Urgent care at home",
        "placements": "Care home places",
        "coordination": "Care coordination",
        "enablers": "What makes integration work",
        "transformation": "Change, for a limited time",
    }
)
OBJECTIVES: Mapping[str, str] = say_each(
    {
        "at-home": "People stay well and independent at home for longer",
        "right-care": "The right care in the right place, from hospital to home",
    }
)
LEFT: Mapping[str, str] = {
    "return": "goes back to the partners by what they paid in",
    "carry": "stays in the pool for next year",
}
STEPS: Mapping[str, str] = say_each(
    {
        "underspends": "Underspends elsewhere in the pool",
        "risk-pool": "The risk pool",
        "uncommitted": "Money that nobody has committed",
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Partner:
    """A body that pays in. `most` is the most it pays on top for an overspend; None: no limit."""

    code: str
    name: str
    most: int | None = None
    body: str = "nhs"


@dataclass(frozen=True, slots=True, kw_only=True)
class Contribution:
    """What a partner pays in, of which kind, over which months."""

    code: str
    partner: str
    kind: str
    amount: int
    words: str = ""
    phasing: str = "even"


@dataclass(frozen=True, slots=True, kw_only=True)
class Test:
    """The test of money for a limited time: a measure that is to reach a figure by a day."""

    measure: str
    figure: float
    due: date
    words: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scheme:
    """What some of the money is for. `held` is the part that nobody has committed yet.

    A `fixed` scheme is its owner's alone: over or under, no other partner pays for it.
    """

    code: str
    name: str
    owner: str
    type: str
    provider: str
    paid_from: str
    amount: int
    held: int = 0
    fixed: bool = False
    social_care: bool = False
    out_of_hospital: bool = False
    objective: str = ""
    goal: str = ""
    measure: str = ""
    services: tuple[str, ...] = ()
    share: int = 100  # per cent of what its services' contacts cost that the pool pays
    phasing: str = "even"
    until: date | None = None
    test: Test | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreement:
    """A year of a pooled fund as it is agreed."""

    fund: str
    year: str
    name: str
    host: str
    board: str = ""
    signed: date | None = None  # the agreement under section 75
    partners: tuple[Partner, ...] = ()
    contributions: tuple[Contribution, ...] = ()
    schemes: tuple[Scheme, ...] = ()
    risk_pool: int = 0
    order: tuple[str, ...] = ("underspends", "risk-pool", "uncommitted")
    left: str = "return"
    minimum_social_care: int = 0
    minimum_out_of_hospital: int = 0
    targets: Mapping[str, float] = field(default_factory=dict)
    words: str = ""

    def partner(self, code: str) -> Partner | None:
        """A partner by its code."""
        return next((each for each in self.partners if each.code == code), None)

    def contribution(self, code: str) -> Contribution | None:
        """A contribution by its code."""
        return next((each for each in self.contributions if each.code == code), None)

    def scheme(self, code: str) -> Scheme | None:
        """A scheme by its code."""
        return next((each for each in self.schemes if each.code == code), None)

    def kind_of(self, scheme: Scheme) -> str:
        """Which kind of money a scheme is paid from."""
        paid = self.contribution(scheme.paid_from)
        return paid.kind if paid else "additional"

    def total(self, *kinds: str) -> int:
        """What is paid in of some kinds; of all, where none is named."""
        return sum(c.amount for c in self.contributions if not kinds or c.kind in kinds)

    def of_the_nhs(self, scheme: Scheme) -> bool:
        """Whether a scheme is paid from the minimum of an NHS body."""
        paid = self.contribution(scheme.paid_from)
        payer = self.partner(paid.partner) if paid else None
        return paid is not None and paid.kind == "minimum" and bool(payer and payer.body == "nhs")

    @property
    def in_cash(self) -> int:
        """What is paid in as money."""
        return self.total("minimum", "additional", "capital")

    @property
    def free(self) -> int:
        """What is paid in as money and stands in no scheme and not in the risk pool."""
        return self.in_cash - self.risk_pool - sum(s.amount for s in self.cash_schemes)

    @property
    def cash_schemes(self) -> tuple[Scheme, ...]:
        """The schemes that are paid from money."""
        return tuple(s for s in self.schemes if self.kind_of(s) != "in-kind")
