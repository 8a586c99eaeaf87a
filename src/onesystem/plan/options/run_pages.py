"""Pages: run options in the twin, see how far it is, and what they came to beside nothing."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from onesystem import access
from onesystem.district import current
from onesystem.flow import answers
from onesystem.flow.showing.common import file_of
from onesystem.flow.showing.workbook import Sheet, workbook
from onesystem.plan.options import presenters, queries, running, viewing, weighing, winning, wording
from onesystem.plan.options.pages import found, head, number, whole
from onesystem.twin.scenarios.reading import change_of
from onesystem.twin.scenarios.wording import sentence
from onesystem.vocabulary import NotFound, NotPermitted, UserError
from onesystem.vocabulary.said import say
from onesystem.vocabulary.tables import csv_text


@require_POST
@access.page(right="plan.write")
def ask(request: HttpRequest, slug: str) -> HttpResponse:
    """Run each ticked option by itself, and all of them together."""
    by, keys = request.actor, request.POST.getlist("o")  # type: ignore[attr-defined]
    sets = running.alone_and_together(keys)
    if request.POST.get("earlier") == "1":
        sets = [*(each for each in queries.combinations(slug) if each not in sets), *sets]
    try:
        made = running.ask(
            plan=slug, sets=sets, by=by,
            years=max(0, whole(request.POST.get("years"))), seen=number(request, "seen"),
            anew=request.POST.get("anew") == "1",
        )  # fmt: skip
    except NotPermitted:
        raise
    except UserError as error:
        messages.error(request, str(error))
        return HttpResponseRedirect(reverse("options:options", args=[slug]))
    return HttpResponseRedirect(reverse("options:run", args=[slug, made.number]))


@require_safe
@access.page(right="plan.see")
def run(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """What did they come to: waits, days at home, beds, staff, money, fairness, who wins?"""
    mine = found(slug)
    try:
        made = queries.run(slug, number)
    except NotFound as error:
        raise Http404(str(error)) from None
    context: dict[str, Any] = {
        **head(request, mine), "run": made, "runs": queries.runs(slug),
        "answer": None if made.found else answers.kept(running.KIND, made.asked),
        "sets": [each["name"] for each in made.asked["sets"]],
    }  # fmt: skip
    if made.found:
        if (form := request.GET.get("format")) in ("csv", "xlsx"):
            return _file(request, mine, made, str(form))
        context |= _shown(request, mine, made)
    elif request.headers.get("HX-Request") and context["answer"] is None:
        context["answer"] = None
    part = request.headers.get("HX-Request")
    response = render(request, f"plan/options/{'_run' if part else 'run'}.html", context)
    if part and made.found:
        response["HX-Refresh"] = "true"
    return response


def _shown(request: HttpRequest, mine: queries.Plan, made: queries.Run) -> dict[str, Any]:
    assert made.found is not None  # noqa: S101 - whoever calls has looked
    currency, comparison = current().currency, made.found
    wanted = request.GET.get("set", "").split("+")
    chosen = comparison.of(wanted) or comparison.sets[-1]
    there = {each.key: each for each in mine.options}
    costs = [there[key].priced for key in chosen.keys if key in there]
    stand = {key: weighing.terms(each.option, each.strength) for key, each in there.items()}
    asked = next(s for s in made.asked["sets"] if s["keys"] == list(chosen.keys))
    return {
        "found": comparison, "whole": presenters.whole(comparison, currency), "one": chosen,
        "choices": [("+".join(s.keys), s.name) for s in comparison.sets],
        "here": "+".join(chosen.keys), "priced": costs, "hidden": len(chosen.keys) - len(costs),
        "tables": [presenters.part(chosen, kind, currency) for kind in presenters.PARTS],
        "paid": winning.paid(chosen, costs, viewing.funders()),
        "stands": winning.standing(
            chosen, [(o.option.delivers, o.priced) for k, o in there.items() if k in chosen.keys],
            viewing.deliverers(), currency,
        ),
        "overlap": _overlap(comparison, currency),
        "old": any(stand.get(key) != term for key, term in asked["terms"].items()),
        "sentences": _sentences(made, chosen), "figures": weighing.FIGURES,
    }  # fmt: skip


def _sentences(made: queries.Run, chosen: weighing.SetResult) -> list[str]:
    """What the twin was told, change by change, at the middle of the evidence."""
    for nth, said in enumerate(made.asked["sets"]):
        if said["keys"] == list(chosen.keys):
            for each in made.asked["scenarios"]:
                if each["set"] == nth and each["strength"] == "central":
                    return [sentence(change_of(c)) for c in each["plain"]["changes"]]
    return []


def _overlap(found: weighing.Comparison, currency: str) -> str:
    """How far all together fall short of the sum of each, in bed-days."""
    alone = [each for each in found.sets if len(each.keys) == 1]
    most = max(found.sets, key=lambda each: len(each.keys))
    row = most.row("bed-days")
    parts = [r.difference.mean or 0.0 for e in alone if e.keys[0] in most.keys
             and (r := e.row("bed-days"))]  # fmt: skip
    if row is None or len(parts) != len(most.keys) or len(parts) < 2:
        return ""
    together = wording.number("bed-days", row.difference.mean, currency, signed=True)
    summed = wording.number("bed-days", sum(parts), currency, signed=True)
    return say(
        "Together {together} days in ward beds a year; the sum of each alone is "
        "{summed}: they act on the same people, and on the same queues.",
        together=together,
        summed=summed,
    )


@require_POST
@access.page(right="plan.write")
def stop(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Stop a run; it can be asked for again."""
    made = queries.run(slug, number)
    try:
        answers.cancel(made.digest)
    except NotFound as error:
        messages.error(request, str(error))
    else:
        messages.info(request, say("The run was stopped. Nothing of it is kept."))
    return HttpResponseRedirect(reverse("options:options", args=[slug]))


def _file(request: HttpRequest, mine: queries.Plan, made: queries.Run, form: str) -> HttpResponse:
    assert made.found is not None  # noqa: S101 - whoever calls has looked
    name = f"{mine.slug}-run-{made.number}"
    access.record(by=request.actor, act="figures.exported", what=name, detail={"form": form})  # type: ignore[attr-defined]
    rows = list(presenters.rows(made.found))
    if form == "csv":
        return file_of(csv_text(presenters.HEAD, rows), form, name)
    said = [(say("Plan"), mine.name), (say("Run"), made.number), (say("Model"), made.found.model),
            (say("Replications"), made.found.replications), (say("Days"), made.found.days),
            (say("Seed"), made.found.seed), (say("People"), made.found.people),
            (say("Prices"), made.found.prices),
            (say("Intervals"), say("95%, Student's t, of the difference of each replication")),
            (say("Least and most"), say("The difference at the ends of the evidence's range")),
            *((words, unit) for words, unit, _ in weighing.FIGURES.values())]  # fmt: skip
    widths = (48, 14, 40, 36, *(14,) * 11)
    return file_of(
        workbook(
            Sheet(name="Figures", head=presenters.HEAD, rows=rows, widths=widths),
            Sheet(name="Definitions", head=(), rows=said, widths=(30, 90), keys=True),
        ),
        form, name,
    )  # fmt: skip
