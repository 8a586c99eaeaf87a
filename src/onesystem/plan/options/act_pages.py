"""What forms of a plan's pages do: move it on or back, take options, choose those that go on."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST

from onesystem import access
from onesystem.plan.options import actions, queries
from onesystem.plan.options.pages import done, found, head, number
from onesystem.vocabulary import NotFound
from onesystem.vocabulary.said import say


@require_POST
@access.page(right="plan.write")
def move(request: HttpRequest, slug: str) -> HttpResponse:
    """Move a plan on; where its gate lacks something, say what, and who goes on all the same."""
    by = request.actor  # type: ignore[attr-defined]
    why = request.POST.get("override", "")
    try:
        queries.plan(slug)
        return done(
            request,
            lambda: actions.move(plan=slug, seen=number(request, "seen"), by=by, override=why),
            say("The plan has moved on."), "options:plan", slug,
        ) if why or not _lacks(slug) else _gate(request, slug)  # fmt: skip
    except NotFound:
        return HttpResponseRedirect(reverse("options:plans"))


def _lacks(slug: str) -> bool:
    from onesystem.plan.options import gates

    return bool(gates.lacking(queries.plan(slug).stage, queries.facts(slug)))


def _gate(request: HttpRequest, slug: str) -> HttpResponse:
    from onesystem.plan.options import gates

    mine = found(slug)
    context = {
        **head(request, mine), "asked": gates.asked(mine.stage, queries.facts(slug)),
        "seen": number(request, "seen"),
    }  # fmt: skip
    return render(request, "plan/options/gate.html", context, status=422)


@require_POST
@access.page(right="plan.write")
def back(request: HttpRequest, slug: str) -> HttpResponse:
    """Move a plan back by a stage."""
    by = request.actor  # type: ignore[attr-defined]
    why, seen = request.POST.get("why", ""), number(request, "seen")
    return done(
        request, lambda: actions.send_back(plan=slug, seen=seen, by=by, why=why),
        say("The plan is a stage back."), "options:plan", slug,
    )  # fmt: skip


@require_POST
@access.page(right="plan.write")
def option(request: HttpRequest, slug: str) -> HttpResponse:
    """Take an option in or out, bring one back, or choose those that go on."""
    by = request.actor  # type: ignore[attr-defined]
    said, key, seen = request.POST, request.POST.get("key", ""), number(request, "seen")
    acts = {
        "take": (
            lambda: actions.take(plan=slug, key=key, by=by, seen=seen),
            say("It is in the plan."),
        ),
        "drop": (
            lambda: actions.drop(plan=slug, key=key, seen=seen, by=by),
            say("It is out of the plan; it can be brought back below."),
        ),
        "restore": (
            lambda: actions.restore(plan=slug, key=key, seen=seen, by=by),
            say("It is back as it was."),
        ),
        "choose": (
            lambda: actions.choose(
                plan=slug, keys=said.getlist("o"), seen=seen, by=by, why=said.get("why", "")
            ),
            say("The plan goes on with these."),
        ),
    }
    if said.get("do") not in acts:
        return HttpResponseRedirect(reverse("options:options", args=[slug]))
    act, words = acts[said["do"]]
    return done(request, act, words, "options:options", slug)
