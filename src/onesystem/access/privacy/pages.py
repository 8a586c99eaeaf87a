"""The privacy officer's pages: the list, one look, agreements, well-known people, figures."""

from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from onesystem.access import keeping, reading
from onesystem.access.audit import record
from onesystem.access.doors import page
from onesystem.access.exports import exported
from onesystem.access.lines import SHARED
from onesystem.access.models import Audit, Question, ReviewNote, WellKnown
from onesystem.access.privacy import resolving, watching, worklist
from onesystem.access.privacy.chart import bars
from onesystem.access.privacy.figures import figures
from onesystem.access.privacy.listings import (
    agreement_listing,
    glass_listing,
    looks_listing,
    rules_listing,
    well_known_listing,
)
from onesystem.access.privacy.rules import RULES
from onesystem.access.sharing import ANYONE
from onesystem.district import current, now
from onesystem.vocabulary import BadConfig, UserError
from onesystem.vocabulary.kept import from_micros
from onesystem.vocabulary.said import say
from onesystem.vocabulary.sensitive import SENSITIVE

_TABS = (
    (say("To look at again"), "access:worklist"),
    (say("Sharing agreements"), "access:agreements"),
    (say("Well-known people"), "access:well_known"),
    (say("Figures"), "access:privacy_figures"),
    (say("Audit trail"), "access:audit"),
)
BATCHES = 4  # of the trail that opening the list reads; the rest waits for the night


def _show(request: HttpRequest, template: str, **context: Any) -> HttpResponse:
    path = request.path
    here = [
        (name, reverse(view), _is_here(path, reverse(view))) for name, view in _TABS
    ]  # fmt: skip
    status = 422 if context.get("problem") else 200
    return render(
        request, f"access/privacy/{template}.html", {"tabs": here, **context}, status=status
    )


def _is_here(path: str, address: str) -> bool:
    looks = reverse("access:worklist")
    if address == looks:
        return path == looks or path.startswith(f"{looks}looks/")
    return path.startswith(address)


@require_safe
@page(right="access.review")
def looks(request: HttpRequest) -> HttpResponse:
    """The looks that need a second look; opening the list brings it up to now."""
    by, asked = request.actor, worklist.Asked.of(request.GET)  # type: ignore[attr-defined]
    watching.watch_all(batches=BATCHES)
    listing = worklist.listing(worklist.found(asked, by=by), request)
    if taken := exported(listing, request, "looks"):
        record(by=by, act="worklist.exported", what=request.GET.urlencode()[:300])
        return taken
    open_now = worklist.found(worklist.Asked(), by=by)
    return _show(
        request,
        "worklist",
        listing=listing,
        asked=asked,
        waiting=len(open_now),
        asking=sum(r.rule == "question" for r in open_now),
        oldest=from_micros(min(r.at for r in open_now)) if open_now else None,
        behind=watching.behind(),
        rules=[("", say("Any")), *((code, rule.name) for code, rule in RULES.items())],
        abouts=RULES,
        states=worklist.STATES,
        most=worklist.MOST,
    )


@page(right="access.review")
def look(request: HttpRequest, review: int) -> HttpResponse:
    """One look: what happened, what else they did with the person, and what to do."""
    by = request.actor  # type: ignore[attr-defined]
    found, problem = resolving.known_review(review, by=by), None
    if request.method == "POST":
        try:
            said = _decide(request, review)
        except UserError as error:
            problem = error
        else:
            messages.success(request, said)
            return HttpResponseRedirect(request.path)
    trail = Audit.objects.filter(pk=found.audit).first()
    question = Question.objects.filter(review=review).first()
    about = Audit.objects.filter(pk=question.look).first() if question and question.look else None
    return _show(
        request,
        "look",
        review=found,
        rule=worklist.rule_of(found.rule),
        facts=worklist.look_facts(found, about or trail),
        beside=worklist.beside(found),
        notes=ReviewNote.objects.filter(review=review).order_by("-id"),
        question=question,
        outcomes=keeping.OUTCOMES,
        moment=from_micros,
        mine=found.actor == by.name and not question,
        problem=problem,
    )


def _decide(request: HttpRequest, review: int) -> str:
    by, note = request.actor, request.POST.get("note", "")  # type: ignore[attr-defined]
    if request.POST.get("do") == "reopen":
        resolving.reopen(review=review, note=note, by=by)
        return say("It stands on the list again. What was noted before stays below.")
    resolving.resolve(
        review=review,
        outcome=request.POST.get("outcome", ""),
        note=note,
        answer=request.POST.get("answer", ""),
        by=by,
    )
    return say("Resolved, with your note. You can reopen it here.")


@require_safe
@page(right="access.review")
def agreements(request: HttpRequest) -> HttpResponse:
    """What organisations share with each other, for what, under which law."""
    kept = reading.agreements(by=request.actor)  # type: ignore[attr-defined]
    listing = agreement_listing(kept, request)
    return exported(listing, request, "agreements") or _show(
        request, "agreements", listing=listing, kept=kept
    )


