"""Pages: which contracts there are, what one says and how it stands, its versions side by side."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from onesystem import access
from onesystem.budget.contracts import actions, codec, gating, presenters, queries, wording
from onesystem.budget.contracts import agreement as of
from onesystem.budget.contracts.keeping import DID
from onesystem.budget.contracts.knowing import around
from onesystem.budget.contracts.terming import terms_of
from onesystem.budget.terms import codec as terms_codec
from onesystem.district import current, now
from onesystem.vocabulary import to_local
from onesystem.vocabulary.kept import from_micros
from onesystem.vocabulary.said import say, say_date


@require_safe
@access.page(right="budget.see")
def contracts(request: HttpRequest) -> HttpResponse:
    """Which contracts are there, how do they stand, what was settled, which goal do they serve?"""
    near, day, currency = around(), today(), current().currency
    every = queries.contracts()
    found = [each for each in every if presenters.fits(each, near, day, request.GET)]
    listing = presenters.listing(found, near, day, currency, request.GET)
    if taken := access.exported(listing, request, "contracts"):
        return taken
    goals = [("", say("Any goal")), *near.goals.items(), ("none", say("No goal"))]
    states = [
        ("", say("Any state")),
        *((key, words) for key, (words, _) in presenters.STATES.items()),
    ]
    context = {
        **head(request),
        "listing": listing,
        "query": request.GET,
        "every": len(every),
        "states": states,
        "goals": goals,
        "kinds": [("", say("Any kind")), *presenters.SHORT.items()],
        "goalless": sum(not each.last.agreement.goals for each in every),
    }
    return render(request, "budget/contracts/contracts.html", context)


def head(request: HttpRequest) -> dict[str, Any]:
    """What all pages of contracts have in common."""
    return {
        "keeps": access.may(request.actor, "contracts.keep"),  # type: ignore[attr-defined]
        "currency": current().currency,
    }


def today() -> Any:
    """The day it is in the district."""
    return to_local(now(), current().zone).date()


@require_safe
@access.page(right="budget.see")
def contract(request: HttpRequest, slug: str) -> HttpResponse:
    """What does it say, who has signed it, what does it still need, what was settled?"""
    known, near, day = queries.contract(slug), around(), today()
    shown = _shown(request, known, day)
    made = shown.agreement
    rows = queries.settlements(slug)
    context = {
        **head(request), "contract": known, "version": shown, "made": made,
        "clauses": wording.clauses(made, near, current().currency),
        "state": presenters.STATES[presenters.version_state(shown, day)],
        "versions": [(v, presenters.STATES[presenters.version_state(v, day)])
                     for v in known.versions],
        "signatures": [(near.organisations.get(s.party, s.party), s, from_micros(s.at))
                       for s in shown.signatures],
        "unsigned": [(code, near.organisations.get(code, code)) for code in shown.unsigned],
        "asked": gating.asked(made), "is_open": shown.state in queries.OPEN,
        "settlements": [(r, presenters.settlement_state(r), presenters.period(r.since, r.until))
                        for r in rows],
        "open_settlement": next((r for r in rows if r.state in ("draft", "signed")), None),
        "alliance": made.kind == of.ALLIANCE, "goalless": _goalless(made),
        "twice": actions.paid_twice(slug, made, near) if shown.state in queries.OPEN else [],
    }  # fmt: skip
    return render(request, "budget/contracts/contract.html", context)


def _goalless(made: of.Agreement) -> int:
    """How many lines of payment serve no shared goal."""
    lines = sum(not (each.goal or made.goals) for each in made.payments)
    return lines + (made.kind == of.ALLIANCE and not made.goals)


def _shown(request: HttpRequest, known: queries.Contract, day: Any) -> queries.Version:
    asked = request.GET.get("version", "")
    if asked.isdecimal() and len(asked) < 6:
        return known.version(int(asked))
    return known.in_force(day) or known.last


@require_safe
@access.page(right="budget.see")
def versions(request: HttpRequest, slug: str) -> HttpResponse:
    """Which versions are there, how do two of them differ, who did what when?"""
    known, near, day, currency = queries.contract(slug), around(), today(), current().currency
    one, other = _pair(request, known)
    zone = current().zone
    context = {
        **head(request), "contract": known, "one": one, "other": other,
        "options": [(v.number, _named(v, day)) for v in known.versions],
        "compared": wording.compared(wording.clauses(one.agreement, near, currency),
                                     wording.clauses(other.agreement, near, currency)),
        "steps": [(s, DID.get(s.kind, s.kind), to_local(from_micros(s.at), zone))
                  for s in queries.steps(slug)],
    }  # fmt: skip
    return render(request, "budget/contracts/versions.html", context)


def _named(version: queries.Version, day: Any) -> str:
    state, _ = presenters.STATES[presenters.version_state(version, day)]
    return say(
        "Version {number}, from {since} ({state})",
        number=version.number,
        since=say_date(version.row.since, "%-d %B %Y"),
        state=state,
    )


def _pair(request: HttpRequest, known: queries.Contract) -> tuple[queries.Version, queries.Version]:
    by_number = {str(each.number): each for each in known.versions}
    last = known.versions[0]
    before = known.versions[1] if len(known.versions) > 1 else last
    return by_number.get(request.GET.get("from", ""), before), by_number.get(
        request.GET.get("to", ""), last
    )


FILES = {"toml": "text/plain", "json": "application/json", "terms": "application/json"}


@require_safe
@access.page(right="budget.see")
def file(request: HttpRequest, slug: str, form: str) -> HttpResponse:
    """A version as a file: TOML or JSON to carry, or the terms as `onesystem settle` reads them."""
    if form not in FILES:
        raise Http404(form)
    shown = _shown(request, queries.contract(slug), today())
    made = shown.agreement
    text = {"toml": codec.to_toml, "json": codec.to_json, "terms": lambda _: _terms(slug, shown)}
    name = f"{slug}-{shown.number}.{'terms.json' if form == 'terms' else form}"
    actor = request.actor  # type: ignore[attr-defined]
    access.record(by=actor, act="contract.exported", what=slug, detail={"form": form})
    response = HttpResponse(text[form](made), content_type=f"{FILES[form]}; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Cache-Control"] = "no-store"
    return response


def _terms(slug: str, shown: queries.Version) -> str:
    import orjson

    terms = terms_of(shown.agreement, code=slug, version=shown.number, currency=current().currency)
    return orjson.dumps(terms_codec.terms_json(terms), option=orjson.OPT_INDENT_2).decode()
