"""What personal budgets go by, from ours and the district's `personal.toml`: dated, with sources.

Programmes and their floor, ways of holding the money, what may be bought, why something is refused,
within how many days there is an answer, what was promised. A district's entry of a known name
changes the keys that it says; `off = true` takes it away.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

from onesystem.vocabulary import BadConfig, UserError, nearest
from onesystem.vocabulary.declared import check_keys, parsed
from onesystem.vocabulary.said import say, say_counted, say_date

FILE = "personal.toml"
RULES = ("yes", "ask", "no")
_OURS = Path(__file__).with_name("programme.toml")


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """Anything of the file: from a day on (inclusive) to a day (exclusive)."""

    name: str
    title: str
    about: str = ""
    since: date = date.min
    until: date | None = None
    source: str = ""

    def on(self, day: date) -> bool:
        """Whether it is in force on that day."""
        return self.since <= day and (self.until is None or day < self.until)


@dataclass(frozen=True, slots=True, kw_only=True)
class Programme(Entry):
    """`floor`: the least that a budget is; `keep_weeks`: what may stay on the account."""

    floor: int
    keep_weeks: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Cohort(Entry):
    """A group of people, by age and by the words of their conditions."""

    words: tuple[str, ...] = ()
    from_age: int = 0
    until_age: int = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Item(Entry):
    """Something that money is spent on. `most`: the highest price without asking."""

    rule: str
    reason: str = ""
    most: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason(Entry):
    """Why something is refused, and what can be done `next`."""

    next: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Clock(Entry):
    """Something that can be asked for, and within how many days there is an answer.

    `working` where the rule counts working days; else they are days of the calendar.
    """

    days: int
    working: bool = False

    @property
    def length(self) -> str:
        """Within what, in words that say which days."""
        kind = "working" if self.working else "calendar"
        return say_counted("{n} {kind} day", "{n} {kind} days", self.days, kind=kind)


@dataclass(frozen=True, slots=True, kw_only=True)
class Goal(Entry):
    """So many people of so many, by a day."""

    people: int
    of: int
    by: date


_KINDS: Mapping[str, type[Any]] = {
    "programme": Programme, "cohort": Cohort, "way": Entry, "item": Item, "reason": Reason,
    "clock": Clock, "goal": Goal, "stage": Entry,
}  # fmt: skip
_DATED = {"programme", "cohort", "way", "item", "clock"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Book:
    """All of it, by kind."""

    entries: Mapping[str, tuple[Any, ...]]

    def on(self, kind: str, day: date) -> dict[str, Any]:
        """The entries of a kind in force on a day, by name; of one name the one begun last."""
        found: dict[str, Any] = {}
        for each in self.entries[kind]:
            if each.on(day) and (each.name not in found or each.since >= found[each.name].since):
                found[each.name] = each
        return found

    def every(self, kind: str) -> tuple[Any, ...]:
        """All entries of a kind."""
        return self.entries[kind]

    def one(self, kind: str, name: str, day: date) -> Any:
        """One entry on a day. Raises UserError naming what is missing, the day and the cure."""
        found = self.on(kind, day)
        if name not in found:
            known = {each.name for each in self.entries[kind]}
            cure = (
                say(
                    "It is not in force on {day}: say since when in {file}.",
                    day=say_date(day, "%-d %B %Y"),
                    file=FILE,
                )
                if name in known
                else nearest(name, known)
            )
            raise UserError(say("there is no {kind} {name}", kind=kind, name=repr(name)), cure)
        return found[name]


def book(folder: Path) -> Book:
    """What a district folder goes by. Raises BadConfig naming file, entry, key and cure."""
    own = folder / FILE
    return _read(own, own.stat().st_mtime_ns if own.exists() else 0)


@lru_cache(maxsize=4)
def _read(own: Path, changed: int) -> Book:
    ours = parsed(_OURS.read_text(encoding="utf-8"), FILE)
    return read(ours, parsed(own.read_text(encoding="utf-8"), FILE) if changed else {})


def read(ours: Mapping[str, Any], said: Mapping[str, Any]) -> Book:
    """A book from two files as they were parsed, the second over the first."""
    check_keys(FILE, said, _KINDS)
    made = {
        kind: tuple(_entry(kind, shape, each) for each in _merged(kind, ours, said))
        for kind, shape in _KINDS.items()
    }
    reasons = {each.name for each in made["reason"]}
    for item in made["item"]:
        if item.rule not in RULES:
            raise BadConfig(
                say(
                    "{file}, item {name}: rule is {rule}",
                    file=FILE,
                    name=item.name,
                    rule=repr(item.rule),
                ),
                "yes, ask or no",
            )
        if item.rule == "no" and item.reason not in reasons:
            raise BadConfig(
                say("{file}, item {name} is refused without a reason", file=FILE, name=item.name),
                nearest(item.reason, reasons),
            )
    return Book(entries=made)


def _merged(kind: str, ours: Mapping[str, Any], said: Mapping[str, Any]) -> list[dict[str, Any]]:
    entries = {(e["name"], e.get("since")): dict(e) for e in ours.get(kind, ())}
    for number, each in enumerate(said.get(kind, ()), 1):
        if not each.get("name"):
            raise BadConfig(
                say("{file}, {kind} {number} has no name", file=FILE, kind=kind, number=number),
                'Write name = "..."',
            )
        known = [key for key in entries if key[0] == each["name"]]
        latest = max(known, key=lambda key: key[1] or date.min) if known else None
        since = each.get("since", latest[1] if latest else None)
        entries[each["name"], since] = {**(entries[latest] if latest else {}), **each}
    return [each for each in entries.values() if not each.get("off")]


def _entry(kind: str, shape: type[Any], said: Mapping[str, Any]) -> Any:
    where = f"{FILE}, {kind} {said['name']}"
    kinds = {field.name: field.type for field in fields(shape)}
    check_keys(where, said, (*kinds, "off"))
    _has(where, said, ["title", *(["since", "source"] if kind in _DATED else [])])
    for key, type_ in kinds.items():
        if type_ is int and (type(said.get(key, 0)) is not int or said.get(key, 0) < 0):
            raise BadConfig(
                say("{where}: {key} is {said}", where=where, key=key, said=repr(said[key])),
                "Write a whole number.",
            )
    values = {k: tuple(v) if isinstance(v, list) else v for k, v in said.items() if k != "off"}
    try:
        return shape(**values)
    except TypeError as error:
        raise BadConfig(f"{where}: {error}", "Write every key that it needs.") from None


def _has(where: str, said: Mapping[str, Any], keys: Iterable[str]) -> None:
    for key in keys:
        if not said.get(key):
            raise BadConfig(
                say("{where} has no {key}", where=where, key=key), say("Write {key} = ...", key=key)
            )
