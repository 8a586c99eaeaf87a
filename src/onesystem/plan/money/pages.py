"""Plans of money: which there are, what one comes to by year, its bridges and its history."""

from typing import Any

import orjson
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.http import require_POST, require_safe

from onesystem import access
from onesystem.budget.pooled.presenters import amount, money
from onesystem.plan.filing import filed
from onesystem.plan.money import (
    actions,
    codec,
    commenting,
    presenters,
    queries,
    telling,
    trying,
    workbook,
)
from onesystem.plan.money.drawing import Unsure
from onesystem.plan.money.examples import examples
from onesystem.plan.money.shape import RULES, typed
from onesystem.plan.money.working import Worked, work
from onesystem.plan.placing import place
from onesystem.plan.turning import chosen, turned
from onesystem.vocabulary import UserError
from onesystem.vocabulary.said import say
from onesystem.vocabulary.tables import Cell, Column, Listing

_COLUMNS = (
    Column("name", "Plan"), Column("area", "Area"), Column("base", "Base year"),
    Column("years", "Years", right=True), Column("cost", "Cost at the end", right=True),
    Column("gap", "Short at the end", right=True), Column("state", "State"),
)  # fmt: skip


@require_safe
@access.page(right="plan.see")
def plans(request: HttpRequest) -> HttpResponse:
    """What will care cost over years, and who pays?"""
    rows = []
    for each in queries.every():
        worked = work(each.plan)
        last = worked.last
        rows.append([
            Cell(each.plan.name, href=address(each.plan.slug)), place(each.plan.area),
            each.plan.base, each.plan.years, amount(last.cost), amount(last.gap),
            Cell(say("short"), tag="warn") if last.gap > 0 else Cell(say("balanced"), tag="good"),
        ])  # fmt: skip
    listing = Listing(caption="Plans of money", columns=_COLUMNS, all_rows=rows, query=request.GET)
    if taken := access.exported(listing, request, "money-plans"):
        return taken
    context = {"listing": listing, "writes": _writes(request), "examples": examples()}
    return render(request, "plan/money/list.html", context)


def address(slug: str, part: str = "") -> str:
    """Where a plan is."""
    return f"/plan/money/{slug}/{part}"


def _comments(request: HttpRequest) -> bool:
    """Whether who asks may say something: whoever reviews plans, or writes them."""
    return any(access.may(request.actor, right) for right in ("plan.review", "plan.write"))  # type: ignore[attr-defined]


def _writes(request: HttpRequest) -> bool:
    return access.may(request.actor, "plan.write")  # type: ignore[attr-defined]


@require_safe
@access.page(right="plan.see")
def plan(request: HttpRequest, slug: str) -> HttpResponse:
    """What does each year cost, what is there, and how sure is that?"""
    context = _head(request, slug, "years")
    worked, real = context["worked"], request.GET.get("prices") == "real"
    found = telling.ranged(worked)
    form = request.GET.get("format", "")
    if form == "xlsx":
        return filed(workbook.workbook_of(worked, found), f"money-{slug}", form)
    if form == "json":
        return filed(orjson.loads(codec.written(worked.plan)), f"money-{slug}", form)
    listing = presenters.years(worked, found, request.GET, real=real)
    if taken := access.exported(listing, request, f"money-{slug}"):
        return taken
    context |= {
        "listing": listing, "found": found, "real": real, "unsure": Unsure(),
        "chart": presenters.chart(worked, found, real=real) if worked.plan.lines else None,
        "lines": presenters.lines(worked, {}),
        "beside": queries.beside(worked.plan) if request.GET.get("beside") else None,
        "given": (given := queries.given(worked.plan)),
        "tied": any(each.planned and each.ledger for each in given),
        "said": commenting.said(slug), "comments": _comments(request),
        "workspaces": commenting.workspaces(), "parts_of": list(commenting.PARTS.items()),
        "rules": RULES, "typed": typed, "asked": trying.ASKED, "last": worked.last,
    }  # fmt: skip
    return render(request, "plan/money/plan.html", context)


@require_safe
@access.page(right="plan.see")
def bridge(request: HttpRequest, slug: str) -> HttpResponse:
    """What moves the cost from one year to the next?"""
    context = _head(request, slug, "bridge")
    worked = context["worked"]
    names = [each.after.slug for each in worked.bridges]
    asked = request.GET.get("year", "")
    at = worked.bridges[names.index(asked) if asked in names else 0]
    if request.GET.get("of") == "lines":
        listing = presenters.by_line(worked, at, request.GET)
        if taken := access.exported(listing, request, f"bridge-{slug}-{at.after.slug}"):
            return taken
    every = presenters.bridges(worked, request.GET)
    if taken := access.exported(every, request, f"bridges-{slug}"):
        return taken
    context |= {
        "at": at,
        "steps": presenters.bridge_steps(at),
        "chart": presenters.bridged(at),
        "listing": presenters.by_line(worked, at, {"year": at.after.slug, "of": "lines"}),
        "every": every,
        "choices": [
            (b.after.slug, say("{name} to {name2}", name=b.before.name, name2=b.after.name))
            for b in worked.bridges
        ],
    }
    return render(request, "plan/money/bridge.html", context)


@require_safe
@access.page(right="plan.see")
def history(request: HttpRequest, slug: str) -> HttpResponse:
    """Who changed what, and what does it come to?"""
    context = _head(request, slug, "history")
    steps = queries.steps(slug)
    versions = [step for step in steps if step.body]
    one, other = chosen(request, [step.number for step in versions])
    listing = presenters.compared(
        work(queries.version(slug, one)), work(queries.version(slug, other)), request.GET
    )
    if taken := access.exported(listing, request, f"money-{slug}-{one}-{other}"):
        return taken
    context |= {"steps": steps[::-1], "versions": versions, "one": one, "other": other,
                "listing": listing}  # fmt: skip
    return render(request, "plan/money/history.html", context)


@require_POST
@access.page(right="plan.write")
def act(request: HttpRequest, slug: str) -> HttpResponse:
    """Take the last version back, or close the plan."""
    turned(request, slug, undo=actions.undo, close=actions.close)
    return HttpResponseRedirect(address(slug, "history/"))


@require_POST
@access.page(right="plan.see")
def comment(request: HttpRequest, slug: str) -> HttpResponse:
    """Say something of a part of the plan, in the review of a workspace."""
    said = request.POST
    part = said.get("part", "")
    queries.standing(slug)
    try:
        commenting.comment(slug=slug, part=part, workspace=said.get("workspace", ""),
                           words=said.get("words", ""), by=request.actor)  # type: ignore[attr-defined]  # fmt: skip
    except UserError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, say("Said."))
    return HttpResponseRedirect(address(slug, f"#{part}" if part in commenting.PARTS else ""))


def _head(request: HttpRequest, slug: str, here: str) -> dict[str, Any]:
    """What every page of a plan has: the plan, as the address asks to see it."""
    standing = queries.standing(slug)
    tried, said, wrong = trying.tried(standing.plan, request.GET)
    if wrong:
        messages.error(request, wrong)
    worked: Worked = work(tried)
    kept = {name: text for name, text in request.GET.items() if name in trying.ASKED and text}
    return {
        "p": tried, "standing": standing, "worked": worked, "tried": said, "kept": kept,
        "base": address(slug), "money": money, "short": presenters.short, "span": presenters.span,
        "writes": _writes(request),
        "tabs": [(say("Years"), address(slug), here == "years"),
                 (say("Bridge"), address(slug, "bridge/"), here == "bridge"),
                 (say("Versions"), address(slug, "history/"), here == "history")],
    }  # fmt: skip
