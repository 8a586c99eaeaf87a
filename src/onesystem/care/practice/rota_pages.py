"""The pages of the rota: all services, one service's week, what it needs, and what is done."""

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from onesystem import access, district
from onesystem.access.models import User
from onesystem.care.practice import rota_actions, rota_queries
from onesystem.care.practice.rota import Need, Shift, clashes
from onesystem.vocabulary import OnesystemError, UserError, to_local, to_utc
from onesystem.vocabulary.said import say
from onesystem.vocabulary.tables import Cell, Column, Listing
from onesystem.vocabulary.typed import whole_or
from onesystem.vocabulary.wording import DAY_NAMES, counted, day

_AHEAD = 14
_ROWS = 6  # empty lines of the form of needs


@require_safe
@access.page(right="now.see")
def overview(request: HttpRequest) -> HttpResponse:
    """Every rota that is kept: who is down now, and where the next fortnight has a gap."""
    here, at = district.current(), district.now()
    today, actor = _today(), request.actor  # type: ignore[attr-defined]
    shown = []
    for code in rota_queries.services_with_rota():
        kept = rota_queries.rota(code, first=today, days=_AHEAD)
        missing = [g for g in kept.gaps if g.ends > at]
        shown.append((code, here.service_name(code), rota_queries.on_now(code, at), missing))
    own = [s for s in here.services.values() if s.organisation == actor.organisation]
    context = {
        "rotas": shown, "mine": rota_queries.mine(actor.name, at), "days": _AHEAD, "at": at,
        "own": [(s.code, s.name) for s in own if s.code not in {r[0] for r in shown}],
        "keeps": access.may(actor, "rota.keep"), "names": _names(), "when": _when,
        "place": here.service_name,
    }  # fmt: skip
    return render(request, "care/practice/rotas.html", context)


@require_safe
@access.page(right="now.see")
def rota(request: HttpRequest, service: str) -> HttpResponse:
    """One service's week."""
    return _rota(request, service)


def _rota(request: HttpRequest, service: str, **more: Any) -> HttpResponse:
    here, at = district.current(), district.now()
    if service not in here.services:
        raise Http404(service)
    first = _monday(request.GET.get("week", ""))
    kept = rota_queries.rota(service, first=first)
    if taken := access.exported(_listing(kept), request, f"rota-{service}-{first}"):
        return taken
    actor, own = request.actor, here.services[service].organisation  # type: ignore[attr-defined]
    keeps = access.may(actor, "rota.keep") and actor.organisation == own
    context = {
        "service": service, "name": here.service_name(service), "rota": kept,
        "days": [_day(kept, first + timedelta(days=n)) for n in range(7)], "when": _when,
        "clashes": clashes(kept.shifts), "keeps": keeps, "first": first, "at": at,
        "week": say("{first} to {first2}", first=day(first), first2=day(first + timedelta(days=6))),
        "before": first - timedelta(days=7), "after": first + timedelta(days=7),
        "today": _today(), "staff": _staff(own) if keeps else [],
        "notes": rota_queries.notes(service), "missing": counted(len(kept.gaps), "gap"),
        "roles": sorted({n.role for n in kept.needs} | {s.role for s in kept.shifts}),
    }  # fmt: skip
    status = 422 if more.get("problem") else 200
    return render(request, "care/practice/rota.html", context | more, status=status)


def _day(kept: rota_queries.Rota, when: date) -> dict[str, Any]:
    """One day of the week: the shifts and gaps that begin on it."""
    zone = district.current().zone
    return {
        "day": when, "name": say("{day} {n}", day=DAY_NAMES[when.weekday()], n=when.day),
        "shifts": [s for s in kept.shifts if to_local(s.starts, zone).date() == when
                   or (when == kept.first and to_local(s.starts, zone).date() < when)],
        "gaps": [g for g in kept.gaps if to_local(g.starts, zone).date() == when],
    }  # fmt: skip


def _listing(kept: rota_queries.Rota) -> Listing:
    zone = district.current().zone
    columns = (Column("from", "From"), Column("to", "To"), Column("role", "Role"),
               Column("who", "Who"))  # fmt: skip
    rows = [
        [_cell(each.starts, zone), _cell(each.ends, zone), each.role,
         kept.names.get(each.who, each.who) if isinstance(each, Shift)
         else say("{people} missing", people=counted(each.missing, "person", "people"))]
        for each in sorted((*kept.shifts, *kept.gaps), key=lambda e: (e.starts, e.ends))
    ]  # fmt: skip
    return Listing(caption="Rota", columns=columns, all_rows=rows)


def _cell(moment: datetime, zone: str) -> Cell:
    return Cell(to_local(moment, zone).strftime("%Y-%m-%d %H:%M"), moment)


@access.page(right="rota.keep")
def needs(request: HttpRequest, service: str) -> HttpResponse:
    """What a service needs over the week, as a form of lines."""
    here = district.current()
    if service not in here.services:
        raise Http404(service)
    lines = [_line(n) for n in rota_queries.needs_on(service, _today())]
    problem = None
    if request.method == "POST":
        lines = _lines(request.POST)
        try:
            told = [_need(line, number) for number, line in enumerate(lines, 1)]
            rota_actions.set_needs(service=service, needs=told, by=request.actor)  # type: ignore[attr-defined]
        except UserError as error:
            problem = error
        else:
            messages.success(request, say("Saved, from today on."))
            return HttpResponseRedirect(reverse("practice:rota", kwargs={"service": service}))
    context = {
        "service": service, "name": here.service_name(service), "problem": problem,
        "week": DAY_NAMES, "lines": [*lines, *([{}] * _ROWS)],
    }  # fmt: skip
    return render(request, "care/practice/needs.html", context, status=422 if problem else 200)


