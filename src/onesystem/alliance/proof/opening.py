"""Opening a review: in the same step in which a decision is resourced, so that none is forgotten.

The questions by which it will be judged are asked of the evidence room at once, before anybody
knows how it went: the measure, the change, from when, until when, and the design.
"""

from datetime import date, timedelta

from onesystem.access import Actor
from onesystem.alliance.meeting import changes
from onesystem.alliance.meeting.queries import Decision
from onesystem.alliance.proof import comparing
from onesystem.alliance.proof.rows import Judged, Review
from onesystem.budget.months import later
from onesystem.district import current, now
from onesystem.evidence import actions as evidence
from onesystem.evidence.question import Question
from onesystem.vocabulary import to_local
from onesystem.vocabulary.kept import to_micros
from onesystem.vocabulary.said import say

BEFORE = 34  # months of figures before the change: a log of three years begins within a month
_SOON = 190  # days to the review where nobody gave a day


def open_review(found: Decision, *, due: date | None = None) -> Review | None:
    """Open the next review of a decision, with its questions; None where nothing judges it."""
    measures = judging(found)
    if not measures:
        return None
    today = to_local(now(), current().zone).date()
    begins = begin_of(found, today)
    review = Review.objects.create(
        decision_id=found.number, begins=begins, contract=contract_of(found),
        nth=Review.objects.filter(decision=found.number).count() + 1,
        due=due or found.review or today + timedelta(days=_SOON), at=to_micros(now()),
    )  # fmt: skip
    for nth, measure in enumerate(measures):
        question = question_of(found, measure, begins, review.due)
        asked = evidence.ask(question=question, by=Actor.job(f"decision {found.number}"))
        Judged.objects.create(review=review, nth=nth, measure=measure, evaluation=asked.id)
    comparing.opened(review.id, measures)
    return review


def judging(found: Decision) -> list[str]:
    """The measures that judge a decision: its own, and those that it gives a goal."""
    goals = [change.code for change in found.changes if change.kind == changes.GOAL]
    return [name for name in dict.fromkeys([found.measure, *goals]) if name]


def begin_of(found: Decision, today: date) -> date:
    """The first month in which all changes hold: a month that is partly so tells little."""
    last = max((change.since for change in found.changes if change.since), default=today)
    last = max(last, today)
    return last if last.day == 1 else later(last.replace(day=1))


def contract_of(found: Decision) -> str:
    """The contract whose settlement is shown beside: one that it changes, else one it touches."""
    terms = [change.code for change in found.changes if change.kind == changes.TERMS]
    touched = [code for kind, code in found.proposed.touches if kind == "contract"]
    return next(iter([*terms, *touched]), "")


def question_of(found: Decision, measure: str, begins: date, due: date) -> Question:
    """How the evidence room is asked: months before against months since, without comparison.

    With whom it is compared is found when it is drawn (`comparing`): others change meanwhile too.
    """
    end = due.replace(day=1)
    return Question(
        title=say("Decision {number}: {title}", number=found.number, title=found.title)[:200],
        measure=measure,
        what=found.title,
        who=say("The alliance, decision {number}", number=found.number),
        at=begins,
        every="month",
        start=later(begins, -BEFORE),
        end=max(end, later(begins, 1)),
        slope=False,
        currency=current().currency,
    )
