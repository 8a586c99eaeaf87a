"""Saving what was set, so that others open the same; and taking it away again."""

from django.db import IntegrityError, transaction

from onesystem import access
from onesystem.access import Actor
from onesystem.budget.policy.asked import asked
from onesystem.budget.policy.model import model
from onesystem.budget.policy.rows import PolicyPlan
from onesystem.district import now
from onesystem.vocabulary import NotFound, NotPermitted, UserError
from onesystem.vocabulary.kept import to_micros

RIGHT = "budget.see"


def save(*, name: str, settings: dict[str, str], by: Actor, why: str = "") -> int:
    """Save settings under a name; gives the number. Raises UserError where the name is taken."""
    access.require(by, RIGHT)
    if not name.strip():
        raise UserError("it has no name", "Write what it is, so that others find it.")
    said = asked(model(), settings, strict=True)
    try:
        with transaction.atomic():
            row = PolicyPlan.objects.create(
                name=name.strip()[:120], why=why.strip()[:1000], query=said.query, by=by.name,
                at=to_micros(now()),
            )  # fmt: skip
            access.record(by=by, act="policy.saved", what=str(row.pk))
    except IntegrityError:
        raise UserError(f"{name.strip()!r} is there already", "Choose another name.") from None
    return int(row.pk)


@transaction.atomic
def remove(*, plan: int, by: Actor) -> None:
    """Take away what one saved oneself."""
    access.require(by, RIGHT)
    row = PolicyPlan.objects.filter(pk=plan, gone_at=None).first()
    if row is None:
        raise NotFound(f"there is no plan {plan}", "Look at the list.")
    if row.by != by.name and not by.is_job:
        raise NotPermitted("whoever saved it takes it away", f"Ask {row.by}.")
    row.gone_at, row.gone_by = to_micros(now()), by.name
    row.save()
    access.record(by=by, act="policy.removed", what=str(plan))


@transaction.atomic
def restore(*, plan: int, by: Actor) -> None:
    """Bring back what one took away."""
    access.require(by, RIGHT)
    row = PolicyPlan.objects.filter(pk=plan, gone_by=by.name).first()
    if row is None:
        raise NotFound(f"there is no plan {plan} that you took away", "Look at the list.")
    if PolicyPlan.objects.filter(name=row.name, gone_at=None).exists():
        raise UserError(f"{row.name!r} is there already", "Save it under another name.")
    row.gone_at, row.gone_by = None, ""
    row.save()
    access.record(by=by, act="policy.restored", what=str(plan))
