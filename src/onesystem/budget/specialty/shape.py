"""A specialty's budget as it is built from the base up. Pure.

Work is planned piece by piece; each piece has steps with minutes of a staff group, consumables and
diagnostics. Posts are the staff in post. Money is whole minor units, posts are hundredths of one.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from onesystem.vocabulary.said import say_each

ITEMS: Mapping[str, str] = say_each({
    "consumables": "Consumables", "diagnostics": "Diagnostics", "overheads": "Overheads",
})  # fmt: skip
BASES: Mapping[str, str] = say_each({
    "year": "So much a year", "each": "So much for each piece of a work",
    "pay": "Per cent of pay",
})  # fmt: skip
GROUPS: Mapping[str, str] = say_each({
    "consultant": "Consultants", "doctor": "Doctors in training", "nurse": "Nurses",
    "therapist": "Therapists", "support-worker": "Support workers", "admin": "Administration",
    "pharmacist": "Pharmacists", "scientist": "Scientists and technicians",
})  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A step of a work: minutes of a staff group for one piece of it."""

    words: str
    group: str
    minutes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """Work that is planned: how much there was, by what it changes, and what one piece takes."""

    code: str
    name: str
    volume: int
    growth: int = 0  # per cent on what there was
    source: str = ""  # where the volume comes from
    steps: tuple[Step, ...] = ()
    tariff: str = ""  # the unit cost that stands in for its old price
    days: int = 0  # bed-days in hundredths that one piece takes

    @property
    def planned(self) -> int:
        """How much is planned: whole pieces, a half to the even one."""
        return round(self.volume * (100 + self.growth) / 100)


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """Staff in post: so many hundredths of a full-time one, at a grade and point."""

    words: str
    group: str
    grade: str
    point: str
    hundredths: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """What is bought besides: by the year, by the piece of a work, or as a share of pay."""

    words: str
    kind: str
    basis: str
    amount: int  # minor units; of pay: hundredths of a per cent
    work: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Released:
    """Bed-days that better work released: a share of them stays, for more elective work."""

    days: int
    percent: int
    work: str
    source: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Specialty:
    """The budget of a specialty for a year. `line` is where its money comes from when agreed."""

    slug: str
    year: str
    name: str
    organisation: str
    services: tuple[str, ...] = ()
    line: str = ""
    weeks: int = 42
    practical: int = 80  # per cent of paid hours that is left for people
    award: int = 0  # hundredths of a per cent, on scales that end before the year
    award_source: str = ""
    works: tuple[Work, ...] = ()
    posts: tuple[Post, ...] = ()
    items: tuple[Item, ...] = ()
    released: Released | None = None
    words: str = ""

    def work(self, code: str) -> Work | None:
        """A work by its code."""
        return next((each for each in self.works if each.code == code), None)
