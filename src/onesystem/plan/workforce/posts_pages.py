"""Vacancies by practice and department, counting them, and the figures of 2014 worked out."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from onesystem import access
from onesystem.budget.pooled.queries import today
from onesystem.plan.workforce import actions, counting, presenters, queries
from onesystem.plan.workforce.examples import SOURCE
from onesystem.plan.workforce.examples import examples as worked
from onesystem.plan.workforce.pages import parts, writes
from onesystem.plan.workforce.roles import roles, sources
from onesystem.plan.workforce.vacancies import KINDS, together
from onesystem.vocabulary import UserError
from onesystem.vocabulary.said import say

_LARGEST = 2_000_000


@require_safe
@access.page(right="plan.see")
def vacancies(request: HttpRequest) -> HttpResponse:
    """Which posts does nobody fill?"""
    return _show(request, {})


def _show(
    request: HttpRequest, typed: dict[str, str], problem: UserError | None = None
) -> HttpResponse:
    kind, code, text = (request.GET.get(n, "") for n in ("kind", "role", "q"))
    every = queries.posts()
    rows = [
        p for p in every
        if (not kind or p.kind == kind) and (not code or p.role == code)
        and text.casefold() in p.name.casefold()
    ]  # fmt: skip
    listing = presenters.vacancies(rows, request.GET)
    if problem is None and (taken := access.exported(listing, request, "vacancies")):
        return taken
    context: dict[str, Any] = {
        "listing": listing, "together": presenters.together(together(rows)),
        "writes": writes(request), "tabs": parts("vacancies"), "kind": kind, "role": code,
        "q": text, "kinds": [("", say("All")), *KINDS.items()], "problem": problem, "typed": typed,
        "roles": [("", say("All")), *((r.code, r.name) for r in roles().values())],
        "head": ",".join(counting.HEAD), "today": today().isoformat(), "any": bool(every),
    }  # fmt: skip
    return render(request, "plan/workforce/vacancies.html", context, status=422 if problem else 200)


@require_POST
@access.page(right="plan.write")
def count(request: HttpRequest) -> HttpResponse:
    """Keep a count of posts: one, or a file of them."""
    said = {name: str(value)[:300] for name, value in request.POST.items()}
    given = request.FILES.get("file")
    try:
        if given is not None:
            rows = counting.read(_text(given))
        else:
            rows = [counting.one({**said, "place": said.get("place") or said.get("name", "")})]
        many = actions.count(posts=rows, by=request.actor, today=today())  # type: ignore[attr-defined]
    except UserError as error:
        return _show(request, said, error)
    messages.success(request, say("Counted: {many}.", many=many))
    return HttpResponseRedirect(reverse("plan_workforce:vacancies"))


def _text(given: Any) -> str:
    if given.size > _LARGEST:
        raise UserError("the file is too large", "Send at most two megabytes")
    try:
        return str(given.read().decode("utf-8-sig"))
    except UnicodeDecodeError:
        raise UserError("the file is no text", "Save it as CSV in UTF-8") from None


@require_safe
@access.page(right="plan.see")
def examples(request: HttpRequest) -> HttpResponse:
    """Do the figures of 2014 add up?"""
    lengths = sorted(roles().values(), key=lambda each: each.months)
    context = {
        "examples": worked(), "source": SOURCE, "tabs": parts("examples"), "roles": lengths,
        "sources": sources(), "today": today(),
        "ready": {each.code: each.reaches(today()) for each in lengths},
    }  # fmt: skip
    return render(request, "plan/workforce/examples.html", context)
