"""What every act about a personal budget goes through: held, allowed, kept, in the trail."""

import json
from typing import Any

from django.db import connection

from onesystem import access, people
from onesystem.access import Actor
from onesystem.access.asking import OWN_RECORD
from onesystem.budget.personal.numbers import reference
from onesystem.budget.personal.programme import Book, book
from onesystem.budget.personal.rows import PersonalBudget, PersonalStep
from onesystem.budget.personal.standing import after
from onesystem.district import current, now
from onesystem.vocabulary import NotFound, NotPermitted, UserError
from onesystem.vocabulary.kept import to_micros
from onesystem.vocabulary.said import say


def rules() -> Book:
    """What personal budgets of this district go by."""
    return book(current().path)


def held(number: int, *, seen: int | None = None) -> PersonalBudget:
    """A budget, kept from others until this transaction is over.

    SQLite has one writer at a time, so there it is held already. Raises UserError where somebody
    did something since the page of `seen` steps was made.
    """
    found = PersonalBudget.objects.filter(pk=number)
    if connection.vendor == "postgresql":
        found = found.select_for_update()
    row = found.first()
    if row is None:
        raise NotFound(
            say("there is no personal budget {number}", number=number), "Look at the list."
        )
    if seen is not None and seen != row.steps:
        last = row.done.order_by("-pk").first()
        raise UserError(
            say(
                "somebody else did something since: {if_last}",
                if_last=last.verb if last else say("a change"),
            ),
            "Look at how it stands now, and say it again.",
        )
    return row


def person_of(row: PersonalBudget) -> int:
    """Whose budget it is."""
    return int(people.person_of([row.identity]).get(row.identity, row.identity))


def keeps(by: Actor, person: int) -> None:
    """Whether somebody may keep that person's budget: by role, and never their own."""
    access.require(by, "personal.keep")
    if not by.is_job and holds(by, person):
        raise NotPermitted("nobody keeps their own budget, or that of whom they act for",
                           "Ask a colleague.")  # fmt: skip


def holds(by: Actor, person: int) -> bool:
    """Whether it is their own, or of somebody for whom they act."""
    asker = access.asker_of(by, OWN_RECORD)
    return asker.person == person or person in asker.acts_for


def holder_or_keeper(by: Actor, person: int) -> bool:
    """Whether it is the holder who acts. Raises NotPermitted for anybody else but a keeper."""
    if by.is_job:
        return False
    if access.may(by, "own.see") and holds(by, person):
        return True
    keeps(by, person)
    return False


def does(
    row: PersonalBudget, verb: str, by: Actor, said: dict[str, Any] | None = None,
    detail: dict[str, Any] | None = None,
) -> None:  # fmt: skip
    """Keep that it was done, and how the budget stands now. The trail has sums, never words."""
    if verb in _MOVES:
        row.state = after(row.state, verb)
    row.steps += 1
    row.save()
    PersonalStep.objects.create(
        budget=row, verb=verb, by=by.name, at=to_micros(now()),
        said=json.dumps(said or {}, sort_keys=True),
    )  # fmt: skip
    access.record(by=by, act=f"personal-budget.{verb.replace(' ', '-')}", what=reference(row.pk),
                  person=person_of(row), detail=detail)  # fmt: skip


_MOVES = {"reassessed", "agreed", "signed", "paid", "spent", "taken back", "added", "paused",
          "resumed", "ended"}  # fmt: skip
