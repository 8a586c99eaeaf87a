"""What the Better Care Fund asks in a year: conditions and measures, as dated data. Pure."""

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from importlib.resources import files

from onesystem.budget.months import Year
from onesystem.vocabulary import UserError
from onesystem.vocabulary.said import say


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """One thing that the fund has to meet; `check` names what can be told from the books."""

    code: str
    name: str
    words: str
    check: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A measure that the fund is judged by: our measure's name, and what is asked for."""

    name: str
    asked: str
    headline: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Framework:
    """The rules of some years; `read` says how much of the publication was seen."""

    code: str
    name: str
    since: date
    until: date
    published: date
    source: str
    read: str
    conditions: tuple[Condition, ...]
    measures: tuple[Asked, ...]
    quarterly: bool = True

    def condition(self, code: str) -> Condition:
        """A condition by its code. Raises UserError."""
        for each in self.conditions:
            if each.code == code:
                return each
        raise UserError(
            say("{name} has no condition {code}", name=self.name, code=repr(code)),
            "Choose one that stands in the return",
        )


_BEGINS = 4  # the Better Care Fund is England's, and its years begin in April


_ELSEWHERE = Framework(
    code="agreement", name=say("The agreement alone"), since=date.min, until=date.max,
    published=date.min, conditions=(), measures=(), read=say("Nothing: there is nothing to read"),
    source="Outside England no national rules of a pooled fund are known here: the measures are "
    "those that the schemes name",
)  # fmt: skip


@lru_cache(maxsize=1)
def frameworks() -> tuple[Framework, ...]:
    """All that come with onesystem, the oldest first."""
    text = files("onesystem.budget.pooled").joinpath("data/frameworks.toml").read_text("utf-8")
    return read(text)


def read(text: str) -> tuple[Framework, ...]:
    """Frameworks from their file."""
    made = []
    for said in tomllib.loads(text)["framework"]:
        conditions = tuple(Condition(**each) for each in said.pop("condition"))
        measures = tuple(Asked(**each) for each in said.pop("measure"))
        made.append(Framework(**said, conditions=conditions, measures=measures))
    return tuple(sorted(made, key=lambda each: each.since))


def framework(year: Year, known: Sequence[Framework] | None = None) -> Framework:
    """The rules of a year; of one that is no year of England's, the agreement's own.

    Raises UserError, naming the year and what to do.
    """
    if year.first.month != _BEGINS:
        return _ELSEWHERE
    every = frameworks() if known is None else known
    for each in every:
        if each.since <= year.first < each.until:
            return each
    first, last = Year.on(every[0].since, _BEGINS), Year.on(every[-1].since, _BEGINS)
    raise UserError(
        say("no Better Care Fund framework is known for {name}", name=year.name),
        say(
            "Those from {name} to {name2} are; write the year's rules into "
            "budget/pooled/data/frameworks.toml with their source",
            name=first.name,
            name2=last.name,
        ),
    )
