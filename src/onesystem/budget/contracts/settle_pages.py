"""Settling a period from a page: worked out, read line by line, signed, posted, corrected."""

from datetime import date
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from onesystem import access
from onesystem.budget.contracts import presenters, queries, settling
from onesystem.budget.contracts.knowing import around
from onesystem.budget.contracts.pages import head, today
from onesystem.budget.months import later
from onesystem.district import current
from onesystem.flow.showing.common import file_of
from onesystem.flow.showing.workbook import Sheet, workbook
from onesystem.vocabulary import NotPermitted, UserError
from onesystem.vocabulary.said import say
from onesystem.vocabulary.tables import plain


@access.page(right="contracts.keep")
def settle(request: HttpRequest, slug: str) -> HttpResponse:
    """Choose the months, and work them out."""
    known = queries.contract(slug)
    said, problem = request.POST or request.GET, ""
    since, until = said.get("since", ""), said.get("until", "")
    if request.method == "POST":
        try:
            made = settling.settle(
                slug=slug, since=_month(since, "first"), until=later(_month(until, "last")),
                by=request.actor, why=said.get("why", ""),  # type: ignore[attr-defined]
            )  # fmt: skip
        except NotPermitted:
            raise
        except UserError as error:
            problem = str(error)
        else:
            to = reverse("contracts:settlement", args=[slug, made])
            return HttpResponseRedirect(to)
    usual = _usual(known)
    context = {
        **head(request), "contract": known, "problem": problem, "why": said.get("why", ""),
        "since": since or usual[0], "until": until or usual[1],
    }  # fmt: skip
    status = 422 if problem else 200
    return render(request, "budget/contracts/settle.html", context, status=status)


def _month(text: str, which: str) -> date:
    try:
        return date.fromisoformat(f"{text.strip()[:7]}-01")
    except ValueError:
        raise UserError(
            say("the {which} month is no month", which=which), "Write it like 2026-03."
        ) from None


def _usual(known: queries.Contract) -> tuple[str, str]:
    """The months of the version in force that are over and not settled."""
    day = today()
    stands = [
        r for r in queries.settlements(known.slug) if r.state == "posted" and not r.reversed_by
    ]
    begun = [v for v in known.versions if v.state == "published" and v.row.since <= day]
    if not begun:
        return "", ""
    made = max(begun, key=lambda v: v.row.since).agreement
    since = max([made.since, *(r.until for r in stands if r.until <= made.until)])
    last = min(made.until, date(day.year, day.month, 1))
    if last <= since:
        since, last = made.since, made.until
    before = later(last, -1)
    return f"{since:%Y-%m}", f"{before:%Y-%m}"


@require_safe
@access.page(right="budget.see")
def settlement(request: HttpRequest, slug: str, settlement: int) -> HttpResponse:
    """Who has what, and how was it worked out: line by line, each with its rule and source?"""
    known, one, near = queries.contract(slug), queries.settled(slug, settlement), around()
    currency = current().currency
    found = presenters.results(one, near)
    context: dict[str, Any] = {
        **head(request), "contract": known, "one": one, "row": one.row,
        "period": presenters.period(one.row.since, one.row.until),
        "state": presenters.settlement_state(one.row),
        "steps": presenters.steps(one, near, currency), "results": found,
        "bars": presenters.bars(found), **presenters.signed_by(one, slug, near),
        "rerun": settling.rerun(slug, settlement), "open": one.row.state in settling.OPEN,
        "stands": one.row.state == "posted" and not one.row.reversed_by,
        "postings": one.postings, "facts": one.kept["origins"],
        "money": lambda minor: presenters.money(minor, currency),
    }  # fmt: skip
    return render(request, "budget/contracts/settlement.html", context)


@require_POST
@access.page(right="contracts.keep")
def act(request: HttpRequest, slug: str, settlement: int, act: str) -> HttpResponse:
    """Sign, post, withdraw or correct."""
    said, by = request.POST, request.actor  # type: ignore[attr-defined]
    to = settlement
    try:
        match act:
            case "sign":
                settling.sign(slug=slug, settlement=settlement, party=said.get("party", ""),
                              signatory=said.get("signatory", ""), by=by)  # fmt: skip
                done = say("The signature is saved.")
            case "post":
                numbers = settling.post(slug=slug, settlement=settlement, by=by)
                done = say("Posted to the ledger.") if numbers else say("Nothing was left to pay.")
            case "withdraw":
                settling.withdraw(slug=slug, settlement=settlement, by=by, why=said.get("why", ""))
                done = say("The settlement is withdrawn. Nothing of it moved.")
            case "correct":
                to = settling.correct(
                    slug=slug, settlement=settlement, by=by, why=said.get("why", "")
                )
                done = say("Worked out anew. Once it is posted, it reverses the one before.")
            case _:
                raise Http404(act)
    except NotPermitted:
        raise
    except UserError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, done)
    return HttpResponseRedirect(reverse("contracts:settlement", args=[slug, to]))


@require_safe
@access.page(right="budget.see")
def file(request: HttpRequest, slug: str, settlement: int) -> HttpResponse:
    """The working as CSV, as a workbook with the facts, or as the JSON that was kept."""
    form, one, near = request.GET.get("format", "csv"), queries.settled(slug, settlement), around()
    if form not in ("csv", "xlsx", "json"):
        raise Http404(form)
    listing = presenters.lines_listing(one, near, {}, current().currency)
    settling.looked(slug, settlement, request.actor)  # type: ignore[attr-defined]
    name = f"{slug}-settlement-{settlement}"
    if form == "csv":
        return file_of(listing.as_csv(), form, name)
    if form == "json":
        response = HttpResponse(one.row.facts, content_type="application/json")
        response["Content-Disposition"] = f'attachment; filename="{name}.json"'
        response["Cache-Control"] = "no-store"
        return response
    heads = [c.label for c in listing.columns]
    rows = [[plain(cell) for cell in row] for row in listing.all_rows]
    facts = [[o["fact"], o["words"], o["total"], o["unit"], o["kind"]] for o in one.kept["origins"]]
    sheets = (
        Sheet(name="Working", head=heads, rows=rows, widths=(6, 30, 60, 40, 34, 18)),
        Sheet(name="Facts", head=("Fact", say("What it is"), "Total", "Unit", "From"), rows=facts,
              widths=(24, 50, 20, 12, 12)),
    )  # fmt: skip
    return file_of(workbook(*sheets), form, name)
