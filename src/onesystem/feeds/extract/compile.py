"""A mapping and the columns of a file, compiled to one SELECT over the file.

The SELECT gives for every row its number, the rule that refuses it (or nothing), flags, the row as
JSON where it is refused, and the values of each section under `SECTION.KEY`. It is three deep, so
that each value is worked out once: the values; the rules over them; the row where a rule speaks.
Words of the mapping enter the SQL only as quoted names and literals.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime

import numpy as np

from onesystem.feeds.extract.mapping import DATES, TIMES, Mapping, Section
from onesystem.feeds.extract.opening import NUL, SPOILT, UNCLOSED
from onesystem.feeds.extract.tables import ROW, Table, name, text
from onesystem.feeds.extract.value import Value, When
from onesystem.feeds.extract.zones import changes
from onesystem.vocabulary import BadConfig, nearest

FLAGS = ("future", "negative-stay", "great-age", "time-left-empty")
_UNITS = {"days": 86_400_000_000, "hours": 3_600_000_000, "minutes": 60_000_000,
          "seconds": 1_000_000}  # fmt: skip
_EARLIEST, _LATEST = "TIMESTAMP '1800-01-01'", "TIMESTAMP '2300-01-01'"
_LOOKUP = "lookup."
_YEAR = 366 * 86_400_000_000
_CHANGES = 24  # of the clocks, that a query spells out: twelve years
_OURS = "_onesystem."  # before our names inside the query, so that no column of a file meets one


@dataclass(frozen=True, slots=True, kw_only=True)
class Compiled:
    """The query, and the zones for which a function `local_to_utc_N` has to be there."""

    sql: str
    zones: tuple[str, ...]
    keys: tuple[str, ...]


@dataclass(slots=True)
class _Builder:
    mapping: Mapping
    table: Table
    zone: str
    known_at: datetime
    stamp: str  # what makes `row = true` differ between files
    looked_up: frozenset[str] = frozenset()
    zones: list[str] = field(default_factory=list)
    locals: dict[str, str] = field(default_factory=dict)  # local times by the name of their column
    refusals: list[tuple[str, str]] = field(default_factory=list)  # condition, rule:field
    flags: dict[str, list[str]] = field(default_factory=dict)

    # Values as words

    def words(self, v: Value) -> str:
        """An expression that gives trimmed words, or NULL where there are none."""
        out = self._base(v)
        if v.split:
            out = f"split_part({out}, {text(v.split)}, {v.part})"
        if v.pattern:
            group = v.part if "(" in v.pattern else 0
            out = f"regexp_extract({out}, {text(v.pattern)}, {group})"
        if v.split or v.pattern:
            out = f"nullif(trim({out}), '')"
        if v.case:
            out = f"{v.case}({out})"
        if v.values:
            arms = " ".join(f"WHEN {text(k)} THEN {text(w)}" for k, w in v.values.items())
            otherwise = text(v.default) if v.default is not None else out
            return f"nullif(CASE {out} {arms} ELSE {otherwise} END, '')"
        return out if v.default is None else f"coalesce({out}, {text(v.default)})"

    def _base(self, v: Value) -> str:
        if v.fixed is not None:
            return f"nullif({text(v.fixed)}, '')"
        if v.row:
            return f"{text(self.stamp + '/')} || {ROW}"
        if v.concat:
            return "(" + " || ".join(self.words(each) for each in v.concat) + ")"
        if v.first:
            return "coalesce(" + ", ".join(self.words(each) for each in v.first) + ")"
        if v.joined:
            joined = ", ".join(self.words(each) for each in v.joined)
            return f"nullif(concat_ws(', ', {joined}), '')"
        return self.column(v.column)

    def kind(self, column: str) -> str:
        """The DuckDB type of a column. Raises BadConfig for one that is not in the file."""
        if column.startswith(_LOOKUP) and column in self.looked_up:
            return "VARCHAR"
        if column not in self.table.columns:
            raise BadConfig(
                f"the file has no column {column!r}", nearest(column, self.table.columns)
            )
        return self.table.columns[column]

    def column(self, column: str) -> str:
        """A column as words: whole numbers without `.0`, nothing for empty."""
        kind, ref = self.kind(column), name(column)
        if kind in {"DOUBLE", "FLOAT"}:
            whole = f"isfinite({ref}) AND {ref} = floor({ref}) AND abs({ref}) < 1e15"
            return (
                f"CASE WHEN {whole} THEN CAST(CAST({ref} AS BIGINT) AS VARCHAR) "
                f"WHEN isnan({ref}) THEN NULL ELSE CAST({ref} AS VARCHAR) END"
            )
        if kind != "VARCHAR":
            return f"CAST({ref} AS VARCHAR)"
        out = f"nullif(trim({ref}), '')"
        nulls = ", ".join(map(text, self.mapping.form.nulls))
        return f"CASE WHEN trim({ref}) IN ({nulls}) THEN NULL ELSE {out} END" if nulls else out

    # Values as times

    def time(self, v: Value) -> str:
        """An expression that gives a UTC TIMESTAMP, or NULL where there is none or a bad one."""
        if v.first:
            out = "coalesce(" + ", ".join(self.time(each) for each in v.first) + ")"
        elif v.time is not None:
            out = self._local(f"({self._moment(v)} + ({self._clock(v.time)}))", v.zone)
        else:
            out = self._utc(v)
        for sign, lengths in (("-", v.before), ("+", v.after)):
            for unit, each in lengths:
                amount = f"CAST(round({self.number(each)} * {_UNITS[unit]}) AS BIGINT)"
                out = f"({out} {sign} to_microseconds({amount}))"
        return out

    def _utc(self, v: Value) -> str:
        kind = self.kind(v.column) if v.column else "VARCHAR"
        if kind == "TIMESTAMP WITH TIME ZONE":
            return f"make_timestamp(epoch_us({name(v.column)}))"
        if v.formats in {("epoch",), ("epoch-ms",)}:
            scale = 1_000_000 if v.formats == ("epoch",) else 1_000
            return f"make_timestamp(CAST(round({self.number(v)} * {scale}) AS BIGINT))"
        if kind != "VARCHAR" or v.formats or self.mapping.form.times:
            return self._local(self._moment(v), v.zone)
        said = self.words(v)
        # An ISO time with an offset says itself where it stands; a sign before that is a date's.
        offset = f"(right({said}, 1) IN ('Z', 'z') OR regexp_matches({said}, ':.*[+-][0-9:]+$'))"
        exact = f"make_timestamp(epoch_us(TRY_CAST({said} AS TIMESTAMPTZ)))"
        return f"CASE WHEN {offset} THEN {exact} ELSE {self._local(self._moment(v), v.zone)} END"

    def _moment(self, v: Value) -> str:
        """A TIMESTAMP as the source's clocks showed it."""
        kind = self.kind(v.column) if v.column else "VARCHAR"
        if kind.startswith("TIMESTAMP") or kind == "DATE":
            return f"CAST({name(v.column)} AS TIMESTAMP)"
        said = self.words(v)
        if v.formats == ("excel",):
            days = f"round({self.number(v)} * 86400) * 1000000"
            return f"(TIMESTAMP '1899-12-30' + to_microseconds(CAST({days} AS BIGINT)))"
        formats = v.formats or self.mapping.form.times
        if formats:
            listed = ", ".join(map(text, formats))
            return f"try_strptime({said}, [{listed}])"
        return f"TRY_CAST({said} AS TIMESTAMP)"

    def _clock(self, v: Value) -> str:
        """The time of day as an interval; nothing where only the date was said."""
        said = self.words(v)
        if v.formats:
            listed = ", ".join(map(text, v.formats))
            moment = f"try_strptime({said}, [{listed}])"
            return f"({moment} - date_trunc('day', {moment}))"
        clock = f"(DATE '1970-01-01' + TRY_CAST({said} AS TIME) - TIMESTAMP '1970-01-01')"
        return f"CASE WHEN {said} IS NULL THEN INTERVAL 0 SECOND ELSE {clock} END"

    def _local(self, moment: str, zone: str) -> str:
        zone = zone or self.mapping.form.zone or self.zone
        if zone == "UTC":
            return moment
        if zone not in self.zones:
            self.zones.append(zone)
        local = name(f"{_OURS}local{len(self.locals)}")
        self.locals[local] = moment
        return _to_utc(local, zone, f"local_to_utc_{self.zones.index(zone)}", self.known_at)

    def number(self, v: Value) -> str:
        """An expression that gives a DOUBLE."""
        said = self.words(v)
        if self.mapping.form.decimal == ",":
            said = f"replace(replace({said}, '.', ''), ',', '.')"
        return f"TRY_CAST({said} AS DOUBLE)"

    def date(self, v: Value) -> str:
        """An expression that gives a DATE: local, as it was written; dates have no zone."""
        kind = self.kind(v.column) if v.column else "VARCHAR"
        if kind.startswith("TIMESTAMP") or kind == "DATE" or v.formats:
            return f"CAST({self._moment(v)} AS DATE)"
        said = self.words(v)
        formats = self.mapping.form.dates
        if formats:
            listed = ", ".join(map(text, formats))
            return f"CAST(try_strptime({said}, [{listed}]) AS DATE)"
        return f"CAST(TRY_CAST({said} AS TIMESTAMP) AS DATE)"

    def condition(self, w: When | None) -> str:
        """An SQL condition that is true or false, never NULL."""
        if w is None:
            return "true"
        said = self.column(w.column)
        if w.empty is not None:
            return f"({said} IS {'' if w.empty else 'NOT '}NULL)"
        listed = ", ".join(map(text, w.among or w.not_among))
        test = "IN" if w.among else "NOT IN"
        return f"coalesce({said} {test} ({listed}), false)"

    # Refusals and flags

    def refuse(self, condition: str, rule: str, where: str = "") -> None:
        self.refusals.append((condition, f"{rule}:{where}"))

    def flag(self, condition: str, rule: str) -> None:
        self.flags.setdefault(rule, []).append(condition)

    def read_badly(self, v: Value, read: str, on: str, where: str) -> None:
        """Refuse, or flag, what is there and cannot be read, or lies outside 500 years."""
        columns = list(dict.fromkeys(v.columns()))
        if not columns:
            return
        there = " AND ".join(f"{self._given(c)} IS NOT NULL" for c in columns)
        bounds = f"CAST({read} AS TIMESTAMP) NOT BETWEEN {_EARLIEST} AND {_LATEST}"
        bad = f"({on} AND (({read} IS NULL AND {there}) OR coalesce({bounds}, false)))"
        if v.first:
            bad = f"({on} AND coalesce({bounds}, false))"
        if v.otherwise == "refuse":
            self.refuse(bad, "bad-time", columns[0] if v.column else where)
        else:
            self.flag(bad, "time-left-empty")

    def _given(self, column: str) -> str:
        """What is NULL where a column says nothing; without words where its type needs none."""
        return self.column(column) if self.kind(column) == "VARCHAR" else name(column)

    def believed(self, moment: str) -> str:
        """A time or date within reason and not to come; else nothing."""
        until = _LATEST if self.mapping.form.shifted else self.now()
        return f"(CASE WHEN {moment} BETWEEN {_EARLIEST} AND {until} THEN {moment} END)"

    def now(self) -> str:
        return f"TIMESTAMP '{self.known_at:%Y-%m-%d %H:%M:%S}'"


