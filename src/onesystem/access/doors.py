"""The doors of pages: sign-in and right for every page, a purpose before a person is opened.

    @access.page(right="person.open")
    @access.opens_person
    def timeline(request, person): ...      # request.actor, request.purpose, request.reason

A purpose is asked for once per person and session, and remembered for an hour. Every look is in
the trail, with the purpose that was given.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse

from onesystem.access import purposes
from onesystem.access.actor import Actor
from onesystem.access.audit import record
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


def opens_person(view: View) -> View:
    """A page about one person. Asks for the purpose, sets it on the request, audits the look."""

    @wraps(view)
    @page(right="person.open")
    def guarded(request: HttpRequest, *args: Any, person: int, **kwargs: Any) -> HttpResponse:
        actor = request.actor  # type: ignore[attr-defined]
        given = purposes.given(request, person)
        if given is None or not may_open(actor, given.purpose):
            return purposes.ask(request, person)
        request.purpose, request.reason = given.purpose, given.reason  # type: ignore[attr-defined]
        request.opened = given  # type: ignore[attr-defined]
        match = request.resolver_match
        record(
            by=actor,
            act="person.looked",
            what=match.view_name if match else request.path,
            person=person,
            purpose=given.purpose,
            reason=given.reason,
        )
        return view(request, *args, person=person, **kwargs)

    guarded.opens_person = True  # type: ignore[attr-defined]
    return guarded


def _to_sign_in(request: HttpRequest) -> HttpResponse:
    if request.headers.get("HX-Request"):
        # A swapped-in part cannot hold a sign-in form: the whole page goes there instead.
        return HttpResponse(status=401, headers={"HX-Refresh": "true"})
    return redirect_to_login(request.get_full_path())
