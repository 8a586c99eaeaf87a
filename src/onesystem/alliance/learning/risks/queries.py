"""What can be asked of the register, and what the measure of an entry says now."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet

from onesystem.access import Actor
from onesystem.alliance.charter.keeping import found
from onesystem.alliance.learning.risks.rows import Watched, WatchedStep
from onesystem.district import current, now
from onesystem.vocabulary import UserError, to_local
from onesystem.vocabulary.said import say


@dataclass(frozen=True, slots=True)
class Signal:
    """What a measure says: its title, its headline, and the colour of its variation."""

    title: str
    said: str
    kind: str
    href: str


def entries(kind: str = "", state: str = "", wanted: str = "") -> QuerySet[Watched]:
    """Entries of the register, those to look at first."""
    made = Watched.objects.select_related("watcher").order_by("review", "number")
    if kind:
        made = made.filter(kind=kind)
    if state:
        made = made.filter(state=state)
    if wanted:
        made = made.filter(Q(title__icontains=wanted) | Q(words__icontains=wanted))
    return made


def entry(number: int) -> Watched:
    """One entry. Raises NotFound."""
    made: Watched = found(Watched, "entry of the register", number=number)
    return made


def steps(made: Watched) -> QuerySet[WatchedStep]:
    """What was done about it, the newest first."""
    return WatchedStep.objects.filter(watched=made).order_by("-step")


def overdue(made: Watched) -> bool:
    """Whether somebody should have looked at it by now."""
    return bool(made.state == "open" and made.review < today())


def today() -> date:
    """The day here."""
    return to_local(now(), current().zone).date()


def signal(measure: str, by: Actor) -> Signal | None:
    """What the measure of an entry says now; None where it has none, or nothing is known yet."""
    if not measure:
        return None
    from onesystem.flow.charts import words
    from onesystem.flow.showing import reading
    from onesystem.flow.showing.state import State

    try:
        declared = reading.named(measure)
        state = State.of({}, today=reading.first_day_without(), dimensions=declared.dimensions)
        charts = reading.charts(declared, state, by=by, group=False)
    except UserError:
        return None
    if not charts or charts[0][1].chart.last is None:
        return Signal(declared.title, say("not known yet"), "quiet", f"/measures/{measure}/")
    charted = charts[0][1]
    icon = words.VARIATIONS[charted.chart.variation]
    said = words.headline(charted.chart, charted.unit, charted.last)
    return Signal(declared.title, said, _COLOURS.get(icon.kind, "quiet"), f"/measures/{measure}/")


_COLOURS = {"improvement": "good", "concern": "bad", "neutral": "warn"}
