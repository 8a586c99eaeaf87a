"""What can be asked of tasks, by whom. A team's tasks are seen by those of its organisation.

As on boards (0159), whoever may open people sees the names of those whom their own teams look
after; being on the team's list is the tie, and the look is in the trail.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from onesystem import access
from onesystem.access import Actor, Asker
from onesystem.care.tasks import store
from onesystem.care.tasks.listing import Line, Wanted, fits, ordered
from onesystem.care.tasks.series import Seen, seen
from onesystem.care.tasks.store import Row
from onesystem.care.tasks.task import LIVE, Task, series_of, turn
from onesystem.district import current, now
from onesystem.people.mapping import IdentityView, person_of
from onesystem.people.presenters import name_of
from onesystem.vocabulary import NotFound, NotPermitted
from onesystem.vocabulary.kept import to_micros
from onesystem.vocabulary.said import say

_CLOSED = timedelta(days=14)  # how far back what is done shows on the list
_TURNS = timedelta(days=32)  # how far back turns of series are looked at
_LIVE = "t.state IN ('open', 'started')"


def asker_for(actor: Actor) -> Asker:
    """Somebody as they ask for the list of their teams. Raises NotPermitted."""
    access.require(actor, "care.act")
    for purpose in (say("direct care"), say("care coordination")):
        if access.may_open(actor, purpose):
            return access.asker_of(actor, purpose)
    raise NotPermitted("your role sees no tasks about people", "Ask whoever looks after them.")


def teams_of(asker: Asker) -> tuple[str, ...]:
    """The services of the organisations that somebody works for."""
    here = current()
    return tuple(code for code, s in here.services.items() if s.organisation in asker.organisations)


def tasks_for(asker: Asker, wanted: Wanted) -> list[Line]:
    """The tasks of somebody's teams, and their own, as they stand. Not audited here."""
    access.require(asker.actor, "care.act")
    at, zone = now(), current().zone
    whose, values = _whose(asker, wanted)
    inside, scoped = access.scope(asker).sql("t.identity")
    closed = to_micros(at - _CLOSED)
    lately = f"{_LIVE} OR t.ended >= %s OR (t.series <> '' AND t.due >= %s)"
    rows = store.where(
        f"({whose}) AND ({lately}) AND {inside}",
        [*values, closed, to_micros(at - _TURNS), *scoped],
    )
    found = [
        line
        for line in lines_of(rows, at)
        if fits(line, wanted, me=asker.actor.name, now=at, zone=zone)
    ]
    return ordered(found, zone)


def _whose(asker: Asker, wanted: Wanted) -> tuple[str, list[Any]]:
    teams = teams_of(asker)
    if wanted.whose == "mine" or not teams:
        return "t.owner = %s", [asker.actor.name]
    marks = ", ".join(["%s"] * len(teams))
    if wanted.whose == "nobody":
        return f"t.team IN ({marks})", [*teams]
    return f"t.team IN ({marks}) OR t.owner = %s", [*teams, asker.actor.name]


def lines_of(rows: Sequence[Row], at: datetime) -> list[Line]:
    """Rows as lines: series as their turns, with who the person is and where they live."""
    by_key = {task.key: identity for identity, task in rows}
    persons = person_of(set(by_key.values()))
    told = called(persons.values())
    found = []
    for each in seen([task for _, task in rows], now=at, zone=current().zone):
        identity = by_key.get(each.task.key) or by_key[each.task.series]
        person = persons[identity]
        found.append(_line(each, person, told.get(person)))
    return found


def _line(each: Seen, person: int, who: IdentityView | None) -> Line:
    service = current().services.get(each.task.team)
    if who is None or (service is not None and service.sensitive):
        return Line(task=each.task, standing=each.standing, passed=each.passed, person=person,
                    name=say("Person {person}", person=person))  # fmt: skip
    kept = who.restricted
    return Line(
        task=each.task, standing=each.standing, passed=each.passed, person=person,
        name=name_of(who.given, who.family), postcode="" if kept else who.postcode,
        address=say("Address is sensitive") if kept else who.address,
        phone="" if kept else who.phone,
    )  # fmt: skip


def called(persons: Iterable[int]) -> dict[int, IdentityView]:
    """What each person is called: as the source that described them last says."""
    from onesystem.flow.coordination.queries import names

    found: dict[int, IdentityView] = names(persons)
    return found


@dataclass(frozen=True, slots=True)
class Plain:
    """Something of another list of the district that its owner has to do."""

    words: str
    owner: str
    due: datetime | None
    late: bool
    href: str
    person: int | None = None


def of_person(person: int, *, closed: bool = False) -> list[Line]:
    """The tasks of one person as they stand; the caller has opened the person."""
    rows = store.where(
        "t.identity IN (SELECT p.id FROM people_identity p WHERE p.person = %s)", [person]
    )
    lines = lines_of(rows, now())
    return [each for each in lines if closed or each.task.state in LIVE]


def series_of_person(person: int) -> list[Task]:
    """The series of one person that are going on."""
    rows = store.where(
        "t.identity IN (SELECT p.id FROM people_identity p WHERE p.person = %s)"
        f" AND t.repeats <> '' AND {_LIVE}",
        [person],
    )
    return [task for _, task in rows]


def one(person: int, key: str) -> Line:
    """One task of a person, by its key, as it stands; the caller has opened the person."""
    found = store.one(key)
    series, day = series_of(key)
    if found is None and day is not None and (head := store.one(series)):
        from onesystem.care.tasks.acting import falls_on_turn

        if falls_on_turn(head[1], day):
            found = (head[0], turn(head[1], day, current().zone))
    if found is None or person_of([found[0]]).get(found[0]) != person:
        raise NotFound("there is no such task of this person", "Look at the list again.")
    task = found[1]
    who = called([person]).get(person)
    return _line(Seen(task, task.standing(now())), person, who)


def rule_of(task: Task) -> str:
    """How often the series of a task comes again; empty where it is of none."""
    head = store.one(task.series) if task.series else None
    return head[1].repeats if head else ""
