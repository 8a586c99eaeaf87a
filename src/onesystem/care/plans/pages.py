"""The care page of a person: plan, goals, tasks, team, notes, hand-overs."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from onesystem import access, district, people
from onesystem.access import Asker
from onesystem.care.drafts import actions as drafts
from onesystem.care.plans import actions, queries
from onesystem.care.plans.plan import Plan
from onesystem.care.tasks import actions as tasks
from onesystem.care.tasks import causes, presenters
from onesystem.care.tasks import queries as task_queries
from onesystem.care.tasks.colleagues import colleagues, names
from onesystem.care.tasks.rules import words_of
from onesystem.care.tasks.task_pages import day, moment
from onesystem.people.presenters import who_words
from onesystem.vocabulary import UserError, to_local
from onesystem.vocabulary.said import say, say_each
from onesystem.vocabulary.typed import whole_or

NOTES = 30
_OFTEN = (
    ("", say("Once")),
    ("1d", say("Every day")),
    ("mo,tu,we,th,fr", say("On weekdays")),
    ("2d", say("Every second day")),
    ("7d", say("Every week")),
    ("14d", say("Every 2 weeks")),
)


@require_safe
@access.opens_person
def care(request: HttpRequest, person: int) -> HttpResponse:
    """What matters to this person, what is planned, and who looks after them?"""
    return _show(request, person)


@require_safe
@access.opens_person
def printed(request: HttpRequest, person: int) -> HttpResponse:
    """The care plan on paper: to be left with the person, or taken along."""
    access.record(by=request.actor, act="plan.printed", person=person, purpose=request.purpose)  # type: ignore[attr-defined]
    return render(request, "care/plans/print.html", _context(request, person))


def _show(
    request: HttpRequest, person: int, *, said: QueryDict | None = None, problem: str = ""
) -> HttpResponse:
    context = _context(request, person) | {"said": said or {}, "problem": problem}
    return render(request, "care/plans/care.html", context, status=422 if problem else 200)


def _context(request: HttpRequest, person: int) -> dict[str, Any]:
    here, now = district.current(), district.now()
    actor, known = request.actor, people.identities_of(person)  # type: ignore[attr-defined]
    asker: Asker = request.asker  # type: ignore[attr-defined]
    lines = task_queries.of_person(person)
    teams = task_queries.teams_of(asker)
    plan = queries.plan(person)
    called = names(_named(plan) | {each.task.owner for each in lines})
    return {
        "person": person,
        "who": who_words(person, known, here, at=now),
        "plan": plan,
        "notes": plan.notes[:NOTES] if request.GET.get("notes") != "all" else plan.notes,
        "around": queries.around(
            person, known, by=actor, purpose=request.purpose, allowed=request.allowed,  # type: ignore[attr-defined]
            here=here, at=now,
        ),
        "tasks": [presenters.line(each, here, now, actor.name, called) for each in lines],
        "series": [(s, words_of(s.repeats), here.service_name(s.team))
                   for s in task_queries.series_of_person(person)],
        "names": {code: here.service_name(code) for code in here.services},
        "teams": _teams(here, teams),
        "own_team": teams[0] if teams else "",
        "owners": colleagues(asker),
        "called": called,
        "causes": causes.choices(person),
        "often": _OFTEN,
        "today": to_local(now, here.zone).date(),
        "may_act": access.may(actor, "care.act"),
        "me": actor.name,
    }  # fmt: skip


def _named(plan: Plan) -> set[str]:
    """Everybody who said something of a plan, or is to take it over."""
    found = {plan.by, *(g.by for g in plan.goals)}
    for note in plan.notes:
        found |= {note.by, note.struck_by}
    for over in plan.hand_overs:
        found |= {over.by, over.owner, over.taken_by}
    return found


def _teams(here: district.District, own: tuple[str, ...]) -> list[tuple[str, str]]:
    """Every service, one's own first."""
    rest = sorted((s.name, code) for code, s in here.services.items() if code not in own)
    return [*((code, here.service_name(code)) for code in own), *((c, n) for n, c in rest)]


