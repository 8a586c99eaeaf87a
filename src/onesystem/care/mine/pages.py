"""My care: my plan, my requests and where each stands, what is booked, and who looks after me.

Whoever acts for somebody sees here what they see of the record: nothing that the person marked
confidential, no kind of data and no sender that is shut to them.
"""

from dataclasses import dataclass
from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from onesystem import district, people
from onesystem.access.models import User
from onesystem.access.quick import rows
from onesystem.access.reading import sealed_items
from onesystem.care.message import SOURCE
from onesystem.care.mine import plain
from onesystem.care.plans import queries as plans
from onesystem.care.practice.leads import lead
from onesystem.care.requests import queries as requests
from onesystem.care.tasks import queries as tasks
from onesystem.care.tasks.telling import visit_key
from onesystem.record.columns import entry_id
from onesystem.record.mine.door import opens_own
from onesystem.record.mine.pages import show
from onesystem.record.sight import Sight
from onesystem.vocabulary import contact_id
from onesystem.vocabulary.kept import from_micros, to_micros
from onesystem.vocabulary.said import say

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
    own = request.asker.person == person  # type: ignore[attr-defined]
    hidden = frozenset() if own else sealed_items(person)
    sight = Sight(request.allowed, hidden)  # type: ignore[attr-defined]
    asked, ahead = _asked(ids, at, sight), _ahead(person, ids, at, sight)
    plan, opens = plans.plan(person), sight.opens(SOURCE, "", district.current())
    around = plans.around(
        person, known, by=request.actor, purpose=request.purpose, allowed=request.allowed,  # type: ignore[attr-defined]
        here=district.current(), at=at,
    )  # fmt: skip
    goals = [g for g in plan.goals if opens and not _sealed(sight, "Goal", g.key)]
    return show(
        request, "care/mine/care.html", person,
        answer=plain.answer(asked, len(ahead)), asked=[a for a in asked if a.open],
        ended=[a for a in asked if not a.open][:_ENDED], ahead=ahead, goals=goals,
        members=[m for m in plan.members if opens and not m.gone], around=around,
        leads=lead(person), names=_names({g.by for g in goals} | {a.by for a in asked}),
    )  # fmt: skip


def _sealed(sight: Sight, kind: str, key: str, source: str = SOURCE) -> bool:
    """Whether the person marked confidential what the record keeps of it."""
    return bool(sight.sealed) and entry_id(source, kind, key) in sight.sealed


def _key(number: str) -> str:
    """The key under which the record keeps a request."""
    return number if number.startswith("ServiceRequest/") else f"ServiceRequest/{number}"


def _names(usernames: set[str]) -> dict[str, str]:
    """What those are called who wrote or sent it; a feed's are named as it names them."""
    found = User.objects.filter(username__in=usernames - {""})
    return {u.username: u.get_full_name() or u.username for u in found}


def _asked(ids: list[int], at: datetime, sight: Sight) -> list[plain.Asked]:
    """The requests about one that are open to whoever looks, newest first."""
    here = district.current()
    found = [
        each for each in requests.of_person(ids)
        if sight.opens(each.source, each.service, here) and each.request not in sight.sealed
        and not _sealed(sight, "ServiceRequest", _key(each.key), each.source)
    ]  # fmt: skip
    clocks = requests.clocks(found)
    return [
        plain.asked(
            each, here.service_name(each.service) or say("a service"), clocks.get(each.request), at
        )
        for each in found
    ]


def _ahead(person: int, ids: list[int], at: datetime, sight: Sight) -> list[Ahead]:
    """What is planned: appointments of every source, and visits of teams, soonest first."""
    here = district.current()
    visits = [t for t in (line.task for line in tasks.of_person(person)) if t.visit and t.due >= at]
    told = {contact_id(SOURCE, visit_key(t.key)) for t in visits}  # they are in the log as well
    planned = [
        (t.due, t.words, here.service_name(t.team)) for t in visits
        if sight.opens(SOURCE, t.team, here) and not _sealed(sight, "Task", f"task:{t.key}")
        and contact_id(SOURCE, visit_key(t.key)) not in sight.sealed
    ]  # fmt: skip
    same = {(when, place) for when, _, place in planned}
    for contact, source, count, reason, service in _planned(ids, at):
        when, place = from_micros(count), here.service_name(service)
        shown = contact not in sight.sealed and sight.opens(source, service, here)
        if shown and contact not in told and (when, place) not in same:
            planned.append((when, reason or "Appointment", place))
    found = [
        Ahead(at=when, when=plain.in_time(when, at), words=words, place=place)
        for when, words, place in planned
    ]
    return sorted(found, key=lambda each: each.at)


def _planned(ids: list[int], at: datetime) -> list[tuple[int, str, int, str, str]]:
    if not ids:
        return []
    marks = ", ".join(["%s"] * len(ids))
    return rows(
        "SELECT contact, source, planned, reason, service FROM contacts_contact"
        f" WHERE identity IN ({marks}) AND planned >= %s AND started IS NULL AND ended IS NULL"
        " AND NOT cancelled ORDER BY planned LIMIT 100",
        [*ids, to_micros(at)],
    )
