"""The worklist as one asker may see it; for everybody else, how many there are.

A person is listed where one of their identities is in the asker's scope. A line of the working is
told where every sender that it rests on is: what a person or an agreement keeps back is neither
shown nor counted, and the score is the sum of the lines that are left.
"""

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from django.conf import settings

from onesystem import access
from onesystem.access import Actor, Asker
from onesystem.access.lines import lines_for
from onesystem.district import current, now
from onesystem.flow.coordination import store
from onesystem.flow.coordination.scoring import Fact
from onesystem.flow.coordination.steps import Standing, Step, standing, tasks
from onesystem.flow.measures.days import day_of, years_between
from onesystem.flow.measures.store import portions, rows
from onesystem.flow.measures.suppression import shown
from onesystem.people.mapping import views
from onesystem.vocabulary import NotPermitted, to_local
from onesystem.vocabulary.said import say

PURPOSES = (say("care coordination"), say("direct care"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """One line of the working, as it is shown."""

    flag: str
    count: int
    points: int
    newest: int
    facts: tuple[Fact, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """Somebody on the list. `told` are the indices as they are kept."""

    person: int
    practice: str
    area: str
    age: int | None
    band: str
    score: int
    lines: tuple[Told, ...]
    standing: Standing
    told: str
    tasks: tuple[Step, ...] = ()

    @property
    def indices(self) -> Mapping[str, float | int | None]:
        """The indices by name; None where too little is known."""
        found: dict[str, float | int | None] = json.loads(self.told)
        return found

    @property
    def flags(self) -> frozenset[str]:
        """The flags that were raised."""
        return frozenset(each.flag for each in self.lines)


def purposes_for(actor: Actor) -> tuple[str, ...]:
    """For which purposes somebody may see who is on the list; none: counts only."""
    return tuple(p for p in PURPOSES if access.may_open(actor, p))


def may_export(actor: Actor, purpose: str) -> bool:
    """Whether somebody may take the list away as a file."""
    if actor.is_job:
        return True
    lines = lines_for(actor.roles, purpose, now().date())
    return any("export" in line.actions and line.record for line in lines)


def worklist(asker: Asker) -> list[Row]:
    """Everybody on the list whom the asker may see, the highest score first. Not audited here.

    Raises NotPermitted.
    """
    if not access.may_open(asker.actor, asker.purpose):
        raise NotPermitted(
            "your role sees how many people are on this list, not who",
            "Somebody who looks after people sees them",
        )
    lines: dict[int, list[Told]] = {}
    for person, flag, count, points, newest in _lines(asker):
        told = Told(flag=flag, count=count, points=points, newest=newest)
        lines.setdefault(person, []).append(told)
    today = day_of(to_local(now(), current().zone).date())
    steps = store.every_step()
    found = [
        _row(told, lines[told[0]], steps.get(told[0], []), today)
        for told in rows("SELECT person, practice, area, born, band, indices FROM flow_listed")
        if told[0] in lines
    ]
    return sorted(
        found, key=lambda row: (-row.score, -max(t.newest for t in row.lines), row.person)
    )


def _row(told: tuple[Any, ...], lines: list[Told], steps: list[Step], today: int) -> Row:
    person, practice, area, born, band, indices = told
    return Row(
        person=person,
        practice=practice,
        area=area,
        age=years_between(born, today),
        band=band,
        score=sum(line.points for line in lines),
        lines=tuple(sorted(lines, key=lambda line: (-line.points, line.flag))),
        standing=standing(steps, today=today, newest=max(line.newest for line in lines)),
        told=indices,
        tasks=tuple(tasks(steps)),
    )


def _lines(asker: Asker, person: int | None = None, facts: bool = False) -> list[tuple[Any, ...]]:
    """The lines of the working whose person and senders are in the asker's scope."""
    scope = access.scope(asker)
    inside, values = scope.sql("x.id", wide=person is None)
    # Whether there is a tie is asked of the person; here it is only whether a sender is kept back.
    each, more = replace(scope, everyone=True).sql("y.id")
    columns = "l.person, l.flag, l.count, l.points, l.newest" + (", l.facts" if facts else "")
    sql = (
        f"SELECT {columns} FROM flow_listed_line l WHERE l.person IN"
        f" (SELECT x.person FROM people_identity x WHERE {inside})"
    )
    if each != "1 = 1":
        sql += (
            " AND NOT EXISTS (SELECT 1 FROM people_identity y WHERE y.person = l.person"
            f" AND replace(l.sources, '|' || y.source || '|', '') <> l.sources AND NOT ({each}))"
        )
        values = [*values, *more]
    if person is not None:
        sql += " AND l.person = %s"
        values = [*values, person]
    return rows(sql, values)


def one(person: int, *, asker: Asker) -> tuple[Row, list[Step]] | None:
    """One person with the facts of each line and what was done; None where not on the list."""
    lines = [
        Told(
            flag=flag, count=count, points=points, newest=newest,
            facts=tuple(Fact(*each) for each in json.loads(text)),
        )
        for _, flag, count, points, newest, text in _lines(asker, person, facts=True)
    ]  # fmt: skip
    told = rows(
        "SELECT person, practice, area, born, band, indices FROM flow_listed WHERE person = %s",
        [person],
    )
    if not lines or not told:
        return None
    steps = store.steps_of([person]).get(person, [])
    today = day_of(to_local(now(), current().zone).date())
    return _row(told[0], lines, steps, today), steps


@dataclass(frozen=True, slots=True)
class Task:
    """Something that somebody was asked for about a person, who may be off the list by now."""

    person: int
    step: Step
    listed: bool


def open_tasks(asker: Asker, person: int | None = None) -> list[Task]:
    """What is asked for and not done, of those whom the asker may see, what is due first.

    Not audited here. Raises NotPermitted.
    """
    if not access.may_open(asker.actor, asker.purpose):
        raise NotPermitted(
            "your role sees no tasks about people", "Somebody who looks after people sees them"
        )
    asked = store.asked_about() if person is None else [person]
    inside, values = access.scope(asker).sql("x.id", wide=False)
    found = []
    for some in portions(asked):
        marks = ", ".join(["%s"] * len(some))
        seen = rows(
            "SELECT DISTINCT x.person, l.person FROM people_identity x"
            " LEFT JOIN flow_listed l ON l.person = x.person"
            f" WHERE x.person IN ({marks}) AND {inside}",
            [*some, *values],
        )
        steps = store.steps_of(person for person, _ in seen)
        for whose, listed in seen:
            open_ = tasks(steps.get(whose, []))
            found += [Task(whose, step, listed is not None) for step in open_]
    return sorted(found, key=lambda t: (not t.step.until, t.step.until, t.step.id))


def names(persons: Iterable[int]) -> dict[int, Any]:
    """What each person is called by the identity that names them best; see people's queries."""
    wanted = sorted(set(persons))
    ids = [i for some in _portions(wanted) for i in some]
    best: dict[int, Any] = {}
    for view in views(ids):
        held = best.get(view.person)
        if held is None or (not (held.family and held.given) and view.family and view.given):
            best[view.person] = view
        if view.restricted and best[view.person] is not view:
            best[view.person] = replace(best[view.person], restricted=True)
    return best


def _portions(persons: list[int]) -> Iterable[list[int]]:
    for at in range(0, len(persons), 500):
        some = persons[at : at + 500]
        marks = ", ".join(["%s"] * len(some))
        yield [i for (i,) in rows(
            f"SELECT id FROM people_identity WHERE person IN ({marks})", some
        )]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Count:
    """How many people of a group have a flag; None where so few that somebody could be known."""

    group: str
    flag: str
    people: int | None


def counts(asker: Actor, by: str = "") -> list[Count]:
    """How many people have each flag, and are on the list at all (flag empty), by practice or area.

    Exact for those who may open people; moved at random and hidden where small for the others.
    """
    access.require(asker, "measures.see")
    column = {"": "''", "practice": "practice", "area": "area"}[by]
    sums: Counter[tuple[str, str]] = Counter()
    for group, many in rows(f"SELECT {column} AS g, count(*) FROM flow_listed GROUP BY g"):
        sums[group, ""] = many
    for group, flag, many in rows(
        f"SELECT {column} AS g, l.flag, count(*) FROM flow_listed JOIN flow_listed_line l"
        " USING (person) GROUP BY g, l.flag"
    ):
        sums[group, flag] = many
    exact = access.may(asker, "person.open")
    return [
        Count(group, flag, many if exact else _hidden(group, flag, many))
        for (group, flag), many in sorted(sums.items())
    ]


def _hidden(group: str, flag: str, many: int) -> int | None:
    chance = f"{settings.SECRET_KEY}\x1eworklist"
    seen = shown(
        many, 0, many, key=chance, label=f"{chance}\x1e{group}\x1e{flag}",
        below=current().suppress_below, counts=True, over=False,
    )  # fmt: skip
    return None if seen.hidden else seen.numerator
