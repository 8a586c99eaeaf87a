"""The full computation: every measure over the whole log by DuckDB, into cells.

Nothing is locked while the engine reads: whoever is touched meanwhile is in the list of the
touched, and the next refresh works them out again against exactly what was written here.
"""

import hashlib
import zlib
from array import array
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Any

import orjson
from django.db import transaction

from onesystem import contacts
from onesystem.district import current
from onesystem.flow.measures import (
    cells,
    days,
    expression,
    frames,
    history,
    library,
    living,
    present,
    reference,
    store,
    who,
)
from onesystem.flow.measures.declaration import Declared
from onesystem.flow.measures.world import Somebody, World

Say = Callable[[str], None]
Gave = dict[tuple[int, int, str, int], tuple[int, int]]
# Contacts up to which people are worked out one by one: to write fifty measures as queries and to
# plan them costs more than to read a small log.
_FEW = 300_000
_GAVE = {
    "kept": "int32", "person": "int64", "day": "int32", "service": "string", "band": "int32",
    "numerator": "int64", "denominator": "int64",
}  # fmt: skip
_UNIT = (
    "identity, contact, service, setting, source, requested, started, ready, ended, planned, bed,"
    ' mode, urgency, reason, outcome, "by", known_at, cancelled'
)


def compute(
    *,
    at: datetime | None = None,
    horizon: int | None = None,
    only: Iterable[str] = (),
    say: Say = lambda _: None,
) -> dict[str, int]:
    """Work all cells out anew; gives how many cells each measure has.

    `at` is the moment whose day is the horizon (default: the district's present). Who calls this
    holds `refreshing.locked`.
    """
    district = current()
    world = present.world(district, horizon or present.horizon(district, at))
    everything = library.library()
    measures = {n: m for n, m in everything.items() if not only or n in set(only)}
    touched = [] if only else contacts.touched()
    people = who.everybody()
    mapped = store.last_mapped()
    few = contacts.count()["contacts"] <= _FEW
    with _opened(people, world, planned=not few) as work:
        kept = store.kept_ids({n: digest(m) for n, m in measures.items()})
        if few:
            work.give_all({kept[n]: m for n, m in measures.items()}, people)
        else:
            for name, measure in measures.items():
                say(f"Working out {name}")
                work.give(kept[name], measure)
        work.close_giving()
        counts = {}
        with transaction.atomic():
            contacts.forget_touched(touched)
            store.wipe(kept.values(), everything=not only)
            for name, measure in measures.items():
                counts[name] = work.write_cells(kept[name], measure)
            work.write_behind()
            work.write_gave(kept.values(), merge=bool(only))
            if not only:
                store.write_who(who.as_rows(people))
                living.rebuild(world.clock.day(world.horizon))
                store.forget_unknown(set(everything))
            if not only:
                store.set_marks(horizon=world.horizon, mapped=mapped)
    return counts


def digest(measure: Declared) -> str:
    """What tells one definition from another: the file, and the lists and prices it names."""
    used = [measure.text]
    used += [repr(each) for each in library.codes().values() if each.name in measure.text]
    used += [repr(sorted(t.items())) for n, t in library.prices().items() if n in measure.text]
    return hashlib.sha256("\x1e".join(used).encode()).hexdigest()[:32]


class _opened:  # noqa: N801 - read as a verb
    """DuckDB with the district's contacts and people in it."""

    def __init__(self, people: Mapping[int, Any], world: World, *, planned: bool) -> None:
        self.people, self.world, self.planned = people, world, planned

    def __enter__(self) -> "_Work":
        from onesystem.contacts import operational, relation
        from onesystem.contacts.log import scan

        self.duck = scan.connect()
        made = relation.contacts(self.duck, current().path, operational.in_process())
        made.create_view("every_contact")
        somebody = frames.somebody_table(who.as_rows(dict(self.people)))
        if not self.planned:
            self.duck.register("measured_somebody", somebody)
            return _Work(self.duck, None, None, self.world)
        connection, tables = frames.on_duckdb(self.duck, "every_contact", somebody, self.world)
        return _Work(self.duck, connection, tables, self.world)

    def __exit__(self, *_: object) -> None:
        self.duck.close()


