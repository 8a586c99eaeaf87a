"""What the privacy officer does about a look, and the list of well-known people."""

from django.db import transaction

from onesystem.access import keeping
from onesystem.access.actor import Actor
from onesystem.access.audit import record
from onesystem.access.deciding import persons_of
from onesystem.access.models import Question, Review, ReviewNote, WellKnown
from onesystem.access.rights import require
from onesystem.district import now
from onesystem.vocabulary import BadConfig, NotFound
from onesystem.vocabulary.kept import to_micros
from onesystem.vocabulary.said import say


@transaction.atomic
def resolve(*, review: int, outcome: str, note: str, by: Actor, answer: str = "") -> None:
    """Close a look with a note that stays for ever; a person's question takes an answer too."""
    require(by, "access.review")
    asked = Question.objects.filter(review=review).first()
    if asked is not None and not answer.strip():
        raise BadConfig("the person waits for an answer", "Write what you found, in plain words.")
    keeping.resolve(review=review, outcome=outcome, note=note, by=by)
    _noted(review, "resolved", note, by, outcome)
    if asked is not None:
        asked.answer, asked.answered_by = answer.strip()[:1000], by.name
        asked.answered_at = to_micros(now())
        asked.save(update_fields=["answer", "answered_by", "answered_at"])
        record(by=by, act="question.answered", person=asked.identity,
               detail={"question": asked.id, "review": review})  # fmt: skip


@transaction.atomic
def reopen(*, review: int, note: str, by: Actor) -> None:
    """Put a resolved look back on the list, and say why; what was noted before stays."""
    require(by, "access.review")
    if not note.strip():
        raise BadConfig("a look is reopened with a note", "Say what changed.")
    keeping.reopen(review=review, by=by)
    _noted(review, "reopened", note, by)


def _noted(review: int, act: str, note: str, by: Actor, outcome: str = "") -> None:
    ReviewNote.objects.create(
        review=review, at=to_micros(now()), by=by.name, act=act, outcome=outcome,
        note=note.strip()[:1000],
    )  # fmt: skip


@transaction.atomic
def add_well_known(*, person: int, reason: str, by: Actor) -> int:
    """Put a person on the list of those whose record draws looks."""
    require(by, "access.review")
    here = persons_of([person]).get(person)
    if here is None:
        raise NotFound(
            say("there is no person {person}", person=person),
            "Take the number from the person's page.",
        )
    if not reason.strip():
        raise BadConfig("the list says why somebody is on it", "Say it in a few words.")
    if WellKnown.objects.filter(identity=here, until__isnull=True).exists():
        raise BadConfig("this person is on the list already", "There is nothing to do.")
    row = WellKnown.objects.create(
        identity=here, since=to_micros(now()), by=by.name, reason=reason.strip()[:500]
    )
    record(by=by, act="well-known.added", person=here, detail={"row": row.id})
    return int(row.id)


@transaction.atomic
def end_well_known(*, row: int, by: Actor) -> None:
    """Take a person off the list."""
    require(by, "access.review")
    held = WellKnown.objects.filter(pk=row, until__isnull=True).first()
    if held is None:
        raise NotFound("nobody stands on the list under that number", "Look at the list again")
    held.until, held.ended_by = to_micros(now()), by.name
    held.save(update_fields=["until", "ended_by"])
    record(by=by, act="well-known.ended", person=held.identity, detail={"row": row})


def known_review(review: int, *, by: Actor) -> Review:
    """One look on the list. Raises NotFound."""
    require(by, "access.review")
    found = Review.objects.filter(pk=review).first()
    if found is None:
        raise NotFound("there is no such look on the list", "Go back to the list")
    return found
