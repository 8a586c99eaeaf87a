"""Saving a comparison, so that others open the same; taking it away, and bringing it back."""

from django.db import IntegrityError, transaction

from onesystem import access
from onesystem.access import Actor
from onesystem.budget.comparing.asked import asked
from onesystem.budget.comparing.rows import Comparison
from onesystem.district import now
from onesystem.vocabulary import NotFound, NotPermitted, UserError
from onesystem.vocabulary.kept import to_micros

RIGHT = "budget.see"


def save(*, name: str, settings: dict[str, str], by: Actor, why: str = "") -> int:
    """Save settings under a name; gives the number. Raises UserError where the name is taken."""
    access.require(by, RIGHT)
    said = asked(settings)
    if said.problems:
        raise UserError(said.problems[0].rstrip("."), "Mend it, and save again.")
    if not said.provider:
        raise UserError("no provider is chosen", "Choose whose year is compared, and save again.")
    if not name.strip():
        raise UserError("it has no name", "Write what it is, so that others find it.")
    try:
        with transaction.atomic():
            row = Comparison.objects.create(
                name=name.strip()[:120], why=why.strip()[:1000], query=said.query, by=by.name,
                at=to_micros(now()),
            )  # fmt: skip
            access.record(by=by, act="comparison.saved", what=str(row.pk))
    except IntegrityError:
        raise UserError(f"{name.strip()!r} is there already", "Choose another name.") from None
    return int(row.pk)


@transaction.atomic
def remove(*, comparison: int, by: Actor) -> None:
    """Take away what one saved oneself."""
    access.require(by, RIGHT)
    row = Comparison.objects.filter(pk=comparison, gone_at=None).first()
    if row is None:
        raise NotFound(f"there is no comparison {comparison}", "Look at the list.")
    if row.by != by.name and not by.is_job:
        raise NotPermitted("whoever saved it takes it away", f"Ask {row.by}.")
    row.gone_at, row.gone_by = to_micros(now()), by.name
    row.save()
    access.record(by=by, act="comparison.removed", what=str(comparison))


@transaction.atomic
def restore(*, comparison: int, by: Actor) -> None:
    """Bring back what one took away."""
    access.require(by, RIGHT)
    row = Comparison.objects.filter(pk=comparison, gone_by=by.name).first()
    if row is None:
        raise NotFound(
            f"there is no comparison {comparison} that you took away", "Look at the list."
        )
    if Comparison.objects.filter(name=row.name, gone_at=None).exists():
        raise UserError(f"{row.name!r} is there already", "Save it under another name.")
    row.gone_at, row.gone_by = None, ""
    row.save()
    access.record(by=by, act="comparison.restored", what=str(comparison))
