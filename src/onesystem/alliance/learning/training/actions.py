"""What can be done about training: write down who took a course, one or many; take it back."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db import transaction

from onesystem import access
from onesystem.access import Actor
from onesystem.alliance.charter import rules
from onesystem.alliance.charter.keeping import found, micros, words
from onesystem.alliance.learning.training.rows import Trained
from onesystem.district import current, now
from onesystem.vocabulary import UserError, nearest, to_local
from onesystem.vocabulary.said import say


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """Somebody took a course on a day."""

    who: str
    course: str
    profession: str
    sector: str
    organisation: str
    on: date


@transaction.atomic
def train(*, taken: Sequence[Taken], by: Actor) -> int:
    """Write down who took a course; all of them or none. What is there already stays as it is."""
    access.require(by, "alliance.keep")
    new = 0
    for each in taken:
        _check(each)
        _, made = Trained.objects.get_or_create(
            who=words(each.who, "who", 150), organisation=each.organisation, gone_at=None,
            course=words(each.course, "the course", 200),
            defaults={"profession": each.profession, "sector": each.sector, "on": each.on,
                      "at": micros(), "by": by.name},
        )  # fmt: skip
        new += made
    access.record(by=by, act="alliance.trained", what=str(len(taken)), detail={"new": new})
    return new


@transaction.atomic
def take_back(*, line: int, by: Actor) -> None:
    """It was wrong."""
    access.require(by, "alliance.keep")
    made: Trained = found(Trained, "line", id=line, gone_at__isnull=True)
    made.gone_at = micros()
    made.save(update_fields=["gone_at"])
    access.record(by=by, act="alliance.trained-not", what=str(line))


def _check(each: Taken) -> None:
    here = current().organisations
    for said, known, kind in (
        (each.profession, rules.professions(), "profession"),
        (each.sector, rules.sectors(), "sector"), (each.organisation, here, "organisation"),
    ):  # fmt: skip
        if said not in known:
            raise UserError(
                say("there is no {kind} {said}", kind=kind, said=repr(said)),
                nearest(said, list(known)),
            )
    if each.on > to_local(now(), current().zone).date():
        raise UserError("nobody has taken a course that is still to come", "Look at the day")
