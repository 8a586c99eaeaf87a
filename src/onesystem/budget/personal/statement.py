"""The statement of a personal budget: what was agreed, spent, returned, and is left. Pure.

What the purses gave and what the person had are two sides of the same money:

    drawn from the purses = spent through us + paid to the account - returned
    paid to the account   = spent with receipts + left on the account + returned
    agreed                = drawn + still set aside + no longer needed
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

DIRECT = "direct"


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawn:
    """A purse: what was agreed, drawn (net of what came back), and released."""

    line: str
    name: str
    agreed: int
    drawn: int
    released: int

    @property
    def set_aside(self) -> int:
        """What is still reserved."""
        return self.agreed - self.drawn - self.released


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """A way of holding the money: agreed, paid to the account, spent, returned."""

    way: str
    name: str
    agreed: int
    paid: int
    spent: int
    returned: int

    @property
    def direct(self) -> bool:
        """Whether the money is with the person."""
        return self.way == DIRECT

    @property
    def left(self) -> int:
        """What may still be spent."""
        return self.agreed - self.spent - self.returned

    @property
    def account(self) -> int:
        """What should be on the person's account."""
        return self.paid - self.spent - self.returned if self.direct else 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line of the account, in order of its day. `amount` as it changes what is left."""

    day: date
    kind: str  # agreed, added, spent, taken back, paid, returned
    words: str
    item: str
    way: str
    amount: int
    moved: int = 0  # what was paid to the account, which leaves as much to spend
    receipt: int = 0
    number: int = 0
    rule: str = ""
    source: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """The whole statement, and whether it agrees with the ledger."""

    lines: tuple[Line, ...]
    purses: tuple[Drawn, ...]
    ways: tuple[Way, ...]
    ledger_spent: int
    ledger_reserved: int

    @property
    def agreed(self) -> int:
        """What all purses agreed."""
        return sum(each.agreed for each in self.purses)

    @property
    def spent(self) -> int:
        """What was bought."""
        return sum(each.spent for each in self.ways)

    @property
    def returned(self) -> int:
        """What came back from the account."""
        return sum(each.returned for each in self.ways)

    @property
    def left(self) -> int:
        """What may still be spent."""
        return sum(each.left for each in self.ways)

    @property
    def account(self) -> int:
        """What should be on the person's account."""
        return sum(each.account for each in self.ways)

    @property
    def drawn(self) -> int:
        """What the purses gave."""
        return sum(each.drawn for each in self.purses)

    @property
    def expected(self) -> int:
        """What the purses should have given by the lines."""
        through_us = sum(each.spent for each in self.ways if not each.direct)
        return through_us + sum(each.paid - each.returned for each in self.ways if each.direct)

    @property
    def differences(self) -> dict[str, int]:
        """What does not agree, in minor units; empty where the statement is right to the penny."""
        found = {
            "the purses and the lines": self.drawn - self.expected,
            "the ledger's spending and the purses": self.ledger_spent - self.drawn,
            "what the ledger holds set aside and the purses": self.ledger_reserved
            - sum(each.set_aside for each in self.purses),
        }
        return {words: by for words, by in found.items() if by}

    @property
    def by_item(self) -> dict[str, int]:
        """What was spent on what, most first."""
        found: dict[str, int] = {}
        for line in self.lines:
            if line.kind in {"spent", "taken back"}:
                found[line.item] = found.get(line.item, 0) - line.amount
        return dict(sorted(found.items(), key=lambda each: -each[1]))


def running(lines: Sequence[Line]) -> list[tuple[Line, int]]:
    """Each line with what is left after it."""
    left, found = 0, []
    for line in lines:
        left += line.amount
        found.append((line, left))
    return found


def in_order(lines: Sequence[Line]) -> tuple[Line, ...]:
    """Lines by their day; what gives money before what takes it."""
    return tuple(sorted(lines, key=lambda each: (each.day, each.amount < 0, each.number)))


def totals(lines: Sequence[Line]) -> Mapping[str, int]:
    """The sum of each kind."""
    found: dict[str, int] = {}
    for line in lines:
        found[line.kind] = found.get(line.kind, 0) + line.amount
    return found
