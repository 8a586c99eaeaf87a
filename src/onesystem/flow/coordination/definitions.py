"""The flags, from ours and the district's `coordination.toml`: dated data with sources.

A district's entry of a known name changes the keys that it says; `off = true` takes a flag away.
`[localities.CODE]` names groups of practices, by their codes, for the page of places.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

from onesystem.vocabulary import BadConfig, Setting, nearest
from onesystem.vocabulary.declared import check_keys, parsed
from onesystem.vocabulary.said import say

FILE = "coordination.toml"
FINDERS = ("organisations", "handovers", "tests", "admissions", "medicines", "visits", "nights")
_OURS = Path(__file__).with_name("flags.toml")
_WORDS = ("name", "title", "words", "facts", "finder", "source")
_NUMBERS = ("least", "days", "points", "more", "most")
_OWN = frozenset({
    "without", "expects", "request_days", "normal", "within", "tests", "gap_hours", "prescribers",
    "setting", "from_age", "or_least", "or_days", "top_share", "settings",
})  # fmt: skip
_KEYS = (*_WORDS, *_NUMBERS, *sorted(_OWN), "since", "until", "source_date", "own", "alone", "off")
_EXPECTS = ("setting", "outcome", "into", "within", "source")


@dataclass(frozen=True, slots=True, kw_only=True)
class Flag:
    """What a flag means from a day on (inclusive) to a day (exclusive).

    `own` says that we chose the threshold. `rest` is what its finder asks besides.
    """

    name: str
    title: str
    words: str
    facts: str
    finder: str
    source: str
    source_date: date
    since: date
    until: date | None = None
    least: int
    days: int
    points: int
    more: int = 0
    most: int
    own: bool = False
    alone: bool = True
    rest: Mapping[str, Any] = field(default_factory=dict)

    def on(self, day: date) -> bool:
        """Whether it is in force on that day."""
        return self.since <= day and (self.until is None or day < self.until)


@dataclass(frozen=True, slots=True)
class Locality:
    """A group of practices, by the codes that people are enrolled under."""

    code: str
    name: str
    practices: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Definitions:
    """Every flag that ever was in force, and what a district says besides."""

    flags: tuple[Flag, ...]
    weights_source: str
    weights_date: date
    localities: tuple[Locality, ...] = ()

    def on(self, day: date) -> tuple[Flag, ...]:
        """The flags in force on a day; of one name the one that began last."""
        found: dict[str, Flag] = {}
        for flag in sorted(self.flags, key=lambda each: each.since):
            if flag.on(day):
                found[flag.name] = flag
        order = list(dict.fromkeys(flag.name for flag in self.flags))
        return tuple(sorted(found.values(), key=lambda each: order.index(each.name)))


def definitions(folder: Path) -> Definitions:
    """The definitions of a district folder. Raises BadConfig naming file, flag, key and cure."""
    own = folder / FILE
    return _read(own, own.stat().st_mtime_ns if own.exists() else 0)


@lru_cache(maxsize=4)
def _read(own: Path, changed: int) -> Definitions:
    ours = parsed(_OURS.read_text(encoding="utf-8"), FILE)
    said: dict[str, Any] = {}
    if changed:
        said = parsed(own.read_text(encoding="utf-8"), FILE)
    return read(ours, said)


def read(ours: Mapping[str, Any], said: Mapping[str, Any]) -> Definitions:
    """Definitions from two files as they were parsed, the second over the first."""
    check_keys(FILE, said, ("flag", "localities", "weights_source", "weights_date"))
    entries = {(each["name"], each["since"]): dict(each) for each in ours.get("flag", ())}
    for number, each in enumerate(said.get("flag", ()), 1):
        if not each.get("name"):
            raise BadConfig(
                say("{file}, flag {number} has no name", file=FILE, number=number),
                'Write name = "..."',
            )
        latest = max((k for k in entries if k[0] == each["name"]), default=None)
        since = each.get("since", latest[1] if latest else None)
        base = entries.get(latest, {}) if latest else {}
        entries[each["name"], since] = {**base, **each, "since": since}
    kept = [each for each in entries.values() if not each.get("off")]
    return Definitions(
        flags=tuple(_flag(each) for each in kept),
        weights_source=said.get("weights_source", ours.get("weights_source", "")),
        weights_date=said.get("weights_date", ours.get("weights_date", date.min)),
        localities=tuple(
            _locality(code, each) for code, each in sorted(said.get("localities", {}).items())
        ),
    )


def _flag(said: Mapping[str, Any]) -> Flag:
    where = f"{FILE}, {said['name']}"
    check_keys(where, said, _KEYS)
    for key in (*_WORDS, *_NUMBERS, "since", "source_date"):
        if key not in said or said[key] in ("", None):
            raise BadConfig(
                say("{where} has no {key}", where=where, key=key), say("Write {key} = ...", key=key)
            )
    if said["finder"] not in FINDERS:
        raise BadConfig(
            say("{where}: finder is {finder}", where=where, finder=repr(said["finder"])),
            nearest(said["finder"], FINDERS),
        )
    for key in _NUMBERS:
        if not isinstance(said[key], int) or said[key] < (1 if key in {"least", "days"} else 0):
            raise BadConfig(
                say("{where}: {key} is {said}", where=where, key=key, said=repr(said[key])),
                "Write a whole number.",
            )
    for each in said.get("expects", ()):
        check_keys(say("{where}, expects", where=where), each, _EXPECTS)
    settings = [said.get("setting"), *said.get("settings", ()), *said.get("without", ())]
    settings += [s for each in said.get("expects", ()) for s in (each["setting"], *each["into"])]
    for each in settings:
        if each and each not in set(Setting):
            raise BadConfig(
                say("{where}: there is no setting {each}", where=where, each=repr(each)),
                nearest(each, Setting),
            )
    named = {key: said[key] for key in (*_WORDS, *_NUMBERS, "since", "source_date")}
    return Flag(
        **named,
        until=said.get("until"),
        own=bool(said.get("own", False)),
        alone=bool(said.get("alone", True)),
        rest={key: said[key] for key in _OWN if key in said},
    )


def _locality(code: str, said: Mapping[str, Any]) -> Locality:
    where = f"{FILE}, localities.{code}"
    check_keys(where, said, ("name", "practices"))
    if not said.get("practices"):
        raise BadConfig(
            say("{where} has no practices", where=where), 'Write practices = ["D82001", ...]'
        )
    return Locality(code, said.get("name", code), tuple(said["practices"]))
