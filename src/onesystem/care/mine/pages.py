"""My care: my plan, my requests and where each stands, what is booked, and who looks after me."""

from dataclasses import dataclass
from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from onesystem import district, people
from onesystem.access.quick import rows
from onesystem.access.reading import sealed_items
from onesystem.care.mine import plain
from onesystem.care.plans import queries as plans
from onesystem.care.practice.leads import lead
from onesystem.care.requests import queries as requests
from onesystem.care.tasks import queries as tasks
from onesystem.record.mine.door import opens_own
from onesystem.record.mine.pages import show
from onesystem.vocabulary.kept import from_micros, to_micros

_ENDED = 12  # requests that are done and still shown


@dataclass(frozen=True, slots=True, kw_only=True)
class Ahead:
    """Something that is planned: when, what, with whom."""

    at: datetime
    when: str
    words: str
    place: str


@require_safe
@opens_own
def care(request: HttpRequest, person: int) -> HttpResponse:
    """One's own care, in plain words."""
    at, known = district.now(), people.identities_of(person)
    ids = [each.identity for each in known]
    asked = _asked(ids, at)
    own = request.asker.person == person  # type: ignore[attr-defined]
    ahead = _ahead(person, ids, at, hidden=frozenset() if own else sealed_items(person))
    plan = plans.plan(person)
    around = plans.around(
        person, known, by=request.actor, purpose=request.purpose, allowed=request.allowed,  # type: ignore[attr-defined]
        here=district.current(), at=at,
    )  # fmt: skip
    return show(
        request, "care/mine/care.html", person,
        answer=plain.answer(asked, len(ahead)), asked=[a for a in asked if a.open],
        ended=[a for a in asked if not a.open][:_ENDED], ahead=ahead,
        goals=plan.goals, members=[m for m in plan.members if not m.gone], around=around,
        leads=lead(person),
    )  # fmt: skip


def _asked(ids: list[int], at: datetime) -> list[plain.Asked]:
    """The requests about one, newest first."""
    found, here = requests.of_person(ids), district.current()
    clocks = requests.clocks(found)
    return [
        plain.asked(each, here.service_name(each.service) or "a service", clocks.get(each.request),
                    at)
        for each in found
    ]  # fmt: skip


def _ahead(person: int, ids: list[int], at: datetime, *, hidden: frozenset[int]) -> list[Ahead]:
    """What is planned: appointments of every source, and visits of teams, soonest first.

    `hidden`: what the person marked confidential, from whoever acts for them.
    """
    here = district.current()
    visits = [line.task for line in tasks.of_person(person) if line.task.visit]
    planned = [(t.due, t.words, here.service_name(t.team)) for t in visits if t.due >= at]
    told = {(when, place) for when, _, place in planned}  # a visit is in the log as well
    for contact, count, reason, service in _planned(ids, at):
        when, place = from_micros(count), here.service_name(service)
        if contact not in hidden and (when, place) not in told:
            planned.append((when, reason or "Appointment", place))
    found = [
        Ahead(at=when, when=plain.in_time(when, at), words=words, place=place)
        for when, words, place in planned
    ]
    return sorted(found, key=lambda each: each.at)


def _planned(ids: list[int], at: datetime) -> list[tuple[int, int, str, str]]:
    if not ids:
        return []
    marks = ", ".join(["%s"] * len(ids))
    return rows(
        "SELECT contact, planned, reason, service FROM contacts_contact"
        f" WHERE identity IN ({marks}) AND planned >= %s AND started IS NULL AND ended IS NULL"
        " AND NOT cancelled ORDER BY planned LIMIT 100",
        [*ids, to_micros(at)],
    )
