"""What somebody was asked for on other lists: the worklist of coordination, the district's call.

These are kept where they were asked and are finished there (decision 0353). A list of tasks names
those whose owner, written in words, is the reader, their organisation or one of their teams, and
leads to them.
"""

from datetime import UTC, datetime

from django.urls import reverse

from onesystem import access
from onesystem.access import Asker
from onesystem.care.tasks.queries import Plain, called, teams_of
from onesystem.district import current, now
from onesystem.flow.boards.queries import open_actions
from onesystem.flow.coordination.queries import open_tasks
from onesystem.flow.measures.days import date_of
from onesystem.people.presenters import name_of
from onesystem.vocabulary import to_local
from onesystem.vocabulary.kept import from_micros
from onesystem.vocabulary.said import say


def asked_of(asker: Asker, full_name: str = "") -> list[Plain]:
    """What is asked of somebody elsewhere and not done, what is due first."""
    mine = _names(asker, full_name)
    found = [*_worklist(asker, mine), *_calls(asker, mine)]
    late = datetime.max.replace(tzinfo=UTC)
    return sorted(found, key=lambda each: (each.due or late, each.words))


def _names(asker: Asker, full_name: str) -> frozenset[str]:
    here, actor = current(), asker.actor
    own = here.organisations.get(actor.organisation)
    said = [actor.name, full_name, own.name if own else "", actor.organisation]
    said += [here.service_name(code) for code in teams_of(asker)]
    return frozenset(each.casefold() for each in said if each)


def _worklist(asker: Asker, mine: frozenset[str]) -> list[Plain]:
    today = to_local(now(), current().zone).date()
    asked = [t for t in open_tasks(asker) if t.step.owner.casefold() in mine]
    told = called(t.person for t in asked)
    found = []
    for each in asked:
        who, until = told.get(each.person), each.step.until
        name = name_of(who.given, who.family) if who else say("Person {person}", person=each.person)
        due = date_of(until) if until else None
        found.append(Plain(
            words=f"{name}: {each.step.text}", owner=each.step.owner,
            due=datetime(due.year, due.month, due.day, tzinfo=UTC) if due else None,
            late=bool(due) and due < today, href=reverse("coordination:tasks"), person=each.person,
        ))  # fmt: skip
    return found


def _calls(asker: Asker, mine: frozenset[str]) -> list[Plain]:
    if not access.may(asker.actor, "now.see"):
        return []
    at = now()
    return [
        Plain(
            words=row.text, owner=row.owner, due=from_micros(row.due_at) if row.due_at else None,
            late=bool(row.due_at) and from_micros(row.due_at) < at, href=reverse("boards:call"),
        )
        for row in open_actions()
        if row.owner.casefold() in mine
    ]  # fmt: skip
