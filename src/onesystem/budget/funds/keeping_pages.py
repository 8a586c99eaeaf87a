"""Funds and who gives to them, fences and what they ask, shared goals and what serves them."""

from fractions import Fraction
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST

from onesystem import access
from onesystem.budget.funds import actions, books, fences, presenters, queries, tied
from onesystem.budget.funds.asked import asked
from onesystem.budget.funds.exporting import exported
from onesystem.budget.funds.pages import head, line_names
from onesystem.budget.funds.shape import KINDS, Line
from onesystem.budget.months import last_day, month_in
from onesystem.district import current
from onesystem.vocabulary import BadConfig, UserError
from onesystem.vocabulary.said import begun, say
from onesystem.vocabulary.tables import Column, Listing
from onesystem.vocabulary.typed import fraction_of, whole_or

_DO = ("fund", "contribute", "line", "allot")


@access.page(right="budget.see")
def all_funds(request: HttpRequest) -> HttpResponse:
    """Who gave how much to which fund, of which kind, and what of it is allotted?"""
    if request.method == "POST":
        access.require(request.actor, "budget.move")  # type: ignore[attr-defined]
        return _kept(request, "all_funds", _funds_page, _fund_act)
    return _funds_page(request)


def _fund_act(request: HttpRequest) -> str:
    said, by = request.POST, request.actor  # type: ignore[attr-defined]
    match said.get("do", ""):
        case "fund":
            actions.open_fund(code=said["code"], name=said["name"], by=by,
                              since=month_in(said["since"]))  # fmt: skip
            return say("Opened.")
        case "contribute":
            actions.contribute(
                fund=said["fund"], organisation=said["organisation"], kind=said["kind"],
                amount=presenters.amount_in(said["amount"]), month=month_in(said["month"]),
                words=said["words"], by=by,
            )  # fmt: skip
            return say("Given. It lies on the fund's own line until it is allotted.")
        case "line":
            actions.open_line(line=_line(said), by=by)
            return say("Opened. Allot money to it next.")
        case "allot":
            actions.allot(
                amounts={said["line"]: presenters.amount_in(said["amount"])},
                month=month_in(said["month"]), words=said["words"], by=by,
            )  # fmt: skip
            return say("Allotted.")
    raise BadConfig("nothing was chosen to do", "Choose one of the forms.")


def _line(said: Any) -> Line:
    names = ("code", "name", "fund", "programme", "organisation", "service", "setting", "goal")
    return Line(**{name: said.get(name, "").strip()[:200] for name in names})


def _funds_page(request: HttpRequest, error: UserError | None = None) -> HttpResponse:
    said, currency, here = asked(request.GET), current().currency, current()
    funds, given = queries.funds(), [
        a for a in queries.acts(year=said.year) if a.source
    ]  # fmt: skip
    gave: dict[tuple[str, str, str], int] = {}
    for act in given:
        sign = -1 if act.kind == "undo" else 1
        key = (act.fund, act.organisation, act.source)
        gave[key] = gave.get(key, 0) + sign * act.amount
    names = {code: each.name for code, each in here.organisations.items()}
    listing = Listing(
        caption="Contributions", query=request.GET,
        columns=(Column("fund", "Fund"), Column("organisation", "Given by"), Column("kind", "Kind"),
                 Column("amount", f"Contributed in {said.year.name}", right=True)),
        all_rows=[[funds[f].name if f in funds else f, names.get(o, o), k,
                   presenters.cell(n, currency)] for (f, o, k), n in sorted(gave.items()) if n],
        empty_title="Nobody has given anything yet", empty_advice="Contribute below.",
    )  # fmt: skip
    defined = presenters.definitions(said.year, said.month, said.method, currency)
    if taken := exported(request, listing, "contributions", defined):
        return taken
    plan = books.by_line(books.PLAN, said.year.first, said.year.last)
    total = queries.position("fund", month=said.month)
    context = {
        **head(request, "all_funds"),
        "year": said.year,
        "listing": listing,
        "error": error,
        "typed": request.POST,
        "do": request.POST.get("do", ""),
        "funds": [
            {
                "fund": f,
                "given": presenters.exact(_of(total, f.code, "contributed"), currency),
                "plan": presenters.exact(_of(total, f.code, "plan"), currency),
                "rest": presenters.exact(plan.get(f.unallotted, 0), currency),
            }
            for f in funds.values()
        ],
        "fund_options": [(f.code, f.name) for f in funds.values()],
        "kinds": [(k, begun(k)) for k in KINDS],
        "organisations": presenters.options(sorted(names.items(), key=lambda p: p[1]), "Nobody"),
        "lines": [(e.code, e.name) for e in queries.lines() if not e.unallotted],
        "goals": presenters.options(
            [(g.code, g.words) for g in queries.goals().values()], say("None")
        ),
        "months": [
            (f"{m:%Y-%m}", presenters.month_words(m))
            for y in (said.year, said.year.after)
            for m in y.months
            if not books.closed(m)
        ],
    }
    return render(request, "budget/funds/funds.html", context, status=400 if error else 200)


