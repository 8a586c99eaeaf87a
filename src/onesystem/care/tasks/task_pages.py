"""One task of one person: begun, done, not done, given to somebody else, taken back.

Whoever comes from the list of their team opens the person for the task that is due: the plan is
the reason, and it is in the trail (decision 0351).
"""

from collections.abc import Callable
from datetime import date, datetime, time
from functools import wraps
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from onesystem import access, district, people
from onesystem.access import Asker, purposes
from onesystem.care.drafts import actions as drafts
from onesystem.care.tasks import actions, causes, presenters, queries
from onesystem.care.tasks.colleagues import colleagues, names
from onesystem.care.tasks.listing import Line
from onesystem.care.tasks.observing import KINDS, observed
from onesystem.care.tasks.task import COMING, OUTCOMES, PASSED
from onesystem.people.presenters import who_words
from onesystem.vocabulary import NotFound, NotPermitted, UserError, to_local
from onesystem.vocabulary.said import say
from onesystem.vocabulary.typed import whole_or

View = Callable[..., HttpResponse]


def from_the_list(view: View) -> View:
    """Let a task that is due be why somebody of its team opens the person."""
    inner = access.opens_person(view)

    @wraps(inner)
    def outer(request: HttpRequest, person: int, **more: Any) -> HttpResponse:
        if request.user.is_authenticated and purposes.given(request, person) is None:
            _carry(request, person, more.get("key", ""))
        answer: HttpResponse = inner(request, person=person, **more)
        return answer

    return outer


def _carry(request: HttpRequest, person: int, key: str) -> None:
    try:
        asker = queries.asker_for(access.Actor.of(request.user))
        found = queries.one(person, key)
    except (NotFound, NotPermitted):
        return
    task = found.task
    ours = task.team in queries.teams_of(asker) or task.owner == asker.actor.name
    if ours and task.live and found.standing not in {COMING, PASSED}:
        team = district.current().service_name(task.team)
        kind = say("a visit") if task.visit else say("a task")
        purposes.carry(
            request,
            person,
            asker.purpose,
            say("{kind} of {team} that is due", kind=kind, team=team),
        )


@require_safe
@from_the_list
def task(request: HttpRequest, person: int, key: str) -> HttpResponse:
    """What is to be done, and what came of it?"""
    return _show(request, person, key)


def _show(
    request: HttpRequest, person: int, key: str, *, said: QueryDict | None = None, problem: str = ""
) -> HttpResponse:
    here, now = district.current(), district.now()
    found = queries.one(person, key)
    actor = request.actor  # type: ignore[attr-defined]
    zone, asker = here.zone, request.asker  # type: ignore[attr-defined]
    called = names({found.task.owner, found.task.planned_by, found.task.by})
    asked = causes.asked_for(person, found.task)
    return render(
        request,
        "care/tasks/task.html",
        {
            "person": person,
            "who": who_words(person, people.identities_of(person), here, at=now),
            "line": presenters.line(found, here, now, actor.name, called),
            "task": found.task,
            "facts": presenters.facts(found, here, now, called, queries.rule_of(found.task)),
            "tag": presenters.tag(found.standing),
            "phone": found.phone,
            "asked": asked,
            "asked_words": causes.words_of(asked) if asked else "",
            "kinds": KINDS,
            "outcomes": list(OUTCOMES.items()),
            "owners": _owners(asker, found.task.owner, called),
            "teams": [(code, s.name) for code, s in here.services.items()],
            "today": to_local(now, zone).date().isoformat(),
            "clock": f"{to_local(now, zone):%H:%M}",
            "said": said or {},
            "problem": problem,
            "may_act": access.may(actor, "care.act"),
        },
        status=422 if problem else 200,
    )


def _owners(asker: Asker, owner: str, called: dict[str, str]) -> list[tuple[str, str]]:
    """Who could do it; whoever does it now among them, wherever they work."""
    found = colleagues(asker)
    return found if owner in {"", *dict(found)} else [*found, (owner, called.get(owner, owner))]


