"""A person's own requests for correction: ask, see what was decided, take one back."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from onesystem import district, people
from onesystem.access import reading
from onesystem.record.corrections import asking
from onesystem.record.corrections.notes import note_of
from onesystem.record.corrections.presenters import now_facts, row_words
from onesystem.record.corrections.rows import Correction
from onesystem.record.corrections.things import Thing, thing
from onesystem.record.entries import counts_of
from onesystem.record.mine.door import address, opens_own
from onesystem.record.mine.pages import show
from onesystem.record.queries import seen
from onesystem.vocabulary import NotFound, UserError, to_local
from onesystem.vocabulary.said import say
from onesystem.vocabulary.typed import whole_or


@opens_own
def listed(request: HttpRequest, person: int) -> HttpResponse:
    """What was asked, and what became of it."""
    here, ids = district.current(), list(people.identity_ids_of(person))
    problem = None
    if request.method == "POST":
        try:
            asking.withdraw(correction=whole_or(request.POST.get("correction", ""), 0),
                            by=request.actor, person=person)  # type: ignore[attr-defined]  # fmt: skip
        except UserError as error:
            problem = error
        else:
            messages.success(request, say("Taken back. Nothing was changed."))
            return HttpResponseRedirect(request.path)
    today = to_local(district.now(), here.zone).date()
    rows = Correction.objects.filter(identity__in=ids).order_by("-id")
    told = [(row, row_words(row, here, today), note_of(row)) for row in rows]
    return show(request, "corrections", person, told=told, problem=problem)


@opens_own
def ask(request: HttpRequest, person: int) -> HttpResponse:
    """Say what is wrong, and what it should say."""
    given = request.POST if request.method == "POST" else request.GET
    found, problem = None, None
    try:
        found = _own(request, given.get("about", ""), whole_or(given.get("item", ""), 0), person)
        if request.method == "POST":
            own = request.asker.person == person  # type: ignore[attr-defined]
            asking.ask(
                person=person, about=found.about, item=found.item, wrong=given.get("wrong", ""),
                should=given.get("should", ""), evidence=given.get("evidence", ""),
                by=request.actor, asked_as="person" if own else "proxy",  # type: ignore[attr-defined]
            )  # fmt: skip
            messages.success(request, say("Asked. You see the answer on this page."))
            return HttpResponseRedirect(address(request, "corrections", person))
    except UserError as error:
        problem = error
    return show(request, "correct", person, thing=found, given=given, problem=problem,
                stands=now_facts(found) if found else [])  # fmt: skip


def _own(request: HttpRequest, about: str, item: int, person: int) -> Thing:
    """The thing, where the person may see it; what is restricted is as if it were not here."""
    ids = list(people.identity_ids_of(person))
    found = thing(about, item, ids)
    if about == "entry":
        where, values = seen(request.asker)  # type: ignore[attr-defined]
        mine = (f"e.entry = %s AND {where}", [item, *values])
        if not counts_of(ids, seen=mine) and item not in reading.sealed_items(person):
            raise NotFound("this is not in the record", "Choose it from My record.")
    return found
