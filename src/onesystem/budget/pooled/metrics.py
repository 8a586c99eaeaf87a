"""The measures that a fund is judged by, worked out from the log by `flow`, with what they say.

A figure of the year so far is of whole quarters: their sums one over the other. Of a measure that
is standardised by age it is the mean of the quarters, which is said beside it.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from onesystem import access
from onesystem.budget.months import Year, later
from onesystem.budget.pooled.frameworks import Asked, Framework
from onesystem.budget.pooled.returning import Measured
from onesystem.flow import measures
from onesystem.flow.charts import svg, words
from onesystem.flow.measures import library
from onesystem.flow.measures.days import PERIODS
from onesystem.flow.measures.figured import value_of
from onesystem.flow.showing import charting
from onesystem.flow.showing.charting import Charted, unit_of
from onesystem.flow.showing.state import State
from onesystem.vocabulary import NotFound, UserError
from onesystem.vocabulary.said import say, say_each

BACK = 24  # months before the year that a chart shows, so that its limits mean something
_WHOLE = say("Of the whole district: no board or council has figures of its own here.")
# What a measure cannot tell, whatever the log holds.
_CANNOT: Mapping[str, str] = say_each(
    {
        "discharge-delay": "Only discharges whose source sent the day of being ready are in it.",
        "discharged-when-ready": "Only discharges whose source sent the day of being ready "
        "are in it.",
        "reablement-91-days": "What began in the last 91 days is not known yet: later "
        "figures change.",
        "care-home-admissions-65": "People who pay for themselves are in it, and the "
        "published measure "
        "leaves them out.",
        "ambulatory-sensitive-admissions": "Standardised by age, not by sex.",
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Metric:
    """A measure of a fund with its chart; `measured` is what stands in a return."""

    measured: Measured
    charted: Charted | None
    unit: Any
    until: date | None

    @property
    def picture(self) -> Any:
        """The chart, without axes."""
        if self.charted is None:
            return ""
        return svg.small(self.charted.chart, title=self.measured.title, unit=self.unit)

    @property
    def large(self) -> Any:
        """The chart, with its axes."""
        if self.charted is None:
            return ""
        return svg.large(self.charted.chart, title=self.measured.title, unit=self.unit,
                         name=self.measured.name, marks=self.charted.marks)  # fmt: skip

    def said(self, value: float | None) -> str:
        """A figure with its unit."""
        return str(self.unit.said(value)) if value is not None else say("not known")


def metrics(
    year: Year, framework: Framework, targets: Mapping[str, float], *, by: access.Actor,
    quarter: int = 4, notes: Mapping[str, str] | None = None, more: Iterable[str] = (),
) -> list[Metric]:  # fmt: skip
    """Each measure that the year's rules ask for, and `more`, to the end of a quarter."""
    asked = list(framework.measures)
    known = {each.name for each in asked}
    asked += [Asked(name=name, asked=say("Of a scheme")) for name in dict.fromkeys(more)
              if name and name not in known]  # fmt: skip
    cache = measures.Known()
    made = [
        _metric(each, year, targets.get(each.name), by=by, quarter=quarter, cache=cache,
                words_=(notes or {}).get(each.name, ""))
        for each in asked
    ]  # fmt: skip
    return [each for each in made if each]


def _metric(
    asked: Asked, year: Year, target: float | None, *, by: access.Actor, quarter: int, cache: Any,
    words_: str,
) -> Metric | None:  # fmt: skip
    try:
        declared = library.measure(asked.name)
    except NotFound:
        return None
    end = _end(year, quarter)
    start = later(year.first, -BACK)
    figures = _figures(declared.name, start, end, by, cache)
    charted = None if figures is None else _charted(figures, start, end, target)
    # Of whole quarters: fewer of them are of so few people that they are hidden.
    quarters = _figures(declared.name, year.before.first, end, by, cache, "quarter")
    begun = [year.quarter(n)[0] for n in range(1, quarter + 1)]
    value = _over(quarters, begun[-1:])
    so_far = _over(quarters, begun)
    before = _over(quarters, [date(m.year - 1, m.month, 1) for m in _told(quarters, begun)])
    measured = Measured(
        name=declared.name, title=declared.title, asked=asked.asked, unit=declared.unit,
        headline=asked.headline, target=target, value=value, so_far=so_far, before=before,
        on_track=_on_track(so_far, target, declared.direction),
        signal=_signal(charted), notes=_notes(declared, figures), words=words_.strip(),
    )  # fmt: skip
    return Metric(measured=measured, charted=charted, unit=unit_of(declared), until=_last(figures))


def _end(year: Year, quarter: int) -> date:
    return later(year.quarter(quarter)[-1])


def _told(figures: Any, begun: Sequence[date]) -> list[date]:
    """Those of the periods that are over, so that a year ago is of the same ones."""
    if figures is None:
        return []
    whole = {p for p, w in zip(figures.periods, figures.whole, strict=True) if w}
    return [each for each in begun if each in whole]


def _figures(
    name: str, start: date, end: date, by: access.Actor, cache: Any, every: str = "month"
) -> Any:
    declared = library.measure(name)
    if measures.data_to() is None:
        return None
    if PERIODS.index(every) < PERIODS.index(declared.every if declared.every in PERIODS else "day"):
        return None
    try:
        found = measures.figures(name, every=every, start=start, end=end, asker=by, known=cache)
    except UserError:
        return None
    return found[0] if found else None


def _charted(figures: Any, start: date, end: date, target: float | None) -> Any:
    state = State(said={}, where={}, start=start, end=end, every="month", target=target)
    made = charting.chart(figures, state)
    return made if len(made.chart.series) else None


def _over(figures: Any, periods: Sequence[date]) -> float | None:
    """The figure of some periods together; None where one is hidden, or none of them is over."""
    if figures is None:
        return None
    at = [i for i, p in enumerate(figures.periods) if p in set(periods) and figures.whole[i]]
    if not at or any(figures.hidden[i] for i in at):
        return None
    declared = figures.measure
    if declared.standardisation != "none":
        values = [figures.value[i] for i in at if figures.value[i] is not None]
        return sum(values) / len(values) if values else None
    return value_of(
        declared,
        sum(figures.numerator[i] or 0 for i in at), sum(figures.denominator[i] or 0 for i in at),
    )  # fmt: skip


def _on_track(value: float | None, target: float | None, direction: str) -> str:
    if value is None or target is None or direction == "none":
        return ""
    good = value >= target if direction == "up" else value <= target
    return "yes" if good else "no"


def _signal(charted: Charted | None) -> str:
    if charted is None or charted.chart.last is None:
        return ""
    icon = words.VARIATIONS[charted.chart.variation]
    return f"{icon.title}: {icon.words}"


def _last(figures: Any) -> date | None:
    if figures is None:
        return None
    whole = [p for p, w in zip(figures.periods, figures.whole, strict=True) if w]
    return whole[-1] if whole else None


def _notes(declared: Any, figures: Any) -> tuple[str, ...]:
    """What cannot be known from this, as plainly as the figure."""
    said = [_WHOLE]
    if declared.live:
        said.append(" ".join(declared.live.split()))
    if declared.name in _CANNOT:
        said.append(_CANNOT[declared.name])
    if declared.standardisation != "none":
        said.append(say("Standardised by age: the year so far is the mean of its quarters."))
    if figures is None:
        said.append(say("No figures are kept: `onesystem measure refresh` works them out."))
    elif any(figures.hidden):
        said.append(say("Periods of few people are hidden from you, and with them their sums."))
    return tuple(said)
