"""The purpose for which a person is open in a session: asked once, kept an hour, ended at will."""

import time
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from onesystem.access.actor import Actor
from onesystem.access.audit import record
from onesystem.access.rights import may_open, require, today
from onesystem.access.roles import PURPOSES, purposes_of
from onesystem.vocabulary import NotPermitted
from onesystem.vocabulary.said import say

KEPT_FOR = 3600  # seconds
_KEY = "purposes"


@dataclass(frozen=True, slots=True)
class Given:
    """A purpose that was given: for whom, why, and until when (seconds since 1970)."""

    person: int
    purpose: str
    reason: str
    until: float

    @property
    def minutes_left(self) -> int:
        """Whole minutes until it is asked for again."""
        return max(0, int((self.until - time.time()) / 60))


def given(request: HttpRequest, person: int) -> Given | None:
    """The purpose given for this person in this session, while it holds."""
    kept = request.session.get(_KEY, {}).get(str(person))
    if kept is None:
        return None
    found = Given(person, *kept)
    return found if found.until > time.time() else None


def ask(request: HttpRequest, person: int, problem: str = "", to: str = "") -> HttpResponse:
    """The form that asks, in the place of the page that was wanted."""
    if request.headers.get("HX-Request"):
        return HttpResponse(status=403, headers={"HX-Refresh": "true"})
    actor = Actor.of(request.user)
    choices = [(p, PURPOSES[p]) for p in purposes_of(actor.roles, today())]
    if not choices:
        raise NotPermitted(
            "none of your roles has a purpose for opening a person's record",
            "Ask your administrator for the role in which you look after people",
        )
    wanted = to or (request.get_full_path() if request.method == "GET" else _before(request))
    context = {"person": person, "choices": choices, "to": wanted, "problem": problem}
    if problem:
        context |= {"purpose": request.POST.get("purpose"), "reason": request.POST.get("reason")}
    return render(request, "access/purpose.html", context, status=422 if problem else 200)


@require_POST
def give(request: HttpRequest, person: int) -> HttpResponse:
    """Take the purpose and go on to the page that was wanted."""
    if not request.user.is_authenticated:
        return HttpResponseRedirect(reverse("account_login"))
    actor = Actor.of(request.user)
    require(actor, "person.open")
    purpose, reason = request.POST.get("purpose", ""), request.POST.get("reason", "").strip()
    to = _local(request, request.POST.get("to", ""))
    if not may_open(actor, purpose):
        return ask(request, person, say("Choose why you are opening this record"), to)
    if len(reason) < 3:
        return ask(request, person, say("Say in a few words what you are doing"), to)
    _keep(request, person, purpose, reason)
    record(by=actor, act="purpose.given", person=person, purpose=purpose, reason=reason)
    return HttpResponseRedirect(to)


def carry(request: HttpRequest, person: int, purpose: str, reason: str) -> None:
    """Let what was said for a list of people count for one of them whom somebody opens from it.

    Whoever calls this has asked for purpose and reason, and shown the person on that list.
    """
    actor = Actor.of(request.user)
    if given(request, person) is None and may_open(actor, purpose):
        _keep(request, person, purpose, reason)
        record(by=actor, act="purpose.given", person=person, purpose=purpose, reason=reason)


def _keep(request: HttpRequest, person: int, purpose: str, reason: str) -> None:
    now = time.time()
    kept = {k: v for k, v in request.session.get(_KEY, {}).items() if v[2] > now}
    request.session[_KEY] = {**kept, str(person): [purpose, reason[:500], now + KEPT_FOR]}


@require_POST
def end(request: HttpRequest, person: int) -> HttpResponse:
    """Forget the purpose: the person is closed until it is given again."""
    if not request.user.is_authenticated:
        return HttpResponseRedirect(reverse("account_login"))
    kept = dict(request.session.get(_KEY, {}))
    if was := kept.pop(str(person), None):
        request.session[_KEY] = kept
        record(by=Actor.of(request.user), act="purpose.ended", person=person, purpose=was[0])
    return HttpResponseRedirect(_local(request, "/people/"))


def _before(request: HttpRequest) -> str:
    """The page whose form was sent when the purpose was over: what was typed is kept there."""
    parts = urlsplit(request.headers.get("Referer", ""))
    if parts.netloc != request.get_host():
        return "/"
    return _local(request, f"{parts.path}?{parts.query}" if parts.query else parts.path)


def _local(request: HttpRequest, to: str) -> str:
    allowed = url_has_allowed_host_and_scheme(
        to, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return to if allowed else "/"