def _line(need: Need) -> dict[str, str]:
    return {"weekday": str(need.weekday), "opens": f"{need.opens:%H:%M}",
            "closes": f"{need.closes:%H:%M}", "role": need.role,
            "people": str(need.people)}  # fmt: skip


def _lines(given: Any) -> list[dict[str, str]]:
    """The lines of the form in which anything was written."""
    names = ("weekday", "opens", "closes", "role", "people")
    columns = [given.getlist(name) for name in names]
    rows = [dict(zip(names, row, strict=True)) for row in zip(*columns, strict=False)]
    return [row for row in rows if row["opens"] or row["closes"] or row["role"]]


def _need(line: Mapping[str, str], number: int) -> Need:
    try:
        return Need(
            weekday=int(line["weekday"]), opens=time.fromisoformat(line["opens"]),
            closes=time.fromisoformat(line["closes"]),
            role=line["role"].strip()[:60] or "clinician",
            people=max(1, min(99, int(line["people"] or 1))),
        )  # fmt: skip
    except ValueError as error:
        raise UserError(
            say("line {number} is not whole", number=number),
            "Write both times as 08:00, and how many as a number.",
        ) from error


@require_POST
@access.page(right="now.see")
def do(request: HttpRequest, service: str) -> HttpResponse:
    """Put somebody down, take a shift back, leave a note, or say that one was read."""
    given, by = request.POST, request.actor  # type: ignore[attr-defined]
    try:
        said = _done(service, given, by)
    except (UserError, OnesystemError) as error:
        if given.get("do") in {"down", "note"} and isinstance(error, UserError):
            request.GET = given  # the week that the form was on
            return _rota(request, service, problem=error, said=given)
        messages.error(request, str(error))
    else:
        messages.success(request, said)
    week = given.get("week", "")
    to = reverse("practice:rota", kwargs={"service": service})
    return HttpResponseRedirect(f"{to}?week={_monday(week)}" if week else to)


def _done(service: str, given: Mapping[str, str], by: access.Actor) -> str:
    match given.get("do"):
        case "down":
            starts, ends = _times(given)
            rota_actions.put_down(
                service=service, role=given.get("role", ""), username=given.get("who", ""),
                starts=starts, ends=ends, by=by,
            )  # fmt: skip
            return say("Added, and told.")
        case "back":
            rota_actions.take_back(shift=_number(given), by=by)
            return say("Taken back.")
        case "note":
            rota_actions.leave_note(service=service, text=given.get("text", ""), by=by)
            return say("The next shift sees it here.")
        case "read":
            rota_actions.see_note(note=_number(given), by=by)
            return say("Marked as read.")
    raise UserError("nothing was asked for", "Use one of the buttons.")


def _times(given: Mapping[str, str]) -> tuple[datetime, datetime]:
    """From a day and two clock times: one that ends no later than it begins runs past midnight."""
    zone = district.current().zone
    try:
        on = date.fromisoformat(given.get("day", ""))
        opens = time.fromisoformat(given.get("opens", ""))
        closes = time.fromisoformat(given.get("closes", ""))
    except ValueError as error:
        raise UserError("the day or a time is missing", "Write the day, from and to.") from error
    last = on if closes > opens else on + timedelta(days=1)
    return to_utc(datetime.combine(on, opens), zone), to_utc(datetime.combine(last, closes), zone)


def _number(given: Mapping[str, str]) -> int:
    return whole_or(given.get("number"), 0)


def _staff(organisation: str) -> list[tuple[str, str]]:
    """Who can be put down: one's own people first, then everybody who looks after people."""
    found = [u for u in User.objects.filter(is_active=True) if u.roles and u.roles != "person"]
    found.sort(key=lambda u: (u.organisation != organisation, u.get_full_name() or u.username))
    return [
        (u.username, u.get_full_name() or u.username)
        if u.organisation == organisation
        else (
            u.username,
            say(
                "{get_full_name} (on call from elsewhere)",
                get_full_name=u.get_full_name() or u.username,
            ),
        )
        for u in found
    ]


def _names() -> dict[str, str]:
    return {u.username: u.get_full_name() or u.username for u in User.objects.all()}


def _when(starts: datetime, ends: datetime) -> str:
    """A stretch by the district's clocks: 18:00 to 08:00."""
    zone = district.current().zone
    return say(
        "{to_local} to {to_local2}",
        to_local=f"{to_local(starts, zone):%H:%M}",
        to_local2=f"{to_local(ends, zone):%H:%M}",
    )


def _today() -> date:
    return to_local(district.now(), district.current().zone).date()


def _monday(text: str) -> date:
    """The Monday of the week that holds a day; of this week where it is none."""
    try:
        found = date.fromisoformat(text)
    except ValueError:
        found = _today()
    return found - timedelta(days=found.weekday())
