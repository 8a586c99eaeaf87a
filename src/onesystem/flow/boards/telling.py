"""Days of gridlock told as a measure, so that months before the first look at a board have them.

Worked out from the log when a day is over; the engine is only loaded then.
"""

from collections.abc import Iterator

from onesystem.district import District, current
from onesystem.district.shape import Service
from onesystem.flow.boards.config import config
from onesystem.flow.boards.gridlock import BEDS, GATES
from onesystem.flow.measures import days, present, store
from onesystem.flow.measures.telling import Event, Teller, register_teller

NAME = "gridlock-days"


def connect() -> None:
    """Let the measures ask. Safe to call again."""
    register_teller(NAME, Teller(_stamp, _events))


def services(district: District) -> list[Service]:
    """Those that gridlock is told by: wards and EDs, by their codes."""
    wanted = BEDS | GATES
    return [s for _, s in sorted(district.services.items()) if s.setting in wanted]


def _stamp() -> str:
    """Another once a day, when yesterday is over, and when beds or limits are written anew."""
    here = current()
    limits = config(here.path).gridlock
    beds = [(s.code, s.organisation, s.capacity) for s in services(here)]
    return f"{present.horizon(here)} {limits} {beds}"


def _events() -> Iterator[Event]:
    from onesystem.flow.boards import looking_back

    return looking_back.events()


def told_days(since: int) -> dict[str, set[int]]:
    """The days from `since` on (days of 1970) with gridlock by the log, of each organisation."""
    here, found = current(), dict[str, set[int]]()
    for key, day in store.rows(
        "SELECT c.key, c.period FROM flow_cell c JOIN flow_kept k ON k.id = c.kept"
        " WHERE k.name = %s AND c.cut = %s AND c.every = %s AND c.period >= %s AND c.numerator > 0",
        [NAME, "service", "day", since],
    ):
        if service := here.services.get(key):
            found.setdefault(service.organisation, set()).add(day)
    return found


def day_of(moment: int) -> int:
    """The district's day that a moment (microseconds since 1970) lies in."""
    return days.clock(current().zone).day(moment // 1000)
