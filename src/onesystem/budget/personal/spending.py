"""Money that moves: what is bought, what is paid to the person's account, what is taken back.

Two people who spend the last pound: the budget's row is held while one does, and the other is told
what is left. The store itself refuses what is more than was agreed.
"""

import json
from datetime import date

from django.db import transaction

from onesystem.access import Actor
from onesystem.budget.ledger.entry import minor
from onesystem.budget.personal import posting
from onesystem.budget.personal.acting import (
    does,
    held,
    holder_or_keeper,
    keeps,
    person_of,
    rules,
)  # fmt: skip
from onesystem.budget.personal.actions import Amount
from onesystem.budget.personal.buying import may_buy
from onesystem.budget.personal.numbers import reference
from onesystem.budget.personal.receipts import File, checked
from onesystem.budget.personal.rows import (
    PersonalAsk,
    PersonalBudget,
    PersonalReceipt,
    PersonalSpend,
    PersonalWay,
)  # fmt: skip
from onesystem.budget.personal.sharing import shares
from onesystem.budget.personal.standing import after
from onesystem.budget.personal.statement import DIRECT
from onesystem.district import now
from onesystem.vocabulary import NotFound, NotPermitted, UserError
from onesystem.vocabulary.kept import to_micros
from onesystem.vocabulary.money import Money
from onesystem.vocabulary.said import say, say_date
from onesystem.vocabulary.typed import needed


@transaction.atomic
def spend(
    *, budget: int, item: str, way: str, amount: Amount, day: date, by: Actor, words: str = "",
    ask: int | None = None, receipt: bytes | None = None, act: str = "",
) -> int:  # fmt: skip
    """Say what was bought, with its receipt; gives its number. The same `act` again is the same."""
    row = held(budget)
    own = holder_or_keeper(by, person_of(row))
    if act and (before := row.moves.filter(act=act).first()):
        return int(before.pk)
    after(row.state, "spent")
    sum_ = minor(amount, row.currency)
    _when(row, day)
    held_as = _way(row, way, sum_)
    if own and way == "notional":
        raise NotPermitted("we hold this part, and pay what you decide", "Ask for it instead.")
    if own and receipt is None:
        raise UserError("there is no receipt", "Take a picture of it, and send it along.")
    asked = _agreed(row, item, sum_, day, ask)
    file = _kept(row, checked(receipt), by) if receipt is not None else None
    key = act or f"spent-{row.steps}"
    parts: dict[str, int] = {}
    if way != DIRECT:  # what was paid to the account left the purses when it was paid
        parts = _drawn(row, sum_, day, say("spent through {way}", way=way), by, key)
    made = PersonalSpend.objects.create(
        budget=row, act=key, kind="spent", item=item, way=way, amount=sum_, day=day,
        words=words.strip()[:500], ask=asked, receipt=file, parts=json.dumps(parts), by=by.name,
        at=to_micros(now()),
    )  # fmt: skip
    held_as.spent += sum_
    held_as.save()
    if asked is not None:
        asked.state = "used"
        asked.save()
    does(row, "spent", by, {"spend": made.pk},
         {"spend": made.pk, "item": item, "way": way, "amount": sum_,
          "receipt": file.sha256 if file else ""})  # fmt: skip
    return int(made.pk)


@transaction.atomic
def pay(
    *, budget: int, amount: Amount, day: date, by: Actor, words: str = "", act: str = "",
    seen: int | None = None,
) -> int:  # fmt: skip
    """Pay an instalment to the account of a direct payment; gives its number."""
    row = held(budget) if act else held(budget, seen=seen)
    keeps(by, person_of(row))
    if act and (before := row.moves.filter(act=act).first()):
        return int(before.pk)
    after(row.state, "paid")
    sum_ = minor(amount, row.currency)
    _when(row, day)
    held_as = row.ways.filter(way=DIRECT).first()
    if held_as is None:
        raise UserError("nothing of this budget is paid to the person",
                        "Agree a direct payment first.")  # fmt: skip
    open_ = held_as.agreed - held_as.paid
    if not 0 < sum_ <= open_:
        raise UserError(
            say(
                "{money} is not between nothing and the {money2} that is still to be paid",
                money=Money(sum_, row.currency),
                money2=Money(open_, row.currency),
            ),
            "Pay that or less.",
        )
    key = act or f"paid-{row.steps}"
    parts = _drawn(row, sum_, day, say("direct payment"), by, key)
    made = PersonalSpend.objects.create(
        budget=row, act=key, kind="paid", way=DIRECT, amount=sum_, day=day,
        words=words.strip()[:500], parts=json.dumps(parts), by=by.name, at=to_micros(now()),
    )  # fmt: skip
    held_as.paid += sum_
    held_as.save()
    does(row, "paid", by, {"spend": made.pk}, {"spend": made.pk, "amount": sum_})
    return int(made.pk)


