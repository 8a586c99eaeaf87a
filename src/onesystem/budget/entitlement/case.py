"""A case: what is known of somebody who is charged, in the words of the form. Pure.

Every amount is whole minor units a week, and whole minor units where it is capital. `reading` makes
one from JSON.
"""

from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from onesystem.vocabulary.said import say, say_each

SETTINGS = ("home", say("care home"), "nhs", "prescription")
HOUSEHOLDS = ("single", "couple", say("lone parent"))
BANDS = ("", "none", "low", "moderate", "substantial", "critical")
PREMIUMS = ("disability", say("enhanced disability"), "carer")
NURSING = ("", "standard", "higher")
FREE = say_each(
    {
        "": "",
        "reablement": "Intermediate care or reablement, its first six weeks",
        "aftercare": "Aftercare under section 117 of the Mental Health Act",
        "equipment": "Community equipment or a minor adaptation",
        "cjd": "Creutzfeldt-Jakob disease",
    }
)
WHOLE = Fraction(1)
RESIDENTS = ("", "single", "both", "one")  # of New Zealand: in care alone, both, one of two


@dataclass(frozen=True, slots=True, kw_only=True)
class Income:
    """What comes in each week. `out`: so much of it the council leaves out, and `why`."""

    kind: str
    amount: int
    words: str = ""
    out: int = 0
    why: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Capital:
    """What somebody has. `share`: of what is held together, the person's part; else equal."""

    kind: str
    amount: int
    words: str = ""
    share: Fraction = WHOLE


@dataclass(frozen=True, slots=True, kw_only=True)
class Property:
    """The home: its value, what is secured on it, the person's share, and who lives there."""

    value: int
    secured: int = 0
    share: Fraction = WHOLE
    lives: str = "nobody"
    deferred: int = 0  # what has been lent on it already


@dataclass(frozen=True, slots=True, kw_only=True)
class Gift:
    """What was given away in a year before the application; `back`: how many years, 0 the last."""

    amount: int
    back: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One person's case at a day."""

    day: date
    setting: str
    cost: int
    age: int
    currency: str = "GBP"
    household: str = "single"
    pension_age: bool | None = None
    children: int = 0
    premiums: tuple[str, ...] = ()
    eligible: bool = True
    band: str = ""
    end_of_life: bool = False
    chc: bool = False
    nursing: str = ""
    free: str = ""
    weeks: int = 13  # of permanent care so far
    income: tuple[Income, ...] = ()
    capital: tuple[Capital, ...] = ()
    home: Property | None = None
    dre: int = 0
    housing: int = 0
    accommodation: int | None = None  # of the cost of a care home, board and lodging
    metered: int = 0  # towards a cap on what care costs, so far
    start_assets: int = 0  # what somebody had when care began, for Dilnot's share
    items: int = 0  # prescriptions a year
    low_income: bool = False
    resident: str = ""
    choice: str = ""  # of a couple in New Zealand: threshold a or b
    territory: str = ""
    maximum: int = 0  # the maximum contribution of the territory, where no table has it
    gifts: tuple[Gift, ...] = ()
    funeral: int = 0
    kept: int = 0  # what a resident keeps of the income each week

    @property
    def pensioner(self) -> bool:
        """Whether pension credit age is reached: as said, else 66."""
        return self.age >= _PENSION_AGE if self.pension_age is None else self.pension_age


_PENSION_AGE = 66
