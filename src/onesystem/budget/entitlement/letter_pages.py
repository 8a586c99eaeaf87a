"""The letter: what somebody pays and every line of why, in plain words; page, print and PDF."""

from datetime import date
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.views.decorators.http import require_safe

from onesystem import access, district, people
from onesystem.budget.entitlement import presenters, queries
from onesystem.budget.entitlement.actions import RIGHT
from onesystem.budget.entitlement.rule_sets import RULE_SETS
from onesystem.budget.entitlement.steps import Step
from onesystem.people.presenters import who_words
from onesystem.record.mine.door import opens_own
from onesystem.record.mine.pages import show
from onesystem.record.summary import pdf
from onesystem.vocabulary.said import amid


def letter_of(person: int, version: int) -> dict[str, Any]:
    """What a letter says; `version` counts those that were signed from 1."""
    stands = queries.stands(person)
    if not 1 <= version <= len(stands.signed):
        raise Http404(f"no letter {version}")
    return _letter(stands.signed[version - 1], version, len(stands.signed))


def _letter(step: Step, version: int, last: int) -> dict[str, Any]:
    result = step.said["result"]
    return {
        "version": version, "last": last, "step": step, "result": result,
        "set": RULE_SETS[result["rules"]], "lines": presenters.lines(result),
        "review": date.fromisoformat(step.said["review"]), "day": date.fromisoformat(result["day"]),
        "pays": presenters.money(result["pays"], result["currency"]),
        "cost": presenters.money(result["cost"], result["currency"]),
    }  # fmt: skip


@require_safe
@access.opens_person(kind="demographics")
def letter(request: HttpRequest, person: int, version: int) -> HttpResponse:
    """The letter of one version."""
    access.require(request.actor, RIGHT)  # type: ignore[attr-defined]
    context = _context(person, version)
    if request.GET.get("format") == "pdf":
        return _pdf(request, context, f"charge-letter-{version}")
    return render(request, "budget/entitlement/letter.html", context)


def _context(person: int, version: int) -> dict[str, Any]:
    here = district.current()
    who = who_words(person, people.identities_of(person), here, at=district.now())
    return {**letter_of(person, version), "who": who, "person": person, "can_pdf": pdf.can_make(),
            "here": here}  # fmt: skip


def _pdf(request: HttpRequest, context: dict[str, Any], name: str) -> HttpResponse:
    html = render_to_string("budget/entitlement/letter_pdf.html", context, request)
    response = HttpResponse(pdf.made_of(html), content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="{name}.pdf"'
    response["Cache-Control"] = "no-store"
    return response


@require_safe
@opens_own
def mine(request: HttpRequest, person: int) -> HttpResponse:
    """What I pay, and why."""
    stands = queries.stands(person)
    last = len(stands.signed)
    told = _letter(stands.signed[-1], last, last) if last else None
    before = [_letter(s, n, last) for n, s in enumerate(stands.signed[:-1], 1)]
    return show(
        request, "budget/entitlement/mine.html", person, told=told, before=before[::-1],
        stands=stands, meanwhile=amid(presenters.PURSES[stands.meanwhile]),
    )  # fmt: skip
