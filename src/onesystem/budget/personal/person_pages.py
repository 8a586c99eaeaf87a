"""The tab of a person: their budget as it stands, and all that its keeper can do about it."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from onesystem import access, district, people
from onesystem.access import Actor
from onesystem.budget import drafted
from onesystem.budget.funds import queries as funds
from onesystem.budget.personal import (
    actions,
    asking,
    ending,
    flags,
    paying,
    posting,
    presenters,
    queries,
    spending,
)  # fmt: skip
from onesystem.budget.personal.acting import person_of, rules
from onesystem.budget.personal.indication import KINDS, Need, Purse
from onesystem.budget.personal.numbers import day_of, minor_of, reference, whole
from onesystem.budget.personal.rows import PersonalBudget
from onesystem.budget.personal.standing import ENDED, ENDS, INDICATIVE, PAUSES, STATES
from onesystem.people.presenters import who_words
from onesystem.vocabulary import NotFound, UserError
from onesystem.vocabulary.said import begun, say, say_each

NEEDS, PURSES = range(6), range(3)
Given = Mapping[str, str]


@require_safe
@access.opens_person
def person(request: HttpRequest, person: int) -> HttpResponse:
    """What does this person's budget come to, what is left, and what waits?"""
    access.require(request.actor, "personal.keep")  # type: ignore[attr-defined]
    return show(request, person)


def show(
    request: HttpRequest, person: int, *, problem: UserError | None = None, status: int = 200
) -> HttpResponse:
    """The page; with what was typed where it could not be done."""
    here, at = district.current(), district.now()
    rows = queries.of_person(person)
    row = rows[0] if rows and rows[0].state != ENDED else None
    typed = request.POST if problem else {}
    who = who_words(person, people.identities_of(person), here, at=at)
    context: dict[str, Any] = {
        "who": who, "person": person, "problem": problem, "typed": typed, "row": row,
        "before": [_before(each) for each in rows if each.state == ENDED],
        "money": lambda minor: presenters.money(minor, here.currency),
        "plain": presenters.plain, "today": posting.today(), "state_words": STATES,
    }  # fmt: skip
    context |= _standing(row, at) if row else _new(request, person, typed)
    return render(request, "budget/personal/person.html", context, status=status)


def _before(row: PersonalBudget) -> dict[str, Any]:
    return {
        "row": row, "reference": reference(row.pk),
        "ended": presenters.ended_words(row.state, row.ended_why, row.ended_on, ENDS),
    }  # fmt: skip


def _standing(row: PersonalBudget, at: Any) -> dict[str, Any]:
    """An open budget: sums, requests, and what can be done now."""
    go_by, told = rules(), queries.statement(row)
    day = posting.today()
    items = go_by.on("item", day).values()
    waits = queries.waits(row)
    person = person_of(row)
    again = _rows() | _signed(person) if row.state == INDICATIVE else {}
    return again | {
        "pays": paying.pays(row),
        "charge_changed": row.state != ENDED and paying.changed(row, person),
        "reference": reference(row.pk),
        "state": (STATES[row.state], presenters.KINDS[row.state]),
        "programme": go_by.one("programme", row.programme, row.starts),
        "cohort": next((c.title for c in go_by.every("cohort") if c.name == row.cohort), ""),
        "working": queries.working(row), "purses": list(row.purses.order_by("pk")), "told": told,
        "ways": go_by.on("way", row.starts).values(),
        "held": {each.way: each.agreed for each in told.ways},
        "held_choices": [(each.way, each.name) for each in told.ways],
        "way_choices": [(w.name, w.title) for w in go_by.on("way", row.starts).values()],
        "purse_choices": [(p.line, p.name) for p in row.purses.order_by("pk")],
        "asks": [presenters.wait_words(w, go_by, row.currency, at) for w in waits],
        "steps": [(presenters.DID.get(s.verb, s.verb), s) for s in queries.steps(row)],
        "reasons": [("", say("Choose")), *((r.name, r.title) for r in go_by.every("reason"))],
        "items": [("", say("Choose")), *((i.name, i.title) for i in items if i.rule != "no")],
        "agreed_asks": [("", say("None")), *(
            (str(w.ask), f"{w.words[:60]} ({presenters.money(w.amount, row.currency)})")
            for w in waits if w.state == "agreed" and w.kind == "spend"
        )],
        "ends": list(ENDS.items()), "pauses": list(PAUSES.items()),
        "would": ending.would(row, "year") if row.signed_at else None,
        "direct": next((w for w in told.ways if w.direct), None),
    }  # fmt: skip


