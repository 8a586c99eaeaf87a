"""A person's contacts as units of measures, in plain Python: rows, spells and periods.

A unit is a tuple in the order of `language.FIELDS`. Contacts that were cancelled, or that end
before they start, are no unit of any measure.
"""

from collections.abc import Iterable, Sequence
from typing import Any

from onesystem.flow.measures import days
from onesystem.flow.measures.language import INDEX
from onesystem.flow.measures.world import Somebody, World

Unit = tuple[Any, ...]

_CONTACT, _SERVICE, _STARTED, _ENDED = (
    INDEX["contact"], INDEX["service"], INDEX["started"], INDEX["ended"],
)  # fmt: skip
_OF_LAST = ("ready", "outcome", "bed")
_EVER = 1 << 62


def unit(row: Sequence[Any], somebody: Somebody, world: World) -> Unit | None:
    """A contact as a unit; nothing where it does not count.

    `row`: contact, service, setting, source, requested, started, ready, ended, planned (ms), bed,
    mode, urgency, reason, outcome, by, known_at (ms), cancelled.
    """
    (contact, service, setting, source, requested, started, ready, ended, planned, bed, mode,
     urgency, reason, outcome, by, known_at, cancelled) = row  # fmt: skip
    if cancelled or (started is not None and ended is not None and ended < started):
        return None
    now = world.horizon
    until = now if ended is None or ended > now else ended
    return (
        contact, service, setting, world.organisations.get(service, ""),
        world.places.get(service, ""), source, requested, started, ready, ended, planned, bed,
        mode, urgency, reason, outcome, by, known_at, service, 1, somebody.born, somebody.died,
        somebody.sex, somebody.practice, somebody.area, somebody.deprivation, until, now,
    )  # fmt: skip


def in_order(units: Iterable[Unit]) -> list[Unit]:
    """Units by when they started, those that never did left out; ties by their ids."""
    return sorted((u for u in units if u[_STARTED] is not None), key=_by_start)


def _by_start(unit: Unit) -> tuple[int, int]:
    return unit[_STARTED], unit[_CONTACT]


def spells(units: list[Unit], gap: int) -> list[Unit]:
    """Units that are in order joined where the next starts within `gap` ms of all before ending."""
    found: list[Unit] = []
    stretch: list[Unit] = []
    reach = -_EVER
    for each in units:
        if stretch and each[_STARTED] > reach + gap:
            found.append(_joined(stretch))
            stretch, reach = [], -_EVER
        stretch.append(each)
        reach = max(reach, _EVER if each[_ENDED] is None else each[_ENDED])
    if stretch:
        found.append(_joined(stretch))
    return found


def _joined(stretches: list[Unit]) -> Unit:
    first = stretches[0]
    last = max(stretches, key=_by_end)
    spell = list(first)
    for name in _OF_LAST:
        spell[INDEX[name]] = last[INDEX[name]]
    spell[_ENDED] = last[_ENDED]  # an open one is the last
    spell[INDEX["until"]] = max(each[INDEX["until"]] for each in stretches)
    spell[INDEX["known_at"]] = max(each[INDEX["known_at"]] for each in stretches)
    spell[INDEX["last_service"]] = last[_SERVICE]
    spell[INDEX["stretches"]] = len(stretches)
    return tuple(spell)


def _by_end(unit: Unit) -> tuple[int, int, int]:
    return (_EVER if unit[_ENDED] is None else unit[_ENDED]), unit[_STARTED], unit[_CONTACT]


def periods(units: list[Unit], period: str, somebody: Somebody, world: World) -> dict[int, Unit]:
    """The person's periods in which a contact started, by their first day."""
    clock = world.clock
    found: dict[int, Unit] = {}
    for each in units:
        first = days.begin(clock.day(each[_STARTED]), period)
        if first not in found:
            found[first] = _period(first, period, somebody, world)
    return found


def _period(first: int, period: str, somebody: Somebody, world: World) -> Unit:
    start = world.clock.midnight(first)
    end = world.clock.midnight(days.after(first, period))
    row = (0, "", "", "", None, start, None, end, None, "", "", "", "", "", "", None, False)
    made = unit(row, somebody, world)
    assert made is not None  # noqa: S101 - a period is never cancelled
    return made


__all__ = ["Unit", "in_order", "periods", "spells", "unit"]
