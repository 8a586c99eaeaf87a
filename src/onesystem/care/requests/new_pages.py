"""Asking something for a person: which service, then its form, filled in from the record."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from onesystem import access, district, people
from onesystem.care.drafts import actions as drafts
from onesystem.care.pathways.asking import asked_by
from onesystem.care.pathways.conditions import Finding
from onesystem.care.pathways.facts import facts_of
from onesystem.care.pathways.known import Facts
from onesystem.care.requests import (
    acting,
    actions,
    elsewhere,
    pathway_form,
    prefill,
    queries,
    refusals,
    telling,
    timers,
)
from onesystem.care.requests.elsewhere import FIELD, draft_key
from onesystem.care.requests.seeing import asker
from onesystem.care.requests.states import KINDS, URGENCIES
from onesystem.care.services import conditions
from onesystem.care.services import presenters as service_words
from onesystem.care.services import queries as services
from onesystem.care.services.entry import Entry, Orderable
from onesystem.people.presenters import who_words
from onesystem.vocabulary import Code, NotFound, UserError, to_local
from onesystem.vocabulary.said import say, say_each
from onesystem.vocabulary.wording import length

MOST = 20  # services offered at once
_LONG = 19  # digits: what is longer is no number of a request
_TITLE = 60  # signs of what lists show of a request that was given no name
_PASSED = ("pathway", "step", "cause", "what", "code", "system", "from")
_SHUT = {"closed", "listed", "kind"}  # what another service may take


@require_http_methods(["GET", "HEAD", "POST"])
@access.opens_person
def new(request: HttpRequest, person: int) -> HttpResponse:
    """Ask something for this person."""
    access.require(request.actor, "requests.send")  # type: ignore[attr-defined]
    said = request.POST if request.method == "POST" else request.GET
    service = said.get("service", "")
    try:
        entry = services.entry(service) if service else None
    except NotFound:
        entry = None
    if entry is None:
        return _choose(request, person, said)
    if request.method == "POST":
        return _send(request, person, entry)
    return _form(request, person, entry, said)


def _choose(request: HttpRequest, person: int, said: Mapping[str, str]) -> HttpResponse:
    """Which service: those that fit the words and take requests."""
    words, kind = said.get("q", ""), said.get("kind", "")
    found = [
        each for each in services.search(words)
        if each.accepts and not each.listed and (not kind or each.takes(kind))
    ]  # fmt: skip
    shown = found[:MOST]
    rooms, waits = services.capacities([e.service for e in shown]), services.waits()
    context = {
        "person": person, "who": _who(person), "words": words, "kind": kind,
        "kinds": [("", say("Anything")), *telling.KINDS.items()],
        "passed": {name: said[name] for name in _PASSED if said.get(name)},
        "services": [
            _service_words(e, rooms[e.service], waits.get(e.service)) for e in shown
        ],
        "left": len(found) - len(shown),
    }  # fmt: skip
    return render(request, "care/requests/choose.html", context)


def _form(
    request: HttpRequest, person: int, entry: Entry, said: Mapping[str, str], *,
    against: tuple[refusals.Refusal, ...] = (), facts: Facts | None = None,
) -> HttpResponse:  # fmt: skip
    if facts is None:
        facts = facts_of(person, by=asker(request), allowed=request.allowed)  # type: ignore[attr-defined]
    said = _again(_from_pathway(said, person), person)
    if not against:
        said = elsewhere.brought(person, said.get("from", ""), entry, by=asker(request)) | dict(
            said.items()
        )
    page = pathway_form.asked(said.get("pathway", ""), said.get("step", ""), facts, person=person)
    bare, entry = entry, pathway_form.whole(entry, page)
    typed = {k.removeprefix(FIELD): said[k] for k in said if k.startswith(FIELD)}
    begun = {} if against else pathway_form.begun(bare, page)
    started = prefill.starting(entry, facts, {**begun, **typed}) | {
        name: (typed.get(name, filled.value), filled) for name, filled in page.filled.items()
    }
    errors = {each.field: each for each in against if each.field}
    kind, urgency = said.get("kind", ""), said.get("urgency", "")
    kind = kind if kind in entry.accepts else next(iter(entry.accepts), "")
    chosen = _order(said, entry) if kind == "order" else None
    context = {
        "person": person, "who": _who(person), "entry": entry, "page": page,
        "service": _service_words(
            entry, services.capacity(entry.service), services.wait(entry.service)
        ),
        "closed": entry.closed_on(_today()), "notices": entry.notices_on(_today()),
        "meets": conditions.meets(entry, facts, chosen),
        "orders": _orderables(entry, facts) if entry.takes("order") else [],
        "order": chosen.name if chosen else "",
        "kinds": [(k, telling.KINDS[k], _ABOUT[k]) for k in KINDS if entry.takes(k)],
        "kind": kind,
        "urgencies": _urgencies(entry),
        "urgency": urgency if urgency in URGENCIES else "routine",
        "words": said.get("words", begun.get("", "")),
        "asks_in_form": any(f.type == "text" and f.required for f in bare.form),
        "fields": [
            {"field": field, "name": FIELD + field.name, "value": started[field.name][0],
             "known": started[field.name][1],
             "error": errors[field.name].what if field.name in errors else ""}
            for field in entry.form
        ],
        "against": against, "errors": errors,
        "despite": said.get("despite", ""), "agreed": said.get("agreed"),
        "anyway": said.get("anyway"),
        "passed": {name: said[name] for name in _PASSED if said.get(name)},
        "draft": draft_key(person, entry.service),
    }  # fmt: skip
    return render(request, "care/requests/new.html", context, status=422 if against else 200)


def _again(said: Mapping[str, str], person: int) -> Mapping[str, str]:
    """With what was said before, where a request of this person is asked for again."""
    number = said.get("again", "")
    if not number.isdecimal() or len(number) > _LONG:
        return said
    try:
        found = queries.one(int(number))
    except NotFound:
        return said
    if acting.person_of(found) != person:
        return said
    before = queries.sent_with(found.request)
    form = {FIELD + name: str(value) for name, value in before.get("form", {}).items()}
    begun = {"words": str(before.get("words", "")), "what": found.what, "cause": found.key}
    return begun | form | {name: said[name] for name in said}


def _from_pathway(said: Mapping[str, str], person: int) -> Mapping[str, str]:
    """With what the step of a pathway says of the request, where it is opened from one."""
    asked = asked_by(said.get("pathway", ""), said.get("step", ""), person=person)
    if asked is None or "words" in said or "urgency" in said:
        return said
    what = asked.what
    begun = {"kind": asked.kind, "urgency": asked.urgency,
             "what": what.display, "code": what.code, "system": what.system}  # fmt: skip
    return begun | {name: said[name] for name in said}


def _send(request: HttpRequest, person: int, entry: Entry) -> HttpResponse:
    said, by = request.POST, asker(request)
    facts = facts_of(person, by=by, allowed=request.allowed)  # type: ignore[attr-defined]
    page = pathway_form.asked(said.get("pathway", ""), said.get("step", ""), facts, person=person)
    entry = pathway_form.whole(entry, page)
    what = Code(said.get("system", ""), said.get("code", ""), _named(said, entry))
    order = _order(said, entry) if said.get("kind") == "order" else None
    if order is not None:
        what = Code(order.system, order.code, order.name)
    try:
        number = actions.send(
            person=person, service=entry.service, by=by, kind=said.get("kind", "referral"),
            urgency=said.get("urgency", "routine"), words=said.get("words", "")[:8000],
            what=what if what.display or what.code else None,
            form={f.name: said.get(FIELD + f.name, "")[:4000] for f in entry.form},
            pathway=said.get("pathway", ""), step=said.get("step", ""),
            cause=said.get("cause", ""), agreed=bool(said.get("agreed")),
            anyway=bool(said.get("anyway")), despite=said.get("despite", "")[:1000],
            meets=conditions.meets(entry, facts, order), asks=entry.form if page.fields else (),
        )  # fmt: skip
    except refusals.NotSent as told:
        if _SHUT & {each.rule for each in told.refusals}:
            elsewhere.keep(person, entry, said, by=by)
        return _form(request, person, entry, said, against=told.refusals, facts=facts)
    except UserError as error:
        against = (refusals.Refusal(rule="other", what=error.what, cure=error.cure),)
        return _form(request, person, entry, said, against=against, facts=facts)
    for service in {entry.service, said.get("from", entry.service)}:
        drafts.done(by=by, key=draft_key(person, service))
    return HttpResponseRedirect(f"{reverse('requests:one', args=[number])}?sent=1")


def _order(said: Mapping[str, str], entry: Entry) -> Orderable | None:
    """Which of what may be ordered it is: as chosen, else as a pathway or a link names it."""
    named = said.get("order") or said.get("what", "")
    return entry.orderable(named, said.get("code", "") * (not said.get("order")))


def _orderables(entry: Entry, facts: Facts) -> list[tuple[Orderable, Finding | None]]:
    """What may be ordered, and whether the record meets what each asks for."""
    return [(each, conditions.meets(entry, facts, each)) for each in entry.orders]


def _named(said: Mapping[str, str], entry: Entry) -> str:
    """What lists call it: as it was named, else the first words of what is asked."""
    if named := said.get("what", "").strip():
        return named[:200]
    texts = [said.get("words", ""), *(said.get(FIELD + f.name, "") for f in entry.form
                                      if f.type == "text" and f.required)]  # fmt: skip
    first = next((" ".join(text.split()) for text in texts if text.strip()), "")
    sentence = first.split(". ")[0].rstrip(".")
    return sentence if len(sentence) <= _TITLE else f"{sentence[:_TITLE].rsplit(' ', 1)[0]} …"


_ABOUT = say_each(
    {
        "referral": "The service sees the person, or says why not",
        "order": "A test or a thing that you may order directly",
        "advice": "A question that is answered in words; the person goes nowhere",
    }
)


def _urgencies(entry: Entry) -> list[tuple[str, str, str]]:
    """Each urgency with the clock that starts when it is sent."""
    found = []
    for urgency, words in telling.URGENCIES.items():
        own, usual = entry.timer(urgency), timers.hours(urgency, _today())
        hours = (own.triage, own.answer) if own else (usual.triage, usual.answer)
        look, answer = (length(timedelta(hours=some)) for some in hours)
        found.append(
            (
                urgency,
                words,
                say("looked at within {look}, answered within {answer}", look=look, answer=answer),
            )
        )
    return found


def _service_words(entry: Entry, room: Any, wait: Any) -> dict[str, Any]:
    return {
        "entry": entry, "code": entry.service, "name": entry.name,
        "organisation": service_words.run_by(entry, district.current()),
        "room": service_words.room_words(room, exact=True),
        "wait": service_words.wait_words(wait.all, exact=True) if wait and wait.all else "",
        "short": service_words.short_wait(wait, exact=True),
        "accepts": [telling.KINDS[kind] for kind in KINDS if entry.takes(kind)],
        "closed": entry.closed_on(_today()),
    }  # fmt: skip


def _who(person: int) -> Any:
    return who_words(person, people.identities_of(person), district.current(), at=district.now())


def _today() -> date:
    return to_local(district.now(), district.current().zone).date()