def _new(request: HttpRequest, person: int, typed: Given) -> dict[str, Any]:
    """The form of an assessment."""
    go_by, day = rules(), posting.today()
    found = flags.flags_of(person, request.asker)  # type: ignore[attr-defined]
    return (
        _rows()
        | _signed(person)
        | {
            "flags": found,
            "programmes": [(p.name, p.title) for p in go_by.on("programme", day).values()],
            "cohorts": [
                ("", say("None of these")),
                *((c.name, c.title) for c in go_by.on("cohort", day).values()),
            ],
            "cohort": typed.get("cohort", found[0].cohort.name if found else ""),
            "starts": typed.get("starts", day.isoformat()),
            "ends_on": typed.get("ends", _a_year(day).isoformat()),
        }
    )


def _signed(person: int) -> dict[str, Any]:
    """What the person pays a week by the letter that was signed."""
    by_letter, letter = paying.signed(person)
    return {"letter": letter, "by_letter": presenters.plain(by_letter) if letter else ""}


def _rows() -> dict[str, Any]:
    """What the rows of purses and needs are made of; lines for personal budgets stand first."""
    lines = sorted(
        funds.lines(), key=lambda x: ("personal" not in f"{x.code} {x.name}".lower(), x.name)
    )
    return {
        "lines": [("", say("None")), *((x.code, f"{x.name} ({x.code})") for x in lines)],
        "kinds": [(kind, begun(kind)) for kind in KINDS],
        "many": list(NEEDS),
        "purse_rows": list(PURSES),
    }


def _a_year(day: date) -> date:
    later = day.replace(year=day.year + 1) if (day.month, day.day) != (2, 29) else day
    return date.fromordinal(later.toordinal() - 1)


@require_POST
@access.opens_person(action="write")
def assess(request: HttpRequest, person: int) -> HttpResponse:
    """Assess, and tell the indicative budget."""
    given, by = request.POST, request.actor  # type: ignore[attr-defined]
    try:
        starts, ends = _days(given)
        number = actions.assess(
            person=person, needs=_needs(given), purses=_purses(given), starts=starts, ends=ends,
            programme=given.get("programme", ""), cohort=given.get("cohort", ""),
            goals=given.get("goals", ""), by=by, charge=_charge(given),
        )  # fmt: skip
    except UserError as error:
        return show(request, person, problem=error, status=422)
    drafted.done(request.actor, f"personal-assess:{person}")  # type: ignore[attr-defined]
    messages.success(
        request,
        say(
            "Assessed. The indicative budget is told, as {reference}.", reference=reference(number)
        ),
    )
    return HttpResponseRedirect(reverse("personal:person", kwargs={"person": person}))


def _days(given: Given) -> tuple[date, date]:
    starts, ends = day_of(given.get("starts")), day_of(given.get("ends"))
    if starts is None or ends is None:
        raise UserError("no days were said", "Write when the budget begins and ends.")
    return starts, ends


def _purses(given: Given) -> list[Purse]:
    return [
        Purse(line=given[f"purse-{n}"], kind=given.get(f"kind-{n}", ""))
        for n in PURSES if given.get(f"purse-{n}")
    ]  # fmt: skip


def _charge(given: Given) -> int | None:
    """What the person pays a week; None where nothing was typed."""
    return minor_of(given["charge"]) if given.get("charge", "").strip() else None


def _needs(given: Given) -> list[Need]:
    found = []
    for n in NEEDS:
        words, a_week = given.get(f"need-{n}", "").strip(), given.get(f"week-{n}", "").strip()
        if not words and not a_week:
            continue
        place = whole(given.get(f"from-{n}") or "1") - 1
        found.append(
            Need(words=words, purse=given.get(f"purse-{place}", ""), a_week=minor_of(a_week),
                 weeks=whole(given.get(f"weeks-{n}") or "52"))
        )  # fmt: skip
    return found


@require_POST
@access.opens_person(action="write")
def act(request: HttpRequest, person: int, budget: int) -> HttpResponse:
    """Do one thing about the budget; what was typed stays where it cannot be done."""
    given, by = request.POST, request.actor  # type: ignore[attr-defined]
    access.require(by, "personal.keep")
    if queries.whose(budget) != person:
        raise NotFound("this person has no such budget", "Look at their list.")
    do = given.get("do", "")
    try:
        _VERBS.get(do, _nothing)(budget, request, by)
    except UserError as error:
        return show(request, person, problem=error, status=422)
    drafted.done(request.actor, f"personal-agree:{budget}")  # type: ignore[attr-defined]
    messages.success(request, _DONE[do])
    return HttpResponseRedirect(reverse("personal:person", kwargs={"person": person}))


