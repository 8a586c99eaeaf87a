"""What can be asked of the flow: the Now board, and who is in a service."""

import threading
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby
from typing import Any

from onesystem import access, contacts
from onesystem.district import District, current
from onesystem.district.shape import Service
from onesystem.flow import crews, now, reading
from onesystem.flow.boards.layout import layout
from onesystem.flow.occupancy import Beds, beds
from onesystem.vocabulary import NotFound, Setting
from onesystem.vocabulary.kept import from_micros, to_micros
from onesystem.vocabulary.said import say


@dataclass(frozen=True, slots=True, kw_only=True)
class Board:
    """The true figures of all services at a moment; `change` is the last change that is in them."""

    at: datetime
    change: int
    district: District
    services: dict[str, now.ServiceNow]
    heard: dict[str, datetime] = field(default_factory=dict)  # source to its last message
    rounded: now.Totals | None = None  # where small counts are hidden, sums are rounded

    @property
    def totals(self) -> now.Totals:
        """The district in one line: exact, or rounded to fives where small counts are hidden."""
        return self.rounded or now.totals(list(self.services.values()))

    def for_(self, actor: access.Actor) -> "Board":
        """The same as this actor may see it."""
        return self if sees_people(actor) else self.without_small()

    def without_small(self) -> "Board":
        """The same for those who may not see people."""
        below = self.district.suppress_below
        hidden = {c: now.hide_small(f, below=below) for c, f in self.services.items()}
        return Board(
            at=self.at,
            change=self.change,
            district=self.district,
            services=hidden,
            heard=self.heard,
            rounded=now.totals(list(self.services.values()), round_to=5),
        )


def sees_people(actor: access.Actor) -> bool:
    """Whether small counts are shown: to those who may open the people behind them."""
    return access.may(actor, "person.open")


def read_board(*, at: datetime) -> Board:
    """The whole board, from the store."""
    district, change = current(), contacts.last_change()
    local_capacity = {
        code: s.capacity_at(at, district.zone)
        for code, s in district.services.items()
        if s.on(at.date())
    }
    return Board(
        at=at,
        change=change,
        district=district,
        services=_with_crews(
            _figures(
                reading.stretches(at=to_micros(at)),
                at=to_micros(at),
                capacities=local_capacity,
                settings={code: str(s.setting) for code, s in district.services.items()},
                beds=_beds(district.services.values(), at, district),
                longest=layout(district.path).lost,
            ),
            district,
        ),
        heard=reading.last_messages(),
    )


def read_services(codes: Collection[str], *, at: datetime) -> dict[str, now.ServiceNow]:
    """The figures of some services, from the store, with those that change when they do."""
    district = current()
    if any(c in district.services and _sends_crews(district.services[c]) for c in codes):
        codes = {*codes, *(s.code for s in district.services.values() if _takes_crews(s))}
    known = [district.services[c] for c in codes if c in district.services]
    capacities = {s.code: s.capacity_at(at, district.zone) for s in known}
    found = _figures(
        reading.stretches(at=to_micros(at), services=codes),
        at=to_micros(at),
        capacities={**dict.fromkeys(codes), **capacities},
        settings={s.code: str(s.setting) for s in known},
        beds=_beds(known, at, district),
        longest=layout(district.path).lost,
    )
    return _with_crews(found, district)


@dataclass(frozen=True, slots=True, kw_only=True)
class HandOvers:
    """The crews that were at a hospital in some stretch, and at which ED each, by contact."""

    crews: list[crews.Crew]
    doors: dict[int, str]


def hand_overs(district: District, *, at: int, over: int = 0) -> HandOvers:
    """The crews at a door now, and those that handed over within `over` microseconds."""
    services = [s.code for s in district.services.values() if _sends_crews(s)]
    lost = layout(district.path).lost.get(Setting.AMBULANCE, now.DAY)
    found = reading.crews(services, at=at, since=at - lost - over, ended=at - over)
    if not found:
        return HandOvers(crews=[], doors={})
    attended = reading.reached(since=min(c.ready for c in found) - now.HOUR, at=at)
    told = {each.cause for each in attended}
    unknown = [c.identity for c in found if c.contact not in told]
    # Most attendances name their crew: only where one does not are persons asked for.
    persons = _people_of([*unknown, *(a.identity for a in attended)]) if unknown else {}
    return HandOvers(crews=found, doors=crews.doors(found, attended, persons))


