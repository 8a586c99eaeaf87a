"""Limits that clash, in words: which, by how much each is short, and when. Pure."""

from collections.abc import Sequence
from datetime import date

from onesystem.plan.portfolio.building import QUARTERS
from onesystem.plan.portfolio.clashing import Short
from onesystem.plan.portfolio.limits import MONEYS
from onesystem.plan.portfolio.presenters import name, quarter, short
from onesystem.vocabulary.said import say
from onesystem.vocabulary.tables import Cell, Column, Listing

_SEEN = 0.005


def clashing(some: Sequence[Short], begins: date, *, together: bool = False) -> Listing:
    """What has to give way, and by how much."""
    rows = [[name(each), gives(each), where(each, begins)] for each in some]
    return Listing(
        caption="The least, if all give way a little" if together
        else "What clashes: any one of these, if it alone gives way",
        all_rows=rows, exports=False, per_page=500,
        columns=(Column("limit", "Limit"), Column("by", "Short by"), Column("where", "When")),
    )  # fmt: skip


def gives(each: Short) -> Cell | str:
    """By how much a limit has to give way."""
    if each.least is None:
        return Cell(say("giving way here alone does not help"), tag="quiet")
    if each.kind in MONEYS:
        return short(round(each.least))
    if each.kind == "staff":
        return say("{least} posts for a year", least=f"{each.least / QUARTERS:.2f}")
    if each.kind == "change":
        return say("{least} starts", least=f"{each.least:.3g}")
    if each.kind == "must":
        return say(
            "{least} {if_least} late",
            least=f"{each.least:.0f}",
            if_least=say("quarter") if each.least < 1.5 else say("quarters"),
        )
    return f"{each.least:,.0f} {'days' if each.kind == 'places' else 'units'}"


def where(each: Short, begins: date) -> str:
    """When, and by how much each time; the first few."""
    if each.kind == "must":
        return ""
    seen = [(at, by) for at, by in each.where if by >= _SEEN]
    span = QUARTERS if each.kind in MONEYS else 1
    told = [
        f"{quarter(begins, at * span)}: "
        + (short(round(by)) if each.kind in MONEYS else f"{by:,.2f}")
        for at, by in seen[:6]
    ]
    more = len(seen) - len(told)
    return "; ".join(told) + (f"; and {more} more" if more > 0 else "")
