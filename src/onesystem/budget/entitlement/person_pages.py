"""One person's charges: need first, then means, then who pays what, the letter, and the payer."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from onesystem import access, district, people
from onesystem.access.models import User
from onesystem.budget import drafted
from onesystem.budget.entitlement import actions, forms, needing, presenters, queries
from onesystem.budget.entitlement.actions import today
from onesystem.budget.entitlement.reading import case_of
from onesystem.budget.entitlement.rule_sets import RULE_SETS
from onesystem.budget.entitlement.steps import PURSES, PURSES_NZ, Standing, undoable
from onesystem.budget.entitlement.typed import case_said, number, pence, pounds, typed_of
from onesystem.people.presenters import who_words
from onesystem.vocabulary import UserError
from onesystem.vocabulary.said import say

_reads = access.opens_person(kind="demographics")
_writes = access.opens_person(kind="demographics", action="write")


@require_safe
@_reads
def person(request: HttpRequest, person: int) -> HttpResponse:
    """What does this person pay for care, and why?"""
    access.require(request.actor, actions.RIGHT)  # type: ignore[attr-defined]
    return _show(request, person)


def _show(
    request: HttpRequest, person: int, *, problem: UserError | None = None, at: str = ""
) -> HttpResponse:
    here, found = district.current(), queries.steps(person)
    stands = queries.stands(person)
    typed = request.POST if at else {}
    own = undoable(found, request.actor.name)  # type: ignore[attr-defined]
    context: dict[str, Any] = {
        "who": who_words(person, people.identities_of(person), here, at=district.now()),
        "person": person, "stands": stands, "problem": problem, "at": at, "day": today(),
        "state": presenters.state_words(stands.state), "seen": stands.steps, "purses": _purses(),
        "record_open": request.allowed.record,  # type: ignore[attr-defined]
        "history": [presenters.step_words(s, _names(found)) for s in reversed(found)],
        "own": presenters.step_words(own, {})["what"] if own else "",
        "money": lambda minor: presenters.money(minor, here.currency),
        "need": forms.need_form(typed if at == "need" else {}, _unable(request) if at == "need"
                                else [], nz=here.currency == "NZD"),
        "cost": actions.cost_of(stands), "shares": _shares(stands), "typed": typed,
        "moved": _moved(stands, here.currency), "symbol": "$" if here.currency == "NZD" else "£",
    }  # fmt: skip
    if stands.need:
        context |= _means(request, person, stands, at)
    return render(
        request, "budget/entitlement/person.html", context, status=422 if problem else 200
    )


def _purses() -> Mapping[str, str]:
    return PURSES_NZ if district.current().currency == "NZD" else PURSES


def _means(request: HttpRequest, person: int, stands: Standing, at: str) -> dict[str, Any]:
    here = district.current()
    kept = stands.means.said["case"] if stands.means else {}
    if at == "means":
        given: Mapping[str, str] = request.POST
        premiums = request.POST.getlist("premium")
    elif kept:
        given, premiums = typed_of(kept), list(kept.get("premiums", ()))
    else:
        given, premiums = {"day": today().isoformat(), **forms.known_of(person, today())}, []
    found: dict[str, Any] = {"form": forms.means_form(given, premiums, today(), here.currency)}
    if stands.means and stands.need:
        case = case_of({**kept, **actions.of_need(stands.need)})
        found["beside"] = presenters.beside(case, here.path)
        found["law"] = RULE_SETS[actions.law()]
    return found


def _shares(stands: Standing) -> dict[str, str]:
    """What each purse would pay a week, as signed."""
    if stands.letter is None or stands.stale:
        return dict.fromkeys(PURSES, "")
    result = stands.letter.said["result"]
    return {"person": pounds(result["pays"]), "council": pounds(result["council"]),
            "nhs": pounds(result["nhs"])}  # fmt: skip


def _moved(stands: Standing, currency: str) -> list[str]:
    if stands.settled is None or stands.payer_open:
        return []
    said = stands.settled.said
    return presenters.moved_words(said["moved"], currency)


def _names(found: list[Any]) -> dict[str, str]:
    users = User.objects.filter(username__in={s.by for s in found})
    return {u.username: u.get_full_name() or u.username for u in users}


def _unable(request: HttpRequest) -> list[str]:
    return list(request.POST.getlist("unable"))


def _act(at: str, said: str) -> Callable[[Callable[..., None]], Callable[..., HttpResponse]]:
    """A page that does one thing and comes back; what is refused keeps what was typed."""

    def wrap(does: Callable[..., None]) -> Callable[..., HttpResponse]:
        @require_POST
        @_writes
        def page(request: HttpRequest, person: int) -> HttpResponse:
            try:
                access.require(request.actor, actions.RIGHT)  # type: ignore[attr-defined]
                does(
                    request,
                    person,
                    request.POST,
                    number(say("The page"), request.POST.get("seen", "")),
                )
            except UserError as error:
                return _show(request, person, problem=error, at=at)
            drafted.done(request.actor, f"charges:{person}:{at}")  # type: ignore[attr-defined]
            messages.success(request, said)
            return HttpResponseRedirect(reverse("entitlement:person", kwargs={"person": person}))

        return page

    return wrap


@_act("need", "Need is saved. Where it is eligible, care starts; who pays is settled behind it.")
def need(request: HttpRequest, person: int, given: Any, seen: int) -> None:
    """Need, and nothing of means."""
    found = needing.finding(given, [
        u for u in _unable(request)
        if u in (needing.needs.CARER_OUTCOMES if given.get("scheme") == "carer"
                 else needing.needs.OUTCOMES)
    ])  # fmt: skip
    actions.agree_need(
        person=person, by=request.asker, finding=found, scheme=given.get("scheme", ""),  # type: ignore[attr-defined]
        starts=_date(say("The start"), given.get("starts", "")), words=given.get("need-words", ""),
        chc=given.get("chc") == "1", end_of_life=given.get("end_of_life") == "1",
        meanwhile=given.get("need-meanwhile") or "council", seen=seen,
        weekly=pence(say("The weekly cost"), given.get("weekly", "")),
    )  # fmt: skip


@_act("means", "Means are saved. Below is what each set of rules would ask for.")
def means(request: HttpRequest, person: int, given: Any, seen: int) -> None:
    """What the person has."""
    said = case_said(given, given.getlist("premium"), district.current().currency)
    actions.say_means(person=person, by=request.asker, case=said, seen=seen)  # type: ignore[attr-defined]


@_act("sign", "Signed. The letter says every line of the working.")
def sign(request: HttpRequest, person: int, given: Any, seen: int) -> None:
    """The charge under the law in force."""
    actions.sign(person=person, by=request.asker, seen=seen,  # type: ignore[attr-defined]
                 review=_date(say("The review"), given.get("review", "")))  # fmt: skip


@_act("settle", "Settled. What another purse paid meanwhile is moved in the ledger.")
def settle(request: HttpRequest, person: int, given: Any, seen: int) -> None:
    """Who pays how much."""
    weekly = {
        purse: pence(words, given.get(f"share-{purse}", "")) for purse, words in PURSES.items()
    }
    actions.settle(person=person, by=request.asker, weekly=weekly,  # type: ignore[attr-defined]
                   words=given.get("words", ""), seen=seen)  # fmt: skip


@_act("dispute", "Who pays is open again. Care goes on meanwhile.")
def dispute(request: HttpRequest, person: int, given: Any, seen: int) -> None:
    """Who pays is questioned."""
    actions.dispute(person=person, by=request.asker, words=given.get("dispute-words", ""),  # type: ignore[attr-defined]
                    meanwhile=given.get("dispute-meanwhile", ""), seen=seen)  # fmt: skip


@_act("undo", "Taken back.")
def undo(request: HttpRequest, person: int, given: Any, seen: int) -> None:  # noqa: ARG001
    """One's own last step."""
    actions.undo(person=person, by=request.asker, seen=seen)  # type: ignore[attr-defined]


def _date(words: str, text: str) -> date | None:
    if not text.strip():
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise UserError(
            say("{words} is {text}", words=words, text=repr(text)),
            "Write a date such as 2026-05-01.",
        ) from None
