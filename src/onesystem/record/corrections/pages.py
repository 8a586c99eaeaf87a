"""The officer's list of corrections, and the pages about one person's."""

from typing import Any

from django.contrib import messages
from django.db import connection
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from onesystem import access, district, people
from onesystem.people.presenters import who_words
from onesystem.record.corrections import asking, deciding
from onesystem.record.corrections.facts import NAMES
from onesystem.record.corrections.notes import note_of
from onesystem.record.corrections.presenters import due_words, fields_of, now_facts, row_words
from onesystem.record.corrections.rows import ACCEPTED, OPEN, REFUSED, Correction
from onesystem.record.corrections.things import Thing, thing
from onesystem.record.keeping import holds
from onesystem.record.protection.tabs import tabs
from onesystem.record.queries import sight_of
from onesystem.vocabulary import NotFound, UserError, to_local
from onesystem.vocabulary.kept import from_micros
from onesystem.vocabulary.said import say
from onesystem.vocabulary.typed import whole_or

RIGHT = "record.protect"
MOST = 300


@require_safe
@access.page(right=RIGHT)
def worklist(request: HttpRequest) -> HttpResponse:
    """What waits for the officer: requests by their last day, sources to tell, second looks."""
    here, today = district.current(), _today()
    open_now = list(Correction.objects.filter(state=OPEN).order_by("due", "id")[:MOST])
    decided = Correction.objects.filter(holds=True)
    again = list(decided.filter(again_at__isnull=False, again_by="").order_by("again_at")[:MOST])
    to_tell = list(decided.filter(told_at__isnull=True).order_by("decided_at")[:MOST])
    done = list(Correction.objects.exclude(state=OPEN).order_by("-decided_at", "-id")[:50])
    who = people.person_of({row.identity for row in (*open_now, *again, *to_tell, *done)})

    def told(rows: list[Correction]) -> list[Any]:
        return [(row_words(row, here, today), who.get(row.identity, row.identity)) for row in rows]

    overdue = sum(row.due < today.isoformat() for row in open_now)
    by_source: dict[str, list[Any]] = {}
    for row in to_tell:
        owner = here.organisations.get(here.source(row.source).organisation)
        name = owner.name if owner else here.source(row.source).name
        by_source.setdefault(name, []).append(
            (row_words(row, here, today), who.get(row.identity, row.identity))
        )
    return render(
        request,
        "record/protection/corrections.html",
        {"tabs": tabs(request), "waiting": told(open_now), "overdue": overdue,
         "again": told(again), "to_tell": sorted(by_source.items()), "done": told(done)},
    )  # fmt: skip


@access.opens_person
def of_person(request: HttpRequest, person: int) -> HttpResponse:
    """What of a person's record was put right or is disputed; for officers, how long it is kept."""
    here, ids = district.current(), list(people.identity_ids_of(person))
    rows = [row for row in Correction.objects.filter(identity__in=ids).order_by("-id")
            if _may_see(request, row)]  # fmt: skip
    officer = access.may(request.actor, RIGHT)  # type: ignore[attr-defined]
    return _show(
        request, "of_person", person,
        notes=[(row_words(row, here, _today()), note_of(row), row) for row in rows],
        officer=officer,
        held=holds.listed(by=request.actor, person=person) if officer else [],  # type: ignore[attr-defined]
        things=_things(person, ids) if officer else [],
    )  # fmt: skip


@access.opens_person
def ask(request: HttpRequest, person: int) -> HttpResponse:
    """An officer writes down what somebody says is wrong."""
    access.require(request.actor, RIGHT)  # type: ignore[attr-defined]
    given = request.POST if request.method == "POST" else request.GET
    about, problem, found = given.get("about", ""), None, None
    try:
        item = whole_or(given.get("item", ""), 0)
        if about == "entry" and not _opens(request, item):
            raise NotFound("this is not open to you", "Ask the privacy officer to write it down.")
        found = thing(about, item, list(people.identity_ids_of(person)))
        if request.method == "POST":
            number = asking.ask(
                person=person, about=about, item=found.item, wrong=given.get("wrong", ""),
                should=given.get("should", ""), evidence=given.get("evidence", ""),
                by=request.actor,  # type: ignore[attr-defined]
            )  # fmt: skip
            messages.success(request, say("Saved. It waits for a decision."))
            return HttpResponseRedirect(_to(person, number))
    except UserError as error:
        problem = error
    return _show(request, "ask", person, thing=found, given=given, problem=problem,
                 stands=now_facts(found) if found else [])  # fmt: skip


