"""Reviewing: what is asked of whom, what was said, sign or return; history; two side by side."""

from collections.abc import Callable
from datetime import date
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from onesystem import access
from onesystem.access import Actor
from onesystem.access.queries import able
from onesystem.care.pathways import actions, choices, presenters, queries
from onesystem.care.pathways.checking import check
from onesystem.care.pathways.comparing import compare as compared
from onesystem.care.pathways.document import Pathway
from onesystem.care.pathways.pages import known, require_reader
from onesystem.care.pathways.reading import pathway_under
from onesystem.vocabulary import NotFound, UserError
from onesystem.vocabulary.said import say, say_each
from onesystem.vocabulary.typed import whole_or

_LONG = 9  # digits: the number of a version has fewer
_DIGEST = 64


@require_safe
@access.page(right="pathways.see")
def review(request: HttpRequest, slug: str) -> HttpResponse:
    """Is it right, and may it be in force?"""
    version = queries.open_version(slug)
    if version is None:
        messages.info(request, say("Nobody is writing a version of it now."))
        return HttpResponseRedirect(reverse("pathways:history", args=[slug]))
    require_reader(request, version)
    actor, steps = request.actor, queries.steps(slug, version.number)  # type: ignore[attr-defined]
    rights = {r for r in ("pathways.write", "pathways.sign") if access.may(actor, r)}
    before = next((h.version for h in queries.history(slug) if h.version.state == "published"),
                  None)  # fmt: skip
    can = presenters.able_to(version, steps, actor.name, frozenset(rights))
    experts = [(name, words) for name, words in able("person.open")
               if name not in can["authors"]] if can["send"] else []  # fmt: skip
    context = {
        "v": presenters.version_words(version),
        "steps": [presenters.done_words(step) for step in reversed(steps)],
        "can": can,
        "before": presenters.version_words(before) if before else None,
        "pairs": [pair for pair in compared(before.pathway, version.pathway) if pair.changed]
        if before else [],
        "problems": problems_of(version.pathway),
        "experts": experts,
    }  # fmt: skip
    return render(request, "care/pathways/review.html", context)


@require_safe
@access.page(right="pathways.see")
def history(request: HttpRequest, slug: str) -> HttpResponse:
    """Who changed what, when, and why?"""
    actor = request.actor  # type: ignore[attr-defined]
    try:
        found = queries.history(slug)
    except NotFound as error:
        raise Http404(str(error)) from error
    writes, signs = (access.may(actor, f"pathways.{right}") for right in ("write", "sign"))
    shown = [each for each in found if writes or signs or each.version.published]
    force = next((each.version for each in found if each.version.state == "published"), None)
    context = {
        "slug": slug,
        "title": (force or found[0].version).title,
        "versions": presenters.history_words(shown),
        "force": presenters.version_words(force) if force else None,
        "due": bool(force and force.review <= actions.today() + 90),
        "writes": writes,
        "signs": signs,
    }
    return render(request, "care/pathways/history.html", context)


@require_safe
@access.page(right="pathways.see")
def compare(request: HttpRequest, slug: str) -> HttpResponse:
    """What came, and what went?"""
    ends = [_end(request, slug, name) for name in ("from", "to")]
    pairs = compared(ends[0][1], ends[1][1])
    whole = request.GET.get("all") == "1"
    context = {
        "slug": slug,
        "title": ends[1][1].title,
        "ends": [name for name, _ in ends],
        "pairs": [pair for pair in pairs if whole or pair.changed],
        "changes": sum(pair.changed for pair in pairs),
        "whole": whole,
        "asked": {name: request.GET.get(name, "") for name in ("from", "to")},
        "numbers": [each.version.number for each in queries.history(slug)],
    }
    return render(request, "care/pathways/compare.html", context)


def _end(request: HttpRequest, slug: str, name: str) -> tuple[str, Pathway]:
    """One side: a version by its number, or a text that was once saved, by its digest."""
    said = request.GET.get(name, "")
    if said.isdecimal() and len(said) < _LONG:
        version = known(slug, int(said))
        require_reader(request, version)
        state = presenters.STATE_TAGS[version.state][0]
        return say("Version {number}, {state}", number=version.number, state=state), version.pathway
    access.require(request.actor, "pathways.write")  # type: ignore[attr-defined]
    try:
        for each in queries.history(slug):
            for step in each.steps:
                if len(said) == _DIGEST and step.digest == said:
                    return say("As {by} saved it", by=step.by), pathway_under(said)
    except NotFound as error:
        raise Http404(str(error)) from error
    raise Http404(f"nothing was saved under {said!r}: choose versions in the page history")


