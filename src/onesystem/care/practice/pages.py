"""The pages of a practice: what happened elsewhere to its people, and who leads their care."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from onesystem import access, district, people
from onesystem.care.practice import elsewhere as happening
from onesystem.care.practice import leads
from onesystem.people.presenters import who_words
from onesystem.vocabulary import NotPermitted, UserError
from onesystem.vocabulary.said import say
from onesystem.vocabulary.tables import Cell, Column, Listing
from onesystem.vocabulary.typed import ticked
from onesystem.vocabulary.wording import local


@require_safe
@access.page(right="person.open")
def elsewhere(request: HttpRequest) -> HttpResponse:
    """What others did for the practice's people in two weeks, and what of it nobody has seen."""
    by = access.asker_of(request.actor, say("direct care"))  # type: ignore[attr-defined]
    here, every = district.current(), request.GET.get("all") == "1"
    setting = request.GET.get("setting", "")
    found = happening.happened(by=by, at=district.now(), seen=every, setting=setting)
    if taken := access.exported(_listing(found), request, "elsewhere"):
        return taken
    mine = here.organisations.get(by.actor.organisation)
    context = {
        "found": found, "every": every, "setting": setting, "days": happening.DAYS,
        "settings": [str(s) for s in happening.EVERY], "most": happening.MOST,
        "organisation": mine.name if mine else "", "keeps": bool(mine) and _has_people(by),
    }  # fmt: skip
    return render(request, "care/practice/elsewhere.html", context)


def _has_people(by: access.Asker) -> bool:
    return "general practice" in {
        str(s.setting) for s in district.current().services.values()
        if s.organisation == by.actor.organisation
    }  # fmt: skip


def _listing(found: list[happening.Elsewhere]) -> Listing:
    zone = district.current().zone
    columns = (
        Column("began", "Began"), Column("ended", "Ended"), Column("person", "Person"),
        Column("place", "Where"), Column("outcome", "Outcome"), Column("seen", "Seen by"),
    )  # fmt: skip
    rows = [
        [Cell(local(e.started, zone), e.started), Cell(local(e.ended, zone), e.ended) if e.ended
         else "", e.name, e.place, e.outcome, e.seen_by]
        for e in found
    ]  # fmt: skip
    return Listing(caption="What happened elsewhere", columns=columns, all_rows=rows)


@require_POST
@access.page(right="person.open")
def see(request: HttpRequest) -> HttpResponse:
    """Acknowledge what was chosen, or take that back."""
    by = access.asker_of(request.actor, say("direct care"))  # type: ignore[attr-defined]
    chosen = ticked(request.POST.getlist("contact"))
    undo = request.POST.get("do") == "undo"
    try:
        count = happening.see(contacts=chosen, by=by, undo=undo)
    except UserError as error:
        messages.error(request, str(error))
    else:
        messages.success(
            request,
            say("{count} counts as unseen again.", count=count)
            if undo
            else say("{count} acknowledged.", count=count),
        )
    back = reverse("practice:elsewhere")
    return HttpResponseRedirect(f"{back}?all=1" if undo or request.POST.get("all") else back)


@access.opens_person
def lead(request: HttpRequest, person: int) -> HttpResponse:
    """Who leads this person's care, and the form in which their practice names it."""
    asker, problem = request.asker, None  # type: ignore[attr-defined]
    if request.method == "POST":
        try:
            leads.name_lead(person=person, clinician=request.POST.get("clinician", ""), by=asker)
        except NotPermitted:
            raise
        except UserError as error:
            problem = error
        else:
            messages.success(request, say("Saved. It shows wherever this person is looked after."))
            return HttpResponseRedirect(request.path)
    found = leads.lead(person)
    mine = next((each for each in found if each.organisation == asker.actor.organisation), None)
    able = leads.clinicians(mine.organisation) if mine else []
    context = {
        "person": person, "leads": found, "mine": mine, "able": able, "problem": problem,
        "may_name": bool(mine) and access.may(asker.actor, "rota.keep"),
        "who": who_words(person, people.identities_of(person), district.current(),
                         at=district.now()),
    }  # fmt: skip
    return render(request, "care/practice/lead.html", context, status=422 if problem else 200)
