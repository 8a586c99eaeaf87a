"""The contacts of one person as journeys, for the page that holds one against the map."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from onesystem.district import District
from onesystem.flow.journeys import one
from onesystem.flow.journeys.naming import called
from onesystem.flow.journeys.question import Question
from onesystem.flow.measures import library
from onesystem.flow.measures.days import Clock, clock
from onesystem.vocabulary import Contact

_ANY_PATH = dict.fromkeys(("through", "begins", "ends", "source", "target", "then", "along"), "")


@dataclass(frozen=True, slots=True, kw_only=True)
class Journey:
    """One journey of a person: its first anchor, and its steps, oldest first."""

    first: datetime
    steps: tuple[one.Step, ...]

    @property
    def begins(self) -> datetime:
        """When its first contact began."""
        return self.steps[0].start


def of_many(asked: Question) -> Question:
    """The question without a path: one journey is held against all of its kind."""
    return replace(asked, **_ANY_PATH)


def journeys(
    contacts: Sequence[Contact], asked: Question, *, district: District, at: datetime
) -> list[Journey]:
    """The person's journeys around the anchor that is asked for, oldest first, on whatever day.

    Sex, age, practice and place of living say whose map it is, not which contacts are anchors.
    """
    known = sorted(
        (moment, c.contact, c)
        for c in contacts
        if not c.cancelled and (moment := c.started or c.requested) is not None
    )
    anchors = [moment for moment, _, c in known if _fits(c, asked, district)]
    clocks = clock(district.zone)
    return [
        Journey(
            first=first,
            steps=tuple(
                _step(c, moment, asked, district, at, clocks)
                for moment, _, c in known
                if opens <= moment < closes
            ),
        )
        for first, opens, closes in one.journeys(anchors, before=asked.before, after=asked.after)
    ]


def _fits(contact: Contact, asked: Question, district: District) -> bool:
    service = district.services.get(contact.service)
    return all((
        not asked.setting or str(contact.setting) == asked.setting,
        not asked.service or contact.service == asked.service,
        not asked.organisation or (service and service.organisation == asked.organisation),
        not asked.place or (service and service.place == asked.place),
        not asked.reason or contact.reason.lower().startswith(asked.reason.lower()),
        not asked.condition or library.codes()[asked.condition].has(contact.reason),
    ))  # fmt: skip


def _step(
    contact: Contact,
    moment: datetime,
    asked: Question,
    district: District,
    at: datetime,
    clocks: Clock,
) -> one.Step:
    code = str(contact.setting) if asked.level == "setting" else contact.service
    return one.Step(
        kind=called(district, asked.level, code),
        service=district.service_name(contact.service),
        start=moment,
        end=contact.ended,
        contact=contact.contact,
        why=", ".join(t for t in (contact.reason, contact.urgency, contact.outcome) if t),
        cost=_cost(contact, at, clocks),
    )


def _cost(contact: Contact, at: datetime, clocks: Clock) -> int:
    """What it costs at average unit costs, as for many; see `costing`."""
    if contact.started is None:
        return 0
    setting = str(contact.setting)
    until = contact.ended or max(at, contact.started)
    nights = _day(until, clocks) - _day(contact.started, clocks)
    prices = library.prices()
    price: int = prices["unit-costs"].get(setting, 0)
    night: int = prices["night-costs"].get(setting, 0)
    return price + night * max(nights, 1)


def _day(moment: datetime, clocks: Clock) -> int:
    return clocks.day(round(moment.timestamp() * 1000))


def chosen(found: Sequence[Journey], day: str) -> Journey | None:
    """The journey whose first contact is on a day (ISO text, UTC); the latest where none is."""
    named = (j for j in found if j.begins.date().isoformat() == day)
    return next(named, found[-1] if found else None)


def until(found: Journey) -> datetime:
    """The last moment that is known of a journey."""
    return max((s.end or s.start for s in found.steps), default=found.first)