def _with_crews(
    figures: dict[str, now.ServiceNow], district: District
) -> dict[str, now.ServiceNow]:
    """The figures with the crews that wait at each ED."""
    eds = [f for f in figures.values() if f.setting == Setting.ED]
    if not eds or not any(map(_sends_crews, district.services.values())):
        return figures
    at = eds[0].at
    found = hand_overs(district, at=at)
    waiting = crews.queues(found.crews, found.doors, at=at)
    made = {f.service: crews.with_queue(f, waiting.get(f.service, [])) for f in eds}
    return {**figures, **made}


def _sends_crews(service: Service) -> bool:
    return service.setting == Setting.AMBULANCE


def _takes_crews(service: Service) -> bool:
    return service.setting == Setting.ED


def _beds(services: Iterable[Service], at: datetime, district: District) -> dict[str, Beds]:
    return {
        s.code: beds(s, at, district.zone) for s in services if s.capacity and s.setting.holds_beds
    }


def _figures(
    stretches: Iterable[now.Stretch],
    *,
    at: int,
    capacities: dict[str, int | None],
    settings: dict[str, str],
    beds: dict[str, Beds],
    longest: Mapping[str, int],
) -> dict[str, now.ServiceNow]:
    """The figures of every service, worked out as its contacts go by: a district has many."""
    made = now.board((), at=at, capacities=capacities, settings=settings, beds=beds)
    for code, found in groupby(stretches, lambda s: s.service):
        alone = {code: capacities.get(code)}
        made |= now.board(
            found, at=at, capacities=alone, settings=settings, beds=beds, longest=longest
        )
    return made


class _Kept:
    """The last board of this process: many pages opened at one change work it out once."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.key: tuple[Any, ...] = ()
        self.board: Board | None = None

    def get(self, at: datetime) -> Board:
        district = current()
        key = (contacts.last_change(), int(at.timestamp() // 15), id(district))
        with self.lock:
            if self.board is None or key != self.key:
                self.board, self.key = read_board(at=at), key
            return self.board


_KEPT = _Kept()


def board(*, by: access.Actor, at: datetime) -> Board:
    """The board as this actor may see it, at most 15 seconds old and never behind a change."""
    access.require(by, "now.see")
    return _KEPT.get(at).for_(by)


def true_board(*, at: datetime) -> Board:
    """The same with nothing hidden, to be summed: never to be shown as it is."""
    return _KEPT.get(at)


def forget_board() -> None:
    """Let the next reader work the board out again."""
    _KEPT.board = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Inside:
    """A contact open in a service, with its person."""

    contact: int
    person: int
    requested: datetime | None
    started: datetime | None
    ready: datetime | None
    bed: str
    urgency: str
    reason: str


def inside(service: str, *, by: access.Actor, at: datetime) -> list[Inside]:
    """Who is in a service or waits for it. Only for those who may open people; audited."""
    access.require(by, "person.open")
    rows = reading.people_in(service, at=to_micros(at))
    people = _people_of([row[2] for row in rows])
    access.record(by=by, act="service.listed", what=service, detail={"contacts": len(rows)})
    return [
        Inside(
            contact=row[0],
            person=people.get(row[2], row[2]),
            requested=_maybe(row[3]),
            started=_maybe(row[4]),
            ready=_maybe(row[5]),
            bed=row[6],
            urgency=row[7],
            reason=row[8],
        )
        for row in rows
    ]


def known(service: str, board: Board) -> now.ServiceNow:
    """The figures of one service. Raises NotFound."""
    if service not in board.services:
        board.district.service(service)  # says which name is nearest
        raise NotFound(
            say("nothing is known of the service {service}", service=repr(service)),
            "Choose one on the board",
        )
    return board.services[service]


def _maybe(count: int | None) -> datetime | None:
    return None if count is None else from_micros(count)


def _people_of(identities: list[int]) -> dict[int, int]:
    from onesystem import people

    return dict(people.person_of(identities))
