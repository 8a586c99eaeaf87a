"""A dry run: what a mapping would make of a file, in words, and nothing of it is kept.

The mapping may come from anybody: it is data, the query reads one file and nothing else, and the
whole run ends after `seconds`.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path

import duckdb
import pyarrow as pa

from onesystem.district import District, Source, current
from onesystem.feeds.extract.choosing import extract_of, open_with
from onesystem.feeds.extract.compile import labelled
from onesystem.feeds.extract.library import SHIPPED, Shelved, library, named
from onesystem.feeds.extract.making import (
    Places,
    contacts_table,
    entries_of,
    events_of,
    people_table,
)
from onesystem.feeds.extract.mapping import Mapping, parse
from onesystem.feeds.extract.reading import Extract
from onesystem.feeds.extract.tables import ROW, Refused
from onesystem.vocabulary import BadInput, ContactEvent, Remark, to_local


@dataclass(slots=True, kw_only=True)
class DryRun:
    """What would be made. Each of `contacts`, `people`, `events` and `entries` is a list of words
    by their column, the first `limit` of the file; `refused` are all rows that would be refused.
    """

    mapping: str
    version: int
    columns: list[str]
    rows_read: int = 0
    rows_refused: int = 0
    people: list[dict[str, str]] = field(default_factory=list)
    contacts: list[dict[str, str]] = field(default_factory=list)
    events: list[dict[str, str]] = field(default_factory=list)
    entries: list[dict[str, str]] = field(default_factory=list)
    refused: list[Refused] = field(default_factory=list)
    remarks: list[Remark] = field(default_factory=list)

    def as_dict(self) -> dict[str, object]:
        """For --json."""
        return asdict(self)

    def __iter__(self) -> Iterator[str]:
        """Lines for a terminal."""
        yield f"mapping {self.mapping}, version {self.version}"
        yield f"rows: {self.rows_read:,} would be read, {self.rows_refused:,} refused"
        for kind in ("people", "contacts", "events", "entries"):
            rows = getattr(self, kind)
            if rows:
                yield f"{kind}, the first {len(rows)}:"
            yield from ("  " + ", ".join(f"{k} {v}" for k, v in row.items()) for row in rows)
        if self.refused:
            yield "refused:"
        yield from (f"  row {r.row:,}: {r.what}. {r.cure}  {r.content}" for r in self.refused)
        if self.remarks:
            yield "odd, and taken all the same:"
        yield from (f"  {r.rule}: {r.what} {r.where}".rstrip() for r in self.remarks)


def dry_run(
    file: Path,
    *,
    source: Source | str,
    district: District | None = None,
    name: str = "",
    mapping: str = "",
    limit: int = 100,
    most_refused: int = 10_000,
    seconds: float = 60.0,
) -> DryRun:
    """Read a file by a mapping without keeping anything.

    `mapping` is the text, the name or the path (.toml) of one, or empty for the one that the file
    finds by itself. `district` is this process's own when it is not said.
    Raises BadConfig for a mapping that cannot be used, BadInput for a file that cannot.
    """
    district = district or current()
    source = district.source(source) if isinstance(source, str) else source
    if mapping.endswith(".toml") and "\n" not in mapping and Path(mapping).is_file():
        mapping = Path(mapping).read_text(encoding="utf-8")
    extract = _opened(file, name or file.name, mapping, source, district)
    mapped = extract.mapping
    done = DryRun(mapping=mapped.name, version=mapped.version, columns=list(extract.table.columns))
    places = Places(source, district)
    zone = source.zone or district.zone
    with at_most(seconds, extract.con):
        for rows in extract.chunks(zone=zone, known_at=datetime.now(UTC), stamp=lambda: "dry-run"):
            _show(rows, done, extract, places, limit)
    done.rows_refused = len(extract.refused)
    done.rows_read = extract.rows_read - done.rows_refused
    done.refused = extract.refused[:most_refused]
    done.remarks = [*extract.remarks(), *places.remarks(), *_strangers(mapped, district)]
    return done


def _strangers(mapping: Mapping, district: District) -> Iterator[Remark]:
    """The sources of causes that nobody declared: most likely a slip of the pen."""
    for source in sorted(mapping.sources() - district.sources.keys()):
        yield Remark(rule="unknown-source", what=source)


def _opened(file: Path, name: str, mapping: str, source: Source, district: District) -> Extract:
    if not mapping:
        return extract_of(file, name=name, source=source, district=district)
    if "\n" not in mapping and "=" not in mapping:
        return open_with(file, named(library(district), mapping), source=source)
    parsed = parse(mapping)
    old = next((each for each in library(district) if each.mapping.name == parsed.name), None)
    shelved = Shelved(
        mapping=parsed, text=mapping, origin="tried", folder=old.folder if old else SHIPPED
    )
    return open_with(file, shelved, source=source)


@contextmanager
def at_most(seconds: float, con: duckdb.DuckDBPyConnection) -> Iterator[None]:
    """Interrupt the query when its time is over."""
    late = threading.Event()

    def stop() -> None:
        late.set()
        con.interrupt()

    timer = threading.Timer(seconds, stop)
    timer.start()
    try:
        yield
    except (duckdb.Error, OSError, BadInput) as error:  # Arrow tells of it between two batches
        if late.is_set():
            raise BadInput(
                f"the dry run took longer than {seconds:g} seconds and was stopped",
                rule="extract.too-long",
                cure="Try it on the first part of the file, or on the command line.",
            ) from error
        raise
    finally:
        timer.cancel()


def _show(rows: pa.Table, done: DryRun, extract: Extract, places: Places, limit: int) -> None:
    zone, mapping = places.district.zone, extract.mapping
    if mapping.person and len(done.people) < limit:
        done.people += _plain(people_table(rows).slice(0, limit - len(done.people)), zone)
    if mapping.contact:
        table, _ = contacts_table(rows, mapping.contact, places)
        if len(done.contacts) < limit:
            wanted = _plain(table.slice(0, limit - len(done.contacts)), zone)
            done.contacts += [_named(row, places) for row in wanted]
    few = rows.slice(0, limit)
    for label, section in labelled(mapping):
        if section.kind == "events" and len(done.events) < limit:
            found = events_of(few, label, section, places)
            some = islice(found, limit - len(done.events))
            done.events += [_event(event, places, zone) for event, _ in some]
        elif section.kind == "entry" and len(done.entries) < limit:
            entries = entries_of(few, label, known_at=datetime.now(UTC))
            done.entries += [
                _words({**asdict(e), "code": e.code.display if e.code else ""}, zone)
                for e in islice(entries, limit - len(done.entries))
            ]


def _plain(table: pa.Table, zone: str) -> list[dict[str, str]]:
    return [_words(row, zone) for row in table.to_pylist()]


def _words(row: dict, zone: str) -> dict[str, str]:
    return {
        key: said
        for key, value in row.items()
        if key != ROW and (said := _said(value, zone)) not in {"", "False"}
    }


def _said(value: object, zone: str) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime):
        moment = value if value.tzinfo else value.replace(tzinfo=UTC)
        return f"{to_local(moment, zone):%Y-%m-%d %H:%M:%S}"
    elsewhere, mark, key = str(value).partition("\x1f")
    return f"{key} of {elsewhere}" if mark else elsewhere


def _named(row: dict[str, str], places: Places) -> dict[str, str]:
    return {**row, "service": places.district.service_name(row["service"])}


def _event(event: ContactEvent, places: Places, zone: str) -> dict[str, str]:
    row = _words(asdict(event), zone)
    if event.service:
        row["service"] = places.district.service_name(event.service)
    return row
