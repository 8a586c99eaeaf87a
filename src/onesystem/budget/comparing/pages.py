"""The same year under every payment form: who is paid what, and which way does each one pull?"""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_POST, require_safe

from onesystem import access
from onesystem.budget.comparing import actions, presenters, queries
from onesystem.budget.comparing.activity import unseen
from onesystem.budget.comparing.asked import ALIGNED, SETTINGS, Asked, asked
from onesystem.budget.comparing.comparing import Compared, compared
from onesystem.budget.comparing.drawing import drawn
from onesystem.budget.comparing.year import Year
from onesystem.budget.funds.exporting import exported
from onesystem.budget.months import later
from onesystem.district import current
from onesystem.flow.queries import sees_people
from onesystem.vocabulary import Money, UserError
from onesystem.vocabulary.said import say

TABS = (
    ("compare", say("Payment forms")),
    ("decompose", say("What a block bought")),
    ("spend", say("Spend")),
)


@require_safe
@access.page(right="budget.see")
def compare(request: HttpRequest) -> HttpResponse:
    """A provider's year under each form, as the address sets it."""
    return _show(request, asked(request.GET))


def _show(request: HttpRequest, wanted: Asked, problem: UserError | None = None) -> HttpResponse:
    currency, context = current().currency, _frame(request, wanted)
    made, wrong = None, problem
    if wanted.provider and context["providers"]:
        try:
            made = compared(wanted, year_seen(request, wanted), currency)
        except UserError as error:
            wrong = problem or error
    if made is not None:
        listing = presenters.compared(made, currency, request.GET)
        said = [*presenters.settings(made.asked, currency), *presenters.DEFINED]
        if problem is None and (taken := exported(request, listing, "payment-forms", said)):
            return taken
        context |= _shown(made, currency, context["names"][wanted.provider], wanted.form)
        context |= {"listing": listing}
    context |= {"wrong": wrong, "typed": request.POST if problem else {}}
    return render(request, "budget/comparing/compare.html", context, status=422 if problem else 200)


def year_seen(request: HttpRequest, wanted: Asked) -> Year:
    """The year, unless so few contacts are in it that somebody might be known by it."""
    year = queries.year_of(wanted.provider, wanted.service, wanted.first)
    below = 0 if sees_people(request.actor) else current().suppress_below  # type: ignore[attr-defined]
    last = later(year.months[0], 11)
    few = unseen(queries.rows(year.months[0], last), below) if wanted.service else set()
    if year.done < max(1, below) or (wanted.provider, wanted.service) in few:
        raise UserError(
            "there are too few contacts in these months to compare",
            "Choose the whole provider, another service, or other months.",
        )
    return year


def _frame(request: HttpRequest, wanted: Asked) -> dict[str, Any]:
    months = queries.whole_months()
    base: dict[str, Any] = {
        **head(request, "compare"), "asked": wanted, "settings": SETTINGS,
        "aligned": list(ALIGNED.items()),
        "given": request.GET, "providers": [], "names": {}, "saved": queries.saved(),
        "usual": "?" + urlencode({"provider": wanted.provider, "service": wanted.service}),
        "me": request.actor.name, "defined": presenters.DEFINED,  # type: ignore[attr-defined]
    }  # fmt: skip
    if not months:
        return base
    first = wanted.first or queries.last_year()
    last = later(first, 11)
    found = queries.providers(first, last)
    firsts = [m for m in months if later(m, 11) <= months[-1]] or months[:1]
    return base | {
        "providers": [("", say("Choose a provider")), *found], "names": dict(found),
        "services": [("", say("All its services")),
            *queries.services(first, last, wanted.provider)],
        "first": f"{first:%Y-%m}", "last": last,
        "months": [(f"{m:%Y-%m}", presenters.month_words(m)) for m in reversed(firsts)],
    }  # fmt: skip


def _shown(made: Compared, currency: str, provider: str, form: str) -> dict[str, Any]:
    chart, result = drawn(made), made.of(form)
    ticks = [(y, presenters.whole(at, currency)) for y, at in chart.ticks]
    return {
        "made": made, "provider": provider,
        "change": presenters.change_words(made.asked["change"]), "drawn": chart, "ticks": ticks,
        "currency": currency, "whole": presenters.whole, "result": result,
        "price": str(Money(made.asked.price or 0, currency)),
        "working": presenters.working(result.settlement, currency, provider) if result else [],
    }  # fmt: skip


def head(request: HttpRequest, here: str) -> dict[str, Any]:
    """What the three pages have in common."""
    tabs = [(say("Contracts"), reverse("contracts:contracts"), False)]
    tabs += [(words, reverse(f"comparing:{name}"), name == here) for name, words in TABS]
    return {"tabs": tabs, "query": request.GET}


@require_safe
@access.page(right="budget.see")
def opened(request: HttpRequest, comparison: int) -> HttpResponse:  # noqa: ARG001
    """What somebody saved: the address of its settings."""
    found = queries.comparison(comparison)
    if found is None:
        raise Http404(f"there is no comparison {comparison}")
    return HttpResponseRedirect(f"{reverse('comparing:compare')}?{found.query}")


@require_POST
@access.page(right="budget.see")
def save(request: HttpRequest) -> HttpResponse:
    """Save what is set, under a name."""
    given = request.POST.dict()
    said = {k.removeprefix("set-"): v for k, v in given.items() if k.startswith("set-")}
    try:
        actions.save(name=given.get("name", ""), why=given.get("why", ""), settings=said,
                     by=request.actor)  # type: ignore[attr-defined]  # fmt: skip
    except UserError as error:
        return _show(request, asked(said), error)
    messages.success(request, say("Saved. Others who see budgets find it below, and can open it."))
    return HttpResponseRedirect(f"{reverse('comparing:compare')}?{asked(said).query}")


@require_POST
@access.page(right="budget.see")
def remove(request: HttpRequest, comparison: int) -> HttpResponse:
    """Take away what one saved."""
    actions.remove(comparison=comparison, by=request.actor)  # type: ignore[attr-defined]
    messages.success(request, say("Removed."))
    return HttpResponseRedirect(f"{reverse('comparing:compare')}?gone={comparison}")


@require_POST
@access.page(right="budget.see")
def restore(request: HttpRequest, comparison: int) -> HttpResponse:
    """Bring it back."""
    try:
        actions.restore(comparison=comparison, by=request.actor)  # type: ignore[attr-defined]
    except UserError as error:
        return _show(request, asked({}), error)
    messages.success(request, say("It is back."))
    return HttpResponseRedirect(reverse("comparing:compare"))
