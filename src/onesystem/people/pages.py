"""The pages of people: search, who a person is, and whether two records are one person."""

from typing import Any

from django.contrib import messages as notices
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from onesystem import access, district, people
from onesystem.people import actions, presenters, queries
from onesystem.vocabulary import UserError
from onesystem.vocabulary.wording import counted

PAGE = 50
LEAST_TYPED = 2  # characters: one letter finds everybody and helps nobody
_LATER = "matches_later"


@access.page(right="people.search")
def index(request: HttpRequest) -> HttpResponse:
    """Search by name, birth date or number. What was typed is not kept anywhere."""
    text = request.GET.get("q", "").strip()[:200]
    page = _number(request.GET.get("page"), 1)
    context = _found(request, text, page) if len(text) >= LEAST_TYPED else {}
    context |= {"q": text, "number_name": district.current().number_name}
    if request.headers.get("HX-Request"):
        return render(request, "people/_results.html", context)
    context["may_merge"] = access.may(request.actor, "people.merge")
    return render(request, "people/index.html", context)


def _found(request: HttpRequest, text: str, page: int) -> dict[str, Any]:
    here, at = district.current(), timezone.now()
    hits = queries.search(text, by=request.actor, limit=page * PAGE + 1)
    shown = hits[(page - 1) * PAGE : page * PAGE]
    more = len(hits) > page * PAGE

    def link(number: int) -> str:
        query = request.GET.copy()
        query["page"] = str(number)
        return query.urlencode()

    return {
        "hits": [presenters.hit_words(hit, here, at=at) for hit in shown],
        "said": f"More than {counted(page * PAGE, 'person', 'people')}: type more to narrow it"
        if more
        else f"{counted(len(hits), 'person', 'people')} found",
        "next_page": link(page + 1) if more else "",
        "previous_page": link(page - 1) if page > 1 else "",
    }


def _number(text: str | None, default: int) -> int:
    read = text and text.isascii() and text.isdigit() and len(text) < 4
    return max(1, int(text)) if read else default


@access.opens_person
def person(request: HttpRequest, person: int) -> HttpResponse:
    """Who a person is: what the sources say, their identities, and how the map changed."""
    here, at = district.current(), timezone.now()
    identities = people.identities_of(person)
    history = queries.history(person)
    if not identities:
        return _moved(request, person)
    who = presenters.who_words(person, identities, here, at=at)
    suggested = queries.suggestions_of(person, by=request.actor)
    return render(
        request,
        "people/person.html",
        {
            "person": person,
            "who": who,
            "summary": presenters.person_summary(identities, here),
            "identities": [
                presenters.identity_words(i, here, at=at, restricted=who.restricted)
                for i in identities
            ],
            "history": [presenters.history_words(h, here) for h in history],
            "suggestions": [presenters.suggestion_words(s, here, at=at) for s in suggested],
            "may_merge": access.may(request.actor, "people.merge"),
        },
    )


def _moved(request: HttpRequest, number: int) -> HttpResponse:
    """A person who was merged into another: the old number leads on."""
    now = people.person_of([number]).get(number)
    if now is None or now == number:
        raise Http404(f"no person {number}")
    notices.info(request, "This person was merged into the one that you see now.")
    return HttpResponseRedirect(reverse("people:person", kwargs={"person": now}))


@access.opens_person
def unmerge(request: HttpRequest, person: int) -> HttpResponse:
    """Check what is to be unmerged (GET), then do it (POST) with a reason."""
    access.require(request.actor, "people.merge")
    given = request.POST if request.method == "POST" else request.GET
    wanted = {int(i) for i in given.getlist("identity") if i.isascii() and i.isdigit()}
    here, at = district.current(), timezone.now()
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
        says=f"{counted(len(chosen), 'identity', 'identities')} left this person.",
        persons=sorted(set(now.values())),
    )


@access.page(right="people.merge")
def matches(request: HttpRequest) -> HttpResponse:
    """The suggestions to decide: pairs that may be one person."""
    here, at = district.current(), timezone.now()
    least, sort = request.GET.get("least", ""), request.GET.get("sort", "")
    page = _number(request.GET.get("page"), 1)
    put_off = _put_off(request)
    found = queries.suggestions(
        by=request.actor,
        least=float(least) if least in dict(presenters.WEIGHTS) and least else None,
        descending=sort != "least",
        limit=page * PAGE + 1 + len(put_off),
    )
    open_ = [s for s in found if presenters.pair_of(s) not in put_off]
    shown = open_[(page - 1) * PAGE : page * PAGE]

    def link(number: int) -> str:
        query = request.GET.copy()
        query["page"] = str(number)
        return query.urlencode()

    total = queries.suggestions_count(by=request.actor)
    return render(
        request,
        "people/matches.html",
        {
            "suggestions": [presenters.suggestion_words(s, here, at=at) for s in shown],
            "any": bool(found) or bool(least),
            "summary": f"{counted(total, 'pair')} to decide."
            if total
            else "Nothing waits for a decision.",
            "weights": presenters.WEIGHTS,
            "least": least,
            "sort": sort,
            "put_off": len(put_off),
            "next_page": link(page + 1) if len(open_) > page * PAGE else "",
            "previous_page": link(page - 1) if page > 1 else "",
        },
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
    here, at = district.current(), timezone.now()
    pair = queries.pair(a, b, by=request.actor)
    if request.method == "POST":
        return _decide(request, a, b, pair)
    return render(request, "people/match.html", presenters.pair_words(pair, here, at=at))


def _decide(request: HttpRequest, a: int, b: int, pair: Any) -> HttpResponse:
    choice = request.POST.get("decide", "")
    reason = request.POST.get("reason", "").strip()
    if choice == "later":
        request.session[_LATER] = [*request.session.get(_LATER, []), (a, b)]
        following = _next(request)
        address = reverse("people:matches")
        if following:
            address = reverse("people:match", kwargs={"a": following[0], "b": following[1]})
        return HttpResponseRedirect(address)
    try:
        if choice == "merge":
            persons = people.person_of([a, b])
            decision = actions.merge(
                persons=sorted(set(persons.values())), reason=reason, by=request.actor
            )
            title, says = "Merged", "The two records are one person now."
        else:
            decision = actions.keep_apart(identities=[a, b], reason=reason, by=request.actor)
            title, says = "Kept apart", "The two records will not be suggested or merged again."
    except UserError as error:
        words = presenters.pair_words(pair, district.current(), at=timezone.now())
        words |= {"problem": str(error), "reason": reason}
        return render(request, "people/match.html", words, status=422)
    persons = sorted(set(people.person_of([a, b]).values()))
    return _decided(request, decision, title=title, says=says, persons=persons)


def _next(request: HttpRequest) -> tuple[int, int] | None:
    """The next suggestion that was not put off."""
    put_off = _put_off(request)
    found = queries.suggestions(by=request.actor, limit=len(put_off) + 1)
    pairs = [presenters.pair_of(s) for s in found]
    return next((p for p in pairs if p not in put_off), None)


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
        actions.undo(decision=decision, reason="undone on the page", by=request.actor)
        notices.success(request, f"Decision {decision} is undone.")
    except UserError as error:
        notices.error(request, str(error))
    number = request.POST.get("person", "")
    if number.isascii() and number.isdigit():
        now = people.person_of([int(number)]).get(int(number), int(number))
        return HttpResponseRedirect(reverse("people:person", kwargs={"person": now}))
    return HttpResponseRedirect(reverse("people:matches"))
