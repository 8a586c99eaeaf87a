"""What did a block buy? Its activity, cost and unit, by service line and by month."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from onesystem import access
from onesystem.budget.comparing import presenters, queries
from onesystem.budget.comparing.activity import (
    Bought,
    Row,
    bought,
    screened,
    summed,
    unseen,
    veiled,
)
from onesystem.budget.comparing.pages import head
from onesystem.budget.contracts.agreement import BLOCK
from onesystem.budget.funds.exporting import exported
from onesystem.budget.funds.presenters import amount_in
from onesystem.budget.months import later
from onesystem.budget.terms import Facts, Measured, Party, Rate, Table, Terms, settle
from onesystem.budget.terms.forms import form
from onesystem.district import current
from onesystem.flow.queries import sees_people
from onesystem.vocabulary import BadConfig, UserError
from onesystem.vocabulary.said import say

DEFINED = (
    (say("Done"), say("contacts that began in the months; of care that goes on, months of care")),
    (
        say("Cost"),
        say("what they cost by the costing: own minutes and prices, else national unit costs"),
    ),
    (say("Of the block"), say("the block divided in proportion to cost, to the last penny")),
    (say("Paid for one"), say("its part of the block for each of them: what a block hides")),
    (say("Over or short"), say("the block less what its contacts cost")),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """A block over some months: whose, for which services (all if none is named), how much."""

    name: str
    provider: str
    services: tuple[str, ...]
    first: date
    last: date
    amount: int
    contract: str = ""


@require_safe
@access.page(right="budget.see")
def decompose(request: HttpRequest) -> HttpResponse:
    """A block contract, or any sum for a provider, taken into what it bought."""
    months, day = queries.whole_months(), later
    context: dict[str, Any] = {**head(request, "decompose"), "defined": DEFINED, "made": None}
    if not months:
        return render(request, "budget/comparing/decompose.html", context)
    blocks = [each for each in queries.payments(months[-1]) if each.payment.way == BLOCK]
    names = dict(queries.providers(day(months[-1], -11), months[-1]))
    context |= {
        "contracts": [("", say("A sum for a provider")), *((_key(b), b.name) for b in blocks)],
        "providers": [("", say("Choose a provider")), *names.items()],
        "months": [(f"{m:%Y-%m}", presenters.month_words(m)) for m in reversed(months)],
    }  # fmt: skip
    try:
        block = _block(request.GET, blocks, months)
    except UserError as error:
        context["wrong"] = error
        block = None
    if block is None:
        return render(request, "budget/comparing/decompose.html", context)
    try:
        listing, more = _taken_apart(request, block)
    except UserError as error:
        return render(request, "budget/comparing/decompose.html", {**context, "wrong": error})
    if taken := exported(request, listing, "block", [(say("Block"), block.name), *DEFINED]):
        return taken
    context |= {
        "block": block,
        "listing": listing,
        "provider": names.get(block.provider, ""),
        **more,
    }
    return render(request, "budget/comparing/decompose.html", context)


def _key(paid: queries.Paid) -> str:
    return f"{paid.contract}:{paid.nth}"


def _block(said: Mapping[str, str], blocks: list[queries.Paid], months: list[date]) -> Block | None:
    last = _month(said.get("to", ""), months, months[-1])
    first = _month(said.get("from", ""), months, later(last, -11))
    if first > last:
        raise UserError("the months end before they begin", "Choose an earlier first month.")
    if key := said.get("contract"):
        found = next((each for each in blocks if _key(each) == key), None)
        if found is None:
            raise UserError(
                say("no block {key} is in force", key=repr(key)), "Choose one of the list."
            )
        first, last = max(first, _first(found.since)), min(last, later(found.until, -1))
        return Block(
            name=found.name, provider=found.payment.organisation, services=found.payment.services,
            first=first, last=last, amount=_phased(found.payment.amount, first, last, found.since),
            contract=found.contract,
        )  # fmt: skip
    if not said.get("provider"):
        return None
    try:
        amount = amount_in(said.get("amount") or "0")
    except BadConfig as error:
        raise UserError(say("the block: {what}", what=error.what), error.cure) from None
    return Block(
        name=say("A sum for the months"),
        provider=said["provider"],
        services=(),
        first=first,
        last=last,
        amount=amount,
    )


def _month(text: str, months: list[date], usual: date) -> date:
    found = next((m for m in months if f"{m:%Y-%m}" == text), None)
    return found or max(usual, months[0])


def _first(day: date) -> date:
    return day.replace(day=1)


def _phased(a_year: int, first: date, last: date, since: date) -> int:
    """What of a year's block falls on the months: as it is settled."""
    months = [first]
    while months[-1] < last:
        months.append(later(months[-1], 1))
    plan = form("block").element("block", "provider", plan=Measured(rate="year", per="year"))
    terms = Terms(
        code="block", name="block", currency="", payer="funder", elements=(plan,),
        parties=(Party(code="funder"), Party(code="provider")), year_starts=since.month,
        rates=(Table(name="year", rates=(Rate(value=Fraction(a_year)),)),),
    )  # fmt: skip
    return settle(terms, Facts(months=tuple(months), currency="")).by_party["provider"]


