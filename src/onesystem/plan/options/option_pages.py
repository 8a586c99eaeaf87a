"""Pages: the library of options, one of its entries, a plan's options, one of them to adjust."""

import json
from decimal import Decimal, InvalidOperation
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from onesystem import access
from onesystem.budget import drafted
from onesystem.district import current
from onesystem.plan.options import actions, presenters, queries, viewing, weighing, wording
from onesystem.plan.options import library as shelf
from onesystem.plan.options.option import DELIVERS
from onesystem.plan.options.pages import day, found, head, number, writes
from onesystem.plan.options.peopled import people
from onesystem.plan.options.pricing import CURRENCY, PRICES, priced
from onesystem.vocabulary import NotFound, NotPermitted, UserError
from onesystem.vocabulary.said import say

_MOST_DIGITS = 15  # before the point: no figure of a district has more


@require_safe
@access.page(right="plan.see")
def library(request: HttpRequest) -> HttpResponse:
    """What could be done, and how well is it known?"""
    listing = presenters.library(shelf.options().values(), request.GET)
    if taken := access.exported(listing, request, "options"):
        return taken
    context = {
        "listing": listing, "query": request.GET,
        "delivers": [("", say("Anybody")), *DELIVERS.items()],
        "evidence": [("", say("Any")), *((each, each.capitalize()) for each in presenters.TONES)],
    }  # fmt: skip
    return render(request, "plan/options/library.html", context)


@require_safe
@access.page(right="plan.see")
def entry(request: HttpRequest, key: str) -> HttpResponse:
    """One option: its evidence, its sizes with their range, its cost for this district."""
    try:
        option = shelf.option(key)
    except NotFound as error:
        raise Http404(str(error)) from None
    context = {
        **_shown(option, people(), {}), "writes": writes(request),
        "plans": [row for row in queries.plans() if row.stage != "closed"],
    }  # fmt: skip
    return render(request, "plan/options/entry.html", context)


def _shown(option: Any, count: int, changed: dict[str, int]) -> dict[str, Any]:
    currency, cost = current().currency, priced(option, count, changed=changed)
    return {
        "option": option, "priced": cost, "people": count,
        "effects": presenters.effects(option), "evidence": presenters.evidence(option),
        "costs": presenters.costs(cost, viewing.funders(), currency), "tones": presenters.TONES,
        "sized": presenters.sized(option), "delivers": DELIVERS[option.delivers],
        "prices": PRICES, "other_money": currency != CURRENCY, "currency": currency,
        "money": wording.money_in(currency),
    }  # fmt: skip


@require_safe
@access.page(right="plan.see")
def options(request: HttpRequest, slug: str) -> HttpResponse:
    """Which options does the plan weigh, what do they cost, which go on?"""
    mine, run = found(slug), queries.last_run(slug)
    stand = {each.key: weighing.terms(each.option, each.strength) for each in mine.options}
    ran, _ = weighing.covered(stand, [r.asked for r in queries.runs(slug) if r.found])
    there = set(stand)
    context = {
        **head(request, mine),
        "tones": presenters.TONES,
        "run": run,
        "rows": [(each, presenters.sized(each.option), each.key in ran) for each in mine.options],
        "more": _more(slug, there),
        "gone": [shelf.options()[key] for key in queries.gone(slug) if key in shelf.options()],
        "funders": viewing.funders(),
        "years": [(0, say("a year")), (5, say("5 years")), (20, say("20 years"))],
        "runs": queries.runs(slug),
    }
    return render(request, "plan/options/options.html", context)


def _more(slug: str, there: set[str]) -> list[tuple[Any, bool]]:
    """What else the library has; first what is an answer to the opportunities that are kept."""
    kept = {json.loads(row.asked).get("kind", "") for row in queries.snapshots(slug)
            if row.kind == "opportunity"}  # fmt: skip
    rest = [(o, not kept.isdisjoint(o.helps)) for o in shelf.options().values()
            if o.key not in there]  # fmt: skip
    return sorted(rest, key=lambda pair: not pair[1])


@access.page(right="plan.see")
def option(request: HttpRequest, slug: str, key: str) -> HttpResponse:
    """One option of a plan: what is known, what the plan puts otherwise and why."""
    mine = found(slug)
    try:
        chosen = mine.option(key)
    except NotFound as error:
        raise Http404(str(error)) from None
    draft = f"plan-option:{slug}:{key}"
    context: dict[str, Any] = {
        **head(request, mine), **_shown(chosen.option, mine.people, chosen.changed),
        "chosen": chosen, "strengths": presenters.strengths(), "draft": draft, "problem": "",
        "library": shelf.options().get(key), "filled": _filled(chosen),
    }  # fmt: skip
    if request.method == "POST":
        context["filled"] = request.POST
        try:
            access.require(request.actor, "plan.write")  # type: ignore[attr-defined]
            _adjust(request, slug, chosen)
        except NotPermitted:
            raise
        except UserError as error:
            context["problem"] = str(error)
        else:
            drafted.done(request.actor, draft)  # type: ignore[attr-defined]
            return HttpResponseRedirect(reverse("options:option", args=[slug, key]))
    status = 400 if context["problem"] else 200
    return render(request, "plan/options/option.html", context, status=status)


def _filled(chosen: queries.Chosen) -> dict[str, str]:
    made = {"strength": chosen.strength, "starts": chosen.starts.isoformat()}
    for effect in chosen.option.effects:
        for end in ("low", "central", "high"):
            value = effect.at(end)
            made[f"{effect.name}.{end}"] = f"{100 * value:g}" if _share(effect) else f"{value:g}"
    for kind, amount in chosen.changed.items():
        made[f"cost.{kind}"] = f"{amount / 100:.2f}"
    return made


def _share(effect: Any) -> bool:
    """Whether a size is a share, which is written in per cent."""
    return bool(effect.high < 1)


def _adjust(request: HttpRequest, slug: str, chosen: queries.Chosen) -> None:
    said = request.POST
    effects = {}
    for effect in chosen.option.effects:
        ends = [_decimal(said.get(f"{effect.name}.{end}", ""), effect.words)
                for end in ("low", "central", "high")]  # fmt: skip
        scale = 100 if _share(effect) else 1
        effects[effect.name] = [float(each / scale) for each in ends]
    costs = {
        kind: round(_decimal(said[f"cost.{kind}"], kind) * 100)
        for kind in ("set-up", "running")
        if said.get(f"cost.{kind}", "").strip()
    }
    actions.adjust(
        plan=slug, key=chosen.key, seen=number(request, "seen"), by=request.actor,  # type: ignore[attr-defined]
        strength=said.get("strength", ""), starts=day(said.get("starts", ""), say("it starts")),
        why=said.get("why", ""), effects=effects, costs=costs,
    )  # fmt: skip


def _decimal(text: str, what: str) -> Decimal:
    try:
        value = Decimal(text.strip().rstrip("%").replace(",", "") or "x")
    except InvalidOperation:
        value = Decimal("NaN")
    if not value.is_finite() or value.adjusted() > _MOST_DIGITS:
        raise UserError(
            say("{what}: {text} is no number", what=what, text=repr(text)),
            "Write a number such as 12.5.",
        )
    return value
