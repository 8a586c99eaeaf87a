"""Plans of staff: which there are, who is short in one by year, and its history."""

from typing import Any

import orjson
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.http import require_POST, require_safe

from onesystem import access
from onesystem.budget.pooled.presenters import money
from onesystem.budget.pooled.queries import today
from onesystem.plan.filing import filed
from onesystem.plan.placing import place
from onesystem.plan.turning import chosen, turned
from onesystem.plan.workforce import (
    actions,
    basis,
    codec,
    paying,
    presenters,
    queries,
    trying,
    workbook,
)
from onesystem.plan.workforce.projecting import Projection, Unsure, project
from onesystem.plan.workforce.roles import role, sources
from onesystem.plan.workforce.telling import ends
from onesystem.vocabulary import UserError
from onesystem.vocabulary.said import say
from onesystem.vocabulary.tables import Cell, Column, Listing
from onesystem.vocabulary.typed import whole_or

DRAWS = 400
_COLUMNS = (
    Column("name", "Plan"), Column("area", "Area"), Column("base", "From"),
    Column("years", "Years", right=True), Column("posts", "In post", right=True),
    Column("short", "Short at the end", right=True), Column("most", "Most of it"),
)  # fmt: skip


@require_safe
@access.page(right="plan.see")
def plans(request: HttpRequest) -> HttpResponse:
    """Who will do the work?"""
    rows = []
    for each in queries.every():
        years = project(each.plan).years
        short = {code: some[-1].short for code, some in years.items()}
        most = max(short, key=lambda code: short[code], default="")
        rows.append([
            Cell(each.plan.name, href=address(each.plan.slug)), place(each.plan.area),
            f"{each.plan.base:%Y-%m}", each.plan.years,
            round(sum(some[0].opens for some in years.values())),
            round(sum(max(0, n) for n in short.values())), role(most).name if most else "",
        ])  # fmt: skip
    listing = Listing(caption="Plans of staff", columns=_COLUMNS, all_rows=rows, query=request.GET)
    if taken := access.exported(listing, request, "workforce-plans"):
        return taken
    context = {"listing": listing, "writes": writes(request), "tabs": parts("plans")}
    return render(request, "plan/workforce/list.html", context)


def address(slug: str, part: str = "") -> str:
    """Where a plan is."""
    return f"/plan/workforce/{slug}/{part}"


def parts(here: str) -> list[tuple[str, str, bool]]:
    """The parts of the workforce's pages."""
    return [(say("Plans"), "/plan/workforce/", here == "plans"),
            (say("Vacancies"), "/plan/workforce/vacancies/", here == "vacancies"),
            (say("Worked examples"), "/plan/workforce/examples/", here == "examples")]  # fmt: skip


def writes(request: HttpRequest) -> bool:
    """Whether who asks may write plans."""
    return access.may(request.actor, "plan.write")  # type: ignore[attr-defined]


@require_safe
@access.page(right="plan.see")
def plan(request: HttpRequest, slug: str) -> HttpResponse:
    """Who leaves, who comes, who is short, and what is not done for it?"""
    context = _head(slug, "plan", request)
    found: Projection = context["found"]
    form = request.GET.get("format", "")
    if form == "xlsx":
        return filed(workbook.workbook_of(found), f"workforce-{slug}", form)
    if form == "json":
        return filed(orjson.loads(codec.written(found.plan)), f"workforce-{slug}", form)
    code = request.GET.get("role", "")
    code = code if code in found.years else next(iter(found.years), "")
    year = _year(request, found.plan.years)
    listing = presenters.short_of(found, request.GET)
    of = request.GET.get("of", "")
    asked = presenters.asked(found, of, code, year, request.GET) or listing
    if taken := access.exported(asked, request, f"workforce-{slug}-{of or 'short'}"):
        return taken
    context |= _told(request, found, code, year) | {"listing": listing}
    return render(request, "plan/workforce/plan.html", context)


def _year(request: HttpRequest, last: int) -> int:
    return min(max(whole_or(request.GET.get("year"), last), 1), last)


def _told(request: HttpRequest, found: Projection, code: str, year: int) -> dict[str, Any]:
    """The role that is looked at, what is tried, what is trained, and what is not done."""
    plan = found.plan
    try:
        tried = trying.tried(plan, request.GET, today())
    except UserError as error:
        tried = None
        messages.error(request, str(error))
    other = project(tried.plan) if tried else None
    names = ends(plan)
    base, training, _ = sources()
    return {
        "code": code, "role": role(code) if code else None, "tried": tried, "other": other,
        "flow": presenters.flow(found, code, {"of": "role", "role": code}) if code else None,
        "ages": presenters.ages(found.years[code]) if code else [],
        "chart": presenters.chart(found, code, other) if code else None,
        "roles": [(each, role(each).name) for each in found.years],
        "training": presenters.training(found, {"of": "training"}),
        "demands": presenters.demands(plan), "mixes": presenters.mixes(plan),
        "paid": paying.SOURCE, "year": year,
        "undone": presenters.undone(found, year, {"of": "work", "year": str(year)}),
        "years": [(str(n), name) for n, name in enumerate(names, 1)], "unsure": Unsure(),
        "last": names[-1], "base_source": base, "assumed": training,
        "sources": [(role(s.role).name, s.source) for s in plan.staff],
        "networks": basis.in_networks(plan.area), "times": request.GET.get("times", ""),
    }  # fmt: skip


@require_safe
@access.page(right="plan.see")
def history(request: HttpRequest, slug: str) -> HttpResponse:
    """Who changed what, and who is short for it?"""
    context = _head(slug, "history", request, draws=0)
    steps = queries.steps(slug)
    versions = [step for step in steps if step.body]
    one, other = chosen(request, [step.number for step in versions])
    listing = presenters.compared(
        project(queries.version(slug, one)), project(queries.version(slug, other)), request.GET
    )
    if taken := access.exported(listing, request, f"workforce-{slug}-{one}-{other}"):
        return taken
    context |= {"steps": steps[::-1], "versions": versions, "one": one, "other": other,
                "listing": listing}  # fmt: skip
    return render(request, "plan/workforce/history.html", context)


@require_POST
@access.page(right="plan.write")
def act(request: HttpRequest, slug: str) -> HttpResponse:
    """Take the last version back, or close the plan."""
    turned(request, slug, undo=actions.undo, close=actions.close)
    return HttpResponseRedirect(address(slug, "history/"))


def _head(slug: str, here: str, request: HttpRequest, *, draws: int = DRAWS) -> dict[str, Any]:
    standing = queries.standing(slug)
    return {
        "p": standing.plan, "standing": standing, "base": address(slug), "money": money,
        "found": project(standing.plan, draws=draws), "writes": writes(request),
        "tabs": [(say("Plan"), address(slug), here == "plan"),
                 (say("Versions"), address(slug, "history/"), here == "history")],
    }  # fmt: skip