@transaction.atomic
def take_back(*, spend: int, why: str, by: Actor, seen: int | None = None) -> None:
    """Something was not bought after all, or not as agreed: it no longer counts.

    What was paid through us comes back to its purses and is set aside anew; what the person paid
    from their account is theirs to put back on it.
    """
    found = PersonalSpend.objects.filter(pk=spend).first()
    if found is None:
        raise NotFound(say("there is no spending {spend}", spend=spend), "Look at the statement.")
    row = held(found.budget_id, seen=seen)
    keeps(by, person_of(row))
    found.refresh_from_db()
    after(row.state, say("taken back"))
    if found.kind != "spent" or found.back_at is not None:
        raise UserError("this was taken back already, or is no spending",
                        "Look at the statement.")  # fmt: skip
    reason = needed(why, say("nobody said why"), say("Write why it does not count."))
    parts = json.loads(found.parts)
    if parts:
        posting.give_back(
            row,
            parts,
            day=posting.today(),
            by=by,
            key=f"back-{found.pk}",
            words=say("Taken back: {reference}", reference=reference(row.pk)),
            again=True,
        )
    held_as = row.ways.get(way=found.way)
    held_as.spent -= found.amount
    held_as.save()
    if found.ask is not None:  # what was agreed can be bought after all
        PersonalAsk.objects.filter(pk=found.ask_id, state="used").update(state="agreed")
    found.back_by, found.back_at, found.back_why = by.name, to_micros(now()), reason
    found.save()
    does(row, say("taken back"), by, {"spend": found.pk, "why": reason},
         {"spend": found.pk, "amount": found.amount})  # fmt: skip


def _drawn(
    row: PersonalBudget, amount: int, day: date, what: str, by: Actor, key: str
) -> dict[str, int]:
    left = {p.line: p.agreed - p.drawn - p.released for p in row.purses.order_by("pk")}
    parts = shares(amount, left, row.currency)
    posting.draw(
        row,
        parts,
        day=day,
        by=by,
        key=key,
        words=say("Personal budget {reference}: {what}", reference=reference(row.pk), what=what),
    )
    return {line: part for line, part in parts.items() if part}


def _when(row: PersonalBudget, day: date) -> None:
    if day > posting.today():
        raise UserError(
            say("{day} is not here yet", day=say_date(day, "%-d %B %Y")),
            "Write the day on the receipt.",
        )
    if not row.starts <= day <= row.ends:
        raise UserError(
            say(
                "{day} is outside this budget, which goes from {starts} to {ends}",
                day=say_date(day, "%-d %B %Y"),
                starts=say_date(row.starts, "%-d %B %Y"),
                ends=say_date(row.ends, "%-d %B %Y"),
            ),
            "Look at the day on the receipt.",
        )


def _way(row: PersonalBudget, way: str, amount: int) -> PersonalWay:
    found: PersonalWay | None = row.ways.filter(way=way).first()
    if found is None:
        raise UserError(
            say("nothing of this budget is held as {way}", way=repr(way)),
            say("It is held as {all}.", all=", ".join(w.way for w in row.ways.all())),
        )
    left = found.agreed - found.spent - found.returned
    if not 0 < amount <= left:
        raise UserError(
            say(
                "{money} is not between nothing and the {money2} that is left",
                money=Money(amount, row.currency),
                money2=Money(left, row.currency),
            ),
            "Look at what is left, or ask for more.",
        )
    return found


def _agreed(
    row: PersonalBudget, item: str, amount: int, day: date, ask: int | None
) -> PersonalAsk | None:
    """What was agreed for it, where it had to be. Raises UserError with the reason of the rule."""
    may = may_buy(rules(), item, amount, day, row.currency)
    if may.rule == "no":
        raise UserError(f"{may.item.title}: {may.words[0].lower()}{may.words[1:]}", f"{may.next}.")
    asked = row.asks.filter(pk=ask).first() if ask else None
    if ask and (asked is None or asked.state != "agreed" or asked.item != item):
        raise UserError("what was asked was not agreed for this, or was used already",
                        "Choose another request, or ask anew.")  # fmt: skip
    if asked is not None and amount > asked.amount:
        raise UserError(
            say(
                "{money} is more than the {money2} that was agreed",
                money=Money(amount, row.currency),
                money2=Money(asked.amount, row.currency),
            ),
            "Ask for the rest.",
        )
    if may.rule == "ask" and asked is None:
        raise UserError(f"{may.item.title}: {may.words[0].lower()}{may.words[1:]}",
                        "Ask for it first; the answer has a clock.")  # fmt: skip
    return asked


def _kept(row: PersonalBudget, file: File, by: Actor) -> PersonalReceipt:
    before = row.receipts.filter(sha256=file.sha256).first()
    if before is not None and row.moves.filter(receipt=before, back_at=None).exists():
        raise UserError("this receipt was sent already", "Look at the statement, or send another.")
    if before is not None:
        return before
    return PersonalReceipt.objects.create(
        budget=row, sha256=file.sha256, kind=file.kind, size=file.size, body=file.body,
        by=by.name, at=to_micros(now()),
    )  # fmt: skip
