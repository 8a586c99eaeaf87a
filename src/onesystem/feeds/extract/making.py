"""The good rows of a chunk as what the rooms take: tables of people and contacts, readings."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from onesystem.district import District, Source
from onesystem.feeds.extract.mapping import Deed, Section
from onesystem.feeds.extract.tables import ROW
from onesystem.vocabulary import Act, Code, ContactEvent, Entry, Remark, Setting

UTC_TIME = pa.timestamp("us", tz="UTC")
_TIMES = ("requested", "started", "ready", "ended", "planned")
_TEXTS = ("bed", "mode", "urgency", "reason", "outcome", "by")
_PERSON = ("family", "given", "sex", "address", "postcode", "phone", "practice", "number")
_YES = pa.array(["true", "yes", "y", "1", "t", "cancelled", "canceled"])
_ANY = Setting.COMMUNITY  # where neither the district nor the mapping says


@dataclass(slots=True)
class Places:
    """A source's places as services of the district; remembers those that are not mapped."""

    source: Source
    district: District
    unmapped: dict[str, int] = field(default_factory=dict)

    def service(self, place: str) -> str:
        """The service's code; `SOURCE/PLACE` for a place that nobody mapped yet."""
        service = self.source.services.get(place)
        if service:
            return service
        if place in self.district.services:
            return place
        self.unmapped[place] = self.unmapped.get(place, 0) + 1
        return f"{self.source.code}/{place}"

    def remarks(self) -> list[Remark]:
        """One for each place that is not mapped."""
        return [Remark(rule="unmapped-place", what=each) for each in self.unmapped]


def has(rows: pa.Table, label: str) -> pa.Table:
    """The rows for which a section holds."""
    on = rows[f"{label}.on"]
    return rows if pc.all(on).as_py() else rows.filter(on)


def people_table(rows: pa.Table) -> pa.Table:
    """People as `people.meet_table` takes them; of rows about one person the last."""
    rows = has(rows, "person")
    rows, _ = last_of(rows, "person.subject")
    columns = {"subject": _words(rows, "person.subject")}
    for key in _PERSON:
        if f"person.{key}" in rows.column_names:
            columns[key] = _words(rows, f"person.{key}")
    for key in ("birth_date", "died"):
        if f"person.{key}" in rows.column_names:
            columns[key] = rows[f"person.{key}"]
    if "number" in columns:
        columns["number_scheme"] = _words(rows, "person.scheme")
        columns["number_verified"] = _yes(rows, "person.verified")
    return pa.table(columns)


def contacts_table(rows: pa.Table, section: Section, places: Places) -> tuple[pa.Table, int]:
    """Contacts as `contacts.append` takes them, with `subject` in place of `identity`; and how
    many rows repeated the key of another.
    """
    rows = has(rows, "contact")
    rows, repeated = last_of(rows, "contact.key")
    service, setting = _services(rows, section, places)
    columns = {
        "key": _words(rows, "contact.key"),
        "subject": _words(rows, "contact.subject"),
        "service": service,
        "setting": setting,
    }
    # What the mapping does not name stays out of the table: the log takes that for empty.
    given = {key for key in section.values if f"contact.{key}" in rows.column_names}
    columns |= {key: _times(rows, f"contact.{key}") for key in _TIMES if key in given}
    columns |= {key: _words(rows, f"contact.{key}") for key in _TEXTS if key in given}
    if "cause" in given:
        columns["cause_key"] = _words(rows, "contact.cause")
    if "cancelled" in given:
        columns["cancelled"] = _yes(rows, "contact.cancelled")
    if "as_of" in given:
        columns["recorded"] = _times(rows, "contact.as_of")
    return pa.table(columns), repeated


def last_of(rows: pa.Table, column: str) -> tuple[pa.Table, int]:
    """The last row of each value of a column, in the order of the file; and how many went."""
    size = len(pc.unique(rows[column]))
    if size == rows.num_rows:
        return rows, 0
    coded = rows[column].combine_chunks().dictionary_encode()
    if isinstance(coded, pa.ChunkedArray):
        coded = coded.combine_chunks()
    last = np.zeros(size, dtype="int64")
    codes = coded.indices.to_numpy(zero_copy_only=False)
    last[codes] = np.arange(len(codes))  # of equal indices the last assignment stays
    last.sort()
    return rows.take(pa.array(last)), rows.num_rows - size


