"""The quarterly return: answered, made, signed by partners, and taken away as a file."""

from typing import Any

import orjson
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.http import require_POST, require_safe

from onesystem import access
from onesystem.budget import drafted
from onesystem.budget.pooled import actions, presenters, queries, reading, returning, workbook
from onesystem.budget.pooled.pages import head
from onesystem.district import current
from onesystem.vocabulary import NotFound, UserError, to_local
from onesystem.vocabulary.said import say
from onesystem.vocabulary.typed import whole_or

_TYPES = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv; charset=utf-8",
    "json": "application/json",
}


@require_safe
@access.page(right="budget.see")
def returns(request: HttpRequest, fund: str) -> HttpResponse:
    """Which quarters are returned, and who has signed?"""
    context = head(request, fund, "returns")
    a, year = context["a"], context["year"]
    made = {each.quarter: each for each in queries.returns(fund, a.year)}
    codes = [p.code for p in a.partners]
    context["quarters"] = [
        {"number": n, "until": year.quarter_end(n), "made": made.get(n),
         "begun": year.quarter(n)[0] <= queries.today(),
         "over": year.quarter_end(n) < queries.today(),
         "missing": [presenters.partner(a, c) for c in made[n].missing(codes)] if n in made else []}
        for n in range(1, 5)
    ]  # fmt: skip
    return render(request, "budget/pooled/returns.html", context)


@access.page(right="budget.see")
def quarter(request: HttpRequest, fund: str, quarter: int) -> HttpResponse:
    """What does this quarter's return say, and what is still to be answered?"""
    context = head(request, fund, "returns")
    a, actor = context["a"], request.actor  # type: ignore[attr-defined]
    context["year"].quarter(quarter)
    last = reading.made(fund, a.year, quarter)
    refused: UserError | None = None
    answers = _answers(last)
    if request.method == "POST":
        access.require(actor, "pooled.keep")
        answers = {k: str(v)[:8000] for k, v in request.POST.items() if k not in _NOT}
        seen = str(request.POST.get("seen", ""))
        try:
            actions.make_return(
                fund=fund, year=a.year, quarter=quarter, answers=answers, by=actor,
                seen=whole_or(seen, -1), why=str(request.POST.get("why", "")),
            )  # fmt: skip
        except UserError as error:
            refused = error
        else:
            drafted.done(actor, _key(context, quarter))
            messages.success(request, say("Made. Each partner can sign it now."))
            return HttpResponseRedirect(f"/pooled/{fund}/returns/{quarter}/{context['kept']}")
    draft = queries.draft_return(fund, a.year, quarter, answers, by=actor)
    said = returning.packed(draft)
    context |= {
        "quarter": quarter, "last": last, "draft": draft, "answers": answers, "refused": refused,
        "stale": last is not None and _figures(last.said) != _figures(_plain(said)),
        "signed": signed(a, last), "key": _key(context, quarter),
        "signs": a.partner(actor.organisation) is not None and context["keeps"],
        "mine": actor.organisation, "units": _units(fund, a.year, actor, quarter),
    }  # fmt: skip
    return render(request, "budget/pooled/return.html", context, status=422 if refused else 200)


_NOT = {"csrfmiddlewaretoken", "seen", "why", "do"}


def _units(fund: str, year: str, actor: Any, quarter: int) -> dict[str, Any]:
    return {m.measured.name: m for m in queries.metrics(fund, year, by=actor, quarter=quarter)}


def _key(context: dict[str, Any], quarter: int) -> str:
    return f"pooled-return-{context['a'].fund}-{context['year'].slug}-{quarter}"


def _answers(last: reading.Made | None) -> dict[str, str]:
    """What was answered in the last version."""
    if last is None:
        return {}
    said = last.said
    answers = {name: said[name] for name in ("successes", "challenges", "support")}
    for c in said["conditions"]:
        answers |= {f"met.{c['code']}": c["met"], f"evidence.{c['code']}": c["evidence"]}
    return answers | {f"note.{m['name']}": m["words"] for m in said["measures"]}


def _plain(said: dict[str, Any]) -> dict[str, Any]:
    return orjson.loads(orjson.dumps(said))  # type: ignore[no-any-return]


def _figures(said: dict[str, Any]) -> Any:
    """What of a return comes from the books and the log."""
    drop = {"words", "signal", "notes"}
    return (
        [{k: v for k, v in m.items() if k not in drop} for m in said["measures"]],
        said["income"], said["spending"],
    )  # fmt: skip


def signed(a: Any, last: reading.Made | None) -> list[tuple[str, str, str]]:
    """(partner, who signed, when), empty where nobody has."""
    zone = current().zone
    by = {s.partner: s for s in last.signatures} if last else {}
    return [
        (p.name, by[p.code].by if p.code in by else "",
         f"{to_local(by[p.code].at, zone):%-d %B %Y %H:%M}" if p.code in by else "")
        for p in a.partners
    ]  # fmt: skip


@require_POST
@access.page(right="pooled.keep")
def sign(request: HttpRequest, fund: str, quarter: int) -> HttpResponse:
    """Sign for one's own organisation."""
    context = head(request, fund, "returns")
    version = str(request.POST.get("version", ""))
    try:
        partner = actions.sign(
            fund=fund, year=context["a"].year, quarter=quarter, by=request.actor,  # type: ignore[attr-defined]
            version=whole_or(version, 0),
        )  # fmt: skip
        messages.success(
            request, say("Signed for {partner}.", partner=presenters.partner(context["a"], partner))
        )
    except UserError as error:
        messages.error(request, str(error))
    return HttpResponseRedirect(f"/pooled/{fund}/returns/{quarter}/{context['kept']}")


@require_safe
@access.page(right="budget.see")
def file_of_quarter(request: HttpRequest, fund: str, quarter: str, form: str) -> HttpResponse:
    """The return as it was made, as a file."""
    context = head(request, fund, "returns")
    a = context["a"]
    last = reading.made(fund, a.year, int(quarter))
    if last is None:
        raise NotFound(
            say("no return of quarter {quarter} was made yet", quarter=quarter),
            "Work it out, then download it",
        )
    content = content_of(a, last, form)
    response = HttpResponse(content, content_type=_TYPES[form])
    name = f"{fund}-{context['year'].slug}-q{quarter}-v{last.version}"
    response["Content-Disposition"] = f'attachment; filename="{name}.{form}"'
    response["Cache-Control"] = "no-store"
    return response


def content_of(a: Any, last: reading.Made, form: str) -> bytes | str:
    """A return that was made, as the bytes or the text of a file."""
    said = {**last.said, "definitions": [list(p) for p in returning.definitions(last.said)]}
    if form == "xlsx":
        return workbook.as_xlsx(said, signed(a, last))
    if form == "csv":
        return workbook.as_csv(said, signed(a, last))
    who = [{"partner": p, "by": b, "at": t} for p, b, t in signed(a, last) if b]
    whole = {**said, "version": last.version, "digest": last.digest, "signatures": who}
    return orjson.dumps(whole, option=orjson.OPT_INDENT_2 | orjson.OPT_SORT_KEYS)
