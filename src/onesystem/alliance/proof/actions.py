"""What can be done at a review: draw it, and say what the alliance does about it.

adopt    it stays, and is nobody's trial any more; it is looked at again a year later
change   it goes back to a meeting: a proposal that begins with its text is written
stop     what it set going ends, and money that is not drawn is free again

A verdict stands on what was drawn, and on a meeting that had the review on its agenda: nobody
adopts or stops alone. What was drawn is kept with it as it was.
"""

from collections.abc import Collection
from dataclasses import replace

from django.db import transaction
from django.db.models import F

from onesystem import access
from onesystem.access import Actor
from onesystem.access.notices.telling import notify
from onesystem.alliance.charter import queries as charter
from onesystem.alliance.charter.keeping import Overtaken
from onesystem.alliance.charter.keeping import words as worded
from onesystem.alliance.commit import actions as commit
from onesystem.alliance.meeting import actions as decided
from onesystem.alliance.meeting import bringing, rows
from onesystem.alliance.meeting import queries as meeting
from onesystem.alliance.meeting.queries import Decision
from onesystem.alliance.meeting.register import canonical
from onesystem.alliance.meeting.store import turn as register_turn
from onesystem.alliance.proof import comparing, judging, opening, queries
from onesystem.alliance.proof.rows import Judged, Review
from onesystem.budget.ledger.store import turn as ledger_turn
from onesystem.budget.months import later
from onesystem.district import now
from onesystem.vocabulary import NotFound, UserError
from onesystem.vocabulary.kept import to_micros
from onesystem.vocabulary.said import say, say_each

ADOPT, CHANGE, STOP = VERDICTS = ("adopt", "change", "stop")
STATES = say_each({ADOPT: "adopted", CHANGE: "changed", STOP: "stopped"})
_AGAIN = 12  # months until what was adopted is looked at again


def draw(*, review: int, by: Actor) -> None:
    """Begin to draw a review with the figures up to now; the page works on it, moment by moment."""
    access.require(by, "alliance.see")
    found = _open(review)
    for each in Judged.objects.filter(review=found).order_by("nth"):
        judging.begin(each, by=_job(found))
    access.record(by=by, act="review.drawn", what=f"review {review}")


def work(*, review: int) -> bool:
    """Work on what is being drawn for a moment; whether more is left."""
    found = _open(review)
    for each in Judged.objects.filter(review=found).order_by("nth"):
        if judging.working(each):
            judging.step(each, by=_job(found))
            break
    return any(judging.working(each) for each in Judged.objects.filter(review=found))


def compare(
    *, review: int, measure: str, dimension: str, treated: Collection[str],
    control: Collection[str], reason: str, by: Actor,
) -> None:  # fmt: skip
    """Compare with others than the rule takes, with a reason; it is drawn anew."""
    found = _open(review)
    each = Judged.objects.filter(review=found, measure=measure, compares=True).first()
    if each is None:
        raise NotFound(
            say("{measure} does not judge this decision", measure=repr(measure)),
            "Look at its review.",
        )
    comparing.choose(each, dimension=dimension, treated=treated, control=control, reason=reason,
                     by=by, job=_job(found))  # fmt: skip
    judging.begin(each, by=_job(found))


def _job(found: Review) -> Actor:
    return Actor.job(say("decision {decision_id}", decision_id=found.decision_id))


def _open(review: int) -> Review:
    found = Review.objects.filter(id=review).first()
    if found is None:
        raise NotFound(
            say("there is no review {review}", review=review), "Look at the list of reviews."
        )
    if found.verdict:
        raise UserError("this review is closed", "Look at what was said of it.")
    return found


