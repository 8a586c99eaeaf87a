"""A plan of money over years as it is written down. Pure.

Money is whole minor units; rates are whole hundredths of a per cent a year (400 is 4 per cent).
Rates that differ by year are a path: the first is for the step from the base year to the next,
and the last goes on.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from onesystem.budget.funds.shift import HOSPITAL
from onesystem.budget.months import Year, later
from onesystem.vocabulary import Setting
from onesystem.vocabulary.said import say_each

Path = tuple[int, ...]
SETTINGS: Mapping[str, str] = {str(s): str(s)[:1].upper() + str(s)[1:] for s in Setting}
RULES: Mapping[str, str] = say_each(
    {
        "share": "So much of each year's growth goes outside the hospital",
        "ceiling": "The hospital grows by no more than so much in real terms; the rest goes "
        "outside",
    }
)
HORIZONS = (5, 20)


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A service's cost in the base year, and what moves it.

    `pay` is the per cent of it that is pay. `efficiency` is its own path, where it has one; `keeps`
    the per cent of what is released that stays with it as more elective work of `unit` a piece.
    """

    code: str
    name: str
    setting: str
    amount: int
    pay: int = 65
    demand: Path = (0,)
    efficiency: Path | None = None
    keeps: int = 0
    unit: int = 0
    source: str = ""

    @property
    def hospital(self) -> bool:
        """Whether it is of the hospital, for the rule that shares growth."""
        return self.setting in HOSPITAL


@dataclass(frozen=True, slots=True, kw_only=True)
class Funder:
    """Who gives, how much in the base year, and by how much it grows in real terms."""

    code: str
    name: str
    amount: int
    growth: Path = (0,)
    source: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Doubled:
    """Money for running old and new side by side, from a month to a month; then it ends.

    `after` is what goes on to cost a year when it has ended, and `benefit` what must be shown by
    then for that to be found. `top` is whether its money comes on top of what funders give, as of
    a transformation fund; that money ends with it, and is nobody's growth.
    """

    code: str
    name: str
    amount: int  # a year
    first: date
    last: date
    after: int = 0
    funder: str = ""
    benefit: str = ""
    top: bool = False

    def months_in(self, year: Year) -> int:
        """How many of a year's months it runs in."""
        return sum(self.first <= month <= self.last for month in year.months)

    def months_after(self, year: Year) -> int:
        """How many of a year's months are after its end."""
        return sum(month > self.last for month in year.months)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """How growth is shared between the hospital and what is outside it."""

    kind: str = "share"
    rate: int = 7_000  # of growth that goes outside; or the hospital's most real growth
    source: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class MoneyPlan:
    """A plan of money. `area` is a code of the plan's areas, and may be empty."""

    slug: str
    name: str
    base: str  # the financial year, such as 2026/27
    years: int = 5
    begins: int = 4  # the month in which a year begins
    area: str = ""
    pay: Path = (0,)
    price: Path = (0,)
    inflation: Path = (0,)
    efficiency: Path = (0,)
    rates_source: str = ""
    rule: Rule = Rule()
    lines: tuple[Line, ...] = ()
    funders: tuple[Funder, ...] = ()
    doubled: tuple[Doubled, ...] = ()
    words: str = ""

    @property
    def first(self) -> Year:
        """The base year."""
        return Year.of(self.base, self.begins)

    def year(self, number: int) -> Year:
        """The year so many after the base year."""
        return Year(later(self.first.first, 12 * number))

    @property
    def all_years(self) -> tuple[Year, ...]:
        """The base year and every year after it that is planned."""
        return tuple(self.year(number) for number in range(self.years + 1))

    def saved(self, line: Line) -> Path:
        """The rates of efficiency of a line."""
        return self.efficiency if line.efficiency is None else line.efficiency


def at(path: Sequence[int], step: int) -> int:
    """The rate of the step from year `step` to the next; the last one goes on."""
    return path[min(step, len(path) - 1)] if path else 0


def typed(path: Sequence[int]) -> str:
    """A path as somebody types it: 4, 3.5."""
    return ", ".join(f"{rate / 100:g}" for rate in path)
