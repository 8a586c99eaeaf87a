"""Meetings: which there are, one as it goes on, its minutes; everything is taken on the screen."""

import json
from collections.abc import Callable
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.http import require_POST, require_safe

from onesystem import access
from onesystem.alliance.meeting import (
    consensus,
    decided_rows,
    holding,
    presenters,
    queries,
    rows,
    sitting,
    within,
)
from onesystem.alliance.meeting.acting import ITEM_ACTS, MEETING_ACTS
from onesystem.alliance.meeting.heading import head, seen, whole
from onesystem.alliance.meeting.keeping import NotYet
from onesystem.care.drafts import actions as drafts
from onesystem.district import current, now
from onesystem.vocabulary import NotPermitted, UserError
from onesystem.vocabulary.kept import from_micros
from onesystem.vocabulary.said import say

ROOT = "/alliance/meetings/"


@require_safe
@access.page(right="alliance.see")
def meetings(request: HttpRequest) -> HttpResponse:
    """When does the alliance meet, and what came of each meeting?"""
    context = head(request, say("Meetings"))
    text, state = request.GET.get("q", "").casefold(), request.GET.get("state", "")
    code, of = context["stands"].alliance, request.GET.get("of", "")
    every = [each for each in queries.meetings(code) if within.fits(each, of)]
    found = [
        each for each in every
        if text in each.title.casefold() and state in ("", each.state)
    ]  # fmt: skip
    listing = presenters.meetings(found, request.GET)
    if taken := access.exported(listing, request, "meetings"):
        return taken
    coming = [m for m in every if m.state in ("planned", "open")]
    ready = [p for p in queries.proposals(code) if p.state == "ready" and within.fits(p.row, of)]
    context |= {
        "calls": bool(within.choices(code, by=request.actor)),  # type: ignore[attr-defined]
        "of": [("", say("Any")), *within.choices(code)],
        "listing": listing, "every": len(every), "coming": coming[-1] if coming else None,
        "ready": ready, "moment": presenters.local,
        "states": [("", say("Any")), *((k, w) for k, (w, _) in presenters.MEETINGS.items()
                                  if k != "confirmed")],
    }  # fmt: skip
    return render(request, "alliance/meeting/meetings.html", context)


@access.page(right="alliance.see")
def new(request: HttpRequest) -> HttpResponse:
    """Call a meeting, of the alliance or of a service alliance that one leads."""
    if not within.choices("", by=request.actor):  # type: ignore[attr-defined]
        access.require(request.actor, within.KEEPS)  # type: ignore[attr-defined]
    return _form(request, None)


@access.page(right="alliance.see")
def edit(request: HttpRequest, key: int) -> HttpResponse:
    """Say otherwise when, where and about what a meeting is."""
    row = queries.meeting(key)
    if not within.keeps(request.actor, row.group_id):  # type: ignore[attr-defined]
        access.require(request.actor, within.KEEPS)  # type: ignore[attr-defined]
    return _form(request, row)


def _form(request: HttpRequest, row: rows.Meeting | None) -> HttpResponse:
    actor, problem = request.actor, ""  # type: ignore[attr-defined]
    filled = {name: str(value)[:500] for name, value in request.POST.items()} or _filled(row)
    if request.method == "POST":
        try:
            starts = _moment(filled.get("starts", ""))
            said = {"title": filled.get("title", ""), "place": filled.get("place", "")}
            if row is None:
                of = filled.get("of", "-")
                key = holding.call(starts=starts, by=actor, group="" if of == "-" else of, **said)
            else:
                key = row.id
                holding.change(meeting=key, starts=starts, by=actor, seen=seen(request), **said)
        except NotPermitted:
            raise
        except UserError as error:
            problem = str(error)
        else:
            drafts.done(actor, _key(row))
            return HttpResponseRedirect(f"{ROOT}{key}/")
    context = head(request, "Meetings") | {
        "meeting": row, "filled": {"of": request.GET.get("of", "")} | filled, "problem": problem,
        "draft": _key(row), "of": [] if row else within.choices("", by=actor),
    }  # fmt: skip
    return render(request, "alliance/meeting/call.html", context, status=422 if problem else 200)


def _key(row: rows.Meeting | None) -> str:
    return f"meeting-{row.id}" if row else "meeting-new"


def _filled(row: rows.Meeting | None) -> dict[str, str]:
    if row is None:
        return {}
    at = presenters.local(row.starts)
    return {"title": row.title, "place": row.place, "starts": f"{at:%Y-%m-%dT%H:%M}"}


def _moment(text: str) -> datetime:
    try:
        return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(current().zone))
    except ValueError:
        raise UserError("it is not said when", "Choose a day and a time.") from None


@require_safe
@access.page(right="alliance.see")
def meeting(request: HttpRequest, key: int) -> HttpResponse:
    """What is on the agenda, who is there, what has each said, and what comes of it?"""
    row = queries.meeting(key)
    context = _head(request, row) | _whole(row)
    if request.headers.get("HX-Request") and context["open"]:
        return render(request, "alliance/meeting/_voices.html", context)
    context |= {
        "handlings": consensus.HANDLINGS.items(), "sayings": consensus.SAYINGS.items(),
        "ready": [p for p in queries.proposals(row.alliance_id)
                  if p.state == "ready" and p.row.group_id == row.group_id],
        "decisions": queries.decisions(row.alliance_id), "item_kinds": presenters.ITEM_KINDS,
        "others": [(k, w) for k, w in presenters.ITEM_KINDS.items() if k != "decision"],
    }  # fmt: skip
    return render(request, "alliance/meeting/meeting.html", context)


