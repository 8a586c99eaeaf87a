"""Where a crew is: the contact of the ambulance that is with somebody, and whom crews are with."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from onesystem import access, people
from onesystem.access import Asker
from onesystem.access.quick import rows
from onesystem.district import current, now
from onesystem.people.mapping import views
from onesystem.vocabulary import Setting, key_elsewhere
from onesystem.vocabulary.kept import from_micros, to_micros

LATE = timedelta(hours=12)  # how long after a call ended its crew may still write of it
MOST = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """The ambulance's contact with somebody; `contact` 0 where no source told of one yet."""

    contact: int = 0
    visit: str = ""
    source: str = ""
    service: str = ""
    started: datetime | None = None
    ended: datetime | None = None
    urgency: str = ""
    reason: str = ""

    @property
    def cause(self) -> str:
        """The key by which what the crew does is caused by it; empty where there is none."""
        return key_elsewhere(self.source, self.visit)


@dataclass(frozen=True, slots=True, kw_only=True)
class There:
    """Somebody whom a crew of one's own organisation is with, or is on its way to."""

    person: int
    name: str
    born: str
    since: datetime
    reason: str
    urgency: str
    ended: bool


def ambulances(by: Asker) -> list[str]:
    """The ambulance services of somebody's organisations."""
    return [
        s.code for s in current().services.values()
        if s.setting is Setting.AMBULANCE and s.organisation in by.organisations
    ]  # fmt: skip


def scene_of(person: int, by: Asker) -> Scene:
    """The newest contact of one's own ambulance with somebody, open or just ended."""
    services, identities = ambulances(by), people.identity_ids_of(person)
    if not services or not identities:
        return Scene()
    found = rows(
        "SELECT contact, key, source, service, started, ended, urgency, reason"
        f" FROM contacts_contact WHERE identity IN ({_marks(identities)})"
        f" AND service IN ({_marks(services)}) AND NOT cancelled"
        " AND (ended IS NULL OR ended > %s)"
        " ORDER BY coalesce(started, requested) DESC LIMIT 1",
        [*identities, *services, to_micros(now() - LATE)],
    )
    if not found:
        return Scene()
    contact, key, source, service, started, ended, urgency, reason = found[0]
    return Scene(
        contact=contact, visit=key, source=source, service=service, started=_maybe(started),
        ended=_maybe(ended), urgency=urgency, reason=reason,
    )  # fmt: skip


def with_crews(by: Asker) -> list[There]:
    """Whom the crews of one's organisations are with, and were until an hour ago; newest first.

    Being with the crew is the tie; the look is recorded, once for the list (decision 0159).
    """
    access.require(by.actor, "triage.use")
    services = ambulances(by)
    if not services:
        return []
    at = now()
    found = rows(
        "SELECT identity, coalesce(started, requested), reason, urgency, ended"
        f" FROM contacts_contact WHERE service IN ({_marks(services)}) AND NOT cancelled"
        " AND coalesce(started, requested) BETWEEN %s AND %s AND (ended IS NULL OR ended > %s)"
        " ORDER BY 2 DESC LIMIT %s",
        [*services, to_micros(at - timedelta(days=1)), to_micros(at),
         to_micros(at - timedelta(hours=1)), MOST],
    )  # fmt: skip
    names = {view.identity: view for view in views({row[0] for row in found})}
    person_of = people.person_of([row[0] for row in found])
    access.record(by=by.actor, act="crew.listed", what=" ".join(services), purpose=by.purpose,
                  detail={"contacts": len(found)})  # fmt: skip
    return [
        There(
            person=person_of.get(identity, identity),
            name=f"{view.given} {view.family}".strip() if view else "",
            born=view.birth_date if view else "", since=from_micros(since), reason=reason,
            urgency=urgency, ended=ended is not None,
        )
        for identity, since, reason, urgency, ended in found
        for view in [names.get(identity)]
    ]  # fmt: skip


def _maybe(count: int | None) -> datetime | None:
    return None if count is None else from_micros(count)


def _marks(values: list) -> str:
    return ", ".join(["%s"] * len(values))
