"""Marks on charts and views under a name: what people do on the pages of measures."""

from urllib.parse import urlsplit

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.views.decorators.http import require_POST

from onesystem import access
from onesystem.flow.marks import actions
from onesystem.flow.showing import reading
from onesystem.flow.showing.common import day_in, state_of
from onesystem.vocabulary import BadConfig
from onesystem.vocabulary.said import say, say_each


@require_POST
@access.page(right="measures.sign")
def mark(request: HttpRequest, name: str) -> HttpResponse:
    """Put a note or a step change on a chart."""
    declared = reading.named(name)
    state = state_of(request, declared)
    kind, day = request.POST.get("kind", ""), day_in(request.POST.get("day", ""))
    actions.mark(
        kind=kind, measure=declared.name, scope=state.scope, day=day,
        text=request.POST.get("text", ""), by=request.actor,  # type: ignore[attr-defined]
    )  # fmt: skip
    done = say_each({"step": "The step change is signed, and limits begin anew.", "note": "Noted."})
    messages.success(request, done[kind])
    return HttpResponseRedirect(state.link(f"/measures/{name}/"))


@require_POST
@access.page(right="measures.sign")
def unmark(request: HttpRequest, name: str, mark: int) -> HttpResponse:
    """Take a mark back."""
    declared = reading.named(name)
    actions.undo(mark=mark, reason=request.POST.get("reason", ""), by=request.actor)  # type: ignore[attr-defined]
    messages.success(request, say("Taken back. Who made it, and why, stays known."))
    return HttpResponseRedirect(state_of(request, declared).link(f"/measures/{name}/"))


@require_POST
@access.page(right="measures.see")
def keep(request: HttpRequest) -> HttpResponse:
    """Keep a view under a name."""
    address = request.POST.get("address", "")
    parts = urlsplit(address)
    if parts.scheme or parts.netloc:
        raise BadConfig("only pages of this district can be saved", "Save it from the page itself")
    actions.keep_view(
        name=request.POST.get("name", ""),
        address=address,
        shared=request.POST.get("shared") == "1",
        by=request.actor,  # type: ignore[attr-defined]
    )
    messages.success(request, say("The view is saved."))
    return HttpResponseRedirect(address)


@require_POST
@access.page(right="measures.see")
def drop(request: HttpRequest, view: int) -> HttpResponse:
    """Forget a view of one's own."""
    actions.drop_view(view=view, by=request.actor)  # type: ignore[attr-defined]
    messages.success(request, say("The view is removed."))
    return HttpResponseRedirect("/measures/")
