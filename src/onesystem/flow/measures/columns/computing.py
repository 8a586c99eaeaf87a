"""The work of the full computation: everybody, a portion at a time, with memory bounded.

What the portions give is put aside in files, and DuckDB sums and sorts these at the end: its memory
is for that alone. Portions are of people; a small log is read by them, a large one is first cut by
people into files.
"""

import shutil
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from onesystem import contacts
from onesystem.district import current
from onesystem.flow.measures import packing, store
from onesystem.flow.measures.columns import cellular, loading
from onesystem.flow.measures.columns.changing import Engine
from onesystem.flow.measures.columns.given import Given, bodies, given, summed, unpacked
from onesystem.flow.measures.standing import Tell
from onesystem.flow.measures.world import Somebody

_PORTION = 40_000  # contacts of one portion, about: what decides the memory that it takes
_READ_BY_PEOPLE = 1_000_000  # contacts up to which a log is read by people
_OF_A_FILE = 8  # portions
_ASIDE = "measures-"
_BATCH = 200_000  # sorted rows that are held at once
_ROWS = 20_000  # of one transaction: a live message waits for no more than these
_CELL = pa.schema([
    ("kept", pa.int32()), ("period", pa.int32()), ("key", pa.string()),
    ("numerator", pa.int64()), ("denominator", pa.int64()), ("people", pa.int64()),
])  # fmt: skip
_BEHIND = pa.schema([
    ("kept", pa.int32()), ("week", pa.int32()), ("service", pa.string()), ("person", pa.int64()),
])  # fmt: skip
_GAVE = pa.schema([("person", pa.int64()), ("body", pa.binary())])


class Lines:
    """Lines of one kind, put aside in a file of the folder: while they wait they take no memory."""

    def __init__(self, folder: Path, name: str, schema: pa.Schema) -> None:
        import pyarrow.parquet as pq

        self._path = folder / f"{name}.parquet"
        self._file = pq.ParquetWriter(self._path, schema, compression="zstd")

    def add(self, table: pa.Table) -> None:
        """Put some more aside."""
        if len(table):
            self._file.write_table(table.select(self._file.schema.names).cast(self._file.schema))

    def sql(self) -> str:
        """All of them as a table of DuckDB; no more can be added."""
        self._file.close()
        return f"read_parquet('{self._path}')"


class Whole:
    """All that everybody gives, gathered portion by portion, then written."""

    def __init__(self, engine: Engine, folder: Path, *, memory: str = "400MB") -> None:
        self.engine = engine
        self.duck = _connected(folder, memory)
        self._folder = folder
        self._cells: dict[tuple[str, str], Lines] = {}  # of a cut and a kind of period
        self._behind = Lines(folder, "behind", _BEHIND)
        self._gave = Lines(folder, "gave", _GAVE)

    def add(self, gives: Given, people: list[Somebody]) -> None:
        """Take in what some people give; nobody comes twice."""
        nobody = summed(dict.fromkeys(_LINE, np.zeros(0, np.int64)), gives.services)
        sides = cellular.Side(nobody, [None] * len(people)), cellular.Side(gives, list(people))
        difference = cellular.Difference(*sides, self.engine.plan)
        for each in difference.cells():
            self._lines(each).add(_table(each))
        kept, week, service, person, _ = difference.behind()
        numbers = np.array([each.person for each in people], np.int64)
        words = pa.array(list(gives.services), pa.string())
        services = pa.DictionaryArray.from_arrays(pa.array(service.astype(np.int32)), words)
        named = {"kept": kept, "week": week, "service": services, "person": numbers[person]}
        self._behind.add(pa.table(named))

    def keep(self, gives: Given, people: list[Somebody]) -> None:
        """Keep what each of them gives."""
        raw = bodies(gives, len(people))
        some = [(s.person, each) for s, each in zip(people, raw, strict=True) if each is not None]
        self._gave.add(pa.table({
            "person": pa.array([person for person, _ in some], pa.int64()),
            "body": pa.array([each for _, each in some], pa.binary()),
        }))  # fmt: skip

    def _lines(self, each: cellular.Cells) -> Lines:
        kind = each.cut, each.every
        if kind not in self._cells:
            self._cells[kind] = Lines(self._folder, f"cells-{len(self._cells)}", _CELL)
        return self._cells[kind]

    def cells(self) -> Iterator[list[tuple[Any, ...]]]:
        """All cells in their order, in portions of one transaction."""
        for (cut, every), lines in sorted(self._cells.items()):
            yield from self._told(
                f"SELECT kept, '{cut}', '{every}', period, key, CAST(sum(numerator) AS BIGINT),"
                " CAST(sum(denominator) AS BIGINT), CAST(sum(people) AS BIGINT)"
                f" FROM {lines.sql()} GROUP BY kept, period, key ORDER BY kept, period, key"
            )

    def behind(self) -> Iterator[list[tuple[Any, ...]]]:
        """Who is behind each week of each measure in each service, packed.

        DuckDB only sorts, which it can do on disk: a list of all whom a week has cannot go there.
        """
        rows: list[tuple[Any, ...]] = []
        for key, people in _runs(self._sorted_behind()):
            rows.append((*key, packing.packed(people)))
            if len(rows) == _ROWS:
                yield rows
                rows = []
        yield rows

    def _sorted_behind(self) -> Any:
        lines = self._behind.sql()
        found = self.duck.execute(f"SELECT kept, week, service, person FROM {lines} ORDER BY ALL")
        return found.to_arrow_reader(_BATCH)

    def gave(self) -> Iterator[list[tuple[Any, ...]]]:
        """What each person gives, packed."""
        return self._told(f"SELECT person, body FROM {self._gave.sql()} ORDER BY person", 500)

    def _told(self, sql: str, most: int = _ROWS) -> Iterator[list[tuple[Any, ...]]]:
        found = self.duck.execute(sql)
        while rows := found.fetchmany(most):
            yield rows


