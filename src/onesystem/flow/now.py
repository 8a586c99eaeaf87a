"""Who is where now, who waits, and how that compares with capacity. Pure.

A contact is *waiting* from its request until it starts, *here* from its start until its end, and
*ready to go* while it is here and its ready time has passed. What lies ahead of the moment asked
for has not happened: an end booked for tomorrow is not an end, a request dated next week waits
for nothing yet. What is open for longer than its setting can keep anybody has *lost* its end: it
is counted apart, so that the board does not fill with those whom nobody sent home. Times are
whole microseconds since 1970 in UTC.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from statistics import median
from typing import NamedTuple

from onesystem.flow.occupancy import Beds, share, used
from onesystem.vocabulary import Setting

SECOND = 1_000_000
HOUR = 3600 * SECOND
DAY = 24 * HOUR
ED_LIMIT = 4 * HOUR  # NHS constitution standard: admitted, transferred or home within four hours


class Stretch(NamedTuple):
    """What the board needs of a contact."""

    service: str
    setting: str
    source: str
    requested: int | None
    started: int | None
    ready: int | None
    ended: int | None
    planned: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceNow:
    """The figures of one service at a moment. None is a count that is hidden, or not known.

    `booked` are those of the waiting whose booked time is still ahead: they wait at home.
    `waiting_since` and `here_since` are the moments at which the longest wait and the longest
    stay began; `arrived` and `departed` count each of the last 24 hours, oldest first.
    `occupied_today` and `occupied_day` are weighted by time: since midnight, and over 24 hours.
    `crews` are ambulances at an ED's door that have not handed over, `crews_since` the moment at
    which the one that waits longest came.
    """

    service: str
    setting: str
    at: int
    here: int | None = 0
    waiting: int | None = 0
    booked: int | None = 0
    ready: int | None = 0
    over_limit: int | None = None
    lost: int | None = 0
    crews: int | None = 0
    crews_since: int | None = None
    waiting_since: int | None = None
    median_wait: int | None = None
    here_since: int | None = None
    capacity: int | None = None
    arrivals: int | None = 0
    departures: int | None = 0
    arrived: tuple[int | None, ...] = (0,) * 24
    departed: tuple[int | None, ...] = (0,) * 24
    occupied_today: float | None = None
    occupied_day: float | None = None
    sources: tuple[str, ...] = ()
    hidden: bool = False

    @property
    def occupancy(self) -> float | None:
        """People here as a share of capacity; None where either is not known, or it is closed."""
        if self.here is None or not self.capacity:
            return None
        return self.here / self.capacity

    @property
    def free(self) -> int | None:
        """How many more it could take; below nought where it holds more than it can."""
        return None if self.here is None or self.capacity is None else self.capacity - self.here

    @property
    def full(self) -> bool:
        """Whether more are here than it can hold."""
        return self.here is not None and self.capacity is not None and self.here > self.capacity

    @property
    def stirs(self) -> bool:
        """Whether there is anything to see: somebody here or waiting, or movement in a day."""
        return self.hidden or bool(self.here or self.waiting or self.arrivals or self.departures)


def figures(
    stretches: Iterable[Stretch],
    *,
    service: str,
    setting: str,
    at: int,
    capacity: int | None = None,
    beds: Beds | None = None,
    longest: int | None = None,
) -> ServiceNow:
    """The figures of one service from its open contacts and those that ended in the last day.

    What is open for more than `longest` microseconds has lost its end.
    """
    here: list[int] = []
    stays: list[tuple[int, int | None]] = []
    waits: list[int] = []
    ready = over = lost = booked = 0
    arrived, departed = [0] * 24, [0] * 24
    sources: set[str] = set()
    for s in stretches:
        sources.add(s.source)
        gone = s.ended is not None and s.ended <= at
        if longest and not gone and s.started is not None and at - s.started > longest:
            lost += 1
        elif s.started is not None and s.started <= at:
            _count(arrived, s.started, at)
            stays.append((s.started, s.ended))
            if not gone:
                here.append(s.started)
                ready += s.ready is not None and s.ready <= at
                over += at - s.started > ED_LIMIT
            elif s.ended is not None:
                _count(departed, s.ended, at)
        elif not gone and s.requested is not None and s.requested <= at:
            waits.append(s.requested)
            booked += s.planned is not None and s.planned > at
    today = day = None
    if beds:
        today = share(used(stays, since=beds.midnight, until=at), beds.today)
        day = share(used(stays, since=at - DAY, until=at), beds.day)
    return ServiceNow(
        service=service,
        setting=setting,
        at=at,
        here=len(here),
        waiting=len(waits),
        booked=booked,
        ready=ready,
        over_limit=over if setting == Setting.ED else None,
        lost=lost,
        waiting_since=min(waits, default=None),
        median_wait=int(median(at - w for w in waits)) if waits else None,
        here_since=min(here, default=None),
        capacity=capacity,
        arrivals=sum(arrived),
        departures=sum(departed),
        arrived=tuple(arrived),
        departed=tuple(departed),
        occupied_today=today,
        occupied_day=day,
        sources=tuple(sorted(sources)),
    )


def _count(hours: list[int], moment: int, at: int) -> None:
    """Count a moment in its hour; the last hour ends at `at`, which it includes."""
    back = (at - moment) // HOUR
    if 0 <= back < 24:
        hours[23 - back] += 1


def board(
    stretches: Iterable[Stretch],
    *,
    at: int,
    capacities: dict[str, int | None],
    settings: dict[str, str],
    beds: Mapping[str, Beds] | None = None,
    longest: Mapping[str, int] | None = None,
) -> dict[str, ServiceNow]:
    """The figures of every service that has contacts or is in `capacities`, by its code.

    `longest` says by setting for how long a contact can be open, in microseconds.
    """
    by_service: dict[str, list[Stretch]] = {code: [] for code in capacities}
    for stretch in stretches:
        by_service.setdefault(stretch.service, []).append(stretch)
    made = {}
    for code, found in by_service.items():
        setting = settings.get(code) or (found[0].setting if found else "")
        made[code] = figures(
            found,
            service=code,
            setting=setting,
            at=at,
            capacity=capacities.get(code),
            beds=beds.get(code) if beds else None,
            longest=longest.get(setting) if longest else None,
        )
    return made


def hide_small(figures: ServiceNow, *, below: int) -> ServiceNow:
    """The figures for someone who may not see people: counts of 1 to `below` - 1 are hidden.

    A wait or a stay is hidden with the count that it belongs to: the longest of two waits is one
    person's. Nought is shown, since it tells of nobody.
    """

    def hide(count: int | None) -> int | None:
        return None if count is not None and 0 < count < below else count

    def few(share: float | None) -> bool:
        return share is not None and 0 < share * (figures.capacity or 0) < below

    waiting, here, crews = hide(figures.waiting), hide(figures.here), hide(figures.crews)
    shown = replace(
        figures,
        here=here,
        waiting=waiting,
        booked=hide(figures.booked),
        ready=hide(figures.ready),
        over_limit=hide(figures.over_limit),
        lost=hide(figures.lost),
        crews=crews,
        crews_since=figures.crews_since if crews else None,
        waiting_since=figures.waiting_since if waiting else None,
        median_wait=figures.median_wait if waiting else None,
        here_since=figures.here_since if here else None,
        arrivals=hide(figures.arrivals),
        departures=hide(figures.departures),
        arrived=tuple(map(hide, figures.arrived)),
        departed=tuple(map(hide, figures.departed)),
        occupied_today=None if few(figures.occupied_today) else figures.occupied_today,
        occupied_day=None if few(figures.occupied_day) else figures.occupied_day,
    )
    return shown if shown == figures else replace(shown, hidden=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Totals:
    """The district in one line. `about` where a total would give a hidden count away."""

    services: int
    here: int
    waiting: int
    ready: int
    over_limit: int
    full: tuple[str, ...]
    crews: int = 0
    about: bool = False


def totals(every: Sequence[ServiceNow], *, round_to: int = 1) -> Totals:
    """Sums over services, from the true figures; rounded where parts of them are hidden."""

    def about(count: int) -> int:
        return round(count / round_to) * round_to

    return Totals(
        services=sum(1 for f in every if f.stirs),
        here=about(sum(f.here or 0 for f in every)),
        waiting=about(sum(f.waiting or 0 for f in every)),
        ready=about(sum(f.ready or 0 for f in every)),
        over_limit=about(sum(f.over_limit or 0 for f in every)),
        full=tuple(f.service for f in every if f.full),
        crews=about(sum(f.crews or 0 for f in every)),
        about=round_to > 1,
    )
