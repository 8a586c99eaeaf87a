"""The page that stresses a contract: asked, run apart with progress, read beside today."""

from fractions import Fraction
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from onesystem import access
from onesystem.budget.contracts import queries, stressing
from onesystem.budget.contracts.agreement import ALLIANCE, MEMBER
from onesystem.budget.contracts.editing import share_typed
from onesystem.budget.contracts.errand import KIND
from onesystem.budget.contracts.knowing import around
from onesystem.budget.contracts.pages import head, today
from onesystem.budget.contracts.scoping import services_of
from onesystem.budget.contracts.stress_tables import table
from onesystem.district import current
from onesystem.flow import answers
from onesystem.twin import queries as twin
from onesystem.vocabulary import BadConfig, NotFound, UserError
from onesystem.vocabulary.said import say, say_each

WHAT = say_each(
    {
        "winter": "A bad winter: 15% more people come from December to February, and stay longer",
        "close": "A ward or another service closes",
        "shares": "A renewal with other shares, and nothing else",
        "scenario": "A scenario of the twin",
    }
)


@require_safe
@access.page(right="budget.see")
def stress(request: HttpRequest, slug: str) -> HttpResponse:
    """What would each party have, had the year been another, beside today?"""
    known = queries.contract(slug)
    shown = known.in_force(today()) or known.last
    said, actor = request.GET, request.actor  # type: ignore[attr-defined]
    context: dict[str, Any] = {
        **head(request), "contract": known, "version": shown, "query": said, "what": WHAT,
        "tries": access.may(actor, "twin.try"), "again": _again(request),
        "quality": len(shown.agreement.quality),
        "alliance": shown.agreement.kind == ALLIANCE,
    }  # fmt: skip
    status = 200
    try:
        held = stressing.model_here()
    except BadConfig as error:
        return render(request, "budget/contracts/stress.html", {**context, "trouble": str(error)})
    near = around()
    context |= {
        "own": held.own, "services": _services(shown, near, held.model), "nodes":
            [(name, name) for name in sorted(held.model.nodes)],
        "scenarios": [(h.row.id, h.version.name) for h in twin.every(by=actor)],
        "members": [(p.organisation, near.organisations.get(p.organisation, p.organisation),
                     said.get(f"share.{p.organisation}", _percent(p.share)))
                    for p in shown.agreement.of(MEMBER)],
    }  # fmt: skip
    if said.get("what") in WHAT:
        try:
            asked = stressing.question(slug, shown.number, _asked(said, shown, actor))
            stressing.renewed(shown.agreement, asked.get("shares", {}))
            context["answer"] = answer = _answer(request, asked)
        except UserError as error:
            context["problem"], status = str(error), 422
        else:
            if answer is not None and answer.found:
                listing = table(answer.found, near, current().currency, said)
                if taken := access.exported(listing, request, f"{slug}-stress"):
                    return taken
                context |= {"found": answer.found, "listing": listing}
    part = "_stress" if request.headers.get("HX-Request") else "stress"
    return render(request, f"budget/contracts/{part}.html", context, status=status)


def _services(shown: queries.Version, near: Any, model: Any) -> list[tuple[str, str]]:
    """The services of the contract that the model knows by name, wards first."""
    names = [near.services[code].name for code in services_of(shown.agreement, near.services)]
    there = [name for name in names if name in model.nodes]
    order = sorted(there, key=lambda name: (model.nodes[name].setting != "ward", name))
    return [(name, name) for name in order or sorted(model.nodes)]


def _percent(share: Fraction) -> str:
    return f"{float(100 * share):g}%"


def _asked(said: Any, shown: queries.Version, actor: access.Actor) -> dict[str, Any]:
    """What is asked, in words that JSON keeps. Raises UserError."""
    what = said["what"]
    asked: dict[str, Any] = {"what": what}
    if what == "close":
        asked |= {"service": said.get("service", ""), "instead": said.get("instead", "") or "out"}
    if what == "scenario":
        number = said.get("scenario", "")
        if not (number.isdecimal() and len(number) < 10):
            raise BadConfig("no scenario is chosen", "Make one on the twin's pages, and choose it.")
        held = twin.one(int(number), by=actor)
        asked["scenario"] = {"name": held.version.name, "changes": held.version.changes}
    if shown.agreement.quality:
        asked |= _quality(said)
    shares = {}
    for party in shown.agreement.of(MEMBER):
        text = said.get(f"share.{party.organisation}", "")
        try:
            share = share_typed(text) if text.strip() else party.share
        except ValueError as error:
            raise BadConfig(str(error.args[0]), "Write it like 40% or 1/3.") from None
        shares[party.organisation] = str(share)
    if any(Fraction(shares[p.organisation]) != p.share for p in shown.agreement.of(MEMBER)):
        asked["shares"] = shares
    return asked


def _quality(said: Any) -> dict[str, str]:
    """The part of the quality that is reached, or the chance by which it is drawn."""
    drawn = said.get("reaches", "") == "drawn"
    name, text = ("chance", said.get("chance", "")) if drawn else ("quality", said.get("part", ""))
    try:
        share = share_typed(text) if text.strip() else Fraction(1)
    except ValueError as error:
        raise BadConfig(str(error.args[0]), "Write it like 80%.") from None
    if not 0 <= share <= 1:
        raise BadConfig(
            say("{text} is no part of the quality", text=text.strip()), "Write from 0% to 100%."
        )
    return {name: str(share)} if drawn or share != 1 else {}


def _answer(request: HttpRequest, asked: dict[str, Any]) -> answers.Answer | None:
    anew = request.GET.get("anew") == "1"
    there = answers.kept(KIND, asked)
    if there is not None and not (anew and there.state in ("failed", "cancelled")):
        return there
    actor = request.actor  # type: ignore[attr-defined]
    if not access.may(actor, "twin.try"):
        return None
    return answers.ask(KIND, asked, by=actor, anew=anew)


def _again(request: HttpRequest) -> str:
    said = request.GET.copy()
    for name in ("anew", "format"):
        said.pop(name, None)
    return f"{request.path}?{said.urlencode()}"


@require_POST
@access.page(right="twin.try")
def stop(request: HttpRequest, slug: str, digest: str) -> HttpResponse:
    """Stop a run."""
    try:
        answers.cancel(digest)
    except NotFound as error:
        messages.error(request, str(error))
    else:
        messages.info(request, say("The run was stopped. Nothing of it is kept."))
    return HttpResponseRedirect(reverse("contracts:stress", args=[slug]))
