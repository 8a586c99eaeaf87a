"""A series: what is plotted, by date. Pure."""

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from onesystem.vocabulary import BadInput
from onesystem.vocabulary.said import say


@dataclass(frozen=True, slots=True, kw_only=True)
class Series:
    """One figure over time, oldest first. None is a figure that is not known.

    `values` is what is plotted. Where it is a share or a rate, `numerators` and `denominators`
    are what it was made of. Dates differ from each other; `Series.of` and `Series.of_counts`
    put them in order and refuse what cannot be a series.
    """

    dates: tuple[date, ...]
    values: tuple[float | None, ...]
    numerators: tuple[float | None, ...] | None = None
    denominators: tuple[float | None, ...] | None = None

    def __len__(self) -> int:
        return len(self.dates)

    @property
    def known(self) -> int:
        """How many values are known."""
        return sum(value is not None for value in self.values)

    @property
    def counts(self) -> "Series":
        """What was counted alone, where it was counted out of something."""
        if self.numerators is None:
            return self
        return Series(dates=self.dates, values=self.numerators)

    @classmethod
    def of(cls, dates: Sequence[date], values: Sequence[float | None]) -> "Series":
        """The series of single values."""
        order = _order(dates, values)
        return cls(
            dates=tuple(dates[i] for i in order), values=tuple(_number(values[i]) for i in order)
        )

    @classmethod
    def of_counts(
        cls,
        dates: Sequence[date],
        numerators: Sequence[float | None],
        denominators: Sequence[float | None],
    ) -> "Series":
        """The series of a share or a rate. Where nothing could have happened, it is not known."""
        order = _order(dates, numerators, denominators)
        top = tuple(_number(numerators[i]) for i in order)
        under = tuple(_number(denominators[i]) for i in order)
        when = tuple(dates[i] for i in order)
        for day, above, below in zip(when, top, under, strict=True):
            if (above or 0) < 0 or (below or 0) < 0:
                raise BadInput(
                    say("a count on {day} is below nought", day=day),
                    rule="spc.negative-count",
                    cure="Counts and what they are counted out of are nought or more",
                )
        values = tuple(
            above / below if above is not None and below else None
            for above, below in zip(top, under, strict=True)
        )
        return cls(dates=when, values=values, numerators=top, denominators=under)


def _order(dates: Sequence[date], *columns: Sequence[float | None]) -> list[int]:
    if any(len(column) != len(dates) for column in columns):
        raise BadInput(
            say("{dates} dates stand beside columns of another length", dates=len(dates)),
            rule="spc.lengths-differ",
            cure="Give one figure for each date; None where it is not known",
        )
    twice = sorted(day for day, times in Counter(dates).items() if times > 1)
    if twice:
        raise BadInput(
            say("{twice} stands there twice", twice=twice[0]),
            rule="spc.duplicate-date",
            cure="Give one row for each date, or name the column that tells the series apart",
        )
    return sorted(range(len(dates)), key=dates.__getitem__)


def _number(value: float | None) -> float | None:
    return None if value is None or not math.isfinite(value) else float(value)