def _taken_apart(request: HttpRequest, block: Block) -> tuple[Any, dict[str, Any]]:
    currency = current().currency
    every = queries.rows(block.first, block.last)
    found = [row for row in every if _in(row, block)]
    below = 0 if sees_people(request.actor) else current().suppress_below  # type: ignore[attr-defined]
    hidden = unseen(every, below)
    parts = _parts(block, found, below, "service", hidden)
    by_month = _parts(block, found, below, "month", hidden)
    parts = sorted(parts, key=lambda part: part.line.hidden)
    here = current()
    names = {part.line.key: here.service_name(str(part.line.key)) for part in parts}
    listing = presenters.bought(
        parts,
        names,
        currency,
        head=say("Service"),
        query=request.GET,
        caption=say("What it bought, by service"),
        empty_title=say("Nothing was done in these months"),
        empty_advice=say("Choose other months."),
    )
    by_month = sorted(by_month, key=lambda part: part.line.key)
    months = presenters.bought(
        by_month, {p.line.key: presenters.month_words(p.line.key) for p in by_month}, currency,
        head=say("Month"), caption=say("What it bought, by month"), query={},
    )  # fmt: skip
    those = {(row.organisation, row.service) for row in found}
    if len(those) == 1 and those <= hidden:
        raise UserError(
            "there are too few contacts in these months to show", "Choose more months, or services."
        )
    spent = sum(row.cost for row in found)
    return listing, {
        "by_month": months, "made": True, "spent": spent, "whole": presenters.whole,
        "left": block.amount - spent, "currency": currency, "bars": _bars(by_month, block),
        "hidden": any(part.line.hidden for part in parts),
    }  # fmt: skip


def _in(row: Row, block: Block) -> bool:
    return row.organisation == block.provider and (
        not block.services or row.service in block.services
    )


def _parts(
    block: Block, found: list[Row], below: int, by: str, hidden: set[tuple[str, str]]
) -> list[Bought]:
    """Divided first and screened then: what is hidden has its part all the same."""

    def key(row: Row) -> Any:
        return getattr(row, by)

    lines = summed(found, key)
    shown = {line.key: line for line in veiled(screened(lines, below), found, key, hidden)}
    return [Bought(line=shown[p.line.key], paid=p.paid) for p in bought(block.amount, lines)]


def _bars(parts: list[Bought], block: Block) -> dict[str, Any]:
    """Cost of each month as a bar, and a line where the block would be."""
    each = block.amount / max(1, len(parts))
    top = max([each, *(part.line.cost for part in parts)], default=1) or 1
    step = 700 / max(1, len(parts))
    bars = [
        {"x": 50 + at * step, "h": 150 * part.line.cost / top, "w": step * 0.7,
         "words": presenters.month_words(part.line.key), "short": f"{part.line.key:%b}"}
        for at, part in enumerate(parts)
    ]  # fmt: skip
    return {"bars": bars, "line": 165 - 150 * each / top}
