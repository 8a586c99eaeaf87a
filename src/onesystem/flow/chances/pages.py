"""What next bit to improve? Opportunities ranked, one in its parts, and the contacts behind it."""

from dataclasses import replace
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.http import require_POST, require_safe

from onesystem import access, district
from onesystem.flow import answers, queries
from onesystem.flow.chances import behind, cards, exporting, tables, wording
from onesystem.flow.chances.keeping import KIND, asked_of
from onesystem.flow.chances.question import Period
from onesystem.flow.chances.seeing import Eyes
from onesystem.flow.chances.showing import Showing
from onesystem.flow.chances.state import SORTS, State
from onesystem.flow.chances.summing import EACH
from onesystem.flow.measures.names import word_of
from onesystem.vocabulary import NotFound, UserError, nearest, to_local
from onesystem.vocabulary.said import say, say_each
from onesystem.vocabulary.tables import Cell, Column, Listing

_SORTS = say_each({"days": "Avoidable days", "money": "Money", "people": "People"})


@require_safe
@access.page(right="measures.see")
def opportunities(request: HttpRequest) -> HttpResponse:
    """Every kind of opportunity of a period, the largest first."""
    try:
        state = State.of(request.GET, today=_today())
    except UserError as error:
        context = {"problem": error, "given": request.GET, "state": State.of({}, today=_today())}
        return render(request, "flow/chances/opportunities.html", context, status=400)
    answer = _asked(request, state)
    context = _frame(request, state, answer)
    if answer.found:
        showing = _showing(request, state, answer)
        kinds = [k for k in answer.found["kinds"] if state.kind in ("", k["name"])]
        taken = exporting.exported(
            request, showing, kinds, done_at=answer.done_at, name="opportunities", split=False
        )
        if taken is not None:
            return taken
        context |= {
            "cards": cards.cards(showing, sees=_sees(request)),
            "kinds": [("", say("All")), *((k["name"], k["title"]) for k in answer.found["kinds"])],
            "services": _services(answer.found),
        }
    if not request.headers.get("HX-Request"):
        return render(request, "flow/chances/opportunities.html", context)
    part = render(request, "flow/chances/_ranked.html", context)
    if not answer.working:
        part["HX-Refresh"] = "true"  # the filters and files around it are new too
    return part


@require_safe
@access.page(right="measures.see")
def opportunity(request: HttpRequest, name: str) -> HttpResponse:
    """One kind: what it is, how it splits, and what it cannot say."""
    state = replace(State.of(request.GET, today=_today()), kind=name)
    answer = _asked(request, state)
    context = {**_frame(request, state, answer), "here": name}
    if answer.found:
        kind = _kind(answer.found, name)
        showing = _showing(request, state, answer)
        taken = exporting.exported(
            request, showing, [kind], done_at=answer.done_at, name=name, split=True
        )
        if taken is not None:
            return taken
        sees = _sees(request)
        (card,) = cards.cards(showing, sees=sees)
        context |= {
            "kind": kind,
            "card": card,
            "tables": tables.splits(showing, kind, sees=sees),
            "no_days": tables.no_days(showing, kind),
            "practices": tables.practices(showing, kind),
            "definition": list(wording.definition(showing, kind, answer.done_at)),
            "service_name": word_of(district.current(), "service", state.service)
            if state.service
            else "",
            "services": _services(answer.found),
        }
    return render(request, "flow/chances/opportunity.html", context)


@require_safe
@access.page(right="person.open")
def contacts(request: HttpRequest, name: str) -> HttpResponse:
    """The contacts behind one kind, or behind a part of it."""
    here, state = district.current(), State.of(request.GET, today=_today())
    answer = _asked(request, state)
    kind = _kind(answer.found, name) if answer.found else None
    where = {each: request.GET.get(each, "") for each in behind.NARROWS}
    found = behind.contacts_behind(name, state.period, where=where, asker=request.actor)  # type: ignore[attr-defined]
    listing = _listing(found, request, here, kind)
    if taken := access.exported(listing, request, f"{name}-contacts"):
        return taken
    told = {"service": here.service_name,
            "practice": lambda v: word_of(here, "practice", v)}  # fmt: skip
    context = {
        **_frame(request, state, answer),
        "kind": kind,
        "listing": listing,
        "narrowed": [told.get(k, str)(v) for k, v in where.items() if v],
        "each": EACH,
        "whole": state.link(f"/opportunities/{name}/", service=""),
    }
    return render(request, "flow/chances/contacts.html", context)


