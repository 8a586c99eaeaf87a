"""The work of the full computation: everybody, a portion at a time, with memory bounded.

What the portions give is kept aside by DuckDB, which may put it on disk, and summed up at the end.
Portions are of people; a small log is read by them, a large one is first cut by people into files.
"""

import shutil
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping
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
from onesystem.flow.measures.world import Somebody

Say = Callable[[str], None]
_PORTION = 40_000  # contacts of one portion, about: what decides the memory that it takes
_READ_BY_PEOPLE = 1_000_000  # contacts up to which a log is read by people
_OF_A_FILE = 8  # portions
_ASIDE = "measures-"
_BATCH = 200_000  # sorted rows that are held at once
_ROWS = 20_000  # of one transaction: a live message waits for no more than these
_CELLS = (
    "kept INTEGER, cut VARCHAR, every VARCHAR, period INTEGER, key VARCHAR, numerator BIGINT,"
    " denominator BIGINT, people BIGINT"
)
_BEHIND = "kept INTEGER, week INTEGER, service VARCHAR, person BIGINT"


class Whole:
    """All that everybody gives, gathered portion by portion, then written."""

    def __init__(self, engine: Engine, folder: Path) -> None:
        self.engine = engine
        self.duck = connected(folder)
        self.duck.execute(f"CREATE TEMP TABLE cell ({_CELLS})")
        self.duck.execute(f"CREATE TEMP TABLE behind ({_BEHIND})")
        self.duck.execute("CREATE TEMP TABLE gave (person BIGINT, body BLOB)")

    def add(self, gives: Given, people: list[Somebody]) -> None:
        """Take in what some people give; nobody comes twice."""
        nobody = summed(dict.fromkeys(_LINE, np.zeros(0, np.int64)), gives.services)
        sides = cellular.Side(nobody, [None] * len(people)), cellular.Side(gives, list(people))
        difference = cellular.Difference(*sides, self.engine.plan)
        told = [_table(each) for each in difference.cells()]
        if told:
            self._put("cell", pa.concat_tables(told))
        kept, week, service, person, _ = difference.behind()
        numbers = np.array([each.person for each in people], np.int64)
        words = pa.array(list(gives.services), pa.string())
        services = pa.DictionaryArray.from_arrays(pa.array(service.astype(np.int32)), words)
        named = {"kept": kept, "week": week, "service": services, "person": numbers[person]}
        self._put("behind", pa.table(named))

    def keep(self, gives: Given, people: list[Somebody]) -> None:
        """Keep what each of them gives."""
        raw = bodies(gives, len(people))
        some = [(s.person, each) for s, each in zip(people, raw, strict=True) if each is not None]
        self._put("gave", pa.table({
            "person": pa.array([person for person, _ in some], pa.int64()),
            "body": pa.array([each for _, each in some], pa.binary()),
        }))  # fmt: skip

    def _put(self, name: str, table: Any) -> None:
        if len(table):
            self.duck.register("portion", table)
            self.duck.execute(f"INSERT INTO {name} SELECT * FROM portion")
            self.duck.unregister("portion")

    def cells(self) -> Iterator[list[tuple[Any, ...]]]:
        """All cells in their order, in portions of one transaction."""
        kinds = self.duck.execute("SELECT DISTINCT cut, every FROM cell ORDER BY ALL").fetchall()
        for cut, every in kinds:
            yield from self._told(
                f"SELECT kept, '{cut}', '{every}', period, key, CAST(sum(numerator) AS BIGINT),"
                " CAST(sum(denominator) AS BIGINT), CAST(sum(people) AS BIGINT) FROM cell"
                f" WHERE cut = '{cut}' AND every = '{every}' GROUP BY kept, period, key"
                " ORDER BY kept, period, key"
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
        found = self.duck.execute("SELECT kept, week, service, person FROM behind ORDER BY ALL")
        return found.to_arrow_reader(_BATCH)

    def gave(self) -> Iterator[list[tuple[Any, ...]]]:
        """What each person gives, packed."""
        return self._told("SELECT person, body FROM gave ORDER BY person", 500)

    def _told(self, sql: str, most: int = _ROWS) -> Iterator[list[tuple[Any, ...]]]:
        found = self.duck.execute(sql)
        while rows := found.fetchmany(most):
            yield rows


def connected(folder: Path, *, memory: str = "400MB") -> Any:
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
    count = len(each.kept)
    return pa.table({
        "kept": each.kept, "cut": pa.array([each.cut] * count, pa.string()),
        "every": pa.array([each.every] * count, pa.string()), "period": each.period,
        "key": pa.array(each.keys, pa.string()), "numerator": each.numerator,
        "denominator": each.denominator, "people": each.people,
    })  # fmt: skip


def everybody(
    engine: Engine, people: Mapping[int, Somebody], folder: Path, *, merge: bool, say: Say
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
        say(f"Worked out {done} of {portions} parts of the people")
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