class _Work:
    """The engine's side of a full computation."""

    def __init__(self, duck: Any, connection: Any, tables: Any, world: World) -> None:
        self.duck, self.connection, self.tables, self.world = duck, connection, tables, world
        self.bodies: list[tuple[int, bytes]] = []
        duck.execute(
            "CREATE TEMP TABLE gave (kept INTEGER, person BIGINT, day INTEGER, service VARCHAR,"
            " band INTEGER, numerator BIGINT, denominator BIGINT)"
        )

    def give(self, kept: int, measure: Declared) -> None:
        """Work out what everybody gives to a measure."""
        made = self.connection.compile(expression.given(measure, self.tables, self.world))
        self.duck.execute(
            f"INSERT INTO gave SELECT {kept}, person, day, service, band, sum(numerator),"
            f" sum(denominator) FROM ({made}) GROUP BY ALL"
        )

    def give_all(self, measures: Mapping[int, Declared], people: Mapping[int, Somebody]) -> None:
        """Work out what everybody gives to all measures, person by person."""
        import pyarrow as pa

        engine = {number: reference.ready(m, self.world) for number, m in measures.items()}
        somebody = {each.person: each for each in people.values()}
        columns: list[list[Any]] = [[] for _ in _GAVE]
        for person, units in self.units(people).items():
            gave = gives(units, somebody[person], engine)
            self.bodies.append((person, body(gave)))
            for key, sums in gave.items():
                line = (key[0], person, *key[1:], *sums)
                for column, value in zip(columns, line, strict=True):
                    column.append(value)
        arrays = [pa.array(c, k) for c, k in zip(columns, _GAVE.values(), strict=True)]
        self.duck.register("gave_in", pa.table(arrays, names=list(_GAVE)))
        self.duck.execute("INSERT INTO gave SELECT * FROM gave_in")

    def units(self, people: Mapping[int, Somebody]) -> dict[int, list[history.Unit]]:
        """All contacts of everybody as units, by person: one read of both stores."""
        found: dict[int, list[history.Unit]] = defaultdict(list)
        told = frames.contacts_sql("every_contact")
        read = self.duck.execute(f"SELECT {_UNIT} FROM ({told})")
        while rows := read.fetchmany(20_000):
            for identity, *row in rows:
                somebody = people.get(identity)
                unit = history.unit(row, somebody, self.world) if somebody else None
                if somebody and unit:
                    found[somebody.person].append(unit)
        return found

    def close_giving(self) -> None:
        """Put the periods of each day, and each person's facts, beside."""
        import pyarrow as pa

        first, last = self.duck.execute("SELECT min(day), max(day) FROM gave").fetchone()
        every = range(first or 0, (last or 0) + 1)
        table = {"day": list(every)}
        table |= {f"by_{p}": [days.begin(day, p) for day in every] for p in days.PERIODS}
        self.duck.register("calendar_in", pa.table(table))
        self.duck.execute("CREATE TEMP TABLE calendar AS SELECT * FROM calendar_in")
        self.duck.execute(
            "CREATE TEMP TABLE person AS SELECT person, any_value(born) AS born,"
            " any_value(died) AS died, any_value(sex) AS sex, any_value(practice) AS practice,"
            " any_value(area) AS area, any_value(deprivation) AS deprivation"
            " FROM measured_somebody GROUP BY person"
        )

    def write_cells(self, kept: int, measure: Declared) -> int:
        """Sum a measure up in all its cuts and periods."""
        written = 0
        self.duck.execute(
            "CREATE OR REPLACE TEMP TABLE one AS SELECT g.*, c.* EXCLUDE (day), p.sex, p.practice,"
            " p.area, p.deprivation FROM gave g JOIN calendar c ON c.day = g.day"
            f" JOIN person p ON p.person = g.person WHERE g.kept = {kept}"
        )
        for cut in cells.cuts_of(measure):
            key = (
                f" || '{cells.MARK}' || ".join(f"CAST({part} AS VARCHAR)" for part in cut.parts)
                or "''"
            )
            for every in cells.periods_of(measure, cut):
                found = self.duck.execute(
                    f"SELECT {kept}, '{cut.name}', '{every}', by_{every}, {key}, sum(numerator),"
                    " sum(denominator), count(DISTINCT person) FROM one GROUP BY 4, 5"
                )
                while rows := found.fetchmany(50_000):
                    store.new_cells(rows)
                    written += len(rows)
        return written

    def write_behind(self) -> None:
        """Keep who is behind each day of each service."""
        found = self.duck.execute(
            "SELECT kept, day, service, list_sort(list(DISTINCT person)) FROM gave GROUP BY 1, 2, 3"
        )
        while rows := found.fetchmany(20_000):
            store.add_behind([(k, d, s, packed(people)) for k, d, s, people in rows])

    def write_gave(self, kept: Iterable[int], *, merge: bool) -> None:
        """Keep what each person gave, to take it away again."""
        if self.bodies and not merge:
            store.put_gave([(person, raw) for person, raw in self.bodies if raw != _NOTHING])
            return
        found = self.duck.execute(
            "SELECT person, list([CAST(kept AS VARCHAR), CAST(day AS VARCHAR), service,"
            " CAST(band AS VARCHAR), CAST(numerator AS VARCHAR), CAST(denominator AS VARCHAR)])"
            " FROM (SELECT person, kept, day, service, band, sum(numerator) AS numerator,"
            " sum(denominator) AS denominator FROM gave GROUP BY 1, 2, 3, 4, 5) GROUP BY person"
        )
        while rows := found.fetchmany(5_000):
            given = {
                person: {
                    (int(k), int(d), s, int(b)): (int(n), int(m)) for k, d, s, b, n, m in lines
                }
                for person, lines in rows
            }
            if merge:
                given = store.merged(given, set(kept))
            store.put_gave([(person, body(each)) for person, each in given.items()])


