"""The slots of a service, week by week: made from sessions, blocked, taken away."""

from datetime import date, datetime, timedelta
from typing import Any

import orjson
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse

from onesystem import access
from onesystem.care.services import presenters, queries, slot_actions
from onesystem.care.services.doors import sees
from onesystem.care.services.pages import head
from onesystem.care.services.rows import ScheduleRow
from onesystem.care.services.sessions import pattern_of
from onesystem.care.services.slots import Slot, weeks_ahead
from onesystem.district import current, now
from onesystem.vocabulary import UserError, to_local, to_utc
from onesystem.vocabulary.said import say
from onesystem.vocabulary.tables import Column, Listing
from onesystem.vocabulary.typed import whole_or
from onesystem.vocabulary.wording import day

_WEEKS = 8
_TAGS = {"free": "good", "booked": "info", "blocked": "quiet"}


@sees
def slots(request: HttpRequest, service: str) -> HttpResponse:
    """What is free in this week, and in the weeks after it?"""
    here, entry = current(), queries.entry(service)
    if request.method == "POST":
        return _act(request, service)
    today = presenters.local_now(now(), here).date()
    monday = _monday(request.GET.get("week", ""), today)
    start, end = (_utc(monday + timedelta(days=n), here.zone) for n in (0, 7))
    found = queries.slots(service, start, end)
    if request.GET.get("format") == "csv":
        rows = [[s.starts, s.ends, s.words, s.state] for s in found]
        heads = tuple(Column(h, h) for h in ("starts", "ends", "session", "state"))
        table = Listing(caption="Slots", columns=heads, all_rows=rows)
        if taken := access.exported(table, request, f"slots-{service}"):
            return taken
    context = {
        **head(request, entry),
        "days": _by_day(found, monday, here.zone),
        "free": sum(s.state == "free" and s.starts > now() for s in found), "of": len(found),
        "monday": monday, "before": monday - timedelta(days=7), "after": monday + timedelta(days=7),
        "schedules": [
            (row, _pattern(row.pattern))
            for row in ScheduleRow.objects.filter(service=service).order_by("-id")[:50]
        ],
        "typed": request.session.pop(f"slots-{service}", {}),
        "places": [(p, here.places[p].name) for p in entry.places if p in here.places],
        "tags": _TAGS,
        "today": today,
        "ahead": _ahead(service, today - timedelta(days=today.weekday()), here.zone),
    }  # fmt: skip
    return render(request, "care/services/slots.html", context)


def _monday(text: str, today: date) -> date:
    try:
        asked = date.fromisoformat(text)
    except ValueError:
        asked = today
    return asked - timedelta(days=asked.weekday())


def _pattern(text: str) -> str:
    """Sessions in words: mon-fri 09:00-12:00, every 30 minutes, 1 to 12 January."""
    said = orjson.loads(text or "{}")
    if "opening" not in said:
        return ""
    first, last = (day(date.fromisoformat(said[name])) for name in ("since", "until"))
    side = say(", {many} at a time", many=said["many"]) if said.get("many", 1) > 1 else ""
    return say(
        "{opening}, every {minutes} minutes{side}, {first} to {last}",
        opening=said["opening"],
        minutes=said["minutes"],
        side=side,
        first=first,
        last=last,
    )


def _ahead(service: str, monday: date, zone: str) -> list[tuple[date, int, int]]:
    """The weeks to come with what is free in each, where any has slots."""
    told = weeks_ahead(service, _utc(monday, zone), _WEEKS)
    if not told:
        return []
    return [(monday + timedelta(days=7 * n), *told.get(n, (0, 0))) for n in range(_WEEKS)]


def _utc(local: date, zone: str) -> datetime:
    return to_utc(datetime.combine(local, datetime.min.time()), zone)


def _by_day(found: list[Slot], monday: date, zone: str) -> list[dict[str, Any]]:
    days: dict[date, list[dict[str, Any]]] = {monday + timedelta(days=n): [] for n in range(7)}
    for slot in found:
        local = to_local(slot.starts, zone)
        days[local.date()].append(
            {
                "slot": slot,
                "over": slot.starts <= now(),
                "from": f"{local:%H:%M}",
                "to": f"{to_local(slot.ends, zone):%H:%M}",
            }
        )
    return [{"day": which, "slots": each} for which, each in days.items()]


def _act(request: HttpRequest, service: str) -> HttpResponse:
    actor, said = request.actor, request.POST  # type: ignore[attr-defined]
    access.require(actor, "services.keep")
    verb, _, number = said.get("do", "").partition(":")
    slot = whole_or(number, 0)
    try:
        messages.success(request, _VERBS.get(verb, _nothing)(service, slot, said, actor))
    except UserError as error:
        messages.error(request, str(error))
        if verb == "make":
            request.session[f"slots-{service}"] = {k: str(v)[:200] for k, v in said.items()}
    week = said.get("week", "")
    to = reverse("services:slots", args=[service])
    return HttpResponseRedirect(f"{to}?week={week}" if week[:10].count("-") == 2 else to)


def _nothing(*_: Any) -> str:
    raise UserError("nothing was said", "Choose what to do.")


def _make(service: str, _slot: int, said: Any, by: access.Actor) -> str:
    pattern = pattern_of(
        days=said.get("days", ""), span=said.get("span", ""), minutes=said.get("minutes", ""),
        many=said.get("many", ""), since=said.get("since", ""), until=said.get("until", ""),
    )  # fmt: skip
    _, made = slot_actions.make_slots(
        service=service, pattern=pattern, words=said.get("words", ""),
        place=said.get("place", ""), by=by,
    )  # fmt: skip
    left = (
        say(" {closed} days were left out: it is closed then.", closed=len(made.closed))
        if made.closed
        else ""
    )
    return say("{slots} slots were made.{left}", slots=f"{len(made.slots):,}", left=left)


def _block(_service: str, slot: int, said: Any, by: access.Actor) -> str:
    slot_actions.block_slot(slot=slot, by=by, why=said.get("why", ""))
    return say("Blocked: nobody books it.")


def _open(_service: str, slot: int, _said: Any, by: access.Actor) -> str:
    slot_actions.open_slot(slot=slot, by=by)
    return say("Free again.")


def _away(service: str, schedule: int, _said: Any, by: access.Actor) -> str:
    gone, kept = slot_actions.take_schedule_away(schedule=schedule, service=service, by=by)
    stay = say(" {kept} stay: people have them.", kept=kept) if kept else ""
    return say("{gone} slots were taken away.{stay}", gone=f"{gone:,}", stay=stay)


_VERBS = {"make": _make, "block": _block, "open": _open, "away": _away}
