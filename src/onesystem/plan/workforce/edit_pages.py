"""Writing a plan of staff: what is wrong stands at its field, nothing typed is lost."""

from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render

from onesystem import access
from onesystem.budget.funds.queries import year_at
from onesystem.budget.pooled.typed import code
from onesystem.plan.placing import places
from onesystem.plan.workforce import actions, basis, queries
from onesystem.plan.workforce.editing import ROWS, plan_from, raw_of
from onesystem.plan.workforce.pages import address
from onesystem.plan.workforce.roles import roles
from onesystem.plan.workforce.shape import TIERS, Workforce
from onesystem.plan.writing import Desk
from onesystem.vocabulary.said import say
from onesystem.vocabulary.typed import Raw

_YEARS = [("5", say("5 years")), ("10", say("10 years")), ("20", say("20 years"))]
_TAKEN = {"new", "examples", "vacancies"}


@access.page(right="plan.write")
def begin(request: HttpRequest) -> HttpResponse:
    """Begin a plan: its name, its area, how many years."""
    if request.method == "POST":
        name = request.POST.get("name", "").strip()
        slug = code(name or "plan", queries.slugs() | _TAKEN)
        said = {key: request.POST.get(key, "") for key in ("name", "years", "area")}
        return HttpResponseRedirect(f"{address(slug, 'edit/')}?{urlencode(said)}")
    return render(request, "plan/workforce/begin.html", {"years": _YEARS, "areas": places()})


@access.page(right="plan.write")
def edit(request: HttpRequest, slug: str) -> HttpResponse:
    """Write a plan."""
    return _DESK.edit(request, slug)


def _new(request: HttpRequest, slug: str) -> Workforce:
    years = request.GET.get("years", "")
    return basis.begun(
        slug=slug, name=request.GET.get("name", "")[:200], base=year_at().first,
        years=int(years) if years in dict(_YEARS) else 5, area=request.GET.get("area", "")[:60],
    )  # fmt: skip


def _more(_raw: Raw, _rows: dict[str, list[Raw]]) -> dict[str, Any]:
    return {
        "years": _YEARS, "roles": [(each.code, each.name) for each in roles().values()],
        "tiers": list(TIERS.items()),
    }  # fmt: skip


_DESK = Desk(
    kind="workforce", rows=ROWS, opens=("staff", "commissions"), maybe=queries.maybe, begun=_new,
    raw_of=raw_of, plan_from=plan_from, keep=actions.keep, address=address, more=_more,
)  # fmt: skip
