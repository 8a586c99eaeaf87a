"""A mapping: how the rows of an extract become persons, contacts, events and entries.

A small declarative TOML file; no SQL and no code in it, so that one from a stranger is safe to
try. `parse` answers an unknown key with the nearest known one. The keys are listed in `keys`.
"""

import codecs
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from onesystem.feeds.extract import keys
from onesystem.feeds.extract.value import Value, When, check_keys, value, when
from onesystem.vocabulary import Act, BadConfig, Setting, nearest

TIMES = {
    "contact": ("requested", "started", "ready", "ended", "planned", "as_of"),
    "events": ("at", "recorded"),
    "entry": ("at",),
}
DATES = {"person": ("birth_date", "died")}
_PLAIN = {"when", "same_key", "negative_stay", "act", "acts", "otherwise", "unended"}
_ACTS = ("request", "start", "move", "ready", "end", "note", "cancel")


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """How the bytes are written. Empty means: found out from the file."""

    format: str = ""
    delimiter: str = ""
    quote: str = '"'
    encoding: str = ""
    header: bool = True
    names: tuple[str, ...] = ()
    nulls: tuple[str, ...] = ()
    decimal: str = "."
    dates: tuple[str, ...] = ()
    times: tuple[str, ...] = ()
    zone: str = ""
    shifted: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Lookup:
    """Words for codes, in a file of the mapping's folder."""

    file: str
    on: str
    key: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Deed:
    """What one activity of an event log does to the visit. An empty act skips the row."""

    act: str = ""
    service: str = ""
    setting: str = ""
    outcome: str = ""
    urgency: str = ""
    reason: str = ""
    new_visit: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """One of person, contact, events or entry: its values by name, and its plain options."""

    kind: str
    values: dict[str, Value]
    when: When | None = None
    same_key: str = "last wins"
    negative_stay: str = "flag"
    act: str = ""
    acts: dict[str, Deed] = field(default_factory=dict)
    otherwise: str = "refuse"
    unended: str = ""

    def columns(self) -> Iterator[str]:
        """Every column that the section reads."""
        for each in self.values.values():
            yield from each.columns()
        if self.when:
            yield self.when.column


@dataclass(frozen=True, slots=True, kw_only=True)
class Mapping:
    """A mapping as written. `refuse` is (rule, what, cure) for files that are never taken in."""

    name: str
    version: int
    about: str = ""
    licence: str = ""
    anonymous: bool = False
    files: tuple[str, ...] = ()
    having: tuple[str, ...] = ()
    without: tuple[str, ...] = ()
    form: Form = Form()
    lookup: Lookup | None = None
    person: Section | None = None
    contact: Section | None = None
    events: tuple[Section, ...] = ()
    entries: tuple[Section, ...] = ()
    refuse: tuple[str, str, str] | None = None

    def sections(self) -> tuple[Section, ...]:
        """All sections, persons first."""
        ones = tuple(each for each in (self.person, self.contact) if each)
        return ones + self.events + self.entries

    def sources(self) -> set[str]:
        """Every other source of which it names causes."""
        named = (section.values.get("cause") for section in self.sections())
        return {source for cause in named if cause for source in cause.sources()}

    def columns(self) -> set[str]:
        """Every column of the extract that the mapping reads."""
        found = {column for section in self.sections() for column in section.columns()}
        if self.lookup:
            found = {c for c in found if not c.startswith("lookup.")} | {self.lookup.on}
        return found


def parse(text: str) -> Mapping:
    """The mapping of that TOML. Raises BadConfig that names the key, the rule and the cure."""
    try:
        raw = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise BadConfig(f"the mapping is not TOML: {error}", "Mend that line.") from error
    try:
        return _mapping(check_keys("mapping", raw, keys.TOP))
    except (TypeError, AttributeError) as error:
        raise BadConfig(
            f"the mapping holds a value of another kind than its key takes: {error}",
            "See the reference of mappings for what each key says.",
        ) from error


