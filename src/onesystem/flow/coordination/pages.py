"""The worklist: who needs somebody to bring their care together, why, and what was done."""

import time
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from onesystem import access, district
from onesystem.access import purposes
from onesystem.access.asking import asker_of
from onesystem.flow.coordination import actions, listing, presenters, queries, store, working
from onesystem.flow.coordination.definitions import definitions
from onesystem.flow.coordination.listing import Wanted
from onesystem.flow.measures.days import day_of
from onesystem.people.queries import search
from onesystem.vocabulary import UserError, to_local
from onesystem.vocabulary.kept import from_micros
from onesystem.vocabulary.tables import csv_text

_KEY = "worklist"  # of the session: [purpose, reason, until]
_GROUPS = {"": "The whole district", "practice": "By practice", "area": "By postcode district"}


@require_safe
@access.page(right="measures.see")
def coordination(request: HttpRequest) -> HttpResponse:
    """Whose care is un-coordinated? People for those who look after them, counts for the rest."""
    actor = request.actor  # type: ignore[attr-defined]
    here, today = district.current(), _today()
    said = definitions(here.path)
    flags = said.on(today)
    at, plans = store.worked()
    able = queries.purposes_for(actor)
    held = _held(request) if able else None
    by = request.GET.get("by", "") if request.GET.get("by") in _GROUPS else ""
    answer = working.ask(by=actor) if not at else None
    context: dict[str, Any] = {
        "definitions": presenters.flag_words(said, today),
        "weights": (said.weights_source, said.weights_date),
        "at": from_micros(at) if at else None,
        "answer": answer or working.latest(),
        "no_plans": at and not plans,
        "able": [(p, p[:1].upper() + p[1:], access.PURPOSES[p]) for p in able],
        "held": held,
        "below": here.suppress_below,
        "exact": access.may(actor, "person.open"),
    }
    if request.headers.get("HX-Request"):
        return render(request, "flow/coordination/_progress.html", context)
    if held:
        asked = _listed(request, held, {flag.name: flag for flag in flags}, context)
        if isinstance(asked, HttpResponse):
            return asked
    else:
        counts = queries.counts(actor, by)
        rows = presenters.count_rows(counts, flags, here, by)
        if request.GET.get("format") == "csv":
            return _counts_file(rows, flags)
        context |= {"counts": rows, "flags": flags, "groups": _GROUPS, "by": by}
    return render(request, "flow/coordination/coordination.html", context)


