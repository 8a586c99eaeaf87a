"""Packages of care at home, from ours and the district's `packages.toml`: dated data with sources.

A district's entry of a known name changes the keys that it says; `off = true` takes it away. Money
is whole minor units (pence); a line's amount is so many a day for so many days.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

from onesystem.vocabulary import BadConfig, Setting, nearest
from onesystem.vocabulary.declared import check_keys, parsed
from onesystem.vocabulary.said import say, say_each

FILE = "packages.toml"
_OURS = Path(__file__).with_name("packages.toml")
PURPOSES = say_each(
    {
        "acute demand": "Acute demand: treatment at home instead of in hospital",
        "enablement": "Enablement: help to do it again oneself",
        "discharge": "Discharge: home from a ward with a package",
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """Something that a package may be made of, and what one costs. `visit`: somebody comes."""

    name: str
    title: str
    unit: str
    price: int
    since: date
    source: str
    settings: tuple[str, ...] = ()
    called: tuple[str, ...] = ()
    services: tuple[str, ...] = ()
    most_a_day: int = 4
    visit: bool = False
    until: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """A line of a package as it is asked for: so many a day, for so many days."""

    kind: str
    a_day: int
    days: int

    @property
    def amount(self) -> int:
        """How many in all."""
        return self.a_day * self.days


@dataclass(frozen=True, slots=True, kw_only=True)
class Criterion:
    """What has to be so, or, as a red flag, must not. `when`: FHIRPath; without, it is asked."""

    words: str
    when: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Escalation:
    """What is done when it does not go as planned, by whom, and within how many minutes."""

    name: str
    title: str
    what: str
    settings: tuple[str, ...] = ()
    within: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Package:
    """A package from a day on (inclusive) to a day (exclusive). `reviews`: every so many hours."""

    name: str
    title: str
    purpose: str
    about: str
    days: int
    most_days: int
    cap: int
    reviews: int
    since: date
    source: str
    lines: tuple[Ask, ...]
    criteria: tuple[Criterion, ...]
    flags: tuple[Criterion, ...]
    override: tuple[str, ...] = ()
    escalations: tuple[str, ...] = ()
    team: tuple[str, ...] = ()  # what the team that has the person at home is called
    until: date | None = None

    def on(self, day: date) -> bool:
        """Whether it is in force on that day."""
        return self.since <= day and (self.until is None or day < self.until)


@dataclass(frozen=True, slots=True, kw_only=True)
class Packages:
    """All that a district has said of care at home."""

    packages: tuple[Package, ...]
    kinds: tuple[Kind, ...]
    escalations: Mapping[str, Escalation]
    team: Kind

    def team_of(self, package: Package) -> Kind:
        """What can be the team of a package: what it says, else what the district says."""
        return replace(self.team, called=package.team or self.team.called)

    def on(self, day: date) -> tuple[Package, ...]:
        """The packages in force on a day; of one name the one that began last."""
        return tuple(_last(p for p in self.packages if p.on(day)))

    def package(self, name: str, since: date | None = None) -> Package:
        """One package; the version of `since`, the latest without. Raises BadConfig."""
        found = [p for p in self.packages if p.name == name and since in {None, p.since}]
        if not found:
            hint = nearest(name, {p.name for p in self.packages})
            raise BadConfig(say("there is no package {name}", name=repr(name)), hint)
        return max(found, key=lambda p: p.since)

    def kinds_on(self, day: date) -> dict[str, Kind]:
        """What packages may be made of on a day, with the prices of that day, by name."""
        some = (k for k in self.kinds if k.since <= day and (k.until is None or day < k.until))
        return {kind.name: kind for kind in _last(some)}


def _last(dated: Iterable[Any]) -> Iterable[Any]:
    """Of each name the one that began last, in the order of the file."""
    found: dict[str, Any] = {}
    for each in dated:
        if each.name not in found or each.since >= found[each.name].since:
            found[each.name] = each
    return found.values()


def packages(folder: Path) -> Packages:
    """The packages of a district folder. Raises BadConfig naming file, entry, key and cure."""
    own = folder / FILE
    return _read(own, own.stat().st_mtime_ns if own.exists() else 0)


@lru_cache(maxsize=4)
def _read(own: Path, changed: int) -> Packages:
    ours = parsed(_OURS.read_text(encoding="utf-8"), FILE)
    return read(ours, parsed(own.read_text(encoding="utf-8"), FILE) if changed else {})


def read(ours: Mapping[str, Any], said: Mapping[str, Any]) -> Packages:
    """Packages from two files as they were parsed, the second over the first."""
    top = ("kind", "escalation", "package", "team_settings", "team_called", "team_services")
    check_keys(FILE, said, top)
    kinds = tuple(_kind(each) for each in _merged(ours, said, "kind"))
    escalations = {e["name"]: _escalation(e) for e in _merged(ours, said, "escalation")}
    names = {kind.name for kind in kinds}
    made = tuple(_package(e, names, escalations) for e in _merged(ours, said, "package"))
    both = {**ours, **said}
    team = Kind(
        name="team", title=say("The team"), unit="", price=0, since=date.min, source="",
        settings=tuple(both.get("team_settings", ())), called=tuple(both.get("team_called", ())),
        services=tuple(both.get("team_services", ())),
    )  # fmt: skip
    return Packages(packages=made, kinds=kinds, escalations=escalations, team=team)


def _merged(ours: Mapping[str, Any], said: Mapping[str, Any], key: str) -> list[Mapping[str, Any]]:
    """The entries of both files; one of ours with what the district says instead."""
    entries = {(e["name"], e.get("since")): dict(e) for e in ours.get(key, ())}
    for number, each in enumerate(said.get(key, ()), 1):
        if not each.get("name"):
            raise BadConfig(
                say("{file}, {key} {number} has no name", file=FILE, key=key, number=number),
                'Write name = "..."',
            )
        known = [k for k in entries if k[0] == each["name"]]
        latest = max(known, key=lambda k: k[1] or date.min) if known else None
        since = each.get("since", latest[1] if latest else None)
        entries[each["name"], since] = {**(entries[latest] if latest else {}), **each}
    return [e for e in entries.values() if not e.get("off")]


def _kind(said: Mapping[str, Any]) -> Kind:
    where = say("{file}, kind {name}", file=FILE, name=said["name"])
    check_keys(where, said, (*Kind.__slots__, "off"))
    _needs(where, said, ("title", "unit", "since", "source"), ("price",))
    for each in said.get("settings", ()):
        _setting(where, each)
    tuples = {k: tuple(said.get(k, ())) for k in ("settings", "called", "services")}
    return Kind(**{k: v for k, v in said.items() if k != "off"} | tuples)


def _escalation(said: Mapping[str, Any]) -> Escalation:
    where = say("{file}, escalation {name}", file=FILE, name=said["name"])
    check_keys(where, said, (*Escalation.__slots__, "off"))
    _needs(where, said, ("title", "what"), ())
    for each in said.get("settings", ()):
        _setting(where, each)
    kept = {k: v for k, v in said.items() if k != "off"}
    return Escalation(**kept | {"settings": tuple(said.get("settings", ()))})


_PACKAGE = (*Package.__slots__, "for", "off")


def _package(
    said: Mapping[str, Any], kinds: set[str], escalations: Mapping[str, Escalation]
) -> Package:
    where = say("{file}, package {name}", file=FILE, name=said["name"])
    check_keys(where, said, [k for k in _PACKAGE if k != "purpose"])
    _needs(where, said, ("title", "for", "about", "since", "source", "lines", "flags"),
           ("days", "most_days", "cap", "reviews"))  # fmt: skip
    if said["for"] not in PURPOSES:
        raise BadConfig(
            say("{where}: for is {for_}", where=where, for_=repr(said["for"])),
            nearest(said["for"], PURPOSES),
        )
    if said["days"] > said["most_days"]:
        raise BadConfig(
            say(
                "{where}: {days} days are more than {most_days}",
                where=where,
                days=said["days"],
                most_days=said["most_days"],
            ),
            "Write the longest that it may last as most_days.",
        )
    for each in said.get("escalations", ()):
        if each not in escalations:
            raise BadConfig(
                say("{where}: escalation {each}", where=where, each=repr(each)),
                nearest(each, escalations),
            )
    kept = {k: v for k, v in said.items() if k not in {"for", "off"}}
    return Package(**kept | {
        "purpose": said["for"],
        "lines": tuple(_ask(where, each, kinds) for each in said["lines"]),
        "criteria": tuple(_criterion(where, each) for each in said.get("criteria", ())),
        "flags": tuple(_criterion(where, each) for each in said["flags"]),
        **{k: tuple(said.get(k, ())) for k in ("override", "escalations", "team")},
    })  # fmt: skip


def _ask(where: str, said: Mapping[str, Any], kinds: set[str]) -> Ask:
    check_keys(say("{where}, lines", where=where), said, Ask.__slots__)
    if said.get("kind") not in kinds:
        raise BadConfig(
            say("{where}: a line is of kind {kind}", where=where, kind=repr(said.get("kind"))),
            nearest(str(said.get("kind")), kinds),
        )
    _needs(say("{where}, line {kind}", where=where, kind=said["kind"]), said, (), ("a_day", "days"))
    return Ask(**said)


def _criterion(where: str, said: Mapping[str, Any] | str) -> Criterion:
    if isinstance(said, str):
        return Criterion(words=said)
    check_keys(say("{where}, criteria", where=where), said, Criterion.__slots__)
    _needs(say("{where}, criteria", where=where), said, ("words",), ())
    return Criterion(**said)


def _needs(
    where: str, said: Mapping[str, Any], words: Iterable[str], numbers: Iterable[str]
) -> None:
    for key in words:
        if not said.get(key):
            raise BadConfig(
                say("{where} has no {key}", where=where, key=key), say("Write {key} = ...", key=key)
            )
    for key in numbers:
        if type(said.get(key)) is not int or said[key] < 0:
            raise BadConfig(
                say("{where}: {key} is {key2}", where=where, key=key, key2=repr(said.get(key))),
                "Write a whole number.",
            )


def _setting(where: str, setting: str) -> None:
    if setting not in set(Setting):
        raise BadConfig(
            say("{where}: there is no setting {setting}", where=where, setting=repr(setting)),
            nearest(setting, Setting),
        )
