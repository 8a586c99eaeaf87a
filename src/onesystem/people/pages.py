"""The pages of people: search, who a person is, and whether two records are one person."""

from datetime import datetime
from typing import Any

from django.contrib import messages as notices
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST

from onesystem import access, district, people
from onesystem.district import District
from onesystem.people import (
    actions,
    blocking,
    crowds,
    evidence,
    pairing,
    presenters,
    queries,
    suggesting,
)
from onesystem.people.mapping import views
from onesystem.people.searching import taken_apart
from onesystem.people.suggesting import Suggestion
from onesystem.vocabulary import UserError
from onesystem.vocabulary.said import say
from onesystem.vocabulary.typed import ticked, whole_or
from onesystem.vocabulary.wording import all_of, counted

PAGE = 50
LEAST_TYPED = 2  # characters: one letter finds everybody and helps nobody
_LATER = "matches_later"


@access.page(right="people.search")
def index(request: HttpRequest) -> HttpResponse:
    """Search by name, birth date or number. What was typed is not kept anywhere."""
    text = request.GET.get("q", "").strip()[:200]
    page = _number(request.GET.get("page"), 1)
    context = _found(request, text, page) if len(text) >= LEAST_TYPED else {}
    crew = request.GET.get("for") == "crew" and access.may(request.actor, "triage.use")
    context |= {
        "q": text, "number_name": district.current().number_name, "crew": crew,
        "to": "triage:person" if crew else "record:summary",
    }  # fmt: skip
    if request.headers.get("HX-Request"):
        return render(request, "people/_results.html", context)
    context["may_merge"] = access.may(request.actor, "people.merge")
    return render(request, "people/index.html", context)


def _found(request: HttpRequest, text: str, page: int) -> dict[str, Any]:
    here, at = district.current(), district.now()
    hits = queries.search(text, by=request.actor, limit=page * PAGE + 1)
    shown = hits[(page - 1) * PAGE : page * PAGE]
    more = len(hits) > page * PAGE

    def link(number: int) -> str:
        query = request.GET.copy()
        query["page"] = str(number)
        return query.urlencode()

    practices = {v.identity: v.practice for v in views([hit.person for hit in shown])}
    matched = _matched(text)
    return {
        "hits": [
            presenters.hit_words(
                hit, here, practice=practices.get(hit.person, ""), matched=matched, at=at
            )
            for hit in shown
        ],
        "said": say(
            "More than {people}: type more to narrow it",
            people=counted(page * PAGE, "person", "people"),
        )
        if more
        else say("{people} found", people=counted(len(hits), "person", "people")),
        "next_page": link(page + 1) if more else "",
        "previous_page": link(page - 1) if page > 1 else "",
    }


def _matched(text: str) -> str:
    """What of the typed words the search went by."""
    asked = taken_apart(text)
    kinds = ((say("name"), asked.names), (say("birth date"), asked.birth_date),
             (say("number"), asked.number or asked.as_typed))  # fmt: skip
    return all_of([kind for kind, value in kinds if value])


def _number(text: str | None, default: int) -> int:
    return min(max(1, whole_or(text, default)), 999)


@access.opens_person(kind="demographics")
def person(request: HttpRequest, person: int) -> HttpResponse:
    """Who a person is: what the sources say, their identities, and how the map changed."""
    here, at = district.current(), district.now()
    identities = people.identities_of(person)
    if not identities:
        return _moved(request, person)
    who = presenters.who_words(person, identities, here, at=at)
    context: dict[str, Any] = {
        "person": person,
        "who": who,
        "summary": presenters.person_summary(identities, here),
        "identities": [
            presenters.identity_words(i, here, at=at, restricted=who.restricted) for i in identities
        ],
        "history": _history(person, here),
        "may_merge": access.may(request.actor, "people.merge"),
    }
    if context["may_merge"]:
        suggested = suggesting.suggestions(request.actor, person=person)
        decisions = queries.decisions(request.actor, person=person)
        context["suggestions"] = [evidence.suggestion_words(s, here, at=at) for s in suggested]
        context["decisions"] = [evidence.decision_words(d, here) for d in decisions]
    return render(request, "people/person.html", context)


