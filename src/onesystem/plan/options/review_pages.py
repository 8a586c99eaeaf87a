"""Pages: what critical friends say and score, and who does what by when."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from onesystem import access
from onesystem.district import current
from onesystem.plan.options import doing, queries, reviewing
from onesystem.plan.options.gates import STAGES
from onesystem.plan.options.pages import day, done, found, head, number, whole
from onesystem.vocabulary import NotPermitted, to_local
from onesystem.vocabulary.kept import from_micros
from onesystem.vocabulary.said import listed, say


@access.page(right="plan.see")
def review(request: HttpRequest, slug: str) -> HttpResponse:
    """Read, comment, score; nobody approves here."""
    mine, by = found(slug), request.actor  # type: ignore[attr-defined]
    if request.method == "POST":
        return _reviewed(request, slug)
    zone, said = current().zone, queries.comments(slug)
    scored = queries.scores(slug)
    names = {
        "plan": say("The whole plan"),
        **STAGES,
        **{f"option:{o.key}": o.title for o in mine.options},
    }
    context = {
        **head(request, mine), "about": list(names.items()),
        "threads": [
            {"said": c, "at": to_local(from_micros(c.at), zone),
             "about": c.about if c.about.startswith("/plan/") else names.get(c.about, c.about),
             "of": _part_of_money(c.about) or c.about,
             "answers": [(a, to_local(from_micros(a.at), zone))
                         for a in said if a.answers_id == c.pk]}
            for c in said if c.answers_id is None
        ],
        "changed": queries.changed(slug),
        "criteria": [
            (key, words, [s for (criterion, _), s in scored.items() if criterion == key],
             scored.get((key, by.name)))
            for key, words in mine.criteria.items()
        ],
        "friend": access.may(by, "plan.review") and not access.may(by, "plan.write"),
    }  # fmt: skip
    return render(request, "plan/options/review.html", context)


def _part_of_money(about: str) -> str:
    """What a comment is about in words, where it is a part of a plan of money."""
    from onesystem.plan.money.commenting import PARTS
    from onesystem.plan.money.queries import maybe

    address, _, part = about.partition("#")
    slug = address.removeprefix("/plan/money/").strip("/")
    found = maybe(slug) if address.startswith("/plan/money/") else None
    return listed([found.plan.name, PARTS.get(part, part)], ": ") if found else ""


def _reviewed(request: HttpRequest, slug: str) -> HttpResponse:
    said, by = request.POST, request.actor  # type: ignore[attr-defined]
    if said.get("do") == "score":

        def act() -> Any:
            return reviewing.score(
                plan=slug, criterion=said.get("criterion", ""), value=whole(said.get("value")),
                words=said.get("words", ""), by=by,
            )  # fmt: skip

        return done(request, act, say("The score is saved."), "options:review", slug)
    answers = whole(said.get("answers"))

    def speak() -> Any:
        return reviewing.comment(
            plan=slug, words=said.get("words", ""), about=said.get("about", "plan"), by=by,
            answers=answers if answers > 0 else None,
        )  # fmt: skip

    return done(request, speak, say("It is said."), "options:review", slug)


@access.page(right="plan.see")
def actions(request: HttpRequest, slug: str) -> HttpResponse:
    """Who does what by when, what is late?"""
    mine, by = found(slug), request.actor  # type: ignore[attr-defined]
    if request.method == "POST":
        if not access.may(by, "plan.write"):
            raise NotPermitted("only those who write plans keep its actions", "Comment instead.")
        return _acted(request, slug)
    today = queries.today()
    every = queries.actions(slug)
    state = request.GET.get("state", "")
    spans = [d for a in every for d in (a.begins, a.due)]
    first, last = (min(spans), max(spans)) if spans else (today, today)
    days = max(1, (last - first).days)
    titles = {o.key: o.title for o in mine.options}
    context = {
        **head(request, mine),
        "today": today,
        "state": state,
        "rows": [
            {
                "row": a,
                "late": a.state == "open" and a.due < today,
                "option": titles.get(a.option, ""),
                "left": 100 * (a.begins - first).days / days,
                "wide": max(1.5, 100 * (a.due - a.begins).days / days),
            }
            for a in every
            if state in ("", a.state)
        ],
        "every": len(every),
        "first": first,
        "last": last,
        "options": [("", say("The whole plan")), *titles.items()],
        "states": [
            ("", say("All")),
            ("open", say("Open")),
            ("done", say("Done")),
            ("dropped", say("Dropped")),
        ],
    }
    return render(request, "plan/options/actions.html", context)


def _acted(request: HttpRequest, slug: str) -> HttpResponse:
    said, by = request.POST, request.actor  # type: ignore[attr-defined]
    if said.get("do") == "assign":

        def assign() -> Any:
            return doing.assign(
                plan=slug,
                words=said.get("words", ""),
                owner=said.get("owner", ""),
                begins=day(said.get("begins", ""), say("it begins")),
                due=day(said.get("due", ""), say("it is due")),
                option=said.get("option", ""),
                by=by,
                seen=number(request, "seen"),
            )

        return done(request, assign, say("The action is saved."), "options:actions", slug)

    def settle() -> Any:
        return doing.settle(plan=slug, action=whole(said.get("action")), by=by,
                            state=said.get("state", ""), said=said.get("said", ""))  # fmt: skip

    return done(request, settle, say("The action is changed."), "options:actions", slug)
