"""The incremental refresh: only the people who were touched are worked out again.

A measure is a sum over people of what each one's history gives. So what a person gave is taken
away, and what they give now is added: to the cells, to who is behind them, and to the counts of
people. The result is the same as of working everything out anew; a property of the tests.

Touched is who has a contact that is new, late, corrected or cancelled; who was merged or unmerged;
and, when a day has ended, who is still somewhere.
"""

import fcntl
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from onesystem import contacts
from onesystem.district import current, folder
from onesystem.flow.measures import (
    cells,
    days,
    history,
    keeping,
    library,
    living,
    present,
    reference,
    store,
    who,
)
from onesystem.flow.measures.declaration import Declared
from onesystem.flow.measures.keeping import Gave
from onesystem.flow.measures.world import Somebody, World
from onesystem.vocabulary import Busy, Contact
from onesystem.vocabulary.kept import to_micros

Say = Callable[[str], None]
_PORTION = 200  # people of one transaction: a live message waits for no more than these
Cell = tuple[int, str, str, int, str]


@dataclass(frozen=True, slots=True)
class Refreshed:
    """What a refresh did. `left` says that there is more to do."""

    people: int = 0
    computed: tuple[str, ...] = ()
    left: bool = False


def refresh(
    *, at: datetime | None = None, limit: int = 5_000, say: Say = lambda _: None
) -> Refreshed:
    """Bring the cells up to what is known now. Raises Busy where another process does so."""
    with locked():
        computed = _definitions(at, say)
        horizon = present.horizon(current(), at)
        ids = set(contacts.touched(limit))
        if contacts.EVERYBODY in ids:
            return Refreshed(computed=tuple(keeping.compute(at=at, say=say)))
        marks = store.get_marks()
        mapped = store.last_mapped()
        ids |= _remapped(marks["mapped"])
        if horizon != marks["horizon"]:
            ids |= _open_since(marks["horizon"])
        people = _work(sorted(ids), horizon)
        if horizon != marks["horizon"]:
            living.rebuild(days.clock(current().zone).day(horizon))
            waiting = [n for n, m in library.library().items() if m.names(("now",))]
            store.set_marks(horizon=horizon)
            if waiting:
                keeping.compute(at=at, only=waiting, say=say)
                computed += tuple(waiting)
        store.set_marks(mapped=mapped)
        return Refreshed(people, computed, left=bool(contacts.touched(1)))


def compute(*, at: datetime | None = None, say: Say = lambda _: None) -> dict[str, int]:
    """Work every cell out anew; gives how many cells each measure has."""
    with locked():
        return keeping.compute(at=at, say=say)


@contextmanager
def locked() -> Iterator[None]:
    """Hold the cells against every other process that would change them."""
    with (folder() / "measures.lock").open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Busy(
                "the measures are being worked out by another process", "Wait for it to end"
            ) from None
        yield


def begun() -> bool:
    """Whether cells were ever worked out here."""
    return "horizon" in store.get_marks()


def pending() -> bool:
    """Whether anything waits to be worked out: asked often, so it only looks at two lists."""
    marks = store.get_marks()
    if "horizon" not in marks:
        return False  # nobody has asked for cells yet
    return (
        bool(contacts.touched(1))
        or store.last_mapped() > marks["mapped"]
        or present.horizon(current()) != marks["horizon"]
    )


def _definitions(at: datetime | None, say: Say) -> tuple[str, ...]:
    """Work out measures that are new or say something else than what is kept."""
    kept = store.kept()
    everything = library.library()
    if "horizon" not in store.get_marks():
        return tuple(keeping.compute(at=at, say=say))
    if gone := set(kept) - set(everything):
        store.forget_unknown(set(everything))
        say(f"Let go of {', '.join(sorted(gone))}")
    new = [n for n, m in everything.items() if n not in kept or kept[n][1] != keeping.digest(m)]
    if not new:
        return ()
    # With the horizon of the rest: a later one is gone to by the refresh itself.
    return tuple(keeping.compute(horizon=store.get_marks()["horizon"], only=new, say=say))


