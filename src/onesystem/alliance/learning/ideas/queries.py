"""What can be asked of ideas, and how soon and how often they are answered."""

from dataclasses import dataclass
from datetime import date
from statistics import median

from django.db.models import Q, QuerySet

from onesystem.alliance.charter.keeping import found
from onesystem.alliance.learning.ideas.rows import Idea, IdeaStep
from onesystem.district import current, now
from onesystem.vocabulary import to_local
from onesystem.vocabulary.kept import from_micros

_ANSWERS = ("supported", "declined")


@dataclass(frozen=True, slots=True)
class Answered:
    """How ideas are answered: how many wait, how many late, days until an answer (median)."""

    all: int
    waiting: int
    late: int
    under_way: int
    days: float | None


def ideas(state: str = "", wanted: str = "", by: str = "") -> QuerySet[Idea]:
    """Ideas, the newest first."""
    made = Idea.objects.order_by("-number")
    if state:
        made = made.filter(state=state)
    if by:
        made = made.filter(Q(by=by) | Q(supporter=by))
    return made.filter(Q(title__icontains=wanted) | Q(words__icontains=wanted)) if wanted else made


def idea(number: int) -> Idea:
    """One idea. Raises NotFound."""
    made: Idea = found(Idea, "idea", number=number)
    return made


def steps(made: Idea) -> QuerySet[IdeaStep]:
    """What was done with it, the newest first."""
    return IdeaStep.objects.filter(idea=made).order_by("-step")


def late(made: Idea) -> bool:
    """Whether its answer should be there."""
    return bool(made.state == "waits" and made.due < today())


def today() -> date:
    """The day here."""
    return to_local(now(), current().zone).date()


def answered() -> Answered:
    """How ideas were answered so far."""
    every = list(Idea.objects.values_list("number", "state", "due", "at"))
    answers = IdeaStep.objects.filter(kind__in=_ANSWERS).order_by("-step")
    first = dict(answers.values_list("idea_id", "at"))  # the earliest comes last, and stays
    took = [
        (from_micros(first[of]) - from_micros(at)).days for of, _, _, at in every if of in first
    ]
    day = today()
    return Answered(
        all=len(every), waiting=sum(state == "waits" for _, state, _, _ in every),
        late=sum(state == "waits" and due < day for _, state, due, _ in every),
        under_way=sum(state == "supported" for _, state, _, _ in every),
        days=median(took) if took else None,
    )  # fmt: skip


def learnt() -> QuerySet[IdeaStep]:
    """What ended ideas taught, the newest first: the log that everybody shares."""
    return (
        IdeaStep.objects.filter(kind__in=("done", "stopped")).select_related("idea").order_by("-at")
    )
