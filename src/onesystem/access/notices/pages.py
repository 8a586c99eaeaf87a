"""The page of notices: what a user and their organisation are told, and whether by e-mail."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from onesystem.access.actor import Actor
from onesystem.access.notices import acting, reading
from onesystem.access.notices.topics import TOPICS
from onesystem.district import current
from onesystem.vocabulary import NotFound, UserError
from onesystem.vocabulary.said import say
from onesystem.vocabulary.typed import ticked


@require_safe
def listed(request: HttpRequest) -> HttpResponse:
    """All of them, or the unread, or those of one topic: whoever signed in has this page."""
    if not request.user.is_authenticated:
        return redirect_to_login(request.get_full_path())
    return _show(request, Actor.of(request.user))


def _show(request: HttpRequest, by: Actor, **more: Any) -> HttpResponse:
    unseen, topic = request.GET.get("unread") == "1", request.GET.get("topic", "")
    found = reading.notices(by=by, unseen=unseen, topic=topic)
    mine = current().organisations.get(by.organisation)
    on, address = reading.mailed(by)
    told = {
        "organisation": mine.name if mine else "", "notices": found, "unseen": unseen,
        "topic": topic, "mailed": on, "address": address, "most": reading.SHOWN,
        "topics": sorted(
            {(n.topic, TOPICS.get(n.topic, n.topic)) for n in reading.notices(by=by)}
            | {(t, w) for t, w in TOPICS.items() if t == topic}
        ),
    }  # fmt: skip
    status = 422 if more.get("problem") else 200
    return render(request, "access/notices.html", told | more, status=status)


@require_safe
def count(request: HttpRequest) -> HttpResponse:
    """How many are unread, for a page that is open: asked every half minute while it is seen."""
    if not request.user.is_authenticated:
        return JsonResponse({"unread": None}, status=401)
    return JsonResponse({"unread": reading.unread(Actor.of(request.user))})


@require_POST
def follow(request: HttpRequest, notice: int) -> HttpResponse:
    """Read a notice: it is marked, and the browser goes where it leads, or back to the list."""
    if not request.user.is_authenticated:
        return redirect_to_login(reverse("access:notices"))
    by = Actor.of(request.user)
    row = reading.for_actor(by).filter(pk=notice).first()
    if row is None:
        raise NotFound("there is no such notice for you", "Look at the list again")
    acting.see(notices=[notice], by=by)
    to = row.link if request.POST.get("do") == "open" and row.link else reverse("access:notices")
    return HttpResponseRedirect(to)


@require_POST
def see(request: HttpRequest) -> HttpResponse:
    """Mark some as read, or take that back."""
    if not request.user.is_authenticated:
        return redirect_to_login(reverse("access:notices"))
    by = Actor.of(request.user)
    chosen = ticked(request.POST.getlist("notice"))
    if request.POST.get("do") == "unsee":
        acting.unsee(notices=chosen, by=by)
        messages.success(request, say("They count as unread again."))
    elif chosen:
        count = acting.see(notices=chosen, by=by)
        messages.success(request, say("{count} marked as read.", count=count))
    else:
        messages.warning(request, say("Nothing was chosen. Tick the notices that you have read."))
    return HttpResponseRedirect(reverse("access:notices"))


@require_POST
def mail(request: HttpRequest) -> HttpResponse:
    """Be told by e-mail, or not."""
    if not request.user.is_authenticated:
        return redirect_to_login(reverse("access:notices"))
    by, on = Actor.of(request.user), request.POST.get("do") == "on"
    address = request.POST.get("address", "")
    try:
        acting.mail(on=on, address=address, by=by)
    except UserError as error:
        return _show(request, by, problem=error, said=address)
    messages.success(request, say("You are told by e-mail.") if on else say("No e-mails any more."))
    return HttpResponseRedirect(reverse("access:notices"))