@require_POST
@access.page(right="measures.see")
def anew(request: HttpRequest) -> HttpResponse:
    """Work the opportunities of a period out again."""
    state = State.of(request.GET, today=_today())
    answers.ask(KIND, asked_of(state.period), by=request.actor, anew=True)  # type: ignore[attr-defined]
    return HttpResponseRedirect(state.link("/opportunities/"))


@require_POST
@access.page(right="measures.see")
def cancel(_request: HttpRequest, digest: str) -> HttpResponse:
    """Stop working on a period."""
    stopped = Period.kept(answers.cancel(digest).asked)
    return HttpResponseRedirect(f"/opportunities/?from={stopped.start}&to={stopped.last}")


def _asked(request: HttpRequest, state: State) -> answers.Answer:
    """The period as it is kept, however old; asked for where nobody did yet."""
    asked = asked_of(state.period)
    kept = answers.kept(KIND, asked)
    return kept or answers.ask(KIND, asked, by=request.actor)  # type: ignore[attr-defined]


def _frame(request: HttpRequest, state: State, answer: answers.Answer) -> dict[str, Any]:
    below = _below(request)
    return {
        "state": state,
        "given": state.said,
        "answer": answer,
        "period": wording.period_words(state),
        "sorts": [(_SORTS[s], state.link(sort=s), s == state.sort) for s in SORTS],
        "forms": [(state.link(format=form), words) for form, words in exporting.FORMS.items()],
        "prices": wording.price_words(answer.found) if answer.found else "",
        "small": wording.small_words(Eyes(below=below)) if below else "",
        "told_to": _moment(answer.found["data_to"]) if answer.found else "",
        "days_of": wording.days,
        "money_of": wording.money,
    }


def _showing(request: HttpRequest, state: State, answer: answers.Answer) -> Showing:
    return Showing(
        found=answer.found or {},
        state=state,
        eyes=Eyes(
            below=_below(request),
            chance=f"{settings.SECRET_KEY}\x1e{state.period.start}\x1e{state.period.end}",
        ),
        district=district.current(),
    )


def _kind(found: dict[str, Any], name: str) -> dict[str, Any]:
    for kind in found["kinds"]:
        if kind["name"] == name:
            return dict(kind)
    known = [k["name"] for k in found["kinds"]]
    raise NotFound(
        say("there is no kind of opportunity called {name}", name=repr(name)), nearest(name, known)
    )


def _services(found: dict[str, Any]) -> list[tuple[str, str]]:
    here = district.current()
    codes = {code for kind in found["kinds"] for code in kind["cells"]["service"]}
    named = sorted((here.service_name(code), code) for code in codes)
    return [("", say("All")), *((code, name) for name, code in named)]


def _listing(found: list[behind.Row], request: HttpRequest, here: Any, kind: Any) -> Listing:
    splits = kind["splits"] if kind else {}
    return Listing(
        caption="Contacts",
        columns=(
            Column("at", "From"),
            Column("person", "Person"),
            Column("service", "Service"),
            Column("cause", splits.get("cause") or "Cause"),
            Column("other", splits.get("other") or "Besides"),
            Column("days", "Avoidable days", right=True),
            Column("money", "Money", right=True),
        ),
        all_rows=[
            [
                Cell(f"{to_local(row.at, here.zone):%-d %b %Y %H:%M}", value=row.at),
                Cell(f"Person {row.person}", value=row.person, href=f"/people/{row.person}/"),
                here.service_name(row.service),
                row.cause,
                row.other,
                Cell(f"{row.days:,.2f}", value=round(row.days, 3)),
                Cell(wording.money(row.money), value=row.money),
            ]
            for row in found
        ],
        query=request.GET,
        empty_title="No contact is listed here",
        empty_advice="Choose another part of it, or work the opportunities out again.",
    )


def _sees(request: HttpRequest) -> bool:
    return queries.sees_people(request.actor)  # type: ignore[attr-defined]


def _below(request: HttpRequest) -> int:
    """Counts under this are hidden from those who may not see people; 0 where none is."""
    return 0 if _sees(request) else district.current().suppress_below


def _moment(text: str) -> Any:
    from datetime import datetime

    return datetime.fromisoformat(text) if text else None


def _today() -> Any:
    return to_local(district.now(), district.current().zone).date()