@require_POST
@access.opens_person
def act(request: HttpRequest, person: int) -> HttpResponse:
    """Do one thing about the plan; what cannot be done comes back with all that was typed."""
    said, asker = request.POST, request.asker  # type: ignore[attr-defined]
    do = said.get("do", "")
    try:
        _VERBS.get(do, _nothing)(person, said, asker)
    except UserError as error:
        return _show(request, person, said=said, problem=str(error))
    drafts.done(asker, f"care-{do}:{person}")
    messages.success(request, _DONE[do])
    at = reverse("plans:care", kwargs={"person": person})
    return HttpResponseRedirect(f"{at}#{_PLACES.get(do, '')}".rstrip("#"))


def _nothing(*_: Any) -> None:
    raise UserError("nothing was said", "Choose what you do.")


def _number(said: QueryDict) -> int | None:
    return whole_or(said.get("seen"), None)


def _write(person: int, said: QueryDict, by: Asker) -> None:
    review = said.get("review", "")
    actions.write(
        person=person, by=by, matters=said.get("matters", ""), know=said.get("know", ""),
        review=day(review) if review else None, seen=_number(said),
    )  # fmt: skip


def _set_goal(person: int, said: QueryDict, by: Asker) -> None:
    until = said.get("goal_until", "")
    actions.set_goal(
        person=person, by=by, words=said.get("goal", ""), steps=said.get("steps", ""),
        until=day(until) if until else None, key=said.get("key", ""), seen=_number(said),
    )  # fmt: skip


def _end_goal(person: int, said: QueryDict, by: Asker) -> None:
    actions.end_goal(
        person=person, by=by, key=said.get("key", ""), state=said.get("state", ""),
        why=said.get("why", ""), seen=_number(said),
    )  # fmt: skip


def _task(person: int, said: QueryDict, by: Asker) -> None:
    due, until = said.get("due", ""), said.get("until", "")
    tasks.plan(
        person=person, by=by, words=said.get("words", ""), team=said.get("team", ""),
        due=moment(due, said.get("due_at", "")) or day(due), owner=said.get("owner", ""),
        cause=_cause(person, said.get("cause", "")), visit=said.get("visit") == "1",
        repeats=said.get("repeats", ""),
        until=day(until) if until else None,
    )  # fmt: skip


def _cause(person: int, cause: str) -> str:
    if cause and cause not in dict(causes.choices(person)):
        raise UserError("that request is not open any more", "Choose another, or none.")
    return cause


def _hand_over(person: int, said: QueryDict, by: Asker) -> None:
    actions.hand_over(
        person=person, by=by, matters=said.get("over", ""), team=said.get("to_team", ""),
        owner=said.get("to_owner", ""),
    )  # fmt: skip


def _text(name: str, *names: str) -> Callable[[int, QueryDict, Asker], None]:
    """A verb whose fields are all plain words."""

    def acts(person: int, said: QueryDict, by: Asker) -> None:
        getattr(actions, name)(person=person, by=by, **{n: said.get(n, "") for n in names})

    return acts


_VERBS: dict[str, Callable[[int, QueryDict, Asker], None]] = {
    "write": _write,
    "goal": _set_goal,
    "goal-ended": _end_goal,
    "task": _task,
    "note": _text("note", "text", "about"),
    "strike": _text("strike", "key", "why"),
    "join": _text("join", "name", "role", "phone", "reach"),
    "leave": _text("leave", "key"),
    "hand-over": _hand_over,
    "take-over": _text("take_over", "key", "answer"),
}
_DONE = say_each({
    "write": "The plan is saved.", "goal": "The goal is saved.", "goal-ended": "The goal is saved.",
    "task": "Planned.", "note": "The note is in the record.", "strike": "The note is struck out.",
    "join": "Named.", "leave": "Not of the team any more.",
    "hand-over": "Handed over. It waits until somebody says that they have it.",
    "take-over": "You have it.",
})  # fmt: skip
_PLACES = {
    "write": "plan", "goal": "goals", "goal-ended": "goals", "task": "tasks", "note": "notes",
    "strike": "notes", "join": "team", "leave": "team", "hand-over": "over", "take-over": "over",
}  # fmt: skip
