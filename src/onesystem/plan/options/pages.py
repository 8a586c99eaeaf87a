"""Pages: which plans there are, one with its stages and gates, what a plan is about."""

import json
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from onesystem import access
from onesystem.budget import drafted
from onesystem.district import current
from onesystem.plan.options import actions, gates, queries, wording
from onesystem.plan.options.keeping import DID
from onesystem.plan.options.peopled import area
from onesystem.plan.options.pricing import CURRENCY
from onesystem.plan.placing import place
from onesystem.vocabulary import NotFound, NotPermitted, UserError, to_local
from onesystem.vocabulary.kept import from_micros
from onesystem.vocabulary.said import say, say_date
from onesystem.vocabulary.tables import Cell, Column, Listing
from onesystem.vocabulary.typed import whole_or

STAGES = {**gates.STAGES, gates.CLOSED: say("Closed")}
_WHERE = {"diagnosis": "options:diagnosis", "solutions": "options:options",
          "plan": "options:review", "implementation": "options:actions"}  # fmt: skip


@require_safe
@access.page(right="plan.see")
def plans(request: HttpRequest) -> HttpResponse:
    """Which plans are there, in which stage, and is their clock kept?"""
    today, word = queries.today(), request.GET.get("q", "").casefold().strip()
    stage = request.GET.get("stage", "")
    rows = [
        row for row in queries.plans()
        if word in f"{row.name} {row.area} {place(row.area)} {row.words}".casefold()
        and stage in ("", row.stage)
    ]  # fmt: skip
    listing = Listing(
        caption="Plans",
        columns=(Column("name", "Plan"), Column("area", "Area"), Column("stage", "Stage"),
                 Column("clock", "Clock"), Column("years", "Years", right=True),
                 Column("by", "Begun by")),
        all_rows=[
            [Cell(row.name, href=reverse("options:plan", args=[row.slug])), place(row.area),
             STAGES[row.stage], clock_cell(row.stage, row.begins, row.weeks, today), row.horizon,
             row.by]
            for row in rows
        ],
        query=request.GET, empty_title="There is no plan yet",
        empty_advice="Begin one: four stages, ten weeks, and what each needs before the next.",
    )  # fmt: skip
    if taken := access.exported(listing, request, "plans"):
        return taken
    stages = [("", say("Any stage")), *STAGES.items()]
    context = {
        "listing": listing,
        "query": request.GET,
        "stages": stages,
        "writes": writes(request),
    }
    return render(request, "plan/options/plans.html", context)


def clock_cell(stage: str, begins: date, weeks: int, today: date) -> Cell:
    """How the clock stands, in a word."""
    if stage == gates.CLOSED:
        return Cell("over", tag="quiet")
    over = gates.late(stage, begins, weeks, today)
    if over:
        return Cell(say("{over} days over", over=over), tag="bad", value=over)
    due = next(each for each in gates.clock(begins, weeks) if each.stage == stage)
    return Cell(say("until {last}", last=say_date(due.last, "%-d %B")), tag="good", value=0)


def writes(request: HttpRequest) -> bool:
    """Whether who asks may change plans."""
    return access.may(request.actor, "plan.write")  # type: ignore[attr-defined]


def found(slug: str) -> queries.Plan:
    """The plan. Raises Http404."""
    try:
        return queries.plan(slug)
    except NotFound as error:
        raise Http404(str(error)) from None


def head(request: HttpRequest, plan: queries.Plan) -> dict[str, Any]:
    """What all pages of a plan have in common."""
    money = wording.money_in(current().currency)
    return {"plan": plan, "where": place(plan.area), "writes": writes(request),
            "stage_words": STAGES[plan.stage], "money": money, "currency": current().currency,
            "other_money": current().currency != CURRENCY,
            "reviews": access.may(request.actor, "plan.review")}  # type: ignore[attr-defined] # fmt: skip


