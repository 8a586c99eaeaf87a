"""The policy model as it is written down: lines, named assumptions, the law beside it. Pure.

A charge on an NHS service other than prescriptions is refused, as the package does.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any

from onesystem.vocabulary import BadConfig
from onesystem.vocabulary.declared import check_keys, parsed
from onesystem.vocabulary.said import say

FILE = "barker.toml"
KINDS = ("charge", "benefit", "tax", "accommodation")
BANDS = ("critical", "substantial", "moderate")
BASE, LATER = 2014, 2025  # the two years that the announcement gives costs for
_OURS = Path(__file__).with_name(FILE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Revenue:
    """A line that brings money in: so much at `setting`, in proportion at any other."""

    name: str
    title: str
    kind: str
    stage: int
    yields: int  # pounds a year at `setting`
    setting: Fraction
    least: Fraction
    most: Fraction
    step: Fraction
    unit: str
    was: str
    source: str
    assumption: str
    less: int = 0
    service: str = ""

    def at(self, setting: Fraction) -> Fraction:
        """Pounds a year at a setting."""
        return (self.yields + self.less) * setting / self.setting - self.less


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """A line that costs: a band of need, free or supported from a year on."""

    name: str
    title: str
    band: str
    begins: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """One of the things that can be assumed. `costs`: of a band, in the two years."""

    name: str
    title: str
    source: str
    assumption: str
    costs: Mapping[str, tuple[int, int]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Assumption:
    """Something that has to be assumed, because sources disagree or say nothing."""

    name: str
    title: str
    why: str
    options: tuple[Option, ...]

    def option(self, name: str) -> Option:
        """One of them; the first where there is none of that name."""
        return next((each for each in self.options if each.name == name), self.options[0])


@dataclass(frozen=True, slots=True, kw_only=True)
class Economy:
    """How large it is and how it grows; what is spent of it; what was foreseen."""

    gdp: int
    gdp_growth: Fraction
    share: Fraction
    spend_growth: Fraction
    envelope: tuple[Fraction, Fraction]
    envelope_year: int
    sources: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Law:
    """One thing under the law in force, and under the package."""

    about: str
    now: str
    package: str
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Model:
    """All of it."""

    currency: str
    first: int
    last: int
    revenues: tuple[Revenue, ...]
    costs: tuple[Cost, ...]
    assumptions: tuple[Assumption, ...]
    older_people: tuple[int, int]
    older_people_source: str
    economy: Economy
    law: tuple[Law, ...]

    def assumption(self, name: str) -> Assumption:
        """One assumption by its name."""
        return next(each for each in self.assumptions if each.name == name)


@cache
def model() -> Model:
    """The package as it is shipped."""
    return read(_OURS.read_text(encoding="utf-8"))


def read(text: str) -> Model:
    """A model from TOML. Raises BadConfig naming the line and the cure."""
    said = parsed(text, FILE)
    spend = said["spend"]
    return Model(
        currency=said["currency"], first=said["first"], last=said["last"],
        revenues=tuple(_revenue(each) for each in said["revenue"]),
        costs=tuple(_cost(each) for each in said["cost"]),
        assumptions=tuple(_assumption(each) for each in said["assumption"]),
        older_people=_two(spend["older_people"]), older_people_source=spend["older_people_source"],
        economy=_economy(said["economy"]), law=tuple(Law(**each) for each in said["law"]),
    )  # fmt: skip


def _revenue(said: Mapping[str, Any]) -> Revenue:
    where = say("{file}, revenue {name}", file=FILE, name=said.get("name"))
    check_keys(where, said, ({*Revenue.__slots__, "yield"} - {"yields"}))
    if said["kind"] not in KINDS:
        raise BadConfig(
            say("{where}: kind is {kind}", where=where, kind=repr(said["kind"])),
            say("One of {kinds}.", kinds=", ".join(KINDS)),
        )
    if said["kind"] == "charge" and said.get("service") != "prescriptions":
        raise BadConfig(
            say("{where} charges for an NHS service", where=where),
            "The package rejects every charge but prescriptions: take it out.",
        )
    numbers = {key: Fraction(said[key]) for key in ("setting", "least", "most", "step")}
    if not numbers["least"] <= numbers["setting"] <= numbers["most"] or not numbers["setting"]:
        raise BadConfig(
            say("{where}: the setting is not between least and most", where=where),
            "Mend one of them.",
        )
    rest = {k: v for k, v in said.items() if k not in {*numbers, "yield"}}
    values: dict[str, Any] = {**rest, **numbers, "yields": said["yield"]}
    return Revenue(**values)


def _cost(said: Mapping[str, Any]) -> Cost:
    if said["band"] not in BANDS:
        raise BadConfig(
            say(
                "{file}, cost {name}: there is no band {band}",
                file=FILE,
                name=said["name"],
                band=repr(said["band"]),
            ),
            say("One of {bands}.", bands=", ".join(BANDS)),
        )
    return Cost(**said)


def _assumption(said: Mapping[str, Any]) -> Assumption:
    return Assumption(
        name=said["name"], title=said["title"], why=said["why"],
        options=tuple(
            Option(
                name=each["name"], title=each["title"], source=each["source"],
                assumption=each["assumption"],
                costs={band: _two(each[band]) for band in BANDS if band in each},
            )
            for each in said["option"]
        ),
    )  # fmt: skip


def _economy(said: Mapping[str, Any]) -> Economy:
    low, high = (Fraction(each) for each in said["envelope"])
    names = ("gdp", "gdp_growth", "share", "spend_growth", "envelope")
    return Economy(
        gdp=said["gdp"], gdp_growth=Fraction(said["gdp_growth"]), share=Fraction(said["share"]),
        spend_growth=Fraction(said["spend_growth"]), envelope=(low, high),
        envelope_year=said["envelope_year"], sources={n: said[f"{n}_source"] for n in names},
    )  # fmt: skip


def _two(said: Sequence[int]) -> tuple[int, int]:
    first, second = said
    return first, second
