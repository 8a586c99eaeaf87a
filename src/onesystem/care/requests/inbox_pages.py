"""The inbox of a service: who asks for what, what is due, and all that can be done with it."""

from functools import partial
from typing import Any
from urllib.parse import parse_qsl

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from onesystem import access
from onesystem.access import durable, refusing
from onesystem.access.lines import lines_for
from onesystem.care.requests import (
    inbox,
    inbox_kept,
    inbox_markup,
    inbox_presenters,
    inbox_seeing,
    inbox_verbs,
)
from onesystem.care.requests.filters import AGES, SORTS, Wanted
from onesystem.care.requests.telling import URGENCIES
from onesystem.district import current, now
from onesystem.vocabulary import NotPermitted, UserError, to_local
from onesystem.vocabulary.kept import from_micros, to_micros
from onesystem.vocabulary.said import say
from onesystem.vocabulary.tables import csv_text

PART = "X-Inbox"  # the header by which a page's script asks for a part


@require_safe
@access.page(right="measures.see")
def inboxes(request: HttpRequest) -> HttpResponse:
    """The inboxes that somebody works, with what waits in each."""
    by = inbox.asker(request.actor)  # type: ignore[attr-defined]
    mine = inbox.worked(by)
    if not mine and not access.may(by.actor, inbox.RIGHT):
        return HttpResponseRedirect(reverse("inbox:overview"))
    if len(mine) == 1:
        return HttpResponseRedirect(reverse("inbox:inbox", args=mine))
    at, change, here = to_micros(now()), inbox_seeing.last_change(), current()
    found = [
        (code, here.service_name(code), inbox_seeing.counts(code, at=at, change=change))
        for code in mine
    ]
    busy = [each for each in found if each[2]["open"] or each[2]["done"]]
    context = {"busy": busy, "quiet": [each for each in found if each not in busy]}
    return render(request, "care/inbox/inboxes.html", context)


@require_safe
@access.page(right=inbox.RIGHT)
def show(request: HttpRequest, service: str) -> HttpResponse:
    """The inbox of one service."""
    by = inbox.asker(request.actor)  # type: ignore[attr-defined]
    inbox.require(by, service)
    wanted, as_file = Wanted.of(request.GET), request.GET.get("format") == "csv"
    if as_file and not may_export(by):
        raise NotPermitted("your role takes no lists away", "Print the page, or ask a colleague")
    seen = inbox_seeing.see(service, wanted, whole=as_file)
    look = partial(
        access.record,
        by=by.actor, act="inbox.exported" if as_file else "inbox.listed", what=service,
        purpose=by.purpose, detail={"requests": len(seen.page.rows), "narrowed": wanted.words},
    )  # fmt: skip
    request.look = durable.soon(look)  # type: ignore[attr-defined]
    answer = _file(seen) if as_file else _page(request, seen, by)
    return answer if refusing.on_disk(request) else refusing.unavailable()


def _page(request: HttpRequest, seen: inbox_seeing.Seen, by: access.Asker) -> HttpResponse:
    wanted = seen.wanted
    context: dict[str, Any] = {
        "service": seen.service,
        "name": current().service_name(seen.service),
        "seen": seen,
        "wanted": wanted,
        "lines": seen.page.rows,
        "rows": inbox_markup.rows(seen.page.rows, at=seen.at, today=seen.today, names=seen.names),
        "counts": seen.counts,
        "tabs": inbox_seeing.tabs(seen),
        "said": inbox_seeing.said(seen),
        "shapes": inbox_presenters.SHAPES,
        "at": from_micros(seen.at),
        "act": reverse("inbox:act", args=[seen.service]),
    }
    page = seen.page
    context["next"] = wanted.turned(after=page.after, before=None) if page.after else ""
    context["previous"] = wanted.turned(after=None, before=page.before) if page.before else ""
    if request.headers.get(PART):
        return render(request, "care/inbox/_list.html", context)
    context |= {
        "kept": inbox_kept.of(seen.service, by=by),
        "verbs": inbox_verbs.among(wanted.states),
        "urgencies": [("", say("Any urgency")), *URGENCIES.items()],
        "ages": [("", say("Any age")), *((key, words) for key, (words, _, _) in AGES.items())],
        "practices": [("", say("Any practice")), *seen.practices],
        "sorts": list(SORTS.items()),
        "exports": may_export(by),
        "empty": EMPTY[wanted.tab],
    }
    return render(request, "care/inbox/inbox.html", context)


EMPTY = {
    "new": (say("Nothing is new"), say("What is sent to this service comes here by itself.")),
    "more": (
        say("Nobody is asked for more"),
        say("What you ask back waits here for the sender's answer."),
    ),
    "accepted": (say("Nothing waits for a booking"), say("What you accept comes here.")),
    "booked": (say("Nothing is booked"), say("What you book into a slot comes here.")),
    "overdue": (say("Nothing is overdue"), say("Every request is within its time.")),
    "open": (say("Nothing is open"), say("What is sent to this service comes here by itself.")),
    "done": (
        say("Nothing was answered in 30 days"),
        say("Answered, returned and revoked requests."),
    ),
}


def may_export(by: access.Asker) -> bool:
    """Whether somebody may take the list away as a file."""
    found = lines_for(by.actor.roles, by.purpose, now().date())
    return any("export" in line.actions and line.record for line in found)


def _file(seen: inbox_seeing.Seen) -> HttpResponse:
    here = current()
    text = csv_text(inbox_presenters.HEAD, inbox_presenters.csv_rows(seen.lines, here))
    answer = HttpResponse(text, content_type="text/csv; charset=utf-8")
    day = to_local(from_micros(seen.at), here.zone).date().isoformat()
    name = f"inbox-{seen.service}-{seen.wanted.tab}-{day}.csv"
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    answer["Cache-Control"] = "no-store"
    return answer


@require_POST
@access.page(right=inbox.RIGHT)
def keep(request: HttpRequest, service: str) -> HttpResponse:
    """Keep what the inbox is narrowed to under a name."""
    given = request.POST
    try:
        inbox_kept.keep(
            service=service, name=given.get("name", ""), query=given.get("query", ""),
            shared=given.get("shared") == "1", by=inbox.asker(request.actor),  # type: ignore[attr-defined]
        )  # fmt: skip
    except UserError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, say("Saved."))
    return back_to(service, given.get("query", ""))


@require_POST
@access.page(right=inbox.RIGHT)
def drop(request: HttpRequest, service: str, number: int) -> HttpResponse:
    """Take one's own filter away."""
    by = inbox.asker(request.actor)  # type: ignore[attr-defined]
    try:
        inbox_kept.drop(service=service, number=number, by=by)
    except UserError as error:
        messages.error(request, str(error))
    return back_to(service, request.POST.get("query", ""))


def back_to(service: str, query: str) -> HttpResponse:
    """The inbox as it was narrowed."""
    kept = Wanted.of(dict(parse_qsl(query))).query
    address = reverse("inbox:inbox", args=[service])
    return HttpResponseRedirect(f"{address}?{kept}" if kept else address)
