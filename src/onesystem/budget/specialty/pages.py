"""Specialty budgets: which there are, what one comes to, its history, and its signatures."""

from typing import Any

import orjson
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.http import require_POST, require_safe

from onesystem import access
from onesystem.budget.months import Year
from onesystem.budget.pooled.presenters import amount, money, organisation
from onesystem.budget.pooled.queries import today
from onesystem.budget.specialty import (
    actions,
    building,
    codec,
    presenters,
    queries,
    reading,
    workbook,
)
from onesystem.budget.specialty.reading import CLINICAL, FINANCE
from onesystem.budget.specialty.shape import GROUPS
from onesystem.vocabulary import NotFound, UserError
from onesystem.vocabulary.said import say
from onesystem.vocabulary.tables import Cell, Column, Listing
from onesystem.vocabulary.typed import whole_or

_COLUMNS = (
    Column("name", "Specialty"), Column("year", "Year"), Column("organisation", "Organisation"),
    Column("total", "Budget", right=True), Column("would", "By the old tariff", right=True),
    Column("unused", "Capacity not used", right=True), Column("state", "State"),
)  # fmt: skip


@require_safe
@access.page(right="budget.see")
def specialties(request: HttpRequest) -> HttpResponse:
    """What does each specialty need, built from the base up?"""
    rows = []
    for each in queries.every():
        s = each.budget
        built = building.build(s)
        state, kind = each.state
        rows.append([
            Cell(s.name, href=address(s)), s.year, organisation(s.organisation),
            amount(built.total), amount(built.would),
            amount(sum(c.unused for c in built.capacity)), Cell(state, tag=kind),
        ])  # fmt: skip
    listing = Listing(caption="Budgets", columns=_COLUMNS, all_rows=rows, query=request.GET)
    if taken := access.exported(listing, request, "specialty-budgets"):
        return taken
    actor = request.actor  # type: ignore[attr-defined]
    context = {"listing": listing, "builds": access.may(actor, "budget.build")}
    return render(request, "budget/specialty/list.html", context)


def address(s: Any, part: str = "") -> str:
    """Where a budget is."""
    return f"/budget/specialties/{s.slug}/{part}?year={Year.of(s.year).slug}"


@require_safe
@access.page(right="budget.see")
def specialty(request: HttpRequest, slug: str) -> HttpResponse:
    """What does this budget come to, what does it use, what would the tariff have paid?"""
    context = head(request, slug, "budget")
    s, actor = context["s"], request.actor  # type: ignore[attr-defined]
    built = building.build(s)
    name = f"{slug}-{context['year'].slug}"
    if request.GET.get("format") in ("xlsx", "json"):
        return _file(context, built, str(request.GET["format"]), name)
    listing = presenters.lines(built, request.GET)
    if taken := access.exported(listing, request, name):
        return taken
    standing = context["standing"]
    context |= {
        "built": built, "listing": listing, "parts": building.PARTS, "groups": GROUPS,
        "capacity": presenters.capacity(built), "kept": building.kept(s, built),
        "tariff_source": building.units()[1], "comments": _comments(slug, s.year),
        "reconciled": queries.reconciled(s, built, by=actor) if standing.agreed else [],
        "spent": queries.spent(s), "signs": _signs(standing, actor),
        "organisation": organisation(s.organisation),
    }  # fmt: skip
    return render(request, "budget/specialty/budget.html", context)


def _signs(standing: reading.Standing, actor: access.Actor) -> list[tuple[str, str]]:
    """As whom somebody may sign what stands."""
    mine = {step.by for step in standing.signed.values()}
    if actor.name in mine:
        return []
    made = []
    if CLINICAL not in standing.signed and "clinical-director" in actor.roles:
        made.append((CLINICAL, say("Sign as clinical director")))
    if FINANCE not in standing.signed and access.may(actor, "budget.move"):
        made.append((FINANCE, say("Sign for finance")))
    return made