@access.opens_person
def one(request: HttpRequest, person: int, correction: int) -> HttpResponse:
    """One request: what it says, what stands there, and what to do."""
    access.require(request.actor, RIGHT)  # type: ignore[attr-defined]
    ids, problem = list(people.identity_ids_of(person)), None
    if not _may_see(request, asking.row_of(correction, ids)):
        raise NotFound("this is not open to you", "Ask the privacy officer to decide it.")
    if request.method == "POST":
        try:
            said = _decide(request, correction)
        except UserError as error:
            problem = error
        else:
            messages.success(request, said)
            return HttpResponseRedirect(_to(person, correction))
    row = asking.row_of(correction, ids)
    about = _thing_or_none(row, ids)
    here = district.current()
    given = {name: request.POST[f"to-{name}"] for name in NAMES if f"to-{name}" in request.POST}
    return _show(
        request, "one", person, row=row, note=note_of(row), words=row_words(row, here, _today()),
        due=due_words(row, _today()), thing=about, stands=now_facts(about) if about else [],
        fields=fields_of(about, here, given) if about and row.state == OPEN else [],
        moment=from_micros, given=request.POST, problem=problem,
        accepted=row.state == ACCEPTED, refused=row.state == REFUSED,
        source=here.source(row.source),
    )  # fmt: skip


def _decide(request: HttpRequest, correction: int) -> str:
    by, given = request.actor, request.POST  # type: ignore[attr-defined]
    reason = given.get("reason", "")
    match given.get("do"):
        case "accept":
            change = {name: given[f"to-{name}"] for name in NAMES if f"to-{name}" in given}
            deciding.accept(correction=correction, change=change, reason=reason, by=by)
            return say("Put right. The version before stays in the history; now tell the source.")
        case "refuse":
            deciding.refuse(correction=correction, reason=reason,
                            statement=given.get("statement", ""), by=by)  # fmt: skip
            return say("Left as it is. The person's statement stands beside it from now on.")
        case "undo":
            deciding.undo(correction=correction, reason=reason, by=by)
            return say("Taken back. What was stands again.")
        case "told":
            deciding.source_told(correction=correction, by=by)
            return say("Noted: the source was told.")
        case "looked":
            deciding.looked_again(correction=correction, note=given.get("note", ""), by=by)
            return say("Noted.")
    raise UserError("nothing was asked for", "Use one of the buttons.")


def _show(request: HttpRequest, template: str, person: int, **context: Any) -> HttpResponse:
    here = district.current()
    frame = {
        "person": person,
        "who": who_words(person, people.identities_of(person), here, at=district.now()),
        "zone": here.zone,
    }
    status = 422 if context.get("problem") else 200
    return render(request, f"record/protection/{template}.html", frame | context, status=status)


def _may_see(request: HttpRequest, row: Correction) -> bool:
    """A decision about what is not open to the reader is not shown either."""
    if row.about != "entry":
        return row.source not in request.allowed.without  # type: ignore[attr-defined]
    return _opens(request, row.item)


def _opens(request: HttpRequest, entry: int) -> bool:
    """Whether that entry is open to the reader."""
    sight = sight_of(
        0,
        by=request.actor,  # type: ignore[attr-defined]
        purpose=request.purpose,  # type: ignore[attr-defined]
        allowed=request.allowed,  # type: ignore[attr-defined]
    )
    where, values = sight.row_sql("e")
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT 1 FROM record_entry e WHERE e.entry = %s AND {where}", [entry, *values]
        )
        return cursor.fetchone() is not None


def _things(person: int, ids: list[int]) -> list[tuple[str, str]]:
    """The identities, to put right who somebody is."""
    here = district.current()
    to = reverse("protection:ask", kwargs={"person": person})
    return [
        (here.source(view.source).name, f"{to}?about=person&item={view.identity}")
        for view in people.identities_of(person) if view.identity in ids
    ]  # fmt: skip


def _thing_or_none(row: Correction, ids: list[int]) -> Thing | None:
    try:
        return thing(row.about, row.item, ids)
    except (NotFound, UserError):
        return None


def _to(person: int, correction: int) -> str:
    return reverse("protection:correction", kwargs={"person": person, "correction": correction})


def _today() -> Any:
    return to_local(district.now(), district.current().zone).date()
