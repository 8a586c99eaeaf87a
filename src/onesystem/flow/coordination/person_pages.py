"""The pages about one person on the worklist, and the tasks: what is to be done, and by whom."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from onesystem import access, district
from onesystem.access import Asker, purposes
from onesystem.access.asking import asker_of
from onesystem.flow.coordination import actions, presenters, queries, store
from onesystem.flow.coordination.definitions import definitions
from onesystem.flow.coordination.holding import held as held_of
from onesystem.flow.coordination.holding import local_day
from onesystem.flow.measures.days import day_of, iso_day
from onesystem.vocabulary import UserError
from onesystem.vocabulary.kept import from_micros
from onesystem.vocabulary.said import say, say_each
from onesystem.vocabulary.typed import whole_or


def _from_the_list(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """A page about one person on the list: what was said for the list counts for them too."""
    inner = access.opens_person(view)

    @wraps(inner)
    def outer(request: HttpRequest, person: int) -> HttpResponse:
        if request.user.is_authenticated and (held := held_of(request)):
            asker = asker_of(access.Actor.of(request.user), held[0])
            if queries.one(person, asker=asker) or queries.open_tasks(asker, person):
                purposes.carry(request, person, *held)
        return inner(request, person=person)

    return outer


@require_safe
@_from_the_list
def person(request: HttpRequest, person: int) -> HttpResponse:
    """Why is this person on the list, what was done, and what is to be done?"""
    actor, here = request.actor, district.current()  # type: ignore[attr-defined]
    found = queries.one(person, asker=request.asker)  # type: ignore[attr-defined]
    if found is None:
        raise Http404(f"person {person} is not on the list")
    row, steps = found
    flags = {flag.name: flag for flag in definitions(here.path).on(local_day())}
    shown = presenters.row_words(
        row, queries.names([person]).get(person), flags, here, me=actor.name,
        today=day_of(local_day()),
    )  # fmt: skip
    context = {
        "row": shown,
        "steps": presenters.step_words(steps, me=actor.name),
        "at": from_micros(store.worked()[0]),
        "tomorrow": local_day(1).isoformat(),
    }
    return render(request, "flow/coordination/person.html", context)


@require_safe
@access.page(right="measures.see")
def tasks(request: HttpRequest) -> HttpResponse:
    """What was asked for about people on the list, and is not done?"""
    actor, held = request.actor, held_of(request)  # type: ignore[attr-defined]
    if held is None:
        return HttpResponseRedirect(reverse("coordination:coordination"))
    found = queries.open_tasks(asker_of(actor, held[0]))
    names, today = queries.names(each.person for each in found), day_of(local_day())
    access.record(
        by=actor, act="worklist.tasks", what="", purpose=held[0], reason=held[1],
        detail={"people": len({each.person for each in found}), "of": len(found)},
    )  # fmt: skip
    told = [
        presenters.task_words(each.step, today=today)
        | {"person": each.person, "listed": each.listed,
           "name": presenters.called(names.get(each.person))}
        for each in found
    ]  # fmt: skip
    return render(request, "flow/coordination/tasks.html", {"tasks": told, "held": held})


@require_POST
@_from_the_list
def act(request: HttpRequest, person: int) -> HttpResponse:
    """Take, leave, note, put aside, finish or undo."""
    said, asker = request.POST, request.asker  # type: ignore[attr-defined]
    to = reverse("coordination:person", kwargs={"person": person})
    do = said.get("act", "")
    try:
        _VERBS.get(do, _nothing)(person, said, asker)
    except UserError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _DONE[do])
    back = said.get("back", "")
    if back == "tasks":
        return HttpResponseRedirect(reverse("coordination:tasks"))
    return HttpResponseRedirect(
        f"{reverse('coordination:coordination')}{back}" if back[:1] == "?" else to
    )


_DONE = say_each(
    {
        "take": "You are looking at this person now.",
        "leave": "Nobody is looking at this person now.",
        "note": "The note is saved.",
        "aside": "Put aside until the day.",
        "ask": "The task is saved.",
        "did": "The task is done.",
        "done": "Done. The person comes back when there is something new.",
        "undo": "Taken back.",
    }
)


def _nothing(_person: int, _said: Any, _by: Asker) -> None:
    raise UserError("nothing was said", "Choose what you do.")


def _put_aside(person: int, said: Any, by: Asker) -> None:
    actions.put_aside(
        person=person, until=_day(said.get("until", "")), today=day_of(local_day()),
        reason=said.get("text", ""), by=by,
    )  # fmt: skip


def _ask(person: int, said: Any, by: Asker) -> None:
    until = said.get("until", "")
    actions.ask(
        person=person, text=said.get("text", ""), owner=said.get("owner", ""),
        until=_day(until) if until else 0, by=by,
    )  # fmt: skip


def _did(person: int, said: Any, by: Asker) -> None:
    task = said.get("task", "")
    number = whole_or(task, 0)
    actions.did(person=person, task=number, text=said.get("text", ""), by=by)


_VERBS: dict[str, Callable[[int, Any, Asker], None]] = {
    "take": lambda person, _, by: actions.take(person=person, by=by),
    "leave": lambda person, _, by: actions.leave(person=person, by=by),
    "note": lambda person, said, by: actions.note(person=person, text=said.get("text", ""), by=by),
    "aside": _put_aside,
    "ask": _ask,
    "did": _did,
    "done": lambda person, said, by: actions.finish(
        person=person, text=said.get("text", ""), by=by
    ),
    "undo": lambda person, _, by: actions.undo(person=person, by=by),
}


def _day(text: str) -> int:
    day = iso_day(text)
    if day is None:
        raise UserError(say("{text} is no day", text=repr(text)), "Write it as 2026-01-31.")
    return day
