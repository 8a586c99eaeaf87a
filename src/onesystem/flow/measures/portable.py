"""What engines do not agree on, said once: the only forms in which measures use them.

DuckDB counts the boundaries between two times where Spark counts whole units passed; one rounds a
number that is cast to an integer and the other cuts it; one divides by nothing and gets infinity
where the other stops. So times are whole milliseconds and days are whole numbers, differences are
plain subtraction, and each of these forms has one helper here. A test forbids the raw ones
elsewhere.
"""

from collections.abc import Sequence
from typing import Any

from onesystem.flow.measures.days import Clock

DAY = 86_400_000


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
    """Whole division of whole numbers; unknown by nothing. Exact below 2**53.

    The quotient of two doubles may round up to the next whole number, so it is put right by what
    is left over.
    """
    if isinstance(whole, int):
        rough = (part.cast("float64") / float(whole)).floor().cast("int64")
        return rough - (rough * whole > part).cast("int64")
    below = whole.nullif(0)
    rough = (part.cast("float64") / below.cast("float64")).floor().cast("int64")
    return rough - (rough * below > part).cast("int64")


def day_of(moment: Any, clock: Clock, *, first: int, last: int) -> Any:
    """The day of a time in milliseconds. `first` and `last` bound the times that occur.

    A clock change is a step in the offset: the steps up to a moment add up.
    """
    import ibis

    before = [at for at, change in enumerate(clock.changes) if change <= first]
    start = before[-1] + 1 if before else 0
    offset: Any = ibis.literal(clock.offsets[start], "int64")
    for at in range(start, len(clock.changes)):
        if clock.changes[at] > last:
            break
        step = clock.offsets[at + 1] - clock.offsets[at]
        passed = (moment >= ibis.literal(clock.changes[at], "int64")).ifelse(step, 0)
        offset = offset + passed.cast("int64")
    return quotient(moment + offset, DAY)


def ymd(day: Any) -> Any:
    """A day as the number 20261122, by which ages are told: the civil calendar in whole numbers."""
    shifted = day + 719_468  # from 1 March of the year 0
    era = quotient(shifted, 146_097)
    of_era = shifted - era * 146_097
    years = quotient(
        of_era - quotient(of_era, 1_460) + quotient(of_era, 36_524) - quotient(of_era, 146_096), 365
    )
    of_year = of_era - (years * 365 + quotient(years, 4) - quotient(years, 100))
    month = quotient(of_year * 5 + 2, 153)
    on = of_year - quotient(month * 153 + 2, 5) + 1
    early = (month >= 10).ifelse(1, 0).cast("int64")
    year = years + era * 400 + early
    return year * 10_000 + (month + 3 - early * 12) * 100 + on


def years_between(born: Any, day: Any) -> Any:
    """Whole years from one day to another, as birthdays are counted."""
    return quotient(ymd(day) - ymd(born), 10_000)


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


def next_contact(table: Any, others: Any, *, after: str, within: int) -> Any:
    """The rows that another contact of the same person follows within some milliseconds.

    Told by a join, not by the next row: a contact that lies inside the first would hide the true
    next one from a window.
    """
    until = table[after] + within
    return table.semi_join(
        others,
        [
            table.person == others.person,
            others.contact != table.contact,
            others.started > table[after],
            others.started <= until,
        ],
    )
