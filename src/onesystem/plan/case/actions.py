"""Publishing a case for all to see, and taking it back."""

from collections.abc import Mapping

import orjson
from django.db import transaction

from onesystem import access
from onesystem.access import Actor
from onesystem.district import now
from onesystem.plan.areas.queries import people
from onesystem.plan.case import queries
from onesystem.plan.case.building import case_of
from onesystem.plan.case.codec import written
from onesystem.plan.case.rows import CaseStep
from onesystem.vocabulary import UserError
from onesystem.vocabulary.kept import to_micros
from onesystem.vocabulary.said import say

MOST_WORDS = 2000


@transaction.atomic
def publish(
    *, area: str, by: Actor, words: str = "", assumptions: Mapping[str, float] | None = None,
    seen: int = 0,
) -> int:  # fmt: skip
    """Publish the case of an area as it is now; gives the step's number.

    `seen` is the last step that whoever publishes had before them. Raises UserError where somebody
    did something since.
    """
    access.require(by, "plan.write")
    if len(words) > MOST_WORDS:
        raise UserError(
            "the words are too long",
            say("Write at most {most_words} characters.", most_words=MOST_WORDS),
        )
    case = case_of(people(area), assumptions=assumptions or {})
    body = orjson.dumps(written(case)).decode()
    return _step(area, "published", by, seen, words=words.strip(), body=body)


@transaction.atomic
def withdraw(*, area: str, by: Actor, seen: int = 0) -> int:
    """Take back what is published. Raises UserError where nothing is."""
    access.require(by, "plan.write")
    if queries.published(area) is None:
        raise UserError("nothing is published of this area", "Publish it first.")
    return _step(area, "withdrawn", by, seen)


def _step(area: str, kind: str, by: Actor, seen: int, **more: str) -> int:
    # The trail lets one in at a time, so that what is looked at next stays so until we are done.
    access.record(by=by, act=f"case.{kind}", what=area)
    if queries.last_step(area) != seen:
        raise UserError(
            "somebody published or took back this case meanwhile", "Look at it, and do it again."
        )
    row = CaseStep.objects.create(area=area, kind=kind, by=by.name, at=to_micros(now()), **more)
    return int(row.pk)
