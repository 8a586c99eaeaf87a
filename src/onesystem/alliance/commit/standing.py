"""How a decision stands with its funders: who confirmed what, and who has not. Pure.

A decision may be resourced when the last word of every funder on every amount asked for is that it
is confirmed: whole, for the months asked for, from a line of the budget. Less is another proposal.

>>> ask = Ask(funder="icb", amount=1200, since=date(2027, 1, 1), until=date(2027, 12, 1))
>>> stand([ask], []).complete
False
>>> stand([ask], [Word(0, "confirmed", 1200, ask.since, ask.until, "community")]).complete
True
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from onesystem.alliance.meeting.proposal import Ask
from onesystem.budget.months import later
from onesystem.vocabulary import Money

CONFIRMED, WITHDRAWN = "confirmed", "withdrawn"


@dataclass(frozen=True, slots=True)
class Word:
    """What a funder said of an amount, the latest of which stands."""

    nth: int
    said: str
    amount: int
    since: date
    until: date
    line: str
    by: str = ""
    at: int = 0
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """One amount that is asked for, and the funder's last word on it."""

    nth: int
    ask: Ask
    word: Word | None = None

    @property
    def confirmed(self) -> bool:
        """Whether it is promised as it was asked for."""
        word = self.word
        return (
            word is not None and word.said == CONFIRMED and bool(word.line)
            and (word.amount, word.since, word.until)
            == (self.ask.amount, self.ask.since, self.ask.until)
        )  # fmt: skip

    @property
    def state(self) -> str:
        """confirmed, withdrawn, or open."""
        if self.confirmed:
            return CONFIRMED
        return WITHDRAWN if self.word and self.word.said == WITHDRAWN else "open"


@dataclass(frozen=True, slots=True)
class Standing:
    """All that a decision asks for."""

    lines: tuple[Line, ...]

    @property
    def complete(self) -> bool:
        """Whether every funder has confirmed everything; where nothing is asked for, it is."""
        return all(line.confirmed for line in self.lines)

    @property
    def missing(self) -> tuple[str, ...]:
        """The funders who have not confirmed all, each once."""
        return tuple(dict.fromkeys(line.ask.funder for line in self.lines if not line.confirmed))

    @property
    def promised(self) -> int:
        """What is confirmed so far."""
        return sum(line.ask.amount for line in self.lines if line.confirmed)

    @property
    def asked(self) -> int:
        """All that is asked for."""
        return sum(line.ask.amount for line in self.lines)


def stand(asks: Sequence[Ask], words: Sequence[Word]) -> Standing:
    """How it stands after what was said, in its order."""
    last = {word.nth: word for word in words}
    return Standing(tuple(Line(n, ask, last.get(n)) for n, ask in enumerate(asks)))


def months(ask: Ask) -> tuple[date, ...]:
    """The months for which it is asked, the last one included."""
    found, month = [], ask.since
    while month <= ask.until:
        found.append(month)
        month = later(month)
    return tuple(found)


def by_month(ask: Ask, currency: str) -> tuple[tuple[date, int], ...]:
    """What is reserved in each month: even parts that sum to the whole, to the penny."""
    every = months(ask)
    parts = Money(ask.amount, currency).split([1] * len(every))
    return tuple((month, part.minor) for month, part in zip(every, parts, strict=True))
