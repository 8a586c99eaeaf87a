"""A series in time: one value a period, checked before any design reads it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from typing import Literal

from onesystem.evidence.linear import Family
from onesystem.flow.sheets import Turn
from onesystem.vocabulary import BadInput
from onesystem.vocabulary.said import say, say_counted

Every = Literal["day", "week", "month", "quarter", "year", "period"]
PER_YEAR: dict[str, float] = {
    "day": 365.25, "week": 365.25 / 7, "month": 12.0, "quarter": 4.0, "year": 1.0, "period": 0.0,
}  # fmt: skip
MOST = 1e12  # beyond it, sums of squares lose the units
SPANS = (("day", 1, 1), ("week", 7, 7), ("month", 28, 31), ("quarter", 89, 93), ("year", 364, 367))


@dataclass(frozen=True, slots=True, kw_only=True)
class Timed:
    """Values by period, oldest first.

    `kind` says what they are: `count` (events; with denominators a rate), `share` (events out of
    the denominators) or `mean` (anything else). `places` number the periods; a missing one leaves
    a gap in them.
    """

    dates: tuple[date, ...]
    values: tuple[float, ...]
    denominators: tuple[float, ...] = ()
    kind: Family = "mean"
    every: Every = "month"
    places: tuple[int, ...] = ()
    unit: str = ""
    name: str = ""
    per: float = 1.0  # rates are shown per so many, shares per 100

    @property
    def rated(self) -> bool:
        """Whether counts are held against a population."""
        return bool(self.denominators) and self.kind != "mean"

    @property
    def shown(self) -> tuple[float, ...]:
        """The values as a chart shows them: rates and shares where there are denominators."""
        if not self.rated:
            return self.values
        pairs = zip(self.values, self.denominators, strict=True)
        return tuple(v / d * self.per for v, d in pairs)

    @property
    def events(self) -> float:
        """What turns an effect as it is shown into events, or units, a period."""
        if not self.denominators:
            return 1.0
        return sum(self.denominators) / len(self.denominators) / self.per

    @property
    def effect_unit(self) -> str:
        """The unit of an effect: events a month, a rate, percentage points, or the series' own."""
        if self.kind == "share" and self.per == 100:
            return "percentage points"
        if self.rated:
            return f"{self.unit} per {self.per:,.0f}".strip()
        return f"{self.unit} a {self.every}".strip() if self.kind == "count" else self.unit

    @property
    def adds_up(self) -> bool:
        """Whether the outcome can be summed over a year; a bare mean cannot."""
        return self.kind != "mean" or bool(self.denominators)

    def place_of(self, day: date) -> int:
        """The number of the period in which a day is."""
        return _place(day, self.dates[0], self.every)


def timed(
    dates: Sequence[date],
    values: Sequence[float],
    denominators: Sequence[float] = (),
    *,
    kind: Family | None = None,
    every: Every | None = None,
    gaps: bool = False,
    per: float | None = None,
    unit: str = "",
    name: str = "",
    where: str = "row",
) -> Timed:
    """A checked series. Raises BadInput naming the row and the cure.

    kind is worked out where it is not given: whole numbers are counts, others means. With `gaps`
    missing periods are left out of the model instead of being refused.

    >>> series = timed([date(2026, 1, 1), date(2026, 2, 1), date(2026, 3, 1)], [12, 9, 11])
    >>> series.kind, series.every, series.places
    ('count', 'month', (0, 1, 2))
    """
    if len(dates) < 2:
        raise BadInput(
            say_counted(
                "a series of {n} point shows no change",
                "a series of {n} points shows no change",
                len(dates),
            ),
            rule="evidence.one-point",
            cure="Give at least three periods before the change and three after",
        )
    _finite(values, "value", where)
    _finite(denominators, "denominator", where)
    rows = sorted(range(len(dates)), key=lambda i: dates[i])
    for one, two in pairwise(rows):
        if dates[one] == dates[two]:
            raise BadInput(
                say("{dates} is there twice", dates=dates[two]),
                rule="evidence.twice",
                cure="Keep one row a period, or name the column of the unit",
                where=f"{where} {two + 2}",
            )
    days = [dates[i] for i in rows]
    spacing = every or _spacing(days)
    places = tuple(_place(d, days[0], spacing) for d in days)
    _whole(days, places, spacing, gaps=gaps)
    _denominators(values, denominators, dates, kind, where)
    found: Family = kind or ("count" if _counts(values) else "mean")
    if found != "mean" and any(v < 0 for v in values):
        i = next(i for i, v in enumerate(values) if v < 0)
        raise BadInput(
            say("a count cannot be {values}", values=f"{values[i]:g}"),
            rule="evidence.negative",
            cure="Mend the row, or say that the values are means: --kind mean",
            where=f"{where} {i + 2}",
        )
    return Timed(
        dates=tuple(days),
        values=tuple(float(values[i]) for i in rows),
        denominators=tuple(float(denominators[i]) for i in rows) if denominators else (),
        kind=found, every=spacing, places=places, unit=unit, name=name,
        per=per or _per(found, values, denominators),
    )  # fmt: skip


