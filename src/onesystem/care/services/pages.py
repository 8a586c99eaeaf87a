"""The directory: services by what one is looking for, and each with all that is said of it."""

from collections import Counter
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from onesystem import access
from onesystem.care.requests.states import KINDS
from onesystem.care.services import actions, listing, presenters, queries
from onesystem.care.services.codec import unpacked
from onesystem.care.services.defaults import bare
from onesystem.care.services.doors import sees
from onesystem.care.services.entry import Entry
from onesystem.care.services.keeping import KEPT, Step, standing
from onesystem.care.services.listing import Asked
from onesystem.district import District, current, now
from onesystem.vocabulary import UserError
from onesystem.vocabulary.said import say
from onesystem.vocabulary.tables import Column, Listing
from onesystem.vocabulary.typed import whole_or


@require_safe
@sees
def services(request: HttpRequest) -> HttpResponse:
    """Which service is there for this, is it open, has it room, and how long do people wait?"""
    here, local = current(), presenters.local_now(now(), current())
    asked, exact = Asked.of(request.GET), _exact(request)
    every = queries.entries()
    fits = listing.fitting(list(every.values()), asked, local)
    rooms = queries.capacities(entry.service for entry in fits)
    if asked.room:
        fits = listing.with_room(fits, rooms)
    waits = queries.waits()

    def row(e: Entry) -> list[Any]:
        return listing.row(e, rooms[e.service], waits.get(e.service), here, local, exact=exact)

    shown = Listing(
        caption="Services",
        columns=listing.COLUMNS,
        all_rows=listing.Rows(fits, row),
        query=request.GET,
        empty_title="No service fits",
        empty_advice="Leave a filter out, or search by other words.",
    )
    if taken := access.exported(shown, request, "services"):
        return taken
    context = {
        "listing": shown, "asked": asked, "every": len(every), "many": len(fits),
        "settings": _options((e.setting for e in every.values()), say("Any setting")),
        "places": _options(
            (place for e in every.values() for place in e.places), say("Anywhere"),
            {code: place.name for code, place in here.places.items()},
        ),
        "runs": _options(
            (e.organisation for e in every.values() if not e.listed), say("Anybody"),
            {code: each.name for code, each in here.organisations.items()},
        ),
        "kinds": [("", say("Anything")), *((kind, presenters.KIND_WORDS[kind]) for kind in KINDS)],
        "person": _person(request),
        "keeps": access.may(request.actor, "services.keep"),  # type: ignore[attr-defined]
    }  # fmt: skip
    return render(request, "care/services/services.html", context)


def _options(values: Any, first: str, names: Any = None) -> list[tuple[str, str]]:
    counted = Counter(value for value in values if value)
    named = [(v, f"{(names or {}).get(v, v)} ({n:,})") for v, n in counted.items()]
    return [("", first), *sorted(named, key=lambda pair: pair[1].casefold())]


def _exact(request: HttpRequest) -> bool:
    """Whether small counts are shown: to those who may open the people behind them."""
    return access.may(request.actor, "person.open")  # type: ignore[attr-defined]


def _person(request: HttpRequest) -> int:
    """For whom a service is looked for, where the page was opened for somebody; 0 for nobody."""
    return whole_or(request.GET.get("person"), 0)


@require_safe
@sees
def service(request: HttpRequest, service: str) -> HttpResponse:
    """What is it for, is it open, has it room, how long do people wait, and who says so?"""
    here, at = current(), now()
    entry = queries.entry(service)
    local, every, exact = presenters.local_now(at, here), queries.entries(), _exact(request)
    wait, room = queries.wait(service), queries.capacity(service)
    below = here.suppress_below
    context = {
        **head(request, entry),
        "open": presenters.open_words(entry, local),
        "room": presenters.room_words(room, exact=exact, below=below),
        "room_at": room,
        "wait": wait,
        "wait_short": presenters.short_wait(wait, exact=exact, below=below),
        "waits": [(w.urgency, presenters.wait_words(w, exact=exact, below=below))
                  for w in wait.lines],
        "sure": presenters.confirmed_words(entry, local.date()),
        "week": presenters.week(entry, local.date()),
        "places": presenters.places_words(entry, here),
        "timers": presenters.timers_words(entry),
        "types": presenters.FORM_TYPES,
        "kinds": presenters.KIND_WORDS,
        "notices": entry.notices_on(local.date()),
        "closed": entry.closed_on(local.date()),
        "ahead": [n for n in entry.notices if n.since and n.since > local.date()],
        "names": every,
        "person": _person(request),
    }  # fmt: skip
    return render(request, "care/services/service.html", context)


def head(request: HttpRequest, entry: Entry) -> dict[str, Any]:
    """What the pages of one service have in common."""
    here = current()
    return {
        "entry": entry,
        "run_by": presenters.run_by(entry, here),
        "keeps": actions.may_keep(request.actor, entry),  # type: ignore[attr-defined]
        "sends": access.may(request.actor, "requests.send"),  # type: ignore[attr-defined]
        "works": access.may(request.actor, "requests.work"),  # type: ignore[attr-defined]
    }


