"""The work of the full computation: everybody, a portion at a time, with memory bounded.

What the portions give is put aside in files, and DuckDB sums and sorts these at the end: its memory
is for that alone. Portions are of people; a small log is read by them, a large one is first cut by
people into files.
"""

import shutil
import tempfile
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from onesystem import contacts
from onesystem.district import current
from onesystem.flow.measures import cells, packing, store
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
_BODIES = 500  # the same, of what people gave
_NUMBERS = ("band", "size")  # parts of keys that mean themselves
_AT_ONCE = 600_000  # lines of portions that are summed together
_BEHIND = pa.schema([
    ("kept", pa.int32()), ("week", pa.int32()), ("service", pa.int32()), ("person", pa.int64()),
])  # fmt: skip
_GAVE = pa.schema([("person", pa.int64()), ("body", pa.binary())])


def _cell(parts: int) -> pa.Schema:
    """Cells of a cut with so many parts of its keys, each told by codes."""
    told = [("kept", pa.int32()), ("period", pa.int32())]
    told += [(f"part{at}", pa.int32()) for at in range(parts)]
    return pa.schema(told + [(name, pa.int64()) for name in _SUMS])


_SUMS = ("numerator", "denominator", "people")


class Lines:
    """Lines of one kind, put aside in a file of the folder: while they wait they take no memory."""

    def __init__(self, folder: Path, name: str, schema: pa.Schema) -> None:
        import pyarrow.parquet as pq

        self._path, self.schema = folder / f"{name}.parquet", schema
        often = [each for each in ("kept", "week", "period") if each in schema.names]
        self._file = pq.ParquetWriter(
            self._path, schema, compression="lz4", use_dictionary=often, write_statistics=False
        )

    def add(self, columns: Sequence[Any]) -> None:
        """Put some more aside: columns in the order of the schema."""
        if len(columns[0]):
            told = [pa.array(c, f.type) for c, f in zip(columns, self.schema, strict=True)]
            self._file.write_table(pa.Table.from_arrays(told, schema=self.schema))

    def sql(self) -> str:
        """All of them as a table of DuckDB; no more can be added."""
        self._file.close()
        return f"read_parquet('{self._path}')"


class Words:
    """Words told by their places in a list, which grows."""

    def __init__(self) -> None:
        self.places: dict[str, int] = {}

    def of(self, words: Iterable[str]) -> np.ndarray:
        """The places of words."""
        known = self.places
        return np.array([known.setdefault(word, len(known)) for word in words], np.int32)

    @property
    def all(self) -> tuple[str, ...]:
        """The words, in their places."""
        return tuple(self.places)


class Whole:
    """All that everybody gives, gathered portion by portion, then written."""

    def __init__(self, engine: Engine, folder: Path, *, memory: str = "400MB") -> None:
        self.engine = engine
        self.duck = _connected(folder, memory)
        self._folder = folder
        self._cells: dict[tuple[str, str], Lines] = {}  # of a cut and a kind of period
        self._words = defaultdict(Words)  # of each part of keys
        self._behind = Lines(folder, "behind", _BEHIND)
        self._gave = Lines(folder, "gave", _GAVE)
        self._waiting: list[tuple[Given, list[Somebody]]] = []

    def add(self, gives: Given, people: list[Somebody]) -> None:
        """Take in what some people give; nobody comes twice."""
        self._waiting.append((gives, people))
        if sum(len(each) for each, _ in self._waiting) >= _AT_ONCE:
            self.sum_up()

    def sum_up(self) -> None:
        """Sum up what waits for it: of several portions fewer sums are put aside."""
        if not self._waiting:
            return
        gives, people = self._joined()
        self._waiting = []
        nobody = summed(dict.fromkeys(_LINE, np.zeros(0, np.int64)), gives.services)
        sides = cellular.Side(nobody, [None] * len(people)), cellular.Side(gives, people)
        difference = cellular.Difference(*sides, self.engine.plan)
        for each in difference.cells():
            self._put(each)
        kept, week, service, person, _ = difference.behind()
        numbers = np.array([each.person for each in people], np.int64)
        self._behind.add([kept, week, service, numbers[person]])

    def _joined(self) -> tuple[Given, list[Somebody]]:
        """What waits as one; services are told by their places among all."""
        columns: dict[str, list[np.ndarray]] = {name: [] for name in _LINE}
        everybody: list[Somebody] = []
        for gives, people in self._waiting:
            for name in _LINE:
                columns[name].append(getattr(gives, name))
            columns["person"][-1] = gives.person + len(everybody)
            columns["service"][-1] = self._words["service"].of(gives.services)[gives.service]
            everybody += people
        joined = (np.concatenate(columns[name]) for name in _LINE)
        return Given(*joined, self._words["service"].all), everybody

    def keep(self, gives: Given, people: list[Somebody]) -> None:
        """Keep what each of them gives."""
        raw = bodies(gives, len(people))
        some = [(s.person, each) for s, each in zip(people, raw, strict=True) if each is not None]
        self._gave.add([[person for person, _ in some], [each for _, each in some]])

    def _put(self, each: cellular.Cells) -> None:
        kind = each.cut, each.every
        if kind not in self._cells:
            schema = _cell(len(each.parts))
            self._cells[kind] = Lines(self._folder, f"cells-{len(self._cells)}", schema)
        parts = [
            codes if words is None else self._words[part].of(words)[codes]
            for part, codes, words in zip(
                cells.CUTS[each.cut].parts, each.parts, each.words, strict=True
            )
        ]
        sums = each.numerator, each.denominator, each.people
        self._cells[kind].add([each.kept, each.period, *parts, *sums])

    def cells(self) -> Iterator[list[tuple[Any, ...]]]:
        """All cells in the order of measures and periods, in portions of one transaction."""
        for (cut, every), lines in sorted(self._cells.items()):
            words = [
                None if part in _NUMBERS else self._words[part].all
                for part in cells.CUTS[cut].parts
            ]
            by = ", ".join(lines.schema.names[: 2 + len(words)])
            sums = ", ".join(f"CAST(sum({name}) AS BIGINT)" for name in _SUMS)
            found = self.duck.execute(
                f"SELECT {by}, {sums} FROM {lines.sql()} GROUP BY ALL ORDER BY {by}"
            )
            for batch in found.to_arrow_reader(_ROWS):
                kept, period, *rest = (column.to_pylist() for column in batch.columns)
                keys = cellular.keys_of(rest[: len(words)], words, len(kept))
                same = [cut] * len(kept), [every] * len(kept)
                told = (kept, *same, period, keys, *rest[len(words) :])
                yield list(zip(*told, strict=True))

    def behind(self) -> Iterator[list[tuple[Any, ...]]]:
        """Who is behind each week of each measure in each service, packed.

        DuckDB only sorts, which it can do on disk: a list of all whom a week has cannot go there.
        """
        rows: list[tuple[Any, ...]] = []
        services = self._words["service"].all
        for (kept, week, service), people in _runs(self._sorted_behind()):
            rows.append((kept, week, services[service], packing.pressed(_steps(people))))
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
        found = self.duck.execute(f"SELECT person, body FROM {self._gave.sql()} ORDER BY person")
        while rows := found.fetchmany(_BODIES):
            yield rows


