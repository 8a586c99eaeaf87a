"""Pages: the diagnosis of a plan, its kept figures beside what they are now, and keeping one."""

import json
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST, require_safe

from onesystem import access
from onesystem.district import current
from onesystem.flow.measures import library
from onesystem.plan.options import diagnosing, linking, queries
from onesystem.plan.options.pages import done, found, head, number
from onesystem.vocabulary import UserError, to_local
from onesystem.vocabulary.kept import from_micros
from onesystem.vocabulary.said import say

# What plans for the whole system look at first; any measure can be kept.
FIRST = ("emergency-admissions-75", "ready-not-gone", "ed-4-hours", "days-at-home",
         "ambulatory-sensitive-admissions", "long-stays-21")  # fmt: skip


@require_safe
@access.page(right="plan.see")
def diagnosis(request: HttpRequest, slug: str) -> HttpResponse:
    """What is avoidable, what do measures say, what does doing nothing lead to?"""
    mine, by = found(slug), request.actor  # type: ignore[attr-defined]
    sees = access.may(by, "measures.see")
    answer, cards = diagnosing.ranked(by) if sees else (None, [])
    again = request.GET.get("again") == "1"
    context = {
        **head(request, mine), "cards": cards,
        "common": diagnosing.commonest(answer.found, cards, by) if answer and cards else {},
        "answer": answer, "sees": sees, "again": again,
        "kept": [_kept(slug, row, by, again=again) for row in queries.snapshots(slug)],
        "measures": _measures(), "period": diagnosing.period(),
        "year": mine.base_year + mine.horizon,
        "links": [each.ref for each in linking.evidence_links(slug)],
    }  # fmt: skip
    return render(request, "plan/options/diagnosis.html", context)


def _measures() -> list[tuple[str, str]]:
    known = library.library()
    first = [name for name in FIRST if name in known]
    rest = sorted((name for name in known if name not in first), key=lambda n: known[n].title)
    return [(name, known[name].title) for name in (*first, *rest)]


def _kept(slug: str, row: Any, by: access.Actor, *, again: bool) -> dict[str, Any]:
    """A kept figure as it was; where it is asked for, beside what it is now."""
    value = json.loads(row.value)
    made = {"row": row, "value": value, "at": to_local(from_micros(row.at), current().zone),
            "ref": f"plan/{slug}/snapshot/{row.pk}", "now": None}  # fmt: skip
    if again:
        try:
            fresh = diagnosing.value_of(row.kind, json.loads(row.asked), by=by)
        except UserError as error:
            return made | {"problem": str(error)}
        made["now"] = None if fresh["rows"] == value["rows"] else dict(fresh["rows"])
        made["same"] = fresh["rows"] == value["rows"]
    return made


@require_POST
@access.page(right="plan.write")
def keep(request: HttpRequest, slug: str) -> HttpResponse:
    """Keep a figure as it is now."""
    said, by = request.POST, request.actor  # type: ignore[attr-defined]
    mine, kind = found(slug), request.POST.get("kind", "")

    def act() -> Any:
        asked: dict[str, Any] = {"kind": said.get("name", ""), **diagnosing.period().as_dict()}
        if kind == "measure":
            asked = dict(diagnosing.measure_asked(said.get("name", "")))
        elif kind == "case":
            asked = {"area": mine.area, "year": mine.base_year + mine.horizon}
        return diagnosing.keep(
            plan=slug, kind=kind, asked=asked, by=by, seen=number(request, "seen")
        )

    return done(request, act, say("It is kept as it is today."), "options:diagnosis", slug)
