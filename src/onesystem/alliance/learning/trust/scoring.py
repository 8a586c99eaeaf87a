"""How a reply is read and what a round comes to. Pure."""

import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from importlib.resources import files

from onesystem.vocabulary import UserError
from onesystem.vocabulary.said import say, say_each

LOW, HIGH = 1, 5
WORDS = say_each({1: "Not at all", 2: "Little", 3: "In part", 4: "Mostly", 5: "Fully"})


@dataclass(frozen=True, slots=True)
class Statement:
    """Something to agree with; one that is turned speaks against trust."""

    code: str
    words: str
    turned: bool = False


@dataclass(frozen=True, slots=True)
class Instrument:
    """The statements of a survey, with the day from which they are asked."""

    code: str
    name: str
    since: date
    statements: tuple[Statement, ...]


@dataclass(frozen=True, slots=True)
class Result:
    """What a round came to: how many replied, the mean of all, and of each statement."""

    replies: int
    mean: float
    by_statement: tuple[float, ...]


@lru_cache(maxsize=1)
def instruments() -> Mapping[str, Instrument]:
    """Every instrument by its code, oldest first."""
    text = (files("onesystem.alliance.learning.trust") / "instrument.toml").read_text("utf-8")
    made = (
        Instrument(each["code"], each["name"], each["since"],
                   tuple(Statement(**one) for one in each["statement"]))
        for each in tomllib.loads(text)["instrument"]
    )  # fmt: skip
    return {each.code: each for each in sorted(made, key=lambda one: one.since)}


def in_force(day: date) -> Instrument:
    """The instrument that is asked on a day. Raises UserError before the first."""
    found = [each for each in instruments().values() if each.since <= day]
    if not found:
        raise UserError("no survey is in force on that day", "Choose a later day")
    return found[-1]


def written(instrument: Instrument, answers: Mapping[str, int]) -> str:
    """A reply as it is kept: a digit a statement. Raises UserError where one is missing."""
    digits = []
    for each in instrument.statements:
        said = answers.get(each.code, 0)
        if not LOW <= said <= HIGH:
            raise UserError(
                say("nothing is said to {words}", words=repr(each.words)), "Choose one of the five"
            )
        digits.append(str(said))
    return "".join(digits)


def scores(instrument: Instrument, said: str) -> tuple[int, ...]:
    """Each statement's score of a reply: high is trust."""
    return tuple(
        LOW + HIGH - int(digit) if each.turned else int(digit)
        for each, digit in zip(instrument.statements, said, strict=True)
    )


def result(instrument: Instrument, said: Iterable[str]) -> Result | None:
    """What the replies of a round come to; None where nobody replied."""
    every: Sequence[tuple[int, ...]] = [scores(instrument, each) for each in said]
    if not every:
        return None
    count = len(every)
    means = tuple(sum(column) / count for column in zip(*every, strict=True))
    return Result(count, sum(means) / len(means), means)
