"""Asking and answering: every request has a clock and an owner, every refusal a reason.

number = ask(budget=3, kind="spend", item="large-equipment", amount=40000, words="...", by=holder)
refuse(ask=number, reason="needs-more", words="...", by=keeper)
again = appeal(ask=number, words="...", by=holder)     # for somebody other than who refused
"""

from collections.abc import Sequence

from django.db import transaction
from django.urls import reverse

from onesystem import access
from onesystem.access import Actor
from onesystem.budget.entitlement.here import country_of
from onesystem.budget.ledger.entry import minor
from onesystem.budget.personal.acting import (
    does,
    held,
    holder_or_keeper,
    holds,
    keeps,
    person_of,
    rules,
)  # fmt: skip
from onesystem.budget.personal.actions import Amount
from onesystem.budget.personal.buying import may_buy
from onesystem.budget.personal.clocks import due
from onesystem.budget.personal.numbers import reference
from onesystem.budget.personal.posting import today
from onesystem.budget.personal.rows import PersonalAsk, PersonalBudget
from onesystem.budget.personal.standing import ENDED
from onesystem.district import current, now
from onesystem.vocabulary import NotFound, NotPermitted, UserError
from onesystem.vocabulary.kept import to_micros
from onesystem.vocabulary.money import Money
from onesystem.vocabulary.said import say
from onesystem.vocabulary.typed import needed

WAITING, YES, NO = "waiting", "agreed", "refused"


@transaction.atomic
def ask(
    *, budget: int, kind: str, words: str, by: Actor, item: str = "", way: str = "",
    amount: Amount = 0, act: str = "",
) -> int:  # fmt: skip
    """Ask for something; gives the number of the request. The same `act` again is the same."""
    row = held(budget)
    holder_or_keeper(by, person_of(row))
    if act and (before := row.asks.filter(act=act).first()):
        return int(before.pk)
    if kind == "appeal":
        raise UserError("an appeal is about a refusal", "Open the refusal, and ask from there.")
    if row.state == ENDED and kind != "question":
        raise UserError("this budget has ended", "Ask a question, or ask for a new assessment.")
    text = needed(
        words, say("nothing was written"), say("Write what you ask for, in your own words.")
    )
    sum_ = minor(amount, row.currency)
    if kind == "spend":
        _may(row, item, sum_)
    made = _made(row, kind, text, by, act=act, item=item, way=way, amount=sum_)
    does(row, "asked", by, {"ask": made.pk}, {"ask": made.pk, "kind": kind, "amount": sum_})
    _tell(row, made)
    return int(made.pk)


def _may(row: PersonalBudget, item: str, amount: int) -> None:
    """Refused at once where the rules refuse it, with the reason: nobody waits for a certain no."""
    if not amount:
        raise UserError("no price was said", "Write what it costs, as 12.50.")
    found = may_buy(rules(), item, amount, today(), row.currency)
    if found.rule == "no":
        raise UserError(f"{found.item.title}: {found.words[0].lower()}{found.words[1:]}",
                        f"{found.next}.")  # fmt: skip
    left = sum(each.agreed - each.spent - each.returned for each in row.ways.all())
    if amount > left:
        raise UserError(
            say(
                "{money} is more than the {money2} left",
                money=Money(amount, row.currency),
                money2=Money(left, row.currency),
            ),
            "Ask for less, or ask for more money in the budget.",
        )


@transaction.atomic
def agree(*, ask: int, by: Actor, words: str = "", amount: Amount | None = None) -> None:
    """Say yes, to as much as was asked or to less."""
    found, row = _waiting(ask, by)
    sum_ = found.amount if amount is None else minor(amount, row.currency)
    if sum_ > found.amount:
        raise UserError("that is more than was asked", "Agree to it, or let them ask again.")
    if found.kind == "spend" and not sum_:
        raise UserError("agreed to nothing", "Say a sum, or refuse it with a reason.")
    found.amount = sum_
    _answered(found, YES, by, words)
    if found.kind == "appeal" and found.about is not None:
        # What was refused is agreed after all, and can be bought.
        before = found.about
        before.amount = min(before.amount, sum_ or before.amount)
        _answered(before, YES, by, words or say("Agreed when it was looked at again"))
    does(row, "answered", by, {"ask": found.pk}, {"ask": found.pk, "answer": YES})
    _say(row, found)


@transaction.atomic
def answer(*, ask: int, words: str, by: Actor) -> None:
    """Answer a question."""
    found, row = _waiting(ask, by)
    text = needed(words, say("nothing was written"), say("Write the answer."))
    _answered(found, "answered", by, text)
    does(row, "answered", by, {"ask": found.pk}, {"ask": found.pk, "answer": "answered"})
    _say(row, found)


