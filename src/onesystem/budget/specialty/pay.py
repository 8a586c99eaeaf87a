"""What staff in post cost in a year: dated pay scales and on-costs, line by line. Pure.

Basic pay is in whole pounds; each on-cost is rounded to the penny, a half to the even one, and so
is a part-time post. A date for which nobody has said a scale is an error that names it, unless
the budget says which award it assumes on the last one: then the line says so.
"""

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from functools import lru_cache
from importlib.resources import files
from typing import Any

from onesystem.vocabulary import UserError, nearest
from onesystem.vocabulary.said import say, say_date, say_each

POINTS = ("entry", "middle", "top")


class NoScale(UserError, LookupError):
    """A scale that is asked for at a date at which nobody has said it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scale:
    """A pay scale from a day on to another: pounds a year by grade, at entry, middle and top."""

    code: str
    name: str
    since: date
    until: date
    hours: Fraction
    source: str
    points: dict[str, tuple[int, int, int]]


@dataclass(frozen=True, slots=True, kw_only=True)
class OnCost:
    """What an employer pays besides: so many per cent of what is above so many pounds."""

    code: str
    name: str
    since: date
    percent: Fraction
    above: int
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Award:
    """The award that a budget assumes where a scale ends before it: per cent, and who says so."""

    percent: Fraction
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PayLine:
    """One line of what a post costs."""

    rule: str
    words: str
    source: str
    amount: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Pay:
    """What a post costs in a year, and the hours it works a week when full-time."""

    lines: tuple[PayLine, ...]
    hours: Fraction

    @property
    def total(self) -> int:
        """All of it, in minor units."""
        return sum(line.amount for line in self.lines)


@lru_cache(maxsize=1)
def tables() -> tuple[tuple[Scale, ...], tuple[OnCost, ...]]:
    """All scales and on-costs that come with onesystem."""
    said = tomllib.loads(
        files("onesystem.budget.specialty").joinpath("data/pay.toml").read_text("utf-8")
    )
    scales = tuple(
        Scale(**{**each, "hours": Fraction(str(each["hours"])),
                 "points": {g: tuple(p) for g, p in each["points"].items()}})
        for each in said["scale"]
    )  # fmt: skip
    oncosts = tuple(
        OnCost(**{**each, "percent": Fraction(str(each["percent"]))}) for each in said["oncost"]
    )
    return scales, oncosts


def grades() -> list[tuple[str, str]]:
    """Every grade that some scale has, with its words."""
    made: dict[str, str] = {}
    for scale in tables()[0]:
        for grade in scale.points:
            made[grade] = (
                say("Band {grade}", grade=grade)
                if scale.code == "afc"
                else _WORDS.get(grade, grade)
            )
    return list(made.items())


_WORDS = say_each(
    {
        "consultant": "Consultant",
        "f1": "Resident doctor F1",
        "f2": "Resident doctor F2",
        "st1": "Resident doctor CT1-2, ST1-2",
        "st3": "Resident doctor ST3-5",
        "st6": "Resident doctor ST6-8",
    }
)


def pay(grade: str, point: str, wte: Fraction, on: date, award: Award | None = None) -> Pay:
    """What so much of a post costs a year by the scale in force on a day. Raises NoScale."""
    if point not in POINTS:
        raise UserError(
            say("a scale has no point {point}", point=repr(point)),
            say("Choose one of: {points}", points=", ".join(POINTS)),
        )
    scale, assumed = _scale(grade, on, award)
    pounds = Fraction(scale.points[grade][POINTS.index(point)])
    lines = [_line("basic", f"{scale.name}, {grade}, {point}", scale.source, pounds * wte)]
    if assumed and award:
        more = pounds * award.percent / 100
        said = say("Award assumed: {percent} per cent", percent=f"{float(award.percent):g}")
        lines.append(_line(say("assumed award"), said, award.source, more * wte))
        pounds += more
    for each in _oncosts(on):
        base = max(Fraction(0), pounds - each.above)
        words = say(
            "{name}, {percent} per cent", name=each.name, percent=f"{float(each.percent):g}"
        )
        words += say(" above {above}", above=f"{each.above:,}") if each.above else ""
        lines.append(_line(each.code, words, each.source, base * each.percent / 100 * wte))
    return Pay(lines=tuple(lines), hours=scale.hours)


def _line(rule: str, words: str, source: str, pounds: Fraction) -> PayLine:
    return PayLine(rule=rule, words=words, source=source, amount=round(pounds * 100))


def _scale(grade: str, on: date, award: Award | None) -> tuple[Scale, bool]:
    having = sorted((s for s in tables()[0] if grade in s.points), key=lambda s: s.since)
    if not having:
        raise NoScale(
            say("no pay scale has the grade {grade}", grade=repr(grade)),
            nearest(grade, dict(grades())),
        )
    for scale in having:
        if scale.since <= on < scale.until:
            return scale, False
    last = having[-1]
    if award is not None and on >= last.until:
        return last, True
    raise NoScale(
        say(
            "no pay scale for {grade} is known on {on}",
            grade=repr(grade),
            on=say_date(on, "%-d %B %Y"),
        ),
        say(
            "The last known one ends on {until}: say which award you assume, or add the "
            "scale with its source to budget/specialty/data/pay.toml",
            until=say_date(last.until, "%-d %B %Y"),
        ),
    )


def _oncosts(on: date) -> Sequence[OnCost]:
    """Those in force by the end of the month in which a year begins."""
    month = on.replace(day=28)
    last: dict[str, Any] = {}
    for each in sorted(tables()[1], key=lambda o: o.since):
        if each.since <= month:
            last[each.code] = each
    return list(last.values())