def _mapping(raw: dict[str, Any]) -> Mapping:
    name, version = raw.get("name"), raw.get("version")
    if not isinstance(name, str) or not name.replace("-", "").replace("_", "").isalnum():
        raise BadConfig("mapping.name is missing or odd", 'Write it like: name = "ward-moves"')
    if not isinstance(version, int) or isinstance(version, bool) or version < 1:
        raise BadConfig("mapping.version is missing", "Write version = 1, and raise it later.")
    applies = check_keys("applies_to", raw.get("applies_to", {}), keys.APPLIES_TO)
    mapping = Mapping(
        name=name,
        version=version,
        about=str(raw.get("about", "")),
        licence=str(raw.get("licence", "")),
        anonymous=raw.get("anonymous", False) is True,
        files=_texts(applies.get("file", ())),
        having=_texts(applies.get("columns", ())),
        without=_texts(applies.get("without", ())),
        form=_form(raw.get("file", {})),
        lookup=_lookup(raw["lookup"]) if "lookup" in raw else None,
        person=_section("person", raw["person"]) if "person" in raw else None,
        contact=_section("contact", raw["contact"]) if "contact" in raw else None,
        events=_sections("events", raw.get("events", [])),
        entries=_sections("entry", raw.get("entry", [])),
        refuse=_refuse(raw["refuse"]) if "refuse" in raw else None,
    )
    _check(mapping)
    return mapping


def _texts(raw: object) -> tuple[str, ...]:
    return (raw,) if isinstance(raw, str) else tuple(map(str, raw))  # type: ignore[call-overload]


def _form(raw: object) -> Form:
    table = check_keys("file", raw, keys.FILE)
    for key, choices in (("format", ("csv", "parquet")), ("decimal", (".", ","))):
        if key in table and table[key] not in choices:
            raise BadConfig(f"file.{key} is {table[key]!r}", f"It is {' or '.join(choices)}.")
    for key in ("delimiter", "quote"):
        if key in table and (not isinstance(table[key], str) or len(table[key].encode()) != 1):
            raise BadConfig(f"file.{key} is {table[key]!r}", "It is one plain character.")
    if "encoding" in table:
        _encoding(table["encoding"])
    if table.get("header") is False and not table.get("names"):
        raise BadConfig("file.names is missing", "Name the columns where there is no header.")
    several = ("names", "nulls", "dates", "times")
    given: dict[str, Any] = {k: _texts(v) if k in several else v for k, v in table.items()}
    form = Form(**given)
    _zone("file.zone", form.zone)
    return form


def _encoding(name: object) -> None:
    try:
        codecs.lookup(str(name))
    except LookupError:
        raise BadConfig(
            f"file.encoding is {name!r}", "Use a name such as utf-8, cp1252 or utf-16."
        ) from None


def _zone(name: str, zone: str) -> None:
    try:
        if zone:
            ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise BadConfig(f"{name} is {zone!r}", "Use a name such as Europe/London.") from None


def _lookup(raw: object) -> Lookup:
    table = check_keys("lookup", raw, keys.LOOKUP)
    for key in keys.LOOKUP:
        if not isinstance(table.get(key), str):
            raise BadConfig(f"lookup.{key} is missing", f"It says {keys.LOOKUP[key]}.")
    if table["file"] != table["file"].replace("/", "").replace("\\", "").lstrip("."):
        raise BadConfig(f"lookup.file is {table['file']!r}", "Name a file of the same folder.")
    return Lookup(file=table["file"], on=table["on"], key=table["key"])


def _sections(kind: str, raw: object) -> tuple[Section, ...]:
    rules = [raw] if isinstance(raw, dict) else raw
    if not isinstance(rules, list):
        raise BadConfig(f"{kind} is not a table", f"Write it as [[{kind}]].")
    return tuple(_section(kind, each, f"{kind}[{i}]") for i, each in enumerate(rules))


def _section(kind: str, raw: object, name: str = "") -> Section:
    name = name or kind
    table = check_keys(name, raw, keys.TABLES[kind])
    values = {k: value(f"{name}.{k}", v) for k, v in table.items() if _is_value(k, v)}
    for key, each in values.items():
        for v in (each, each.time):
            _zone(f"{name}: zone", v.zone if v else "")
        if key != "cause" and any(each.sources()):
            raise BadConfig(
                f"{name}.{key}.source is not a key of a mapping",
                "Only a `cause` can be a key of another source.",
            )
    section = Section(
        kind=kind,
        values=values,
        when=when(f"{name}.when", table["when"]) if "when" in table else None,
        same_key=_one_of(f"{name}.same_key", table, ("last wins", "one contact")),
        negative_stay=_one_of(f"{name}.negative_stay", table, ("flag", "refuse")),
        act=_act(f"{name}.act", table.get("act", "")),
        acts={k: _deed(f"{name}.acts.{k}", v) for k, v in table.get("acts", {}).items()},
        otherwise=_one_of(f"{name}.otherwise", table, ("refuse", "note", "skip")),
        unended=str(table.get("unended", "")),
    )
    _need(name, section)
    return section