@transaction.atomic
def refuse(*, ask: int, reason: str, words: str, by: Actor) -> None:
    """Say no, with a reason of the list and in words; how to go on stands beside it."""
    found, row = _waiting(ask, by)
    rules().one("reason", reason, today())
    text = needed(
        words, say("a refusal needs words"), say("Write why, so that the person understands it.")
    )
    found.reason = reason
    _answered(found, NO, by, text)
    does(row, "answered", by, {"ask": found.pk},
         {"ask": found.pk, "answer": NO, "reason": reason})  # fmt: skip
    _say(row, found)


@transaction.atomic
def appeal(*, ask: int, words: str, by: Actor, act: str = "") -> int:
    """Ask that a refusal is looked at again, by somebody else; gives the number of the appeal."""
    before = PersonalAsk.objects.filter(pk=ask).first()
    if before is None:
        raise NotFound(say("there is no request {ask}", ask=ask), "Look at the list.")
    row = held(before.budget_id)
    holder_or_keeper(by, person_of(row))
    if act and (same := row.asks.filter(act=act).first()):
        return int(same.pk)
    if before.state != NO or before.kind == "appeal":
        raise UserError("this was not refused, or was looked at again already",
                        "Ask anew, or put a complaint to the council or the NHS.")  # fmt: skip
    if row.asks.filter(about=before).exclude(state="withdrawn").exists():
        raise UserError("this is looked at again already", "Look at the answer to that.")
    text = needed(words, say("nothing was written"), say("Write what we should see differently."))
    made = _made(row, "appeal", text, by, act=act, item=before.item, way=before.way,
                 amount=before.amount, about=before)  # fmt: skip
    does(row, "asked", by, {"ask": made.pk}, {"ask": made.pk, "kind": "appeal"})
    _tell(row, made)
    return int(made.pk)


@transaction.atomic
def withdraw(*, ask: int, by: Actor) -> None:
    """Whoever asked takes it back while it waits."""
    found = PersonalAsk.objects.filter(pk=ask).first()
    row = held(found.budget_id) if found else None
    if found is None or row is None:
        raise NotFound(say("there is no request {ask}", ask=ask), "Look at the list.")
    holder_or_keeper(by, person_of(row))
    found.refresh_from_db()
    if found.state != WAITING:
        raise UserError("this was answered already", "Look at the answer.")
    found.state = "withdrawn"
    found.save()
    does(row, "withdrawn", by, {"ask": ask}, {"ask": ask})


def _made(row: PersonalBudget, kind: str, words: str, by: Actor, **more: object) -> PersonalAsk:
    at = now()
    act = str(more.pop("act", "") or f"{kind}-{row.steps}")
    return PersonalAsk.objects.create(
        budget=row, kind=kind, words=words, asked_by=by.name, asked_at=to_micros(at), act=act,
        due=to_micros(due(rules(), kind, at, today(), zone=current().zone,
                          country=country_of(current().currency))), state=WAITING,
        owner="" if kind == "appeal" else row.owner, **more,
    )  # fmt: skip


def _waiting(ask: int, by: Actor) -> tuple[PersonalAsk, PersonalBudget]:
    """A request that waits, with its budget held, for somebody who may answer it."""
    found = PersonalAsk.objects.filter(pk=ask).first()
    if found is None:
        raise NotFound(say("there is no request {ask}", ask=ask), "Look at the list.")
    row = held(found.budget_id)
    keeps(by, person_of(row))
    found.refresh_from_db()
    if found.state != WAITING:
        raise UserError(
            say(
                "this was {state} already by {answered_by}",
                state=found.state,
                answered_by=found.answered_by or found.asked_by,
            ),
            "Look at the answer.",
        )
    if found.about is not None and found.about.answered_by == by.name:
        raise NotPermitted("whoever refused it does not look at it again", "Ask a colleague.")
    return found, row


def _answered(found: PersonalAsk, state: str, by: Actor, words: str) -> None:
    found.state, found.answer = state, words.strip()[:1000]
    if state == YES:
        found.reason = ""
    found.answered_by, found.answered_at = by.name, to_micros(now())
    found.save()


def _tell(row: PersonalBudget, made: PersonalAsk) -> None:
    link = reverse("personal:person", kwargs={"person": person_of(row)})
    address = {"username": made.owner} if made.owner else {"organisation": row.organisation}
    if any(address.values()):
        access.notify(topic="personal.asked", words=reference(row.pk), link=link, **address)


def _say(row: PersonalBudget, found: PersonalAsk) -> None:
    """Tell whoever asked."""
    asked = user_of(found.asked_by)
    if asked is None:
        return
    person = person_of(row)
    own = access.may(asked, "own.see") and holds(asked, person)
    link = reverse("personal:mine") if own else reverse("personal:person",
                                                        kwargs={"person": person})  # fmt: skip
    access.notify(topic="personal.answered", username=asked.name, words=reference(row.pk),
                  link=link)  # fmt: skip


def user_of(username: str) -> Actor | None:
    """Who signs in by a name; None where nobody does."""
    from onesystem.access.models import User

    found: Sequence[User] = User.objects.filter(username=username, is_active=True)[:1]
    return Actor.of(found[0]) if found else None
