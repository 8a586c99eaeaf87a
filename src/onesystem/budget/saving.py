"""Saving settings, so that others open the same; taking them away, and bringing them back."""

from dataclasses import dataclass

from django.db import IntegrityError, transaction

from onesystem import access
from onesystem.access import Actor
from onesystem.budget.saved_rows import Saved
from onesystem.district import now
from onesystem.vocabulary import NotFound, NotPermitted, UserError
from onesystem.vocabulary.kept import to_micros
from onesystem.vocabulary.said import say

RIGHT = "budget.see"


@dataclass(frozen=True, slots=True)
class Shelf:
    """Where settings of one kind are saved: their table, what one is called, and in the trail."""

    rows: type[Saved]
    noun: str
    act: str

    def save(self, *, name: str, query: str, by: Actor, why: str = "") -> int:
        """Save settings under a name; gives the number. Raises UserError where it is taken."""
        access.require(by, RIGHT)
        if not name.strip():
            raise UserError("it has no name", "Write what it is, so that others find it.")
        try:
            with transaction.atomic():
                row = self.rows.objects.create(
                    name=name.strip()[:120], why=why.strip()[:1000], query=query, by=by.name,
                    at=to_micros(now()),
                )  # fmt: skip
                access.record(by=by, act=f"{self.act}.saved", what=str(row.pk))
        except IntegrityError:
            raise UserError(
                say("{name} is there already", name=repr(name.strip())), "Choose another name."
            ) from None
        return int(row.pk)

    @transaction.atomic
    def remove(self, number: int, *, by: Actor) -> None:
        """Take away what one saved oneself."""
        access.require(by, RIGHT)
        row = self.rows.objects.filter(pk=number, gone_at=None).first()
        if row is None:
            raise NotFound(
                say("there is no {noun} {number}", noun=self.noun, number=number),
                "Look at the list.",
            )
        if row.by != by.name and not by.is_job:
            raise NotPermitted("whoever saved it takes it away", say("Ask {by}.", by=row.by))
        row.gone_at, row.gone_by = to_micros(now()), by.name
        row.save()
        access.record(by=by, act=f"{self.act}.removed", what=str(number))

    @transaction.atomic
    def restore(self, number: int, *, by: Actor) -> None:
        """Bring back what one took away."""
        access.require(by, RIGHT)
        row = self.rows.objects.filter(pk=number, gone_by=by.name).first()
        if row is None:
            what = say(
                "there is no {noun} {number} that you took away", noun=self.noun, number=number
            )
            raise NotFound(what, "Look at the list.")
        if self.rows.objects.filter(name=row.name, gone_at=None).exists():
            raise UserError(
                say("{name} is there already", name=repr(row.name)), "Save it under another name."
            )
        row.gone_at, row.gone_by = None, ""
        row.save()
        access.record(by=by, act=f"{self.act}.restored", what=str(number))
