"""A mapping and the columns of a file, compiled to one SELECT over the file.

The SELECT gives for every row its number, the rule that refuses it (or nothing), flags, the row as
JSON where it is refused, and the values of each section under `SECTION.KEY`. It is three deep, so
that each value is worked out once: the values; the rules over them; the row where a rule speaks.
Words of the mapping enter the SQL only as quoted names and literals.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime

from onesystem.feeds.extract.expressions import LOOKUP, OURS, Builder
from onesystem.feeds.extract.mapping import DATES, TIMES, Mapping, Section
from onesystem.feeds.extract.opening import NUL, SPOILT, UNCLOSED
from onesystem.feeds.extract.tables import ROW, Table, name, text

FLAGS = ("future", "negative-stay", "great-age", "time-left-empty")


@dataclass(frozen=True, slots=True, kw_only=True)
class Compiled:
    """The query, and the zones for which a function `local_to_utc_N` has to be there."""

    sql: str
    zones: tuple[str, ...]
    keys: tuple[str, ...]


def compile_mapping(
    mapping: Mapping,
    table: Table,
    *,
    zone: str,
    known_at: datetime,
    stamp: Callable[[], str],
    looked_up: frozenset[str] = frozenset(),
) -> Compiled:
    """The SELECT of a mapping over a file. Raises BadConfig for a column that is not there."""
    b = Builder(mapping, table, zone, known_at, stamp, looked_up)
    if table.spoilt:
        _spoilt(b)
    parts: dict[str, str] = {}
    for label, section in labelled(mapping):
        parts |= dict(_section(b, label, section))
    reason = "".join(f" WHEN {c} THEN {text(rule)}" for c, rule in b.refusals)
    reason = f"CASE{reason} END" if reason else "CAST(NULL AS VARCHAR)"
    bits = [f"(CASE WHEN {' OR '.join(b.flags[f])} THEN {1 << i} ELSE 0 END)"
            for i, f in enumerate(FLAGS) if f in b.flags]  # fmt: skip
    raw = ", ".join(f"{text(c)}: {name(c)}" for c in table.columns)
    join = _join(mapping) if looked_up else ""
    sql = (
        f"SELECT {ROW}, _reason, _flags, "
        f"CASE WHEN _reason IS NOT NULL THEN to_json({{{raw}}}) END AS _content,\n  "
        + ",\n  ".join(f"{name(OURS + key)} AS {name(key)}" for key in parts)
        + f"\nFROM (SELECT *, {reason} AS _reason, {' + '.join(bits) or '0'} AS _flags\nFROM ("
        "SELECT *,\n  "
        + ",\n  ".join(f"{sql} AS {name(OURS + key)}" for key, sql in parts.items())
        + f"\nFROM (SELECT *{_locals(b)}\nFROM {table.source} AS src{join})))"
    )
    return Compiled(sql=sql, zones=tuple(b.zones), keys=tuple(parts))


def _locals(b: Builder) -> str:
    return "".join(f",\n  {moment} AS {local}" for local, moment in b.locals.items())


def labelled(mapping: Mapping) -> Iterator[tuple[str, Section]]:
    """Each section under the name that its columns carry: person, contact, events0, entry0 ..."""
    if mapping.person:
        yield "person", mapping.person
    if mapping.contact:
        yield "contact", mapping.contact
    for kind, rules in (("events", mapping.events), ("entry", mapping.entries)):
        yield from ((f"{kind}{i}", rule) for i, rule in enumerate(rules))


def _join(mapping: Mapping) -> str:
    look = mapping.lookup
    if look is None:
        return ""
    on, key = name(look.on), name(LOOKUP + look.key)
    return f" LEFT JOIN _lookup ON trim(CAST(src.{on} AS VARCHAR)) = _lookup.{key}"


def _spoilt(b: Builder) -> None:
    columns = ", ".join(name(c) for c in b.table.columns)
    line = f"concat_ws('', {columns})"
    for mark, rule in ((UNCLOSED, "quotes"), (NUL, "nul"), (SPOILT, "wrong-encoding")):
        b.refuse(f"contains({line}, {text(mark)})", rule)


def _section(b: Builder, label: str, section: Section) -> Iterator[tuple[str, str]]:
    """The section's values as SQL, by the name of their column; its rules go to the builder."""
    made = {"on": b.condition(section.when)} | dict(_values(b, section))
    if "subject" not in made:
        made["subject"] = _whose(b, made)
    seen = {key: name(f"{OURS}{label}.{key}") for key in made}
    times = (*TIMES.get(section.kind, ()), *DATES.get(section.kind, ()))
    for key in section.values.keys() & set(times):
        b.read_badly(section.values[key], seen[key], seen["on"], key)
    _needed(b, section, seen)
    yield from ((f"{label}.{key}", sql) for key, sql in made.items())


