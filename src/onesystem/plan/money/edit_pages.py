"""Writing a plan of money: what is wrong stands at its field, nothing typed is lost."""

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render

from onesystem import access
from onesystem.budget import drafted
from onesystem.budget.pooled.typed import code
from onesystem.plan.money import actions, queries
from onesystem.plan.money.editing import ROWS, plan_from, raw_of
from onesystem.plan.money.pages import address
from onesystem.plan.money.shape import HORIZONS, RULES, SETTINGS, MoneyPlan
from onesystem.plan.placing import places
from onesystem.plan.versions import Wrong
from onesystem.vocabulary import UserError
from onesystem.vocabulary.typed import Problem, Raw

_WHENCES = (
    (queries.LEDGER, "The ledger", "Contributions by funder, and the plan of each setting."),
    (
        queries.CASE,
        "The area's case for change",
        "What a year costs there at published unit costs.",
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
    context = {"years": [(str(n), f"{n} years") for n in HORIZONS], "areas": places(),
               "year": queries.this_year(), "whences": _WHENCES}  # fmt: skip
    return render(request, "plan/money/begin.html", context)


@access.page(right="plan.write")
def edit(request: HttpRequest, slug: str) -> HttpResponse:
    """Write a plan."""
    standing = queries.maybe(slug)
    onto = standing.plan if standing else _new(request, slug)
    number = standing.number if standing else 0
    if request.method != "POST":
        return _form(request, onto, raw_of(onto), number, [])
    raw: Raw = {name: str(value)[:8000] for name, value in request.POST.items()}
    seen = int(raw["seen"]) if raw.get("seen", "").isdecimal() and len(raw["seen"]) < 9 else -1
    made, wrong = plan_from(raw, onto)
    actor = request.actor  # type: ignore[attr-defined]
    if "do" in raw:
        raw = ROWS.after(raw, raw["do"])
        begun = drafted.keep_begun(by=actor, key=_key(slug), raw=raw, path=request.get_full_path())
        return _form(request, onto, raw, seen, [], begun=begun)
    if wrong:
        return _form(request, onto, raw, seen, wrong)
    try:
        actions.keep(plan=made, seen=seen, by=actor, why=raw.get("why", ""))
    except Wrong as error:
        return _form(request, onto, raw, seen, error.problems)
    except UserError as error:
        return _form(request, onto, raw, number, [], refused=error)
    drafted.done(actor, _key(slug))
    messages.success(request, "Kept as a new version.")
    return HttpResponseRedirect(address(slug))


def _new(request: HttpRequest, slug: str) -> MoneyPlan:
    years = request.GET.get("years", "")
    return queries.begun(
        slug=slug, name=request.GET.get("name", ""), year=queries.this_year(),
        years=int(years) if years in {str(n) for n in HORIZONS} else HORIZONS[0],
        area=request.GET.get("area", "")[:60], whence=request.GET.get("whence", ""),
    )  # fmt: skip


def _key(slug: str) -> str:
    return f"plan-money-{slug}"


def _form(
    request: HttpRequest, onto: MoneyPlan, raw: Raw, seen: int, wrong: list[Problem], *,
    refused: UserError | None = None, begun: int = 0,
) -> HttpResponse:  # fmt: skip
    rows = {part: ROWS.of(raw, part) for part in ROWS.parts}
    for part, kept in rows.items():
        least = len(kept) + 1 if raw.get(f"more.{part}") or (not kept and part != "doubled") else 0
        if request.method != "POST":
            actor = request.actor  # type: ignore[attr-defined]
            least = max(least, drafted.rows_begun(by=actor, key=_key(onto.slug), part=part))
        kept += [dict.fromkeys(ROWS.parts[part], "") for _ in range(least - len(kept))]
    context: dict[str, Any] = {
        "p": onto, "raw": raw, "rows": rows, "seen": seen, "wrong": wrong, "refused": refused,
        "at": {p.where: str(p) for p in reversed(wrong)}, "draft": _key(onto.slug),
        "begun": begun, "horizons": [(str(n), f"{n} years") for n in HORIZONS],
        "rules": list(RULES.items()), "areas": places(raw.get("area", "")),
        "tops": [("", "Within what funders give"), ("yes", "On top, and ends with it")],
        "settings": [*SETTINGS.items(), ("other", "Other")],
        "funders": [("", "Nobody named"),
                    *((row["code"], row["name"]) for row in rows["funders"] if row["code"])],
    }  # fmt: skip
    return render(request, "plan/money/edit.html", context, status=422 if wrong or refused else 200)
