"""What care costs, as dated data: staff, national unit costs, pools, and rules for contacts. Pure.

A rule says of one kind of contact which lines it is made of. A line has a price for each unit of
something that the contact has: itself, its minutes, its hours, days or nights in a bed. Prices
hold for whole months.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from typing import Literal

from onesystem.vocabulary import UserError, nearest
from onesystem.vocabulary.said import say, say_date

Unit = Literal["contact", "minute", "hour", "day", "night", "week"]
Basis = Literal["own", "national", "none"]
UNITS: tuple[Unit, ...] = ("contact", "minute", "hour", "day", "night", "week")
LASTING: frozenset[Unit] = frozenset({"hour", "day", "night", "week"})  # told month by month
KINDS = ("staff", "bed", "consumables", "tests", "national", "overhead")


class NoRate(UserError, LookupError):
    """A rate that is asked for at a date at which nobody has said it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Dated:
    """Something that is so from the first of a month on, up to the first of another."""

    since: date
    until: date | None = None
    source: str = ""

    def on(self, month: date) -> bool:
        """Whether it is so in that month."""
        return self.since <= month and (self.until is None or month < self.until)


@dataclass(frozen=True, slots=True, kw_only=True)
class Staff(Dated):
    """One full-time member of a staff group: cost of a year, and the minutes it leaves for people.

    `prices` is the year whose prices these are, moved to others by the deflator of that name.
    """

    group: str
    words: str
    cost: int
    minutes: int
    prices: str = ""
    deflator: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class National(Dated):
    """A national average unit cost, at the prices of a year."""

    code: str
    words: str
    minor: int
    prices: str
    deflator: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Pool(Dated):
    """What a group of staff really costs some services in a month, and its practical minutes."""

    code: str
    words: str
    group: str
    services: tuple[str, ...]
    cost: int
    minutes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line of a rule: so much for each unit. Of staff, `minutes` of a group for each."""

    kind: str
    per: Unit = "contact"
    group: str = ""
    minutes: Fraction = Fraction(0)
    minor: Fraction = Fraction(0)
    code: str = ""
    percent: Fraction = Fraction(0)
    most: int = 0  # minutes that are counted at the most; 0: all
    words: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule(Dated):
    """Which lines a kind of contact is made of. Empty fields stand for all; the narrower wins."""

    name: str
    words: str
    lines: tuple[Line, ...]
    service: str = ""
    setting: str = ""
    mode: str = ""
    from_hours: int = 0
    below_hours: int = 0
    place: str = ""  # where it is written: the file and its line

    @property
    def lasts(self) -> bool:
        """Whether it is told month by month, as a stay is."""
        return any(line.per in LASTING for line in self.lines)

    @property
    def basis(self) -> Basis:
        """Own minutes, or a national average."""
        kinds = {line.kind for line in self.lines}
        return "national" if "national" in kinds and "staff" not in kinds else "own"

    def fits(self, service: str, setting: str, mode: str) -> bool:
        """Whether it may be of such a contact, whatever its length."""
        return (
            self.service in ("", service)
            and self.setting in ("", setting)
            and self.mode in ("", mode)
        )

    def of_length(self, minutes: int) -> bool:
        """Whether it is of contacts that lasted so long."""
        return minutes >= self.from_hours * 60 and (
            not self.below_hours or minutes < self.below_hours * 60
        )

    @property
    def rank(self) -> tuple[bool, bool, bool, bool]:
        """Narrower rules are greater."""
        return (
            bool(self.service),
            bool(self.mode),
            bool(self.setting),
            bool(self.from_hours or self.below_hours),
        )


@dataclass(frozen=True, slots=True)
class Rules:
    """All that is said of a district's costs. Costing begins with the month `since`."""

    since: date
    rules: tuple[Rule, ...] = ()
    staff: tuple[Staff, ...] = ()
    national: tuple[National, ...] = ()
    pools: tuple[Pool, ...] = ()
    deflators: Mapping[str, Mapping[str, Fraction]] = field(default_factory=dict)
    sources: Mapping[str, str] = field(default_factory=dict)  # of deflators
    none: Mapping[str, str] = field(default_factory=dict)  # why a setting has no rule

    def candidates(self, service: str, setting: str, mode: str, month: date) -> tuple[Rule, ...]:
        """The rules that may be of such a contact, narrower ones first."""
        found = [r for r in self.rules if r.on(month) and r.fits(service, setting, mode)]
        return tuple(sorted(found, key=lambda r: r.rank, reverse=True))

    def rule(
        self, service: str, setting: str, mode: str, month: date, minutes: int
    ) -> Rule | None:  # fmt: skip
        """The rule of one contact; none where nobody has said what it costs."""
        found = self.candidates(service, setting, mode, month)
        return next((rule for rule in found if rule.of_length(minutes)), None)

    def pool(self, service: str, group: str, month: date) -> Pool | None:
        """The pool that a service's staff of a group are in."""
        return next(
            (p for p in self.pools if p.group == group and service in p.services and p.on(month)),
            None,
        )

    def rate(self, group: str, month: date) -> Fraction:
        """A minute of a staff group in a month: its cost over its practical minutes."""
        found = [s for s in self.staff if s.group == group]
        said = next((s for s in found if s.on(month)), None)
        if said is None:
            raise _no_rate("staff group", group, month, {s.group for s in self.staff})
        return Fraction(said.cost, said.minutes) * self.moved(said.prices, said.deflator, month)

    def national_cost(self, code: str, month: date) -> Fraction:
        """A national unit cost at the prices of a month."""
        said = next((n for n in self.national if n.code == code and n.on(month)), None)
        if said is None:
            raise _no_rate("national unit cost", code, month, {n.code for n in self.national})
        return said.minor * self.moved(said.prices, said.deflator, month)

    def moved(self, prices: str, deflator: str, month: date) -> Fraction:
        """From the prices of a year to those of a month, by a named deflator."""
        year = year_of(month)
        if not prices or prices == year:
            return Fraction(1)
        index = self.deflators[deflator]
        if missing := next((each for each in (prices, year) if each not in index), ""):
            raise NoRate(
                say(
                    "the deflator {deflator} says nothing of {missing}, which costs of "
                    "{month} need",
                    deflator=repr(deflator),
                    missing=missing,
                    month=say_date(month, "%B %Y"),
                ),
                say(
                    "Add {missing} to [deflator.{deflator}] in costs.toml, with its source.",
                    missing=repr(missing),
                    deflator=deflator,
                ),
            )
        return index[year] / index[prices]


def year_of(month: date) -> str:
    """The financial year of a month: `2026-27`, from April on."""
    first = month.year if month.month > 3 else month.year - 1
    return f"{first}-{(first + 1) % 100:02d}"


def _no_rate(what: str, name: str, month: date, known: set[str]) -> NoRate:
    if name in known:
        return NoRate(
            say(
                "there is no rate of the {what} {name} in {month}",
                what=what,
                name=repr(name),
                month=say_date(month, "%B %Y"),
            ),
            say(
                "Add one that is in force then to costs.toml, or move `since` of {name} back.",
                name=repr(name),
            ),
        )
    return NoRate(
        say("there is no {what} {name}", what=what, name=repr(name)), nearest(name, known)
    )