def compile_mapping(
    mapping: Mapping,
    table: Table,
    *,
    zone: str,
    known_at: datetime,
    stamp: str,
    looked_up: frozenset[str] = frozenset(),
) -> Compiled:
    """The SELECT of a mapping over a file. Raises BadConfig for a column that is not there."""
    b = _Builder(mapping, table, zone, known_at, stamp, looked_up)
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
        + ",\n  ".join(f"{name(_OURS + key)} AS {name(key)}" for key in parts)
        + f"\nFROM (SELECT *, {reason} AS _reason, {' + '.join(bits) or '0'} AS _flags\nFROM ("
        "SELECT *,\n  "
        + ",\n  ".join(f"{sql} AS {name(_OURS + key)}" for key, sql in parts.items())
        + f"\nFROM (SELECT *{_locals(b)}\nFROM {table.source} AS src{join})))"
    )
    return Compiled(sql=sql, zones=tuple(b.zones), keys=tuple(parts))


def _locals(b: _Builder) -> str:
    return "".join(f",\n  {moment} AS {local}" for local, moment in b.locals.items())


def _to_utc(local: str, zone: str, function: str, known_at: datetime) -> str:
    """A local time in UTC: the last years' clock changes spelt out, and a function for the rest,
    which costs ten times as much.
    """
    starts, offsets = changes(zone)
    now = int(known_at.timestamp() * 1_000_000) + _YEAR
    last = int(np.searchsorted(starts, now))
    arms = [f"WHEN {local} IS NULL THEN NULL"]
    if last < len(starts):
        arms.append(f"WHEN {local} >= make_timestamp({starts[last]}) THEN {function}({local})")
    for i in range(last - 1, max(last - _CHANGES, 0) - 1, -1):
        utc = f"{local} - to_microseconds({offsets[i + 1]})"
        arms.append(f"WHEN {local} >= make_timestamp({starts[i]}) THEN {utc}")
    return f"CASE {' '.join(arms)} ELSE {function}({local}) END"


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
    on, key = name(look.on), name(_LOOKUP + look.key)
    return f" LEFT JOIN _lookup ON trim(CAST(src.{on} AS VARCHAR)) = _lookup.{key}"