def _connected(folder: Path, memory: str) -> Any:
    """DuckDB with that memory, which puts into the folder what does not fit."""
    from onesystem.contacts.log import scan

    duck = scan.connect(memory=memory)
    duck.execute(f"SET temp_directory = '{folder}'")
    return duck


def _runs(batches: Iterable[Any]) -> Iterator[tuple[tuple[int, int, str], list[int]]]:
    """(measure, week, service) and its people, of sorted rows: a run may go over batches."""
    before: tuple[int, int, str] | None = None
    people: list[int] = []
    for batch in batches:
        kept, week, person = (batch[name].to_numpy() for name in ("kept", "week", "person"))
        told = batch["service"].dictionary_encode()
        service, words = told.indices.to_numpy(), told.dictionary.to_pylist()
        other = (np.diff(kept) != 0) | (np.diff(week) != 0) | (np.diff(service) != 0)
        cuts = [0, *(np.flatnonzero(other) + 1).tolist(), len(kept)]
        for first, last in pairwise(cuts):
            key = int(kept[first]), int(week[first]), words[service[first]]
            if before is not None and key != before:
                yield before, people
                people = []
            before = key
            people += person[first:last].tolist()
    if before is not None:
        yield before, people


_LINE = ("person", "kept", "day", "service", "band", "numerator", "denominator")


def _table(each: cellular.Cells) -> Any:
    return pa.table({
        "kept": each.kept, "period": each.period, "key": pa.array(each.keys, pa.string()),
        "numerator": each.numerator, "denominator": each.denominator, "people": each.people,
    })  # fmt: skip