def _remapped(since: int) -> set[int]:
    """Identities whose person changed after a line of the ledger of who is who."""
    return {i for (i,) in store.rows("SELECT identity FROM people_mapped WHERE id > %s", [since])}


def _open_since(horizon: int) -> set[int]:
    """Identities with a contact that was open at a horizon: they have stayed for longer now."""
    return {
        i
        for (i,) in store.rows(
            "SELECT DISTINCT identity FROM contacts_contact"
            " WHERE NOT cancelled AND (ended IS NULL OR ended > %s)",
            [horizon * 1000],
        )
    }


def _work(ids: list[int], horizon: int) -> int:
    """Work the people of these identities out again, in portions; gives how many people."""
    if not ids:
        return 0
    world = present.world(current(), horizon)
    kept = store.kept()
    measures = {kept[n][0]: m for n, m in library.library().items() if n in kept}
    engine = {number: reference.ready(m, world) for number, m in measures.items()}
    done = 0
    for at in range(0, len(ids), _PORTION):
        with transaction.atomic():
            some = ids[at : at + _PORTION]
            contacts.forget_touched(some)
            change = Change(world, measures)
            done += change.work(some, engine)
            change.write()
    return done


class Change:
    """What a portion of people changes, to be written at once."""

    def __init__(self, world: World, measures: Mapping[int, Declared]) -> None:
        self.world = world
        self.plan = {
            number: [(c, cells.periods_of(m, c)) for c in cells.cuts_of(m)]
            for number, m in measures.items()
        }
        self.sums: dict[Cell, list[int]] = defaultdict(lambda: [0, 0, 0])
        self.behind: dict[tuple[int, int, str], dict[int, int]] = defaultdict(dict)
        self.gave: list[tuple[int, bytes]] = []
        self.gone: list[int] = []
        self.before: dict[int, Somebody] = {}
        self.after: dict[int, Somebody] = {}
        self.identities: dict[int, Somebody] = {}

    def work(self, ids: Iterable[int], engine: Mapping[int, reference.Ready]) -> int:
        """Work out what the people of these identities gave, and give now."""
        persons, known, now = _around(set(ids))
        self.identities = now
        self.before = {s.person: s for s in known.values()}
        self.after = {s.person: s for s in now.values()}
        units, _ = units_and_contacts(now, self.world)
        old = store.gave_of(persons)
        for person in sorted(persons):
            was = keeping.unpacked(old[person]) if person in old else {}
            somebody = self.after.get(person)
            gives = keeping.gives(units.get(person, []), somebody, engine) if somebody else {}
            self._differ(person, was, gives)
            if gives != was:
                if gives:
                    self.gave.append((person, keeping.body(gives)))
                else:
                    self.gone.append(person)
        return len(persons)

    def _differ(self, person: int, was: Gave, gives: Gave) -> None:
        """Note what a person's new sums change in the cells."""
        old, new = self.before.get(person), self.after.get(person)
        same = old == new
        less = {k: v for k, v in was.items() if not same or gives.get(k) != v}
        more = {k: v for k, v in gives.items() if not same or was.get(k) != v}
        if not less and not more:
            return
        affected: set[Cell] = set()
        for keys, somebody, sign in ((less, old, -1), (more, new, 1)):
            for key, (numerator, denominator) in keys.items():
                for cell in self._cells(key, somebody):
                    affected.add(cell)
                    into = self.sums[cell]
                    into[0] += sign * numerator
                    into[1] += sign * denominator
        years = {(key[0], days.begin(key[1], "year")) for key in (*less, *more)}
        weeks = {(key[0], days.begin(key[1], "week")) for key in (*less, *more)}
        for sums, somebody, sign in ((was, old, -1), (gives, new, 1)):
            for cell in self._present(sums, somebody, affected, years, weeks):
                self.sums[cell][2] += sign
        self._behind(person, was, gives, {*less, *more})

    def _present(
        self, sums: Gave, somebody: Somebody | None, affected: set[Cell],
        years: set[tuple[int, int]], weeks: set[tuple[int, int]],
    ) -> set[Cell]:  # fmt: skip
        """The affected cells in which the person has anything at all."""
        near = (
            key for key in sums
            if (key[0], days.begin(key[1], "year")) in years
            or (key[0], days.begin(key[1], "week")) in weeks
        )  # fmt: skip
        return {cell for key in near for cell in self._cells(key, somebody) if cell in affected}

    def _behind(
        self, person: int, was: Gave, gives: Gave, changed: Collection[tuple[int, int, str, int]]
    ) -> None:
        there = {key[:3] for key in gives}
        before = {key[:3] for key in was}
        for place in {key[:3] for key in changed}:
            if (place in there) is not (place in before):
                self.behind[place][person] = 1 if place in there else -1

    def _cells(self, key: tuple[int, int, str, int], somebody: Somebody | None) -> Iterator[Cell]:
        """All cells that a line of what somebody gave lies in."""
        if somebody is None or key[0] not in self.plan:
            return
        kept, day, service, band = key
        told = {
            "service": service, "band": str(band), "sex": somebody.sex,
            "practice": somebody.practice, "deprivation": somebody.deprivation,
            "area": somebody.area,
        }  # fmt: skip
        for cut, periods in self.plan[kept]:
            text = cells.MARK.join([told[part] for part in cut.parts])
            for every in periods:
                yield kept, cut.name, every, days.begin(day, every), text

    def write(self) -> None:
        """Write it all."""
        lines = [(*cell, *sums) for cell, sums in sorted(self.sums.items()) if any(sums)]
        store.add_cells(lines)
        store.drop_empty([line for line in lines if line[7] < 0 or line[5] < 0 or line[6] < 0])
        store.put_gave(self.gave)
        store.drop_gave(self.gone)
        store.change_behind(self.behind)
        if self.before != self.after:
            living.change(self.before, self.after, self.world.clock.day(self.world.horizon))
        store.put_who(who.as_rows(self.identities))


