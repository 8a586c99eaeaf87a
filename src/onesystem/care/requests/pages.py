"""What I sent, how it stands, and one request from its beginning to its answer."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from onesystem import access, district, people
from onesystem.care.drafts import actions as drafts
from onesystem.care.requests import (
    acting,
    actions,
    inbox,
    inbox_verbs,
    numbers,
    presenters,
    queries,
    seeing,
    sent_live,
    telling,
)
from onesystem.care.requests.elsewhere import FIELD
from onesystem.care.requests.inbox_pages import may_export
from onesystem.care.requests.machine import SENDER, SERVICE
from onesystem.care.requests.queries import Request
from onesystem.care.requests.seeing import of_request
from onesystem.care.requests.sent_by_source import written
from onesystem.people.presenters import who_words
from onesystem.record.ties import reach_of
from onesystem.vocabulary import NotFound, NotPermitted, UserError, contact_id
from onesystem.vocabulary.said import say, say_each
from onesystem.vocabulary.tables import Listing
from onesystem.vocabulary.typed import whole_or

STANDS = (
    ("", say("All")), ("open", say("Open")), ("mine", say("Waiting for me")), ("late", say("Late")),
    ("answered", say("Answered")),
)  # fmt: skip
_MINE, _PRACTICE = "mine", "organisation"


@require_safe
@access.page(right="requests.send")
def sent(request: HttpRequest) -> HttpResponse:
    """Everything that I sent, or that my organisation sent: what became of it?"""
    by = inbox.asker(request.actor)  # type: ignore[attr-defined]
    whose = _PRACTICE if request.GET.get("whose") == _PRACTICE else _MINE
    here, at = district.current(), district.now()
    found = queries.sent_by(
        by.actor.name,
        organisation=by.actor.organisation if whose == _PRACTICE else "",
        practices=_practices(by) if whose == _PRACTICE else (),
    )
    clocks = queries.clocks(found)
    words = [presenters.request_words(each, clocks[each.request], here, at) for each in found]
    narrowed = [pair for pair in zip(found, words, strict=True) if _fits(pair[1], request.GET)]
    names = seeing.names(each for each, _ in narrowed)
    asked = request.GET.get("q", "").casefold().strip()
    rows = []
    for each, said in narrowed:
        row = presenters.row(said, names.get(each.identity, ""), here)
        if (
            not asked
            or asked in f"{row[0].text} {said.what} {said.service} {said.number}".casefold()
        ):
            rows.append(row)
    listing = Listing(
        caption="Requests that were sent", columns=presenters.COLUMNS, all_rows=rows,
        query=request.GET, empty_title="No request fits",
        empty_advice="Show all, or ask for something from a person's page.",
    )  # fmt: skip
    if request.GET.get("format") == "csv" and not may_export(by):
        raise NotPermitted("your role takes no lists away", "Print the page, or ask a colleague")
    file = access.exported(listing, request, "requests")
    access.record(
        by=by.actor, act="requests.exported" if file else "requests.listed", what=whose,
        purpose=by.purpose, detail={"requests": len(rows)},
    )  # fmt: skip
    if file:
        return file
    context = {
        "listing": listing, "whose": whose,
        "channel": sent_live.channel_of(by, whose == _PRACTICE), "stands": STANDS,
        "counted": presenters.counted(words),
        "organisation": here.organisations.get(by.actor.organisation),
        "services": sorted({(w.service_code, w.service) for w in words}, key=lambda s: s[1]),
        "asked": {k: request.GET.get(k, "") for k in ("q", "stand", "service", "whose")},
    }  # fmt: skip
    part = request.headers.get("HX-Request")
    return render(request, "care/requests/_sent.html" if part else "care/requests/sent.html",
                  context)  # fmt: skip


def _practices(by: access.Asker) -> tuple[str, ...]:
    """Under which codes people are enrolled with the asker's organisation, if it is a practice."""
    own = frozenset({by.actor.organisation} - {""})
    return reach_of(own, district.current()).practices


def _fits(words: presenters.RequestWords, asked: Any) -> bool:
    stand, service = asked.get("stand", ""), asked.get("service", "")
    if service and words.service_code != service:
        return False
    return {
        "open": words.open, "mine": words.open and words.mine, "late": words.late,
        "answered": not words.open,
    }.get(stand, True)  # fmt: skip


@require_safe
@of_request
def one(request: HttpRequest, person: int, found: Request) -> HttpResponse:
    """One request: how it stands, all that was said of it, and what can be done."""
    _require_shown(request, found)
    return render(request, "care/requests/one.html", _context(request, person, found))


@require_safe
@of_request
def printed(request: HttpRequest, person: int, found: Request) -> HttpResponse:
    """The same on paper, to go along with the person."""
    _require_shown(request, found)
    return render(request, "care/requests/print.html", _context(request, person, found))


def _require_shown(request: HttpRequest, found: Request) -> None:
    if not seeing.shown(found, request.allowed, seeing.asker(request)):  # type: ignore[attr-defined]
        raise NotPermitted("this request is of a kind that is not open to you", "Ask its sender")


