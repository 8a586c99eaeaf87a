"""The nation: districts beside each other, on nothing but what each of them published."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.http import require_POST, require_safe

from onesystem import access
from onesystem.alliance.comparing import actions, gathering, nation, shelf
from onesystem.alliance.comparing.pages import compares
from onesystem.alliance.comparing.publication import AUDIENCES, NATION
from onesystem.alliance.comparing.rows import Published
from onesystem.district import current
from onesystem.vocabulary import NotFound, NotPermitted, UserError
from onesystem.vocabulary.kept import from_micros
from onesystem.vocabulary.said import say

OWN = "/compare/published/"


@require_safe
@compares
def board(request: HttpRequest) -> HttpResponse:
    """How do districts fare beside each other, by what they publish?"""
    actor = request.actor  # type: ignore[attr-defined]
    national = access.may(actor, "nation.see")
    there = shelf.every(nation=national, mine=current().code)
    known = nation.measures(there.publications)
    name = request.GET.get("measure", "")
    name = name if name in known else next(iter(known), "")
    found = nation.rows(there.publications, name)
    listing = nation.listing(found, request.GET)
    if taken := access.exported(listing, request, f"nation-{name or 'nothing'}"):
        return taken
    context = {
        "national": national, "refused": there.refused, "districts": there.publications,
        "measures": [(m.name, m.title) for m in known.values()], "name": name,
        "measure": known.get(name), "listing": listing, "found": found,
        "picture": nation.picture(found), "sees": access.may(actor, "measures.see"),
        "audiences": AUDIENCES,
    }  # fmt: skip
    return render(request, "alliance/comparing/nation.html", context)


@require_safe
@access.page(right="measures.see")
def own(request: HttpRequest) -> HttpResponse:
    """What has this district published, and what would leave it now?"""
    actor = request.actor  # type: ignore[attr-defined]
    every = list(Published.objects.order_by("-number"))
    last = every[0] if every and every[0].body else None
    would = gathering.gathered(by=actor, number=(every[0].number if every else 0) + 1,
                               audience=NATION)  # fmt: skip
    context = {
        "would": would, "last": last, "sees": True, "audiences": AUDIENCES,
        "every": [(p, from_micros(p.at)) for p in every],
        "keeps": access.may(actor, "alliance.keep"),
        "rows": [(m.title, m.unit, len(m.months), sum(x.hidden for x in m.months))
                 for m in would.measures],
    }  # fmt: skip
    return render(request, "alliance/comparing/published.html", context)


@require_safe
@access.page(right="measures.see")
def file(request: HttpRequest, number: int) -> HttpResponse:  # noqa: ARG001
    """A publication exactly as it left."""
    row = Published.objects.filter(number=number).exclude(body="").first()
    if row is None:
        raise NotFound(
            say("nothing was published as number {number}", number=number),
            "Look at the list of them",
        )
    response = HttpResponse(row.body, content_type="application/json")
    response["Content-Disposition"] = f'attachment; filename="published-{number}.json"'
    response["Cache-Control"] = "no-store"
    return response


@require_POST
@access.page(right="alliance.keep")
def act(request: HttpRequest) -> HttpResponse:
    """Publish, or take away."""
    by, said = request.actor, request.POST  # type: ignore[attr-defined]
    try:
        if said.get("do") == "withdraw":
            actions.withdraw(by=by, why=said.get("why", "")[:1000])
            messages.success(request, say("Withdrawn. What others have read of it they have read."))
        else:
            made = actions.publish(by=by, audience=said.get("audience", ""),
                                   note=said.get("note", "")[:1000])  # fmt: skip
            messages.success(request, say("Published as number {number}.", number=made.number))
    except NotPermitted:
        raise
    except UserError as error:
        messages.error(request, str(error))
    return HttpResponseRedirect(OWN)