def _nothing(_budget: int, _request: HttpRequest, _by: Actor) -> None:
    raise UserError("nothing was said", "Choose what you do.")


def _agree(budget: int, request: HttpRequest, by: Actor) -> None:
    given = request.POST
    row = queries.one(budget)
    actions.agree(
        budget=budget, by=by, goals=given.get("goals", ""), review=day_of(given.get("review")),
        sums={p.line: minor_of(given.get(f"sum-{p.pk}")) for p in row.purses.all()},
        ways={w: minor_of(given.get(f"way-{w}")) for w in rules().on("way", row.starts)},
        why=given.get("why", ""), seen=whole(given.get("seen")),
    )  # fmt: skip


def _spend(budget: int, request: HttpRequest, by: Actor) -> None:
    given = request.POST
    file = request.FILES.get("receipt")
    spending.spend(
        budget=budget, item=given.get("item", ""), way=given.get("way", ""),
        amount=minor_of(given.get("amount")), day=day_of(given.get("day")) or posting.today(),
        words=given.get("words", ""), ask=whole(given.get("ask")) or None, by=by,
        receipt=file.read() if file else None, act=given.get("act", ""),
    )  # fmt: skip


def _answer(_budget: int, request: HttpRequest, by: Actor) -> None:
    given = request.POST
    row, number = queries.one(_budget), whole(given.get("ask"))
    found = queries.ask_of(number, row)
    words, verdict = given.get("words", ""), given.get("answer", "")
    if found.kind == "question":
        asking.answer(ask=number, words=words, by=by)
    elif verdict == "yes":
        amount = given.get("amount", "").strip()
        asking.agree(ask=number, words=words, by=by, amount=minor_of(amount) if amount else None)
    elif verdict == "no":
        asking.refuse(ask=number, reason=given.get("reason", ""), words=words, by=by)
    else:
        raise UserError("neither yes nor no was said", "Choose one, and say why where it is no.")


_VERBS: dict[str, Callable[[int, HttpRequest, Actor], None]] = {
    "reassess": lambda b, r, by: actions.reassess(
        budget=b, needs=_needs(r.POST), purses=_purses(r.POST), by=by, charge=_charge(r.POST),
        seen=whole(r.POST.get("seen")),
    ),
    "agree": _agree,
    "sign": lambda b, r, by: actions.sign(
        budget=b, by=by, paper=r.POST.get("paper", ""), seen=whole(r.POST.get("seen"))
    ),
    "spend": _spend,
    "answer": _answer,
    "pay": lambda b, r, by: spending.pay(
        budget=b, amount=minor_of(r.POST.get("amount")), words=r.POST.get("words", ""), by=by,
        day=day_of(r.POST.get("day")) or posting.today(), act=r.POST.get("act", ""),
    ) and None,
    "back": lambda b, r, by: spending.take_back(
        spend=queries.move_of(whole(r.POST.get("spend")), b), why=r.POST.get("why", ""), by=by,
        seen=whole(r.POST.get("seen")),
    ),
    "add": lambda b, r, by: actions.add(
        budget=b, line=r.POST.get("line", ""), way=r.POST.get("way", ""), by=by,
        amount=minor_of(r.POST.get("amount")), why=r.POST.get("why", ""),
        seen=whole(r.POST.get("seen")),
    ),
    "pause": lambda b, r, by: actions.pause(
        budget=b, why=r.POST.get("why", ""), by=by, seen=whole(r.POST.get("seen"))
    ),
    "resume": lambda b, r, by: actions.resume(budget=b, by=by, seen=whole(r.POST.get("seen"))),
    "hand": lambda b, r, by: actions.hand_over(
        budget=b, owner=r.POST.get("owner", ""), by=by, seen=whole(r.POST.get("seen"))
    ),
    "end": lambda b, r, by: ending.end(
        budget=b, why=r.POST.get("why", ""), on=day_of(r.POST.get("on")) or posting.today(), by=by,
        seen=whole(r.POST.get("seen")),
    ) and None,
}  # fmt: skip
_DONE = say_each({
    "reassess": "Assessed anew.", "agree": "Agreed. It waits to be signed.",
    "sign": "Signed. The money is set aside, and can be used.", "spend": "Saved.",
    "answer": "Answered. Whoever asked is told.", "pay": "Paid to the account.",
    "back": "Taken back. It no longer counts.", "add": "Added, and set aside.",
    "pause": "Paused.", "resume": "In use again.", "hand": "Handed over.",
    "end": "Ended. What was set aside is free again.",
})  # fmt: skip