@require_POST
@from_the_list
def act(request: HttpRequest, person: int, key: str) -> HttpResponse:
    """Do one thing about it; what cannot be done comes back with all that was typed."""
    said, asker = request.POST, request.asker  # type: ignore[attr-defined]
    do = said.get("do", "")
    seen = said.get("seen", "")
    known: dict[str, Any] = {"seen": whole_or(seen, None)}
    found = queries.one(person, key)
    try:
        words = _VERBS.get(do, _nothing)(found, said, {"key": key, "by": asker, **known})
    except UserError as error:
        return _show(request, person, key, said=said, problem=str(error))
    if do in {"done", "missed"}:
        drafts.done(asker, f"{do}:{key}")
        messages.success(request, f"{found.name}: {words}")
        return HttpResponseRedirect(reverse("tasks:tasks"))
    messages.success(request, words)
    return HttpResponseRedirect(reverse("tasks:task", kwargs={"person": person, "key": key}))


def _nothing(*_: Any) -> str:
    raise UserError("nothing was said", "Choose what you do.")


def _start(_: Line, __: QueryDict, known: dict[str, Any]) -> str:
    actions.start(**known)
    return say("Begun.")


def _done(found: Line, said: QueryDict, known: dict[str, Any]) -> str:
    ended = moment(said.get("day", ""), said.get("ended", ""))
    actions.done(
        **known, note=said.get("note", ""), observed=observed(said), at=ended,
        started=moment(said.get("day", ""), said.get("started", "")),
        what=[each[:100] for each in said.getlist("what")],
    )  # fmt: skip
    return say("the visit is done.") if found.task.visit else say("done.")


def _missed(_: Line, said: QueryDict, known: dict[str, Any]) -> str:
    again = day(said.get("again", "")) if said.get("again") else None
    actions.missed(
        **known, outcome=said.get("outcome", ""), why=said.get("why", ""),
        again=moment(said.get("again", ""), said.get("again_at", "")) or again,
    )  # fmt: skip
    return say("it is kept that it was not done.")


def _give(_: Line, said: QueryDict, known: dict[str, Any]) -> str:
    actions.reassign(
        **known, owner=said.get("owner", ""), team=said.get("team", ""),
        following=said.get("following") == "1",
    )  # fmt: skip
    return say("Given.")


def _change(_: Line, said: QueryDict, known: dict[str, Any]) -> str:
    text = said.get("due", "")
    actions.change(**known, due=moment(text, said.get("due_at", "")) or day(text))
    return say("It is due at another time.")


def _cancel(_: Line, said: QueryDict, known: dict[str, Any]) -> str:
    why = said.get("reason", "").strip()
    if not why:
        raise UserError("no reason was said", "Say in a few words why it is not to be done.")
    if said.get("whole") == "1":
        known = {**known, "key": actions.series_of(known["key"])[0], "seen": None}
    actions.cancel(**known, why=why)
    return say("Cancelled.")


def _reopen(_: Line, __: QueryDict, known: dict[str, Any]) -> str:
    actions.reopen(**known)
    return say("Taken back: it is open again.")


_VERBS: dict[str, Callable[[Line, QueryDict, dict[str, Any]], str]] = {
    "start": _start, "done": _done, "missed": _missed, "give": _give, "change": _change,
    "cancel": _cancel, "reopen": _reopen,
}  # fmt: skip


def day(text: str) -> date:
    """A day as a form says it. Raises UserError."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise UserError(
            say("{text} is no day", text=repr(text)), "Write it as 2026-01-31."
        ) from None


def moment(text: str, hour: str) -> datetime | None:
    """A day and an hour by the district's clocks; None where no hour is said."""
    if not hour.strip():
        return None
    try:
        at = time.fromisoformat(hour.strip())
    except ValueError:
        raise UserError(
            say("{hour} is no time of day", hour=repr(hour)), "Write it as 14:05."
        ) from None
    zone = district.current().zone
    which = day(text) if text else to_local(district.now(), zone).date()
    return datetime.combine(which, at.replace(tzinfo=None))
