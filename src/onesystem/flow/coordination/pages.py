"""The worklist: who needs somebody to bring their care together, why, and what was done."""

import time
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from onesystem import access, district
from onesystem.access import purposes
from onesystem.access.asking import asker_of
from onesystem.flow.coordination import listing, presenters, queries, store, working
from onesystem.flow.coordination.definitions import definitions
from onesystem.flow.coordination.holding import KEY, local_day
from onesystem.flow.coordination.holding import held as held_of
from onesystem.flow.coordination.listing import Wanted
from onesystem.flow.measures.days import day_of
from onesystem.people.queries import search
from onesystem.vocabulary.kept import from_micros
from onesystem.vocabulary.said import say, say_each
from onesystem.vocabulary.tables import csv_text

_GROUPS = say_each(
    {"": "The whole district", "practice": "By practice", "area": "By postcode district"}
)


@require_safe
@access.page(right="measures.see")
def coordination(request: HttpRequest) -> HttpResponse:
    """Whose care is un-coordinated? People for those who look after them, counts for the rest."""
    actor = request.actor  # type: ignore[attr-defined]
    here, today = district.current(), local_day()
    said = definitions(here.path)
    flags = said.on(today)
    at, plans = store.worked()
    able = queries.purposes_for(actor)
    held = held_of(request) if able else None
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
    names, today = queries.names(row.person for row in some), day_of(local_day())
    shown = [
        presenters.row_words(row, names.get(row.person), flags, here, me=actor.name, today=today)
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
        "practices": _options(every, "practice", say("Any practice")),
        "bands": _options(every, "band", say("Any age")),
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
        messages.error(request, say("Choose why you are opening the list."))
    elif len(reason) < 3:
        messages.error(request, say("Say in a few words what you are doing."))
    else:
        request.session[KEY] = [wanted, reason, time.time() + purposes.KEPT_FOR]
        access.record(by=actor, act="purpose.given", what="worklist", purpose=wanted, reason=reason)
    return HttpResponseRedirect(reverse("coordination:coordination"))


@require_POST
@access.page(right="person.open")
def close(request: HttpRequest) -> HttpResponse:
    """Close the list: the purpose is asked for again."""
    if was := request.session.pop(KEY, None):
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


def _counts_file(rows: list[dict[str, Any]], flags: Any) -> HttpResponse:
    head = ["group", say("on the list"), *(flag.title for flag in flags)]
    lines = [[r["group"], _said(r["all"]), *(_said(many) for _, many in r["flags"])] for r in rows]
    return _file(csv_text(head, lines), "coordination")


def _said(many: int | None) -> Any:
    return "hidden" if many is None else many


def _file(text: str, name: str) -> HttpResponse:
    response = HttpResponse(text, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    response["Cache-Control"] = "no-store"
    return response
