"""The keepers' pages: the list with its clocks, what is gone by, and how many hold a budget."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from onesystem import access, district, people
from onesystem.budget.personal import presenters, queries
from onesystem.budget.personal.acting import rules
from onesystem.budget.personal.buying import listed
from onesystem.budget.personal.exporting import as_workbook
from onesystem.budget.personal.indication import HEALTH, SOCIAL
from onesystem.budget.personal.listing import SORTS, TABS, Wanted, counts, narrowed
from onesystem.budget.personal.posting import today
from onesystem.budget.personal.standing import LIVE, PAUSED
from onesystem.budget.personal.uptake import against
from onesystem.vocabulary.said import say
from onesystem.vocabulary.tables import Listing


@require_safe
@access.page(right="personal.keep")
def board(request: HttpRequest) -> HttpResponse:
    """Who waits for an answer, and by when?"""
    actor, at, day = request.actor, district.now(), today()  # type: ignore[attr-defined]
    wanted, go_by, here = Wanted.of(request.GET), rules(), district.current()
    every = queries.board(actor)
    rows = narrowed(every, wanted, day, at)
    listing = Listing(
        caption="Personal budgets", columns=presenters.COLUMNS,
        all_rows=[presenters.csv_row(row, go_by, day, at) for row in rows],
    )  # fmt: skip
    out = request.GET.get("format") in {"csv", "xlsx"}
    access.record(by=actor, act="personal-budgets.exported" if out else "personal-budgets.listed",
                  what=wanted.state or "waiting", purpose="care coordination",
                  detail={"budgets": len(rows), "of": len(every)})  # fmt: skip
    name = "personal-budgets"
    if taken := access.exported(listing, request, name) or as_workbook(
        listing, request, name, presenters.MEANINGS
    ):
        return taken
    many = counts(every, day, at)
    context = {
        "rows": [presenters.row_words(row, go_by, here.currency, day, at) for row in rows],
        "wanted": wanted, "many": len(rows), "every": len(every), "at": at,
        "tabs": [
            (key, say("{state} ({n})", state=words, n=many[key])) for key, words in TABS.items()
        ],
        "cohorts": [("", say("Any group")),
                    *((c.name, c.about or c.title) for c in go_by.every("cohort"))],
        "owners": presenters.owners(every), "sorts": list(SORTS.items()),
    }  # fmt: skip
    return render(request, "budget/personal/board.html", context)


@require_safe
@access.page(right="personal.keep")
def rules_page(request: HttpRequest) -> HttpResponse:
    """What may be bought, by when there is an answer, why something is refused."""
    day, go_by = today(), rules()
    context = {
        "items": listed(go_by, day), "day": day,
        "programmes": go_by.on("programme", day).values(),
        "cohorts": go_by.on("cohort", day).values(), "ways": go_by.on("way", day).values(),
        "clocks": go_by.on("clock", day).values(), "stages": go_by.every("stage"),
        "reasons": {each.name: each for each in go_by.every("reason")},
        "money": lambda minor: presenters.money(minor, district.current().currency),
    }  # fmt: skip
    return render(request, "budget/personal/rules.html", context)


@require_safe
@access.page(right="personal.keep")
def uptake_page(request: HttpRequest) -> HttpResponse:
    """How many hold a personal budget here, against what was hoped and promised."""
    found = queries.held_now()
    go_by, count = rules(), people.people_count()
    live = [kinds for state, kinds, _ in found if state in {LIVE, PAUSED}]
    context = {
        "live": len(live), "count": count,
        "both": sum(kinds == {HEALTH, SOCIAL} for kinds in live),
        "health": sum(kinds == {HEALTH} for kinds in live),
        "social": sum(kinds == {SOCIAL} for kinds in live),
        "against": against(go_by.every("goal"), count, len(live)),
        "stages": go_by.every("stage"), "day": today(),
        "cohorts": [
            (c.title, sum(name == c.name and state in {LIVE, PAUSED} for state, _, name in found))
            for c in go_by.every("cohort")
        ],
    }  # fmt: skip
    return render(request, "budget/personal/uptake.html", context)
