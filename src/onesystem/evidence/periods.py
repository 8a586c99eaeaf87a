"""The periods of a panel: numbers, dates, or words that can be put in order. Pure."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from onesystem.flow.sheets import Turn, at, days_of
from onesystem.vocabulary import BadInput
from onesystem.vocabulary.said import say

_WHOLE = re.compile(r"-?\d+(?:\.0+)?$")
_ENDING = re.compile(r"(\D*)(\d+)$")
_FIRST = {"before": 0, "pre": 0, "baseline": 0, "0": 0, "after": 1, "post": 1, "follow up": 1}


@dataclass(frozen=True, slots=True)
class Periods:
    """The period of each row, and how another that is named beside them is read."""

    told: tuple[Any, ...]

    def read(self, text: str, name: str = "--at") -> Any:
        """A period of the same kind. Raises BadInput."""
        if isinstance(self.told[0], Word):
            return Word(_place(text.strip().lower(), name), text.strip())
        if isinstance(self.told[0], date):
            return at(text, self.told, name)
        if _WHOLE.match(text.strip()):
            return int(float(text))
        raise BadInput(
            say("{text} is not a number, and the periods are", text=repr(text)),
            rule="evidence.no-period",
            cure=say("Give one of them: {name} {told}", name=name, told=self.told[0]),
        )


@dataclass(frozen=True, slots=True, order=True)
class Word:
    """A period that is a word with a place: after, wave 2."""

    place: int
    word: str

    def __str__(self) -> str:
        return self.word


def periods_of(cells: Sequence[str], column: str, years: Sequence[str] | None = None) -> Periods:
    """The periods of a column. Raises BadInput naming the row and the cure."""
    if years is None and all(_WHOLE.match(c) for c in cells):
        return Periods(tuple(int(float(c)) for c in cells))
    if all(_placed(c.lower()) is not None for c in cells):
        return Periods(tuple(Word(_place(c.lower(), column), c) for c in cells))
    days = days_of(cells, column, years).days
    return Periods(tuple(d.number if isinstance(d, Turn) else d for d in days))


def _placed(text: str) -> int | None:
    if text in _FIRST:
        return _FIRST[text]
    found = _ENDING.match(text)
    named = found and re.match(r"(?:wave|period|time|step|t|visit|round|phase)[ _\-.]*$", found[1])
    return int(found[2]) if found and named else None


def _place(text: str, name: str) -> int:
    found = _placed(text)
    if found is None:
        raise BadInput(
            say("{text} cannot be put in order with the other periods", text=repr(text)),
            rule="evidence.no-period", cure=say("Name it as the file does: {name}", name=name),
        )  # fmt: skip
    return found
