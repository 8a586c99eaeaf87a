"""What engines do not agree on, said once: the only forms in which measures use them.

DuckDB counts the boundaries between two times where Spark counts whole units passed; one rounds a
number that is cast to an integer and the other cuts it; one divides by nothing and gets infinity
where the other stops. So times are whole milliseconds and days are whole numbers, differences are
plain subtraction, and each of these forms has one helper here. A test forbids the raw ones
elsewhere.
"""

from bisect import bisect_right
from collections.abc import Sequence
from typing import Any

from onesystem.flow.measures.days import Clock

DAY = 86_400_000


def whole(number: int) -> Any:
    """A whole number of 64 bits: a bare one has 32 in DuckDB, and their product overflows."""
    import ibis

    return ibis.literal(str(number)).cast("int64")


def minutes_between(start: Any, end: Any) -> Any:
    """Minutes with their fraction, of two times in milliseconds."""
    return ratio(end - start, 60_000)


def ratio(part: Any, whole: Any) -> Any:
    """The one over the other as a double; unknown where there is nothing to divide by."""
    if isinstance(whole, int):
        return part.cast("float64") / float(whole)
    return part.cast("float64") / whole.nullif(0).cast("float64")


def to_int(number: Any) -> Any:
    """The whole part of a number that is not negative."""
    return number.floor().cast("int64")


def quotient(part: Any, whole: Any) -> Any:
    """Whole division of whole numbers that are not negative; unknown by nothing.

    Exact below 2**53: there the nearest double to a quotient that falls short of a whole number
    falls short of it too.
    """
    return to_int(ratio(part, whole))


def chosen(value: Any, steps: Sequence[int], values: Sequence[int]) -> Any:
    """`values[i]` where `i` of the ascending `steps` are at or below the value: 64 bits.

    Halved again and again, so that a row is compared with few of them. What is unknown gets the
    first.
    """
    import ibis

    if not steps:
        return ibis.literal(values[0], "int64")
    half = len(steps) // 2
    return (value >= ibis.literal(steps[half], "int64")).ifelse(
        chosen(value, steps[half + 1 :], values[half + 1 :]),
        chosen(value, steps[:half], values[: half + 1]),
    )


def day_of(moment: Any, clock: Clock, *, first: int, last: int) -> Any:
    """The day of a time in milliseconds. `first` and `last` bound the times that occur."""
    low = bisect_right(clock.changes, first)
    high = max(low, bisect_right(clock.changes, last))
    offset = chosen(moment, clock.changes[low:high], clock.offsets[low : high + 1])
    return quotient(moment + offset, DAY)


def ymd(day: Any) -> Any:
    """A day as the number 20261122, by which ages are told."""
    import ibis

    on = ibis.date(1970, 1, 1) + day.cast("int32").as_interval("D")
    parts = [part.cast("int64") for part in (on.year(), on.month(), on.day())]
    return parts[0] * 10_000 + parts[1] * 100 + parts[2]


def years_between(born: Any, day: Any) -> Any:
    """Whole years from one day to another, as birthdays are counted; -1 and less before birth."""
    return ((ymd(day) - ymd(born)).cast("float64") / 10_000.0).floor().cast("int64")


def alone(table: Any, *, by: Sequence[str], start: str, end: str, gap: int) -> Any:
    """The table with `alone`: whether no other row of its group overlaps it or lies within `gap`.

    As `active_intervals` tells islands, of which these are those of one row; in one sort.
    """
    import ibis

    ever = ibis.literal(1 << 62, "int64")
    reach = table.mutate(reach=table[end].coalesce(ever))
    order = [start, "contact"]
    before = ibis.window(group_by=list(by), order_by=order, preceding=(None, 1), following=None)
    upto = ibis.window(group_by=list(by), order_by=order, preceding=None, following=0)
    after = ibis.window(group_by=list(by), order_by=order)
    seen = reach.mutate(
        before=reach.reach.max().over(before),
        upto=reach.reach.max().over(upto),
        after=reach[start].lead().over(after),
    )
    begins = seen.before.isnull() | (seen[start] > seen.before + gap)
    ends = seen.after.isnull() | (seen.after > seen.upto + gap)
    return seen.mutate(alone=begins & ends).drop("reach", "before", "upto", "after")


def active_intervals(table: Any, *, by: Sequence[str], start: str, end: str, gap: int) -> Any:
    """The table with `island`: rows of one group that overlap or lie within `gap` share a number.

    Ties of `start` are broken by `contact`. An `end` that is not known has no end.
    """
    import ibis

    ever = ibis.literal(1 << 62, "int64")
    reach = table.mutate(reach=table[end].coalesce(ever))
    before = ibis.window(
        group_by=list(by), order_by=[start, "contact"], preceding=(None, 1), following=None
    )
    upto = ibis.window(group_by=list(by), order_by=[start, "contact"], preceding=None, following=0)
    seen = reach.mutate(before=reach.reach.max().over(before))
    apart = seen.before.isnull() | (seen[start] > seen.before + gap)
    marked = seen.mutate(begins=apart.ifelse(1, 0).cast("int64"))
    return marked.mutate(island=marked.begins.sum().over(upto)).drop("begins", "before")


def running_balance(table: Any, *, by: Sequence[str], at: str, change: str) -> Any:
    """The table with `balance`: the sum of the changes of a group up to and with each moment.

    What arrives at a moment counts before what leaves at it.
    """
    import ibis

    ordered = ibis.window(
        group_by=list(by), order_by=[at, ibis.desc(change)], preceding=None, following=0
    )
    return table.mutate(balance=table[change].sum().over(ordered))
