"""What a service could hold, put under what it held: the denominator of occupancy."""

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import Any

from onesystem.district import District
from onesystem.flow.measures import days
from onesystem.flow.measures.declaration import Declared
from onesystem.flow.measures.tree import settings_of


def put_under(
    sums: Mapping[tuple[str, ...], dict[int, Any]],
    measure: Declared,
    by: tuple[str, ...],
    where: Mapping[str, frozenset[str]],
    periods: Sequence[int],
    every: str,
    last: int | None,
    district: District,
) -> None:
    """Set the denominators: places times nights or milliseconds, of the services of each group.

    Only services of the settings that the measure's population names, whose capacity is known.
    """
    services = _services(measure, by, where, district)
    for group, found in sums.items():
        mine = [code for code, told in services.items() if told == group]
        for period in periods:
            stop = days.after(period, every)
            stop = stop if last is None else min(stop, max(last, period))
            held = sum(_held(district, code, period, stop, measure.counts) for code in mine)
            if period in found:
                found[period].denominator = held


def _services(
    measure: Declared, by: tuple[str, ...], where: Mapping[str, frozenset[str]], district: District
) -> dict[str, tuple[str, ...]]:
    """The services with beds, each with its group."""
    settings = settings_of(measure.population)
    found = {}
    for code, each in district.services.items():
        told = {
            "service": code, "setting": str(each.setting), "organisation": each.organisation,
            "place": each.place,
        }  # fmt: skip
        if settings and told["setting"] not in settings:
            continue
        if all(told.get(name, "") in wanted for name, wanted in where.items()):
            found[code] = tuple(told.get(name, "") for name in by)
    return found


@lru_cache(maxsize=65_536)
def _of_day(district: "_Same", code: str, day: int, counts: str) -> int:
    hands = days.clock(district.it.zone)
    service = district.it.services[code]

    start, stop = hands.midnight(day), hands.midnight(day + 1)
    if _by_days(service):
        held = _on(service, days.date_of(day))
        return held if counts == "nights" else held * (stop - start)

    def at(moment: int) -> int:
        when = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=moment)
        return service.capacity_at(when, district.it.zone) or 0

    if counts == "nights":
        return at(stop - 1)
    steps = range(start, stop, 3_600_000)
    return sum(at(each) * min(3_600_000, stop - each) for each in steps)


def _by_days(service: Any) -> bool:
    """Whether capacity only changes at midnights, so that the date tells it."""
    return all(line.opens == line.closes == time(0) for line in service.capacity)


def _on(service: Any, day: date) -> int:
    """The capacity of a date: as `capacity_at` any hour of it, without its clocks."""
    lines = reversed(service.capacity)
    return next((each.amount for each in lines if each.on(day) and day.weekday() in each.days), 0)


def _held(district: District, code: str, start: int, stop: int, counts: str) -> int:
    same = _Same(district)
    return sum(_of_day(same, code, day, counts) for day in range(start, stop))


class _Same:
    """A district that is told apart by being the same object."""

    def __init__(self, it: District) -> None:
        self.it = it

    def __hash__(self) -> int:
        return id(self.it)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and other.it is self.it
