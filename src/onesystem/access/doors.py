"""The doors of pages: sign-in and right for every page, a purpose before a person is opened.

    @access.opens_person
    def timeline(request, person): ...      # request.actor, request.purpose, request.allowed

A purpose is asked for once per person and session, and remembered for an hour. Then each look is
decided anew (`decision`), and is in the trail with its purpose and its tie; so is each refusal.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse

from onesystem.access import purposes, refusing
from onesystem.access.actor import Actor
from onesystem.access.asker import Action
from onesystem.access.rights import may_open, require

View = Callable[..., HttpResponse]


def page(*, right: str) -> Callable[[View], View]:
    """A page for those who hold the right. Sets `request.actor`; others are told who may."""

    def wrap(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if not request.user.is_authenticated:
                return _to_sign_in(request)
            request.actor = Actor.of(request.user)  # type: ignore[attr-defined]
            require(request.actor, right)  # type: ignore[attr-defined]
            return view(request, *args, **kwargs)

        guarded.right = right  # type: ignore[attr-defined]
        return guarded

    return wrap


def opens_person(
    view: View | None = None, *, kind: str = "general", action: Action = "read"
) -> Any:
    """A page about one person: purpose, then the decision, then the look in the trail, then it.

    Sets `request.purpose`, `request.reason`, `request.asker`, `request.allowed` and, while the
    glass is broken, `request.glass`. `kind` is the kind of data that the page shows at least;
    what of sensitive kinds is open besides is in `request.allowed.labels`. Where the decision
    or the trail cannot be reached, nothing is shown; the page is made while the look goes to the
    disk, and leaves after it.
    """
    if view is None:
        return lambda each: opens_person(each, kind=kind, action=action)

    @wraps(view)
    @page(right="person.open")
    def guarded(request: HttpRequest, *args: Any, person: int, **kwargs: Any) -> HttpResponse:
        actor = request.actor  # type: ignore[attr-defined]
        given = purposes.given(request, person)
        if given is None or not may_open(actor, given.purpose):
            return purposes.ask(request, person)
        try:
            stopped = refusing.stop(request, person, given, kind, action)
        except DatabaseError:
            return refusing.unavailable()
        answer = stopped or view(request, *args, person=person, **kwargs)
        return answer if refusing.on_disk(request) else refusing.unavailable()

    guarded.opens_person = kind  # type: ignore[attr-defined]
    return guarded


def _to_sign_in(request: HttpRequest) -> HttpResponse:
    if request.headers.get("HX-Request"):
        # A swapped-in part cannot hold a sign-in form: the whole page goes there instead.
        return HttpResponse(status=401, headers={"HX-Refresh": "true"})
    return redirect_to_login(request.get_full_path())