def everybody(
    engine: Engine, people: Mapping[int, Somebody], folder: Path, *, merge: bool, tell: Tell
) -> Whole:
    """What everybody gives. `merge` keeps what they gave to measures that are not in the engine."""
    whole = Whole(engine, folder)
    count = contacts.count()["contacts"]
    portions = max(1, -(-count // _PORTION))
    read = _by_people if count <= _READ_BY_PEOPLE else _by_files
    parts = read(people, portions, whole.duck, folder)
    for done, (table, some, whose) in enumerate(parts, 1):
        told = loading.histories(table, some, whose, engine.world)
        services = {word: at for at, word in enumerate(told.services)}
        gives = given(engine.ready, told, tuple(services))
        whole.add(gives, some)
        whole.keep(_merged(gives, some, engine, services) if merge else gives, some)
        tell(f"Worked out {done} of {portions} parts of the people", 0.6 * min(done / portions, 1))
    return whole


def _merged(
    gives: Given, people: list[Somebody], engine: Engine, services: dict[str, int]
) -> Given:
    """What people give, with what they gave to measures that are not worked out now."""
    old = store.gave_of([each.person for each in people])
    was = unpacked(
        ((at, old[s.person]) for at, s in enumerate(people) if s.person in old), services
    )
    rest = was.take(np.flatnonzero(~np.isin(was.kept, list(engine.ready))))
    both = {n: np.concatenate([getattr(gives, n), getattr(rest, n)]) for n in _LINE}
    return summed(both, tuple(services))


Portion = tuple[Any, list[Somebody], dict[int, int]]


def _by_people(
    people: Mapping[int, Somebody], portions: int, _duck: Any, _folder: Path
) -> Iterator[Portion]:
    """The contacts of a portion of the people after the other, as the log finds people."""
    somebody = {each.person: each for each in people.values()}
    order = sorted(somebody)
    identities: dict[int, list[int]] = {}
    for identity, each in people.items():
        identities.setdefault(each.person, []).append(identity)
    step = max(1, -(-len(order) // portions))
    for at in range(0, len(order), step):
        some = order[at : at + step]
        whose = {i: place for place, person in enumerate(some) for i in identities[person]}
        yield contacts.table_of(whose), [somebody[person] for person in some], whose


def _by_files(
    people: Mapping[int, Somebody], portions: int, duck: Any, folder: Path
) -> Iterator[Portion]:
    """The whole log cut by people into files, then one file after the other."""
    import pyarrow.parquet as pq

    from onesystem.contacts import operational, relation

    duck.execute("SET threads = 2")
    ids = np.fromiter(people, np.int64, len(people))
    persons = np.fromiter((each.person for each in people.values()), np.int64, len(people))
    many = max(1, portions // _OF_A_FILE)
    part = persons * 0x9E3779B1 % (1 << 32) % many  # neighbours apart, a person's together
    duck.register("parts", pa.table({"identity": ids, "part": part}))
    stored = operational.in_process()
    relation.contacts(duck, current().path, stored).create_view("every_contact", replace=True)
    names = ", ".join(f'c."{name}"' for name in loading.COLUMNS)
    duck.execute(
        f"COPY (SELECT {names}, p.part FROM every_contact c JOIN parts p USING (identity))"
        f" TO '{folder / 'parts'}' (FORMAT parquet, COMPRESSION zstd, PARTITION_BY (part))"
    )
    mine: dict[int, list[int]] = {}
    for identity, number in zip(ids.tolist(), part.tolist(), strict=True):
        mine.setdefault(number, []).append(identity)
    for number in sorted(mine):
        files = sorted((folder / "parts" / f"part={number}").glob("*.parquet"))
        if not files:
            continue
        words = list(loading.WORDS)
        tables = [pq.ParquetFile(f, read_dictionary=words).read(use_threads=False) for f in files]
        yield from _portions(pa.concat_tables(tables), mine[number], people)
        for file in files:
            file.unlink()


def _portions(table: Any, ids: list[int], people: Mapping[int, Somebody]) -> Iterator[Portion]:
    """The people of one file, a portion after the other."""
    somebody = list({people[i].person: people[i] for i in ids}.values())
    step = max(1, -(-len(somebody) // _OF_A_FILE))
    place = {each.person: at for at, each in enumerate(somebody)}
    for at in range(0, len(somebody), step):
        whose = {i: place[people[i].person] - at for i in ids}
        inside = {i: p for i, p in whose.items() if 0 <= p < step}
        yield table, somebody[at : at + step], inside


def aside() -> "tempfile.TemporaryDirectory[str]":
    """A folder for what is kept aside, in the district's own, where there is room for it.

    One process computes at a time, so what lies there from before is of one that was killed.
    """
    for left in current().path.glob(f"{_ASIDE}*"):
        shutil.rmtree(left, ignore_errors=True)
    return tempfile.TemporaryDirectory(prefix=_ASIDE, dir=current().path)
