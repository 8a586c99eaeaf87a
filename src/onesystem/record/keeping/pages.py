"""The officer's pages: legal holds, and whose record falls due."""

import json
from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST

from onesystem import access, people
from onesystem.district import current, now
from onesystem.record.keeping import destroying, finding, holds, searching
from onesystem.record.keeping.holds import RIGHT
from onesystem.record.keeping.rows import Certificate, Due
from onesystem.record.keeping.table import rules_of
from onesystem.record.protection.tabs import tabs
from onesystem.vocabulary import BadConfig, NotFound, UserError
from onesystem.vocabulary.kept import from_micros
from onesystem.vocabulary.said import say

MOST = 200


@access.page(right=RIGHT)
def holds_page(request: HttpRequest) -> HttpResponse:
    """The holds that stand, and a form to put one on somebody."""
    by, problem = request.actor, None  # type: ignore[attr-defined]
    if request.method == "POST":
        try:
            given = request.POST
            holds.put(
                person=_number(given.get("person", "")), reason=given.get("reason", ""),
                reference=given.get("reference", ""), review=_day(given.get("review", "")), by=by,
            )  # fmt: skip
        except UserError as error:
            problem = error
        else:
            messages.success(request, say("The hold stands. Nothing of this record is destroyed."))
            return HttpResponseRedirect(request.path)
    every = holds.listed(by=by, ended=True)
    return _show(
        request, "holds", standing=[h for h in every if h.until is None],
        ended=[h for h in every if h.until is not None], today=now().date(),
        given=request.POST or request.GET, problem=problem,
    )  # fmt: skip


@access.page(right=RIGHT)
def hold_page(request: HttpRequest, hold: int) -> HttpResponse:
    """One hold: review it or release it, with a reason."""
    by, problem = request.actor, None  # type: ignore[attr-defined]
    found = next((h for h in holds.listed(by=by, ended=True) if h.number == hold), None)
    if found is None:
        raise NotFound(say("there is no hold {hold}", hold=hold), "See the list of legal holds.")
    if request.method == "POST":
        try:
            if request.POST.get("do") == "review":
                holds.review_again(hold=hold, review=_day(request.POST.get("review", "")), by=by)
                messages.success(request, say("It stays. You are asked again on that day."))
            else:
                holds.release(hold=hold, reason=request.POST.get("reason", ""), by=by)
                messages.success(request, say("Released. The rules of retention hold again."))
            return HttpResponseRedirect(reverse("protection:holds"))
        except UserError as error:
            problem = error
    return _show(request, "hold", hold=found, today=now().date(), problem=problem)


@access.page(right=RIGHT)
def retention(request: HttpRequest) -> HttpResponse:
    """Whose record falls due, and why; certificates of what was destroyed; the rules."""
    by = request.actor  # type: ignore[attr-defined]
    if request.method == "POST":
        searching.ask(by=by)
        return HttpResponseRedirect(request.path)
    waiting = Due.objects.filter(decision="").order_by("due", "person")
    rows = list(waiting[:MOST])
    rules = rules_of(current())
    titles = {rule.code: rule.title for rule in rules}
    held = finding.held_of([row.person for row in rows])
    search = searching.standing()
    over = search.at if search and search.state == "done" else None
    return _show(
        request, "retention", rows=[(row, titles.get(row.rule, row.rule), row.person in held)
                                    for row in rows],
        total=waiting.count(), most=MOST, rules=rules, search=search,
        found_at=from_micros(rows[0].found_at) if rows else over,
        kept=Due.objects.filter(decision="keep").order_by("review")[:MOST],
        certificates=[
            (c, from_micros(c.at), sorted(json.loads(c.counts).items()))
            for c in Certificate.objects.order_by("-id")[:50]
        ],
    )  # fmt: skip


@require_POST
@access.page(right=RIGHT)
def stop(request: HttpRequest) -> HttpResponse:
    """Call the search off: the list stays as it was."""
    searching.stop(by=request.actor)  # type: ignore[attr-defined]
    messages.success(request, say("Stopped. The list stays as it was."))
    return HttpResponseRedirect(reverse("protection:retention"))


@access.page(right=RIGHT)
def due_page(request: HttpRequest, due: int) -> HttpResponse:
    """One record that falls due: destroy it, or keep it with a reason. First a check."""
    by, problem, sure = request.actor, None, False  # type: ignore[attr-defined]
    row = Due.objects.filter(pk=due, decision="").first()
    if row is None:
        raise NotFound("this does not wait for a decision", "See the list of retention.")
    given = request.POST
    if request.method == "POST":
        try:
            reason = given.get("reason", "")
            if given.get("do") == "keep":
                destroying.keep(due=due, reason=reason, review=_day(given.get("review", "")), by=by)
                messages.success(request, say("It is kept. It comes back to the list on that day."))
                return HttpResponseRedirect(reverse("protection:retention"))
            if not reason.strip():
                raise BadConfig("it is not said why", "Write the reason down; it stays.")
            sure = given.get("sure") != "yes"
            if not sure:
                number = destroying.destroy(due=due, reason=reason, by=by)
                messages.success(
                    request, say("Destroyed. Certificate {number} says so.", number=number)
                )
                return HttpResponseRedirect(reverse("protection:retention"))
        except UserError as error:
            problem, sure = error, False
    rule = next((r for r in rules_of(current()) if r.code == row.rule), None)
    ids = people.identity_ids_of(row.person)
    return _show(
        request, "due", row=row, rule=rule, held=holds.held(ids), sure=sure, given=given,
        identities=len(ids), problem=problem,
    )  # fmt: skip


def _show(request: HttpRequest, template: str, **context: Any) -> HttpResponse:
    status = 422 if context.get("problem") else 200
    return render(
        request, f"record/protection/{template}.html", {"tabs": tabs(request), **context},
        status=status,
    )  # fmt: skip


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise BadConfig("that is no day", "Write it as 2027-03-31.") from error


def _number(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < 19):
        raise BadConfig("that is no number of a person", "Take it from the person's page.")
    return int(text)
