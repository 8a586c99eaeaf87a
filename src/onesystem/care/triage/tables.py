"""Decision tables: what is asked, which cases give points or an outcome, what the total means.

Pure. A table has *inputs* and *items*. The cases of an item are tried in their order; the first
whose conditions all hold gives its points. The total falls into the first *band* that fits. A
table of outcomes is the same thing with one item a question and bands by total or by any item.

A missing value gives no result, never a low one: an item whose inputs are not all known has no
points, and a table with such an item has no total and no band, unless a band holds already by what
is known (`sure`), which only ever asks for more.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from operator import eq, ge, gt, le, lt, ne

from onesystem.vocabulary.said import say

Value = float | str | bool
Given = Mapping[str, Value | None]
COMPARES = {"<": lt, "<=": le, ">": gt, ">=": ge, "=": eq, "!=": ne}


@dataclass(frozen=True, slots=True, kw_only=True)
class Input:
    """One thing that is asked. `kind`: number, choice or yes-no.

    Numbers lie between `least` and `most`, in steps of `step`; what lies outside is a mistake of
    typing and is refused, not scored.
    """

    name: str
    words: str
    kind: str = "number"
    unit: str = ""
    least: float = 0
    most: float = 0
    step: float = 1
    options: tuple[tuple[str, str], ...] = ()
    code: str = ""  # of the observation, as `system|code`, where the record may know it
    help: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """That an input compares so with a value."""

    name: str
    compare: str
    value: Value

    def holds(self, given: Given) -> bool | None:
        """Whether it does; None where the value is not known."""
        known = given.get(self.name)
        if known is None:
            return None
        if isinstance(known, str) != isinstance(self.value, str):
            return False
        return bool(COMPARES[self.compare](known, self.value))


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """Points for an item where all conditions hold; without conditions it always does."""

    points: int
    when: tuple[Condition, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One line of the table: the first case that holds gives its points, none gives 0."""

    name: str
    words: str
    cases: tuple[Case, ...]

    @property
    def inputs(self) -> tuple[str, ...]:
        """What it asks for, in order."""
        return tuple(dict.fromkeys(c.name for case in self.cases for c in case.when))

    def points(self, given: Given) -> int | None:
        """Its points; None where one of its inputs is not known, whichever case it was for."""
        if any(given.get(name) is None for name in self.inputs):
            return None
        for case in self.cases:
            if all(c.holds(given) for c in case.when):
                return case.points
        return 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Band:
    """What a total means: it holds from `least` points on, or where one item has `single`."""

    words: str
    do: str = ""
    kind: str = "info"  # good, warn, bad, info: word, shape and colour of the pages
    outcome: str = ""  # what it proposes: convey, ring, leave, acute, falls
    least: int | None = None
    single: int | None = None

    def holds(self, total: int, items: Iterable[int]) -> bool:
        """Whether the total, or one item, reaches it."""
        if self.least is not None and total >= self.least:
            return True
        return self.single is not None and any(each >= self.single for each in items)


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A table as it is in force from a day on (inclusive) to a day (exclusive).

    `bands` are tried in order, the most pressing first.
    """

    key: str
    title: str
    source: str
    inputs: tuple[Input, ...]
    items: tuple[Item, ...]
    bands: tuple[Band, ...]
    use: str = ""  # for whom it is, and for whom not
    youngest: int = 0  # years: whom it is for, where it is not for everybody
    oldest: int = 0  # 0: no limit
    since: date | None = None
    until: date | None = None
    example: bool = False  # to be localised and signed off

    def in_force(self, day: date) -> bool:
        """Whether that day is one of its days."""
        return (self.since is None or self.since <= day) and (
            self.until is None or day < self.until
        )

    def is_for(self, age: int | None) -> bool:
        """Whether it is for somebody of that age; who is of no known age is asked by a person."""
        if age is None:
            return True
        return age >= self.youngest and (not self.oldest or age <= self.oldest)

    @property
    def ages(self) -> str:
        """Whom it is for, in words; empty where it is for everybody."""
        if self.youngest and self.oldest:
            return say(
                "people of {youngest} to {oldest} years", youngest=self.youngest, oldest=self.oldest
            )
        if self.youngest:
            return say("people of {youngest} years and more", youngest=self.youngest)
        return say("people of up to {oldest} years", oldest=self.oldest) if self.oldest else ""

    def input(self, name: str) -> Input:
        """The input of that name. Raises KeyError."""
        return {each.name: each for each in self.inputs}[name]


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """What a table says of what is given. `total` and `band` are None where something is missing.

    `sure` is a band that holds whatever the missing values are; it is never the mildest.
    """

    points: Mapping[str, int | None]
    missing: tuple[str, ...]
    total: int | None = None
    band: Band | None = None
    sure: Band | None = None


def work_out(table: Table, given: Given) -> Result:
    """What the table says, with the points of each item and what is missing.

    Raises ValueError on a value that cannot be (see `problems`).
    """
    wrong = problems(table, given)
    if wrong:
        raise ValueError("; ".join(wrong.values()))
    points = {item.name: item.points(given) for item in table.items}
    missing = tuple(
        each.name for each in table.inputs
        if given.get(each.name) is None and any(each.name in i.inputs for i in table.items)
    )  # fmt: skip
    known = [each for each in points.values() if each is not None]
    if missing:
        return Result(points=points, missing=missing, sure=_sure(table, known))
    total = sum(known)
    return Result(points=points, missing=(), total=total, band=_band(table, total, known))


def _band(table: Table, total: int, items: Sequence[int]) -> Band | None:
    return next((band for band in table.bands if band.holds(total, items)), None)


def _sure(table: Table, known: Sequence[int]) -> Band | None:
    """The band of what is known so far, where no item takes points away and it is not the last."""
    if any(case.points < 0 for item in table.items for case in item.cases):
        return None
    found = _band(table, sum(known), known)
    return None if found is None or found is table.bands[-1] else found


def problems(table: Table, given: Given) -> dict[str, str]:
    """What is wrong with what was typed, by input: the thing, the rule and the cure."""
    found = {}
    for each in table.inputs:
        value = given.get(each.name)
        if value is not None and (said := _wrong(each, value)):
            found[each.name] = said
    unknown = set(given) - {each.name for each in table.inputs}
    return found | {name: f"{name} is not asked here; leave it out" for name in sorted(unknown)}


def _wrong(each: Input, value: Value) -> str:
    match each.kind:
        case "number":
            if isinstance(value, bool | str):
                return say("{words} is a number; write it in figures", words=each.words)
            if not each.least <= value <= each.most:
                unit = f" {each.unit}" if each.unit else ""
                return say(
                    "{words} is between {least} and {most}{unit}; {value} is not: measure again, "
                    "or put the typing right",
                    words=each.words,
                    least=f"{each.least:g}",
                    most=f"{each.most:g}",
                    unit=unit,
                    value=f"{value:g}",
                )
        case "choice":
            if value not in {code for code, _ in each.options}:
                known = ", ".join(words for _, words in each.options)
                return say("{words} is one of {known}", words=each.words, known=known)
        case _:
            if not isinstance(value, bool):
                return say("{words} is yes or no", words=each.words)
    return ""
