"""What does doing nothing lead to, in which area, by how much, and why do we think so?"""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from onesystem import access
from onesystem.plan.areas import catalogue
from onesystem.plan.areas import queries as area_queries
from onesystem.plan.areas.area import Area
from onesystem.plan.case import actions, drawing, presenters, queries, report, wording, workbook
from onesystem.plan.case.asked import LONG, SHORT, asked, horizon, query
from onesystem.plan.case.codec import written
from onesystem.plan.case.figures import Case
from onesystem.plan.filing import filed
from onesystem.vocabulary import UserError
from onesystem.vocabulary.kept import from_micros
from onesystem.vocabulary.said import say
from onesystem.vocabulary.tables import csv_text
from onesystem.vocabulary.typed import whole_or


@require_safe
@access.page(right="plan.see")
def cases(request: HttpRequest) -> HttpResponse:
    """Which area? Every board is a step away; those of others are examples."""
    text = request.GET.get("q", "")[:100].strip()
    found, problem = _found(text)
    if len(found) == 1:
        return HttpResponseRedirect(reverse("plan_case:case", args=[found[0].code]))
    context = {
        "q": text, "found": found[:60], "problem": problem, "economies": catalogue.areas("economy"),
        "own": area_queries.own_areas(), "boards": _by_name("board"),
        "districts": _by_name("district"), "published": queries.all_published(),
        "writes": _writes(request),
    }  # fmt: skip
    return render(request, "plan/case/cases.html", context)


def _found(text: str) -> tuple[list[Area], UserError | None]:
    """Areas that are called like that; by an old code, the one of today, or why there is none."""
    found = area_queries.every(text) if text else []
    if found or not text:
        return found, None
    try:
        return [catalogue.find(text)], None
    except UserError as error:
        return [], error


@require_safe
@access.page(right="plan.see")
def case(request: HttpRequest, code: str) -> HttpResponse:
    """What does doing nothing lead to here?"""
    said, years = asked(request.GET), horizon(request.GET)
    made = queries.supposing(code, said, years=years)
    form = request.GET.get("format", "")
    if form in {"csv", "xlsx", "json"}:
        return _file(made, form)
    return render(request, "plan/case/case.html", _context(request, made, said))


def _context(request: HttpRequest, made: Case, said: dict[str, float]) -> dict[str, Any]:
    standing = queries.published(made.area.code)
    years = len(made.years) - 1
    return report.context(made) | {
        "headlines": presenters.headlines(made), "said": said, "years": years,
        "query": query(said, years), "horizons": [
            (f"{n} years", f"?{query(said, n)}", n == years) for n in (SHORT, LONG)
        ],
        "kinds": presenters.KINDS, "writes": _writes(request), "published": standing,
        "published_at": from_micros(standing.at) if standing else None,
        "seen": queries.last_step(made.area.code), "typed": {}, "problem": None,
    }  # fmt: skip


def _file(made: Case, form: str) -> HttpResponse:
    name = f"case-{made.area.code}"
    if form == "xlsx":
        return filed(workbook.workbook_of(made), name, form)
    if form == "json":
        return filed(written(made), name, form)
    text = csv_text(presenters.HEAD, presenters.rows(made))
    response = HttpResponse(text, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    response["Cache-Control"] = "no-store"
    return response


@require_safe
@access.page(right="plan.see")
def printed(request: HttpRequest, code: str) -> HttpResponse:
    """The report, to be printed."""
    made = queries.supposing(code, asked(request.GET), years=horizon(request.GET))
    return render(request, "plan/case/report.html", report.context(made))


@require_safe
@access.page(right="plan.see")
def places(request: HttpRequest, code: str) -> HttpResponse:
    """Where will how many live, and how many of them will be old?"""
    made = queries.supposing(code, {})
    listing = presenters.small_listing(made, request.GET)
    if taken := access.exported(listing, request, f"places-{code}"):
        return taken
    return render(request, "plan/case/places.html", {"case": made, "listing": listing})


@require_safe
@access.page(right="plan.see")
def figure(request: HttpRequest, code: str, key: str) -> HttpResponse:
    """What is this figure, year by year, and where is it from?"""
    said, years = asked(request.GET), horizon(request.GET)
    made = queries.supposing(code, said, years=years)
    if key not in made.figures:
        raise Http404(f"there is no figure {key}")
    each = made.of(key)
    context = {
        "case": made, "figure": each, "query": query(said, years), "unit": drawing.chart_unit(each),
        "drawn": drawing.chart(made, each), "years": presenters.years_table(made, each),
        "kind": presenters.KINDS[each.kind], "today": wording.plain(each, each.today),
        "assumption": next((a for a in made.assumptions if a.key == f"growth-{key}"), None),
    }  # fmt: skip
    return render(request, "plan/case/figure.html", context)


@require_POST
@access.page(right="plan.write")
def publish(request: HttpRequest, code: str) -> HttpResponse:
    """Publish the case as it is set, or take it back."""
    given = request.POST
    said = asked({k.removeprefix("set-"): str(v) for k, v in given.items() if k.startswith("set-")})
    seen = whole_or(given.get("seen"), 0)
    try:
        if given.get("do") == "withdraw":
            actions.withdraw(area=code, by=request.actor, seen=seen)  # type: ignore[attr-defined]
            messages.success(request, say("Taken back: it is no longer public."))
        else:
            actions.publish(area=code, words=given.get("words", ""), assumptions=said, seen=seen,
                            by=request.actor)  # type: ignore[attr-defined]  # fmt: skip
            messages.success(request, say("Published: anybody can read it without signing in."))
    except UserError as error:
        context = _context(request, queries.supposing(code, said), said)
        context |= {"problem": error, "typed": given}
        return render(request, "plan/case/case.html", context, status=422)
    set_ = query(said)
    return HttpResponseRedirect(
        reverse("plan_case:case", args=[code]) + (f"?{set_}" if set_ else "") + "#publish"
    )


def _by_name(kind: str) -> list[Area]:
    return sorted(catalogue.areas(kind), key=lambda each: each.name)


def _writes(request: HttpRequest) -> bool:
    return access.may(request.actor, "plan.write")  # type: ignore[attr-defined]