def gives(
    units: list[history.Unit], somebody: Somebody, engine: Mapping[int, reference.Ready]
) -> Gave:
    """What a person gives to all measures."""
    found: dict[tuple[int, int, str, int], list[int]] = {}
    for number, ready in engine.items():
        for each in ready.gives(units, somebody):
            key = (number, each.day, each.service, each.band)
            sums = found.get(key)
            if sums is None:
                found[key] = [each.numerator, each.denominator]
            else:
                sums[0] += each.numerator
                sums[1] += each.denominator
    return {key: (n, m) for key, (n, m) in found.items()}


def body(gave: Gave) -> bytes:
    """What a person gave, packed: by measure, day, service and band the two sums."""
    lines = [[*key, *sums] for key, sums in sorted(gave.items())]
    return zlib.compress(orjson.dumps(lines), 1)


_NOTHING = body({})


def unpacked(raw: bytes) -> Gave:
    """What a person gave."""
    return {(k, d, s, b): (n, m) for k, d, s, b, n, m in orjson.loads(zlib.decompress(raw))}


def packed(people: Iterable[int]) -> bytes:
    """Persons in order, packed by the steps between them."""
    steps, before = array("q"), 0
    for person in people:
        steps.append(person - before)
        before = person
    return zlib.compress(steps.tobytes(), 1)


def people_in(raw: bytes) -> list[int]:
    """The persons that were packed."""
    steps = array("q", zlib.decompress(raw))
    found, at = [], 0
    for step in steps:
        at += step
        found.append(at)
    return found
