"""What a personal budget does on the ledger: reserve, draw, give back, release; never a name.

Each budget is known to the ledger by its number, as the decision behind each leg, and its person
by a key that only this room can turn into somebody. A month that is closed takes nothing any
more: what belongs to it is posted in the first that is open.
"""

import json
from collections.abc import Mapping
from datetime import date

from onesystem.access import Actor
from onesystem.budget.ledger import actions, queries
from onesystem.budget.ledger.entry import ACTUAL, COMMITMENT, Leg
from onesystem.budget.personal.numbers import reference
from onesystem.budget.personal.rows import PersonalBudget, PersonalPurse
from onesystem.district import current, now
from onesystem.vocabulary import UserError, to_local
from onesystem.vocabulary.said import say


def today() -> date:
    """The day in the district."""
    return to_local(now(), current().zone).date()


def month_for(day: date) -> date:
    """The month of a day, or the first open one after it."""
    wanted = day.replace(day=1)
    return max(wanted, queries.first_open() or wanted)


def key_of(row: PersonalBudget) -> str:
    """What the keys of a budget's postings begin with: no posting is made twice."""
    return f"personal:{row.person_key}"


def reserve(row: PersonalBudget, purse: PersonalPurse, amount: int, by: Actor, step: str) -> None:
    """Set money of a purse aside. Raises UserError where its line has not so much."""
    made = actions.reserve(
        line=purse.line,
        amount=amount,
        month=month_for(max(row.starts, today())),
        by=by,
        words=say(
            "Personal budget {reference}, {kind}", reference=reference(row.pk), kind=purse.kind
        ),
        key=f"{key_of(row)}:{purse.line}:reserve:{step}",
        decision=reference(row.pk),
        organisation=purse.organisation,
        person_key=row.person_key,
    )
    held = [*json.loads(purse.reservations), {"posting": made, "left": amount}]
    purse.reservations = json.dumps(held)


def draw(
    row: PersonalBudget, parts: Mapping[str, int], *, day: date, words: str, by: Actor, key: str
) -> None:
    """Take each purse's part of a payment out of what was set aside."""
    for purse in row.purses.order_by("pk"):
        for posting, part in _taken(purse, parts.get(purse.line, 0)):
            actions.draw(
                reservation=posting, amount=part, month=month_for(day), by=by, words=words,
                key=f"{key_of(row)}:{purse.line}:{key}:{posting}", organisation=purse.organisation,
            )  # fmt: skip
        purse.drawn += parts.get(purse.line, 0)
        purse.save()


def give_back(
    row: PersonalBudget, parts: Mapping[str, int], *, day: date, words: str, by: Actor, key: str,
    again: bool,
) -> None:  # fmt: skip
    """Give each purse back its part; `again` sets it aside anew, else it is no longer needed."""
    for purse in row.purses.order_by("pk"):
        part = parts.get(purse.line, 0)
        if not part:
            continue
        said = {"line": purse.line, "organisation": purse.organisation,
                "decision": reference(row.pk), "person_key": row.person_key}  # fmt: skip
        legs = (Leg("spent", -part, **said), Leg("owed", part, **said))
        actions.post(book=ACTUAL, month=month_for(day), legs=legs, words=words, by=by,
                     key=f"{key_of(row)}:{purse.line}:{key}")  # fmt: skip
        purse.drawn -= part
        if again:
            reserve(row, purse, part, by, key)
        else:
            purse.released += part
        purse.save()


def release(row: PersonalBudget, words: str, by: Actor) -> dict[str, int]:
    """Let go of all that is still set aside; gives what each purse has back."""
    found = {}
    for purse in row.purses.order_by("pk"):
        held = json.loads(purse.reservations)
        for each in held:
            if each["left"]:
                actions.release(reservation=each["posting"], by=by, words=words,
                                amount=each["left"], month=month_for(today()))  # fmt: skip
                each["left"] = 0
        found[purse.line] = purse.agreed - purse.drawn - purse.released
        purse.released += found[purse.line]
        purse.reservations = json.dumps(held)
        purse.save()
    return found


def by_ledger(row: PersonalBudget) -> tuple[int, int]:
    """What the ledger says was spent, and is still set aside, for a budget."""
    of = reference(row.pk)
    return (
        queries.balance(book=ACTUAL, account="spent", decision=of),
        queries.balance(book=COMMITMENT, account="reserved", decision=of),
    )


def _taken(purse: PersonalPurse, amount: int) -> list[tuple[int, int]]:
    held, found = json.loads(purse.reservations), []
    for each in held:
        part = min(amount, each["left"])
        if part:
            found.append((each["posting"], part))
            each["left"] -= part
            amount -= part
    if amount:
        raise UserError(say("{line} has set less aside than was asked", line=purse.line),
                        "Look at what stands now, and try again.")  # fmt: skip
    purse.reservations = json.dumps(held)
    return found
