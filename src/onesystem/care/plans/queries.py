"""What can be asked of care plans: of a person who is open, and of hand-overs to a team."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from onesystem import access, people
from onesystem.access import Asker
from onesystem.care.plans import store
from onesystem.care.plans.plan import Plan
from onesystem.care.tasks.queries import called, teams_of
from onesystem.district import District
from onesystem.people import IdentityView
from onesystem.people.mapping import person_of
from onesystem.people.presenters import name_of
from onesystem.record import queries as record
from onesystem.record.presenters import Words
from onesystem.record.summary.asking import statements_of
from onesystem.record.summary.assembling import assemble
from onesystem.record.summary.team import Carer, team_of


def plan(person: int) -> Plan:
    """The care plan of a person; the caller has opened them."""
    return store.plan_of(people.identity_ids_of(person))


@dataclass(frozen=True, slots=True)
class Around:
    """Who looks after a person besides, and what other sources plan."""

    team: list[Carer]
    plans: list[tuple[str, str]]


def around(
    person: int, known: list[IdentityView], *, by: Any, purpose: str, allowed: Any,
    here: District, at: datetime,
) -> Around:  # fmt: skip
    """The care team as the record knows it, and the plans and goals of other sources."""
    sight = record.sight_of(person, by=by, purpose=purpose, allowed=allowed)
    condition, values = sight.row_sql("e")
    identities = sight.identities(known)
    words = Words(here, at)
    said = statements_of(
        [each.identity for each in identities],
        seen=(f"{condition} AND e.source <> 'care'", tuple(values)),
        kinds=("CareTeam", "CarePlan", "Goal"),
    )
    told = assemble(said, at=at)
    line = record.line_of([i.identity for i in known], sight=sight, at=at, newest=True)
    return Around(
        team=team_of(identities, line, told.team, words),
        plans=[(each.first.words, words.source(each.first.source)) for each in told.plans],
    )


@dataclass(frozen=True, slots=True)
class Waiting:
    """A hand-over to one of somebody's teams, or to them, that nobody has taken over yet."""

    key: str
    person: int
    name: str
    team: str
    owner: str
    by: str
    at: datetime


def waiting_for(asker: Asker) -> list[Waiting]:
    """Hand-overs that wait for somebody or their teams, the oldest first."""
    access.require(asker.actor, "care.act")
    teams = teams_of(asker)
    marks = ", ".join(["%s"] * len(teams))
    to_team = f"(h.owner = '' AND h.team IN ({marks})) OR " if teams else ""
    inside, scoped = access.scope(asker).sql("h.identity")
    found = store.waiting(
        f"({to_team}h.owner = %s) AND {inside}", [*teams, asker.actor.name, *scoped]
    )
    persons = person_of([each.identity for each in found])
    told = called(persons.values())
    return [
        Waiting(each.key, persons[each.identity], _name(told.get(persons[each.identity])),
                each.team, each.owner, each.by, each.at)
        for each in found
    ]  # fmt: skip


def _name(who: IdentityView | None) -> str:
    return name_of(who.given, who.family) if who else name_of("", "")
