"""Where does the money go that no one could see? Spend by provider and service line, open book."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_safe

from onesystem import access
from onesystem.budget.comparing import presenters, queries
from onesystem.budget.comparing.activity import Line, Row, screened, summed, unseen, veiled
from onesystem.budget.comparing.pages import head
from onesystem.budget.contracts.agreement import BLOCK, EACH, PLAN
from onesystem.budget.funds.exporting import exported
from onesystem.budget.months import later
from onesystem.district import current
from onesystem.flow.queries import sees_people
from onesystem.vocabulary.said import listed, say, say_each
from onesystem.vocabulary.tables import Cell, Listing

_WAYS = say_each(
    {BLOCK: "in a block", EACH: "at a price for each", PLAN: "by a plan with variation"}
)
DEFINED = (
    (say("Done"), say("contacts that began in the months; of care that goes on, months of care")),
    (say("Cost"), say("what they cost by the costing, whoever paid for it and however")),
    (
        say("National prices"),
        say("the part of the cost that rests on national unit costs, not on its own"),
    ),
    (
        say("How it is paid"),
        say("by which contract in force; none: no contract says what this is paid for"),
    ),
    (say("Few"), say("fewer contacts than the district shows to those who may not see people")),
)


@require_safe
@access.page(right="budget.see")
def spend(request: HttpRequest) -> HttpResponse:
    """By provider; of one provider by service; of one service line by line."""
    months, said = queries.whole_months(), request.GET
    context: dict[str, Any] = {**head(request, "spend"), "defined": DEFINED}
    if not months:
        return render(request, "budget/comparing/spend.html", context)
    last = _month(said.get("to", ""), months, months[-1])
    first = min(_month(said.get("from", ""), months, later(last, -11)), last)
    every = queries.rows(first, last)
    rows = [row for row in every if _wanted(row, said)]
    below = 0 if sees_people(request.actor) else current().suppress_below  # type: ignore[attr-defined]
    hidden = unseen(every, below)
    few = _few(rows, below, hidden)
    rows = [] if few else rows
    listing = _listing(rows, said, below, _paid(last), hidden)
    if taken := exported(
        request,
        listing,
        "spend",
        [(say("Months"), say("{first} to {last}", first=first, last=last)), *DEFINED],
    ):
        return taken
    total, blocks = sum(row.cost for row in rows), _covered(rows, _paid(last))
    context |= {
        "listing": listing, "first": f"{first:%Y-%m}", "last": f"{last:%Y-%m}", "total": total,
        "months": [(f"{m:%Y-%m}", presenters.month_words(m)) for m in reversed(months)],
        "settings": [("", say("Any setting")), *_settings(first, last)], "crumbs": _crumbs(said),
        "currency": current().currency, "whole": presenters.whole, "unseen": blocks,
        "share": round(100 * blocks / total) if total else 0, "hidden": below,
        "trend": _trend(rows, below), "few": few,
    }  # fmt: skip
    return render(request, "budget/comparing/spend.html", context)


def _month(text: str, months: list[date], usual: date) -> date:
    return next((m for m in months if f"{m:%Y-%m}" == text), max(usual, months[0]))


def _wanted(row: Row, said: Mapping[str, str]) -> bool:
    for name, has in (("provider", row.organisation), ("service", row.service),
                      ("setting", row.setting)):  # fmt: skip
        if said.get(name) and said[name] != has:
            return False
    words = said.get("q", "").casefold().split()
    about = f"{_organisation(row.organisation)} {current().service_name(row.service)} {row.setting}"
    return all(word in about.casefold() for word in words)


def _few(rows: list[Row], below: int, hidden: set[tuple[str, str]]) -> bool:
    """Whether all that is asked for is of so few people that nothing of it is shown."""
    those = {(row.organisation, row.service) for row in rows}
    count = sum(line.count for line in summed(rows, lambda _: ""))
    return bool(rows) and (count < below or (len(those) == 1 and those <= hidden))


def _settings(first: date, last: date) -> list[tuple[str, str]]:
    return [(s, s) for s in sorted({row.setting for row in queries.rows(first, last)})]


Ways = dict[tuple[str, str], tuple[str, str, str]]


def _paid(day: date) -> Ways:
    """Provider and service (empty: all of them) to contract, its name and the way it pays."""
    found: Ways = {}
    for each in queries.payments(day):
        for service in each.payment.services or ("",):
            key = each.payment.organisation, service
            found.setdefault(key, (each.contract, each.name, each.payment.way))
    return found


def _way(ways: Ways, provider: str, service: str) -> tuple[str, str, str] | None:
    return ways.get((provider, service)) or ways.get((provider, ""))


def _covered(rows: list[Row], ways: Ways) -> int:
    """What is in a block or in no contract: what no price ever showed."""
    shown = (EACH, PLAN)
    return sum(
        row.cost
        for row in rows
        if (way := _way(ways, row.organisation, row.service)) is None or way[2] not in shown
    )


def _listing(
    rows: list[Row], said: Mapping[str, str], below: int, ways: Ways, hidden: set[tuple[str, str]]
) -> Listing:
    currency, total = current().currency, sum(row.cost for row in rows)
    by, heads, told = _grain(said, ways)
    lines = veiled(screened(summed(rows, by), below), rows, by, hidden)
    return presenters.spend(
        sorted(lines, key=lambda line: line.hidden),
        heads,
        told,
        currency,
        total,
        query=said,
        caption=say("Spend that the contacts of the log make"),
        exports=False,
        empty_title=say("Nothing was spent"),
        empty_advice=say("Choose other months, or another filter."),
    )


Told = Callable[[Line], tuple[list[Any], Any]]


def _grain(
    said: Mapping[str, str], ways: Ways
) -> tuple[Callable[[Row], Any], tuple[str, ...], Told]:
    """What the rows are by, as deep as somebody went."""
    if said.get("service"):
        return (
            lambda row: (row.kind, row.name, row.rule),
            (say("Line"), say("Rule")),
            lambda line: (
                [": ".join(filter(None, line.key[:2])) or say("not costed"), line.key[2]],
                "",
            ),
        )  # type: ignore[index]
    if said.get("provider"):

        def service(line: Line) -> tuple[list[Any], Any]:
            code = str(line.key)
            name = Cell(current().service_name(code), href=_link(said, service=code))
            return [name, str(current().setting_of(code) or "")], _how(ways, said["provider"], code)

        return (lambda row: row.service), (say("Service"), say("Setting")), service

    def provider(line: Line) -> tuple[list[Any], Any]:
        code = str(line.key)
        return [Cell(_organisation(code), href=_link(said, provider=code))], _how(ways, code, "")

    return (lambda row: row.organisation), (say("Provider"),), provider


def _how(ways: Ways, provider: str, service: str) -> Any:
    found = _way(ways, provider, service)
    if found is None and not service:
        some = sorted({words[2] for key, words in ways.items() if key[0] == provider})
        told = listed(_WAYS[way] for way in some)
        return say("by service: {ways}", ways=told) if some else say("none")
    if found is None:
        return say("none")
    slug, name, way = found
    href = reverse("contracts:contract", args=[slug])
    return Cell(listed([_WAYS[way], name], ": "), value=_WAYS[way], href=href)


def _organisation(code: str) -> str:
    here = current().organisations
    return here[code].name if code in here else code or say("nobody that the district knows")


def _link(said: Mapping[str, str], **more: str) -> str:
    kept = {k: v for k, v in said.items() if v and k not in ("sort", "page", "q", "format")}
    return "?" + urlencode({**kept, **more})


def _crumbs(said: Mapping[str, str]) -> list[tuple[str, str]]:
    kept = {k: v for k, v in said.items() if k in ("from", "to", "setting") and v}
    found = [(say("All providers"), "?" + urlencode(kept))]
    if provider := said.get("provider"):
        found.append((_organisation(provider), "?" + urlencode({**kept, "provider": provider})))
    if service := said.get("service"):
        found.append((current().service_name(service), ""))
    return found


def _trend(rows: list[Row], below: int) -> list[dict[str, Any]]:
    """Cost by month as bars; months with few contacts are left out."""
    lines = sorted(screened(summed(rows, lambda row: row.month), below), key=lambda each: each.key)
    top = max((line.cost for line in lines), default=0) or 1
    step = 700 / max(1, len(lines))
    return [
        {"x": 50 + at * step, "w": step * 0.7, "h": 110 * line.cost / top,
         "short": f"{line.key:%b}", "words": presenters.month_words(line.key),  # type: ignore[arg-type]
         "amount": presenters.whole(line.cost, current().currency)}
        for at, line in enumerate(lines)
    ]  # fmt: skip
