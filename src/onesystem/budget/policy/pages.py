"""What would the package bring in, what would it cost, and what is that of the economy?"""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from onesystem import access
from onesystem.budget.policy import actions, presenters, queries
from onesystem.budget.policy.asked import Asked, asked, plain
from onesystem.budget.policy.checks import checks
from onesystem.budget.policy.drawing import billions, drawn
from onesystem.budget.policy.model import LATER, Model, model
from onesystem.budget.policy.working import year_of, years
from onesystem.flow.showing.workbook import Sheet, workbook
from onesystem.vocabulary import UserError
from onesystem.vocabulary.said import say
from onesystem.vocabulary.tables import csv_text
from onesystem.vocabulary.typed import whole_or

_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_WIDTHS = (18, 46, 16, 16, 18, 60, 60)
_SETTINGS = (
    "Name",
    say("Setting"),
    say("As set"),
    say("In the package"),
    "Unit",
    "Source",
    "Assumption",
)
_CHECKS = ("Figure", say("Source says"), say("Model gives"), say("The same"), "Source")


@require_safe
@access.page(right="budget.see")
def policy(request: HttpRequest) -> HttpResponse:
    """The model as the address sets it."""
    return _show(request, request.GET.dict())


def _show(
    request: HttpRequest, said: dict[str, str], *, name: str = "", problem: UserError | None = None
) -> HttpResponse:
    package = model()
    wanted = asked(package, said)
    told = years(package, wanted)
    form = request.GET.get("format", "")
    if form in {"csv", "xlsx"} and problem is None:
        return _file(package, wanted, form)
    year = _year(package, request.GET.get("year", ""))
    context = _context(package, wanted, year)
    context |= {
        "drawn": drawn(told), "years": presenters.shown(told, package), "name": name,
        "problem": problem, "typed": request.POST if problem else {},
        "plans": queries.plans(), "me": request.actor.name,  # type: ignore[attr-defined]
    }  # fmt: skip
    return render(request, "budget/policy/policy.html", context, status=422 if problem else 200)


def _context(package: Model, wanted: Asked, year: int) -> dict[str, Any]:
    then = year_of(package, wanted, year)
    return {
        "model": package, "asked": wanted, "year": year, "then": then, "billions": billions,
        "all_years": list(range(package.first, package.last + 1)),
        "lines": presenters.lines(package, wanted, then),
        "bands": presenters.bands(package, wanted, then),
        "phases": presenters.phases(package, wanted), "checks": checks(package),
        "gdp_growth": plain(wanted.gdp_growth), "spend_growth": plain(wanted.spend_growth),
        "share": f"{float(then.share):.1f}", "without": f"{float(then.share_without):.1f}",
        "never": package.last + 1,
    }  # fmt: skip


def _year(package: Model, text: str) -> int:
    year = whole_or(text, LATER)
    return min(max(year, package.first), package.last)


def _file(package: Model, wanted: Asked, form: str) -> HttpResponse:
    head, rows = presenters.heads(package), presenters.table(package, years(package, wanted))
    settings = presenters.definitions(package, wanted)
    if form == "csv":
        text = csv_text(head, rows) + csv_text(_SETTINGS, settings).lstrip("\ufeff")
        response = HttpResponse(text, content_type="text/csv; charset=utf-8")
    else:
        found = [[c.about, c.says, c.gives, "yes" if c.holds else "no", c.source]
                 for c in checks(package)]  # fmt: skip
        response = HttpResponse(
            workbook(
                Sheet(name=say("Years, in pounds"), head=head, rows=rows, widths=[16] * len(head)),
                Sheet(
                    name=say("Settings and sources"), head=_SETTINGS, rows=settings, widths=_WIDTHS
                ),
                Sheet(
                    name=say("Sources' own figures"),
                    head=_CHECKS,
                    rows=found,
                    widths=(60, 18, 18, 12, 60),
                ),
            ),
            content_type=_XLSX,
        )
    response["Content-Disposition"] = f'attachment; filename="policy.{form}"'
    response["Cache-Control"] = "no-store"
    return response


@require_safe
@access.page(right="budget.see")
def plan(request: HttpRequest, plan: int) -> HttpResponse:  # noqa: ARG001
    """What somebody saved: the address of its settings."""
    found = queries.plan(plan)
    if found is None:
        raise Http404(f"there is no plan {plan}")
    query = f"?{found.query}" if found.query else ""
    return HttpResponseRedirect(reverse("policy:policy") + query)


@require_POST
@access.page(right="budget.see")
def save(request: HttpRequest) -> HttpResponse:
    """Save what is set, under a name."""
    given = request.POST.dict()
    said = {k.removeprefix("set-"): v for k, v in given.items() if k.startswith("set-")}
    try:
        actions.save(name=given.get("name", ""), why=given.get("why", ""), settings=said,
                     by=request.actor)  # type: ignore[attr-defined]  # fmt: skip
    except UserError as error:
        return _show(request, said, problem=error)
    messages.success(request, say("Saved. Others who see budgets find it below, and can open it."))
    query = asked(model(), said).query
    return HttpResponseRedirect(reverse("policy:policy") + (f"?{query}" if query else ""))


@require_POST
@access.page(right="budget.see")
def remove(request: HttpRequest, plan: int) -> HttpResponse:
    """Take away what one saved."""
    actions.remove(plan=plan, by=request.actor)  # type: ignore[attr-defined]
    messages.success(request, say("Removed."))
    return HttpResponseRedirect(reverse("policy:policy") + f"?gone={plan}")


@require_POST
@access.page(right="budget.see")
def restore(request: HttpRequest, plan: int) -> HttpResponse:
    """Bring it back."""
    try:
        actions.restore(plan=plan, by=request.actor)  # type: ignore[attr-defined]
    except UserError as error:
        return _show(request, {}, problem=error)
    messages.success(request, say("It is back."))
    return HttpResponseRedirect(reverse("policy:policy"))