def _values(b: Builder, section: Section) -> Iterator[tuple[str, str]]:
    times, dates = TIMES.get(section.kind, ()), DATES.get(section.kind, ())
    for key, v in section.values.items():
        if key == "full_name":
            yield from _names(b.words(v))
        elif key == "sex" and not v.values:
            yield key, _sex(b.words(v))
        elif key in times or key in dates:
            sql = b.time(v) if key in times else b.date(v)
            yield key, b.believed(sql) if v.otherwise == "empty" else sql
        else:
            yield key, b.words(v)


def _names(said: str) -> Iterator[tuple[str, str]]:
    """`Family, Given` where there is a comma, else the last word is the family name."""
    comma = f"contains({said}, ',')"
    last = f"regexp_extract({said}, '[^ ]+$')"
    rest = f"regexp_replace({said}, ' *[^ ]+$', '')"
    yield (
        "family",
        f"nullif(CASE WHEN {comma} THEN trim(split_part({said}, ',', 1)) ELSE {last} END, '')",
    )
    yield (
        "given",
        f"nullif(CASE WHEN {comma} THEN trim(split_part({said}, ',', 2)) ELSE {rest} END, '')",
    )


def _sex(said: str) -> str:
    """The usual letters and words of several languages' systems; 1 and 2 as ISO 5218 has them."""
    arms = {
        "female": ("f", "female", "2", "woman", "girl"),
        "male": ("m", "male", "1", "man", "boy"),
        "other": ("o", "x", "other", "9", "indeterminate", "non-binary"),
    }
    cases = " ".join(
        f"WHEN lower({said}) IN ({', '.join(map(text, words))}) THEN {text(sex)}"
        for sex, words in arms.items()
    )
    return f"CASE {cases} END"


def _whose(b: Builder, made: dict[str, str]) -> str:
    """Whose row it is: the section's own subject, the person's, or nobody's but the row's."""
    if b.mapping.person:
        return b.words(b.mapping.person.values["subject"])
    return f"'anonymous ' || {made.get('visit') or made.get('key')}"


def _needed(b: Builder, section: Section, made: dict[str, str]) -> None:
    """What a row cannot do without, and what is odd about its times."""
    on = made["on"]
    key = {"contact": "key", "events": "visit", "entry": "key"}.get(section.kind)
    if key:
        b.refuse(f"({on} AND {made[key]} IS NULL)", "no-key", _column_of(section, key))
    whose = section if "subject" in section.values else b.mapping.person or section
    b.refuse(f"({on} AND {made['subject']} IS NULL)", "no-person", _column_of(whose, "subject"))
    if section.kind == "person":
        _person(b, made, on)
    elif section.kind == "contact":
        _contact(b, section, made, on)
    elif section.kind == "events":
        b.refuse(f"({on} AND {made['at']} IS NULL)", "no-time", _column_of(section, "at"))
        b.flag(f"({on} AND {made['at']} > {b.now()} + INTERVAL 1 DAY)", "future")
        if "activity" in made and section.otherwise == "refuse":
            known = ", ".join(map(text, section.acts))
            unknown = f"({on} AND coalesce({made['activity']} NOT IN ({known}), true))"
            b.refuse(unknown, "unknown-activity", _column_of(section, "activity"))


def _person(b: Builder, made: dict[str, str], on: str) -> None:
    for key in ("birth_date", "died"):
        if key not in made:
            continue
        future = f"({on} AND {made[key]} > CAST({b.now()} AS DATE))"
        if b.mapping.form.shifted:
            b.flag(future, "future")
        else:
            b.refuse(future, "impossible-date", _column_of(b.mapping.person, key))
    if "birth_date" in made:
        born = made["birth_date"]
        end = f"coalesce({made['died']}, CAST({b.now()} AS DATE))" if "died" in made else None
        b.flag(f"({on} AND datediff('year', {born}, {end or b.now()}) > 120)", "great-age")
        if "died" in made:
            b.refuse(f"({on} AND {made['died']} < {born})", "died-before-born")


def _contact(b: Builder, section: Section, made: dict[str, str], on: str) -> None:
    times = [made[k] for k in ("requested", "started", "ready", "ended") if k in made]
    b.refuse(f"({on} AND coalesce({', '.join(times)}, NULL) IS NULL)", "no-time")
    b.refuse(f"({on} AND {made['service']} IS NULL)", "no-service", _column_of(section, "service"))
    begun = [made[k] for k in ("started", "ready") if k in made]
    if begun:
        future = " OR ".join(f"{t} > {b.now()} + INTERVAL 1 DAY" for t in begun)
        b.flag(f"({on} AND ({future}))", "future")
    if {"started", "ended"} <= made.keys():
        negative = f"({on} AND {made['ended']} < {made['started']})"
        if section.negative_stay == "refuse":
            b.refuse(negative, "negative-stay", _column_of(section, "ended"))
        else:
            b.flag(negative, "negative-stay")


def _column_of(section: Section | None, key: str) -> str:
    v = section.values.get(key) if section else None
    return next(v.columns(), key) if v else key
