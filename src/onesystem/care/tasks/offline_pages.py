"""What the worker of the list asks for, and signing out of a device that holds something."""

from collections.abc import Callable
from functools import wraps
from typing import Any

import orjson
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from onesystem import access
from onesystem.access import Actor, may
from onesystem.care.tasks import offline, queries
from onesystem.vocabulary import NotPermitted
from onesystem.vocabulary.said import say

COOKIE = "offline"  # `kept` where a device holds visits, `unsent` where it holds what was written
ASSETS = ("web/app.css", "care/tasks.css", "care/offline.js", "web/mark.svg")


@require_safe
def worker(request: HttpRequest) -> HttpResponse:
    """The service worker: it keeps the empty page and its styles, and never a record."""
    made = render_to_string("care/tasks/worker.js", {"assets": ASSETS}, request)
    response = HttpResponse(made, content_type="text/javascript")
    response["Cache-Control"] = "no-cache"
    return response


@require_safe
def shell(request: HttpRequest) -> HttpResponse:
    """The page that stands in without network: empty, for everybody the same."""
    return render(request, "care/tasks/offline.html", {})


@require_safe
def snapshot(request: HttpRequest) -> HttpResponse:
    """One's own visits of today, for the device; in the trail."""
    if not request.user.is_authenticated:
        return JsonResponse({"error": "signed out"}, status=401)
    try:
        asker = queries.asker_for(Actor.of(request.user))
    except NotPermitted as error:
        return JsonResponse({"error": str(error)}, status=403)
    said = offline.snapshot(asker)
    access.record(
        by=asker.actor, act="tasks.carried", what="today", purpose=asker.purpose,
        detail={"people": len({each["person"] for each in said["visits"]})},
    )  # fmt: skip
    response = JsonResponse(said)
    response["Cache-Control"] = "no-store"
    return response


@require_POST
def queue(request: HttpRequest) -> HttpResponse:
    """Take what was written without network; each by itself, and says how it went."""
    if not request.user.is_authenticated:
        return JsonResponse({"error": "signed out"}, status=401)
    actor = Actor.of(request.user)
    if not may(actor, "care.act"):
        return JsonResponse({"error": "your role does no tasks"}, status=403)
    try:
        said = orjson.loads(request.body)
        items = [dict(each) for each in said["items"]][: offline.MOST]
        wrote = str(said["who"])
    except (ValueError, KeyError, TypeError):
        return JsonResponse({"error": "this cannot be read"}, status=422)
    if wrote != actor.name:  # what one wrote is never sent as another's
        return JsonResponse({"who": actor.name}, status=409)
    asker = queries.asker_for(actor)
    results = []
    for each in items:
        state, words = offline.take(each, asker)
        results.append({"id": each.get("id"), "state": state, "words": words})
    return JsonResponse({"results": results})


def signing_out(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Sign-out that leaves nothing on the device, and takes nothing away that was not sent."""

    @wraps(view)
    def leaving(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.method != "POST" or COOKIE not in request.COOKIES:
            return view(request, *args, **kwargs)
        if request.COOKIES[COOKIE] == "unsent" and request.POST.get("anyway") != "1":
            messages.warning(
                request,
                say("This device holds notes that are not sent yet. Send them, then sign out."),
            )
            return HttpResponseRedirect(reverse("tasks:tasks"))
        response = view(request, *args, **kwargs)
        response["Clear-Site-Data"] = '"storage"'
        response.delete_cookie(COOKIE)
        return response

    return leaving