def problems_of(pathway: Pathway) -> list[dict[str, str]]:
    """What keeps a version from being sent, in words."""
    found = check(pathway, services=choices.services(), pathways=choices.pathways())
    return [{"where": p.where, "what": p.what, "cure": p.cure, "field": p.field} for p in found]


@require_POST
@access.page(right="pathways.see")
def act(request: HttpRequest, slug: str) -> HttpResponse:
    """Send, comment, return, sign, publish, withdraw, put a note on top or take it off."""
    do, actor = request.POST.get("act", ""), request.actor  # type: ignore[attr-defined]
    to = "history" if do in {"withdraw", "confirm", "drop"} else "review"
    to = "pathway" if do in {"publish", "note", "end_note"} else to
    try:
        _VERBS.get(do, _nothing)(slug, request.POST, actor)
    except UserError as error:
        messages.error(request, str(error))
        to = "review" if do == "publish" else to
    else:
        messages.success(request, _DONE[do])
    return HttpResponseRedirect(reverse(f"pathways:{to}", args=[slug]))


def _nothing(_slug: str, _said: Any, _by: Actor) -> None:
    raise UserError("nothing was said", "Choose what you do.")


def _send(slug: str, said: Any, by: Actor) -> None:
    version = queries.open_version(slug)
    if version and (problems := problems_of(version.pathway)):
        first = problems[0]
        raise UserError(
            say(
                "{problems} to put right first. {where}: {what}",
                problems=len(problems),
                where=first["where"],
                what=first["what"],
            ),
            first["cure"],
        )
    actions.send(slug=slug, to=said.get("to", ""), words=said.get("words", ""), seen=_seen(said),
                 by=by)  # fmt: skip


def _note(slug: str, said: Any, by: Actor) -> None:
    until = said.get("until", "")
    try:
        day = (date.fromisoformat(until) - date(1970, 1, 1)).days if until else 0
    except ValueError:
        raise UserError(
            say("{until} is no day", until=repr(until)), "Write it as 2026-01-31."
        ) from None
    actions.note(slug=slug, words=said.get("words", ""), until=day, by=by)


def _seen(said: Any, name: str = "seen") -> int:
    return whole_or(said.get(name), -1)


def _sign(part: str) -> Callable[[str, Any, Actor], None]:
    return lambda slug, said, by: actions.sign(
        slug=slug, part=part, digest=said.get("digest", ""), seen=_seen(said), by=by
    )


_VERBS: dict[str, Callable[[str, Any, Actor], Any]] = {
    "send": _send,
    "comment": lambda slug, said, by: actions.comment(
        slug=slug, words=said.get("words", ""), seen=_seen(said), by=by
    ),
    "send_back": lambda slug, said, by: actions.send_back(
        slug=slug, words=said.get("words", ""), seen=_seen(said), by=by
    ),
    "take_back": lambda slug, said, by: actions.take_back(slug=slug, seen=_seen(said), by=by),
    "sign_lead": _sign("lead"),
    "sign_expert": _sign("expert"),
    "publish": lambda slug, said, by: actions.publish(slug=slug, seen=_seen(said), by=by),
    "withdraw": lambda slug, said, by: actions.withdraw(
        slug=slug, words=said.get("words", ""), seen=_seen(said), by=by
    ),
    "confirm": lambda slug, said, by: actions.confirm(slug=slug, seen=_seen(said), by=by),
    "drop": lambda slug, said, by: actions.drop(slug=slug, seen=_seen(said), by=by),
    "note": _note,
    "end_note": lambda slug, said, by: actions.end_note(slug=slug, note=_seen(said, "note"), by=by),
}
_DONE = say_each(
    {
        "send": "Sent. The clinical lead and the subject expert are told.",
        "comment": "The comment is saved.",
        "send_back": "Returned. Whoever wrote it is told.",
        "take_back": "Taken back: it is a draft again.",
        "sign_lead": "Signed as clinical lead.",
        "sign_expert": "Signed as subject expert.",
        "publish": "In force from now on.",
        "withdraw": "Withdrawn. Nobody finds it any more; its history stays.",
        "confirm": "It stays as it is, for two more years.",
        "drop": "The draft is given up. Its texts stay in the history.",
        "note": "The note stands on top.",
        "end_note": "The note is taken off.",
    }
)
