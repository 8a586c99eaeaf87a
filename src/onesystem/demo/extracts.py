"""The history as each source's bulk extracts, with the flaws that real ones have.

`people-*` has a row a registration and `contacts-*` a row a contact, cut by year. Some rows come
late (in the next file), some twice, some are corrected by a further file, a few cannot be read.
"""

from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from onesystem.demo.columns import as_known, contact_columns
from onesystem.demo.layouts import Layout, layouts
from onesystem.demo.people import NEVER
from onesystem.demo.registers import described, plain, register
from onesystem.demo.streams import Stream
from onesystem.demo.world import World
from onesystem.demo.writing import place_of

INBOX = "inbox"
_LATE, _AGAIN, _CORRECTED = 0.004, 0.0015, 0.0025
_UNREADABLE = 3  # rows of a CSV source
_YEAR = 365.25 * 86_400
_MOST_ROWS = 400_000  # of one file
# Seconds before the first live message at which extracts and their corrections are written: what
# happens afterwards has to count for more than how things stood.
_EARLIER, _LATER = 180, 60


def write_extracts(
    world: World, made: dict[str, Stream], cut: int, folder: Path,
    said: Callable[[str, int], None] = lambda _name, _rows: None,
) -> None:  # fmt: skip
    """Everything known at the second `cut`, into `inbox/SOURCE/`."""
    for source, layout in layouts(world.here).items():
        place = folder / INBOX / source
        place.mkdir(parents=True, exist_ok=True)
        index = world.source(source)
        mine = {s: _of_source(made[s], index, cut) for s in layout.series}
        _write_people(world, layout, mine, cut, place)
        rows = 0
        for series, stream in mine.items():
            rows += _write_contacts(world, layout, series, stream, cut, place)
        said(source, rows)


def _of_source(made: Stream, index: int, cut: int) -> Stream:
    return as_known(made.where((made.source == index) & (made.first <= cut)), cut)


def people_of(world: World, layout: Layout, mine: dict[str, Stream], cut: int) -> np.ndarray:
    """Whom the source knows: practices everyone who has come to live here, others who came."""
    if layout.code == "practices":
        return np.flatnonzero((world.people.arrived <= cut) & (world.people.birth * 86_400 <= cut))
    return np.unique(np.concatenate([s.person for s in mine.values()]))


def _write_people(
    world: World, layout: Layout, mine: dict[str, Stream], cut: int, place: Path
) -> None:
    table = people_table(world, layout, people_of(world, layout, mine, cut), cut)
    _write(table, place / f"people.{layout.format}", layout)


def people_table(world: World, layout: Layout, who: np.ndarray, cut: int) -> pa.Table:
    """A row for each registration of those people, as the source writes it."""
    held = register(world, layout.code)
    first = described(world, held, who, until=cut)
    twice = who[held.second[who] > 0]
    second = described(world, held, twice, second=True, until=cut)
    ours = {name: pa.concat_arrays([first[name], second[name]]) for name in first}
    return pa.table({theirs: _plain_date(ours[name], layout)
                     for name, theirs in layout.person.items()})  # fmt: skip


def _plain_date(column: pa.Array, layout: Layout) -> pa.Array:
    if layout.format == "csv" and pa.types.is_date(column.type):
        return pc.fill_null(pc.strftime(column.cast(pa.timestamp("s")), format=layout.dates), "")
    return column


def _write_contacts(
    world: World, layout: Layout, series: str, made: Stream, cut: int, place: Path
) -> int:
    """The files of one series; how many rows they hold in all."""
    if not len(made):
        return 0
    rng = world.rng(f"flaws {layout.code} {series}", 0)
    held = register(world, layout.code)
    made = made.where(np.argsort(np.where(made.started < NEVER, made.started, made.requested),
                                 kind="stable"))  # fmt: skip
    cuts = _cuts(made, cut)
    chunk = np.searchsorted(cuts, np.arange(len(made)), side="right")
    late = rng.random(len(made)) < _LATE
    chunk = np.where(late, np.minimum(chunk + 1, len(cuts)), chunk)
    rows = 0
    for n in range(len(cuts) + 1):
        mine = np.flatnonzero(chunk == n)
        if not len(mine):
            continue
        again = rng.choice(mine, int(len(mine) * _AGAIN))
        told = made.where(np.sort(np.concatenate([mine, again])))
        table = _table(world, layout, told, held, cut - _EARLIER)
        _write(table, place / f"contacts-{series}-{n + 1:02}.{layout.format}", layout, spoil=n == 0)
        rows += table.num_rows
    wrong = rng.choice(len(made), int(len(made) * _CORRECTED), replace=False)
    if len(wrong):
        table = _table(
            world, layout, _corrected(made.where(np.sort(wrong)), rng), held, cut - _LATER
        )
        name = f"contacts-{series}-{len(cuts) + 2:02}-corrections.{layout.format}"
        _write(table, place / name, layout)
        rows += table.num_rows
    return rows