@require_safe
@access.page(right="plan.see")
def plan(request: HttpRequest, slug: str) -> HttpResponse:
    """Where is it, what does the next gate ask for, who moved it on, what did options come to?"""
    mine, today, zone = found(slug), queries.today(), current().zone
    facts, run = queries.facts(slug), queries.last_run(slug)
    stages = [
        {"name": stage, "words": words, "due": due, "href": reverse(_WHERE[stage], args=[slug]),
         "here": stage == mine.stage, "asked": gates.asked(stage, facts),
         "over": gates.late(stage, mine.begins, mine.weeks, today) if stage == mine.stage else 0,
         "passed": _passed(slug, stage, mine.stage)}
        for (stage, words), due in zip(gates.STAGES.items(), mine.clock, strict=True)
    ]  # fmt: skip
    best = run.found.sets[-1] if run and run.found else None
    context = {
        **head(request, mine), "stages": stages, "run": run, "best": best,
        "headlines": list(wording.headlines(best, current().currency)) if best else [],
        "closed": mine.stage == gates.CLOSED,
        "steps": [(s, DID.get(s.kind, s.kind), to_local(from_micros(s.at), zone), _which(mine, s))
                  for s in queries.steps(slug, 40)],
        "lacking": gates.lacking(mine.stage, facts),
    }  # fmt: skip
    return render(request, "plan/options/plan.html", context)


def _which(mine: queries.Plan, step: Any) -> str:
    """Which option a step was about, in words."""
    said = json.loads(step.body)
    keys = [said["key"]] if "key" in said else said.get("keys", [])
    titles = {each.key: each.title for each in mine.options}
    return f": {', '.join(titles.get(key, key) for key in keys)}" if keys else ""


def _passed(slug: str, stage: str, here: str) -> Any:
    """The step by which a stage was left, where it has been."""
    order = list(STAGES)
    if order.index(here) <= order.index(stage):
        return None
    for each in queries.steps(slug):
        if each.kind in ("moved", "overridden") and each.stage == order[order.index(stage) + 1]:
            return each
    return None


_FIELDS = ("name", "area", "words", "horizon", "begins", "weeks")


@access.page(right="plan.write")
def new(request: HttpRequest) -> HttpResponse:
    """Begin a plan."""
    usual = {"horizon": "5", "weeks": "10", "begins": queries.today().isoformat(),
             "area": area()}  # fmt: skip
    by = request.actor  # type: ignore[attr-defined]
    return _form(request, usual, lambda said: actions.begin(**said, by=by))


@access.page(right="plan.write")
def edit(request: HttpRequest, slug: str) -> HttpResponse:
    """Say otherwise what a plan is about."""
    mine, by = found(slug), request.actor  # type: ignore[attr-defined]
    usual = {name: str(getattr(mine, name)) for name in _FIELDS}

    def act(said: Mapping[str, Any]) -> str:
        actions.change(plan=slug, seen=number(request, "seen"), by=by, **said)
        return slug

    return _form(request, usual, act, mine)


def _form(
    request: HttpRequest, usual: Mapping[str, str], act: Callable[[Mapping[str, Any]], str],
    mine: queries.Plan | None = None,
) -> HttpResponse:  # fmt: skip
    draft = f"plan-about:{mine.slug if mine else 'new'}"
    context: dict[str, Any] = {"filled": usual, "plan": mine, "draft": draft, "problem": ""}
    if request.method == "POST":
        context["filled"] = request.POST
        try:
            slug = act(_said(request.POST))
        except NotPermitted:
            raise
        except UserError as error:
            context["problem"] = str(error)
        else:
            drafted.done(request.actor, draft)  # type: ignore[attr-defined]
            return HttpResponseRedirect(reverse("options:plan", args=[slug]))
    status = 400 if context["problem"] else 200
    return render(request, "plan/options/about.html", context, status=status)


def _said(said: Any) -> dict[str, Any]:
    return {
        "name": said.get("name", ""), "area": said.get("area", ""), "words": said.get("words", ""),
        "horizon": whole(said.get("horizon")), "weeks": whole(said.get("weeks")),
        "begins": day(said.get("begins", ""), say("the plan begins")),
    }  # fmt: skip


def day(text: str, what: str) -> date:
    """A day of a form. Raises UserError."""
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        raise UserError(
            say("it is not said when {what}: {text} is no day", what=what, text=repr(text)),
            "Write a date such as 2026-11-30.",
        ) from None


def whole(said: str | None) -> int:
    """A whole number of a form; -1 where it is none."""
    text = (said or "").strip().replace(",", "")
    return whole_or(text, -1)


def number(request: HttpRequest, name: str) -> int:
    """A whole number that a form sent."""
    return whole(request.POST.get(name))


def done(
    request: HttpRequest, act: Callable[[], Any], words: str, to: str, *args: Any
) -> HttpResponse:
    """Do an act of a form, say what came of it, and go on to a page."""
    try:
        act()
    except NotPermitted:
        raise
    except UserError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, words)
    return HttpResponseRedirect(reverse(to, args=args))
