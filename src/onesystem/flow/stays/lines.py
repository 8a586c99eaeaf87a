"""People on a board, each as one line: where, for how long, what next and who owes it, and why."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from onesystem import access, people
from onesystem.district import District, current
from onesystem.flow.asked import open_requests_of
from onesystem.flow.stays import facts, reading
from onesystem.flow.stays.facts import Conflict, Said
from onesystem.flow.stays.steps import Step, next_steps
from onesystem.flow.stays.taking import standing_of
from onesystem.people.mapping import views
from onesystem.vocabulary import Setting
from onesystem.vocabulary.kept import from_micros, to_micros
from onesystem.vocabulary.said import say

MANY = 2000


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """Somebody in a place, or waiting for it."""

    contact: int
    visit: int
    person: int
    name: str
    service: str
    bed: str
    requested: datetime | None
    started: datetime | None
    ready: datetime | None
    ended: datetime | None
    urgency: str
    reason: str
    source: str
    steps: tuple[Step, ...]
    said: Mapping[str, Said]
    conflicts: tuple[Conflict, ...]

    @property
    def since(self) -> datetime | None:
        """Since when they are in this state."""
        return self.started or self.requested

    @property
    def leaves(self) -> datetime | None:
        """When they are expected to leave."""
        word = self.said.get(facts.LEAVE)
        return datetime.fromisoformat(word.value) if word and word.value else None

    @property
    def initials(self) -> str:
        """The initials of the name, where one is shown."""
        return "".join(part[0] for part in self.name.replace(",", " ").split()[:3])

    @property
    def words(self) -> list[Said]:
        """What was said on boards and stands, the latest first."""
        told = [s for s in self.said.values() if s.fact not in {facts.UNDO, facts.SETTLED}]
        return sorted(told, key=lambda each: -each.at)


def lines(
    services: Collection[str], *, by: access.Actor, at: datetime, heed: bool = True
) -> list[Line]:
    """Who is in these places, the longest here first. Only for those who may open people.

    The look is recorded unless `heed` says that it is the same look still, caught up.
    """
    access.require(by, "person.open")
    found = reading.open_in(services, at=to_micros(at), limit=MANY)
    if heed:
        counted = Counter(row.service for row in found)
        access.record_many(
            [
                access.Row(by=by, act="service.listed", what=service,
                           detail={"contacts": counted[service]})
                for service in sorted(services)
            ]
        )  # fmt: skip
    return of(found, by=by, at=at)


def one(contact: int, *, by: access.Actor, at: datetime) -> Line:
    """One stay. The look is recorded. Raises NotFound."""
    access.require(by, "person.open")
    [line] = of([reading.contact(contact)], by=by, at=at)
    access.record(by=by, act="stay.seen", what=line.service, person=line.person,
                  detail={"contact": contact})  # fmt: skip
    return line


def of(found: list[reading.Open], *, by: access.Actor, at: datetime) -> list[Line]:
    """Contacts that are open as lines."""
    district, moment = current(), to_micros(at)
    whose = reading.persons(row.identity for row in found)
    person_of = people.person_of([row.identity for row in found])
    steps = _steps(whose, moment, district)
    said = standing_of({row.visit for row in found})
    names = _names(found, by, district)
    made = []
    for row in found:
        person = person_of.get(row.identity, row.identity)
        stands = said.get(row.visit, [])
        mine = {s.fact: s for s in stands if s.fact in facts.OF_VISIT or s.contact == row.contact}
        done = frozenset(s.value for s in stands if s.fact == facts.DONE)
        now = facts.Now(
            contact=row.contact, service=row.service, bed=row.bed,
            ended=row.ended is not None and row.ended <= moment,
            ready=row.ready is not None and row.ready <= moment,
        )  # fmt: skip
        own = _own(mine.get(facts.NEXT))
        asked = [s for s in steps.get(person, []) if s.id != str(row.contact)]
        began = row.started if row.started is not None else row.requested
        made.append(
            Line(
                contact=row.contact, visit=row.visit, person=person,
                name=names.get(row.identity, ""), service=row.service, bed=row.bed,
                requested=_maybe(row.requested), started=_past(row.started, moment),
                ready=None if row.started is None else _past(row.ready, moment),
                ended=_past(row.ended, moment),
                urgency=row.urgency, reason=row.reason, source=row.source, said=mine,
                steps=tuple(next_steps([*own, *asked], began=began, at=moment, done=done)),
                conflicts=tuple(facts.conflicts(stands, now)),
            )
        )  # fmt: skip
    return made


def _own(said: Said | None) -> list[Step]:
    if said is None or not said.value:
        return []
    return [Step(words=said.value, owner=said.note, since=said.at, by=said.by)]


def _steps(whose: Mapping[int, int], at: int, district: District) -> dict[int, list[Step]]:
    """What is open for each person: requests, and contacts that were asked for."""
    made: dict[int, list[Step]] = {}
    for identity, asked in open_requests_of(whose):
        made.setdefault(whose[identity], []).append(
            Step(
                words=asked.what or "Request",
                owner=_owner(asked.service, district),
                since=to_micros(asked.at) if asked.at else None,
                source=asked.source,
                id=str(asked.request),
            )
        )
    for row in reading.waiting_of(whose, at=at):
        made.setdefault(whose[row.identity], []).append(
            Step(
                words=_asked_for(row, district),
                owner=_organisation(row.service, district),
                since=row.requested,
                source=row.source,
                id=str(row.contact),
            )
        )
    return made


def _asked_for(row: reading.Open, district: District) -> str:
    if row.setting in set(Setting) and Setting(row.setting).holds_beds:
        return say("Bed on {service_name}", service_name=district.service_name(row.service))
    if row.setting == Setting.AMBULANCE:
        return "Transport"
    return district.service_name(row.service)


def _owner(service: str, district: District) -> str:
    """Who owes it: the service that was asked, in its source's words where it is not ours."""
    return district.service_name(service)


def _organisation(service: str, district: District) -> str:
    """Whose service it is, where the words of the step name the service already."""
    known = district.services.get(service)
    runs = district.organisations.get(known.organisation) if known else None
    return runs.name if runs else service


def _names(found: Iterable[reading.Open], by: access.Actor, district: District) -> dict[int, str]:
    """Names of those who are with the actor's own organisation; others are known by number.

    Never in a place whose very name says something that is sensitive.
    """
    mine = {
        code
        for code, service in district.services.items()
        if by.organisation and service.organisation == by.organisation and not service.sensitive
    }
    shown = {row.identity for row in found if row.service in mine}
    return {view.identity: f"{view.family}, {view.given}".strip(", ") for view in views(shown)}


def _maybe(count: int | None) -> datetime | None:
    return None if count is None else from_micros(count)


def _past(count: int | None, at: int) -> datetime | None:
    return None if count is None or count > at else from_micros(count)
