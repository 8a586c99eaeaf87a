"""Readiness: what the district has, and what it still lacks to work as one system."""

from itertools import groupby

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from onesystem import access
from onesystem.alliance.charter.heading import there
from onesystem.alliance.learning.readiness import checking
from onesystem.alliance.learning.readiness.facts import facts
from onesystem.vocabulary.said import say
from onesystem.vocabulary.tables import Cell, Column, Listing

_COLUMNS = (
    Column("part", "Part"), Column("name", "What it takes"), Column("said", "Here"),
    Column("state", "State"), Column("cure", "What to do"), Column("source", "Source"),
)  # fmt: skip


@require_safe
@access.page(right="alliance.see")
def ready(request: HttpRequest) -> HttpResponse:
    """What has the district, and what does it still lack to start?"""
    found = checking.checked(facts())
    listing = Listing(
        caption="Readiness", columns=_COLUMNS, query=request.GET,
        all_rows=[
            [c.check.part, Cell(c.check.name, href=c.check.href), c.said,
             Cell(c.state, tag=checking.WORDS[c.state]), c.check.cure, c.check.source]
            for c in found
        ],
    )  # fmt: skip
    if taken := access.exported(listing, request, "readiness"):
        return taken
    context = {
        "parts": [(part, list(each)) for part, each in groupby(found, lambda c: c.check.part)],
        "lacking": checking.lacking(found), "found": found, "colours": checking.WORDS,
        "stands": {"name": say("Alliance") if there() else ""},
        "counts": {word: sum(c.state == word for c in found) for word in checking.WORDS},
    }  # fmt: skip
    return render(request, "alliance/learning/readiness.html", context)
