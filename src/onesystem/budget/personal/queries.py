"""What can be asked of personal budgets: lists for their keepers, one with its statement, clocks.

Callers open the person before they ask about one; lists name whom one looks after (0159).
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from onesystem import access, people
from onesystem.access import Actor
from onesystem.budget.personal import posting
from onesystem.budget.personal.acting import person_of, rules
from onesystem.budget.personal.listing import Row, Wait
from onesystem.budget.personal.receipts import check_hash
from onesystem.budget.personal.rows import PersonalAsk, PersonalBudget, PersonalReceipt
from onesystem.budget.personal.standing import ENDED
from onesystem.budget.personal.statement import Drawn, Line, Statement, Way, in_order
from onesystem.district import current
from onesystem.people.mapping import views
from onesystem.vocabulary import NotFound, to_local
from onesystem.vocabulary.kept import from_micros
from onesystem.vocabulary.said import say

MOST = 2000


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One thing that was done about a budget."""

    verb: str
    by: str
    at: datetime
    said: Mapping[str, Any]


def one(number: int) -> PersonalBudget:
    """One budget. Raises NotFound."""
    row = PersonalBudget.objects.filter(pk=number).first()
    if row is None:
        raise NotFound(
            say("there is no personal budget {number}", number=number), "Look at the list."
        )
    return row


def of_person(person: int) -> list[PersonalBudget]:
    """The budgets of a person, the one that is open first."""
    ids = people.identity_ids_of(person)
    found = PersonalBudget.objects.filter(identity__in=ids)
    return sorted(found, key=lambda row: (row.state == ENDED, -row.starts.toordinal(), -row.pk))


def whose(number: int) -> int:
    """Whose budget it is. Raises NotFound."""
    return person_of(one(number))


def statement(row: PersonalBudget) -> Statement:
    """The statement of a budget as it stands now, beside what the ledger says."""
    day = row.starts
    ways = {each.name: each.title for each in rules().every("way")}
    items = {each.name: each.title for each in rules().every("item")}
    added = [json.loads(each.said) for each in row.done.filter(verb="added")]
    first = row.agreed - sum(each["amount"] for each in added)
    lines = (
        [
            Line(
                day=day,
                kind="agreed",
                words=say("Agreed for the year"),
                item="",
                way="",
                amount=first,
                rule="agreement",
                source="What was signed",
            )
        ]
        if row.signed_at
        else []
    )
    lines += [
        Line(day=date.fromisoformat(each["day"]), kind="added", words="Added", item="",
             way=each["way"], amount=each["amount"], rule="agreement", source=each["why"])
        for each in added
    ]  # fmt: skip
    for move in row.moves.order_by("pk"):
        lines += _lines(move, items)
    spent, reserved = posting.by_ledger(row)
    return Statement(
        lines=in_order(lines),
        purses=tuple(
            Drawn(line=p.line, name=p.name or p.line, agreed=p.agreed if row.signed_at else 0,
                  drawn=p.drawn, released=p.released)
            for p in row.purses.order_by("pk")
        ),
        ways=tuple(
            Way(way=w.way, name=ways.get(w.way, w.way), agreed=w.agreed, paid=w.paid,
                spent=w.spent, returned=w.returned)
            for w in row.ways.order_by("pk")
        ),
        ledger_spent=spent, ledger_reserved=reserved,
    )  # fmt: skip


def _lines(move: Any, items: Mapping[str, str]) -> list[Line]:
    """The lines of one move: what is paid to the account changes nothing of what is left."""
    source = (
        say("receipt {sha256}", sha256=move.receipt.sha256[:12])
        if move.receipt_id
        else say("no receipt")
    )
    amount = 0 if move.kind == "paid" else -move.amount
    words = move.words or {"paid": "Paid to your account"}.get(move.kind, "")
    found = [
        Line(day=move.day, kind=move.kind, words=words, way=move.way, amount=amount,
             item=items.get(move.item, move.item), receipt=move.receipt_id or 0, number=move.pk,
             rule="spend" if move.kind == "spent" else move.kind,
             source=source if move.kind == "spent" else "", moved=move.amount)
    ]  # fmt: skip
    if move.back_at is not None:
        day = to_local(from_micros(move.back_at), current().zone).date()
        found.append(
            Line(day=day, kind="taken back", words=move.back_why, way=move.way, amount=move.amount,
                 item=items.get(move.item, move.item), number=move.pk, rule="taken back",
                 source=f"by {move.back_by}")
        )  # fmt: skip
    return found


