"""Practices' payments beside the rule, one with its working, and a calculator."""

from collections import Counter
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from onesystem import access
from onesystem.budget.capitation import presenters
from onesystem.budget.capitation.case import GLOBAL_SUM, work
from onesystem.budget.capitation.practices import DAY, REASONS, Compared, compared, totals
from onesystem.district import current
from onesystem.vocabulary import NotFound, UserError
from onesystem.vocabulary.said import begun, say
from onesystem.vocabulary.tables import Listing
from onesystem.vocabulary.words import NONE


@require_safe
@access.page(right="budget.see")
def practices(request: HttpRequest) -> HttpResponse:
    """What does weighting do to a practice's money, and is it paid as the rule says?"""
    every, place = compared(), request.GET.get("place", _ours())
    reason, words = request.GET.get("reason", ""), request.GET.get("q", "").strip().casefold()
    some = [
        each for each in every
        if (place in {"", "all"} or each.practice.sub_icb == place)
        and (not reason or each.reason == reason)
        and (not words or words in f"{each.practice.name} {each.practice.practice}".casefold())
    ]  # fmt: skip
    listing = Listing(
        caption="Practices", columns=presenters.COLUMNS,
        all_rows=[presenters.row(each) for each in some], query=request.GET,
        default_sort="practice", empty_title="No practice fits",
        empty_advice="Leave a filter out, or look at all of England.",
    )  # fmt: skip
    if taken := access.exported(listing, request, "practices-2022-23"):
        return taken
    context = {
        **_head("practices"), "listing": listing, "place": place, "reason": reason,
        "q": request.GET.get("q", ""), "places": _places(every),
        "reasons": [("", say("Any")), *((r, begun(r)) for r in REASONS)],
        "totals": _totals(some), "defined": presenters.MEANINGS.items(),
    }  # fmt: skip
    return render(request, "budget/capitation/practices.html", context)


def _head(here: str) -> dict[str, Any]:
    places = (("practices", say("Practices"), "/budget/capitation/"),
              ("calculator", say("Work one out"), "/budget/capitation/calculator/"))  # fmt: skip
    return {"room": [(words, to, name == here) for name, words, to in places]}


def _ours() -> str:
    """The part of England that the district's name says, if any does."""
    name = current().name.upper()
    found = {e.practice.sub_icb for e in compared() if name in e.practice.sub_icb.upper()}
    return min(found) if found else ""


def _places(every: tuple[Compared, ...]) -> list[tuple[str, str]]:
    counted = Counter(each.practice.sub_icb for each in every)
    return [("all", say("All of England ({every})", every=f"{len(every):,}")),
            *((place, f"{place.removeprefix('NHS ')} ({many:,})")
              for place, many in sorted(counted.items()))]  # fmt: skip


def _totals(some: list[Compared]) -> list[tuple[Any, ...]]:
    return [
        (begun(reason), row["practices"], presenters.money(row["paid"]),
         presenters.money(row["expected"]), presenters.money(row["paid"] - row["expected"]))
        for reason, row in totals(some).items() if row["practices"]
    ]  # fmt: skip


@require_safe
@access.page(right="budget.see")
def practice(request: HttpRequest, code: str) -> HttpResponse:
    """How does one practice's payment follow from its list?"""
    found = next((each for each in compared() if each.practice.practice == code), None)
    if found is None:
        raise NotFound(
            say("there is no practice {code} in 2022/23", code=repr(code)),
            "Look in the list of practices",
        )
    of = found.practice
    made = work({
        "rule": GLOBAL_SUM, "day": DAY, "weighted": f"{of.weighted}/100",
        "registered": f"{of.registered}/100", "london": of.region.startswith("LONDON"),
    })  # fmt: skip
    context = {
        **_head("practices"), "of": of, "found": found, "lines": presenters.lines(made),
        "expected": presenters.money(found.expected), "paid": presenters.money(of.global_sum),
        "difference": presenters.money(found.difference), "kept": presenters.money(found.kept),
        "index": f"{of.weighted / of.registered:.4f}" if of.registered else NONE,
        "total": presenters.money(of.total), "mpig": presenters.money(of.mpig),
        "pms": presenters.money(of.pms),
    }  # fmt: skip
    return render(request, "budget/capitation/practice.html", context)


@require_safe
@access.page(right="budget.see")
def calculator(request: HttpRequest) -> HttpResponse:
    """What is a practice due for a list, by the rates of a day?"""
    typed = {name: request.GET.get(name, "").strip() for name in ("day", "weighted", "registered")}
    ticks = {name: request.GET.get(name) == "1" for name in ("out_of_hours", "london")}
    made, error = None, None
    if typed["weighted"]:
        try:
            made = work({"rule": GLOBAL_SUM, **typed, **ticks,
                         "registered": typed["registered"] or "0"})  # fmt: skip
        except UserError as told:
            error = told
    context = {
        **_head("calculator"), "typed": {"day": str(DAY), **{k: v for k, v in typed.items() if v}},
        "ticks": ticks, "error": error,
        "lines": presenters.lines(made) if made else [],
        "total": presenters.money(int(made.results["global sum"])) if made else "",
    }  # fmt: skip
    return render(request, "budget/capitation/calculator.html", context)
