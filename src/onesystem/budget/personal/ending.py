"""The end of a budget, or of its year: what is left on the account goes back by the agreement.

At the end of a year so many weeks' money may stay on the account for the next; where the person
died, moved away or wants another way, all that is left goes back. What was still set aside is let
go of, and stands in the purses again.
"""

import json
from contextlib import suppress
from dataclasses import dataclass
from datetime import date

from django.db import transaction

from onesystem.access import Actor
from onesystem.access.keeping import end_caseload
from onesystem.budget.personal import posting
from onesystem.budget.personal.acting import does, held, keeps, person_of, rules
from onesystem.budget.personal.numbers import reference
from onesystem.budget.personal.rows import PersonalBudget, PersonalSpend
from onesystem.budget.personal.sharing import may_keep, shares, unspent
from onesystem.budget.personal.standing import AGREED as UNSIGNED
from onesystem.budget.personal.standing import ENDS, INDICATIVE, after
from onesystem.budget.personal.statement import DIRECT
from onesystem.district import now
from onesystem.vocabulary import NotFound, UserError, nearest
from onesystem.vocabulary.kept import to_micros
from onesystem.vocabulary.said import say, say_date


@dataclass(frozen=True, slots=True, kw_only=True)
class Closing:
    """What the end would do: stays on the account, goes back, is let go of, is still owed."""

    stays: int
    returned: int
    released: int
    owed: int


def would(row: PersonalBudget, why: str) -> Closing:
    """What the end of a budget comes to, before it is done."""
    purses = sum(p.agreed - p.drawn - p.released for p in row.purses.all())
    direct = row.ways.filter(way=DIRECT).first()
    if direct is None:
        return Closing(stays=0, returned=0, released=purses, owed=0)
    weeks = rules().one("programme", row.programme, row.starts).keep_weeks if why == "year" else 0
    owed = max(0, direct.spent - direct.paid)  # the person paid more than they were sent
    stays, back = unspent(paid=direct.paid, spent=direct.spent,
                          keep=may_keep(direct.agreed, weeks))  # fmt: skip
    return Closing(stays=stays, returned=back, released=purses - owed, owed=owed)


@transaction.atomic
def end(*, budget: int, why: str, on: date, by: Actor, seen: int | None = None) -> Closing:
    """End it: pay what is owed, take back what is left, let go of what was set aside."""
    row = held(budget, seen=seen)
    keeps(by, person_of(row))
    if why not in ENDS:
        raise UserError(say("{why} is no reason for an end", why=repr(why)), nearest(why, ENDS))
    after(row.state, "ended")
    if on > posting.today():
        raise UserError("that day is not here yet", "End it when it is over.")
    if on < row.starts and row.state not in {INDICATIVE, UNSIGNED}:
        raise UserError("that day is before the budget began", "Look at the day.")
    if why == "year" and on < row.ends:
        raise UserError(
            say("the year of this budget goes to {ends}", ends=say_date(row.ends, "%-d %B %Y")),
            "Say another reason, or wait.",
        )
    found = Closing(stays=0, returned=0, released=0, owed=0)
    if row.state not in {INDICATIVE, UNSIGNED}:
        found = _close(row, why, on, by)
    for each in row.asks.filter(state="waiting").exclude(kind="question"):
        each.state, each.answer = "withdrawn", say("The budget has ended")
        each.save()
    row.ended_on, row.ended_why = on, why
    if row.caseload is not None and why != "year":  # after a year the next one mostly follows
        with suppress(NotFound):  # somebody ended it before
            end_caseload(caseload=row.caseload, by=by, reason=say("the personal budget has ended"))
    said = {"stays": found.stays, "returned": found.returned, "released": found.released}
    does(row, "ended", by, {"why": why, **said}, {"why": why, **said})
    return found


def _close(row: PersonalBudget, why: str, on: date, by: Actor) -> Closing:
    found = would(row, why)
    direct = row.ways.filter(way=DIRECT).first()
    name = say("Personal budget {reference}", reference=reference(row.pk))
    if direct is not None and found.owed:
        left = {p.line: p.agreed - p.drawn - p.released for p in row.purses.order_by("pk")}
        parts = shares(found.owed, left, row.currency)
        posting.draw(
            row, parts, day=on, words=say("{name}: paid at the end", name=name), by=by, key="owed"
        )
        direct.paid += found.owed
        _move(row, "paid", found.owed, on, say("Owed to you at the end"), parts, by)
    if direct is not None and found.returned:
        drawn = {p.line: p.drawn for p in row.purses.order_by("pk")}
        parts = shares(found.returned, drawn, row.currency)
        posting.give_back(
            row,
            parts,
            day=on,
            words=say("{name}: unspent money returned", name=name),
            by=by,
            key="returned",
            again=False,
        )
        direct.returned += found.returned
        _move(row, "returned", found.returned, on, say("Unspent money that goes back"), parts, by)
    if direct is not None:
        direct.save()
    posting.release(row, say("{name} has ended", name=name), by)
    return found


def _move(
    row: PersonalBudget, kind: str, amount: int, on: date, words: str, parts: dict[str, int],
    by: Actor,
) -> None:  # fmt: skip
    PersonalSpend.objects.create(
        budget=row, act=f"end-{kind}", kind=kind, way=DIRECT, amount=amount, day=on, words=words,
        parts=json.dumps(parts), by=by.name, at=to_micros(now()),
    )  # fmt: skip