@page(right="access.review")
def add_agreement(request: HttpRequest) -> HttpResponse:
    """Add one: first the form, then what it will do, then it is kept."""
    problem, check = None, False
    if request.method == "POST":
        try:
            asked = _agreement(request)
            if request.POST.get("sure"):
                keeping.keep_agreement(**asked, by=request.actor)  # type: ignore[attr-defined]
                messages.success(request, say("Saved. It holds from its first day on."))
                return HttpResponseRedirect(reverse("access:agreements"))
            check = True
        except UserError as error:
            problem = error
    organisations = [
        (ANYONE, say("Every organisation of the district")),
        *((o.code, o.name) for o in current().organisations.values()),
    ]
    chosen = request.POST.getlist("organisations")
    return _show(
        request,
        "add_agreement",
        problem=problem,
        check=check,
        first=not reading.agreements(by=request.actor),  # type: ignore[attr-defined]
        given=request.POST,
        lists={n: request.POST.getlist(n) for n in ("organisations", "purposes", "kinds")},
        organisations=organisations,
        between=[name for code, name in organisations if code in chosen],
        purposes=sorted(SHARED),
        kinds=SENSITIVE,
        today=now().date(),
    )


def _agreement(request: HttpRequest) -> dict[str, Any]:
    given = request.POST
    asked = {
        "name": given.get("name", ""),
        "organisations": given.getlist("organisations"),
        "purposes": given.getlist("purposes"),
        "kinds_shared": given.getlist("kinds"),
        "basis": given.get("basis", ""),
        "starts": _date(given.get("starts", ""), say("first day")),
        "ends": _date(given["ends"], say("last day")) if given.get("ends") else None,
    }
    for name, what in (("name", say("a name")), ("basis", say("a legal basis"))):
        if not str(asked[name]).strip():
            raise BadConfig(say("the agreement has not {what}", what=what), "Write it down.")
    for name, what in (("organisations", "organisation"), ("purposes", "purpose")):
        if not asked[name]:
            raise BadConfig(say("no {what} was chosen", what=what), "Choose at least one.")
    if asked["ends"] and asked["ends"] <= asked["starts"]:
        raise BadConfig("it ends before it begins", "Mend the days.")
    return asked


def _date(text: str, what: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise BadConfig(
            say("the {what} is no date", what=what), "Write it as 2026-12-31."
        ) from error


@page(right="access.review")
def end_agreement(request: HttpRequest, agreement: int) -> HttpResponse:
    """End one at once, having read what that does."""
    by, problem = request.actor, None  # type: ignore[attr-defined]
    found = next((a for a, _ in reading.agreements(by=by) if a.number == agreement), None)
    if request.method == "POST":
        try:
            reason = request.POST.get("reason", "").strip()
            if not reason:
                raise BadConfig("an agreement is ended with a reason", "Say why.")
            keeping.end_agreement(agreement=agreement, by=by, reason=reason)
        except UserError as error:
            problem = error
        else:
            messages.success(request, say("Ended. Nothing is shared under it from now on."))
            return HttpResponseRedirect(reverse("access:agreements"))
    return _show(request, "end_agreement", found=found, problem=problem)


@page(right="access.review")
def well_known(request: HttpRequest) -> HttpResponse:
    """People whose record draws looks: every look at them comes onto the list."""
    problem = None
    if request.method == "POST":
        try:
            number = request.POST.get("person", "").strip()
            if not (number.isascii() and number.isdigit() and len(number) < 19):
                raise BadConfig("that is no number of a person", "Take it from the person's page.")
            resolving.add_well_known(
                person=int(number),
                reason=request.POST.get("reason", ""),
                by=request.actor,  # type: ignore[attr-defined]
            )
        except UserError as error:
            problem = error
        else:
            messages.success(request, say("On the list. Every look from now on comes to you."))
            return HttpResponseRedirect(request.path)
    rows = WellKnown.objects.filter(until__isnull=True).order_by("-id")
    return _show(
        request,
        "well_known",
        rows=rows,
        listing=well_known_listing(list(rows), request),
        given=request.POST,
        problem=problem,
    )


@require_POST
@page(right="access.review")
def end_well_known(request: HttpRequest, row: int) -> HttpResponse:
    """Take somebody off the list."""
    resolving.end_well_known(row=row, by=request.actor)  # type: ignore[attr-defined]
    messages.success(request, say("Off the list. What is on the list of looks stays there."))
    return HttpResponseRedirect(reverse("access:well_known"))


@require_safe
@page(right="access.review")
def board(request: HttpRequest) -> HttpResponse:
    """Figures for the board, which name nobody."""
    told = figures(by=request.actor, at=now())  # type: ignore[attr-defined]
    by_month, glass, rules = looks_listing(told, request), glass_listing(told), rules_listing(told)
    if taken := exported(by_month, request, "looks-by-month"):
        return taken
    return _show(
        request,
        "figures",
        told=told,
        by_month=by_month,
        broken=glass,
        rules=rules,
        chart=bars([(f"{m.first:%b %y}", m.total) for m in told.months]),
        this=told.months[-1],
        before=told.months[-2],
        open=sum(each.open for each in told.rules),
        oldest=min((each.oldest for each in told.rules if each.oldest), default=None),
    )
