"""Activity and cost taken together by whatever is asked, and small numbers left out. Pure."""

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import NamedTuple

from onesystem.budget.terms.numbers import largest_remainder
from onesystem.vocabulary.said import say

_LONG = 2  # stays that are counted in more than so many months each are counted by the month


class Row(NamedTuple):
    """What one service did in one month, of one kind."""

    organisation: str
    service: str
    setting: str
    month: date
    mode: str
    began: int
    there: int  # contacts that were going on in the month
    cost: int
    basis: str
    rule: str = ""
    kind: str = ""
    name: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A sum of rows. `hidden` where so few people may be behind it that it is not shown."""

    key: Hashable
    began: int
    there: int
    cost: int
    national: int  # of the cost, what rests on national unit costs
    months: Mapping[date, int]
    hidden: bool = False

    @property
    def stays(self) -> bool:
        """Whether it is care that goes on for months: then months of care are counted."""
        return self.there > _LONG * self.began

    @property
    def count(self) -> int:
        """Contacts, or months of care."""
        return self.there if self.stays else self.began

    @property
    def unit(self) -> str:
        """What is counted."""
        return say("months of care") if self.stays else say("contacts")

    @property
    def each(self) -> int | None:
        """What one of them cost."""
        return round(Fraction(self.cost, self.count)) if self.count else None


def summed(rows: Iterable[Row], by: Callable[[Row], Hashable]) -> list[Line]:
    """The rows taken together, dearest first."""
    counts: dict[Hashable, list[int]] = defaultdict(lambda: [0, 0, 0, 0])
    months: dict[Hashable, dict[date, int]] = defaultdict(lambda: defaultdict(int))
    for row in rows:
        key = by(row)
        held = counts[key]
        held[0] += row.began
        held[1] += row.there
        held[2] += row.cost
        held[3] += row.cost if row.basis == "national" else 0
        months[key][row.month] += row.cost
    lines = [
        Line(key=key, began=b, there=t, cost=c, national=n, months=dict(months[key]))
        for key, (b, t, c, n) in counts.items()
    ]
    return sorted(lines, key=lambda line: (-line.cost, str(line.key)))


def screened(lines: Sequence[Line], below: int) -> list[Line]:
    """Lines with fewer contacts than `below` hidden, and one more where only one would be: it
    could be told from the total.
    """
    few = [line for line in lines if 0 < line.count < below]
    if len(few) == 1:
        rest = [line for line in lines if line.count >= below]
        few += [min(rest, key=lambda line: line.count)] if rest else []
    return [_hidden(line) if line in few else line for line in lines]


def unseen(rows: Iterable[Row], below: int) -> set[tuple[str, str]]:
    """Providers' services that are not shown over these months, however they are asked for: with
    another filter, or one deeper, they would be there again.
    """
    by_provider: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        by_provider[row.organisation].append(row)
    return {
        (provider, str(line.key))
        for provider, those in by_provider.items()
        for line in screened(summed(those, lambda row: row.service), below)
        if line.hidden
    }


def veiled(
    lines: Sequence[Line], rows: Iterable[Row], by: Callable[[Row], Hashable],
    hidden: set[tuple[str, str]],
) -> list[Line]:  # fmt: skip
    """Lines behind which there is but one service that is not shown are not shown either."""
    behind: dict[Hashable, set[tuple[str, str]]] = defaultdict(set)
    for row in rows:
        behind[by(row)].add((row.organisation, row.service))
    return [
        _hidden(line) if len(behind[line.key]) == 1 and behind[line.key] <= hidden else line
        for line in lines
    ]


def _hidden(line: Line) -> Line:
    return Line(key=line.key, began=0, there=0, cost=0, national=0, months={}, hidden=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Bought:
    """What a part of a block bought: its line and the part of the block that it stands for."""

    line: Line
    paid: int

    @property
    def each(self) -> int | None:
        """What is paid for one of them."""
        count = self.line.count
        return round(Fraction(self.paid, count)) if count else None


def bought(amount: int, lines: Sequence[Line]) -> list[Bought]:
    """A block divided over what it bought, in proportion to what that cost, to the last penny."""
    costs = [Fraction(line.cost) for line in lines]
    if not any(costs):
        return [Bought(line=line, paid=0) for line in lines]
    parts = largest_remainder(amount, costs)
    return [
        Bought(line=line, paid=part + over) for line, (part, over) in zip(lines, parts, strict=True)
    ]
