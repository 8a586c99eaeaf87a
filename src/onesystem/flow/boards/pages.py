"""Alerts as a loop, and the district call: the pressure, the minutes, who does what."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from onesystem import access, district
from onesystem.flow import presenters
from onesystem.flow import queries as board_queries
from onesystem.flow.boards import actions, gridlock, pressure, queries
from onesystem.flow.boards.alerts import closed_alerts, in_words, open_alerts, open_count
from onesystem.flow.boards.config import config
from onesystem.vocabulary import UserError
from onesystem.vocabulary.kept import from_micros, to_micros
from onesystem.vocabulary.said import say

_WEEK = timedelta(days=7)


@require_safe
@access.page(right="now.see")
def alerts(request: HttpRequest) -> HttpResponse:
    """What the board asks somebody for, who has it, and what closed in the last week."""
    actor, at, exact = _actor(request), district.now(), _exact(request)
    board = board_queries.board(by=actor, at=at)
    rules = config(district.current().path).rules
    context = {
        "open": open_alerts(board, exact=exact),
        "closed": closed_alerts(board, since=at - _WEEK, exact=exact),
        "may_act": access.may(actor, "now.act"),
        "rules": [(rule, in_words(rule.figure, rule.at_least),
                   in_words(rule.figure, rule.clear_below)) for rule in rules],
        "call_open": queries.open_call(),
        "at": at,
    }  # fmt: skip
    alone = request.headers.get("HX-Request")
    return render(request, f"flow/boards/{'_alerts' if alone else 'alerts'}.html", context)


@require_POST
@access.page(right="now.act")
def take(request: HttpRequest, alert: int) -> HttpResponse:
    """Take an alert: I have it."""
    return _done(request, lambda by: actions.acknowledge(alert=alert, by=by), "boards:alerts")


@require_POST
@access.page(right="now.act")
def hand_back(request: HttpRequest, alert: int) -> HttpResponse:
    """Hand an alert back: it asks again."""
    return _done(request, lambda by: actions.hand_back(alert=alert, by=by), "boards:alerts")


@require_POST
@access.page(right="now.act")
def act(request: HttpRequest, alert: int) -> HttpResponse:
    """Say what was done about an alert."""
    text = request.POST.get("text", "")
    return _done(request, lambda by: actions.act(alert=alert, text=text, by=by), "boards:alerts")


@require_safe
@access.page(right="now.see")
def call(request: HttpRequest) -> HttpResponse:
    """The district call: pressure, what is open from before, minutes, who does what."""
    running, at = queries.open_call(), district.now()
    board = board_queries.board(by=_actor(request), at=at)
    alone = request.headers.get("HX-Request")
    return render(
        request,
        f"flow/boards/{'_call_pressure' if alone else 'call'}.html",
        {
            "call": running,
            "at": at,
            "heard": sorted(
                (h for h in _beds_heard(board) if h.last), key=lambda each: each.name.casefold()
            ),
            "pressure": _pressure(request, pressure.by_organisation(at)),
            "outside": pressure.outside(board),
            "limits": config(district.current().path).gridlock,
            "before": queries.open_actions(before=running.id if running else None),
            "earlier": queries.calls(),
            "alerts": open_count(),
            "may_act": access.may(_actor(request), "now.act"),
            "below": _below(request),
            "moment": from_micros,
        },
    )


@require_safe
@access.page(right="now.see")
def past_call(request: HttpRequest, call: int) -> HttpResponse:
    """A call that was closed: its minutes, what it saw, what was promised."""
    found = queries.call(call)
    if found.closed_at is None:
        return HttpResponseRedirect(reverse("boards:call"))
    context = {
        "call": found,
        "pressure": _pressure(request, found.seen),
        "at": found.closed_at,
        "may_act": access.may(_actor(request), "now.act"),
        "below": _below(request),
        "moment": from_micros,
    }
    return render(request, "flow/boards/past_call.html", context)


@require_POST
@access.page(right="now.act")
def begin(request: HttpRequest) -> HttpResponse:
    """Open a district call."""
    return _done(request, lambda by: actions.open_call(by=by), "boards:call")


@require_POST
@access.page(right="now.act")
def write(request: HttpRequest, call: int) -> HttpResponse:
    """Keep the minutes; with `close`, close the call with them."""
    text, closes = request.POST.get("minutes", ""), "close" in request.POST

    def keep(by: access.Actor) -> None:
        actions.keep_minutes(call=call, text=text, by=by)
        if closes:
            seen = pressure.by_organisation(district.now())
            actions.close_call(call=call, seen=seen, by=by)

    if request.headers.get("HX-Request"):
        keep(_actor(request))
        return HttpResponse(say("Saved."))
    done = _done(request, keep, "boards:call")
    closed = closes and queries.open_call() is None
    return HttpResponseRedirect(reverse("boards:past", args=[call])) if closed else done


@require_POST
@access.page(right="now.act")
def promise(request: HttpRequest, call: int) -> HttpResponse:
    """Assign an action to somebody."""
    given = request.POST

    def add(by: access.Actor) -> None:
        actions.promise(
            call=call, text=given.get("text", ""), owner=given.get("owner", ""),
            due_at=_due(given.get("due", "")), by=by,
        )  # fmt: skip

    return _done(request, add, "boards:call")


@require_POST
@access.page(right="now.act")
def finish(request: HttpRequest, action: int) -> HttpResponse:
    """Say that an action is done; with `undo`, that it is not."""
    undo = "undo" in request.POST
    return _done(request, lambda by: actions.done(action=action, by=by, undo=undo), "boards:call")


def _pressure(request: HttpRequest, rows: Iterable[Mapping[str, Any]]) -> list[Any]:
    """The pressure as whoever asks may see it."""
    if _exact(request):
        return list(rows)
    return pressure.without_small(rows, below=district.current().suppress_below)


def _beds_heard(board: board_queries.Board) -> set[presenters.Heard]:
    """The sources of the figures of pressure: of beds, and of the EDs before them."""
    looked = gridlock.BEDS | gridlock.GATES
    every = [f for f in board.services.values() if f.setting in looked]
    return {heard for figures in every for heard in presenters.heard(figures, board)}


def _due(text: str) -> int:
    """A local moment of a form as microseconds; 0 where none was said."""
    if not text:
        return 0
    try:
        local = datetime.fromisoformat(text)
    except ValueError as error:
        raise UserError(
            say("the time {text} cannot be read", text=repr(text)), "Choose it with the field."
        ) from error
    zone = ZoneInfo(district.current().zone)
    return to_micros(local.replace(tzinfo=local.tzinfo or zone))


def _done(request: HttpRequest, act: Any, back: str) -> HttpResponse:
    """Do it and go back; a mistake is told there, and nothing of it is kept."""
    try:
        act(_actor(request))
    except UserError as error:
        messages.error(request, str(error))
    return HttpResponseRedirect(reverse(back))


def _actor(request: HttpRequest) -> access.Actor:
    return request.actor  # type: ignore[attr-defined,no-any-return]


def _below(request: HttpRequest) -> int:
    return 0 if _exact(request) else district.current().suppress_below


def _exact(request: HttpRequest) -> bool:
    return board_queries.sees_people(_actor(request))
