"""Implementation: who does what from when until when, for which option."""

from datetime import date

from django.db import transaction

from onesystem.access import Actor
from onesystem.district import now
from onesystem.plan.options.keeping import held, require, step
from onesystem.plan.options.rows import STATES, PlanAction
from onesystem.vocabulary import NotFound, UserError, nearest
from onesystem.vocabulary.kept import to_micros
from onesystem.vocabulary.said import say, say_date


@transaction.atomic
def assign(
    *, plan: str, words: str, owner: str, begins: date, due: date, by: Actor, option: str = "",
    seen: int | None = None,
) -> int:  # fmt: skip
    """Write an action down; gives its number."""
    require(by)
    row = held(plan, seen)
    if not words.strip():
        raise UserError("it is not said what is to do", "Write it as an act: who, what.")
    if not owner.strip():
        raise UserError("nobody owns it", "Name who sees that it is done.")
    if due < begins:
        raise UserError(
            say("it is due on {due}, before it begins", due=say_date(due, "%-d %B %Y")),
            "Give a later day for its end.",
        )
    known = set(row.options.filter(gone_at=None).values_list("key", flat=True))
    if option and option not in known:
        raise NotFound(
            say("there is no option {option} in this plan", option=repr(option)),
            nearest(option, known),
        )
    made = PlanAction.objects.create(
        plan=row, words=words.strip()[:500], owner=owner.strip()[:150], begins=begins, due=due,
        option=option, at=to_micros(now()), by=by.name,
    )  # fmt: skip
    step(row, "assigned", by, body={"action": made.pk, "due": due.isoformat()})
    return int(made.pk)


@transaction.atomic
def settle(*, plan: str, action: int, state: str, by: Actor, said: str = "") -> int:
    """Say that an action is done, dropped or open again; a drop says why."""
    require(by)
    row = held(plan)
    mine = PlanAction.objects.filter(plan=row, pk=action).first()
    if mine is None:
        raise NotFound(
            say("there is no action {action} in this plan", action=action), "Look at the list."
        )
    if state not in STATES:
        raise UserError(
            say("an action is never {state}", state=repr(state)), nearest(state, STATES)
        )
    if state == "dropped" and not said.strip():
        raise UserError("it is not said why it is dropped", "Write the reason.")
    mine.state, mine.said = state, said.strip()[:1000]
    mine.save()
    return step(row, "settled", by, why=said, body={"action": action, "state": state},
                detail={"action": action, "state": state})  # fmt: skip