@require_POST
@access.page(right="services.keep")
def confirm(request: HttpRequest, service: str) -> HttpResponse:
    """Say that the entry is right today."""
    return _do(request, service, actions.confirm, say("Confirmed. You can take it back below."))


@require_POST
@access.page(right="services.keep")
def undo(request: HttpRequest, service: str) -> HttpResponse:
    """Take the last step back."""
    return _do(request, service, actions.undo, say("Taken back. What stood before stands again."))


def _do(request: HttpRequest, service: str, verb: Any, done: str) -> HttpResponse:
    seen = request.POST.get("seen", "")
    try:
        verb(service=service, by=request.actor,  # type: ignore[attr-defined]
             seen=whole_or(seen, -1))  # fmt: skip
        messages.success(request, done)
    except actions.Overtaken as error:
        messages.error(request, str(error))
    except UserError as error:
        if error.exit_code == 12:
            raise
        messages.error(request, str(error))
    back = request.POST.get("back", "")
    if back == "due":
        return HttpResponseRedirect(reverse("services:due"))
    gone = service not in queries.entries()
    to = reverse("services:services") if gone else reverse("services:service", args=[service])
    return HttpResponseRedirect(to)


@require_safe
@sees
def history(request: HttpRequest, service: str) -> HttpResponse:
    """Who changed what, when and why; two versions side by side."""
    here, entry = current(), queries.entry(service)
    steps = actions.steps_of(service)
    undone = {step.undoes for step in steps}
    kept = [step for step in steps if step.kind == KEPT]
    one, other = _chosen(request, kept)
    context = {
        **head(request, entry),
        "steps": [(step, step.number in undone) for step in reversed(steps)],
        "kept": kept,
        "one": one,
        "other": other,
        "last": standing(steps),
    }
    if one is not None and other is not None:
        before, after = (_as_kept(entry, step, here) for step in (one, other))
        context["compared"] = presenters.compared(before, after, here, queries.entries())
    return render(request, "care/services/history.html", context)


def _chosen(request: HttpRequest, kept: list[Step]) -> tuple[Step | None, Step | None]:
    """The two versions to compare: those asked for, or the last two."""
    by_number = {str(step.number): step for step in kept}
    one = by_number.get(request.GET.get("from", "")) or (kept[-2] if len(kept) > 1 else None)
    return one, by_number.get(request.GET.get("to", "")) or (kept[-1] if kept else None)


@require_safe
@access.page(right="services.keep")
def export(request: HttpRequest, form: str) -> HttpResponse:
    """The whole directory as a file that other systems read."""
    import orjson

    from onesystem.care.services.exchange import taking

    if form not in taking.FORMATS:
        raise Http404(form)
    actor = request.actor  # type: ignore[attr-defined]
    made = orjson.dumps(taking.exported(form), option=orjson.OPT_INDENT_2)
    access.record(by=actor, act="services.exported", what=form)
    kind = "application/fhir+json" if form == "fhir" else "application/json"
    response = HttpResponse(made, content_type=kind)
    response["Content-Disposition"] = f'attachment; filename="services.{form}.json"'
    response["Cache-Control"] = "no-store"
    return response


def _as_kept(entry: Entry, step: Step, here: District) -> Entry:
    import orjson

    known = here.services.get(entry.service)
    ground = bare(known) if known else Entry(service=entry.service, name=entry.name, listed=True)
    return unpacked(orjson.loads(step.body), ground)


@require_safe
@sees
def due(request: HttpRequest) -> HttpResponse:
    """Which entries did nobody confirm for too long? Those of one's own organisation first."""
    here, today = current(), presenters.local_now(now(), current()).date()
    actor = request.actor  # type: ignore[attr-defined]
    ours = (each for each in queries.entries().values() if not (each.listed or each.gone))
    stale = [each for each in ours if each.stale(today)]
    mine = [each for each in stale if actions.may_keep(actor, each)]
    shown = mine if request.GET.get("all") != "1" and mine else stale
    shown.sort(key=lambda e: (e.due() is not None, e.due() or today, e.name.casefold()))
    if request.GET.get("format") == "csv":
        rows = [
            [
                e.name,
                e.setting,
                presenters.run_by(e, here),
                e.confirmed_by,
                e.confirmed_at.date() if e.confirmed_at else None,
                e.due(),
            ]
            for e in shown
        ]
        heads = ("service", "setting", say("run by"), say("confirmed by"), "confirmed", "due")
        table = Listing(caption="", columns=tuple(Column(h, h) for h in heads), all_rows=rows)
        if taken := access.exported(table, request, "services-to-confirm"):
            return taken
    context = {
        "shown": [
            (e, presenters.run_by(e, here), presenters.confirmed_words(e, today), e in mine)
            for e in shown[:200]
        ],
        "many": len(shown), "mine": len(mine), "stale": len(stale),
        "all": request.GET.get("all") == "1" or not mine,
        "organisation": here.organisations.get(actor.organisation),
    }  # fmt: skip
    return render(request, "care/services/due.html", context)
