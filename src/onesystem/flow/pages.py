"""The Now board, and who is in a service."""

import hashlib
from collections.abc import Callable
from datetime import datetime
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.http import condition, require_safe

from onesystem import access, district
from onesystem.flow import presenters, queries
from onesystem.flow.boards import board_pages
from onesystem.flow.boards.alerts import open_count
from onesystem.flow.boards.layout import layout
from onesystem.vocabulary import words
from onesystem.vocabulary.said import say
from onesystem.vocabulary.tables import Column, Listing


def _at() -> datetime:
    return district.now()


def _etag(request: HttpRequest, **_: Any) -> str | None:
    """The same page for the same person until something changes, or a quarter minute passes."""
    if not request.user.is_authenticated or "messages" in request.COOKIES:
        return None
    board = queries.board(by=access.Actor.of(request.user), at=_at())
    parts = (
        board.change,
        int(board.at.timestamp() // 15),
        request.get_full_path(),
        request.user.get_username(),
        request.user.roles,
        request.session.session_key,
        request.session.get("until"),
        request.COOKIES.get("theme"),
        get_language(),
        request.headers.get("HX-Request"),
    )
    return f'"{hashlib.blake2b(repr(parts).encode(), digest_size=12).hexdigest()}"'


_INSTEAD = {"own.see": "/me/", "nation.see": "/compare/nation/"}  # of the board


def _own_first(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Whoever may not see the board begins at what they may: their own record, the nation."""

    @wraps(view)
    def first(request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated:
            actor = access.Actor.of(request.user)
            mine = [page for right, page in _INSTEAD.items() if access.may(actor, right)]
            if mine and not access.may(actor, "now.see"):
                return HttpResponseRedirect(mine[0])
        return view(request)

    return first


@require_safe
@_own_first
@access.page(right="now.see")
@condition(etag_func=_etag)
def now(request: HttpRequest) -> HttpResponse:
    """Who is where now, and who waits?"""
    context = _context(request)
    if request.GET.get("format") == "csv":
        return _csv(context)
    district = context["board"].district
    context |= {
        "headline": presenters.headline(context["board"]),
        "settings": [
            ("", say("Every setting")),
            *((s, presenters.setting_name(s)) for s in _settings(context["board"])),
        ],
        "organisations": [
            ("", say("Every organisation")),
            *sorted(
                ((o.code, o.name) for o in district.organisations.values()), key=lambda p: p[1]
            ),
        ],
        "alerts": open_count(),
        "boards": board_pages.boards(),
        "wall_link": _link(request, wall="" if request.GET.get("wall") == "1" else "1"),
        "csv_link": _link(request, format="csv"),
        "all_link": _link(request, all="" if request.GET.get("all") == "1" else "1"),
    }
    return render(request, "flow/now.html", context)


@require_safe
@access.page(right="now.see")
def rows(request: HttpRequest) -> HttpResponse:
    """The rows alone, for a page that has to catch up."""
    return render(request, "flow/_groups.html", _context(request))


@require_safe
@access.page(right="now.see")
def service(request: HttpRequest, service: str) -> HttpResponse:
    """One service: its figures, and for those who may, who is there."""
    actor, at = request.actor, _at()  # type: ignore[attr-defined]
    figures = queries.board(by=actor, at=at)
    line = presenters.line(queries.known(service, figures), figures)
    if queries.sees_people(actor) and request.GET.get("format"):
        listing = _people(queries.inside(service, by=actor, at=at), at, request)
        if taken := access.exported(listing, request, "in-service"):
            return taken
    parts = board_pages.shown_to(request, board_pages.of_service(service))
    return render(request, "flow/service.html", {**parts, "line": line})


def _context(request: HttpRequest) -> dict[str, Any]:
    actor = request.actor  # type: ignore[attr-defined]
    board = queries.board(by=actor, at=_at())
    asked = presenters.Filter.of(request.GET)
    groups = presenters.groups(board, asked)
    shown = sum(len(g.lines) for g in groups)
    laid_out = layout(board.district.path)
    return {
        "columns": laid_out.now,
        "names": dict(laid_out.now),
        "nearly_full": words.percent(laid_out.thresholds["occupancy"].look),
        "board": board,
        "asked": asked,
        "groups": groups,
        "exact": queries.sees_people(actor),
        "shown": shown,
        "quiet": 0 if asked.narrows else len(board.services) - shown,
    }


def _csv(context: dict[str, Any]) -> HttpResponse:
    listing = Listing(
        caption="Now",
        columns=tuple(Column(c, c) for c in presenters.COLUMNS),
        all_rows=presenters.table_rows(context["groups"]),
    )
    response = HttpResponse(listing.as_csv(), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="now.csv"'
    return response


def _people(found: list[queries.Inside], at: datetime, request: HttpRequest) -> Listing:
    return Listing(
        caption="Who is here, and who waits",
        columns=(
            Column("person", "Person"),
            Column("state", "State"),
            Column("since", "For", right=True),
            Column("bed", "Bed"),
            Column("urgency", "Urgency"),
            Column("reason", "Reason"),
        ),
        all_rows=[presenters.inside_row(each, at) for each in found],
        query=request.GET,
        empty_title="Nobody is here, and nobody waits",
        empty_advice="People appear as soon as a source says so.",
    )


def _settings(board: queries.Board) -> list[str]:
    return sorted({f.setting for f in board.services.values()}, key=presenters.rank)


def _link(request: HttpRequest, **changes: str) -> str:
    query = request.GET.copy()
    for key, value in changes.items():
        query[key] = value
        if not value:
            del query[key]
    return f"?{query.urlencode()}"
