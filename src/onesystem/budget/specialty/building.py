"""A specialty's budget worked out: what it costs, what it uses of its staff, what it once earned.

Time-driven: a group's posts cost so much and have so many practical minutes; planned work uses
some of them. The budget pays for the posts whole: what is used and what is not sum to it, to the
penny. Beside it stands what payment by activity would have paid, with national average unit costs
in the place of prices. Pure.

    2 nurses cost 100.00 and have 1,000 minutes; 40 pieces of 20 minutes use 800
    used 80.00, not used 20.00, in the budget 100.00
"""

import tomllib
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from importlib.resources import files

from onesystem.budget.months import Year
from onesystem.budget.specialty.pay import Award, Pay, pay
from onesystem.budget.specialty.shape import GROUPS, ITEMS, Item, Post, Specialty

PARTS: Mapping[str, str] = {"pay": "Pay", **ITEMS}


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line of a budget: a part, what it is, by which rule and source, and how much."""

    part: str
    words: str
    rule: str
    source: str
    amount: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Capacity:
    """A staff group: what it costs, its practical minutes, and how many planned work takes."""

    group: str
    hundredths: int
    cost: int
    minutes: int
    needed: int
    used: int

    @property
    def unused(self) -> int:
        """What nobody uses of its cost; below nothing where work takes more than there is."""
        return self.cost - self.used

    @property
    def share(self) -> Fraction | None:
        """What part of its minutes planned work takes."""
        return Fraction(self.needed, self.minutes) if self.minutes else None

    @property
    def short(self) -> int:
        """Minutes that are planned and that nobody has."""
        return max(0, self.needed - self.minutes)


@dataclass(frozen=True, slots=True, kw_only=True)
class Tariff:
    """A work beside what the old way would have paid for it."""

    work: str
    name: str
    planned: int
    unit: int | None
    words: str

    @property
    def amount(self) -> int | None:
        """What it would have paid."""
        return None if self.unit is None else self.planned * self.unit


@dataclass(frozen=True, slots=True, kw_only=True)
class Built:
    """A budget that is worked out."""

    lines: tuple[Line, ...]
    capacity: tuple[Capacity, ...]
    tariff: tuple[Tariff, ...]
    pay: tuple[tuple[Post, Pay], ...]

    @property
    def total(self) -> int:
        """The budget."""
        return sum(line.amount for line in self.lines)

    def part(self, part: str) -> int:
        """A part of it: pay, consumables, diagnostics or overheads."""
        return sum(line.amount for line in self.lines if line.part == part)

    @property
    def would(self) -> int:
        """What the old way would have paid, as far as it had a unit cost."""
        return sum(each.amount or 0 for each in self.tariff)


def build(s: Specialty) -> Built:
    """Work a budget out. Raises NoScale, UserError."""
    on = Year.of(s.year).first
    award = Award(percent=Fraction(s.award, 100), source=s.award_source) if s.award else None
    paid = tuple(
        (post, pay(post.grade, post.point, Fraction(post.hundredths, 100), on, award))
        for post in s.posts
    )
    lines = [
        Line(part="pay", words=_post(post), rule="; ".join(li.rule for li in each.lines),
             source=each.lines[0].source, amount=each.total)
        for post, each in paid
    ]  # fmt: skip
    whole = sum(line.amount for line in lines)
    lines += [_item(s, item, whole) for item in s.items]
    return Built(
        lines=tuple(lines), capacity=tuple(_capacity(s, paid)), tariff=_tariff(s), pay=paid
    )


def _post(post: Post) -> str:
    return (
        f"{post.words or GROUPS[post.group]}, {post.grade} {post.point}, {post.hundredths / 100:g}"
    )


def _item(s: Specialty, item: Item, pay_: int) -> Line:
    if item.basis == "pay":
        amount = round(Fraction(pay_ * item.amount, 10_000))
        rule, source = f"{item.amount / 100:g} per cent of pay", "This budget"
    elif item.basis == "each":
        work = s.work(item.work)
        planned = work.planned if work else 0
        amount, source = item.amount * planned, "This budget"
        rule = f"{item.amount / 100:,.2f} for each of {planned:,} {work.name if work else ''}"
    else:
        amount, rule, source = item.amount, "So much a year", "This budget"
    return Line(part=item.kind, words=item.words, rule=rule, source=source, amount=amount)


def _capacity(s: Specialty, paid: tuple[tuple[Post, Pay], ...]) -> list[Capacity]:
    """Each group: the cost of its posts over their practical minutes, and what work takes."""
    needed: dict[str, int] = defaultdict(int)
    for work in s.works:
        for step in work.steps:
            needed[step.group] += work.planned * step.minutes
    cost: dict[str, int] = defaultdict(int)
    hours: dict[str, Fraction] = defaultdict(Fraction)
    many: dict[str, int] = defaultdict(int)
    for post, each in paid:
        cost[post.group] += each.total
        hours[post.group] += Fraction(post.hundredths, 100) * each.hours * s.weeks
        many[post.group] += post.hundredths
    made = []
    for group in GROUPS:
        if group in cost or group in needed:
            minutes = int(hours[group] * 60 * s.practical / 100)
            used = round(Fraction(cost[group] * needed[group], minutes)) if minutes else 0
            made.append(
                Capacity(group=group, hundredths=many[group], cost=cost[group], minutes=minutes,
                         needed=needed[group], used=used)
            )  # fmt: skip
    return made


@dataclass(frozen=True, slots=True, kw_only=True)
class Unit:
    """A national average unit cost that stands in for an old price."""

    code: str
    words: str
    minor: int


@lru_cache(maxsize=1)
def units() -> tuple[Mapping[str, Unit], str]:
    """The unit costs by code, and their source."""
    text = files("onesystem.budget.specialty").joinpath("data/tariff.toml").read_text("utf-8")
    said = tomllib.loads(text)
    return {each["code"]: Unit(**each) for each in said["unit"]}, said["source"]


def _tariff(s: Specialty) -> tuple[Tariff, ...]:
    known, _ = units()
    return tuple(
        Tariff(
            work=w.code, name=w.name, planned=w.planned,
            unit=known[w.tariff].minor if w.tariff in known else None,
            words=known[w.tariff].words if w.tariff in known else "no unit cost stands in for it",
        )
        for w in s.works
    )  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """Released bed-days as elective work that stays with the specialty.

    `more` pieces fit the days; `limited` names the staff group that allows fewer, if one does.
    """

    days: int
    more: int
    fits: int
    limited: str
    minutes: Mapping[str, int]
    worth: int


def kept(s: Specialty, built: Built) -> Kept | None:
    """How much more elective work released bed-days allow, in days and in staff that is unused.

    No money leaves the budget for them: better use of beds lets more people be treated.
    """
    if s.released is None:
        return None
    work = s.work(s.released.work)
    days = s.released.days * s.released.percent // 100
    if work is None or not work.days:
        return Kept(days=days, more=0, fits=0, limited="", minutes={}, worth=0)
    fits = days * 100 // work.days
    more, limited = fits, ""
    takes: dict[str, int] = defaultdict(int)
    for step in work.steps:
        takes[step.group] += step.minutes
    left = {c.group: c.minutes - c.needed for c in built.capacity}
    for group, minutes in takes.items():
        can = max(0, left.get(group, 0)) // minutes if minutes else more
        if can < more:
            more, limited = can, group
    unit = next((t.unit for t in built.tariff if t.work == work.code), None) or 0
    return Kept(days=days, more=more, fits=fits, limited=limited, worth=more * unit,
                minutes={g: m * more for g, m in takes.items()})  # fmt: skip
