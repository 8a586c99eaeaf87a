"""A proposal as a workbook: its tables, every quarter's figures, and what each word means."""

from datetime import date
from typing import Any

from django.http import HttpResponse

from onesystem.flow.showing.workbook import Sheet, workbook
from onesystem.plan.filing import filed
from onesystem.plan.portfolio import presenters, showing, telling
from onesystem.plan.portfolio.presenters import quarter
from onesystem.plan.portfolio.proposing import Proposal
from onesystem.plan.portfolio.queries import Kept
from onesystem.plan.portfolio.shape import Problem
from onesystem.plan.portfolio.work import source
from onesystem.vocabulary.tables import Listing, plain


def filed_book(kept: Kept, name: str) -> HttpResponse:
    """The workbook as a download."""
    return filed(book(kept, name), f"portfolio-{kept.plan}-{kept.number}", "xlsx")


def book(kept: Kept, name: str) -> bytes:
    """All of a proposal; of one that clashes, what clashes."""
    assert kept.said is not None and kept.found is not None  # noqa: PT018, S101 - it is there
    problem, may = telling.built(kept.said, kept.asked)
    found, begins = kept.found, date.fromisoformat(kept.asked["begins"])
    grows = kept.asked.get("grows", {})
    cover = [("Plan", name), ("Proposal", kept.number), ("Asked by", kept.by),
             ("First quarter", quarter(begins, 0)),
             *presenters.assumptions(may, problem, source(), grows)]  # fmt: skip
    sheets = [Sheet(name="Proposal", head=(), rows=cover, widths=(24, 110), keys=True)]
    if found.best is None:
        context = showing.shown(kept, [])
        sheets += [_sheet("Clash", context["clash"]), _sheet("Together", context["together"])]
    else:
        tables = showing.tables(found, problem, begins)
        sheets += [_sheet(key.capitalize(), each) for key, each in tables.items()]
        sheets.append(_quarters(found, problem, begins))
    defined = Sheet(name="Definitions", head=(), rows=list(presenters.DEFINED), widths=(24, 110),
                    keys=True)  # fmt: skip
    return workbook(*sheets, defined)


def _sheet(name: str, listing: Listing) -> Sheet:
    head = [column.label for column in listing.columns]
    rows = [[plain(cell) for cell in row] for row in listing.all_rows]
    return Sheet(name=name, head=head, rows=rows, widths=(36, *(18,) * (len(head) - 1)))


def _quarters(found: Proposal, problem: Problem, begins: date) -> Sheet:
    """What is wanted, done and left of each kind of care, and posts, in each quarter."""
    best = found.best
    assert best is not None  # noqa: S101 - there is a proposal
    rows: list[list[Any]] = []
    for t in range(problem.periods):
        rows += [
            [quarter(begins, t), each.name, each.wanted[t], best.done[each.name][t],
             best.unmet[each.name][t], ""]
            for each in problem.services
        ]  # fmt: skip
        rows += [
            [quarter(begins, t), group.name, "", "", "", best.posts[group.name][t]]
            for group in problem.groups
        ]
    head = ("Quarter", "Care or group", "Wanted", "Done", "Left undone", "Posts")
    return Sheet(name="Quarters", head=head, rows=rows, widths=(12, 36, 14, 14, 14, 14))
