"""Writing a year's agreement: what is wrong stands at its field, nothing that was typed is lost."""

from dataclasses import replace
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.http import require_POST, require_safe

from onesystem import access
from onesystem.budget import drafted
from onesystem.budget.months import Year
from onesystem.budget.pooled import actions, presenters, queries, reading
from onesystem.budget.pooled.agreement import BODIES, KINDS, LEFT, OBJECTIVES, TYPES, Agreement
from onesystem.budget.pooled.checks import Wrong
from onesystem.budget.pooled.editing import ROWS, agreement_from, raw_of
from onesystem.budget.pooled.frameworks import frameworks
from onesystem.budget.pooled.pages import head
from onesystem.budget.pooled.phasing import PHASINGS
from onesystem.budget.pooled.typed import code
from onesystem.district import current
from onesystem.flow.measures import library
from onesystem.vocabulary import UserError
from onesystem.vocabulary.said import say
from onesystem.vocabulary.typed import Problem, Raw, whole_or

Options = list[tuple[str, str]]


@require_safe
@access.page(right="pooled.keep")
def begin(request: HttpRequest) -> HttpResponse:
    """Begin a fund, or the next year of one."""
    running = Year.on(queries.today())
    context = {
        "years": [(y.slug, y.name) for y in (running.before, running, running.after)],
        "running": running.slug,
        "funds": [(f.agreement.fund, f.agreement.name) for f in queries.funds()],
    }
    return render(request, "budget/pooled/begin.html", context)


@require_POST
@access.page(right="pooled.keep")
def start(request: HttpRequest) -> HttpResponse:
    """Where to write the agreement that was asked for."""
    year = Year.of(request.POST.get("year", "").replace("-", "/"))
    fund, name = request.POST.get("fund", ""), request.POST.get("name", "").strip()
    if not fund:
        taken = {f.agreement.fund for f in queries.funds()}
        fund = code(name or say("pooled fund"), taken)
    from urllib.parse import quote

    return HttpResponseRedirect(f"/pooled/{fund}/edit/?year={year.slug}&name={quote(name)}")


@access.page(right="pooled.keep")
def edit(request: HttpRequest, fund: str) -> HttpResponse:
    """Write the agreement of a year."""
    year = Year.of(request.GET.get("year", Year.on(queries.today()).slug).replace("-", "/"))
    standing = reading.maybe(fund, year.name)
    onto = standing.agreement if standing else _new(fund, year, request.GET.get("name", ""))
    number = standing.number if standing else 0
    if request.method != "POST":
        return _form(request, onto, raw_of(onto), number, [])
    raw: Raw = {name: str(value)[:8000] for name, value in request.POST.items()}
    seen = whole_or(raw.get("seen"), -1)
    made, wrong = agreement_from(raw, onto)
    if "do" in raw:
        raw = ROWS.after(raw, raw["do"])
        begun = drafted.keep_begun(
            by=request.actor,
            key=_key(onto),
            raw=raw,
            path=request.get_full_path(),  # type: ignore[attr-defined]
        )
        return _form(request, onto, raw, seen, [], begun=begun)
    if wrong:
        return _form(request, onto, raw, seen, wrong)
    try:
        actions.keep(agreement=made, seen=seen, by=request.actor, why=raw.get("why", ""))  # type: ignore[attr-defined]
    except Wrong as error:
        return _form(request, onto, raw, seen, error.problems)
    except UserError as error:
        return _form(request, onto, raw, number, [], refused=error)
    drafted.done(request.actor, _key(onto))  # type: ignore[attr-defined]
    messages.success(
        request, say("Saved, and the plan in the ledger follows. You can take it back.")
    )
    return HttpResponseRedirect(f"/pooled/{fund}/?year={year.slug}")


@require_POST
@access.page(right="pooled.keep")
def undo(request: HttpRequest, fund: str) -> HttpResponse:
    """Take the last change back."""
    context = head(request, fund, "history")
    actions.undo(
        fund=fund,
        year=context["a"].year,
        seen=_seen(request),
        by=request.actor,  # type: ignore[attr-defined]
    )
    messages.success(request, say("Taken back: what was agreed before stands, in the ledger too."))
    return HttpResponseRedirect(f"/pooled/{fund}/history/{context['kept']}")


def _seen(request: HttpRequest) -> int:
    return whole_or(request.POST.get("seen"), -1)


def _new(fund: str, year: Year, name: str) -> Agreement:
    """The year before's, to be changed; else an empty one."""
    before = reading.maybe(fund, year.before.name)
    if before is None:
        return Agreement(fund=fund, year=year.name, name=name, host="")
    schemes = tuple(s for s in before.agreement.schemes if not s.until or s.until >= year.first)
    return replace(before.agreement, year=year.name, signed=None, schemes=schemes)


def _key(a: Agreement) -> str:
    return f"pooled-{a.fund}-{Year.of(a.year).slug}"


def _form(
    request: HttpRequest, onto: Agreement, raw: Raw, seen: int, wrong: list[Problem], *,
    refused: UserError | None = None, begun: int = 0,
) -> HttpResponse:  # fmt: skip
    rows = {part: ROWS.of(raw, part) for part in ROWS.parts}
    for part, kept in rows.items():
        least = len(kept) + 1 if raw.get(f"more.{part}") or not kept else 0
        if request.method != "POST":
            least = max(least, drafted.rows_begun(by=request.actor, key=_key(onto), part=part))  # type: ignore[attr-defined]
        kept += [dict.fromkeys(ROWS.parts[part], "") for _ in range(least - len(kept))]
    context: dict[str, Any] = {
        "a": onto, "raw": raw, "rows": rows, "seen": seen, "wrong": wrong, "refused": refused,
        "at": {p.where: str(p) for p in reversed(wrong)}, "draft": _key(onto), "begun": begun,
        "year": Year.of(onto.year), **_choices(rows),
    }  # fmt: skip
    return render(
        request, "budget/pooled/edit.html", context, status=422 if wrong or refused else 200
    )


def _choices(rows: dict[str, list[Raw]]) -> dict[str, Any]:
    here = current()
    partners = [(r["code"], r["name"] or r["code"]) for r in rows["partners"] if r["code"]]
    paid = [(r["code"], r["words"] or r["code"]) for r in rows["contributions"] if r["code"]]
    named = sorted(((c, o.name) for c, o in here.organisations.items()),
                   key=lambda pair: pair[1].casefold())  # fmt: skip
    used = {asked.name for rules in frameworks() for asked in rules.measures}
    every = sorted(library.everything().values(),
                   key=lambda m: (m.name not in used, m.title.casefold()))  # fmt: skip
    return {
        "partners": [("", say("Choose")), *partners], "paid": [("", say("Choose")), *paid],
        "organisations": [("", say("Choose")), *named], "kinds": list(KINDS.items()),
        "types": list(TYPES.items()), "phasings": list(PHASINGS.items()),
        "objectives": [("", say("None named")), *OBJECTIVES.items()],
        "measures": [("", say("None")), *((m.name, m.title) for m in every)],
        "bodies": list(BODIES.items()), "orders": presenters.ORDERS,
        "lefts": [(k, say("It {w}", w=w)) for k, w in LEFT.items()],
        "services": sorted(here.services),
    }  # fmt: skip