def _comments(slug: str, year: str) -> list[Any]:
    return [step for step in queries.steps(slug, year) if step.kind == "comment"][::-1]


def _file(context: dict[str, Any], built: Any, form: str, name: str) -> HttpResponse:
    s = context["s"]
    if form == "json":
        content: Any = orjson.dumps(
            orjson.loads(codec.written(s)), option=orjson.OPT_INDENT_2 | orjson.OPT_SORT_KEYS
        )
        kind = "application/json"
    else:
        content = workbook.workbook_of(s, built, context["standing"])
        kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    response = HttpResponse(content, content_type=kind)
    response["Content-Disposition"] = f'attachment; filename="{name}.{form}"'
    response["Cache-Control"] = "no-store"
    return response


@require_safe
@access.page(right="budget.see")
def history(request: HttpRequest, slug: str) -> HttpResponse:
    """Who changed what, and what does one version differ from another by?"""
    context = head(request, slug, "history")
    s = context["s"]
    steps = queries.steps(slug, s.year)
    versions = [step for step in steps if step.kind in ("kept", "undone")]
    numbers = [v.number for v in versions]
    one = _chosen(request, "from", numbers, numbers[-2] if len(numbers) > 1 else numbers[-1])
    other = _chosen(request, "to", numbers, numbers[-1])
    before, after = queries.version(slug, s.year, one), queries.version(slug, s.year, other)
    listing = presenters.compared(before, after, request.GET)
    if taken := access.exported(listing, request, f"{slug}-{one}-{other}"):
        return taken
    context |= {"steps": steps[::-1], "versions": versions, "one": one, "other": other,
                "listing": listing}  # fmt: skip
    return render(request, "budget/specialty/history.html", context)


def _chosen(request: HttpRequest, name: str, numbers: list[int], usual: int) -> int:
    said = whole_or(request.GET.get(name), usual)
    return said if said in numbers else usual


@require_POST
@access.page(right="budget.see")
def act(request: HttpRequest, slug: str) -> HttpResponse:
    """Comment, sign, or take a change back."""
    context = head(request, slug, "budget")
    s, said = context["s"], request.POST
    seen = str(said.get("seen", ""))
    common: dict[str, Any] = {"slug": slug, "year": s.year, "by": request.actor}  # type: ignore[attr-defined]
    number = whole_or(seen, -1)
    try:
        if said.get("do") == "comment":
            actions.comment(**common, words=said.get("words", ""))
            messages.success(request, say("Said."))
        elif said.get("do") == "undo":
            actions.undo(**common, seen=number)
            messages.success(request, say("Taken back: the version before stands."))
        elif actions.sign(**common, seen=number, as_=said.get("as", "")):
            messages.success(request, say("Agreed: its money is in the ledger's plan."))
        else:
            messages.success(request, say("Signed. It is agreed once the other has signed too."))
    except UserError as error:
        messages.error(request, str(error))
    part = "history/" if said.get("do") == "undo" else ""
    return HttpResponseRedirect(address(s, part))


def head(request: HttpRequest, slug: str, here: str) -> dict[str, Any]:
    """What every page of a budget has: the year that is asked for, else the running one."""
    names = reading.years(slug)
    asked = request.GET.get("year", "").replace("-", "/")
    running = Year.on(today()).name
    name = asked if asked in names else running if running in names else names[0]
    found = reading.maybe(slug, name)
    if found is None:
        raise NotFound(
            say("there is no budget of {slug}", slug=repr(slug)), "Look at /budget/specialties/"
        )
    s, actor = found.budget, request.actor  # type: ignore[attr-defined]
    return {
        "s": s, "standing": found, "year": Year.of(s.year), "years": names, "money": money,
        "builds": access.may(actor, "budget.build"), "base": f"/budget/specialties/{slug}/",
        "kept_year": f"?year={Year.of(s.year).slug}",
        "tabs": [(say("Budget"), address(s), here == "budget"),
                 ("Versions", address(s, "history/"), here == "history")],
    }  # fmt: skip
