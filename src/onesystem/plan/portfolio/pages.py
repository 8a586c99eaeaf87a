"""Pages of portfolios: plans that have one, a proposal under limits, what people decide."""

from datetime import date
from typing import Any

from django.contrib import messages as notices
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from onesystem import access
from onesystem.district import current
from onesystem.flow import answers
from onesystem.plan.options import queries as plans
from onesystem.plan.portfolio import (
    actions,
    exporting,
    forms,
    queries,
    showing,
    staffing,
    together,
)
from onesystem.vocabulary import NotFound, NotPermitted, UserError
from onesystem.vocabulary.said import say
from onesystem.vocabulary.tables import Cell, Column, Listing
from onesystem.vocabulary.typed import whole_or

_COLUMNS = (
    Column("plan", "Plan"), Column("options", "Options", right=True),
    Column("proposals", "Proposals", right=True), Column("decided", "Decided", right=True),
)  # fmt: skip


@require_safe
@access.page(right="plan.see")
def index(request: HttpRequest) -> HttpResponse:
    """Which plans are there, and which have a proposal of what to do when?"""
    counts = queries.counts()
    rows = [
        [Cell(row.name, href=reverse("portfolio:plan", args=[row.slug])),
         row.options.filter(gone_at=None).count(), *counts.get(row.slug, (0, 0))]
        for row in plans.plans()
    ]  # fmt: skip
    listing = Listing(
        caption="Plans", columns=_COLUMNS, all_rows=rows, query=request.GET,
        empty_title="There is no plan yet", empty_advice="Begin one under Plan, then take options.",
    )  # fmt: skip
    if taken := access.exported(listing, request, "portfolios"):
        return taken
    return render(request, "plan/portfolio/index.html", {"listing": listing})


@require_safe
@access.page(right="plan.see")
def plan(request: HttpRequest, slug: str) -> HttpResponse:
    """What should be done when, under these limits; which of them binds; what else would cost?"""
    mine = _plan(slug)
    kept = _chosen(request, slug)
    if kept is not None and kept.said is not None and request.GET.get("format") == "xlsx":
        return exporting.filed_book(kept, mine.name)
    return _shown(request, mine, kept)


def _shown(
    request: HttpRequest, mine: plans.Plan, kept: queries.Kept | None, **more: Any
) -> HttpResponse:
    writes = access.may(request.actor, "plan.write")  # type: ignore[attr-defined]
    typed = forms.typed(kept.asked["may"]) if kept else forms.usual(mine.horizon)
    typed["staff"] = kept.asked.get("trained", {}).get("plan", "") if kept else ""
    context: dict[str, Any] = {
        "plan": mine, "kept": kept, "every": queries.proposals(mine.slug), "writes": writes,
        "shares": forms.SHARES, "numbers": forms.NUMBERS, "filled": more.pop("filled", typed),
        "answer": None, "musts": _musts(kept), "staffed": staffing.plans_of_staff(),
        "laid": staffing.laid(mine.slug), **more,
    }  # fmt: skip
    if kept is not None:
        context |= {"answer": _answer(kept), "begins": date.fromisoformat(kept.asked["begins"])}
        if kept.said is not None:
            context |= showing.shown(kept, queries.timings(mine.slug))
            context |= _together(kept)
    part = request.headers.get("HX-Request")
    status = 400 if context.get("problem") else 200
    return render(
        request, f"plan/portfolio/{'_answer' if part else 'plan'}.html", context, status=status
    )


def _together(kept: queries.Kept) -> dict[str, Any]:
    """The chosen options together beside their sum, where the run is there."""
    both = together.of(kept)
    shown = together.listing(both.found, current().currency) if both.found else None
    titles = {key: each["title"] for key, each in kept.asked["options"].items()}
    return {"both": both, "beside": shown, "in_it": [titles[key] for key in both.keys]}


def _musts(kept: queries.Kept | None) -> list[tuple[str, str]]:
    """What an option may be told to do: anything, start by some quarters, stay out."""
    begins = date.fromisoformat(kept.asked["begins"]) if kept else plans.today()
    words = showing.quarter
    return [
        (forms.FREE, say("as the proposal finds best")),
        (forms.OUT, say("not at all")),
        *(
            (f"by-{at}", say("started by {begins}", begins=words(begins, at)))
            for at in (0, 1, 3, 7, 11, 19)
        ),
    ]


def _answer(kept: queries.Kept) -> answers.Answer | None:
    """How far the work is; None where it is done and kept, however old."""
    if kept.said is not None:
        return None
    try:
        return answers.find(kept.digest)
    except NotFound:
        return None


