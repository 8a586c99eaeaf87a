"""Each hour of the contact log looked at as the board looks at now: the days of gridlock.

Filed under the first of an organisation's services with beds, which stands for the organisation.
"""

from collections.abc import Iterator
from typing import Any

import numpy as np

from onesystem.district import District, current
from onesystem.district.shape import Service
from onesystem.flow.boards.config import config
from onesystem.flow.boards.gridlock import BEDS, GATES
from onesystem.flow.boards.layout import layout
from onesystem.flow.boards.past import NEVER, Stays, gridlocked
from onesystem.flow.boards.telling import services
from onesystem.flow.measures import days, present
from onesystem.flow.measures.telling import Event
from onesystem.vocabulary.kept import from_micros

_HOUR = 3600 * 1_000_000
_TIMES = ("requested", "planned", "started", "ready", "ended")
# Of EDs, only who is ready to leave matters: most never are, and go.
_SQL = (
    f"SELECT service, {', '.join(f'coalesce(epoch_us({t}), {NEVER}) AS {t}' for t in _TIMES)}"
    " FROM contacts WHERE NOT cancelled AND service IN (SELECT unnest($services))"
    " AND (ready IS NOT NULL OR service IN (SELECT unnest($beds))) ORDER BY service"
)


def events() -> Iterator[Event]:
    """Each day of each organisation with beds, from its first whole day to yesterday."""
    here = current()
    found = _columns(here)
    end = present.horizon(here) * 1000
    for organisation in sorted({s.organisation for s in services(here) if s.organisation}):
        mine = [s for s in services(here) if s.organisation == organisation]
        beds = [s for s in mine if s.setting in BEDS]
        if any(len(found[s.code].started) for s in beds):
            yield from _of(here, mine, beds, found, end)


def _of(
    here: District, mine: list[Service], beds: list[Service], found: dict[str, Stays], end: int
) -> Iterator[Event]:
    clock = days.clock(here.zone)
    first = clock.day(min(int(found[s.code].started.min(initial=NEVER)) for s in beds) // 1000) + 1
    hours = np.arange(clock.midnight(first) * 1000, end, _HOUR)
    if not len(hours):
        return
    day = np.array([clock.day(hour // 1000) for hour in hours.tolist()])
    wards = [found[s.code]._replace(capacity=_capacity(s, hours, day, here.zone)) for s in beds]
    gates = [found[s.code] for s in mine if s.setting in GATES]
    locked = gridlocked(wards, gates, config(here.path).gridlock, hours)
    _, at, which = np.unique(day, return_index=True, return_inverse=True)
    for moment, any_hour in zip(hours[at].tolist(), np.bincount(which, locked) > 0, strict=True):
        yield Event(moment, beds[0].code, 0, int(any_hour))


def _capacity(service: Service, hours: Any, day: Any, zone: str) -> Any:
    """How many a service could hold at each hour; -1 where nobody has said, or it was not there.

    Asked once a day where it only changes at midnight.
    """
    whole = all(line.opens == line.closes for line in service.capacity)
    _, at, which = np.unique(day if whole else hours, return_index=True, return_inverse=True)
    held = []
    for moment, its_day in zip(hours[at].tolist(), day[at].tolist(), strict=True):
        told = service.capacity_at(from_micros(moment), zone)
        held.append(told if told is not None and service.on(days.date_of(its_day)) else -1)
    return np.array(held, dtype=np.int64)[which]


def _columns(district: District) -> dict[str, Stays]:
    """The contacts of wards, and those of EDs who were ready to leave, by their service."""
    from onesystem.contacts import operational, relation
    from onesystem.contacts.log import scan

    lost = layout(district.path).lost
    looked = {s.code: s for s in services(district)}
    duck = scan.connect(memory="512MB")
    try:
        log = relation.contacts(duck, district.path, operational.in_process())
        log.create_view("contacts")
        beds = [code for code, s in looked.items() if s.setting in BEDS]
        table = duck.execute(_SQL, {"services": list(looked), "beds": beds}).to_arrow_table()
    finally:
        duck.close()
    codes = np.asarray(table["service"].to_pylist(), dtype=str)
    times = {name: table[name].to_numpy() for name in _TIMES}
    found = {}
    for code, service in looked.items():  # one without contacts has beds all the same
        begin, end = np.searchsorted(codes, code), np.searchsorted(codes, code, side="right")
        longest = lost.get(service.setting) or NEVER
        own = {name: each[begin:end] for name, each in times.items()}
        found[code] = Stays(**own, longest=longest)
    return found
