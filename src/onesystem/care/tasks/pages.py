"""The list of tasks: mine, my teams', today's, overdue; in the order of the round."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from onesystem import access, district
from onesystem.access import Asker
from onesystem.care.plans.queries import waiting_for
from onesystem.care.tasks import actions, elsewhere, presenters, queries
from onesystem.care.tasks.colleagues import colleagues, names
from onesystem.care.tasks.listing import KINDS, WHEN, WHOSE, Line, Wanted
from onesystem.vocabulary import UserError
from onesystem.vocabulary.said import say
from onesystem.vocabulary.tables import Listing
from onesystem.vocabulary.typed import whole_or

SHOWN = 300  # of a list on the screen; paper and file have all
_MOST = 200  # tasks in one gesture


@require_safe
@access.page(right="care.act")
def tasks(request: HttpRequest) -> HttpResponse:
    """What is to be done, by whom, in which order?"""
    asker, wanted = queries.asker_for(request.actor), Wanted.of(request.GET)  # type: ignore[attr-defined]
    lines = queries.tasks_for(asker, wanted)
    if taken := access.exported(_listing(lines), request, "tasks"):
        _look(asker, wanted, lines, "tasks.exported")
        return taken
    paper = request.GET.get("paper") == "1"
    shown = lines if paper else lines[:SHOWN]
    context = _context(asker, wanted, shown, request.user.get_full_name())
    context["left"] = len(lines) - len(shown)
    if request.headers.get("HX-Request"):
        return render(request, "care/tasks/_list.html", context)  # as the page is open: one look
    _look(asker, wanted, shown, "tasks.listed")
    name = "round" if paper else "tasks"
    return render(request, f"care/tasks/{name}.html", context | _choices(asker))


def _context(asker: Asker, wanted: Wanted, lines: list[Line], full: str) -> dict[str, Any]:
    here, now, me = district.current(), district.now(), asker.actor.name
    handed = waiting_for(asker)
    called = names(
        {*(x.task.owner for x in lines), *(x.task.by for x in lines), *(h.by for h in handed)}
    )
    shown = [presenters.line(each, here, now, me, called) for each in lines]
    return {
        "wanted": wanted,
        "lines": shown,
        "visits": sum(1 for each in shown if each["visit"] and each["live"]),
        "late": sum(1 for each in shown if each["tag"][0] == "overdue"),
        "people": len({each.person for each in lines}),
        "owners": colleagues(asker),
        "called": called,
        "handed": handed,
        "elsewhere": elsewhere.asked_of(asker, full) if wanted.when != "closed" else [],
    }


def _choices(asker: Asker) -> dict[str, Any]:
    here = district.current()
    teams = [(code, here.service_name(code)) for code in queries.teams_of(asker)]
    return {
        "whose": list(WHOSE.items()),
        "when": list(WHEN.items()),
        "kinds": list(KINDS.items()),
        "teams": [("", say("Every team")), *teams],
        "printed": district.now(),
    }


def _listing(lines: list[Line]) -> Listing:
    rows = presenters.csv_rows(lines, district.current(), district.now())
    return Listing(caption="Tasks", columns=presenters.COLUMNS, all_rows=rows)


def _look(asker: Asker, wanted: Wanted, lines: list[Line], act: str) -> None:
    people = len({each.person for each in lines})
    access.record(
        by=asker.actor, act=act, what=wanted.words, purpose=asker.purpose,
        detail={"people": people, "of": len(lines)},
    )  # fmt: skip


@require_POST
@access.page(right="care.act")
def bulk(request: HttpRequest) -> HttpResponse:
    """Give the ticked tasks to somebody, or to another team; each by itself, and said so."""
    asker = queries.asker_for(request.actor)  # type: ignore[attr-defined]
    said, back = request.POST, request.POST.get("back", "")
    keys = said.getlist("key")[:_MOST]
    given, refused = 0, list[str]()
    owner: str | None = said.get("owner", "").strip()
    if said.get("do") == "mine":
        owner = asker.actor.name
    elif said.get("do") == "nobody":
        owner = ""
    elif not owner:
        owner = None
    if not keys or (owner is None and not said.get("team")):
        messages.error(request, say("Tick tasks, and say who does them or which team."))
        keys = []
    for key in keys:
        name, _, seen = key.partition("|")
        try:
            actions.reassign(
                key=name, by=asker, owner=owner, team=said.get("team", ""),
                following=said.get("following") == "1", seen=whole_or(seen, None),
            )  # fmt: skip
            given += 1
        except UserError as error:
            refused.append(str(error))
    if given:
        messages.success(request, say("{given} given.", given=given))
    for each in dict.fromkeys(refused):
        messages.error(request, each)
    at = reverse("tasks:tasks")
    return HttpResponseRedirect(f"{at}{back}" if back[:1] == "?" else at)
