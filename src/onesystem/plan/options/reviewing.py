"""The critical friend comments and scores, and approves nothing; those who plan answer.

Who reviews a plan has `plan.review` and no act that moves it: `actions` all ask for `plan.write`.
"""

from django.db import transaction

from onesystem import access
from onesystem.access import Actor
from onesystem.district import now
from onesystem.plan.options.keeping import held, require, step
from onesystem.plan.options.rows import PlanComment, PlanScore
from onesystem.vocabulary import NotFound, NotPermitted, UserError, nearest
from onesystem.vocabulary.kept import to_micros
from onesystem.vocabulary.said import say

_LEAST, _MOST = 1, 5


@transaction.atomic
def comment(
    *, plan: str, words: str, by: Actor, about: str = "plan", answers: int | None = None
) -> int:
    """Say something of a plan, a stage or an option; a critical friend's waits for an answer.

    Gives the number of the comment.
    """
    reviews = _reviews(by)
    if not reviews:
        require(by)
    if not words.strip():
        raise UserError("nothing is said", "Write what you think.")
    row = held(plan)
    before = None
    if answers is not None:
        before = PlanComment.objects.filter(pk=answers, plan=row).first()
        if before is None:
            raise NotFound(
                say("there is no comment {answers} in this plan", answers=answers),
                "Look at the review.",
            )
        if before.review and reviews:
            raise NotPermitted("whoever makes the plan answers it", "Add another comment instead.")
    made = PlanComment.objects.create(
        plan=row, about=about[:80], words=words.strip()[:4000], review=reviews, answers=before,
        at=to_micros(now()), by=by.name,
    )  # fmt: skip
    kind = "answered" if before else "reviewed" if reviews else "said"
    step(row, kind, by, body={"comment": made.pk, "about": about})
    return int(made.pk)


def _reviews(by: Actor) -> bool:
    """Whether somebody speaks as a critical friend: may review, and may not write."""
    if by.is_job:
        return False
    return access.may(by, "plan.review") and not access.may(by, "plan.write")


@transaction.atomic
def score(*, plan: str, criterion: str, value: int, by: Actor, words: str = "") -> int:
    """Score a plan against a criterion, 1 to 5; a later score of the same counts instead."""
    access.require(by, "plan.review")
    if not _reviews(by):
        raise NotPermitted("who makes a plan does not score it", "Ask a critical friend.")
    row = held(plan)
    from onesystem.plan.options.queries import plan as standing

    known = standing(plan).criteria
    if criterion not in known:
        raise NotFound(
            say("there is no criterion {criterion}", criterion=repr(criterion)),
            nearest(criterion, known),
        )
    if not _LEAST <= value <= _MOST:
        raise UserError(
            say("{value} is no score", value=value), "Give 1 (not at all) to 5 (fully)."
        )
    PlanScore.objects.create(
        plan=row, criterion=criterion, score=value, words=words.strip()[:2000], step=row.number,
        at=to_micros(now()), by=by.name,
    )  # fmt: skip
    return step(row, "scored", by, body={"criterion": criterion, "score": value},
                detail={"criterion": criterion, "score": value})  # fmt: skip
