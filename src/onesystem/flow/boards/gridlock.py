"""Gridlock: beds over their limit while people wait for one. Pure.

It is a state of an organisation at an hour. A day of gridlock is a day, by the district's clocks,
with gridlock at any hour: the count that a board of directors asks for.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from onesystem.flow.now import HOUR, ServiceNow
from onesystem.vocabulary import Setting

BEDS = frozenset({Setting.WARD})
GATES = frozenset({Setting.ED})


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Over which occupancy, with how many waiting, it is gridlock; who says so."""

    occupancy: float
    waiting: int
    words: str = ""
    source: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pressure:
    """An organisation that has beds, at an hour. `capacity` is None where it is not said.

    `waiting` counts people who wait for a bed: requested on a ward and not there yet, or ready to
    leave an ED of the same organisation. Who is booked for a time that is ahead waits at home.
    `over_limit` counts people over four hours in its EDs, `crews` the ambulances at their doors.
    """

    organisation: str
    hour: int
    here: int
    capacity: int | None
    waiting: int
    ready: int
    over_limit: int
    gridlock: bool
    crews: int = 0

    @property
    def occupancy(self) -> float | None:
        """People in beds as a share of open beds."""
        return self.here / self.capacity if self.capacity else None


def pressures(
    services: Iterable[ServiceNow], runs: Mapping[str, str], limits: Limits, *, at: int
) -> list[Pressure]:
    """The pressure on each organisation with beds, the fullest first; `runs`: service to who."""
    beds: dict[str, list[ServiceNow]] = {}
    gates: dict[str, list[ServiceNow]] = {}
    for figures in services:
        if organisation := runs.get(figures.service):
            if figures.setting in BEDS:
                beds.setdefault(organisation, []).append(figures)
            elif figures.setting in GATES:
                gates.setdefault(organisation, []).append(figures)
    made = [_of(o, found, gates.get(o, []), limits, at) for o, found in beds.items()]
    return sorted(made, key=lambda each: (-(each.occupancy or 0), each.organisation))


def _of(
    organisation: str, beds: list[ServiceNow], gates: list[ServiceNow], limits: Limits, at: int
) -> Pressure:
    open_beds = [each for each in beds if each.capacity is not None]
    capacity = sum(each.capacity or 0 for each in open_beds) if open_beds else None
    here = sum(each.here or 0 for each in (open_beds or beds))
    waiting = sum((each.waiting or 0) - (each.booked or 0) for each in beds)
    waiting += sum(each.ready or 0 for each in gates)
    full = bool(capacity) and here > limits.occupancy * (capacity or 0)
    return Pressure(
        organisation=organisation,
        hour=at - at % HOUR,
        here=here,
        capacity=capacity,
        waiting=waiting,
        ready=sum(each.ready or 0 for each in beds),
        over_limit=sum(each.over_limit or 0 for each in gates),
        gridlock=full and waiting >= limits.waiting,
        crews=sum(each.crews or 0 for each in gates),
    )