def _history(person: int, here: District) -> list[dict[str, str]]:
    turns = queries.history(person)
    names = evidence.names_of(views({turn.identity for turn in turns}), here)
    return [evidence.turn_words(t, here, names, person=person) for t in reversed(turns)]


def _moved(request: HttpRequest, number: int) -> HttpResponse:
    """A person who was merged into another: the old number leads on."""
    now = people.person_of([number]).get(number)
    if now is None or now == number:
        raise Http404(f"no person {number}")
    notices.info(request, say("This person was merged into the one that you see now."))
    return HttpResponseRedirect(reverse("people:person", kwargs={"person": now}))


@access.opens_person(kind="demographics", action="write")
def unmerge(request: HttpRequest, person: int) -> HttpResponse:
    """Check what is to be unmerged (GET), then do it (POST) with a reason."""
    access.require(request.actor, "people.merge")
    given = request.POST if request.method == "POST" else request.GET
    wanted = set(ticked(given.getlist("identity")))
    here, at = district.current(), district.now()
    identities = people.identities_of(person)
    chosen = [i for i in identities if i.identity in wanted]
    context: dict[str, Any] = {
        "person": person,
        "chosen": [presenters.identity_words(i, here, at=at) for i in chosen],
        "reason": given.get("reason", ""),
    }
    if request.method != "POST" or not chosen:
        return render(request, "people/unmerge.html", context)
    try:
        decision = actions.unmerge(
            identities=[i.identity for i in chosen],
            reason=given.get("reason", "").strip(),
            by=request.actor,
        )
    except UserError as error:
        context["problem"] = str(error)
        return render(request, "people/unmerge.html", context, status=422)
    now = people.person_of([i.identity for i in identities])
    return _decided(
        request,
        decision,
        title="Unmerged",
        says=say(
            "{identities} left this person.",
            identities=counted(len(chosen), "identity", "identities"),
        ),
        persons=sorted(set(now.values())),
    )


@access.page(right="people.merge")
def matches(request: HttpRequest) -> HttpResponse:
    """The suggestions to decide: two people each who may be one."""
    here, at = district.current(), district.now()
    least, sort = request.GET.get("least", ""), request.GET.get("sort", "")
    bound = least if least in dict(evidence.WEIGHTS) else ""
    page = _number(request.GET.get("page"), 1)
    put_off = _put_off(request)
    bounded = float(bound) if bound else None
    open_ = suggesting.suggestions(
        request.actor, least=bounded, without=put_off, least_first=sort == "least",
        limit=PAGE + 1, start=(page - 1) * PAGE,
    )  # fmt: skip
    shown, found = open_[:PAGE], suggesting.suggestions_count(request.actor)
    fitting = suggesting.suggestions_count(request.actor, least=bounded) if bound else found

    def link(number: int) -> str:
        query = request.GET.copy()
        query["page"] = str(number)
        return query.urlencode()

    return render(
        request,
        "people/matches.html",
        {
            "suggestions": [evidence.suggestion_words(s, here, at=at) for s in shown],
            "any": bool(found),
            "summary": _to_decide(found, fitting),
            "weights": evidence.WEIGHTS,
            "least": least,
            "sort": sort,
            "put_off": len(put_off),
            "most": blocking.MOST,
            "crowds": [evidence.crowd_words(each, here) for each in crowds.kept(request.actor)],
            "next_page": link(page + 1) if len(open_) > PAGE else "",
            "previous_page": link(page - 1) if page > 1 else "",
        },
    )


def _to_decide(found: int, fitting: int) -> str:
    if not found:
        return say("Nothing waits for a decision.")
    more = counted(found, "pair of people", "pairs of people")
    return (
        say("{more} to decide.", more=more)
        if fitting == found
        else say("{more} to decide; {fitting} fit.", more=more, fitting=f"{fitting:,}")
    )