def _listed(
    request: HttpRequest, held: tuple[str, str], flags: dict[str, Any], context: dict[str, Any]
) -> HttpResponse | None:
    """Put the people on the list into the context, or give them as a file; audited either way."""
    actor, here = request.actor, district.current()  # type: ignore[attr-defined]
    wanted = Wanted.of(request.GET)
    every = queries.worklist(asker_of(actor, held[0]))
    found = None
    if len(wanted.q) > 1:
        found = {hit.person for hit in search(wanted.q, by=actor, limit=500)}
    rows = listing.narrowed(every, wanted, me=actor.name, found=found)
    rows = listing.ordered(rows, wanted.sort)
    per_page = wanted.per_page
    pages = max(1, -(-len(rows) // per_page))
    page = min(wanted.page, pages)
    as_file = request.GET.get("format") == "csv" and queries.may_export(actor, held[0])
    some = rows if as_file else rows[(page - 1) * per_page : page * per_page]
    names = queries.names(row.person for row in some)
    shown = [
        presenters.row_words(row, names.get(row.person), flags, here, me=actor.name)
        for row in some
    ]  # fmt: skip
    access.record(
        by=actor, act="worklist.exported" if as_file else "worklist.listed", what=wanted.words,
        purpose=held[0], reason=held[1], detail={"people": len(shown), "of": len(rows)},
    )  # fmt: skip
    if as_file:
        return _file(csv_text(presenters.HEAD, presenters.csv_rows(shown)), "worklist")
    context |= {
        "wanted": wanted,
        "rows": shown,
        "found": len(rows),
        "every": len(every),
        "page": page,
        "pages": pages,
        "exports": queries.may_export(actor, held[0]),
        "states": list(listing.STATES.items()),
        "most": min(len(rows), listing.WHOLE),
        "by_flag": [
            (name, flags[name].title if name in flags else name, many)
            for name, many in listing.choices(every, "flag")
        ],
        "practices": _options(every, "practice", "Any practice"),
        "bands": _options(every, "band", "Any age"),
        "areas": _options(every, "area", "Anywhere"),
    }
    return None


def _options(rows: list[Any], key: str, first: str) -> list[tuple[str, str]]:
    here = district.current()
    called = presenters.practice_name if key == "practice" else lambda _, value: value
    found = [(value, f"{called(here, value)} ({n:,})")
             for value, n in listing.choices(rows, key) if value]  # fmt: skip
    return [("", first), *sorted(found, key=lambda pair: pair[1].casefold())]


@require_POST
@access.page(right="person.open")
def purpose(request: HttpRequest) -> HttpResponse:
    """Take the purpose for which the list is opened: kept an hour, in the trail."""
    actor = request.actor  # type: ignore[attr-defined]
    wanted, reason = request.POST.get("purpose", ""), request.POST.get("reason", "").strip()[:500]
    if wanted not in queries.purposes_for(actor):
        messages.error(request, "Choose why you are opening the list.")
    elif len(reason) < 3:
        messages.error(request, "Say in a few words what you are doing.")
    else:
        request.session[_KEY] = [wanted, reason, time.time() + purposes.KEPT_FOR]
        access.record(by=actor, act="purpose.given", what="worklist", purpose=wanted, reason=reason)
    return HttpResponseRedirect(reverse("coordination:coordination"))


@require_POST
@access.page(right="person.open")
def close(request: HttpRequest) -> HttpResponse:
    """Close the list: the purpose is asked for again."""
    if was := request.session.pop(_KEY, None):
        access.record(by=request.actor, act="purpose.ended", what="worklist", purpose=was[0])  # type: ignore[attr-defined]
    return HttpResponseRedirect(reverse("coordination:coordination"))


@require_POST
@access.page(right="measures.see")
def refresh(request: HttpRequest) -> HttpResponse:
    """Have the list worked out anew."""
    working.ask(by=request.actor, anew=True)  # type: ignore[attr-defined]
    return HttpResponseRedirect(reverse("coordination:coordination"))


@require_POST
@access.page(right="measures.see")
def stop(_request: HttpRequest, digest: str) -> HttpResponse:
    """Stop working it out; the list that is kept stays."""
    from onesystem.flow import answers

    answers.cancel(digest)
    return HttpResponseRedirect(reverse("coordination:coordination"))


def _from_the_list(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """A page about one person on the list: what was said for the list counts for them too."""
    inner = access.opens_person(view)

    @wraps(inner)
    def outer(request: HttpRequest, person: int) -> HttpResponse:
        if request.user.is_authenticated and (held := _held(request)):
            asker = asker_of(access.Actor.of(request.user), held[0])
            if queries.one(person, asker=asker) is not None:
                purposes.carry(request, person, *held)
        return inner(request, person=person)

    return outer


@require_safe
@_from_the_list
def person(request: HttpRequest, person: int) -> HttpResponse:
    """Why is this person on the list, what was done, and what is to be done?"""
    actor, here = request.actor, district.current()  # type: ignore[attr-defined]
    found = queries.one(person, asker=request.asker)  # type: ignore[attr-defined]
    if found is None:
        raise Http404(f"person {person} is not on the list")
    row, steps = found
    flags = {flag.name: flag for flag in definitions(here.path).on(_today())}
    shown = presenters.row_words(
        row, queries.names([person]).get(person), flags, here, me=actor.name
    )
    context = {
        "row": shown,
        "steps": presenters.step_words(steps, me=actor.name),
        "at": from_micros(store.worked()[0]),
        "tomorrow": _today(1).isoformat(),
    }
    return render(request, "flow/coordination/person.html", context)


@require_POST
@_from_the_list
def act(request: HttpRequest, person: int) -> HttpResponse:
    """Take, leave, note, put aside, finish or undo."""
    said, asker = request.POST, request.asker  # type: ignore[attr-defined]
    to = reverse("coordination:person", kwargs={"person": person})
    try:
        match said.get("act", ""):
            case "take":
                actions.take(person=person, by=asker)
            case "leave":
                actions.leave(person=person, by=asker)
            case "note":
                actions.note(person=person, text=said.get("text", ""), by=asker)
            case "aside":
                actions.put_aside(
                    person=person, until=_day(said.get("until", "")), today=day_of(_today()),
                    reason=said.get("text", ""), by=asker,
                )  # fmt: skip
            case "done":
                actions.finish(person=person, text=said.get("text", ""), by=asker)
            case "undo":
                actions.undo(person=person, by=asker)
    except UserError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _DONE.get(said.get("act", ""), "Nothing was done."))
    back = said.get("back", "")
    return HttpResponseRedirect(
        f"{reverse('coordination:coordination')}{back}" if back[:1] == "?" else to
    )


_DONE = {
    "take": "You are looking at this person now.",
    "leave": "Nobody is looking at this person now.",
    "note": "The note is kept.",
    "aside": "Put aside until the day.",
    "done": "Done. The person comes back when there is something new.",
    "undo": "Undone.",
}


def _day(text: str) -> int:
    from datetime import date

    try:
        return day_of(date.fromisoformat(text))
    except ValueError:
        raise UserError(f"{text!r} is no day", "Write it as 2026-01-31.") from None


def _held(request: HttpRequest) -> tuple[str, str] | None:
    """The purpose and the reason given for the list in this session, while they hold."""
    kept = request.session.get(_KEY)
    if kept is None or kept[2] <= time.time():
        return None
    if not access.may_open(access.Actor.of(request.user), kept[0]):
        return None
    return kept[0], kept[1]


def _today(more: int = 0) -> Any:
    from datetime import timedelta

    return to_local(district.now(), district.current().zone).date() + timedelta(days=more)


def _counts_file(rows: list[dict[str, Any]], flags: Any) -> HttpResponse:
    head = ["group", "on the list", *(flag.title for flag in flags)]
    lines = [[r["group"], _said(r["all"]), *(_said(many) for _, many in r["flags"])] for r in rows]
    return _file(csv_text(head, lines), "coordination")


def _said(many: int | None) -> Any:
    return "hidden" if many is None else many


def _file(text: str, name: str) -> HttpResponse:
    response = HttpResponse(text, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    response["Cache-Control"] = "no-store"
    return response
