"""Writing a plan of money: what is wrong stands at its field, nothing typed is lost."""

from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render

from onesystem import access
from onesystem.budget.pooled.typed import code
from onesystem.plan.money import actions, queries
from onesystem.plan.money.editing import ROWS, plan_from, raw_of
from onesystem.plan.money.pages import address
from onesystem.plan.money.shape import HORIZONS, RULES, SETTINGS, MoneyPlan
from onesystem.plan.placing import places
from onesystem.plan.writing import Desk
from onesystem.vocabulary.said import say
from onesystem.vocabulary.typed import Raw

_WHENCES = (
    (
        queries.LEDGER,
        say("The ledger"),
        say("Contributions by funder, and the plan of each setting."),
    ),
    (
        queries.CASE,
        say("The area's case for change"),
        say("What a year costs there at published unit costs."),
    ),
)


@access.page(right="plan.write")
def begin(request: HttpRequest) -> HttpResponse:
    """Begin a plan: its name, its area, how many years."""
    if request.method == "POST":
        name = request.POST.get("name", "").strip()
        slug = code(name or "plan", queries.slugs() | {"new"})
        said = {key: request.POST.get(key, "") for key in ("name", "years", "area", "whence")}
        return HttpResponseRedirect(f"{address(slug, 'edit/')}?{urlencode(said)}")
    context = {"years": [(str(n), say("{n} years", n=n)) for n in HORIZONS], "areas": places(),
               "year": queries.this_year(), "whences": _WHENCES}  # fmt: skip
    return render(request, "plan/money/begin.html", context)


@access.page(right="plan.write")
def edit(request: HttpRequest, slug: str) -> HttpResponse:
    """Write a plan."""
    return _DESK.edit(request, slug)


def _new(request: HttpRequest, slug: str) -> MoneyPlan:
    years = request.GET.get("years", "")
    return queries.begun(
        slug=slug, name=request.GET.get("name", ""), year=queries.this_year(),
        years=int(years) if years in {str(n) for n in HORIZONS} else HORIZONS[0],
        area=request.GET.get("area", "")[:60], whence=request.GET.get("whence", ""),
    )  # fmt: skip


def _more(_raw: Raw, rows: dict[str, list[Raw]]) -> dict[str, Any]:
    return {
        "horizons": [(str(n), say("{n} years", n=n)) for n in HORIZONS],
        "rules": list(RULES.items()),
        "tops": [("", say("Within what funders give")), ("yes", say("On top, and ends with it"))],
        "settings": [*SETTINGS.items(), ("other", say("Other"))],
        "funders": [
            ("", say("Nobody named")),
            *((row["code"], row["name"]) for row in rows["funders"] if row["code"]),
        ],
    }


_DESK = Desk(
    kind="money", rows=ROWS, opens=tuple(part for part in ROWS.parts if part != "doubled"),
    maybe=queries.maybe, begun=_new, raw_of=raw_of, plan_from=plan_from, keep=actions.keep,
    address=address, more=_more,
)  # fmt: skip