def close(*, review: int, verdict: str, reason: str, seen: int, by: Actor) -> int:
    """Say what the alliance does; gives the number of the proposal that a change begins, or 0.

    Raises UserError by the rule that stands against it, Overtaken where somebody was quicker.
    """
    access.require(by, "alliance.keep")
    if verdict not in VERDICTS:
        raise UserError("it is not said what becomes of it", "Adopt, change, or stop.")
    why = worded(reason, "why", 2000)
    with transaction.atomic(), ledger_turn(by), register_turn():
        found = _open(review)
        decision = meeting.decision(found.decision_id)
        _ready(found)
        _first(found, seen)
        said = queries.told(found)
        made = _do(verdict, decision, why, by)
        decided.mark(decision=decision.number, state=STATES[verdict], by=by, why=why, body=said)
        _keep(found, verdict, why, said, by)
        if verdict == ADOPT:
            opening.open_review(decision, due=later(found.due.replace(day=1), _AGAIN))
        access.record(by=by, act=f"review.{STATES[verdict]}", what=f"decision {decision.number}")
        _tell(decision)
    return made


def _first(found: Review, seen: int) -> None:
    if not Review.objects.filter(id=found.id, steps=seen).update(steps=F("steps") + 1):
        raise Overtaken("somebody did something to this review meanwhile", "Look at it again.")
    found.refresh_from_db()


def _ready(found: Review) -> None:
    """A verdict stands on what was drawn, and on a meeting that looked at it."""
    if Judged.objects.filter(review=found, run=None, trouble="").exists():
        raise UserError("what it did is not drawn yet", "Draw it, and look at it together.")
    if any(judging.working(each) for each in Judged.objects.filter(review=found)):
        raise UserError("what it did is being drawn", "Wait until it is there.")
    if not on_agenda(found):
        raise UserError(
            "no meeting has had this review on its agenda since it was opened",
            "Put it on the next agenda; once its item is open or closed, say what becomes of it.",
        )


def on_agenda(found: Review) -> bool:
    """Whether a meeting has opened an item about this review since it was opened."""
    return rows.Item.objects.filter(
        kind="review", decision=found.decision_id, state__in=("open", "closed"),
        opened__gte=found.at,
    ).exists()  # fmt: skip


def _do(verdict: str, decision: Decision, why: str, by: Actor) -> int:
    if verdict == STOP:
        commit.stop(decision=decision.number, reason=why, by=by)
    if verdict != CHANGE:
        return 0
    again = replace(
        decision.proposed, title=f"{decision.title}, changed"[:200], review=None, funds=0,
        answers=f"Decision {decision.number} is to be changed: {why}", evidence=(),
    )  # fmt: skip
    group = decision.row.group
    back = group.code if group and group.until is None else ""
    return bringing.begin(proposed=again, by=by, alliance=decision.alliance, group=back)


def _keep(found: Review, verdict: str, why: str, said: object, by: Actor) -> None:
    found.verdict, found.reason, found.said = verdict, why, canonical(said)
    found.closed, found.closed_by = to_micros(now()), by.name
    found.save()


def _tell(decision: Decision) -> None:
    for seat in charter.standing(decision.alliance).seated:
        if seat.username and (seat.key == decision.owner or seat.commands):
            notify(topic="alliance.reviewed", username=seat.username,
                   words=say("Decision {number}", number=decision.number),
                   link=f"/alliance/decisions/{decision.number}/review/")  # fmt: skip


def remind(*, by: Actor) -> int:
    """Draw what has come due, and tell the chair and the owner; how many reviews that were."""
    found = judging.due()
    for each in found:
        judging.draw(each, by=_job(each))
        decision = meeting.decision(each.decision_id)
        here = charter.standing(decision.alliance)
        for seat in here.seated:
            if seat.username and seat in {here.chair, here.member(decision.owner)}:
                notify(topic="alliance.review", username=seat.username,
                       words=say("Decision {number}", number=decision.number),
                       link=f"/alliance/decisions/{decision.number}/review/")  # fmt: skip
    if found:
        access.record(by=by, act="reviews.drawn", what=str(len(found)))
    return len(found)
