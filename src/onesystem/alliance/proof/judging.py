"""Drawing what a decision did: the runs of its evaluations, and the settlement beside them."""

from dataclasses import dataclass, replace
from datetime import date

from onesystem.access import Actor
from onesystem.alliance.proof import comparing
from onesystem.alliance.proof.rows import Judged, Review
from onesystem.budget.contracts import settling
from onesystem.budget.contracts.queries import contract
from onesystem.budget.months import later
from onesystem.budget.terms.settlement import Line
from onesystem.district import current, now
from onesystem.evidence import actions as evidence
from onesystem.evidence import queries as asked
from onesystem.evidence.models import Run
from onesystem.vocabulary import UserError, to_local

_SOONEST = 3  # months since the change, before anything can be said


def today() -> date:
    """The day it is in the district."""
    return to_local(now(), current().zone).date()


def due() -> list[Review]:
    """Open reviews whose day has come and whose evaluations are not drawn yet."""
    found = Review.objects.filter(verdict="", due__lte=today()).order_by("due", "id")
    return [
        each for each in found
        if Judged.objects.filter(review=each, run=None, trouble="").exists()
    ]  # fmt: skip


def draw(review: Review, *, by: Actor) -> None:
    """Run its evaluations with the figures up to now; what cannot be drawn says why."""
    for each in Judged.objects.filter(review=review).order_by("nth"):
        begin(each, by=by)
        while working(each):
            step(each, by=by)


def begin(each: Judged, *, by: Actor) -> None:
    """Begin a run with the figures up to the last whole month, compared with those of today."""
    each.run, each.trouble = None, ""
    try:
        if each.compares:
            comparing.renew(each, by=by)
        standing = asked.one(each.evaluation, by=by)
        question = standing.question
        until = min(question.end, today().replace(day=1))
        if until < later(question.at, _SOONEST):
            each.trouble = (
                f"Fewer than {_SOONEST} whole months have passed since {question.at:%-d %B %Y}"
            )
        else:
            each.run = evidence.begin(version=standing.version, by=by, eyes=comparing.EYES).id
    except UserError as error:
        each.trouble = f"{error}"[:1000]
    each.save()


def working(each: Judged) -> bool:
    """Whether a run is not done yet."""
    return bool(each.run) and Run.objects.filter(id=each.run, state=Run.RUNNING).exists()


def step(each: Judged, *, by: Actor) -> None:
    """Work on a run for a moment; one that failed says why."""
    row = evidence.work(run=each.run, by=by)
    if row.state == Run.FAILED:
        each.trouble, each.run = row.trouble[:1000], None
        each.save()


@dataclass(frozen=True)
class Beside:
    """What the contract shares for the months since the change.

    `has` is what each party has in the end, in minor units beside what the ledger owes to it
    already: it sums to nought, since what one gains another pays.
    """

    slug: str
    name: str
    since: date
    until: date
    lines: tuple[Line, ...] = ()
    has: tuple[tuple[str, int], ...] = ()
    trouble: str = ""


def _of_one_version(made: Beside) -> Beside:
    """The months since the change for which one version of the contract holds."""
    known = contract(made.slug)
    first, month = known.in_force(made.since), made.since
    while month < made.until and first and known.in_force(month) is first:
        month = later(month)
    return replace(made, name=known.name, until=month if first else made.until)


def settlement(review: Review) -> Beside | None:
    """The contract's settlement of the months since the change, as it would be; nothing is kept."""
    if not review.contract:
        return None
    made = Beside(review.contract, review.contract, review.begins, today().replace(day=1))
    try:
        made = _of_one_version(made)
        if made.until <= made.since:
            return replace(made, trouble="No whole month has passed yet")
        worked = settling.preview(slug=made.slug, since=made.since, until=made.until).worked
    except UserError as error:
        return replace(made, trouble=str(error))
    return replace(made, lines=worked.lines, has=tuple(worked.balance.items()))
