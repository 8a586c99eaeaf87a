"""The work of a refresh: what some people gave and give now, and what that changes."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from onesystem import contacts
from onesystem.flow.measures import living, store, who
from onesystem.flow.measures.columns import cellular, giving, loading, summing
from onesystem.flow.measures.columns.given import Given, bodies, given, unpacked
from onesystem.flow.measures.declaration import Declared
from onesystem.flow.measures.world import Somebody, World


class Engine:
    """Measures made ready, by the numbers under which they are kept."""

    def __init__(self, measures: Mapping[int, Declared], world: World) -> None:
        self.world, self.measures = world, dict(measures)
        self.ready = {number: giving.ready(measure) for number, measure in measures.items()}
        self.plan = cellular.Plan(measures)
        asked = {"contact", "identity", *summing.columns_of(measures.values())}
        self.columns = [name for name in loading.COLUMNS if name in asked]

    def given(
        self, identities: Mapping[int, Somebody], persons: list[int], services: dict[str, int]
    ) -> Given:
        """What the persons give who have these identities. `services` grows by what is met."""
        place = {person: at for at, person in enumerate(persons)}
        somebody = {each.person: each for each in identities.values()}
        people = [somebody.get(person) or Somebody(person) for person in persons]
        whose = {each: place[somebody.person] for each, somebody in identities.items()}
        told = loading.histories(contacts.table_of(whose, self.columns), people, whose, self.world)
        for word in told.services:
            services.setdefault(word, len(services))
        return given(self.ready, told, tuple(services))


_last: tuple[tuple[object, ...], Engine] | None = None


def engine_of(measures: Mapping[int, Declared], world: World) -> Engine:
    """The engine of these measures, kept until they or the world are others."""
    global _last  # noqa: PLW0603 - a cache of one value, replaced whole
    key = (id(world), *((number, id(measure)) for number, measure in measures.items()))
    if _last is None or _last[0] != key:
        _last = (key, Engine(measures, world))
    return _last[1]


@dataclass(frozen=True)
class Change:
    """What is to be written of some people, worked out before anything is locked."""

    persons: list[int]
    cells: list[tuple[int, str, str, int, str, int, int, int]]
    gave: list[tuple[int, bytes]]
    gone: list[int]
    behind: dict[tuple[int, int, str], dict[int, int]]
    before: dict[int, Somebody]
    after: dict[int, Somebody]
    identities: dict[int, Somebody]

    def write(self, world: World) -> None:
        """Write it all. Call it in a transaction."""
        store.add_cells(self.cells)
        store.drop_empty([line for line in self.cells if min(line[5:]) < 0])
        store.put_gave(self.gave)
        store.drop_gave(self.gone)
        store.change_behind(self.behind)
        if self.before != self.after:
            living.change(self.before, self.after, world.clock.day(world.horizon))
        store.put_who(who.as_rows(self.identities))


def change(
    persons: Iterable[int], known: Mapping[int, Somebody], now: Mapping[int, Somebody],
    engine: Engine,
) -> Change:  # fmt: skip
    """What changes of persons, with their identities as the cells know them and as they are."""
    order = sorted(persons)
    before = {s.person: s for s in known.values()}
    after = {s.person: s for s in now.values()}
    old = store.gave_of(order)
    services: dict[str, int] = {}
    was = unpacked(((at, old[p]) for at, p in enumerate(order) if p in old), services)
    gives = engine.given(now, order, services)
    sides = (
        cellular.Side(was, [before.get(person) for person in order]),
        cellular.Side(gives, [after.get(person) for person in order]),
    )
    difference = cellular.Difference(*sides, engine.plan)
    lines = [line for each in difference.cells() for line in rows_of(each)]
    gave, gone = _bodies(gives, difference.people, order)
    moved = {p for p in {*before, *after} if before.get(p) != after.get(p)}
    return Change(
        persons=order,
        cells=sorted(lines),
        gave=gave,
        gone=[person for person in gone if person in old],
        behind=_behind(difference, order),
        before={p: s for p, s in before.items() if p in moved},
        after={p: s for p, s in after.items() if p in moved},
        identities=dict(now),
    )


def rows_of(told: cellular.Cells) -> Iterable[tuple[int, str, str, int, str, int, int, int]]:
    """Changes of cells as rows of the store."""
    columns = (told.numerator, told.denominator, told.people)
    count = len(told.kept)
    return zip(
        told.kept.tolist(), [told.cut] * count, [told.every] * count, told.period.tolist(),
        told.keys, *(each.tolist() for each in columns), strict=True,
    )  # fmt: skip


def _bodies(
    gives: Given, people: np.ndarray, order: list[int]
) -> tuple[list[tuple[int, bytes]], list[int]]:
    """What those people give, packed; and who gives nothing."""
    if not len(people):
        return [], []
    chosen = np.zeros(len(order), bool)
    chosen[people] = True
    packed = bodies(gives.take(np.flatnonzero(chosen[gives.person])), len(order))
    told = [(order[at], packed[at]) for at in people.tolist()]
    return [(p, raw) for p, raw in told if raw is not None], [p for p, raw in told if raw is None]


def _behind(
    difference: cellular.Difference, order: list[int]
) -> dict[tuple[int, int, str], dict[int, int]]:
    found: dict[tuple[int, int, str], dict[int, int]] = {}
    kept, week, service, person, moved = (each.tolist() for each in difference.behind())
    for k, w, s, p, m in zip(kept, week, service, person, moved, strict=True):
        found.setdefault((k, w, difference.services[s]), {})[order[p]] = m
    return found


__all__ = ["Change", "Engine", "change", "engine_of", "rows_of"]
