"""Measures that rooms above tell: of requests, tasks, pathways and care at home, not of contacts.

A room registers who tells a name (`register_teller`): a stamp that changes when there is something
new, and the events, each on a moment, with two whole numbers. They are filed in the cells that
every measure has, so that charts, limits, exports and proof are the same. No person's contacts lie
behind them: they are counted by the service that was asked and the practice of the person.
"""

import hashlib
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from django.db import transaction

from onesystem.district import current
from onesystem.flow.measures import cells, days, library, store
from onesystem.flow.measures.declaration import Declared
from onesystem.flow.measures.standing import Say

_SECONDS = 30.0  # between two looks whether there is anything new


class Event(NamedTuple):
    """One thing that is counted, at a moment (microseconds since 1970 UTC).

    `practice` is said where nobody's identity is: else it is that of the person.
    """

    at: int
    service: str
    identity: int
    numerator: int
    denominator: int = 1
    practice: str = ""


class Sum(NamedTuple):
    """What is filed of one period and key: where the teller has sums, each person counted once."""

    period: int  # its first day
    key: tuple[str, ...]  # the parts of the cut, in its order
    numerator: int
    denominator: int
    people: int


# Asked of several cuts and periods at once: the parts of a cut, and the period.
Asks = Sequence[tuple[tuple[str, ...], str]]
Sums = Callable[[Asks], Iterable[Iterable[Sum]]]


@dataclass(frozen=True, slots=True)
class Teller:
    """Who tells a measure. `stamp` is quick to ask and changes with the events.

    What counts a person once however many events are theirs gives `sums` instead of events: for
    each cut and period that is asked, in that order.
    """

    stamp: Callable[[], str]
    events: Callable[[], Iterable[Event]] = tuple
    sums: Sums | None = None


_TELLERS: dict[str, Teller] = {}
_looked = [0.0]


def register_teller(name: str, teller: Teller) -> None:
    """Let a room above tell a measure. Again replaces."""
    _TELLERS[name] = teller


def waits() -> bool:
    """Whether something new was told; looks now and then, however often it is asked."""
    if time.monotonic() - _looked[0] < _SECONDS:
        return False
    _looked[0] = time.monotonic()
    kept = store.kept()
    return any(kept.get(m.name, (0, ""))[1] != _digest(m, t) for m, t in _told())


def bring_up(*, say: Say = lambda _: None, all_anew: bool = False) -> tuple[str, ...]:
    """File what is told anew where it changed; gives which measures that were."""
    kept, done = store.kept(), []
    for measure, teller in _told():
        digest = _digest(measure, teller)
        if not all_anew and kept.get(measure.name, (0, ""))[1] == digest:
            continue
        say(f"Filing what is told of {measure.title.lower()}")
        lines = _summed(measure, teller.sums) if teller.sums else _lines(measure, teller.events())
        with transaction.atomic():
            [number] = store.kept_ids({measure.name: digest}).values()
            store.wipe([number])
            for some in store.portions(lines):
                store.new_cells([(number, *line) for line in some])
            store.new_edition()
        done.append(measure.name)
    return tuple(done)


def _told() -> list[tuple[Declared, Teller]]:
    return [(m, _TELLERS[m.told]) for m in library.told().values() if m.told in _TELLERS]


def _digest(measure: Declared, teller: Teller) -> str:
    """Of the definition and of all that was told until now."""
    said = f"{measure.text}\x1e{teller.stamp()}\x1e{current().zone}"
    return hashlib.sha256(said.encode()).hexdigest()[:32]


def _summed(measure: Declared, sums: Sums) -> list[tuple[object, ...]]:
    asks = [(c, every) for c in cells.cuts_of(measure) for every in cells.periods_of(measure, c)]
    told = sums([(cut.parts, every) for cut, every in asks])
    return [
        (cut.name, every, each.period, cells.MARK.join(each.key), *each[2:])
        for (cut, every), some in zip(asks, told, strict=True)
        for each in some
    ]


def _lines(measure: Declared, events: Iterable[Event]) -> list[tuple[object, ...]]:
    """The cells of a measure: cut, period, key, sums, and how many people are in them."""
    told, clock = list(events), days.clock(current().zone)
    practices = _practices({e.identity for e in told if e.identity})
    sums: dict[tuple[str, str, int, str], list[int]] = defaultdict(lambda: [0, 0])
    people: dict[tuple[str, str, int, str], set[int]] = defaultdict(set)
    for number, event in enumerate(told):
        day = clock.day(event.at // 1000)
        parts = {
            "service": event.service,
            "practice": event.practice or practices.get(event.identity, ""),
        }
        for cut in cells.cuts_of(measure):
            key = cells.MARK.join(parts[name] for name in cut.parts)
            for every in cells.periods_of(measure, cut):
                cell = (cut.name, every, days.begin(day, every), key)
                sums[cell][0] += event.numerator
                sums[cell][1] += event.denominator
                if not measure.of_nobody:
                    people[cell].add(event.identity or -number - 1)
    return [(*cell, *sums[cell], len(people[cell])) for cell in sorted(sums)]


def _practices(identities: Iterable[int]) -> Mapping[int, str]:
    """The practice of each identity's person, as the other measures know it."""
    found: dict[int, str] = {}
    for some in store.portions(sorted(identities)):
        found |= dict(
            store.rows(
                f"SELECT identity, practice FROM flow_who WHERE identity IN ({store.marks(some)})",
                some,
            )
        )
    return found
