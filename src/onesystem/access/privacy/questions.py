"""What a person asks about looks at their record, and what they are answered."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from onesystem.access import keeping
from onesystem.access.actor import Actor
from onesystem.access.asking import OWN_RECORD, asker_of
from onesystem.access.audit import record
from onesystem.access.deciding import persons_of, require_open
from onesystem.access.models import Audit, Question
from onesystem.district import now
from onesystem.vocabulary import BadConfig, NotFound
from onesystem.vocabulary.kept import from_micros, to_micros
from onesystem.vocabulary.said import say

MOST_OPEN = 20  # questions of one person that wait for an answer


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A question as its asker sees it."""

    number: int
    at: datetime
    words: str
    look: int | None
    answer: str
    answered_at: datetime | None


@transaction.atomic
def ask(*, person: int, words: str, by: Actor, look: int | None = None) -> int:
    """Ask the privacy officer, about one look or in general; it stands on their list at once."""
    require_open(asker_of(by, OWN_RECORD), person)
    if len(words.strip()) < 3:
        raise BadConfig("there is no question yet", "Write what you would like to know.")
    waiting = Question.objects.filter(identity=person, answered_at__isnull=True).count()
    if waiting >= MOST_OPEN:
        raise BadConfig(
            say("{waiting} of your questions wait for an answer", waiting=waiting),
            "Wait for the answers.",
        )
    about = _look_at(look, person) if look is not None else None
    row = record(by=by, act="question.asked", person=person, detail={"look": look})
    review = keeping.flag(
        rule="question", actor=about.actor if about else by.name, audit=row, person=person,
        look=look,
    )  # fmt: skip
    asked = Question.objects.create(
        identity=person, look=look, asked_at=to_micros(now()), asked_by=by.name,
        words=words.strip()[:1000], review=review or 0,
    )  # fmt: skip
    return int(asked.id)


def _look_at(look: int, person: int) -> Audit:
    row = Audit.objects.filter(pk=look, person__isnull=False).first()
    if row is None or persons_of([row.person]).get(row.person) != person:
        raise NotFound("there is no such look at this record", "Choose one of the list")
    return row


def asked_about(identities: list[int]) -> list[Asked]:
    """The questions about a person, newest first; `identities` are all of theirs."""
    rows = Question.objects.filter(identity__in=identities).order_by("-id")
    return [
        Asked(
            number=q.id, at=from_micros(q.asked_at), words=q.words, look=q.look, answer=q.answer,
            answered_at=from_micros(q.answered_at) if q.answered_at is not None else None,
        )
        for q in rows
    ]  # fmt: skip