def _per(kind: Family, values: Sequence[float], denominators: Sequence[float]) -> float:
    """Rates are shown per 1, 10, ... 100,000, so that they read as ordinary numbers."""
    if kind == "share":
        return 100.0
    if kind == "mean" or not denominators or not any(values):
        return 1.0
    rate, per = sum(values) / sum(denominators), 1.0
    while rate * per < 1 and per < 100_000:
        per *= 10
    return per


def _finite(numbers: Sequence[float], what: str, where: str) -> None:
    for i, number in enumerate(numbers):
        if number is None or number != number or number in (float("inf"), float("-inf")):  # noqa: PLR0124
            raise BadInput(
                say("there is no {what}", what=what),
                rule="evidence.missing",
                cure="Fill it in, or leave the row out and allow gaps: --gaps",
                where=f"{where} {i + 2}",
            )
        if abs(number) > MOST:
            raise BadInput(
                say(
                    "a {what} of {number} is more than can be worked with",
                    what=what,
                    number=f"{number:g}",
                ),
                rule="evidence.too-large",
                cure="Check it, or give all of the column in thousands or millions",
                where=f"{where} {i + 2}",
            )


def _counts(values: Sequence[float]) -> bool:
    return all(float(v).is_integer() and v >= 0 for v in values)


def _denominators(
    values: Sequence[float], denominators: Sequence[float], dates: Sequence[date],
    kind: Family | None, where: str,
) -> None:  # fmt: skip
    if not denominators:
        if kind == "share":
            raise BadInput(
                "a share needs denominators",
                rule="evidence.no-denominator",
                cure="Name their column: --denominator COLUMN",
            )
        return
    if all(d == 0 for d in denominators):
        raise BadInput(
            "every denominator is zero",
            rule="evidence.zero-denominators",
            cure="Name the column of the population or of all cases: --denominator COLUMN",
        )
    for i, (value, denominator) in enumerate(zip(values, denominators, strict=True)):
        if denominator <= 0:
            raise BadInput(
                say(
                    "the denominator of {dates} is {denominator}",
                    dates=dates[i],
                    denominator=f"{denominator:g}",
                ),
                rule="evidence.zero-denominator",
                cure="Leave the period out and allow gaps (--gaps), or give its denominator",
                where=f"{where} {i + 2}",
            )
        if kind == "share" and value > denominator:
            raise BadInput(
                say(
                    "{value} out of {denominator} is more than all",
                    value=f"{value:g}",
                    denominator=f"{denominator:g}",
                ),
                rule="evidence.above-one",
                cure="Mend the row, or say that it is a count: --kind count",
                where=f"{where} {i + 2}",
            )


def _spacing(days: Sequence[date]) -> Every:
    """How far apart the periods are: the smallest step that is a known one; of numbers, one."""
    if isinstance(days[0], Turn):
        return "period"
    steps = [(b - a).days for a, b in pairwise(days)]
    least = min(steps)
    for name, low, high in SPANS:
        if low <= least <= high:
            if name in ("day", "week") and any(s % low for s in steps):
                break
            return name  # type: ignore[return-value]
    raise BadInput(
        say(
            "the rows are {least} days and more apart: no day, week, month, quarter or year",
            least=least,
        ),
        rule="evidence.spacing",
        cure="Sum the rows to one of these first, or say which it is: --every month",
    )


def _place(day: date, first: date, every: str) -> int:
    if isinstance(day, Turn):
        return day.toordinal() - first.toordinal()
    if every in ("day", "week"):
        return (day - first).days // (7 if every == "week" else 1)
    months = (day.year - first.year) * 12 + day.month - first.month
    return months // {"month": 1, "quarter": 3, "year": 12}[every]


def _whole(days: Sequence[date], places: Sequence[int], every: str, *, gaps: bool) -> None:
    steps = [b - a for a, b in pairwise(places)]
    if 0 in steps:
        i = steps.index(0)
        raise BadInput(
            say(
                "{days} and {days2} are in the same {every}",
                days=days[i],
                days2=days[i + 1],
                every=every,
            ),
            rule="evidence.twice",
            cure=say(
                "Keep one row a {every}, or say how far apart the rows are: --every", every=every
            ),
        )
    missing = [days[i] for i, s in enumerate(steps) if s > 1]
    if missing and not gaps:
        count = places[-1] + 1 - len(places)
        raise BadInput(
            say(
                "{count} {every}s are missing, the first after {missing}",
                count=count,
                every=every,
                missing=missing[0],
            ),
            rule="evidence.gaps",
            cure="Fill them in (a count of none is 0), or leave them out of the model: --gaps",
        )


def after(day: date, every: str, periods: int) -> date:
    """The start of the period that is so many periods later."""
    if isinstance(day, Turn):
        return day + timedelta(days=periods)
    if every in ("day", "week"):
        return day + timedelta(days=periods * (7 if every == "week" else 1))
    months = day.year * 12 + day.month - 1 + periods * {"month": 1, "quarter": 3, "year": 12}[every]
    return date(months // 12, months % 12 + 1, 1)
