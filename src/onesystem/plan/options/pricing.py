"""What an option costs a population of some size: set-up, a year's running, by who pays. Pure.

Pay is the middle of the scale in force on `PRICES`, with what employers pay besides
(`budget.specialty.pay`); everything else is as the library says. Money is in minor units.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from onesystem.budget.specialty.pay import pay
from onesystem.plan.options.option import Option
from onesystem.vocabulary.said import say

PRICES = date(2025, 4, 30)  # pay and prices of 2025/26
CURRENCY = "GBP"  # of the library's amounts
_PER = 100_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line of what it costs."""

    words: str
    kind: str
    funder: str
    amount: int
    source: str
    assumed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """Staff of one role, for the population."""

    role: str
    group: str
    grade: str
    wte: float
    training_months: int
    funder: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Priced:
    """An option at the size of a population."""

    people: float
    lines: tuple[Line, ...]
    posts: tuple[Post, ...]

    @property
    def set_up(self) -> int:
        """Once, in minor units."""
        return sum(each.amount for each in self.lines if each.kind == "set-up")

    @property
    def running(self) -> int:
        """In a full year, in minor units."""
        return sum(each.amount for each in self.lines if each.kind == "running")

    @property
    def wte(self) -> float:
        """Whole-time staff."""
        return sum(each.wte for each in self.posts)

    def by_funder(self, kind: str = "running") -> dict[str, int]:
        """Who pays how much."""
        found: dict[str, int] = {}
        for each in self.lines:
            if each.kind == kind:
                found[each.funder] = found.get(each.funder, 0) + each.amount
        return found

    def by_group(self) -> dict[str, float]:
        """Whole-time staff by group."""
        found: dict[str, float] = {}
        for each in self.posts:
            found[each.group] = round(found.get(each.group, 0.0) + each.wte, 4)
        return found


def priced(option: Option, people: float, *, changed: Mapping[str, int] | None = None) -> Priced:
    """The option for so many people; `changed` sums (by kind) take the place of the library's."""
    size = Fraction(people) / _PER
    lines = [
        Line(words=c.words, kind=c.kind, funder=c.funder, amount=round(c.amount * size),
             source=c.source or "Assumed", assumed=not c.source)
        for c in option.costs
    ]  # fmt: skip
    posts = []
    for each in option.staff:
        wte = Fraction(str(each.wte)) * size
        paid = pay(each.grade, "middle", wte, PRICES)
        source = paid.lines[0].source + (f"; {each.stands_in}" if each.stands_in else "")
        lines.append(
            Line(
                words=say("{role}, {wte} whole-time", role=each.role, wte=f"{float(wte):.2g}"),
                kind="running",
                funder=each.funder,
                amount=paid.total,
                source=source,
                assumed=True,
            )
        )
        posts.append(
            Post(role=each.role, group=each.group, grade=each.grade, wte=round(float(wte), 4),
                 training_months=each.training_months, funder=each.funder)
        )  # fmt: skip
    for kind, amount in (changed or {}).items():
        lines = _changed(lines, kind, amount)
    return Priced(people=people, lines=tuple(lines), posts=tuple(posts))


def _changed(lines: list[Line], kind: str, amount: int) -> list[Line]:
    """The lines of a kind come to another sum, in the proportions that they had."""
    mine = [each for each in lines if each.kind == kind]
    rest = [each for each in lines if each.kind != kind]
    funder = max(mine, key=lambda each: each.amount).funder if mine else "health"
    words = say("As this plan puts it in place of the library's figure")
    return [*rest, Line(words=words, kind=kind, funder=funder, amount=amount, source="This plan",
                        assumed=True)]  # fmt: skip
