"""The pages that mend a feed: places, mappings, and reading messages again."""

from django.contrib import messages as notices
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST

from onesystem import access, district
from onesystem.feeds import feed_actions as actions
from onesystem.feeds import feed_queries as queries
from onesystem.feeds.models import Replaying
from onesystem.vocabulary import NotFound, UserError
from onesystem.vocabulary.wording import counted, local

MOST = 5000  # messages that one form may name


@access.page(right="feeds.mend")
def replay(request: HttpRequest) -> HttpResponse:
    """Confirm a replay (GET), or begin it (POST): one message, the chosen ones, or a reason."""
    ids, what = _chosen(request)
    if request.method == "POST" and request.POST.get("confirmed"):
        try:
            row = actions.begin_replay(messages=ids, what=what, by=request.actor)
        except UserError as error:
            notices.error(request, str(error))
            return HttpResponseRedirect(reverse("feeds:quarantine"))
        return HttpResponseRedirect(reverse("feeds:replaying", args=[row.id]))
    given = request.POST if request.method == "POST" else request.GET
    return render(
        request,
        "feeds/replay.html",
        {
            "count": len(ids),
            "counted": counted(len(ids), "message"),
            "what": what,
            "rule": given.get("rule", ""),
            "source": given.get("source", ""),
            "ids": given.getlist("message")[:MOST],
            "places": given.getlist("place")[:MOST],
        },
    )


def _chosen(request: HttpRequest) -> tuple[list[int], str]:
    """The messages that the form or the link names, and how a person would say them."""
    given = request.POST if request.method == "POST" else request.GET
    source, rule = given.get("source", ""), given.get("rule", "")
    named = [int(i) for i in given.getlist("message")[:MOST] if i.isascii() and i.isdigit()]
    places = given.getlist("place")[:MOST]
    if named:
        return named, counted(len(named), "chosen message")
    if places and source:
        words = ", ".join(places[:3]) + (" and more" if len(places) > 3 else "")
        return queries.messages_of_places(source, places), f"messages of {source} about {words}"
    if rule or source:
        words = f"quarantine of {source or 'every source'}" + (f" for {rule}" if rule else "")
        return queries.quarantined_ids(source=source, rule=rule), words
    if given.get("all"):
        return queries.quarantined_ids(), "the whole quarantine"
    return [], "nothing"


@access.page(right="feeds.mend")
def replaying(request: HttpRequest, number: int) -> HttpResponse:
    """How far a replay is. Each POST works on it for a moment; the page posts until it is over."""
    try:
        row = queries.replaying(number)
    except NotFound as error:
        raise Http404(str(error)) from None
    if request.method == "POST" and row.state == Replaying.RUNNING:
        row = actions.work_on_replay(replay=number, by=request.actor)
        if not request.headers.get("HX-Request"):
            return HttpResponseRedirect(reverse("feeds:replaying", args=[number]))
    here = district.current()
    context = {
        "row": row,
        "total": len(row.messages),
        "running": row.state == Replaying.RUNNING,
        "begun": local(row.begun, here.zone),
    }
    part = request.headers.get("HX-Request")
    return render(request, "feeds/_replaying.html" if part else "feeds/replaying.html", context)


@require_POST
@access.page(right="feeds.mend")
def cancel(request: HttpRequest, number: int) -> HttpResponse:
    """Stop a replay between two messages."""
    try:
        actions.cancel_replay(replay=number, by=request.actor)
        notices.success(request, "The replay was stopped. What was read again stays read.")
    except NotFound as error:
        raise Http404(str(error)) from None
    except UserError as error:
        notices.warning(request, str(error))
    return HttpResponseRedirect(reverse("feeds:replaying", args=[number]))


@access.page(right="feeds.see")
def places(request: HttpRequest, code: str) -> HttpResponse:
    """The places of a source: which service each is, and which come unmapped."""
    here = district.current()
    found = queries.places(here, code, by=request.actor)
    if not found and code not in here.sources:
        raise Http404(f"no source {code}")
    return render(
        request,
        "feeds/places.html",
        {
            "source": here.source(code),
            "places": found,
            "unmapped": [p for p in found if not p.service],
            "services": queries.services(here),
            "names": {s.code: s.name for s in here.services.values()},
            "may_mend": access.may(request.actor, "feeds.mend"),
            "may_open": access.may(request.actor, "feeds.message"),
        },
    )


@require_POST
@access.page(right="feeds.mend")
def map_places(request: HttpRequest, code: str) -> HttpResponse:
    """Map the places of the form that were given a service, and offer to read them again."""
    changed = []
    try:
        for place, service in _pairs(request):
            changed.append(
                actions.map_place(
                    source=code,
                    place=place,
                    service=service,
                    reason=request.POST.get("reason", "").strip()[:500],
                    by=request.actor,
                )
            )
    except UserError as error:
        notices.error(request, str(error))
    if not changed:
        notices.warning(request, "Nothing was changed: choose a service for a place first.")
        return HttpResponseRedirect(reverse("feeds:places", args=[code]))
    here = district.current()
    return render(
        request,
        "feeds/mapped.html",
        {
            "source": here.source(code),
            "changed": [(row, here.service_name(row.service)) for row in changed],
            "affected": len(queries.messages_of_places(code, [row.place for row in changed])),
        },
    )


def _pairs(request: HttpRequest) -> list[tuple[str, str]]:
    """Places with the service chosen for each; "keep" leaves a place as it is."""
    named = request.POST.getlist("place")[:MOST]
    services = request.POST.getlist("service")[:MOST]
    was = request.POST.getlist("was")[:MOST]
    chosen = zip(named, services, was, strict=False)
    return [(place, service) for place, service, before in chosen if service != before]


@require_POST
@access.page(right="feeds.mend")
def undo_place(request: HttpRequest, code: str, change: int) -> HttpResponse:
    """Put a place back to what it was."""
    try:
        row = actions.undo_place(change=change, by=request.actor)
        notices.success(request, f"{row.place} is as it was before.")
    except UserError as error:
        notices.error(request, str(error))
    return HttpResponseRedirect(reverse("feeds:places", args=[code]))