def steps(row: PersonalBudget) -> list[Step]:
    """What was done, the newest first."""
    return [
        Step(verb=each.verb, by=each.by, at=from_micros(each.at), said=json.loads(each.said))
        for each in row.done.order_by("-pk")
    ]


def waits(row: PersonalBudget) -> list[Wait]:
    """What was asked, what waits first; each with its clock."""
    found = sorted(row.asks.all(), key=lambda a: (a.state != "waiting", -a.pk))
    return [_wait(each) for each in found]


def ask_of(number: int, row: PersonalBudget) -> PersonalAsk:
    """One request of a budget. Raises NotFound."""
    found: PersonalAsk | None = row.asks.filter(pk=number).first()
    if found is None:
        raise NotFound(say("there is no request {number}", number=number), "Look at the list.")
    return found


def receipt(number: int, *, person: int) -> PersonalReceipt:
    """A receipt of that person's budgets, as it was sent. Raises NotFound, UserError."""
    found = PersonalReceipt.objects.filter(pk=number).select_related("budget").first()
    if found is None or person_of(found.budget) != person:
        raise NotFound(say("there is no receipt {number}", number=number), "Look at the statement.")
    check_hash(bytes(found.body), found.sha256)
    return found


def board(by: Actor) -> list[Row]:
    """Every budget with what waits of it, for whoever keeps personal budgets."""
    access.require(by, "personal.keep")
    found = list(PersonalBudget.objects.order_by("-pk").prefetch_related("ways", "asks")[:MOST])
    persons = people.person_of([row.identity for row in found])
    died = {v.identity: v.died for v in views({row.identity for row in found}) if v.died}
    names = _names(found, by)
    titles = {each.name: each.title for each in rules().every("clock")}
    return [
        Row(
            budget=row.pk, person=persons.get(row.identity, row.identity),
            name=names.get(row.identity, ""), state=row.state, programme=row.programme,
            cohort=row.cohort, owner=row.owner, starts=row.starts, ends=row.ends,
            review=row.review, agreed=row.agreed or row.indicative,
            left=sum(w.agreed - w.spent - w.returned for w in row.ways.all()),
            waits=tuple(_wait(a, titles) for a in row.asks.all() if a.state == "waiting"),
            died=died.get(row.identity, ""),
        )
        for row in found
    ]  # fmt: skip


def _names(found: Sequence[PersonalBudget], by: Actor) -> dict[int, str]:
    """Names of those whose budget the actor's organisation keeps."""
    if not access.may(by, "person.open") or not by.organisation:
        return {}
    mine = {row.identity for row in found if row.organisation == by.organisation}
    return {
        view.identity: "Restricted" if view.restricted
        else f"{view.family}, {view.given}".strip(", ")
        for view in views(mine)
    }  # fmt: skip


def _wait(each: PersonalAsk, titles: Mapping[str, str] | None = None) -> Wait:
    titles = titles or {c.name: c.title for c in rules().every("clock")}
    return Wait(
        ask=each.pk, kind=each.kind, title=titles.get(each.kind, each.kind), item=each.item,
        amount=each.amount, words=each.words, asked=from_micros(each.asked_at), by=each.asked_by,
        due=from_micros(each.due), owner=each.owner, state=each.state, reason=each.reason,
        answer=each.answer, answered_by=each.answered_by,
        answered=from_micros(each.answered_at) if each.answered_at else None,
        about=each.about_id or 0,
    )  # fmt: skip


def held_now() -> list[tuple[str, set[str], str]]:
    """State, kinds of purses and group of every budget: figures without people."""
    found = PersonalBudget.objects.prefetch_related("purses")
    return [
        (row.state, {p.kind for p in row.purses.all() if p.agreed}, row.cohort) for row in found
    ]


def working(row: PersonalBudget) -> list[dict[str, Any]]:
    """The working of the indicative budget, line by line."""
    found: list[dict[str, Any]] = json.loads(row.working)
    return found


def move_of(number: int, budget: int) -> int:
    """The number of a spending, where it is of that budget. Raises NotFound."""
    if not one(budget).moves.filter(pk=number).exists():
        raise NotFound(
            say("this budget has no spending {number}", number=number), "Look at the statement."
        )
    return number