def _of(whole: queries.Whole, code: str, what: str) -> int:
    return next((getattr(r, what) or 0 for r in whole.rows if r.key == code), 0)


@access.page(right="budget.see")
def all_fences(request: HttpRequest) -> HttpResponse:
    """Which fences are in force, what do they ask, and is each kept?"""
    if request.method == "POST":
        access.require(request.actor, "budget.move")  # type: ignore[attr-defined]
        return _kept(request, "all_fences", _fences_page, _fence_act)
    return _fences_page(request)


def _fence_act(request: HttpRequest) -> str:
    said, basis = request.POST, request.POST.get("basis", "")
    fixed = basis == fences.AMOUNT
    seen = said.get("seen", "0")
    actions.set_fence(
        code=said["code"], name=said["name"], kind=said["kind"], at=said["at"], basis=basis,
        amount=presenters.amount_in(said["level"]) if fixed else 0,
        share=Fraction(1) if fixed else _share(said["level"]),
        fund=said.get("fund", ""), source=said["source"], since=month_in(said["since"]),
        until=last_day(month_in(said["until"])) if said.get("until") else None,
        by=request.actor, seen=whole_or(seen, 0),  # type: ignore[attr-defined]
    )  # fmt: skip
    return say("Set. Every move is held against it from now on.")


def _share(text: str) -> Fraction:
    try:
        return fraction_of(text.replace("%", "")) / 100
    except ValueError:
        raise BadConfig(
            say("{text} is no share", text=repr(text)), "Write it in per cent: 105"
        ) from None


def _fences_page(request: HttpRequest, error: UserError | None = None) -> HttpResponse:
    said, currency = asked(request.GET), current().currency
    states, together = queries.fence_states(said.year)
    rows = [presenters.fence_row(s, currency) for s in states]
    table = Listing(
        caption="Fences", query=request.GET,
        columns=tuple(Column(k, k.capitalize()) for k in
                      ("name", "kind", "lines", "asks", "basis", "held", "state", "source")),
        all_rows=[[r["fence"].name, r["kind"], r["where"], r["asks"], r["basis"], r["held"],
                   r["kept"][0], r["fence"].source] for r in rows],
    )  # fmt: skip
    if taken := exported(request, table, "fences", [(say("Year"), said.year.name)]):
        return taken
    context = {
        **head(request, "all_fences"),
        "year": said.year,
        "rows": rows,
        "together": together,
        "error": error,
        "typed": request.POST,
        "edit": _edited(request),
        "kinds": [
            ("ring", say("Ring fence: what was given stays there")),
            ("floor", say("Floor: at least so much")),
            ("ceiling", say("Ceiling: at most so much")),
        ],
        "bases": [(k, begun(v)) for k, v in fences.BASES.items()],
        "funds": presenters.options(
            [(f.code, f.name) for f in queries.funds().values()], say("None")
        ),
        "months": [
            (f"{m:%Y-%m}", presenters.month_words(m))
            for y in (said.year, said.year.after)
            for m in y.months
        ],
    }
    return render(request, "budget/funds/fences.html", context, status=400 if error else 200)


