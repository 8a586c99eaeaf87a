"""The working of a service's costs: its lines summed, each with its rate and source."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from typing import Any

from onesystem.budget.costing import loading, presenters, queries
from onesystem.budget.costing.cells import Cell, month_of
from onesystem.budget.costing.pricing import Book, said
from onesystem.budget.costing.rates import NoRate, Rule
from onesystem.district import District, current
from onesystem.vocabulary.said import say


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitCost:
    """What contacts of a service cost by one rule: the sum, a contact of it, and its lines."""

    rule: str
    words: str
    basis: str
    kind: str
    contacts: int
    minor: str
    mean: str
    source: str
    lines: tuple[dict[str, str], ...]


def of_service(service: str, first: date, last: date) -> list[UnitCost]:
    """By rule, the dearest first; prices and sources are those of the last month."""
    here, book = current(), loading.book()
    by_rule: dict[str, list[Cell]] = defaultdict(list)
    for cell in queries.cells(first, last, service=service):
        by_rule[cell.rule].append(cell)
    found = queries.costs(first, last, by=("rule",), service=service)
    many = {cost["rule"]: cost for cost in found}
    order = sorted(by_rule, key=lambda name: -many[name].minor)
    return [_unit(name, by_rule[name], many[name], book, here) for name in order]


def _unit(
    name: str, cells: list[Cell], cost: queries.Cost, book: Book, here: District
) -> UnitCost:  # fmt: skip
    month = month_of(max(cell.month for cell in cells))
    rule = next((r for r in book.rules.rules if r.name == name and r.on(month)), None)
    words, kind = presenters.BASES[cells[0].basis]
    setting = cells[0].setting
    return UnitCost(
        rule=name, words=rule.words if rule else name or say("No rule"), basis=words, kind=kind,
        contacts=cost.contacts, minor=presenters.money(cost.minor, here),
        mean=presenters.money(round(cost.mean or 0), here),
        source=rule.source if rule else book.rules.none.get(setting, "no rule says what it costs"),
        lines=tuple(_lines(rule, cells, cost, book, month, here)) if rule else (),
    )  # fmt: skip


def _lines(
    rule: Rule, cells: list[Cell], cost: queries.Cost, book: Book, month: date, here: District
) -> Any:  # fmt: skip
    priced = book.priced(rule, cells[0].service, month)
    for number, line in enumerate(priced.lines):
        mine = [cell for cell in cells if cell.line == number]
        minor, quantity = sum(c.minor for c in mine), sum(c.quantity for c in mine)
        overhead = line.kind == "overhead"
        yield {
            "kind": presenters.KINDS[line.kind], "words": line.words, "source": line.source,
            "quantity": "" if overhead else f"{quantity:,} {presenters.UNITS[line.unit]}",
            "price": f"{said(line.percent)} %" if overhead else presenters.price(line.price, here),
            "minor": presenters.money(minor, here),
            "mean": presenters.money(round(minor / cost.contacts), here) if cost.contacts else "",
        }  # fmt: skip


def in_force(book: Book, month: date, here: District) -> dict[str, Any]:
    """The rates and rules of a month, in words."""
    rules = book.rules
    return {
        "staff": [
            {"words": s.words, "group": s.group, "source": s.source, "minutes": f"{s.minutes:,}",
             "cost": presenters.money(s.cost, here), "prices": s.prices,
             "rate": _rate(lambda s=s: rules.rate(s.group, month), here)}
            for s in rules.staff if s.on(month)
        ],
        "national": [
            {"words": n.words, "code": n.code, "source": n.source, "prices": n.prices,
             "cost": presenters.money(n.minor, here),
             "rate": _rate(lambda n=n: rules.national_cost(n.code, month), here)}
            for n in rules.national if n.on(month)
        ],
        "rules": [
            {"rule": r, "basis": presenters.BASES[r.basis], "place": r.place,
             "lines": [line.words for line in book.priced(r, "", month).lines]}
            for r in rules.rules if r.on(month)
        ],
        "deflators": [
            (name, rules.sources.get(name, ""),
             ", ".join(f"{year} {float(value):g}" for year, value in index.items()))
            for name, index in rules.deflators.items()
        ],
    }  # fmt: skip


def _rate(ask: Any, here: District) -> str:
    try:
        return presenters.price(ask(), here)
    except NoRate as error:
        return str(error)
