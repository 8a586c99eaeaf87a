"""Care at home for one person: what went before, and starting it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from onesystem import access, district, people
from onesystem.care.drafts import actions as drafts
from onesystem.care.episodes import actions, checking, presenters, queries
from onesystem.care.episodes import packages as packaging
from onesystem.care.episodes.actions import Chosen
from onesystem.care.episodes.allotting import options_for
from onesystem.care.episodes.numbers import reference
from onesystem.care.episodes.packages import PURPOSES, Package
from onesystem.care.episodes.typed import moment_of, whole
from onesystem.care.episodes.wanting import wanted
from onesystem.care.pathways.facts import facts_of
from onesystem.care.services import queries as directory
from onesystem.people.presenters import who_words
from onesystem.vocabulary import UserError, to_local
from onesystem.vocabulary.money import Money
from onesystem.vocabulary.said import say, say_each
from onesystem.vocabulary.typed import whole_or


@require_safe
@access.opens_person
def person(request: HttpRequest, person: int) -> HttpResponse:
    """Can this person be looked after at home, with what, and for how much?"""
    return _show(request, person, request.GET)


def _show(
    request: HttpRequest, person: int, given: Mapping[str, Any], *, problem: str = "",
    status: int = 200,
) -> HttpResponse:  # fmt: skip
    actor, here, at = request.actor, district.current(), district.now()  # type: ignore[attr-defined]
    may = access.may(actor, "episodes.act")
    stands = checking.stands(person, at)
    said = packaging.packages(here.path)
    some = said.on(to_local(at, here.zone).date())
    chosen = next((each for each in some if each.name == given.get("package")), None)
    rows = queries.of_person(person)
    context: dict[str, Any] = {
        "who": who_words(person, people.identities_of(person), here, at=at),
        "person": person,
        "rows": [presenters.row_words(row, here, at) for row in rows],
        "open": next((presenters.row_words(r, here, at) for r in rows if r.state != "ended"), None),
        "died": stands.died,
        "ward": stands.ward,
        "may": may,
        "groups": [
            (words, [p for p in some if p.purpose == key]) for key, words in PURPOSES.items()
        ],
        "chosen": chosen,
        "problem": problem,
        "money": lambda pence: presenters.money(pence, here),
    }
    if chosen and may and not stands.open and not stands.died:
        context |= _form(request, person, chosen, given, said)
    return render(request, "care/episodes/person.html", context, status=status)


def _form(
    request: HttpRequest, person: int, package: Package, given: Mapping[str, Any],
    said: packaging.Packages,
) -> dict[str, Any]:  # fmt: skip
    """The form of one package: criteria with what the record says, lines with who has room."""
    by, here = request.asker, district.current()  # type: ignore[attr-defined]
    kinds = said.kinds_on(to_local(district.now(), here.zone).date())
    facts = facts_of(person, by=by)
    criteria, flags = checking.answered(package, facts)
    asks = [ask for ask in package.lines if ask.kind in kinds]
    options = options_for([*(kinds[a.kind] for a in asks), said.team_of(package)], person)
    typed = given if request.method == "POST" else {}
    lines = []
    for ask in asks:
        some = options[ask.kind]
        a_day = typed.get(f"a_day-{ask.kind}", str(ask.a_day if some else 0))
        days = typed.get(f"days-{ask.kind}", str(ask.days))
        lines.append({
            "kind": kinds[ask.kind], "a_day": a_day, "days": days, "options": some,
            "service": typed.get(f"service-{ask.kind}", some[0].service if some else ""),
            "agreed": typed.get(f"agreed-{ask.kind}", ""),
            "price": presenters.money(kinds[ask.kind].price, here),
            "total": _amount(a_day, days) * kinds[ask.kind].price,
            "no_room": bool(some) and all(o.full or o.closed for o in some),
        })  # fmt: skip
    total = sum(line["total"] for line in lines)
    chosen = {line["service"] for line in lines if line["service"] and line["total"]}
    entries = [directory.entry(code) for code in sorted(chosen)]
    asked = request.method == "POST"
    posted = set(request.POST.getlist("flag")) if asked else set()
    return {
        "criteria": [
            (
                n,
                each,
                typed.get(
                    f"criterion-{n}", say_each({True: "yes", False: "no", None: ""})[each.met]
                ),
            )
            for n, each in enumerate(criteria)
        ],
        "flags": [
            (each, each.criterion.words in posted or (not asked and bool(each.met)))
            for each in flags
        ],
        "lines": lines,
        "total": total,
        "over": total > package.cap,
        "team_choices": [
            (o.service, say("{team} ({room})", team=o.name, room=o.room)) for o in options["team"]
        ],
        "teams_full": all(o.full for o in options["team"]) or bool(typed.get("agreed-team")),
        "typed": typed,
        "symbol": str(Money(0, here.currency))[:-4],
        "discharge": package.purpose == "discharge",
        "days": typed.get("days", str(package.days)),
        "wanted": [
            (each, typed.get(f"form-{each.field.name}", each.value))
            for each in wanted(entries, facts)
        ],
        "override": [role.replace("-", " ") for role in package.override],
        "may_override": bool(set(package.override) & set(by.actor.roles)),
        "draft": _draft(person, package.name),
        "tomorrow": _tomorrow(here.zone),
    }


@require_POST
@access.opens_person(action="write")
def start(request: HttpRequest, person: int) -> HttpResponse:
    """Start it, or confirm the package for the day of discharge; a number is given for it."""
    given, by = request.POST, request.asker  # type: ignore[attr-defined]
    try:
        number = actions.start(person=person, by=by, **_said(given))
    except UserError as error:
        return _show(request, person, given, problem=str(error), status=422)
    drafts.done(by, _draft(person, given.get("package", "")))
    words = "Confirmed" if given.get("planned") else "Started"
    messages.success(
        request,
        say(
            "{words}. The reference number is {reference}.",
            words=words,
            reference=reference(number),
        ),
    )
    return HttpResponseRedirect(reverse("episodes:episode", kwargs={"episode": number}))


def _said(given: Any) -> dict[str, Any]:
    kinds = [key.removeprefix("a_day-") for key in given if key.startswith("a_day-")]
    answers = {"yes": True, "no": False}
    return {
        "package": given.get("package", ""),
        "lines": [
            Chosen(
                kind=kind, a_day=whole(given.get(f"a_day-{kind}")),
                days=whole(given.get(f"days-{kind}")), service=given.get(f"service-{kind}", ""),
                agreed=given.get(f"agreed-{kind}", ""),
            )
            for kind in kinds
        ],
        "service": given.get("service", ""),
        "agreed": given.get("agreed-team", ""),
        "days": whole(given.get("days")),
        "flags": given.getlist("flag"),
        "asked": given.get("asked") == "1",
        "answers": {
            whole_or(key.removeprefix("criterion-"), -1): answers[value]
            for key, value in given.items()
            if key.startswith("criterion-") and value in answers
        },
        "reason": given.get("reason", ""),
        "beyond": given.get("beyond", ""),
        "planned": moment_of(given.get("planned", "")),
        "form": {
            key.removeprefix("form-"): value
            for key, value in given.items() if key.startswith("form-")
        },
    }  # fmt: skip


def _amount(a_day: str, days: str) -> int:
    try:
        return whole(a_day) * whole(days)
    except UserError:
        return 0


def _draft(person: int, package: str) -> str:
    return f"at-home:{person}:{package}"


def _tomorrow(zone: str) -> str:
    from datetime import timedelta

    day = to_local(district.now(), zone) + timedelta(days=1)
    return datetime(day.year, day.month, day.day, 11, tzinfo=day.tzinfo).strftime("%Y-%m-%dT%H:%M")
