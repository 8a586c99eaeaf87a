"""Values, times and conditions of a mapping as SQL expressions over the columns of a file."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

import numpy as np

from onesystem.feeds.extract.mapping import Mapping
from onesystem.feeds.extract.tables import ROW, Table, name, text
from onesystem.feeds.extract.value import Value, When
from onesystem.feeds.extract.zones import changes
from onesystem.vocabulary import BadConfig, nearest

_UNITS = {"days": 86_400_000_000, "hours": 3_600_000_000, "minutes": 60_000_000,
          "seconds": 1_000_000}  # fmt: skip
_EARLIEST, _LATEST = "TIMESTAMP '1800-01-01'", "TIMESTAMP '2300-01-01'"
LOOKUP = "lookup."
_YEAR = 366 * 86_400_000_000
_CHANGES = 24  # of the clocks, that a query spells out: twelve years
OURS = "_onesystem."  # before our names inside the query, so that no column of a file meets one


@dataclass(slots=True)
class Builder:
    """Makes expressions, and gathers the rules that refuse or flag a row."""

    mapping: Mapping
    table: Table
    zone: str
    known_at: datetime
    stamp: Callable[[], str]  # what makes `row = true` differ between files
    looked_up: frozenset[str] = frozenset()
    zones: list[str] = field(default_factory=list)
    locals: dict[str, str] = field(default_factory=dict)  # local times by the name of their column
    refusals: list[tuple[str, str]] = field(default_factory=list)  # condition, rule:field
    flags: dict[str, list[str]] = field(default_factory=dict)

    # Values as words

    def words(self, v: Value) -> str:
        """An expression that gives trimmed words, or NULL where there are none."""
        out = self._tidied(v)
        # As `vocabulary.key_elsewhere` has it; with no key there is nothing to put the two around.
        return f"({text(v.source)} || chr(31) || {out})" if v.source else out

    def _tidied(self, v: Value) -> str:
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
            return f"{text(self.stamp() + '/')} || {ROW}"
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
        if column.startswith(LOOKUP) and column in self.looked_up:
            return "VARCHAR"
        folded = column.casefold()  # DuckDB's names are the same in capitals
        known = {each.casefold(): kind for each, kind in self.table.columns.items()}
        if folded not in known:
            raise BadConfig(
                f"the file has no column {column!r}", nearest(column, self.table.columns)
            )
        return known[folded]

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
        local = name(f"{OURS}local{len(self.locals)}")
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
        """Refuse the rows for which a condition holds; `where` is the column to blame."""
        self.refusals.append((condition, f"{rule}:{where}"))

    def flag(self, condition: str, rule: str) -> None:
        """Take the rows for which a condition holds, and remark on them."""
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
        """When the file came, as SQL."""
        return f"TIMESTAMP '{self.known_at:%Y-%m-%d %H:%M:%S}'"


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