def _put_off(request: HttpRequest) -> set[tuple[int, int]]:
    return {(a, b) for a, b in request.session.get(_LATER, [])}


@require_POST
@access.page(right="people.merge")
def later_again(request: HttpRequest) -> HttpResponse:
    """Show the pairs again that were put off in this session."""
    request.session.pop(_LATER, None)
    return HttpResponseRedirect(reverse("people:matches"))


@access.page(right="people.merge")
def match(request: HttpRequest, a: int, b: int) -> HttpResponse:
    """Two records side by side, the evidence weight by weight, and the decision."""
    here, at = district.current(), district.now()
    pair = pairing.compare(a, b, by=request.actor)
    if request.method == "POST":
        return _decide(request, a, b, pair)
    return render(request, "people/match.html", _pair_words(pair, here, at))


def _pair_words(pair: Suggestion, here: District, at: datetime) -> dict[str, Any]:
    a, b = pair.a, pair.b
    return {
        "a": a.identity,
        "b": b.identity,
        "left": presenters.identity_words(a, here, at=at),
        "right": presenters.identity_words(b, here, at=at),
        "left_others": len(people.identity_ids_of(a.person)) - 1,
        "right_others": len(people.identity_ids_of(b.person)) - 1,
        "lines": evidence.evidence_words(pair.evidence, a, b),
        "weight": f"{pair.weight:+.1f}",
        "says": evidence.odds(pair.weight),
        "why": evidence.why_words(pair),
        "differ": evidence.differing_numbers(pair),
        "conflict": evidence.differing_numbers(pair, verified=True),
        "same": a.person if a.person == b.person else 0,
    }


def _decide(request: HttpRequest, a: int, b: int, pair: Suggestion) -> HttpResponse:
    choice = request.POST.get("decide", "")
    reason = request.POST.get("reason", "").strip()
    if choice == "later":
        request.session[_LATER] = [*request.session.get(_LATER, []), (a, b)]
        following = _next(request)
        address = reverse("people:matches")
        if following:
            address = reverse("people:match", kwargs={"a": following[0], "b": following[1]})
        return HttpResponseRedirect(address)
    two = sorted(set(people.person_of([a, b]).values()))
    try:
        if choice == "merge":
            decision = actions.merge(persons=two, reason=reason, by=request.actor)
            title, says = "Merged", say("All their records are one person's now.")
        else:
            decision = actions.keep_persons_apart(persons=two, reason=reason, by=request.actor)
            title, says = say("Kept apart"), say("They will not be suggested or merged again.")
    except UserError as error:
        words = _pair_words(pair, district.current(), district.now())
        words |= {"problem": str(error), "reason": reason}
        return render(request, "people/match.html", words, status=422)
    persons = sorted(set(people.person_of([a, b]).values()))
    return _decided(request, decision, title=title, says=says, persons=persons)


def _next(request: HttpRequest) -> tuple[int, int] | None:
    """The next suggestion that was not put off."""
    put_off = _put_off(request)
    found = suggesting.suggestions(request.actor, without=put_off, limit=1)
    return evidence.pair_of(found[0]) if found else None


def _decided(
    request: HttpRequest, decision: int, *, title: str, says: str, persons: list[int]
) -> HttpResponse:
    return render(
        request,
        "people/decided.html",
        {
            "title": title,
            "says": says,
            "decision": decision,
            "persons": persons,
            "next_match": _next(request),
            "undo": True,
        },
    )


@require_POST
@access.page(right="people.merge")
def undo(request: HttpRequest, decision: int) -> HttpResponse:
    """Take a decision back: the map is as it would be without it."""
    try:
        actions.undo(decision=decision, reason=say("undone on the page"), by=request.actor)
        notices.success(request, say("Decision {decision} is undone.", decision=decision))
    except UserError as error:
        notices.error(request, str(error))
    if number := whole_or(request.POST.get("person"), 0):
        now = people.person_of([number]).get(number, number)
        return HttpResponseRedirect(reverse("people:person", kwargs={"person": now}))
    return HttpResponseRedirect(reverse("people:matches"))
