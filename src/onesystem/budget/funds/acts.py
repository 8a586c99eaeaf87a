"""Acts on the plan, as transfers spread over months. Pure.

A transfer goes from a line to a line; from nowhere where it is contributed. Each is spread evenly
over its months, to the penny, and the same way on both sides, so that every month sums to nothing.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from onesystem.vocabulary.money import Money


@dataclass(frozen=True, slots=True)
class Transfer:
    """So much from a line to a line; an empty `source` is whoever contributes."""

    source: str
    to: str
    amount: int

    def turned(self) -> "Transfer":
        """The contrary."""
        return Transfer(self.to, self.source, self.amount)


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """An act that was done; `source` is the kind of a contribution, `undone` what undid it."""

    number: int
    kind: str
    first: date
    last: date
    amount: int
    transfers: tuple[Transfer, ...]
    words: str
    at: int
    by: str
    fund: str = ""
    organisation: str = ""
    source: str = ""
    undoes: int | None = None
    undone: int | None = None


def changes(transfers: Sequence[Transfer]) -> dict[str, int]:
    """What each line's plan changes by."""
    made: dict[str, int] = {}
    for each in transfers:
        for line, amount in ((each.source, -each.amount), (each.to, each.amount)):
            if line:
                made[line] = made.get(line, 0) + amount
    return {line: amount for line, amount in made.items() if amount}


def spread(
    transfers: Sequence[Transfer], months: Sequence[date]
) -> Iterator[tuple[date, tuple[Transfer, ...]]]:
    """The transfers of each month: what is left over goes, one unit each, to the first months."""
    parts = [
        [part.minor for part in Money(each.amount, "").split([1] * len(months))]
        for each in transfers
    ]
    for at, month in enumerate(months):
        yield (
            month,
            tuple(
                Transfer(each.source, each.to, part[at])
                for each, part in zip(transfers, parts, strict=True)
                if part[at]
            ),
        )
