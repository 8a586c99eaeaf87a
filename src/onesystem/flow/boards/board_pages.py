"""A district's boards, and one person's stay with what can be put right of it."""

import hashlib
import threading
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.core.signing import BadSignature, TimestampSigner
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.template import engines
from django.urls import reverse
from django.utils.html import escape
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import get_language
from django.views.decorators.http import condition, require_POST, require_safe

from onesystem import access, district
from onesystem.flow import queries
from onesystem.flow.boards import showing
from onesystem.flow.boards.alerts import open_count
from onesystem.flow.boards.layout import BoardLayout, layout
from onesystem.flow.boards.narrowing import STATES, Wanted, chosen, groups
from onesystem.flow.stays import acting, facts, presenting
from onesystem.flow.stays.lines import lines, one
from onesystem.vocabulary import BadConfig, UserError

_SALT = "board-look"
_LOOK = 15 * 60  # seconds for which a board that stays open is one look
_MOST = 8  # answers that are kept, of some hundred kilobytes each
_MADE: dict[tuple[Any, ...], str] = {}
_LOCK = threading.Lock()
_OWN_LOOK, _OWN_TOKEN = "look-of-who-asks", "token-of-who-asks"


def _etag(request: HttpRequest, board: str) -> str | None:
    """The same page until something changes, or a quarter minute passes."""
    if not request.user.is_authenticated or "messages" in request.COOKIES:
        return None
    at = district.now()
    change = queries.board(by=access.Actor.of(request.user), at=at).change
    parts = (
        board, change, int(at.timestamp() // 15), request.get_full_path(),
        request.user.get_username(), request.user.roles, request.session.session_key,
        request.session.get("until"), request.COOKIES.get("theme"), get_language(),
        id(layout(district.current().path)),
    )  # fmt: skip
    return f'"{hashlib.blake2b(repr(parts).encode(), digest_size=12).hexdigest()}"'


@require_safe
@access.page(right="now.see")
@condition(etag_func=_etag)
def show(request: HttpRequest, board: str) -> HttpResponse:
    """One of the district's boards."""
    wall = request.GET.get("form") == "wall"
    template = "flow/boards/wall.html" if wall else "flow/boards/board.html"
    context = shown_to(request, layout(district.current().path).board(board), wall=wall)
    return render(request, template, {**context, "boards": boards()})


@require_safe
@access.page(right="now.see")
@condition(etag_func=_etag)
def parts(request: HttpRequest, board: str) -> HttpResponse:
    """The parts alone, for an open board that has to catch up: the same look for a while."""
    wall = request.GET.get("form") == "wall"
    which = layout(district.current().path).board(board)
    if _same_look(request, which.name):
        return HttpResponse(_made_once(request, which, wall=wall))
    return render(request, "flow/boards/_board.html", shown_to(request, which, wall=wall))


def _made_once(request: HttpRequest, which: BoardLayout, *, wall: bool) -> str:
    """The parts for a page that has them open: when something changes all of them ask at once.

    Whoever sees the same gets what was made for the first: names depend on the organisation, all
    else on what the roles may do. The token of gestures and the mark of the look are the asker's.
    """
    actor, at, path = _actor(request), district.now(), district.current().path
    change = queries.board(by=actor, at=at).change
    rights = tuple(access.may(actor, right) for right in ("person.open", "now.act"))
    key = (
        path, id(layout(path)), which.name, wall, change, int(at.timestamp() // 15), rights,
        actor.organisation, Wanted.of(request.GET), get_language(),
    )  # fmt: skip
    with _LOCK:
        made = _MADE.get(key)
    if made is None:
        context = shown_to(request, which, wall=wall, again=True)
        own = {"request": request, "look": _OWN_LOOK, "csrf_token": _OWN_TOKEN}
        template = engines["jinja2"].get_template("flow/boards/_board.html").template
        made = template.render(context | own)
        with _LOCK:
            while len(_MADE) >= _MOST:
                _MADE.pop(next(iter(_MADE)))
            _MADE[key] = made
    look = escape(request.GET.get("look", ""))
    return made.replace(_OWN_LOOK, look).replace(_OWN_TOKEN, get_token(request))


@require_safe
@access.page(right="now.see")
def service_parts(request: HttpRequest) -> HttpResponse:
    """The same of one service's page."""
    context = shown_to(request, of_service(request.GET.get("service", "")), again=True)
    return render(request, "flow/boards/_board.html", context)


def of_service(code: str) -> BoardLayout:
    """The board of one service alone."""
    return BoardLayout(
        name=f"service/{code}", title=code, services=(code,),
        parts=("delays", "expected", "people"), columns=(),
        people=("person", "bed", "since", "state", "leaves", "urgency", "reason", "next", "change"),
    )  # fmt: skip


def shown_to(
    request: HttpRequest, which: BoardLayout, *, wall: bool = False, again: bool = False
) -> dict[str, Any]:
    """A board as who asks may see it; `again`: for a page that has it open already."""
    actor, at, here = _actor(request), district.now(), district.current()
    every, name = layout(here.path), which.name
    heed = not (again and _same_look(request, name))
    board, exact = queries.board(by=actor, at=at), queries.sees_people(actor)
    shown = showing.show(board, every, which, exact=exact)
    people = some = None
    if shown.exact and "people" in which.parts and (not wall or which.wall != "counts"):
        found = lines(shown.services, by=actor, at=at, heed=heed)
        some = chosen(found, Wanted() if wall else Wanted.of(request.GET), every, at=at)
        people = presenting.people(some.lines, every, which, by=actor, at=at)
    return {
        "board": shown, "which": which, "words": every.words, "people": people,
        "some": some, "groups": groups(people.rows, some, shown.services) if people else (),
        "many_places": bool(some) and len(some.places) > 1,
        "states": STATES, "as_wall": wall, "alerts": open_count(shown.services),
        "places": [(code, here.service_name(code)) for code in shown.services],
        "at": at, "below": here.suppress_below,
        "look": _signer().sign(f"{actor.name}:{name}") if heed else request.GET.get("look", ""),
    }  # fmt: skip


@require_safe
@access.page(right="person.open")
def stay(request: HttpRequest, contact: int) -> HttpResponse:
    """One stay: what comes next, what was said of it and by whom, and what can be put right."""
    actor, at, here = _actor(request), district.now(), district.current()
    line = one(contact, by=actor, at=at)
    every = layout(here.path)
    [person] = presenting.people([line], every, None, by=actor, at=at).rows
    context = {
        "person": person, "line": line, "at": at, "layout": every,
        "may_act": access.may(actor, "now.act"),
        "history": presenting.history(line.visit, every),
        "place": here.service_name(line.service),
        "places": [(s.code, s.name) for s in here.services.values() if s.setting.holds_beds],
        "leaves": _local(line.leaves), "back": _back(request),
    }  # fmt: skip
    return render(request, "flow/boards/stay.html", context)


@require_POST
@access.page(right="now.act")
def say(request: HttpRequest, contact: int) -> HttpResponse:
    """Put a fact right. From a board's script: no page, since the board is told by the stream."""
    given, by = request.POST, _actor(request)
    try:
        _VERBS.get(given.get("do", ""), _nothing)(contact, given, by)
    except UserError as error:
        if request.headers.get("X-Board"):
            return HttpResponse(str(error), status=409, content_type="text/plain; charset=utf-8")
        messages.error(request, str(error))
    if request.headers.get("X-Board"):
        return HttpResponse(status=204)
    return HttpResponseRedirect(_back(request) or reverse("flow:stay", args=[contact]))


def _nothing(_contact: int, _given: Mapping[str, str], _by: access.Actor) -> None:
    raise UserError("nothing was said", "Choose what is to be put right.")


def _keep(contact: int, _given: Mapping[str, str], by: access.Actor) -> None:
    """Say again what the board said, against what the source says since."""
    line = one(contact, by=by, at=district.now())
    for conflict in line.conflicts:
        word = conflict.said
        match word.fact:
            case facts.READY if word.value:
                acting.ready(contact=contact, at=datetime.fromisoformat(word.value), by=by)
            case facts.READY:
                acting.not_ready(contact=contact, why=word.note, by=by)
            case facts.BED:
                acting.bed(contact=contact, bed=word.value, by=by)
            case facts.MOVED:
                acting.moved(contact=contact, service=word.value, bed=word.note, by=by)
            case facts.LEFT:
                acting.left(contact=contact, outcome=word.note, by=by)


Verb = Callable[[int, Mapping[str, str], access.Actor], None]
_VERBS: dict[str, Verb] = {
    "ready": lambda c, g, by: acting.ready(
        contact=c, reason=g.get("reason", ""), at=_moment(g.get("at")), by=by
    ),
    "not-ready": lambda c, g, by: acting.not_ready(contact=c, why=g.get("why", ""), by=by),
    "delay": lambda c, g, by: acting.delayed(contact=c, reason=g.get("reason", ""), by=by),
    "leaves": lambda c, g, by: acting.leaves(contact=c, at=_moment(g.get("at")), by=by),
    "next": lambda c, g, by: acting.comes_next(
        contact=c, step=g.get("step", ""), owner=g.get("owner", "") or _owner(g), by=by
    ),
    "done": lambda c, g, by: acting.step_done(
        contact=c, step=g.get("step", ""), words=g.get("words", ""), by=by
    ),
    "bed": lambda c, g, by: acting.bed(contact=c, bed=g.get("bed", ""), by=by),
    "moved": lambda c, g, by: acting.moved(
        contact=c, service=g.get("service", ""), bed=g.get("bed", ""), by=by
    ),
    "left": lambda c, g, by: acting.left(
        contact=c, at=_moment(g.get("at")), outcome=g.get("outcome", ""), by=by
    ),
    "settle": lambda c, _, by: acting.settled(contact=c, by=by),
    "keep": _keep,
    "undo": lambda c, g, by: acting.undo(act=g.get("act", ""), contact=c, by=by),
}


def _owner(given: Mapping[str, str]) -> str:
    """Who usually owes a step that was chosen from the list."""
    steps = layout(district.current().path).steps
    return next((s.owner for s in steps if s.words == given.get("step", "").strip()), "")


def _moment(text: str | None) -> datetime | None:
    """A local moment of a form; None where none was given."""
    if not text:
        return None
    try:
        local = datetime.fromisoformat(text)
    except ValueError as error:
        raise UserError(f"the time {text!r} cannot be read", "Choose it with the field.") from error
    return local.replace(tzinfo=local.tzinfo or ZoneInfo(district.current().zone))


def _local(moment: datetime | None) -> str:
    """A moment as a form's field takes it."""
    zone = ZoneInfo(district.current().zone)
    return moment.astimezone(zone).strftime("%Y-%m-%dT%H:%M") if moment else ""


def boards() -> list[tuple[str, str]]:
    """Names and titles of the district's boards; none while its boards.toml has a mistake."""
    try:
        return [(b.name, b.title) for b in layout(district.current().path).boards.values()]
    except BadConfig:
        return []  # each board and the doctor say what is wrong; the Now board goes on


def _signer() -> TimestampSigner:
    return TimestampSigner(salt=_SALT)


def _same_look(request: HttpRequest, name: str) -> bool:
    try:
        said = _signer().unsign(request.GET.get("look", ""), max_age=_LOOK)
    except BadSignature:
        return False
    return said == f"{_actor(request).name}:{name}"


def _back(request: HttpRequest) -> str:
    """Where to go back to, if it is a page of ours."""
    to = request.POST.get("back") or request.GET.get("back") or ""
    ours = to.startswith("/") and url_has_allowed_host_and_scheme(to, allowed_hosts=None)
    return to if ours else ""


def _actor(request: HttpRequest) -> access.Actor:
    return request.actor  # type: ignore[attr-defined,no-any-return]
