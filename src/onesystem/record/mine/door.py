"""The door of a person's own pages: their own record, or that of someone they act for.

A citizen is not asked for a purpose: that it is their own record is the purpose. Each visit is in
the trail like any other look.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from onesystem import access, district, people
from onesystem.access.asking import OWN_RECORD
from onesystem.people.presenters import who_words

View = Callable[..., HttpResponse]


def opens_own(view: View) -> View:
    """A page about one's own record. Without a person in the address it is the user's own.

    Sets `request.asker`, `request.allowed`, `request.purpose`; somebody else's record is answered
    as if it did not exist.
    """

    @wraps(view)
    @access.page(right="own.see")
    def guarded(
        request: HttpRequest, *args: Any, person: int | None = None, **kwargs: Any
    ) -> HttpResponse:
        asker = access.asker_of(request.actor, OWN_RECORD, client="pages")  # type: ignore[attr-defined]
        whose = person if person is not None else asker.person
        if whose is None:
            return _nobody(request, asker)
        allowed = access.decide(asker, whose)
        if not allowed:
            raise Http404(f"no record {whose}")
        request.asker, request.allowed = asker, allowed  # type: ignore[attr-defined]
        request.purpose, request.reason = OWN_RECORD, ""  # type: ignore[attr-defined]
        match = request.resolver_match
        access.record(
            by=asker.actor,
            act="person.looked",
            what=match.view_name if match else request.path,
            person=whose,
            purpose=OWN_RECORD,
            detail={
                "ties": sorted(allowed.by),
                "client": "pages",
                "from": request.META.get("REMOTE_ADDR", ""),
            },
        )
        return view(request, *args, person=whose, **kwargs)

    guarded.opens_person = "general"  # type: ignore[attr-defined]
    return guarded


def _nobody(request: HttpRequest, asker: access.Asker) -> HttpResponse:
    """No record is joined to the account: whom they act for, or what to do."""
    return render(request, "record/mine/nobody.html", {"acts_for": acting(asker)})


def acting(asker: access.Asker) -> list[tuple[str, str]]:
    """The people somebody acts for: name and address of the page."""
    at, here = district.now(), district.current()
    return [
        (
            who_words(each, people.identities_of(each), here, at=at).name,
            reverse("mine:record", kwargs={"person": each}),
        )
        for each in sorted(asker.acts_for)
    ]


def address(request: HttpRequest, view: str, person: int) -> str:
    """One of these pages, or another room's by its full name, for whomever this one is about."""
    own = request.asker.person == person  # type: ignore[attr-defined]
    name = view if ":" in view else f"mine:{view}"
    return reverse(name, kwargs={} if own else {"person": person})
