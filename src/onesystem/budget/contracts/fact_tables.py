"""The parts of a fact as tables: services by month, entries of the ledger, measures."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse

from onesystem.budget.contracts import presenters
from onesystem.budget.contracts.scoping import Around
from onesystem.district import current
from onesystem.vocabulary.said import say, say_each
from onesystem.vocabulary.tables import Cell, Column, Listing

BASIS = say_each({"own": "own minutes", "national": "national unit cost", "none": "no cost known"})


@dataclass(frozen=True, slots=True)
class Shown:
    """A fact, what it may be told with, and who looks: `exact` where small counts may be seen."""

    origin: Mapping[str, Any]
    near: Around
    at: tuple[str, int, str]
    exact: bool
    query: Mapping[str, str]


def table(shown: Shown) -> Listing:
    """The parts of a fact."""
    return _TABLES[shown.origin["kind"]](shown)


def total(origin: Mapping[str, Any]) -> str:
    """What a fact comes to, in words."""
    if origin["unit"] == "money":
        return presenters.money(int(origin["total"]), current().currency)
    if origin["unit"] == "contacts":
        return say("{total} contacts", total=f"{int(origin['total']):,}")
    top, _, bottom = origin["total"].partition("/")
    return f"{100 * int(top) / int(bottom or 1):g}%"


def _costs(shown: Shown) -> Listing:
    below = current().suppress_below
    parts = shown.origin["parts"]
    few = [] if shown.exact else [part for part in parts if part["contacts"] < below]
    rows = [_cost(shown, part) for part in parts if part not in few]
    if few:  # together, so that no line tells what few people cost
        many, minor = (sum(part[name] for part in few) for name in ("contacts", "minor"))
        rows.append(
            [
                say("Services and months with fewer than {below}", below=below),
                "",
                say("fewer than {below}", below=below)
                if many < below
                else Cell(f"{many:,}", value=many),
                _amount(minor),
                "",
            ]
        )
    columns = (
        Column("service", "Service"), Column("month", "Month"),
        Column("contacts", "Contacts begun", right=True),
        Column("cost", "Cost", right=True), Column("basis", "Costed by"),
    )  # fmt: skip
    return Listing(caption=shown.origin["words"], columns=columns, all_rows=rows, query=shown.query)


def _cost(shown: Shown, part: Mapping[str, Any]) -> list[Any]:
    known = shown.near.services.get(part["service"])
    asked = urlencode({"service": part["service"], "month": part["month"][:7]})
    href = f"{reverse('contracts:behind', args=shown.at)}?{asked}" if shown.exact else ""
    return [
        Cell(known.name if known else part["service"], href=href), part["month"][:7],
        Cell(f"{part['contacts']:,}", value=part["contacts"]), _amount(part["minor"]),
        BASIS.get(part["basis"], part["basis"]),
    ]  # fmt: skip


def _amount(minor: int) -> Cell:
    return Cell(presenters.money(minor, current().currency), value=minor / 100)


def _ledger(shown: Shown) -> Listing:
    rows = []
    for part in shown.origin["parts"]:
        first, more = part["postings"][0], len(part["postings"]) - 1
        service = shown.near.services.get(part["service"])
        rows.append([
            Cell(part["month"][:7], href=f"/budget/ledger/postings/{first}/",
                 note=say("and {more} more", more=more) if more else ""),
            service.name if service else part["service"],
            say("this contract") if part["contract"] else say("what contacts cost"),
            part["entries"],
            _amount(part["minor"]),
        ])  # fmt: skip
    columns = (
        Column("month", "Month"), Column("service", "Service"), Column("why", "Posted for"),
        Column("entries", "Entries", right=True), Column("amount", "Owed", right=True),
    )  # fmt: skip
    return Listing(caption=shown.origin["words"], columns=columns, all_rows=rows, query=shown.query)


def _measures(shown: Shown) -> Listing:
    rows = []
    for part in shown.origin["parts"]:
        value = say("not known") if part["value"] is None else f"{part['value']:.1f}"
        bound = say(
            "at {if_most} {bound}",
            if_most=say("most") if part["most"] else say("least"),
            bound=part["bound"],
        )
        rows.append([
            Cell(part["words"], href=f"/measures/{part['measure']}/"), value, bound,
            part["weight"], Cell(say("reached") if part["met"] else say("missed"),
                                 tag="good" if part["met"] else "bad"),
        ])  # fmt: skip
    columns = (
        Column("measure", "Measure"), Column("value", "It came to", right=True),
        Column("bound", "It has to be"), Column("weight", "Weight", right=True),
        Column("met", "So"),
    )  # fmt: skip
    return Listing(caption=shown.origin["words"], columns=columns, all_rows=rows, query=shown.query)


_TABLES = {"costs": _costs, "ledger": _ledger, "measures": _measures}