def _head(request: HttpRequest, row: rows.Meeting) -> dict[str, Any]:
    """The frame of a meeting's pages: who keeps it, and one's own seat at its table."""
    actor = request.actor  # type: ignore[attr-defined]
    return head(request, "Meetings") | {
        "keeps": within.keeps(actor, row.group_id), "whose": within.name(row),
        "mine": within.standing(row).of_user(actor.name),
    }  # fmt: skip


def _whole(row: rows.Meeting) -> dict[str, Any]:
    """A meeting with its agenda, the open item's table and voices, and who is there."""
    at = from_micros(row.closed) if row.closed is not None else now()
    standing = within.standing(row, at)
    items = queries.items(row)
    open_ = next((item for item in items if item.state == "open"), None)
    said: dict[str, Any] = {"outcome": None, "declared": (), "handled": {}, "losses": []}
    if open_ is not None and open_.kind == "decision":
        table = sitting.table_of(open_, at)
        said = {
            "outcome": consensus.work_out(table, at), "losses": consensus.losses(table, at),
            "declared": sitting.interests_in(sitting.proposed_of(open_), row.alliance_id, at),
            "handled": sitting.handled_of(open_), "made": sitting.proposed_of(open_),
            "beyond": within.beyond(sitting.proposed_of(open_), row.group_id),
        }  # fmt: skip
    names = presenters.names_of(standing)
    outcome = said["outcome"]
    return said | {
        "meeting": row, "items": items, "open": open_, "names": names,
        "chairs": presenters.chairs(standing, row, outcome, said["declared"], said["handled"]),
        "grounds": [presenters.ground_words(g, names) for g in outcome.grounds] if outcome else [],
        "actions": rows.Action.objects.filter(meeting=row).select_related("owner").order_by("id"),
        "state": presenters.meeting_state(row), "when": presenters.local(row.starts),
        "lost_at": [(presenters.to_local(a, current().zone), b) for a, b in said["losses"]],
    }  # fmt: skip


@require_safe
@access.page(right="alliance.see")
def minutes(request: HttpRequest, key: int) -> HttpResponse:
    """The minutes, to print: who was there when, what was agreed and why, who does what."""
    row = queries.meeting(key)
    items = [
        (item, sitting.proposed_of(item) if item.proposal_id else None,
         json.loads(item.worked) if item.worked else None,
         sitting.handled_of(item) if item.kind == "decision" else {},
         decided_rows.Decision.objects.filter(item=item).first())
        for item in queries.items(row)
    ]  # fmt: skip
    at = from_micros(row.closed) if row.closed is not None else now()
    everybody = {m.id: m for m in rows.Member.objects.filter(alliance=row.alliance_id)}
    context = _head(request, row) | {
        "meeting": row, "items": items, "when": presenters.local(row.starts),
        "chairs": presenters.chairs(within.standing(row, at), row),
        "attended": [(a, presenters.local(a.came), presenters.local(a.left)) for a in
                     rows.Attendance.objects.filter(meeting=row).select_related("member")
                     .order_by("member__id", "came")],
        "apologies": rows.Apology.objects.filter(meeting=row).select_related("member"),
        "actions": rows.Action.objects.filter(meeting=row).select_related("owner"),
        "everybody": everybody, "handlings": consensus.HANDLINGS, "sayings": consensus.SAYINGS,
        "state": presenters.meeting_state(row),
    }  # fmt: skip
    if request.GET.get("format") == "pdf":
        return _pdf(request, row, context)
    return render(request, "alliance/meeting/minutes.html", context)


def _pdf(request: HttpRequest, row: rows.Meeting, context: dict[str, Any]) -> HttpResponse:
    from django.template.loader import render_to_string

    from onesystem.record.summary.pdf import made_of

    try:
        paper = made_of(render_to_string("alliance/meeting/paper.html", context, request))
    except UserError as error:
        messages.error(request, str(error))
        return HttpResponseRedirect(f"{ROOT}{row.id}/minutes/")
    access.record(by=request.actor, act="minutes.exported", what=str(row.id))  # type: ignore[attr-defined]
    response = HttpResponse(paper, content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="minutes-{row.id}.pdf"'
    response["Cache-Control"] = "no-store"
    return response


@require_POST
@access.page(right="alliance.see")
def act(request: HttpRequest, key: int, act: str) -> HttpResponse:
    """A press of a button in a meeting; each act says for itself who may."""
    if act not in MEETING_ACTS:
        raise Http404(act)
    return _done(request, key, lambda: MEETING_ACTS[act](request, key), act)


@require_POST
@access.page(right="alliance.see")
def item_act(request: HttpRequest, key: int, act: str) -> HttpResponse:
    """A press of a button at an item."""
    if act not in ITEM_ACTS:
        raise Http404(act)
    row = queries.item(key)
    return _done(request, row.meeting_id, lambda: ITEM_ACTS[act](request, key), act, row.id)


def _done(
    request: HttpRequest, meeting: int, does: Callable[[], str], act: str, item: int = 0
) -> HttpResponse:
    to = f"{ROOT}{meeting}/"
    try:
        said = does()
    except NotPermitted:
        raise
    except NotYet as error:
        for problem in error.problems:
            messages.error(request, str(problem))
    except UserError as error:
        messages.error(request, str(error))
    else:
        if said:
            messages.success(request, said)
        drafts.done(
            request.actor, f"meeting-{meeting}-{act}-{item or whole(request.POST.get('item'))}"
        )  # type: ignore[attr-defined]
    return HttpResponseRedirect(f"{to}#item-{item}" if item else to)
