"""Pathways beside a person's record: which fit, which criteria are met and why, what is next."""

from collections.abc import Callable, Mapping
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from onesystem import access, district, people
from onesystem.access import Asker
from onesystem.care.drafts import actions as drafting
from onesystem.care.pathways import (
    actions,
    cases,
    engine,
    finding,
    pages,
    presenters,
    queries,
    walking,
)
from onesystem.care.pathways.case_store import Kept
from onesystem.care.pathways.facts import facts_of
from onesystem.care.pathways.known import Facts
from onesystem.care.pathways.sent import sent_by_it
from onesystem.people.presenters import who_words
from onesystem.vocabulary import UserError
from onesystem.vocabulary.said import say_each
from onesystem.vocabulary.typed import whole_or

_ANSWER = "a-"  # what the names of answers begin with


@require_safe
@access.opens_person
def fitting(request: HttpRequest, person: int) -> HttpResponse:
    """Which pathways fit this person, and which are they on?"""
    access.require(request.actor, "pathways.see")  # type: ignore[attr-defined]
    facts = _facts(request, person)
    on = [_on(kept, facts) for kept in cases.of_person(person) if kept.case.open]
    rows = [
        finding.fit_words(
            version, finding.whom(version, facts), finding.condition_of(version, facts)
        )
        for version in queries.in_force()
        if version.slug not in {each["slug"] for each in on}
    ]
    rows.sort(key=lambda row: row["rank"])
    typed = request.GET.get("q", "")[: pages.TYPED]
    context = {
        "person": person,
        "who": _who(person),
        "q": typed,
        "hits": queries.search(typed),
        "on": on,
        "fits": [row for row in rows if row["coded"]],
        "may": [row for row in rows if not row["coded"] and row["answer"] is not False],
        "others": [row for row in rows if not row["coded"] and row["answer"] is False],
    }
    return render(request, "care/pathways/fitting.html", context)


def _on(kept: Kept, facts: Facts) -> dict[str, Any]:
    pathway = cases.pathway_of(kept)
    ahead = engine.next_actions(pathway, facts.answered(kept.case.answers), kept.events)
    return {
        "slug": kept.pathway, "title": pathway.title, "started": kept.case.started,
        "next": ahead[0].step.words if ahead else "",
        "overdue": any(each.state == engine.OVERDUE for each in ahead),
    }  # fmt: skip


@require_safe
@access.opens_person
def beside(request: HttpRequest, person: int, slug: str) -> HttpResponse:
    """Is this the way for this person, what do they meet, and what is next?"""
    access.require(request.actor, "pathways.see")  # type: ignore[attr-defined]
    return _beside(request, person, slug, {})


def _beside(request: HttpRequest, person: int, slug: str, typed: Mapping[str, Any]) -> HttpResponse:
    kept = next((k for k in cases.of_person(person) if k.pathway == slug), None)
    on = kept if kept and kept.case.open else None
    newest = queries.found(slug)
    stays = kept if on or newest is None else None  # who was on it sees it though it is withdrawn
    version = pages.known(slug, stays.case.version) if stays else pages.in_force(slug)
    facts = _facts(request, person)
    facts = facts.answered(kept.case.answers) if kept else facts
    ready = engine.prepare(version.pathway)
    if not typed:
        actions.opened(slug=slug, number=version.number, by=request.actor, beside=True)  # type: ignore[attr-defined]
    newer = newest if newest and newest.number != version.number else None
    context = pages.context_of(
        request, version,
        person=person,
        used=frozenset(each.service for each in facts.contacts),
        who=_who(person),
        whom=engine.whom(ready, facts),
        has_whom=bool(version.pathway.whom),
        found=finding.found_words(engine.flags(ready, facts), engine.criteria(ready, facts)),
        record=finding.record_words(facts),
        partly=facts.partly,
        case=walking.case_words(kept, version.pathway, facts, typed) if kept else None,
        newer=presenters.version_words(newer) if newer else None,
        acts=access.may(request.actor, "care.act"),  # type: ignore[attr-defined]
        sent=sent_by_it(person, slug, request.allowed, request.asker),  # type: ignore[attr-defined]
        error=typed.get("error", ""),
    )  # fmt: skip
    status = 422 if typed else 200
    return render(request, "care/pathways/beside.html", context, status=status)


@require_POST
@access.opens_person
def act(request: HttpRequest, person: int, slug: str) -> HttpResponse:
    """Begin it for the person, do or pass over a step, move to the newer version, or end it."""
    said, by = request.POST, request.asker  # type: ignore[attr-defined]
    do = said.get("act", "")
    try:
        _VERBS.get(do, _nothing)(person, slug, said, by)
    except UserError as error:
        answers = {k.removeprefix(_ANSWER): said[k] for k in said if k.startswith(_ANSWER)}
        typed = {"step": said.get("step", ""), "answers": answers, "error": str(error),
                 "reason": said.get("reason", "")}  # fmt: skip
        return _beside(request, person, slug, typed)
    drafting.done(by, f"pathway:{said.get('case', '')}:{said.get('step', '')}")
    messages.success(request, _DONE[do])
    return HttpResponseRedirect(reverse("pathways:beside", args=[person, slug]))


def _nothing(_person: int, _slug: str, _said: Any, _by: Asker) -> None:
    raise UserError("nothing was said", "Choose what you do.")


def _start(person: int, slug: str, _said: Any, by: Asker) -> None:
    cases.start(person=person, by=by, pathway=slug)


def _done(_person: int, _slug: str, said: Any, by: Asker) -> None:
    answers = {k.removeprefix(_ANSWER): said[k] for k in said if k.startswith(_ANSWER)}
    cases.done(case=said.get("case", ""), step=said.get("step", ""), by=by, answers=answers,
               seen=_seen(said))  # fmt: skip


def _skip(_person: int, _slug: str, said: Any, by: Asker) -> None:
    cases.skip(case=said.get("case", ""), step=said.get("step", ""), by=by,
               reason=said.get("reason", ""), seen=_seen(said))  # fmt: skip


def _move(_person: int, slug: str, said: Any, by: Asker) -> None:
    cases.move(case=said.get("case", ""), version=queries.published(slug).number, by=by,
               reason=said.get("reason", ""), seen=_seen(said))  # fmt: skip


def _leave(_person: int, _slug: str, said: Any, by: Asker) -> None:
    cases.leave(case=said.get("case", ""), by=by, reason=said.get("reason", ""), seen=_seen(said))


def _seen(said: Any) -> int:
    return whole_or(said.get("seen"), -1)


_VERBS: dict[str, Callable[[int, str, Any, Asker], None]] = {
    "start": _start, "done": _done, "skip": _skip, "move": _move, "leave": _leave,
}  # fmt: skip
_DONE = say_each(
    {
        "start": "Begun. What is next stands on top.",
        "done": "Done.",
        "skip": "Passed over.",
        "move": "They go on by the version in force.",
        "leave": "The pathway is over for this person; its open tasks are ended.",
    }
)


def _facts(request: HttpRequest, person: int) -> Facts:
    return facts_of(person, by=request.asker, allowed=request.allowed)  # type: ignore[attr-defined]


def _who(person: int) -> Any:
    return who_words(person, people.identities_of(person), district.current(), at=district.now())