def _spoilt(b: _Builder) -> None:
    columns = ", ".join(name(c) for c in b.table.columns)
    line = f"concat_ws('', {columns})"
    for mark, rule in ((UNCLOSED, "quotes"), (NUL, "nul"), (SPOILT, "wrong-encoding")):
        b.refuse(f"contains({line}, {text(mark)})", rule)


def _section(b: _Builder, label: str, section: Section) -> Iterator[tuple[str, str]]:
    """The section's values as SQL, by the name of their column; its rules go to the builder."""
    made = {"on": b.condition(section.when)} | dict(_values(b, section))
    if "subject" not in made:
        made["subject"] = _whose(b, made)
    seen = {key: name(f"{_OURS}{label}.{key}") for key in made}
    times = (*TIMES.get(section.kind, ()), *DATES.get(section.kind, ()))
    for key in section.values.keys() & set(times):
        b.read_badly(section.values[key], seen[key], seen["on"], key)
    _needed(b, section, seen)
    yield from ((f"{label}.{key}", sql) for key, sql in made.items())


def _values(b: _Builder, section: Section) -> Iterator[tuple[str, str]]:
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


def _whose(b: _Builder, made: dict[str, str]) -> str:
    """Whose row it is: the section's own subject, the person's, or nobody's but the row's."""
    if b.mapping.person:
        return b.words(b.mapping.person.values["subject"])
    return f"'anonymous ' || {made.get('visit') or made.get('key')}"


def _needed(b: _Builder, section: Section, made: dict[str, str]) -> None:
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


def _person(b: _Builder, made: dict[str, str], on: str) -> None:
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


def _contact(b: _Builder, section: Section, made: dict[str, str], on: str) -> None:
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