def _cuts(made: Stream, cut: int) -> np.ndarray:
    """Rows at which a new file begins: each year, and sooner where a year has too many."""
    begins = np.where(made.started < NEVER, made.started, made.requested)
    years = np.searchsorted(begins, cut - _YEAR * np.arange(4, 0, -1))
    step = np.arange(_MOST_ROWS, len(made), _MOST_ROWS)
    edges = np.union1d(years, step)
    return edges[(edges > 0) & (edges < len(made))]


def _corrected(made: Stream, rng: np.random.Generator) -> Stream:
    """The same contacts with an end that was wrong before, or taken back as never having been."""
    ended = made.ended < NEVER
    shift = rng.integers(-20, 40, len(made)) * 60
    later = np.maximum(made.ended + shift, np.where(made.started < NEVER, made.started, 0) + 60)
    made.ended = np.where(ended, later, made.ended)
    made.ready = np.where((made.ready < NEVER) & ended, np.minimum(made.ready, made.ended),
                          made.ready)  # fmt: skip
    made.cancelled = made.cancelled | (rng.random(len(made)) < 0.04)
    return made


def _table(world: World, layout: Layout, made: Stream, held: object, written: int) -> pa.Table:
    table = contact_columns(world, made, held, layout, written)  # type: ignore[arg-type]
    if layout.live != "hl7v2":
        return table
    column = layout.contact["service"]
    coded = table[column].combine_chunks().dictionary_encode()
    names = pa.array([place_of(layout, code) for code in coded.dictionary.to_pylist()])
    return table.set_column(table.column_names.index(column), column, names.take(coded.indices))


def _write(table: pa.Table, path: Path, layout: Layout, *, spoil: bool = False) -> None:
    """A file, whole or not at all."""
    part = path.with_name(path.name + ".part")
    part.write_bytes(as_bytes(table, layout, spoil=spoil))
    part.replace(path)


def as_bytes(table: pa.Table, layout: Layout, *, spoil: bool = False) -> bytes:
    """The table as the source writes it; `spoil` adds rows that nobody can read."""
    if layout.format == "csv":
        return b"".join(_csv(table, layout, spoil=spoil))
    sink = pa.BufferOutputStream()
    pq.write_table(table, sink, compression="zstd")
    return sink.getvalue().to_pybytes()  # type: ignore[no-any-return]


def _csv(table: pa.Table, layout: Layout, *, spoil: bool) -> Iterator[bytes]:
    """The table as text in the source's own characters, which may have no Ł."""
    from pyarrow import csv

    sink = pa.BufferOutputStream()
    csv.write_csv(table, sink, csv.WriteOptions(delimiter=layout.delimiter))
    text = sink.getvalue().to_pybytes()
    if layout.encoding:
        text = _encoded(text.decode(), layout.encoding)
    yield text
    if spoil:  # a row cut off, a date that never was, a row of another system
        broken = [["31/02/2026" if i % 2 else "??" for i in range(table.num_columns)],
                  ["TEST", "TEST"], ["x"] * (table.num_columns + 3)]  # fmt: skip
        for row in broken[:_UNREADABLE]:
            yield (layout.delimiter.join(row) + "\n").encode()


def _encoded(text: str, encoding: str) -> bytes:
    try:
        return text.encode(encoding)
    except UnicodeEncodeError:
        known = {c for c in set(text) if not _can(c, encoding)}
        return text.translate({ord(c): plain(c) or "?" for c in known}).encode(encoding)


def _can(letter: str, encoding: str) -> bool:
    try:
        letter.encode(encoding)
    except UnicodeEncodeError:
        return False
    return True
