"""For whom a request to a service is: the person is searched for, and the request opens."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from onesystem import access
from onesystem.care.services import queries
from onesystem.care.services.pages import head
from onesystem.district import current, now
from onesystem.people import presenters
from onesystem.people.mapping import views
from onesystem.people.queries import search

_MOST = 30
_LEAST_TYPED = 2


@require_safe
@access.page(right="requests.send")
def whom(request: HttpRequest, service: str) -> HttpResponse:
    """Who is it about? What was typed is not kept anywhere."""
    entry, text = queries.entry(service), request.GET.get("q", "").strip()[:200]
    context: dict[str, Any] = {**head(request, entry), "q": text}
    if len(text) >= _LEAST_TYPED:
        context |= _found(request, text)
    part = request.headers.get("HX-Request")
    return render(request, f"care/services/{'_whom' if part else 'whom'}.html", context)


def _found(request: HttpRequest, text: str) -> dict[str, Any]:
    here, at = current(), now()
    hits = search(text, by=request.actor, limit=_MOST + 1)  # type: ignore[attr-defined]
    practices = {v.identity: v.practice for v in views([hit.person for hit in hits])}
    return {
        "hits": [
            presenters.hit_words(
                hit, here, practice=practices.get(hit.person, ""), matched="", at=at
            )
            for hit in hits[:_MOST]
        ],
        "more": len(hits) > _MOST,
    }
