"""What one person's contacts cost, each with its working: for who may open the person."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from onesystem import access, contacts, people
from onesystem.budget.costing import presenters, queries
from onesystem.district import current, now
from onesystem.people.presenters import who_words
from onesystem.record.queries import sight_of
from onesystem.vocabulary.wording import local

_MOST = 200  # contacts on the page


@require_safe
@access.opens_person
def person(request: HttpRequest, person: int) -> HttpResponse:
    """What did each contact of this person cost, and how is that worked out?"""
    actor = request.actor  # type: ignore[attr-defined]
    if not access.may(actor, "budget.see"):  # those who agree personal budgets see it too
        access.require(actor, "personal.keep")
    here = current()
    sight = sight_of(
        person, by=actor, purpose=request.purpose,  # type: ignore[attr-defined]
        allowed=request.allowed,  # type: ignore[attr-defined]
    )  # fmt: skip
    every = [
        (contact, queries.working(contact))
        for contact in contacts.of_identities(people.identity_ids_of(person))
        if sight.shows(contact, here)
    ]
    costed = [(contact, portions) for contact, portions in every if portions]
    rows = [
        {
            "when": local(contact.started, here.zone) if contact.started else "",
            "service": here.service_name(contact.service), "mode": contact.mode,
            "minor": presenters.money(sum(p.minor for p in portions), here),
            "portions": [presenters.portion(p, here) for p in portions],
        }
        for contact, portions in costed[:_MOST]
    ]  # fmt: skip
    context = {
        "who": who_words(person, people.identities_of(person), here, at=now()), "person": person,
        "rows": rows, "more": max(0, len(costed) - _MOST), "kept": queries.kept(),
        "total": presenters.money(sum(p.minor for _, some in costed for p in some), here),
        "many": len(costed),
    }  # fmt: skip
    return render(request, "budget/costing/person.html", context)
