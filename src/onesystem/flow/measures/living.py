"""People in the middle of each year: kept up from what is known of each person."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import numpy as np

from onesystem.flow.measures import days, store
from onesystem.flow.measures.columns import calendar
from onesystem.flow.measures.world import Somebody

_YEARS = 10  # up to the year of the horizon
_BANDS = 128  # more than there are ages

Line = tuple[int, int, str, str, str, str]


def middles(horizon: int) -> list[tuple[int, int]]:
    """The years that are counted, each with its day: 30 June, or the last known day before it."""
    last = days.date_of(horizon).year
    return [
        (year, min(days.day_of(date(year, 6, 30)), horizon))
        for year in range(last - _YEARS + 1, last + 1)
    ]


def lines_of(somebody: Somebody, middles_: list[tuple[int, int]]) -> list[Line]:
    """The counts that a person is in."""
    return [
        (year, days.band_of(days.years_between(somebody.born, middle)), somebody.sex,
         somebody.practice, somebody.area, somebody.deprivation)
        for year, middle in middles_
        if (somebody.born is None or somebody.born <= middle)
        and (somebody.died is None or somebody.died > middle)
    ]  # fmt: skip


def change(before: Mapping[int, Somebody], after: Mapping[int, Somebody], horizon: int) -> None:
    """Take people out of the counts as they were, and put them in as they are."""
    counted = middles(horizon)
    moved: Counter[Line] = Counter()
    for people, sign in ((before, -1), (after, 1)):
        for somebody in people.values():
            for line in lines_of(somebody, counted):
                moved[line] += sign
    store.add_living([(*line, n) for line, n in sorted(moved.items()) if n])
    store.run("DELETE FROM flow_living WHERE people = 0")


def rebuild(horizon: int) -> None:
    """Count everybody anew, from what the cells know of them: when a day has ended."""
    lines = store.rows(
        "SELECT DISTINCT person, born, died, sex, practice, area, deprivation FROM flow_who"
    )
    found = counts(lines, horizon)
    store.run("DELETE FROM flow_living")
    store.add_living(found)


def counts(lines: Sequence[Sequence[Any]], horizon: int) -> list[tuple[Any, ...]]:
    """What `lines_of` everybody come to, of a line a person: year, band, the facts, and how many.

    People are counted by what they share, a year at once: there are ten years of each.
    """
    shared: dict[tuple[str, ...], int] = {}
    group = np.array([shared.setdefault(tuple(line[3:]), len(shared)) for line in lines], np.int64)
    born, is_known = _days([line[1] for line in lines])
    died, is_dead = _days([line[2] for line in lines])
    facts, found = list(shared), []
    for year, middle in middles(horizon):
        there = (~is_known | (born <= middle)) & (~is_dead | (died > middle))
        band = calendar.bands(born[there], is_known[there], np.asarray(middle))
        codes, people = np.unique(group[there] * _BANDS + band + 1, return_counts=True)
        found += [
            (year, code % _BANDS - 1, *facts[code // _BANDS], many)
            for code, many in zip(codes.tolist(), people.tolist(), strict=True)
        ]
    return sorted(found)


def _days(told: Sequence[int | None]) -> tuple[Any, Any]:
    """Days as numbers, and which of them are known."""
    known = np.fromiter((day is not None for day in told), bool, len(told))
    return np.fromiter((day or 0 for day in told), np.int64, len(told)), known
