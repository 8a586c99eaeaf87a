"""Taking an extract in: its rows to people, to contacts, and to the rooms above."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from hashlib import blake2b
from pathlib import Path
from typing import TypeVar

import pyarrow as pa
import pyarrow.compute as pc

from onesystem import contacts, people
from onesystem.district import District, Source
from onesystem.feeds.amending import office
from onesystem.feeds.extract.choosing import extract_of
from onesystem.feeds.extract.compile import labelled
from onesystem.feeds.extract.making import (
    Places,
    contacts_table,
    entries_of,
    events_of,
    people_table,
)
from onesystem.feeds.extract.mapping import Mapping
from onesystem.feeds.extract.reading import Extract
from onesystem.feeds.extract.reasons import remark_of
from onesystem.feeds.extract.visits import Happened, whole_visits
from onesystem.feeds.readers import FileTaken, RefusedRow
from onesystem.feeds.takers import takers
from onesystem.vocabulary import BadConfig, BadInput, ContactEvent, Entry

_MOST_EVENTS = 20_000  # handed on at once
_T = TypeVar("_T")


@dataclass(slots=True)
class _Taking:
    """One file on its way in."""

    extract: Extract
    places: Places
    message: int
    known_at: datetime
    taken: FileTaken = field(default_factory=FileTaken)
    happened: list[Happened] = field(default_factory=list)
    waiting: list[pa.Table] = field(default_factory=list)
    met: list[pa.Table] = field(default_factory=list)  # subject, identity of whom it described
    repeated: int = 0

    @property
    def source(self) -> str:
        return self.places.source.code

    @property
    def mapping(self) -> Mapping:
        return self.extract.mapping


def take_file(
    file: Path,
    *,
    name: str,
    message: int,
    source: Source,
    district: District,
    received: datetime,
    progress: Callable[[int, int], None] | None = None,
) -> FileTaken:
    """Take a landed file in, within the caller's transaction.

    Raises BadInput where the file cannot be used at all; a row that cannot is refused by itself.
    """
    try:
        extract = extract_of(file, name=name, source=source, district=district)
        taking = _Taking(extract, Places(source, district), message, received)
        zone = source.zone or district.zone
        chunks = extract.chunks(zone=zone, known_at=received, stamp=partial(_stamp, file))
        for rows in chunks:
            _take(rows, taking)
            if progress:
                progress(extract.rows_read, 0)
    except BadConfig as error:
        raise BadInput(error.what, rule="extract.bad-mapping", cure=error.cure) from error
    _finish(taking)
    return taking.taken


def _stamp(file: Path) -> str:
    """What tells the rows of one file from those of any other: its content's own short digest."""
    digest = blake2b(digest_size=6)
    with file.open("rb") as data:
        while chunk := data.read(1 << 20):
            digest.update(chunk)
    return digest.hexdigest()


def _take(rows: pa.Table, taking: _Taking) -> None:
    mapping = taking.mapping
    if mapping.person:
        described = _allowed(people_table(rows), taking)
        if described.num_rows:
            met = people.meet_table(
                described,
                source=taking.source,
                message=taking.message,
                known_at=taking.known_at,
                link=False,
            )
            if mapping.contact:
                taking.met.append(met)
            taking.taken.persons += described.num_rows
    if mapping.contact:
        table, repeated = contacts_table(rows, mapping.contact, taking.places)
        taking.repeated += repeated
        taking.waiting.append(_allowed(table, taking))
    _take_readings(rows, taking)


def _allowed(table: pa.Table, taking: _Taking) -> pa.Table:
    """The rows without those whose person's record was destroyed after the file came."""
    deciding = office()
    barred = deciding.barred(taking.source, taking.known_at) if deciding else None
    if barred is None or not table.num_rows:
        return table
    gone = barred(table["subject"].unique().to_pylist())
    return table.filter(pc.invert(pc.is_in(table["subject"], pa.array(sorted(gone), pa.string()))))


