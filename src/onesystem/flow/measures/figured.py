"""A measure as it is told: one group, period by period."""

from dataclasses import dataclass
from datetime import date, datetime

from onesystem.flow.measures.declaration import UNITS, Declared


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """A measure of one group, period by period, oldest first.

    `group` names the group by dimension, in codes; `names` in words. `value` is the figure in the
    measure's unit, None where there is nothing to divide by or it is hidden. `numerator` and
    `denominator` are the sums as kept (times in milliseconds, money in pence). `people` counts
    each person once in a period and service. `whole` is False of a period that is not over.
    `intervals` are those of an index over people at 95 %; other measures have none.
    """

    measure: Declared
    group: dict[str, str]
    names: dict[str, str]
    periods: tuple[date, ...]
    numerator: tuple[int | None, ...]
    denominator: tuple[float | None, ...]
    value: tuple[float | None, ...]
    people: tuple[int | None, ...]
    hidden: tuple[bool, ...]
    whole: tuple[bool, ...]
    every: str
    exact: bool
    read_at: datetime
    data_to: date | None
    intervals: tuple[tuple[float, float] | None, ...] = ()

    @property
    def total(self) -> float | None:
        """The figure of the whole span; None where a part is hidden or nothing is there."""
        if any(self.hidden):
            return None
        if self.measure.spread:  # of each period by itself: those who have most are others
            return self.value[0] if len(self.value) == 1 else None
        if self.measure.over == "most":
            return value_of(self.measure, max((n or 0 for n in self.numerator), default=0), 0)
        return value_of(
            self.measure, sum(n or 0 for n in self.numerator), sum(d or 0 for d in self.denominator)
        )


def value_of(measure: Declared, numerator: float, denominator: float) -> float | None:
    """The figure in the measure's unit."""
    if measure.over in {"none", "most"}:
        return numerator / UNITS[measure.unit]
    if not denominator:
        return None
    if measure.unit == "days each":
        each = numerator / denominator
        return 365.25 - each if measure.complement else each
    if measure.complement:
        numerator = denominator - numerator
    return numerator / denominator / UNITS[measure.unit]
