"""My budget: what is left, what I may buy, asking, receipts, and where each thing stands."""

import secrets
from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.views.decorators.http import require_POST, require_safe

from onesystem import access, district
from onesystem.access import Actor
from onesystem.budget.personal import (
    actions,
    asking,
    paying,
    posting,
    presenters,
    queries,
    spending,
)
from onesystem.budget.personal.acting import rules
from onesystem.budget.personal.buying import listed
from onesystem.budget.personal.numbers import day_of, minor_of, reference, whole
from onesystem.budget.personal.rows import PersonalBudget
from onesystem.budget.personal.standing import AGREED, ENDED, ENDS, LIVE, PAUSED
from onesystem.record.mine.door import address, opens_own
from onesystem.record.mine.pages import show as show_page
from onesystem.vocabulary import NotFound, UserError
from onesystem.vocabulary.said import say, say_each

Given = Mapping[str, str]


@require_safe
@opens_own
def mine(request: HttpRequest, person: int) -> HttpResponse:
    """What is left, what may I buy, and what became of what I asked?"""
    return _show(request, person)


def _show(request: HttpRequest, person: int, problem: UserError | None = None) -> HttpResponse:
    rows = queries.of_person(person)
    row = rows[0] if rows else None
    context: dict[str, Any] = {
        "row": row, "typed": request.POST if problem else {}, "act": secrets.token_hex(8),
        "today": posting.today(), "items": listed(rules(), posting.today()),
        "reasons": {each.name: each for each in rules().every("reason")},
        "money": lambda minor: presenters.money(minor, district.current().currency),
        "problem": problem,
        "before": [(reference(r.pk), r) for r in rows[1:]],
    }  # fmt: skip
    if row is not None:
        context |= _told(row)
    return show_page(request, "budget/personal/mine.html", person, **context)


def _told(row: PersonalBudget) -> dict[str, Any]:
    go_by, told, at = rules(), queries.statement(row), district.now()
    waits = queries.waits(row)
    may = {each.name: each for each in go_by.on("item", posting.today()).values()}
    return {
        "reference": reference(row.pk),
        "told": told,
        "stands": _STANDS[row.state],
        "live": row.state == LIVE,
        "to_sign": row.state == AGREED,
        "paused": row.state == PAUSED,
        "over": row.state == ENDED,
        "ended": presenters.ended_words(row.state, row.ended_why, row.ended_on, ENDS),
        "working": queries.working(row),
        "pays": paying.pays(row),
        "asks": [presenters.wait_words(w, go_by, row.currency, at) for w in waits],
        "again": {w.about for w in waits if w.about},
        "own_ways": [(w.way, w.name) for w in told.ways if w.way != "notional"],
        "choose": [
            ("", say("Choose")),
            *((i.name, i.title) for i in may.values() if i.rule != "no"),
        ],
        "kinds": [
            (c.name, c.title, say("Answered within {length}", length=c.length))
            for c in go_by.on("clock", posting.today()).values()
            if c.name != "appeal"
        ],
        "agreed_asks": [
            ("", say("None")),
            *(
                (str(w.ask), f"{w.words[:60]}, {presenters.money(w.amount, row.currency)}")
                for w in waits
                if w.state == "agreed" and w.kind == "spend"
            ),
        ],
        "last": presenters.statement_rows(told, row.currency)[-8:][::-1],
    }


_STANDS = say_each(
    {
        "indicative": "Your needs were looked at. This is about what the budget will be; the "
        "plan is"
        " made with you now.",
        "agreed": "This is agreed. Read it, and sign it: then it can be used.",
        "live": "It is in use.",
        "paused": "It is paused: nothing is bought from it until it is resumed. You can still ask.",
        "ended": "This budget has ended.",
    }
)


@require_POST
@opens_own
def act(request: HttpRequest, person: int) -> HttpResponse:
    """Sign, ask, send a receipt, ask again, take back; what was typed stays where it cannot be."""
    by = request.actor  # type: ignore[attr-defined]
    given, do = request.POST, request.POST.get("do", "")
    try:
        access.require(by, "own.see")
        row = _own(whole(given.get("budget")), person)
        words = _do(do, row, request, by)
    except UserError as error:
        return _show(request, person, problem=error)
    messages.success(request, words)
    return HttpResponseRedirect(address(request, "personal:mine", person))


def _own(number: int, person: int) -> PersonalBudget:
    if not number or queries.whose(number) != person:
        raise NotFound("there is no such budget of yours", "Go back to My budget.")
    return queries.one(number)


def _do(do: str, row: PersonalBudget, request: HttpRequest, by: Actor) -> str:
    given = request.POST
    match do:
        case "sign":
            if given.get("read") != "1":
                raise UserError("you did not say that you read it", "Tick the box, and sign again.")
            actions.sign(budget=row.pk, by=by, seen=whole(given.get("seen")))
            return say("Signed. You can use your budget now.")
        case "ask":
            asking.ask(
                budget=row.pk, kind=given.get("kind", "spend"), item=given.get("item", ""),
                amount=minor_of(given.get("amount")), words=given.get("words", ""), by=by,
                act=given.get("act", ""),
            )  # fmt: skip
            return say("Asked. Below you see by when there is an answer.")
        case "receipt":
            _receipt(row, request, by)
            return say("Saved. What is left is below.")
        case "again":
            number = queries.ask_of(whole(given.get("ask")), row).pk
            asking.appeal(ask=number, words=given.get("words", ""), by=by, act=given.get("act", ""))
            return say("Asked. Somebody else looks at it again.")
        case "withdraw":
            asking.withdraw(ask=queries.ask_of(whole(given.get("ask")), row).pk, by=by)
            return say("Taken back.")
    raise UserError("nothing was said", "Choose what you want to do.")


def _receipt(row: PersonalBudget, request: HttpRequest, by: Actor) -> None:
    given, file = request.POST, request.FILES.get("receipt")
    day = day_of(given.get("day"))
    if day is None:
        raise UserError("no day was said", "Write the day that stands on the receipt.")
    spending.spend(
        budget=row.pk, item=given.get("item", ""), way=given.get("way", ""),
        amount=minor_of(given.get("amount")), day=day, words=given.get("words", ""), by=by,
        ask=whole(given.get("ask")) or None, receipt=file.read() if file else None,
        act=given.get("act", ""),
    )  # fmt: skip