def events_of(
    rows: pa.Table, label: str, section: Section, places: Places
) -> Iterator[tuple[ContactEvent, Deed | None]]:
    """An event for each row, with the deed of its activity where the mapping has a table."""
    for row in _plain(has(rows, label), label):
        deed = _deed(section, row)
        if deed is not None and not deed.act:
            continue
        at = row["at"].replace(tzinfo=UTC)
        recorded = row.get("recorded")
        place = (deed.service if deed else "") or row.get("service")
        service = places.service(place) if place else ""
        said = (deed.setting if deed else "") or row.get("setting") or ""
        setting = places.district.setting_of(service) or (Setting(said) if said else None)
        yield (
            ContactEvent(
                visit=row["visit"],
                subject=row["subject"],
                act=Act(deed.act if deed else section.act),
                at=at,
                recorded=recorded.replace(tzinfo=UTC) if recorded else at,
                order=row.get("order") or f"{row[ROW]:012d}",
                service=service,
                setting=setting,
                urgency=(deed.urgency if deed else "") or row.get("urgency") or "",
                reason=(deed.reason if deed else "") or row.get("reason") or "",
                outcome=(deed.outcome if deed else "") or row.get("outcome") or "",
                bed=row.get("bed") or "",
                mode=row.get("mode") or "",
                by=row.get("by") or "",
                cause=row.get("cause") or "",
            ),
            deed,
        )


def _deed(section: Section, row: dict[str, str]) -> Deed | None:
    if section.act:
        return None
    known = section.acts.get(row["activity"] or "")
    if known is not None:
        return known
    return Deed(act="note") if section.otherwise == "note" else Deed()


def entries_of(rows: pa.Table, label: str, *, known_at: datetime) -> Iterator[Entry]:
    """A clinical entry for each row."""
    for row in _plain(has(rows, label), label):
        at = row.get("at")
        at = at.replace(tzinfo=UTC) if at else None
        code = row.get("code") or row.get("display")
        yield Entry(
            kind=row["kind"],
            key=row["key"],
            subject=row["subject"],
            at=at,
            recorded=at or known_at,
            code=Code(row.get("system") or "", code, row.get("display") or "") if code else None,
            status=row.get("status") or "",
            value=row.get("value") or "",
            unit=row.get("unit") or "",
            visit=row.get("visit") or "",
        )


def _plain(rows: pa.Table, label: str) -> Iterator[dict[str, Any]]:
    names = [c for c in rows.column_names if c.startswith(f"{label}.") or c == ROW]
    keys = [c.rpartition(".")[2] if c != ROW else ROW for c in names]
    for batch in rows.select(names).to_batches(max_chunksize=20_000):
        columns = [column.to_pylist() for column in batch.columns]
        for values in zip(*columns, strict=True):
            yield dict(zip(keys, values, strict=True))


def _services(
    rows: pa.Table, section: Section, places: Places
) -> tuple[pa.ChunkedArray, pa.ChunkedArray]:
    coded = rows["contact.service"].combine_chunks().dictionary_encode()
    names = coded.dictionary.to_pylist()
    services = [places.service(name) for name in names]
    own = [places.district.setting_of(service) for service in services]
    service = pa.array(services, pa.string()).take(coded.indices)
    ours = pa.array([str(s) if s else None for s in own], pa.string()).take(coded.indices)
    if "setting" in section.values:
        ours = pc.coalesce(ours, rows["contact.setting"].combine_chunks())
    return service, pc.fill_null(ours, str(_ANY))


def _words(rows: pa.Table, column: str) -> pa.Array:
    if column not in rows.column_names:
        return pa.repeat(pa.scalar(""), rows.num_rows)
    return pc.fill_null(rows[column], "")


def _times(rows: pa.Table, column: str) -> pa.Array:
    return rows[column].cast(pa.int64()).cast(UTC_TIME)


def _yes(rows: pa.Table, column: str) -> pa.Array:
    if column not in rows.column_names:
        return pa.repeat(pa.scalar(False), rows.num_rows)
    return pc.is_in(pc.utf8_lower(pc.fill_null(rows[column], "")), value_set=_YES)