@require_POST
@access.page(right="plan.write")
def ask(request: HttpRequest, slug: str) -> HttpResponse:
    """Ask for a proposal under the limits that somebody typed."""
    mine = _plan(slug)
    said = request.POST.dict()
    try:
        may = forms.may_of(said, [each.key for each in mine.options])
        kept = actions.ask(
            plan=slug, may=may, by=request.actor, anew="anew" in said,  # type: ignore[attr-defined]
            staff=said.get("staff", ""),
        )  # fmt: skip
    except UserError as error:
        return _shown(request, mine, _chosen(request, slug), problem=str(error), filled=said)
    return HttpResponseRedirect(f"{reverse('portfolio:plan', args=[slug])}?p={kept.number}")


@require_POST
@access.page(right="plan.write")
def run_together(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Run the options that start together in the twin, beside the sum of each alone."""
    try:
        together.ask(plan=slug, proposal=number, by=request.actor)  # type: ignore[attr-defined]
    except NotFound as error:
        raise Http404(str(error)) from None
    except UserError as error:
        notices.error(request, str(error))
    return HttpResponseRedirect(f"{reverse('portfolio:plan', args=[slug])}?p={number}#together")


@require_POST
@access.page(right="plan.write")
def stop_together(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Stop running them together."""
    try:
        both = together.of(queries.proposal(slug, number))
        if both.run is not None:
            answers.cancel(both.run.digest)
    except NotFound as error:
        raise Http404(str(error)) from None
    notices.info(request, say("It was stopped. Nothing of it is kept."))
    return HttpResponseRedirect(f"{reverse('portfolio:plan', args=[slug])}?p={number}#together")


@require_POST
@access.page(right="plan.write")
def lay(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Lay the staff of the options that start into a plan of staff, or take it out again."""
    into, out_of = request.POST.get("into", ""), request.POST.get("out", "")
    back = HttpResponseRedirect(f"{reverse('portfolio:plan', args=[slug])}?p={number}#staff")
    by = request.actor  # type: ignore[attr-defined]
    try:
        if out_of:
            staffing.take_out(plan=slug, out_of=out_of, by=by)
            notices.success(request, say("Its staff were taken out of the plan of staff again."))
            return back
        rows, nowhere = staffing.lay(plan=slug, proposal=number, into=into, by=by)
    except NotPermitted:
        raise
    except UserError as error:
        notices.error(request, str(error))
        return back
    left = (
        say(" No plan of staff counts: {nowhere}.", nowhere=", ".join(nowhere)) if nowhere else ""
    )
    notices.success(request, say("Laid in: {rows} rows of posts.{left}", rows=rows, left=left))
    return HttpResponseRedirect(f"/plan/workforce/{into}/#options")


@require_POST
@access.page(right="plan.write")
def cancel(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Stop looking for a proposal."""
    try:
        answers.cancel(queries.proposal(slug, number).digest)
    except NotFound as error:
        raise Http404(str(error)) from None
    notices.info(request, say("It was stopped. Nothing of it is kept."))
    return HttpResponseRedirect(f"{reverse('portfolio:plan', args=[slug])}?p={number}")


@require_POST
@access.page(right="plan.write")
def decide(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Decide when options start; what departing from the proposal costs is kept with it."""
    mine, said = _plan(slug), request.POST.dict()
    try:
        kept = queries.proposal(slug, number)
    except NotFound as error:
        raise Http404(str(error)) from None
    try:
        starts = forms.starts_of(said, kept.asked["options"])
        if said.get("do") == "try":
            dearer = actions.costs_more(kept, starts)
            return _shown(
                request, mine, kept, tried=showing.tried(dearer), starts=starts, said=said
            )
        actions.decide(
            plan=slug, proposal=number, starts=starts, why=said.get("why", ""),
            by=request.actor,  # type: ignore[attr-defined]
        )  # fmt: skip
    except UserError as error:
        return _shown(request, mine, kept, problem=str(error), said=said)
    notices.success(request, say("Decided. It is kept with what it costs beside the proposal."))
    return HttpResponseRedirect(f"{reverse('portfolio:plan', args=[slug])}?p={number}#decided")


def _plan(slug: str) -> plans.Plan:
    try:
        return plans.plan(slug)
    except NotFound as error:
        raise Http404(str(error)) from None


def _chosen(request: HttpRequest, slug: str) -> queries.Kept | None:
    """The proposal that the address names; else the latest."""
    if wanted := whole_or(request.GET.get("p"), 0):
        try:
            return queries.proposal(slug, wanted)
        except NotFound as error:
            raise Http404(str(error)) from None
    every = queries.proposals(slug)
    return every[0] if every else None
