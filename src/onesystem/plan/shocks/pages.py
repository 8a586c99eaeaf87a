"""The pages of shocks: which there are, and what one does in the first week, month and year."""

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages as notices
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from onesystem import access
from onesystem.flow import answers
from onesystem.plan.filing import filed
from onesystem.plan.shocks import exporting, presenters, queries
from onesystem.plan.shocks.kinds import Shock, shock, shocks
from onesystem.plan.shocks.making import wards
from onesystem.plan.shocks.windows import FIGURES
from onesystem.plan.shocks.working import KIND, RUNS, question
from onesystem.twin.pages import standing_here
from onesystem.vocabulary import BadConfig, NotFound, UserError
from onesystem.vocabulary.said import say


@require_safe
@access.page(right="plan.see")
def index(request: HttpRequest) -> HttpResponse:
    """What could hit the district, and what would that do?"""
    return render(request, "plan/shocks/index.html", {"shocks": shocks().values()})


@require_safe
@access.page(right="plan.see")
def one(request: HttpRequest, key: str) -> HttpResponse:
    """One shock: its numbers, what it does, and what would soften it."""
    try:
        kind = shock(key)
    except NotFound as error:
        raise Http404(str(error)) from None
    context: dict[str, Any] = {
        "shock": kind, "figures": [(k, v[0]) for k, v in FIGURES.items()], "runs": RUNS,
        "tries": _tries(request), "filled": request.GET, "again": _again(request),
        "figure": request.GET.get("figure", "waiting"), "people": queries.people(),
    }  # fmt: skip
    status = 200
    try:
        here = standing_here()
        context |= {"base": here, "wards": [(name, name) for name in wards(here.model)]}
        if "run" in request.GET:
            asked = _asked(request, kind, here)
            context["answer"] = answer = _answer(request, asked)
            if answer is not None and answer.found:
                if request.GET.get("format") == "xlsx":
                    return filed(exporting.book(kind, asked, answer.found), f"shock-{key}", "xlsx")
                context |= _shown(answer.found, asked["figure"])
    except UserError as error:
        context["problem"], status = str(error), 400
    part = request.headers.get("HX-Request")
    name = "_answer" if part else "one"
    return render(request, f"plan/shocks/{name}.html", context, status=status)


def _asked(request: HttpRequest, kind: Shock, here: Any) -> dict[str, Any]:
    said = request.GET
    numbers = {each.name: _number(said[each.name], each.words) for each in kind.sizes
               if said.get(each.name, "").strip()}  # fmt: skip
    return question(
        here, kind.key, numbers, people=queries.people(), practices=queries.practices(),
        ward=said.get("ward", ""), figure=said.get("figure", "waiting"),
    )  # fmt: skip


def _number(text: str, words: str) -> float:
    try:
        return float(text.strip().replace(",", "").rstrip("%"))
    except ValueError:
        raise BadConfig(
            say("{words}: {text} is no number", words=words, text=repr(text)),
            "Write one, such as 106.",
        ) from None


def _answer(request: HttpRequest, asked: dict[str, Any]) -> answers.Answer | None:
    """The answer that is there, however old; who may try asks for it."""
    anew = request.GET.get("anew") == "1"
    there = answers.kept(KIND, asked)
    if there is not None and not (anew and there.state in ("failed", "cancelled")):
        return there
    if not _tries(request):
        return None
    return answers.ask(KIND, asked, by=request.actor, anew=anew)  # type: ignore[attr-defined]


def _shown(found: dict[str, Any], figure: str) -> dict[str, Any]:
    return {
        "found": found, "headlines": presenters.headlines(found, figure),
        "effects": presenters.effects(found), "levers": presenters.levers(found, figure),
        "chart": presenters.chart(found, figure), "defined": presenters.DEFINED,
    }  # fmt: skip


@require_POST
@access.page(right="plan.write")
def stop(request: HttpRequest, digest: str) -> HttpResponse:
    """Stop a run."""
    try:
        answers.cancel(digest)
    except NotFound as error:
        raise Http404(str(error)) from None
    notices.info(request, say("The run was stopped. Nothing of it is kept."))
    return HttpResponseRedirect(reverse("shocks:index"))


def _tries(request: HttpRequest) -> bool:
    return access.may(request.actor, "plan.write")  # type: ignore[attr-defined]


def _again(request: HttpRequest) -> str:
    said = {k: v for k, v in request.GET.items() if k not in ("anew", "format")}
    return f"{request.path}?{urlencode(said)}"
