"""Where forms are kept and brought back, for whoever signed in: by the script of the page."""

from collections.abc import Callable
from functools import wraps
from typing import Any

import orjson
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from onesystem.access import Actor, purposes
from onesystem.care.drafts import actions, queries
from onesystem.care.drafts.actions import WrittenElsewhere
from onesystem.care.drafts.queries import Begun
from onesystem.district import current, now
from onesystem.vocabulary import UserError, to_local
from onesystem.vocabulary.said import say
from onesystem.vocabulary.typed import whole_or
from onesystem.vocabulary.wording import local

_View = Callable[[HttpRequest], HttpResponse]
_MOST = 50  # forms of one page


def _signed_in(view: _View) -> _View:
    """Whoever signed in may keep what they write; no role gives or takes it."""

    @wraps(view)
    def guarded(request: HttpRequest) -> HttpResponse:
        if not request.user.is_authenticated:
            return JsonResponse({"error": "signed out"}, status=401)
        request.actor = Actor.of(request.user)  # type: ignore[attr-defined]
        return view(request)

    return guarded


@require_http_methods(["GET", "POST"])
@_signed_in
def drafts(request: HttpRequest) -> HttpResponse:
    """Bring a draft back, or keep one."""
    actor = request.actor  # type: ignore[attr-defined]
    if request.method == "GET":
        keys = request.GET.getlist("key")[:_MOST]
        if len(keys) > 1:  # all forms of a page in one ask
            told = {key: _told(queries.draft(actor, key)) for key in keys}
            return JsonResponse({"who": actor.name, "drafts": told})
        found = queries.draft(actor, keys[0] if keys else "")
        return JsonResponse({"who": actor.name, **_told(found)})
    try:
        wrote, said = _said(request)
        if wrote not in {"", actor.name}:  # what one wrote is never kept for the next
            return JsonResponse({"who": actor.name}, status=401)
        kept = actions.keep(by=actor, **said)
    except WrittenElsewhere as error:
        return JsonResponse({"who": actor.name, **_told(error.there)}, status=409)
    except UserError as error:
        return JsonResponse({"error": f"{error.what}. {error.cure}"}, status=422)
    person = said["person"]
    closed = bool(person) and purposes.given(request, person) is None
    told = _told(kept)
    return JsonResponse(
        {"who": actor.name, "version": kept.version, "words": told["words"], "closed": closed}
    )


@require_POST
@_signed_in
def discard(request: HttpRequest) -> HttpResponse:
    """Throw a draft away; a page without script comes back to the list."""
    actor = request.actor  # type: ignore[attr-defined]
    try:
        key, seen = request.POST.get("key", ""), _number(request.POST.get("seen"))
        actions.discard(key=key, seen=seen, by=actor)
    except WrittenElsewhere as error:
        if request.headers.get("Accept") == "application/json":
            return JsonResponse({"who": actor.name, **_told(error.there)}, status=409)
        messages.error(request, say("It was written on since; look at it again."))
    else:
        if request.headers.get("Accept") == "application/json":
            return JsonResponse({"who": actor.name, "version": 0})
        messages.success(request, say("Discarded."))
    return HttpResponseRedirect(reverse("drafts:mine"))


@require_safe
@_signed_in
def token(request: HttpRequest) -> HttpResponse:
    """Who is signed in now, and the token that their forms need."""
    return JsonResponse(
        {
            "who": request.actor.name,  # type: ignore[attr-defined]
            "token": get_token(request),
            "until": request.session.get("until"),
        }
    )


@require_safe
def back(request: HttpRequest) -> HttpResponse:
    """Where a sign-in from a dialog ends: the page of before goes on by itself."""
    return render(request, "care/drafts/back.html")


@require_safe
def mine(request: HttpRequest) -> HttpResponse:
    """What have I begun and not sent?"""
    if not request.user.is_authenticated:
        return HttpResponseRedirect(f"{reverse('account_login')}?next={reverse('drafts:mine')}")
    found = [
        {"begun": each, "when": local(each.saved, current().zone)}
        for each in queries.drafts(Actor.of(request.user))
    ]
    return render(request, "care/drafts/mine.html", {"drafts": found})


def _told(found: Begun | None) -> dict[str, Any]:
    if found is None:
        return {"version": 0}
    zone = current().zone
    moment, today = to_local(found.saved, zone), to_local(now(), zone).date()
    words = f"{moment:%H:%M}" if moment.date() == today else local(found.saved, zone)
    return {"version": found.version, "fields": found.fields, "words": words}


def _said(request: HttpRequest) -> tuple[str, dict[str, Any]]:
    """Who wrote it, as the page knows, and what."""
    if len(request.body) > 2 * actions.LONGEST:
        raise UserError("this is too long to be kept", "Send it in two parts, or shorten it.")
    try:
        said = orjson.loads(request.body)
        fields = {str(k): [str(v) for v in some] for k, some in said["fields"].items()}
        key = str(said["key"])
        path, wrote = str(said.get("path", "")), str(said.get("who", ""))
        person, seen = _number(said.get("person")), _number(said.get("seen"))
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise UserError("this was no draft", "Load the page again.") from error
    local_path = path if path.startswith("/") and not path.startswith("//") else ""
    told = {"key": key, "fields": fields, "seen": seen, "person": person, "path": local_path}
    return wrote, told


def _number(value: Any) -> int:
    text = str(value or "")
    return whole_or(text, 0)