def _take_readings(rows: pa.Table, taking: _Taking) -> None:
    for label, section in labelled(taking.mapping):
        if section.kind == "events":
            taking.happened += (
                Happened(event, deed, section.unended)
                for event, deed in events_of(rows, label, section, taking.places)
            )
        elif section.kind == "entry":
            for some in _portions(entries_of(rows, label, known_at=taking.known_at)):
                _hand_up(some, taking)


def _finish(taking: _Taking) -> None:
    _append(taking)
    for some in _portions(whole_visits(taking.happened)):
        _take_events(some, taking)
    extract, taken = taking.extract, taking.taken
    taken.rows_refused = len(extract.refused)
    taken.rows_read = extract.rows_read - taken.rows_refused
    taken.refused = [
        RefusedRow(row=r.row, rule=r.rule, reason=r.what, cure=r.cure, text=r.content or "")
        for r in extract.refused
    ]
    remarks = [*extract.remarks(), *taking.places.remarks()]
    if taking.repeated and taking.mapping.contact and taking.mapping.contact.same_key[:4] == "last":
        remarks.append(remark_of("same-key", taking.repeated, 0))
    if not extract.rows_read:
        remarks.append(remark_of("header-only", 0, 0))
    taken.remarks = remarks


def _append(taking: _Taking) -> None:
    """Hand the contacts to the log: all at once, since an append counts once for a message."""
    if not taking.waiting:
        return
    table = pa.concat_tables(taking.waiting).combine_chunks()
    taking.waiting = []
    if not table.num_rows:
        return
    identity = _identities(table["subject"], taking)
    at = table.column_names.index("subject")
    counts = contacts.append(
        table.set_column(at, "identity", identity),
        source=taking.source,
        message=taking.message,
        known_at=taking.known_at,
    )
    taking.taken.contacts += counts.contacts_new


def _identities(subjects: pa.ChunkedArray, taking: _Taking) -> pa.Array:
    """The identity of each row's subject; a subject never described gets a bare one."""
    coded = subjects.combine_chunks().dictionary_encode()
    if isinstance(coded, pa.ChunkedArray):
        coded = coded.combine_chunks()
    wanted = coded.dictionary
    if taking.met:
        known = pa.concat_tables(taking.met)
        taking.met = []
        others = wanted.filter(pc.invert(pc.is_in(wanted, _flat(known["subject"]))))
        known = pa.concat_tables([known, _identified(others, taking)])
    else:
        known = _identified(wanted, taking)
    found = pc.index_in(wanted, value_set=_flat(known["subject"]))
    return _flat(known["identity"]).take(found).take(coded.indices)


def _identified(subjects: pa.Array, taking: _Taking) -> pa.Table:
    return people.identify_table(subjects, source=taking.source, known_at=taking.known_at)


def _flat(column: pa.ChunkedArray) -> pa.Array:
    return column.combine_chunks()


def _take_events(events: list[ContactEvent], taking: _Taking) -> None:
    source, deciding = taking.source, office()
    if deciding:
        events = deciding.entries(source, events, taking.known_at)  # type: ignore[assignment]
    pairs = {(source, event.subject) for event in events}
    ids = people.identify(sorted(pairs), known_at=taking.known_at)
    counts = contacts.take(
        [(source, ids[source, each.subject], taking.message, each) for each in events],
        known_at=taking.known_at,
    )
    taking.taken.contacts += counts.contacts_new


def _hand_up(entries: list[Entry], taking: _Taking) -> None:
    """Give clinical entries to the room that takes them; without one they wait in the landing."""
    taker = takers().get(Entry)
    if taker is None:
        return
    source, deciding = taking.source, office()
    if deciding:
        entries = deciding.entries(source, entries, taking.known_at)  # type: ignore[assignment]
    pairs = {(source, entry.subject) for entry in entries}
    ids = people.identify(sorted(pairs), known_at=taking.known_at)
    taker.take(
        [(source, ids[source, each.subject], taking.message, each) for each in entries],
        taking.known_at,
    )
    taking.taken.entries += len(entries)


def _portions(items: Iterable[_T]) -> Iterator[list[_T]]:
    some: list[_T] = []
    for each in items:
        some.append(each)
        if len(some) == _MOST_EVENTS:
            yield some
            some = []
    if some:
        yield some