def _context(request: HttpRequest, person: int, found: Request, **more: Any) -> dict[str, Any]:
    here, at = district.current(), district.now()
    by, steps = seeing.asker(request), queries.steps_of(found.request)
    labels = seeing.labels(found)
    staff = seeing.staff([found.sender, *(step.by for step in steps)])
    clock = queries.clocks([found])[found.request]
    may = acting.may(found, by)
    sides = acting.side_of(found, by)
    sent_with = next((step.said for step in steps if step.act == "send"), {})
    ends = [s for s in steps if not s.overtaken and s.state == found.state and s.act != "comment"]
    answer = ends[-1] if ends and not found.open else None
    access_more = {
        "who": who_words(person, people.identities_of(person), here, at=at),
        "person": person, "found": found,
        "words": presenters.request_words(found, clock, here, at, staff),
        "steps": presenters.step_words(steps, here, labels, staff),
        "asked": str(sent_with.get("words", "")),
        "form": presenters.form_words(sent_with.get("form", {}), labels) or written(
            found, person, by=by, allowed=request.allowed  # type: ignore[attr-defined]
        ),
        "pathway": found.pathway, "answer": answer,
        "staff": staff,
        "asked_back": next((s for s in reversed(steps) if s.act == "ask"), None)
        if found.state == "needs-more" else None,
        "may": may, "sender": SENDER in sides, "service": SERVICE in sides,
        "sent_now": request.GET.get("sent"), "draft": f"request-act:{found.request}",
        "asks": telling.ASKS,
        "verbs": inbox_verbs.offered(found.state)
        if SERVICE in sides and found.service in here.services else [],
        "channel": sent_live.channel_of(by, by.actor.name != found.sender),
        "booked": found.booked,
    }  # fmt: skip
    return {**access_more, **more}


@require_POST
@of_request
def act(request: HttpRequest, person: int, found: Request) -> HttpResponse:
    """Supply, write, revoke: what its sender does with a request, and messages of both sides."""
    said, by = request.POST, seeing.asker(request)
    verb, reason = said.get("act", ""), said.get("reason", "")[:8000]
    seen = whole_or(said.get("seen"), None)
    try:
        _ACTS.get(verb, _nothing)(found.request, by, seen, reason, said)
    except UserError as error:
        fresh = queries.one(found.request)
        context = _context(request, person, fresh, problem=error, typed=reason, tried=verb)
        return render(request, "care/requests/one.html", context, status=422)
    drafts.done(by=by, key=f"request-act:{found.request}")
    messages.success(request, _DONE[verb])
    return HttpResponseRedirect(reverse("requests:one", args=[found.request]))


def _nothing(*_said: Any) -> None:
    raise UserError("nothing was chosen", "Choose what is to be done.")


def _supply(number: int, by: Any, seen: int | None, reason: str, said: Any) -> None:
    form = {k.removeprefix(FIELD): said[k] for k in said if k.startswith(FIELD)}
    actions.supply(request=number, by=by, seen=seen, reason=reason, form=form)


def _revoke(number: int, by: Any, seen: int | None, reason: str, _said: Any) -> None:
    actions.revoke(request=number, by=by, seen=seen, reason=reason)


def _comment(number: int, by: Any, _seen: int | None, reason: str, _said: Any) -> None:
    actions.comment(request=number, by=by, reason=reason)


_ACTS = {"supply": _supply, "revoke": _revoke, "comment": _comment}
_DONE = say_each(
    {
        "supply": "Sent. The service decides now.",
        "revoke": "Revoked. The service is told that it is not needed any more.",
        "comment": "Your message is on the request.",
    }
)


@require_safe
@access.opens_person
def of_person(request: HttpRequest, person: int) -> HttpResponse:
    """What was asked for this person, and how each stands."""
    here, at = district.current(), district.now()
    by = seeing.asker(request)
    found = [
        each
        for each in queries.of_person(people.identity_ids_of(person))
        if seeing.shown(each, request.allowed, by)  # type: ignore[attr-defined]
    ]
    clocks = queries.clocks(found)
    staff = seeing.staff(each.sender for each in found)
    words = [
        presenters.request_words(each, clocks[each.request], here, at, staff) for each in found
    ]
    context = {
        "who": who_words(person, people.identities_of(person), here, at=at), "person": person,
        "open": [each for each in words if each.open],
        "ended": [each for each in words if not each.open],
        "may_send": access.may(request.actor, "requests.send"),  # type: ignore[attr-defined]
    }  # fmt: skip
    return render(request, "care/requests/of_person.html", context)


@require_safe
@access.page(right="requests.send")
def find(request: HttpRequest) -> HttpResponse:
    """Open a request by its reference number."""
    number = numbers.tidy(request.GET.get("number", ""))
    if number:
        try:
            return HttpResponseRedirect(
                reverse("requests:one", args=[queries.one(contact_id("care", number)).request])
            )
        except NotFound:
            pass
    messages.error(request, say("No request has that number. It is written as R-1234-5678."))
    return HttpResponseRedirect(reverse("requests:sent"))
