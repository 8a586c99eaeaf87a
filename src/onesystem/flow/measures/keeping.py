"""The full computation: every measure over all contacts, into cells.

Nothing is locked while the engine reads, and while cells are written a message waits for a small
part of them at most. Whoever is touched meanwhile is in the list of the touched, and the next
refresh works them out again against exactly what was written here. A mark says that cells are
being written: where it was left behind, everything is worked out anew.
"""

import hashlib
import time
from collections.abc import Iterable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from django.db import transaction

from onesystem import contacts
from onesystem.district import current
from onesystem.flow.measures import library, living, present, store, who
from onesystem.flow.measures.declaration import Declared
from onesystem.flow.measures.standing import FORM, Say, Tell, told
from onesystem.flow.measures.world import Somebody, World

_PAUSE = 0.005  # seconds between two transactions, in which whoever waits can write


def compute(
    *,
    at: datetime | None = None,
    horizon: int | None = None,
    only: Iterable[str] = (),
    say: Say = lambda _: None,
) -> dict[str, int]:
    """Work all cells out anew; gives how many cells each measure has.

    `at` is the moment whose day is the horizon (default: the district's present). `only` names
    measures: the others stay as they are. Who calls this holds `standing.locked`.
    """
    with told(say) as tell:
        return _compute(at, horizon, set(only), tell)


def _compute(
    at: datetime | None, horizon: int | None, only: set[str], tell: Tell
) -> dict[str, int]:
    from onesystem.flow.measures.columns import computing
    from onesystem.flow.measures.columns.changing import Engine

    district = current()
    world = present.world(district, horizon or present.horizon(district, at))
    everything = library.library()
    measures = {n: m for n, m in everything.items() if not only or n in only}
    mapped = store.last_mapped()
    with transaction.atomic():
        store.set_marks(computing=1)
        if not only:
            contacts.forget_touched(contacts.touched())
            store.forget_working()
        kept = store.kept_ids({n: digest(m) for n, m in measures.items()})
    # Of some measures only: the people as the other cells know them.
    people = who.as_kept() if only else who.everybody()
    engine = Engine({kept[n]: m for n, m in measures.items()}, world)
    with computing.aside() as folder:
        made = computing.everybody(engine, people, Path(folder), merge=bool(only), tell=tell)
        counts = _write(made, sorted(kept.values()), tell, everything=not only)
        made.duck.close()
    if not only:
        _finish(people, world, {*everything, *library.told()})
    with transaction.atomic():
        if not only:
            store.set_marks(horizon=world.horizon, mapped=mapped, form=FORM)
        store.set_marks(computing=0)
        store.new_edition()
    return {name: counts.get(number, 0) for name, number in kept.items()}


def digest(measure: Declared) -> str:
    """What tells one definition from another: the file, and the lists and prices it names.

    The same in every process, whatever order it holds a set in: another digest works all out anew.
    """
    used = [measure.text]
    used += [
        repr((each.name, sorted(each.exact), sorted(each.prefixes)))
        for each in library.codes().values()
        if each.name in measure.text
    ]
    used += [repr(sorted(t.items())) for n, t in library.prices().items() if n in measure.text]
    return hashlib.sha256("\x1e".join(used).encode()).hexdigest()[:32]


def _write(made: Any, numbers: Sequence[int], tell: Tell, *, everything: bool) -> dict[int, int]:
    """Put what was worked out in the place of what was kept; gives the cells of each measure."""
    tell("Writing the cells", 0.6)
    for number in numbers:
        with _shortly():
            store.wipe([number])
    counts: dict[int, int] = {}
    for rows in made.cells():
        with _shortly():
            store.new_cells(rows)
        for row in rows:
            counts[row[0]] = counts.get(row[0], 0) + 1
    tell("Writing who is behind the figures", 0.85)
    for rows in made.behind():
        with _shortly():
            store.add_behind(rows)
    tell("Writing what each person gave", 0.95)
    if everything:
        store.wipe_gave()
    for rows in made.gave():
        with _shortly():
            store.put_gave(rows)
    return counts


def _finish(people: dict[int, Somebody], world: World, names: set[str]) -> None:
    """What is kept beside the cells."""
    lines = who.as_rows(people)
    with transaction.atomic():
        store.write_who(lines)
        living.rebuild(world.clock.day(world.horizon))
        store.forget_unknown(names)


class _shortly:  # noqa: N801 - read as a word
    """A transaction after which others get their turn."""

    def __enter__(self) -> None:
        self.transaction = transaction.atomic()
        self.transaction.__enter__()

    def __exit__(self, *error: object) -> None:
        self.transaction.__exit__(*error)  # type: ignore[arg-type]
        time.sleep(_PAUSE)


__all__ = ["compute", "digest"]
