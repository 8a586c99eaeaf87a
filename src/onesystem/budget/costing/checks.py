"""What is asked of an entry of `costs.toml`, and of all of them together. Pure."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from itertools import combinations
from math import inf
from typing import Any

from onesystem.budget.costing.rates import KINDS, UNITS, Line, Rule, Rules
from onesystem.vocabulary import BadConfig, Setting, nearest
from onesystem.vocabulary.said import say

DATED = ("since", "until", "source")
_YEAR = re.compile(r"\d{4}-\d{2}")
_OF_KIND = {
    "staff": ("group", "minutes", "per", "most"),
    "bed": ("minor", "per"),
    "consumables": ("minor", "per"),
    "tests": ("minor", "per"),
    "national": ("code", "per"),
    "overhead": ("percent",),
}
_NAMED = {"staff": "group", "national": "code", "pool": "code", "rule": "name"}
_NOTHING: Any = object()


@dataclass(frozen=True, slots=True)
class Entry:
    """A table of the file, and where it stands there."""

    table: str
    told: Mapping[str, Any]
    file: str
    line: int
    called: str = ""
    inside: str = ""

    @property
    def place(self) -> str:
        """The file and the line."""
        return (
            say("{file}, line {line}", file=self.file, line=self.line) if self.line else self.file
        )

    def at(self, number: int, told: Mapping[str, Any]) -> "Entry":
        """One of its lines."""
        return Entry(
            self.table,
            told,
            self.file,
            self.line,
            self._name(),
            say(", line {number} of it", number=number),
        )

    def _name(self) -> str:
        return self.called or str(self.told.get(_NAMED.get(self.table, ""), ""))

    def wrong(self, what: str, cure: str) -> BadConfig:
        """The error: which line, which rule, what, and the cure."""
        name = self._name()
        who = f"{self.table} {name!r}" if name else self.table
        return BadConfig(f"{self.place}: {who}{self.inside} {what}", cure)

    def only(self, *known: str) -> None:
        """Nothing but these may be said."""
        for key in self.told:
            if key not in known:
                raise self.wrong(
                    say("says {key}, which nothing reads", key=repr(key)), nearest(key, known)
                )

    def _of(self, key: str, kind: type, instead: Any, words: str) -> Any:
        value = self.told.get(key, instead)
        if value is _NOTHING:
            raise self.wrong(
                say("does not say {key}", key=repr(key)),
                say("Add `{key} = ...`: {words}.", key=key, words=words),
            )
        if not isinstance(value, kind) or isinstance(value, bool):
            raise self.wrong(
                say("says {key} = {value}", key=key, value=repr(value)),
                say("Write {words}.", words=words),
            )
        return value

    def text(self, key: str, instead: Any = _NOTHING) -> str:
        """A text."""
        value: str = self._of(key, str, instead, "a text between quotes")
        if key in self.told and not value.strip():
            raise self.wrong(say("has an empty {key}", key=key), "Say it, or leave the key out.")
        return value

    def texts(self, key: str) -> tuple[str, ...]:
        """A list of texts, not empty."""
        value = self._of(key, list, _NOTHING, say("a list of texts"))
        if not value or not all(isinstance(each, str) for each in value):
            raise self.wrong(
                say("says {key} = {value}", key=key, value=repr(value)),
                "Write a list of texts, one at least.",
            )
        return tuple(value)

    def money(self, key: str) -> int:
        """Whole minor units."""
        value: int = self._of(key, int, _NOTHING, "whole minor units (pence, cents), no point")
        if value < 0:
            raise self.wrong(
                say("says {key} = {value}", key=key, value=value),
                "Write an amount of zero or more.",
            )
        return value

    def count(self, key: str, instead: Any = _NOTHING) -> int:
        """A whole number above zero, where it is said."""
        value: int = self._of(key, int, instead, "a whole number")
        if key in self.told and value <= 0:
            raise self.wrong(
                say("says {key} = {value}", key=key, value=value), "Write a number above zero."
            )
        return value

    def number(self, key: str, instead: Any = _NOTHING) -> Fraction:
        """A number, exactly as it is written: 2.5 is five halves."""
        value = self._of(key, (int, float), instead, say("a number"))  # type: ignore[arg-type]
        if not 0 <= value < inf:
            raise self.wrong(
                say("says {key} = {value}", key=key, value=value), "Write zero or more."
            )
        return Fraction(str(value))

    def index(self, year: str, value: Any) -> Fraction:
        """A year of a deflator."""
        if not _YEAR.fullmatch(year):
            raise self.wrong(say("has a year {year}", year=repr(year)), 'Write years as "2026-27".')
        number = isinstance(value, int | float) and not isinstance(value, bool)
        if not number or not 0 < value < inf:
            raise self.wrong(
                say("says {year} = {value}", year=year, value=repr(value)),
                "Write a number above zero.",
            )
        return Fraction(str(value))

    def month(self, key: str, instead: Any = _NOTHING) -> Any:
        """The first day of a month: prices hold for whole months."""
        value = self._of(key, date | None, instead, say("a date as 2026-04-01"))  # type: ignore[arg-type]
        if value is not None and value.day != 1:
            raise self.wrong(
                say("says {key} = {value}", key=key, value=value),
                say("Prices hold for whole months: {value}-01.", value=f"{value:%Y-%m}"),
            )
        return value

    def dated(self) -> dict[str, Any]:
        """From when, until when, and who says so."""
        since, until = self.month("since"), self.month("until", None)
        if until is not None and until <= since:
            raise self.wrong(
                say("ends on {until} before it begins", until=until), "Put `until` after `since`."
            )
        return {"since": since, "until": until, "source": self.text("source")}


def line(entry: Entry) -> Line:
    """One line of a rule."""
    kind = entry.text("kind")
    if kind not in KINDS:
        raise entry.wrong(say("is of the kind {kind}", kind=repr(kind)), nearest(kind, KINDS))
    entry.only("kind", "words", *_OF_KIND[kind])
    per: Any = entry.text("per", "contact")
    if per not in UNITS:
        raise entry.wrong(say("is per {per}", per=repr(per)), nearest(per, UNITS))
    has = _OF_KIND[kind]
    return Line(
        kind=kind, per=per, words=entry.text("words", ""),
        group=entry.text("group") if "group" in has else "",
        minutes=entry.number("minutes") if "minutes" in has else Fraction(0),
        minor=entry.number("minor") if "minor" in has else Fraction(0),
        code=entry.text("code") if "code" in has else "",
        percent=entry.number("percent") if "percent" in has else Fraction(0),
        most=entry.count("most", 0),
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Known:
    groups: set[str] = field(default_factory=set)
    codes: set[str] = field(default_factory=set)


def held(rules: Rules, entries: Mapping[str, Sequence[Entry]]) -> None:
    """That all of it fits together: names that exist, and nothing said twice for one month."""
    by = {e.told[_NAMED[t]]: e for t, some in entries.items() for e in some}
    known = _Known({s.group for s in rules.staff}, {n.code for n in rules.national})
    for rule in rules.rules:
        if entry := by.get(rule.name):
            _rule(rule, entry, known)
    moved: list[Any] = [*rules.staff, *rules.national]
    for each in moved:
        name = getattr(each, "group", "") or getattr(each, "code", "")
        if each.prices and each.deflator not in rules.deflators:
            entry = by.get(name) or Entry("rate", {}, "costs.toml", 0, name)
            raise entry.wrong(
                say("is moved by {deflator}", deflator=repr(each.deflator)),
                nearest(each.deflator, rules.deflators),
            )
    _apart(rules.staff, lambda s: s.group, by)
    _apart(rules.national, lambda n: n.code, by)
    _apart(rules.rules, lambda r: (*_scope(r),), by, names=lambda r: r.name)
    for service in {s for p in rules.pools for s in p.services}:
        of = [p for p in rules.pools if service in p.services]
        _apart(of, lambda p: p.group, by, names=lambda p: p.code)
    for pool in rules.pools:
        if pool.group not in known.groups:
            raise by[pool.code].wrong(
                say("is of the group {group}", group=repr(pool.group)),
                nearest(pool.group, known.groups),
            )


def _rule(rule: Rule, entry: Entry, known: _Known) -> None:
    if rule.setting and rule.setting not in set(Setting):
        raise entry.wrong(
            say("is of the setting {setting}", setting=repr(rule.setting)),
            nearest(rule.setting, Setting),
        )
    if rule.lines[0].kind == "overhead":
        raise entry.wrong("begins with overhead", "Overhead is a share of the lines above it.")
    if rule.below_hours and rule.below_hours <= rule.from_hours:
        raise entry.wrong("is of no length", "Put `below_hours` above `from_hours`.")
    for each in rule.lines:
        if each.kind == "staff" and each.group not in known.groups:
            raise entry.wrong(
                say("asks for the group {group}", group=repr(each.group)),
                nearest(each.group, known.groups),
            )
        if each.kind == "national" and each.code not in known.codes:
            raise entry.wrong(
                say("asks for the cost {code}", code=repr(each.code)),
                nearest(each.code, known.codes),
            )


def _scope(rule: Rule) -> tuple[Any, ...]:
    return rule.service, rule.setting, rule.mode, rule.from_hours, rule.below_hours


def _apart(
    rows: Sequence[Any], of: Any, by: Mapping[str, Entry], names: Any = None
) -> None:  # fmt: skip
    """No two of the same thing in force in one month: a contact would have two costs."""
    names = names or of
    for one, other in combinations(rows, 2):
        if of(one) != of(other):
            continue
        end, begin = one.until or date.max, other.until or date.max
        if one.since < begin and other.since < end:
            entry = by.get(names(one)) or by.get(names(other))
            entry = entry or Entry("rate", {}, "costs.toml", 0, str(names(one)))
            raise entry.wrong(
                say(
                    "and {names} are both in force from {since}",
                    names=repr(names(other)),
                    since=max(one.since, other.since),
                ),
                "Give the earlier one `until`, or make one of them narrower.",
            )
