"""Which areas are there, who lives in one, and bringing people of one's own."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from onesystem import access
from onesystem.plan.areas import actions, own, presenters, queries
from onesystem.plan.areas.area import KINDS, OWN
from onesystem.vocabulary import UserError
from onesystem.vocabulary.said import say

_TYPED = ("name", "country", "year", "source")


@require_safe
@access.page(right="plan.see")
def areas(request: HttpRequest) -> HttpResponse:
    """Which area is it about?"""
    text, kind = request.GET.get("q", "")[:100], request.GET.get("kind", "")
    kind = kind if kind in KINDS else ""
    listing = presenters.areas(queries.every(text, kind), request.GET)
    if taken := access.exported(listing, request, "areas"):
        return taken
    context = {
        "listing": listing, "q": text, "kind": kind, "kinds": [("", say("All")), *KINDS.items()],
        "writes": _writes(request),
    }  # fmt: skip
    return render(request, "plan/areas/areas.html", context)


@require_safe
@access.page(right="plan.see")
def area(request: HttpRequest, code: str) -> HttpResponse:
    """Who lives there, and where?"""
    now = queries.people(code)
    listing = presenters.small_areas(now, request.GET)
    if taken := access.exported(listing, request, f"people-{code}"):
        return taken
    context = {
        "area": now.area, "kind": KINDS[now.area.kind], "listing": listing,
        "facts": presenters.facts(now), "bands": presenters.bands(now),
        "own": now.area.kind == OWN, "writes": _writes(request),
    }  # fmt: skip
    return render(request, "plan/areas/area.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@access.page(right="plan.write")
def new(request: HttpRequest) -> HttpResponse:
    """Bring people of one's own, as files or as they are pasted."""
    typed: dict[str, Any] = {"country": say("United Kingdom"), "year": "2024"}
    problem = None
    if request.method == "POST":
        typed = {name: request.POST.get(name, "") for name in _TYPED}
        try:
            code = actions.bring(
                name=typed["name"], country=typed["country"], year=_year(typed["year"]),
                source=typed["source"], files=_files(request), by=request.actor,  # type: ignore[attr-defined]
            )  # fmt: skip
        except UserError as error:
            problem = error
        else:
            messages.success(
                request, say("The people are here. Their case for change is a step away.")
            )
            return HttpResponseRedirect(reverse("plan_areas:area", args=[code]))
    context = {
        "typed": typed, "problem": problem, "countries": [(each, each) for each in own.COUNTRIES],
        "files": presenters.FILES, "pasted": request.POST.get("people", ""),
    }  # fmt: skip
    return render(request, "plan/areas/new.html", context, status=422 if problem else 200)


def _year(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) == 4):
        raise UserError(say("{text} is no year", text=repr(text)), "Write it as 2024.")
    return int(text)


def _files(request: HttpRequest) -> dict[str, str]:
    """The files that came, and people.csv as it was pasted where no file has it."""
    found = {}
    for name in own.FILES:
        sent = request.FILES.get(name.removesuffix(".csv"))
        if sent is None:
            continue
        if sent.size and sent.size > actions.MOST:
            raise UserError(
                say("{name} is too long", name=name),
                say("Give at most {most} MB.", most=actions.MOST >> 20),
            )
        try:
            found[name] = sent.read().decode("utf-8-sig")
        except UnicodeDecodeError:
            raise UserError(
                say("{name} is not in UTF-8", name=name), "Save it as CSV UTF-8."
            ) from None
    if "people.csv" not in found and request.POST.get("people", "").strip():
        found["people.csv"] = request.POST["people"]
    return found


@require_POST
@access.page(right="plan.write")
def act(request: HttpRequest, code: str) -> HttpResponse:
    """Take an area of one's own away, or bring it back."""
    if request.POST.get("do") == "back":
        actions.bring_back(code=code, by=request.actor)  # type: ignore[attr-defined]
        messages.success(request, say("It is back."))
        return HttpResponseRedirect(reverse("plan_areas:area", args=[code]))
    actions.take_away(code=code, by=request.actor)  # type: ignore[attr-defined]
    messages.success(request, say("Removed."))
    return HttpResponseRedirect(reverse("plan_areas:areas") + f"?gone={code}")


def _writes(request: HttpRequest) -> bool:
    return access.may(request.actor, "plan.write")  # type: ignore[attr-defined]
