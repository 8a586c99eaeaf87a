"""Pathways beside a person's record: which fit, which criteria are met and why, what is next."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from onesystem import access, district, people
from onesystem.care.pathways import actions, engine, finding, pages, queries
from onesystem.care.pathways.facts import facts_of
from onesystem.care.pathways.known import Facts
from onesystem.people.presenters import who_words


@require_safe
@access.opens_person
def fitting(request: HttpRequest, person: int) -> HttpResponse:
    """Which pathways fit this person, and which are they on?"""
    access.require(request.actor, "pathways.see")  # type: ignore[attr-defined]
    facts = _facts(request, person)
    rows = [
        finding.fit_words(
            version, engine.whom(version.pathway, facts), finding.condition_of(version, facts)
        )
        for version in queries.in_force()
    ]
    rows.sort(key=lambda row: row["rank"])
    typed = request.GET.get("q", "")[: pages.TYPED]
    context = {
        "person": person,
        "who": _who(person),
        "q": typed,
        "hits": queries.search(typed),
        "fits": [row for row in rows if row["coded"]],
        "may": [row for row in rows if not row["coded"] and row["answer"] is not False],
        "others": [row for row in rows if not row["coded"] and row["answer"] is False],
    }
    return render(request, "care/pathways/fitting.html", context)


@require_safe
@access.opens_person
def beside(request: HttpRequest, person: int, slug: str) -> HttpResponse:
    """Is this the way for this person, what do they meet, and what is next?"""
    access.require(request.actor, "pathways.see")  # type: ignore[attr-defined]
    version, facts = pages.in_force(slug), _facts(request, person)
    ready = engine.prepare(version.pathway)
    actions.opened(slug=slug, number=version.number, by=request.actor, beside=True)  # type: ignore[attr-defined]
    context = pages.context_of(
        request, version,
        person=person,
        who=_who(person),
        whom=engine.whom(ready, facts),
        has_whom=bool(version.pathway.whom),
        found=finding.found_words(engine.flags(ready, facts), engine.criteria(ready, facts)),
        record=finding.record_words(facts),
        partly=facts.partly,
    )  # fmt: skip
    return render(request, "care/pathways/beside.html", context)


def _facts(request: HttpRequest, person: int) -> Facts:
    return facts_of(person, by=request.asker, allowed=request.allowed)  # type: ignore[attr-defined]


def _who(person: int) -> Any:
    return who_words(
        person, people.identities_of(person), district.current(), at=district.now()
    )
