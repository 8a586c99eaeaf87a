"""What a crew does on its screen: fill a check in, and decide."""

import re
from urllib.parse import urlencode
from uuid import uuid4

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse

from onesystem import access, district
from onesystem.care.drafts import actions as drafts
from onesystem.care.practice.leads import lead
from onesystem.care.requests.new_pages import draft_key
from onesystem.care.requests.refusals import NotSent
from onesystem.care.services import queries as services
from onesystem.care.triage import crew_kept, deciding, queries
from onesystem.care.triage.crew_pages import born, today, who_is
from onesystem.care.triage.deciding import ANSWERS, WORDS, Call, Decision
from onesystem.care.triage.given import age_of, as_typed, given_of, known_of
from onesystem.care.triage.tables import Table, problems
from onesystem.vocabulary import NotFound, Setting, UserError
from onesystem.vocabulary.said import say
from onesystem.vocabulary.typed import whole_or

_KEY = re.compile(r"[0-9a-f]{32}")


@access.opens_person
def score(request: HttpRequest, person: int, key: str) -> HttpResponse:
    """One table for this person: asked, checked, worked out; kept until something is decided."""
    access.require(request.actor, "triage.use")  # type: ignore[attr-defined]
    table = _in_use(key)
    _is_for(table, person)
    typed = crew_kept.typed(request, person).get(key, {}) or _known(table, person)
    wrong: dict[str, str] = {}
    if request.method == "POST":
        given = given_of(table, request.POST)
        typed = {each.name: request.POST.get(each.name, "") for each in table.inputs}
        wrong = problems(table, given)
        if not wrong:
            crew_kept.keep(request, person, key, as_typed(table, given))
            drafts.done(by=request.actor, key=_draft(person, key))  # type: ignore[attr-defined]
            return HttpResponseRedirect(
                reverse("triage:person", kwargs={"person": person}) + "#scores"
            )
    context = who_is(person) | {"table": table, "typed": typed, "wrong": wrong,
                                "draft": _draft(person, key)}  # fmt: skip
    return render(request, "care/triage/score.html", context, status=422 if wrong else 200)


def _draft(person: int, key: str) -> str:
    return f"crew-{person}-check-{key}"


def _in_use(key: str) -> Table:
    table = queries.in_use(key)
    if table is None:
        raise NotFound(
            say("the table {key} is not in use", key=repr(key)), "A clinical lead switches it on."
        )
    return table


def _known(table: Table, person: int) -> dict[str, str]:
    return known_of(table, born(person), today())


def _is_for(table: Table, person: int) -> None:
    """Do nothing where the table is for somebody of that age. Raises NotFound: no score."""
    age = age_of(born(person), today())
    if not table.is_for(age):
        raise NotFound(
            say(
                "{title} is for {ages}; this person is {age}",
                title=table.title,
                ages=table.ages,
                age=age,
            ),
            "It gives no score outside of these ages. Go by what you see.",
        )


@access.opens_person
def decide(request: HttpRequest, person: int, outcome: str) -> HttpResponse:
    """One outcome: what it needs, checked; then it is told to everybody whom it concerns."""
    access.require(request.actor, "triage.use")  # type: ignore[attr-defined]
    if outcome not in WORDS:
        raise NotFound("there is no such outcome", "Choose one of the five.")
    problem = None
    if request.method == "POST":
        try:
            return _decided(request, person, outcome)
        except UserError as error:
            problem = error
    context = who_is(person) | {
        "outcome": outcome, "words": WORDS[outcome], "problem": problem, "said": request.POST,
        "leads": lead(person), "answers": ANSWERS, "places": _places(outcome),
        "scored": crew_kept.scored(request, person), "draft": f"crew-{person}-{outcome}",
        "once": request.POST.get("once") or uuid4().hex,
    }  # fmt: skip
    return render(request, "care/triage/decide.html", context, status=422 if problem else 200)


def _decided(request: HttpRequest, person: int, outcome: str) -> HttpResponse:
    given, by = request.POST, request.asker  # type: ignore[attr-defined]
    call = None
    if outcome == "ring":
        minutes = given.get("minutes", "")
        call = Call(
            practice=given.get("practice", ""), spoke_to=given.get("spoke_to", "")[:100],
            answer=given.get("answer", ""), words=given.get("answer_words", "")[:1000],
            minutes=whole_or(minutes, 5),
        )  # fmt: skip
    made = Decision(
        outcome=outcome, to=given.get("to", ""), note=given.get("note", "")[:4000], call=call,
        scored=tuple(crew_kept.scored(request, person)),
    )  # fmt: skip
    once = given.get("once", "") if _KEY.fullmatch(given.get("once", "")) else ""
    act = deciding.decide(person=person, decision=made, by=by, once=once)
    drafts.done(by=request.actor, key=f"crew-{person}-{outcome}")  # type: ignore[attr-defined]
    crew_kept.clear(request, person)
    told = say(" The practice is told.") if lead(person) else ""
    number = say("Number {act}.", act=act[:8].upper())
    messages.success(
        request,
        say(
            "Saved: {outcome_words}. {number}{told}",
            outcome_words=deciding.outcome_words(made),
            number=number,
            told=told,
        ),
    )
    if outcome == "falls":
        return _referred(request, person, made)
    if outcome == "acute" or (call and call.answer == "acute"):
        return HttpResponseRedirect(reverse("episodes:person", kwargs={"person": person}))
    return HttpResponseRedirect(reverse("triage:person", kwargs={"person": person}))


def _referred(request: HttpRequest, person: int, made: Decision) -> HttpResponse:
    """Send the referral; what the service wants to know first is asked on its own form.

    What was typed waits there as a draft, and stands in no address.
    """
    by = request.asker  # type: ignore[attr-defined]
    try:
        number = deciding.refer(person=person, decision=made, by=by)
    except NotSent as error:
        messages.warning(
            request, say("Decided, and the referral is not sent yet: {error}", error=error)
        )
        to = reverse("requests:new", kwargs={"person": person})
        path = f"{to}?{urlencode({'service': made.to})}"
        drafts.keep(
            key=draft_key(person, made.to), fields={"words": [made.note]}, seen=0, by=by,
            person=person, path=path,
        )  # fmt: skip
        return HttpResponseRedirect(path)
    return HttpResponseRedirect(reverse("requests:one", kwargs={"number": number}))


def _places(outcome: str) -> list[tuple[str, str]]:
    """Where to: the EDs of the district, or the services that answer for falls."""
    here = district.current()
    if outcome == "convey":
        return [(s.code, s.name) for s in here.services.values() if s.setting is Setting.ED]
    if outcome == "falls":
        found = [
            e for e in services.search("falls")
            if e.takes("referral") and not e.listed and e.closed_on(today()) is None
        ]  # fmt: skip
        return [(e.service, e.name) for e in found]
    return []