def _around(ids: set[int]) -> tuple[set[int], dict[int, Somebody], dict[int, Somebody]]:
    """The people of identities, then and now; whoever shares an identity with one belongs to it.

    Gives the persons, the identities as the cells know them, and as they are.
    """
    known: dict[int, Somebody] = {}
    now: dict[int, Somebody] = {}
    asked: set[int] = set()
    while ids - asked:
        asked |= ids
        now |= who.of_identities(ids)
        persons = {s.person for s in now.values()}
        known |= who.kept_of(ids, persons)
        known |= who.kept_of((), {s.person for s in known.values()})
        ids = {*now, *known}
    return {s.person for s in (*known.values(), *now.values())}, known, now


def units_and_contacts(
    now: Mapping[int, Somebody], world: World
) -> tuple[dict[int, list[history.Unit]], dict[int, Contact]]:
    """All units of people by person, and the contacts that they were made of by id."""
    found: dict[int, list[history.Unit]] = defaultdict(list)
    told = {}
    for each in contacts.of_identities(now):
        somebody = now[each.identity]
        made = history.unit(_row(each), somebody, world)
        if made is not None:
            found[somebody.person].append(made)
            told[each.contact] = each
    return found, told


def _row(contact: Contact) -> tuple[Any, ...]:
    """A contact as `history.unit` takes it."""
    return (
        contact.contact, contact.service, str(contact.setting), contact.source,
        _ms(contact.requested), _ms(contact.started), _ms(contact.ready), _ms(contact.ended),
        _ms(contact.planned), contact.bed, contact.mode, contact.urgency, contact.reason,
        contact.outcome, contact.by, _ms(contact.known_at), contact.cancelled,
    )  # fmt: skip


def _ms(moment: datetime | None) -> int | None:
    return None if moment is None else to_micros(moment) // 1000
