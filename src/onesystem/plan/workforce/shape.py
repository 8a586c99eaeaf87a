"""A plan of staff over years as it is written down. Pure.

Staff are hundredths of a full-time one, rates whole hundredths of a per cent a year, money whole
minor units, months the date of their first day.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from onesystem.budget.months import later
from onesystem.vocabulary.said import say_each

BANDS: Mapping[str, int] = {
    "Under 25": 7, "25 to 34": 10, "35 to 44": 10, "45 to 54": 10,
}  # the width in years of each band below 55  # fmt: skip
OVER = "55 and over"
AGES: tuple[int, ...] = (8, 26, 25, 24, 17)  # per cent by band, when nobody says; assumed but 17
STARTERS: tuple[int, ...] = (50, 35, 15, 0)  # per cent by band of those who newly qualify; assumed
TIERS: Mapping[int, str] = say_each({1: "First: emergency", 2: "Then: urgent", 3: "Last: can wait"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Role:
    """A kind of staff, and what training one takes."""

    code: str
    name: str
    band: str
    months: int
    lead: int
    intakes: tuple[int, ...]
    completion: int
    place: int
    turnover: int
    grade: str = ""  # of the pay scales; none where there is no scale
    words: str = ""

    def intake(self, decided: date) -> date:
        """The first intake whose places can still be changed on a day."""
        month = later(decided.replace(day=1), self.lead + 1)
        while self.intakes and month.month not in self.intakes:
            month = later(month)
        return month

    def reaches(self, decided: date) -> date:
        """The month in which whoever is trained by a decision of a day begins to work."""
        return later(self.intake(decided), self.months)


@dataclass(frozen=True, slots=True, kw_only=True)
class Staff:
    """Who is in post of a role, how many are needed, and who comes and goes."""

    role: str
    in_post: int
    needed: int
    growth: int = 0  # of what is needed
    joiners: int = 0  # a year, from elsewhere
    turnover: int | None = None
    over_55: int | None = None  # per cent
    source: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Commission:
    """Training places of a role a year, and from a decision on another number."""

    role: str
    places: int
    decided: date | None = None
    then: int = 0
    source: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mix:
    """Work that another role can do: a share of its hours, from a month on.

    `ratio` is hours of the other for 100 of the one; `watch` the per cent of the hours that is
    given back as supervision.
    """

    words: str
    from_role: str
    to_role: str
    share: int
    start: date
    ratio: int = 100
    watch: int = 5
    source: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """Work that staff do: how much a year, how it grows, minutes of a role for one piece."""

    code: str
    name: str
    tier: int
    volume: int
    growth: int = 0
    minutes: Mapping[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Demand:
    """Posts that an option of a plan takes on from a month on: laid in, and taken out whole."""

    plan: str
    option: str
    words: str
    role: str
    posts: int
    start: date
    source: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Workforce:
    """A plan of staff. `area` is a code of the plan's areas, and may be empty."""

    slug: str
    name: str
    base: date
    years: int = 5
    area: str = ""
    retire: int = 5  # years in which those over 55 retire
    hours: int = 1_550  # that one full-time works with people in a year
    money: int | None = None  # for training places a year; None where nobody limits it
    staff: tuple[Staff, ...] = ()
    commissions: tuple[Commission, ...] = ()
    mixes: tuple[Mix, ...] = ()
    services: tuple[Service, ...] = ()
    demands: tuple[Demand, ...] = ()
    words: str = ""

    def of(self, role: str) -> Staff | None:
        """Those of a role."""
        return next((each for each in self.staff if each.role == role), None)


def share(percent: int) -> Fraction:
    """Per cent as a share."""
    return Fraction(percent, 100)
