"""The incremental refresh: only the people who were touched are worked out again.

A measure is a sum over people of what each one's history gives. So what a person gave is taken
away, and what they give now is added: to the cells, to who is behind them, and to the counts of
people. The result is the same as of working everything out anew; a property of the tests.

Touched is who has a contact that is new, late, corrected or cancelled; who was merged or unmerged;
and, when a day has ended, who is still somewhere.
"""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from onesystem import contacts
from onesystem.district import current
from onesystem.flow.measures import days, keeping, library, living, present, store, telling, who
from onesystem.flow.measures.standing import Say, locked, whole
from onesystem.flow.measures.world import Somebody

_PORTION = 1_000  # identities that are worked out at once


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
        ids = {*contacts.touched(limit), *store.working()}
        if contacts.EVERYBODY in ids:
            worked = tuple(keeping.compute(at=at, say=say))
            return Refreshed(computed=worked + telling.bring_up(say=say, all_anew=True))
        marks = store.get_marks()
        mapped = store.last_mapped()
        ids |= _remapped(marks["mapped"])
        if horizon != marks["horizon"]:
            ids |= _open_since(marks["horizon"])
        people = _work(sorted(ids), horizon)
        if horizon != marks["horizon"]:
            living.rebuild(days.clock(current().zone).day(horizon))
            waiting = [n for n, m in library.library().items() if m.names(("now",))]
            if waiting:
                keeping.compute(horizon=horizon, only=waiting, say=say)
                computed += tuple(waiting)
            with transaction.atomic():
                store.set_marks(horizon=horizon)
                store.new_edition()
        store.set_marks(mapped=mapped)
        computed += telling.bring_up(say=say)
        return Refreshed(people, computed, left=bool(contacts.touched(1)))


def compute(*, at: datetime | None = None, say: Say = lambda _: None) -> dict[str, int]:
    """Work every cell out anew; gives how many cells each measure has."""
    with locked():
        counts = keeping.compute(at=at, say=say)
        telling.bring_up(say=say, all_anew=True)
        return counts


def begun() -> bool:
    """Whether cells were ever worked out here."""
    return whole(store.get_marks())


def pending() -> bool:
    """Whether anything waits to be worked out: asked often, so it only looks at two lists."""
    marks = store.get_marks()
    if "horizon" not in marks:
        return False  # nobody has asked for cells yet
    return (
        not whole(marks)
        or bool(contacts.touched(1))
        or bool(store.working())
        or store.last_mapped() > marks["mapped"]
        or present.horizon(current()) != marks["horizon"]
        or telling.waits()
    )


def _definitions(at: datetime | None, say: Say) -> tuple[str, ...]:
    """Work out measures that are new or say something else than what is kept."""
    kept = store.kept()
    everything = library.library()
    if not whole(store.get_marks()):
        return tuple(keeping.compute(at=at, say=say))
    if gone := set(kept) - {*everything, *library.told()}:
        store.forget_unknown({*everything, *library.told()})
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
    from onesystem.flow.measures.columns.changing import change, engine_of

    world = present.world(current(), horizon)
    kept = store.kept()
    measures = {kept[n][0]: m for n, m in library.library().items() if n in kept}
    engine = engine_of(measures, world)
    done = 0
    for at in range(0, len(ids), _PORTION):
        some = ids[at : at + _PORTION]
        # Taken off the list before their contacts are read: who is touched from here on comes
        # again. What is worked out meanwhile is in a list of its own, should this process end.
        with transaction.atomic():
            store.set_working(some)
            contacts.forget_touched(some)
        persons, known, now = _around(set(some))
        made = change(persons, known, now, engine)
        with transaction.atomic():
            made.write(world)
            store.new_edition()
            store.forget_working()
        done += len(persons)
    return done


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
