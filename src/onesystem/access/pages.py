"""Settings: the district as configured, users and their roles, and the audit trail."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from onesystem.access import actions, presenters, queries
from onesystem.access.actor import Actor
from onesystem.access.audit import record, verify_trail
from onesystem.access.doors import page
from onesystem.access.exports import exported
from onesystem.access.listings import (
    audit_listing,
    service_listing,
    source_listing,
    user_listing,
)
from onesystem.access.rights import may
from onesystem.district import current
from onesystem.vocabulary import UserError
from onesystem.vocabulary.said import say


def tabs(request: HttpRequest) -> list[tuple[str, str, bool]]:
    """The parts of Settings that the actor may see."""
    actor = request.actor  # type: ignore[attr-defined]
    parts = (
        (say("District"), "access:settings", "settings.see"),
        (say("Boards"), "boards:settings", "settings.see"),
        ("Users", "access:users", "users.manage"),
        ("Applications", "record:apps", "users.manage"),
        (say("Roles"), "access:roles", "now.see"),
        (say("Audit trail"), "access:audit", "audit.see"),
    )
    return [
        (
            name,
            reverse(view),
            request.path.startswith(reverse(view))
            if view != "access:settings"
            else request.path == reverse(view),
        )
        for name, view, right in parts
        if may(actor, right)
    ]


def _show(request: HttpRequest, template: str, **context: Any) -> HttpResponse:
    return render(request, f"access/{template}.html", {"tabs": tabs(request), **context})


@require_safe
@page(right="now.see")
def settings(request: HttpRequest) -> HttpResponse:
    """The district as its `district.toml` says; whoever may not see it goes to what they may."""
    if not may(request.actor, "settings.see"):  # type: ignore[attr-defined]
        first = next((href for _, href, here in tabs(request) if not here), "/")
        return HttpResponseRedirect(first)
    district = current()
    services, sources = service_listing(district, request), source_listing(district)
    if taken := exported(services, request, "services"):
        return taken
    return _show(request, "settings", services=services, sources=sources)


@require_safe
@page(right="users.manage")
def users(request: HttpRequest) -> HttpResponse:
    """Everybody who signs in."""
    listing = user_listing(queries.users(by=request.actor), request)  # type: ignore[attr-defined]
    return exported(listing, request, "users") or _show(request, "users", listing=listing)


@page(right="users.manage")
def add(request: HttpRequest) -> HttpResponse:
    """Add a user."""
    problem = None
    if request.method == "POST":
        try:
            number = actions.add_user(
                username=request.POST.get("username", ""),
                password=request.POST.get("password", ""),
                name=request.POST.get("name", ""),
                organisation=request.POST.get("organisation", ""),
                roles=request.POST.getlist("roles"),
                by=request.actor,  # type: ignore[attr-defined]
            )
        except UserError as error:
            problem = error
        else:
            messages.success(request, say("Added. Give them their password in person or by phone."))
            return HttpResponseRedirect(reverse("access:user", kwargs={"user": number}))
    return _show(
        request,
        "add_user",
        problem=problem,
        given=request.POST,
        held=request.POST.getlist("roles"),
        roles=presenters.role_choices(),
        organisations=[
            ("", say("None")),
            *((o.code, o.name) for o in current().organisations.values()),
        ],
    )


@page(right="users.manage")
def user(request: HttpRequest, user: int) -> HttpResponse:
    """One user: roles, password, closing the account."""
    someone, problem = queries.user(user, by=request.actor), None  # type: ignore[attr-defined]
    if request.method == "POST":
        try:
            said = _change(request, someone.username)
        except UserError as error:
            problem = error
        else:
            messages.success(request, said)
            return HttpResponseRedirect(request.path)
    return _show(
        request,
        "user",
        someone=someone,
        problem=problem,
        facts=presenters.user_facts(someone, current()),
        held=someone.roles.split(),
        roles=presenters.role_choices(),
    )


def _change(request: HttpRequest, username: str) -> str:
    by = request.actor  # type: ignore[attr-defined]
    match request.POST.get("do"):
        case "roles":
            actions.set_roles(username=username, roles=request.POST.getlist("roles"), by=by)
            return say("The roles are set. They hold from the next page on.")
        case "password":
            password = request.POST.get("password", "")
            actions.set_password(username=username, password=password, by=by)
            return say("The password is set. Give it to them in person or by phone.")
        case "postcode":
            actions.set_postcode(
                username=username, postcode=request.POST.get("postcode", ""), by=by
            )
            return say("Saved where only the privacy officer's rule reads it.")
        case "close":
            actions.set_active(username=username, active=False, by=by)
            return say("The account is closed. What was done with it stays in the trail.")
        case "open":
            actions.set_active(username=username, active=True, by=by)
            return say("The account is open again.")
    raise UserError("nothing was asked for", "Use one of the buttons")


def own_postcode(request: HttpRequest) -> HttpResponse:
    """A member of staff says where they live, or takes that back. It is never shown again."""
    if not request.user.is_authenticated:
        return redirect_to_login(request.get_full_path())
    by, problem = Actor.of(request.user), None
    if request.method == "POST":
        try:
            said = "" if request.POST.get("do") == "forget" else request.POST.get("postcode", "")
            actions.set_postcode(username=by.name, postcode=said, by=by)
        except UserError as error:
            problem = error
        else:
            messages.success(request, say("Saved.") if said.strip() else say("Removed."))
            return HttpResponseRedirect(request.path)
    kept = bool(actions.find(by.name).postcode)
    return render(
        request, "access/postcode.html", {"kept": kept, "problem": problem},
        status=422 if problem else 200,
    )  # fmt: skip


@require_safe
@page(right="now.see")
def roles(request: HttpRequest) -> HttpResponse:
    """Which role may do what, and why they may look."""
    return _show(
        request,
        "roles",
        rights=presenters.matrix(),
        purposes=presenters.purpose_matrix(),
        names=presenters.role_choices(),
    )


@require_safe
@page(right="audit.see")
def audit(request: HttpRequest) -> HttpResponse:
    """The trail: search, check, export. An export is an act, and is in the trail itself."""
    by, asked = request.actor, queries.Asked.of(request.GET)  # type: ignore[attr-defined]
    listing = audit_listing(queries.trail(asked, by=by), request)
    if taken := exported(listing, request, "audit"):
        record(by=by, act="trail.exported", what=request.GET.urlencode()[:300])
        return taken
    faults = verify_trail() if request.GET.get("check") else None
    return _show(
        request,
        "audit",
        listing=listing,
        asked=asked,
        acts=[("", say("Any")), *((a, presenters.act_words(a)) for a in queries.acts())],
        faults=faults,
        length=queries.length(),
        most=queries.MOST,
    )


@require_safe
@page(right="audit.see")
def audit_row(request: HttpRequest, row: int) -> HttpResponse:
    """One row of the trail."""
    found = queries.row(row, by=request.actor)  # type: ignore[attr-defined]
    return _show(request, "audit_row", row=found, facts=presenters.audit_facts(found))