def _edited(request: HttpRequest) -> dict[str, Any]:
    """A fence as its form shows it: what was typed, else the fence of the address."""
    if request.method == "POST":
        return {k: v for k, v in request.POST.items() if isinstance(v, str)}
    code = request.GET.get("edit", "")
    if not code:
        return {}
    one = queries.fence(code)
    fixed = one.basis == fences.AMOUNT
    return {
        "code": one.code, "name": one.name, "kind": one.kind, "at": str(one.where),
        "basis": one.basis, "fund": one.fund, "source": one.source, "seen": one.number,
        "level": f"{one.amount / 100:.2f}" if fixed else f"{float(one.share) * 100:g}",
        "since": f"{one.since:%Y-%m}", "until": f"{one.until:%Y-%m}" if one.until else "",
    }  # fmt: skip


@access.page(right="budget.see")
def all_goals(request: HttpRequest) -> HttpResponse:
    """Which shared goals are there, what money serves each, and what serves none?"""
    if request.method == "POST":
        access.require(request.actor, "budget.move")  # type: ignore[attr-defined]
        return _kept(request, "all_goals", _goals_page, _goal_act)
    return _goals_page(request)


def _goal_act(request: HttpRequest) -> str:
    said = request.POST
    actions.set_goal(code=said["code"], words=said["words"], measure=said.get("measure", ""),
                     by=request.actor)  # type: ignore[attr-defined]  # fmt: skip
    return say("Agreed.")


def _goals_page(request: HttpRequest, error: UserError | None = None) -> HttpResponse:
    said, currency = asked(request.GET), current().currency
    whole = queries.position("goal", month=said.month)
    goals, at = queries.goals(), {row.key: row for row in whole.rows}
    contracts = tied.contracts()
    rows = [
        {"goal": goal, "of": at[code].of if code in at else 0,
         "plan": presenters.exact(at[code].plan if code in at else 0, currency),
         "actual": presenters.exact(at[code].actual if code in at else 0, currency),
         "contracts": [c for c in contracts if code in c.goals]}
        for code, goal in goals.items()
    ]  # fmt: skip
    plan = books.by_line(books.PLAN, said.year.first, said.year.last)
    context = {
        **head(request, "all_goals"),
        "year": said.year,
        "rows": rows,
        "error": error,
        "typed": request.POST,
        "without": [
            (each, presenters.exact(plan.get(each.code, 0), currency), queries.seen(each.code))
            for each in queries.goalless()
        ],
        "contracts": [c for c in contracts if not c.goals],
        "goals": presenters.options(
            [(g.code, g.words) for g in goals.values()], say("Choose a goal")
        ),
        "names": line_names(),
    }
    return render(request, "budget/funds/goals.html", context, status=400 if error else 200)


@require_POST
@access.page(right="budget.move")
def tie(request: HttpRequest, code: str) -> HttpResponse:
    """Say which shared goal a line serves."""
    number = request.POST.get("seen", "")
    try:
        actions.tie(line=code, goal=request.POST.get("goal", ""), by=request.actor,  # type: ignore[attr-defined]
                    seen=whole_or(number, -1))  # fmt: skip
    except UserError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, say("Saved."))
    back = request.POST.get("back", "")
    to = reverse("funds:all_goals") if back == "goals" else reverse("funds:line", args=[code])
    return HttpResponseRedirect(to)


def _kept(request: HttpRequest, name: str, page: Any, act: Any) -> HttpResponse:
    """Do what a form says: then its page again; or the page with what is wrong, and the typing."""
    try:
        words = act(request)
    except UserError as error:
        return page(request, error)  # type: ignore[no-any-return]
    except KeyError as missing:
        return page(
            request, BadConfig(say("{missing} was not sent", missing=missing), say("Fill it in."))
        )  # type: ignore[no-any-return]
    messages.success(request, words)
    return HttpResponseRedirect(reverse(f"funds:{name}"))