def _is_value(key: str, raw: object) -> bool:
    """`cancelled` may be a condition; a condition is no value."""
    condition = isinstance(raw, dict) and not raw.keys().isdisjoint({"is", "in", "not_in", "empty"})
    if key == "cancelled" and condition:
        raise BadConfig(
            "contact.cancelled is a condition",
            'Write it with values: { column = "state", values = { X = "yes" }, default = "no" }',
        )
    return key not in _PLAIN


def _one_of(name: str, table: dict[str, Any], choices: tuple[str, ...]) -> str:
    raw = table.get(name.rpartition(".")[2], choices[0])
    if raw not in choices:
        raise BadConfig(f"{name} is {raw!r}", nearest(str(raw), choices))
    return str(raw)


def _act(name: str, raw: object) -> str:
    if raw and raw not in _ACTS:
        raise BadConfig(f"{name} is {raw!r}", nearest(str(raw), (*_ACTS, "skip")))
    return Act(str(raw)).value if raw else ""


def _deed(name: str, raw: object) -> Deed:
    table = dict(check_keys(name, {"act": raw} if isinstance(raw, str) else raw, keys.ACTS))
    if table.get("act") == "skip":
        return Deed()
    if not table.get("act"):
        raise BadConfig(f"{name}.act is missing", f"It is one of: {', '.join(_ACTS)}, skip.")
    _setting(f"{name}.setting", table.get("setting", ""))
    new_visit = table.pop("new_visit", False) is True
    act = _act(f"{name}.act", table.pop("act"))
    return Deed(act=act, new_visit=new_visit, **{k: str(v) for k, v in table.items()})


def _setting(name: str, words: str) -> None:
    if words and words not in set(Setting):
        raise BadConfig(f"{name} is {words!r}", nearest(words, Setting))


def _need(name: str, section: Section) -> None:
    has = section.values
    needed = {
        "person": ["subject"],
        "contact": ["key", "service"],
        "events": ["visit", "at"],
        "entry": ["kind", "key"],
    }[section.kind]
    for key in needed:
        if key not in has:
            says = keys.TABLES[section.kind][key]
            raise BadConfig(f"{name}.{key} is missing", f"It says {says}.")
    if section.kind == "contact" and not has.keys() & {"requested", "started", "ready", "ended"}:
        raise BadConfig(f"{name}.started is missing", "A contact needs one of its four times.")
    if section.kind == "events" and bool(section.act) == ("activity" in has):
        raise BadConfig(f"{name}.act is missing", "Give `act`, or `activity` with a table `acts`.")
    if "setting" in has:
        said = has["setting"]
        words = (said.fixed, said.default, *said.values.values())
        for each in words:
            _setting(f"{name}.setting", each or "")


def _refuse(raw: object) -> tuple[str, str, str]:
    table = check_keys("refuse", raw, keys.REFUSE)
    for key in keys.REFUSE:
        if not isinstance(table.get(key), str):
            raise BadConfig(f"refuse.{key} is missing", f"It says {keys.REFUSE[key]}.")
    return table["rule"], table["what"], table["cure"]


def _check(mapping: Mapping) -> None:
    """What no single table can know: whose rows they are."""
    if not mapping.sections() and not mapping.refuse:
        raise BadConfig(
            f"mapping {mapping.name} makes nothing", "Add [person], [contact], [[events]] ..."
        )
    for section in mapping.sections():
        whose = "subject" in section.values or mapping.person or mapping.anonymous
        if not whose:
            raise BadConfig(
                f"{section.kind}.subject is missing",
                "Name the column of the person's key, or write anonymous = true.",
            )
    if mapping.lookup is None and any(c.startswith("lookup.") for c in mapping.columns()):
        raise BadConfig("a column lookup.* is used without [lookup]", "Add the table [lookup].")