def _connected(folder: Path, memory: str) -> Any:
    """DuckDB with that memory, which puts into the folder what does not fit."""
    from onesystem.contacts.log import scan

    duck = scan.connect(memory=memory)
    duck.execute(f"SET temp_directory = '{folder}'")
    return duck


def _runs(batches: Iterable[Any]) -> Iterator[tuple[tuple[int, int, int], list[np.ndarray]]]:
    """(measure, week, service) and its people, of sorted rows: a run may go over batches."""
    before: tuple[int, int, int] | None = None
    people: list[np.ndarray] = []
    for batch in batches:
        kept, week, service, person = (
            batch[name].to_numpy() for name in ("kept", "week", "service", "person")
        )
        other = (np.diff(kept) != 0) | (np.diff(week) != 0) | (np.diff(service) != 0)
        cuts = [0, *(np.flatnonzero(other) + 1).tolist(), len(kept)]
        for first, last in pairwise(cuts):
            key = int(kept[first]), int(week[first]), int(service[first])
            if before is not None and key != before:
                yield before, people
                people = []
            before = key
            people.append(person[first:last])
    if before is not None:
        yield before, people


def _steps(people: list[np.ndarray]) -> bytes:
    """The steps from each person to the next, from 0, as they are packed."""
    persons = people[0] if len(people) == 1 else np.concatenate(people)
    steps = persons.copy()
    steps[1:] -= persons[:-1]
    return steps.tobytes()


_LINE = ("person", "kept", "day", "service", "band", "numerator", "denominator")


def everybody(
    engine: Engine, people: Mapping[int, Somebody], folder: Path, *, merge: bool, tell: Tell
) -> Whole:
    """What everybody gives. `merge` keeps what they gave to measures that are not in the engine."""
    whole = Whole(engine, folder)
    count = contacts.count()["contacts"]
    portions = max(1, -(-count // _PORTION))
    read = _by_people if count <= _READ_BY_PEOPLE else _by_files
    parts = read(people, portions, folder)
    for done, (table, some, whose) in enumerate(parts, 1):
        told = loading.histories(table, some, whose, engine.world)
        services = {word: at for at, word in enumerate(told.services)}
        gives = given(engine.ready, told, tuple(services))
        whole.add(gives, some)
        whole.keep(_merged(gives, some, engine, services) if merge else gives, some)
        tell(f"Worked out {done} of {portions} parts of the people", 0.6 * min(done / portions, 1))
    whole.sum_up()
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


def _by_people(people: Mapping[int, Somebody], portions: int, _folder: Path) -> Iterator[Portion]:
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


def _by_files(people: Mapping[int, Somebody], portions: int, folder: Path) -> Iterator[Portion]:
    """The whole log cut by people into files, then one file after the other."""
    import pyarrow.parquet as pq

    ids = np.fromiter(people, np.int64, len(people))
    persons = np.fromiter((each.person for each in people.values()), np.int64, len(people))
    many = max(1, portions // _OF_A_FILE)
    part = persons * 0x9E3779B1 % (1 << 32) % many  # neighbours apart, a person's together
    _cut(ids, part, folder)
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


def _cut(ids: np.ndarray, part: np.ndarray, folder: Path) -> None:
    """The whole log into a file for each part of the identities."""
    from onesystem.contacts import operational, relation

    duck = _connected(folder, "400MB")
    try:
        duck.execute("SET threads = 2")
        duck.register("parts", pa.table({"identity": ids, "part": part}))
        stored = operational.in_process()
        relation.contacts(duck, current().path, stored).create_view("every_contact", replace=True)
        names = ", ".join(f'c."{name}"' for name in loading.COLUMNS)
        duck.execute(
            f"COPY (SELECT {names}, p.part FROM every_contact c JOIN parts p USING (identity))"
            f" TO '{folder / 'parts'}' (FORMAT parquet, COMPRESSION zstd, PARTITION_BY (part))"
        )
    finally:
        duck.close()  # and with it the memory that it took


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
