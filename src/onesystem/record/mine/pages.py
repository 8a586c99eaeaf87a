"""A person's own pages: My record, Who looked, My choices, and asking about a look."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.http import require_safe

from onesystem import district, people
from onesystem.access import kinds, reading
from onesystem.access.privacy import questions
from onesystem.people.presenters import who_words
from onesystem.record import queries
from onesystem.record.corrections.notes import beside
from onesystem.record.entries import counts_of
from onesystem.record.mine import looking
from onesystem.record.mine.changes import change_of, kind_words
from onesystem.record.mine.door import acting, address, opens_own
from onesystem.record.mine.plain import Section, by_item, sections
from onesystem.record.mine.tabs import tabs
from onesystem.record.presenters import summary as standing
from onesystem.record.presenters import words_for
from onesystem.record.summary import asking
from onesystem.record.summary.assembling import assemble
from onesystem.vocabulary import UserError
from onesystem.vocabulary.said import say
from onesystem.vocabulary.sensitive import SENSITIVE
from onesystem.vocabulary.typed import whole_or

SHOWN = 8  # lines of a section before the rest folds away


@dataclass(frozen=True, slots=True)
class Record:
    """Everything that a page about the record needs."""

    identities: list[people.IdentityView]
    sections: list[Section]
    answer: str

    @property
    def ids(self) -> list[int]:
        """The identities by number."""
        return [each.identity for each in self.identities]


def _record(request: HttpRequest, person: int) -> Record:
    here, at = district.current(), district.now()
    identities = people.identities_of(person)
    ids = [each.identity for each in identities]
    seen = queries.seen(request.asker)  # type: ignore[attr-defined]
    said = assemble(asking.statements_of(ids, seen=seen), at=at)
    full = asking.detailed((t.latest.first.entry for t in said.results), seen=seen)
    line = queries.timeline_of(person, by=request.actor, purpose=request.purpose, at=at)  # type: ignore[attr-defined]
    told = sections(said, line, words_for(line, here), reading.sealed_items(person), full)
    return Record(identities, told, standing(line, here))


def show(request: HttpRequest, template: str, person: int, **context: Any) -> HttpResponse:
    """A page of these, with its tabs and whose record it is; rooms above name theirs whole."""
    identities = people.identities_of(person)
    own = request.asker.person == person  # type: ignore[attr-defined]
    here = request.path
    shown = [
        (name, href, here == href if view == "record" else here.startswith(href))
        for name, view in tabs()
        for href in [address(request, view, person)]
    ]
    frame = {
        "tabs": shown,
        "own": own,
        "person": person,
        "who": who_words(person, identities, district.current(), at=district.now()),
        "acts_for": acting(request.asker) if own else [],  # type: ignore[attr-defined]
        "to": lambda view: address(request, view, person),
        "zone": district.current().zone,
    }
    status = 422 if context.get("problem") else 200
    path = template if "/" in template else f"record/mine/{template}.html"
    return render(request, path, frame | context, status=status)


@require_safe
@opens_own
def record(request: HttpRequest, person: int) -> HttpResponse:
    """The record in plain words."""
    held = _record(request, person)
    return show(
        request,
        "record",
        person,
        held=held,
        shown=SHOWN,
        notes=beside(held.ids),
        limited=_withheld(request, held.ids),
    )


def _withheld(request: HttpRequest, ids: list[int]) -> bool:
    """Whether a sender restricted part of it, so that this page does not show all."""
    everything = counts_of(ids, seen=("1 = 1", ()))
    seen = counts_of(ids, seen=queries.seen(request.asker))  # type: ignore[attr-defined]
    return sum(everything.values()) > sum(seen.values())


@require_safe
@opens_own
def looks(request: HttpRequest, person: int) -> HttpResponse:
    """Who looked, when, from where and why."""
    by = request.actor  # type: ignore[attr-defined]
    found = looking.sittings(reading.who_looked(person, by=by), me=by.name, here=district.current())
    held = people.identity_ids_of(person)
    return show(
        request,
        "looks",
        person,
        others=[each for each in found if not each.mine],
        mine=[each for each in found if each.mine],
        questions=questions.asked_about(held),
    )


@opens_own
def ask(request: HttpRequest, person: int) -> HttpResponse:
    """Ask the privacy officer about a look, or in general."""
    by, problem = request.actor, None  # type: ignore[attr-defined]
    given = request.POST if request.method == "POST" else request.GET
    text = given.get("look", "")
    number = whole_or(text, None)
    about = None
    if number is not None:
        found = [each for each in reading.who_looked(person, by=by) if each.row == number]
        told = looking.sittings(found, me=by.name, here=district.current())
        about = told[0] if told else None
    if request.method == "POST":
        try:
            questions.ask(person=person, words=given.get("words", ""), by=by, look=number)
        except UserError as error:
            problem = error
        else:
            messages.success(request, say("Asked. The answer will stand on this page."))
            return HttpResponseRedirect(address(request, "looks", person))
    return show(request, "ask", person, about=about, look=number, given=given, problem=problem)


@require_safe
@opens_own
def choices(request: HttpRequest, person: int) -> HttpResponse:
    """What is shared, what is confidential, who may act; and what was chosen before."""
    by, here = request.actor, district.current()  # type: ignore[attr-defined]
    held = _record(request, person)
    standing_now = reading.choices(person, by=by)
    stopped = {each.what for each in standing_now}
    senders = sorted({i.source for i in held.identities}, key=lambda s: here.source(s).name)
    items = by_item(held.sections)
    sealed: dict[str, list[int]] = {}
    for each in reading.seals(person, by=by):
        name = items[each.item].title if each.item in items else say("Something in your record")
        sealed.setdefault(name, []).append(each.item)
    return show(
        request,
        "choices",
        person,
        standing=[(each, _what_words(each.what)) for each in standing_now],
        everything="all" in stopped,
        kinds=[(k, kind_words(k)) for k in SENSITIVE if k != "restricted" and k not in stopped],
        sources=[(s, here.source(s).name) for s in senders
                 if s not in stopped and s in here.sources],
        sealed=sorted(sealed.items()),
        proxies=reading.proxies(person, by=by),
        history=looking.changes(held.ids),
    )  # fmt: skip


def _what_words(what: str) -> str:
    if what == "all":
        return say("Your whole record")
    if what in kinds.BITS:
        return say("What is about {kind_words}", kind_words=kind_words(what))
    return say("What {name} sends", name=district.current().source(what).name)


@opens_own
def change(request: HttpRequest, person: int) -> HttpResponse:
    """The check page of every change: what it means; then it is done."""
    by, problem, asked = request.actor, None, None  # type: ignore[attr-defined]
    given = request.POST if request.method == "POST" else request.GET
    held = _record(request, person)
    try:
        asked = change_of(
            given,
            given.getlist("item"),
            person=person,
            identities=held.ids,
            district=district.current(),
            names={item: line.title for item, line in by_item(held.sections).items()},
        )
        if request.method == "POST":
            asked.do(by, given.get("reason", ""))
            messages.success(request, asked.done)
            return HttpResponseRedirect(address(request, "choices", person))
    except UserError as error:
        problem = error
    return show(request, "change", person, asked=asked, given=given, problem=problem)
